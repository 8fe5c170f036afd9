"""The data engine: music composed and rendered here, with exact labels."""
