"""What a user starts: the only place where everything is wired together."""
