"""The reading room: what comes in that is not text (a posting's page, a file, a picture) is read.

`reader.Reader.read` is all that the desk and the terminal call.
"""
