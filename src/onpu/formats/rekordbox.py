"""A collection for rekordbox (XML, version 1.0.0), which other programs for disc jockeys read too.

A track has its tempo, key and length, a `TEMPO` wherever its beats leave the grid before (Inizio seconds, Bpm, Metro,
Battito: which beat of the bar), and memory cues at its sections. ("rekordbox XML format list", AlphaTheta.)
"""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import numpy as np

from onpu.errors import LabelError
from onpu.files import write_text
from onpu.music import Beats, Timeline
from onpu.music.camelot import short_key
from onpu.music.headline import main_key, time_signatures
from onpu.music.tempo_knots import knots_of
from onpu.version import __version__

SUFFIX = ".rekordbox.xml"
GRID_SLACK_SECONDS = 0.015
"""Seconds that a beat may lie beside the grid."""
CUE = {"Type": "0", "Num": "-1"}
"""A memory cue."""


def write_rekordbox(timeline: Timeline, path: str | os.PathLike[str], recording: str | os.PathLike[str] | None = None,
                    title: str = "", artist: str = "") -> list[Path]:
    """Write a collection of one track. recording: the file that it plays; None: one beside the collection that is named
    as it is. Return the files written. Raises `FormatError`."""
    place = Path(path)
    sound = Path(recording) if recording is not None else place.with_name(place.name.removesuffix(SUFFIX))
    write_text(path, rekordbox_text([(timeline, sound, title, artist)]))
    return [place]


def rekordbox_text(tracks: list[tuple[Timeline, Path, str, str]]) -> str:
    """A collection of timelines with the file, title and artist of each."""
    root = ElementTree.Element("DJ_PLAYLISTS", Version="1.0.0")
    ElementTree.SubElement(root, "PRODUCT", Name="onpu", Version=__version__, Company="")
    collection = ElementTree.SubElement(root, "COLLECTION", Entries=str(len(tracks)))
    for number, (timeline, sound, title, artist) in enumerate(tracks, 1):
        collection.append(_track(timeline, sound.absolute(), title or sound.stem, artist, number))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n"))


def _track(timeline: Timeline, sound: Path, title: str, artist: str, number: int) -> ElementTree.Element:
    grid = list(tempo_grid(timeline.beats)) if timeline.beats is not None else []
    facts = {"TrackID": str(number), "Name": title, "Artist": artist,
             "Kind": f"{sound.suffix[1:].upper()} File", "TotalTime": f"{timeline.duration:.0f}",
             "Location": f"file://localhost{quote('/' + sound.as_posix().lstrip('/'))}"}
    if grid:
        facts["AverageBpm"] = f"{60 / float(np.median(np.diff(timeline.require(Beats).times))):.2f}"
    if (key := main_key(timeline)) is not None:
        try:
            facts["Tonality"] = short_key(key)
        except LabelError:
            pass
    track = ElementTree.Element("TRACK", {name: value for name, value in facts.items() if value})
    metro = next(iter(time_signatures(timeline)), "4/4")
    for start, bpm, position in grid:
        ElementTree.SubElement(track, "TEMPO", Inizio=f"{start:.3f}", Bpm=f"{bpm:.2f}", Metro=metro,
                               Battito=str(max(position, 1)))
    if timeline.sections is not None:
        for start, label in zip(timeline.sections.starts.tolist(), map(str, timeline.sections.labels), strict=True):
            ElementTree.SubElement(track, "POSITION_MARK", {"Name": label, "Start": f"{start:.3f}", **CUE})
    return track


def tempo_grid(beats: Beats) -> Iterator[tuple[float, float, int]]:
    """Second, beats a minute and position in the bar of the first beat of each stretch of one tempo, from whose grid no
    beat of it is further than `GRID_SLACK_SECONDS`, but the stray ones of a steady tempo; stretches are as few as can
    be."""
    if len(beats.times) < 2:
        return
    knots = knots_of(np.arange(len(beats.times), dtype=float), beats.times, GRID_SLACK_SECONDS)
    for place, time, seconds in zip(knots.places, knots.times, np.diff(knots.times) / np.diff(knots.places),
                                    strict=False):
        yield float(time), 60 / float(seconds), int(beats.positions[round(place)])
