"""What `python -m bot` can do besides serving, a module for each command."""
