"""The Discord door: in the process against simcord, and as people start it against a Discord of our own.

community.py is the REST side, gateway.py the events, both on 127.0.0.1; process.py starts the bot.
"""
