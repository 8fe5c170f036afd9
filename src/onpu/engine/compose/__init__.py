"""Music with exact labels: a seed and a style in, a performed song out."""

from onpu.engine.compose.composer import compose
from onpu.engine.compose.song import Song, Track
from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles import STYLES

__all__ = ["STYLES", "Seat", "Song", "Style", "Track", "compose"]
