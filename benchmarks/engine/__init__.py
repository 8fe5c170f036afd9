"""The engine that composes and renders training music: its speed, and how near it comes to recordings."""
