"""One file, one listening task; each has a `LISTENER`."""
