"""The labels of one rendering: what was sung is told from what an instrument played in its stead."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from onpu.engine.compose.song import Song
from onpu.engine.compose.sounding import all_drums, all_notes, all_onsets
from onpu.engine.render.voice import Sung
from onpu.music import Melody, Notes, Timeline, Voice

BREATH_SECONDS = 0.5
"""Seconds of rest that belong to the singing before."""
_SLIVER = 0.02
_NO_PEDAL = np.zeros((0, 2))
Row = tuple[float, float, str]


def performed(song: Song, sung: Mapping[int, Sung]) -> Timeline:
    """The song's labels as it was rendered. sung: tracks by number that were sung.

    notes, onsets: of singers as they sang, octave, second voice and timing included. melody: where a leading line is
    sung, the pitch that the voice had, 0 in voiceless consonants of more than 50 ms. voice: syllables of leading lines,
    their consonants included, each until the next one where that begins within `BREATH_SECONDS`; with an empty label
    where only others sing. Nothing is voice that an instrument plays.
    """
    timeline = song.timeline
    if timeline.voice is not None:
        timeline = replace(timeline, voice=_voice(list(sung.values()), timeline.duration))
    if not sung:
        return timeline
    if timeline.melody is not None:
        timeline = replace(timeline, melody=_melody(timeline.melody, song, sung))
    if timeline.notes is not None:
        tracks = [replace(track, notes=_inside(sung[number].notes, timeline.duration), pedal=_NO_PEDAL)
                  if number in sung else track for number, track in enumerate(song.tracks)]
        notes = all_notes(tracks)
        timeline = replace(timeline, notes=notes)
        if timeline.onsets is not None:
            timeline = replace(timeline, onsets=all_onsets(notes, all_drums(tracks)))
    return timeline


def _melody(written: Melody, song: Song, sung: Mapping[int, Sung]) -> Melody:
    """The written leading line, and the sung one in its place wherever someone sings it."""
    frequencies = written.frequencies.copy()
    times = written.times
    for number, voice in sung.items():
        track = song.tracks[number]
        if not voice.lead or track.role != "melody":
            continue
        heard = np.pad(voice.frequencies, (0, max(0, len(times) - len(voice.frequencies))))[: len(times)]
        for onset, offset in zip(track.notes.onsets, track.notes.offsets, strict=True):
            frequencies[int(np.ceil(onset * 100)) : int(np.ceil(offset * 100))] = 0.0
        for start, end, _ in voice.syllables:
            frequencies[int(np.ceil(start * 100)) : int(np.ceil(end * 100))] = 0.0
        frequencies = np.where(heard > 0, heard, frequencies)
    return Melody(times, np.round(frequencies, 4), written.confidence)


def _voice(sung: list[Sung], duration: float) -> Voice:
    leading = _apart(sorted(row for voice in sung if voice.lead for row in voice.syllables))
    others = _apart(sorted((start, end, "") for voice in sung for start, end in voice.stretches.tolist()))
    rows = leading + [piece for row in _united(others) for piece in _without(row, leading)]
    rows = sorted((start, min(end, duration), text) for start, end, text in rows)
    rows = [row for row in rows if row[1] - row[0] > _SLIVER]
    return Voice(np.round([row[0] for row in rows], 6), np.round([row[1] for row in rows], 6),
                 np.array([row[2] for row in rows], dtype=np.str_), np.ones(len(rows)))


def _apart(rows: list[Row]) -> list[Row]:
    """Rows in order, each until the next one if that is near, and no longer."""
    nexts = [*(row[0] for row in rows), np.inf][1:]
    return [(start, following if following - end < BREATH_SECONDS else end, text)
            for (start, end, text), following in zip(rows, nexts, strict=True)]


def _united(rows: list[Row]) -> list[Row]:
    """Touching rows made one."""
    out: list[Row] = []
    for start, end, text in rows:
        if out and start <= out[-1][1]:
            out[-1] = out[-1][0], max(end, out[-1][1]), text
        else:
            out.append((start, end, text))
    return out


def _without(row: Row, taken: list[Row]) -> list[Row]:
    """What of a row lies outside the others, which are in order."""
    start, end, text = row
    pieces: list[Row] = []
    for other_start, other_end, _ in taken:
        if other_end <= start or other_start >= end:
            continue
        pieces.append((start, other_start, text))
        start = other_end
    return [piece for piece in [*pieces, (start, end, text)] if piece[1] - piece[0] > _SLIVER]


def _inside(notes: Notes, duration: float) -> Notes:
    """The notes that begin within the recording."""
    kept = notes.select(notes.onsets < duration - _SLIVER)
    return replace(kept, offsets=np.minimum(kept.offsets, duration))
