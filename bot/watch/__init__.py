"""Seeing it run: what is counted, and how it is doing, for whoever looks after it."""
