"""Tests of rules/, room by room."""
