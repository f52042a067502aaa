"""The Slack door against a Slack of our own: real processes, real sockets, on 127.0.0.1.

workspace.py is the protocol server (Web API, Socket Mode, signed HTTP, faults), process.py starts
the bot as people start it.
"""
