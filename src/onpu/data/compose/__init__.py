"""Music with exact labels: a seed and a style in, a performed song out."""

from onpu.data.compose.composer import compose
from onpu.data.compose.song import Song, Track
from onpu.data.compose.style import Seat, Style
from onpu.data.compose.styles import STYLES

__all__ = ["STYLES", "Seat", "Song", "Style", "Track", "compose"]
