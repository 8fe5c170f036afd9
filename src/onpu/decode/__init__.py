"""From activations to music values."""
