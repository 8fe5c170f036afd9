"""Training, evaluating and reproducing any task; none is known here by name."""
