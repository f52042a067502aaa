"""Everything of Mikiwame that touches the world: the command line, the doors, the store."""
