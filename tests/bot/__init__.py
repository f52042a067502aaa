"""Tests of bot/, room by room."""
