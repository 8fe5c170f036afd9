"""Bearings as files: a table, JSON, a picture."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from onpu.files import write_text
from onpu.music.bearing import Bearings
from onpu.music.columns import to_lists

COLOURS = ("#c8553d", "#2b6777", "#8a7a2a", "#6a4c93", "#3b7a57", "#7a4b2b")
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 900, 360, 60, 14, 44


def table(found: Bearings, duration: float) -> str:
    """Lines of time, azimuth, elevation, track, confidence and, where it is known, sound, parted by commas, under a
    heading."""
    known = len(found.labels) > 0
    sounds = [f",{label}" for label in found.labels] if known else [""] * len(found)
    rows = zip(found.times, found.azimuths, found.elevations, found.tracks, found.confidence, sounds, strict=True)
    return f"time,azimuth,elevation,track,confidence{',sound' * known}\n" + "".join(
        f"{time:.3f},{across:.1f},{up:.1f},{track},{sure:.2f}{sound}\n"
        for time, across, up, track, sure, sound in rows)


def json_text(found: Bearings, duration: float) -> str:
    """`duration` and the columns of `Bearings`."""
    return json.dumps({"duration": duration, "bearings": to_lists(found)}, separators=(",", ":")) + "\n"


def picture(found: Bearings, duration: float) -> str:
    """Azimuth over time, SVG: left is above, a colour a source, whose sound is named where it is known, faint where it
    is not sure."""
    inner, high = WIDTH - LEFT - 14, HEIGHT - TOP - BOTTOM

    def y(azimuth: float) -> float:
        return TOP + (180 - azimuth) / 360 * high

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
             f'font-size="13"><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>']
    for azimuth, name in ((180, "behind"), (90, "left"), (0, "front"), (-90, "right"), (-180, "behind")):
        parts.append(f'<path d="M{LEFT},{y(azimuth):.1f} h{inner}" stroke="#ddd"/><text x="{LEFT - 8}" '
                     f'y="{y(azimuth) + 4:.1f}" text-anchor="end" fill="#555">{name}</text>')
    for second in np.linspace(0, duration, 6):
        parts.append(f'<text x="{LEFT + second / max(duration, 1e-9) * inner:.1f}" y="{HEIGHT - BOTTOM + 24}" '
                     f'text-anchor="middle" fill="#555">{second:.1f} s</text>')
    for time, azimuth, track, sure in zip(found.times, found.azimuths, found.tracks, found.confidence, strict=True):
        parts.append(f'<circle cx="{LEFT + time / max(duration, 1e-9) * inner:.1f}" cy="{y(azimuth):.1f}" r="2.5" '
                     f'fill="{COLOURS[track % len(COLOURS)]}" fill-opacity="{0.25 + 0.75 * sure:.2f}"/>')
    named = set(zip(found.tracks.tolist(), found.labels.tolist(), strict=False))
    for place, (track, label) in enumerate(sorted(named)):
        parts.append(f'<text x="{LEFT + 8 + 110 * place}" y="{TOP + 16}" fill="{COLOURS[track % len(COLOURS)]}">{label}'
                     "</text>")
    return "".join([*parts, "</svg>\n"])


WRITERS: dict[str, Callable[[Bearings, float], str]] = {"csv": table, "json": json_text, "svg": picture}
"""Format -> what is written."""


def write_bearings(found: Bearings, duration: float, folder: str | os.PathLike[str], stem: str,
                   formats: tuple[str, ...] = tuple(WRITERS)) -> list[Path]:
    """Write STEM.bearings.FORMAT into a folder that exists; return the files. Raises `FormatError` when the place
    cannot be written to."""
    paths = [Path(folder) / f"{stem}.bearings.{name}" for name in formats]
    for name, path in zip(formats, paths, strict=True):
        write_text(path, WRITERS[name](found, duration))
    return paths
