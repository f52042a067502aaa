"""Training the second reader from the labelled texts: `make train`."""
