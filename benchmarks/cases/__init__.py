"""What users of comparable programs reported, made anew as small inputs: which of them are right."""
