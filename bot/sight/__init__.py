"""Looking at pictures, in a process of its own: letters, codes, and the areas that they stand on.

It knows nothing of the rest: `bot.reading.screenshot` starts it and makes sense of what it saw.
"""
