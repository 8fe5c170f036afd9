"""A timeline as the page reads it: JSON, columns of numbers and texts; `web/src/report.js` is the other side.

Seconds have three decimals, confidences two. What was not looked for is null.
"""

import re

import numpy as np

from onpu.errors import LabelError
from onpu.files import Json
from onpu.formats.report.columns import rounded, seconds, segments, shares
from onpu.formats.report.played import played
from onpu.music import Chords, Instruments, Timeline, harte, spelling
from onpu.music.bars import Bars, bars
from onpu.music.printed import simplest
from onpu.music.segments import RankedSegments
from onpu.music.signatures import keys_of
from onpu.music.words import in_words

PARTS_PER_BEAT = 2
"""Parts of a beat on which a chord symbol may stand in the lead sheet."""


def contents(timeline: Timeline, title: str) -> Json:
    """Everything that the page says, but for the sound and its pictures."""
    beats, metre, tempo, key, tuning = timeline.beats, timeline.metre, timeline.tempo, timeline.key, timeline.tuning
    found = bars(timeline) if beats is not None else None
    return {
        "title": title,
        "duration": round(timeline.duration, 3),
        "beats": None if beats is None else {
            "times": seconds(beats.times), "positions": beats.positions.tolist(),
            "confidence": shares(beats.confidence)},
        "bars": None if found is None else {
            "numbers": found.numbers.tolist(), "numerators": found.numerators.tolist(),
            "denominators": found.denominators.tolist(), "firsts": found.firsts.tolist(),
            "grid": seconds(found.grid), "keys": keys_of(found, timeline), "chords": _placed(timeline.chords, found)},
        "metre": None if metre is None else {
            "times": seconds(metre.times), "numerators": metre.numerators.tolist(),
            "denominators": metre.denominators.tolist(), "confidence": shares(metre.confidence)},
        "tempo": None if tempo is None else {"bpm": rounded(tempo.bpm, 1), "strength": shares(tempo.strength)},
        "key": None if key is None else {"labels": key.labels.tolist(), "confidence": shares(key.confidence)},
        "tuning": None if tuning is None else {"cents": rounded(tuning.cents, 1),
                                               "confidence": shares(tuning.confidence)},
        "keys": segments(timeline.keys),
        "chords": segments(timeline.chords),
        "sections": segments(timeline.sections),
        "instruments": _players(timeline.instruments),
        "tags": None if timeline.tags is None else {
            "labels": timeline.tags.labels.tolist(), "confidence": shares(timeline.tags.confidence),
            "said": in_words(timeline.tags)},
        **played(timeline),
        "names": {"chords": _chord_names(timeline.chords), "keys": _key_names(timeline)},
    }


def _players(found: Instruments | None) -> Json | None:
    """Stretches of instruments, `parts` which of the `rows` each is of; the one that plays longest stands first."""
    if found is None:
        return None
    rows = found.names()
    return {"starts": seconds(found.starts), "ends": seconds(found.ends), "rows": rows,
            "parts": [rows.index(str(label)) for label in found.labels], "confidence": shares(found.confidence)}


def _placed(chords: Chords | None, found: Bars) -> list[list[list[float]]] | None:
    """For each bar the chords that begin in it: beats after the bar's start (on halves of a beat), index of the chord.

    A chord that sounds on from before the first bar begins with it. Of two on the same place the later one stays, but a
    chord shorter than that does not push a longer one away. What has no name (X) is not printed.
    """
    if chords is None:
        return None
    rows: list[list[list[float]]] = [[] for _ in found.numbers]
    if not rows:
        return rows
    places = np.rint(found.beats_at(chords.starts) * PARTS_PER_BEAT) / PARTS_PER_BEAT
    ends = np.rint(found.beats_at(chords.ends) * PARTS_PER_BEAT) / PARTS_PER_BEAT
    for index in np.flatnonzero((ends > places) & (chords.labels != "X")):
        bar = int(np.searchsorted(found.firsts[:-1], places[index], side="right")) - 1
        rows[bar].append([float(places[index] - found.firsts[bar]), int(index)])
    return rows


def _chord_names(chords: Chords | None) -> dict[str, Json]:
    """Label -> what a symbol is made of: name of the root, quality, added and omitted degrees, and the bass as a place
    on the line of fifths above the root; those of the nearest chord that is read at sight, no chord (N) for what has no
    name. Labels that are no chords in Harte's syntax are left out."""
    out = {}
    for label in _labels(chords):
        try:
            plain = simplest(label) or "N"
            chord, bass = harte.parse(plain), harte.bass_name(plain)
        except LabelError:
            continue
        degrees = re.search(r"\((.*)\)", plain)
        out[label] = {
            "root": chord.name, "quality": chord.quality, "degrees": degrees[1] if degrees else "",
            "bass": spelling.fifths(bass) - spelling.fifths(chord.name) if bass and bass != chord.name else None,
        }
    return out


def _key_names(timeline: Timeline) -> dict[str, Json]:
    """Label -> pitch class of the tonic, and mode."""
    whole = timeline.key.labels.tolist() if timeline.key is not None else []
    out = {}
    for label in [*whole, *_labels(timeline.keys)]:
        try:
            tonic, mode = spelling.parse_key(label)
        except LabelError:
            continue
        out[label] = {"tonic": tonic, "mode": mode}
    return out


def _labels(segments: RankedSegments | None) -> list[str]:
    """Every label that occurs, alternatives included, once."""
    if segments is None:
        return []
    return [str(label) for label in dict.fromkeys([*segments.labels, *segments.alternatives.ravel()])]
