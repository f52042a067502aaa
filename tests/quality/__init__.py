"""How right the rules are: scoring against the labelled corpora."""
