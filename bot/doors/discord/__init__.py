"""Mikiwame in Discord."""
