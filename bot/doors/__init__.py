"""Ways in and out. A door translates; it never judges."""
