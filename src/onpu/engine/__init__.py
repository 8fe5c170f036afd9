"""The engine: it composes music from a seed, renders it with exact labels, and augments sound and features."""
