"""Recorded drum kits: `kits.json` says which file is which hit of which kit, `CREDITS.txt` who recorded it."""

from pathlib import Path


def folder() -> Path:
    """Where the sounds lie."""
    return Path(__file__).parent
