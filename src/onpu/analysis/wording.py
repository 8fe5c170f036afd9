"""Tags and players in agreement with what else was found: who sings is told by the listener of voices, how fast it is
by the beats. Both hear more of it than a tagger does."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from onpu.music import Instruments, Tags, Timeline
from onpu.music.words import SUNG_SHARE, TEMPI

VOICE = "voice"


def worded(timeline: Timeline, known: Collection[str] = ()) -> Timeline:
    """The timeline whose tags and players say of singing and tempo what its voice and tempo say, where these were
    found. Tags of music alone are changed, and nothing that is known (names of values)."""
    found = {}
    if timeline.tags is not None and len(timeline.tags) and "tags" not in known:
        found["tags"] = _tags(timeline.tags, timeline)
    if timeline.instruments is not None and timeline.voice is not None and "instruments" not in known:
        found["instruments"] = _band(timeline.instruments, timeline)
    return replace(timeline, **found) if found else timeline


def _tags(tags: Tags, timeline: Timeline) -> Tags:
    rows = dict(zip(tags.labels.tolist(), tags.confidence.tolist(), strict=True))
    voice, tempo = timeline.voice, timeline.tempo
    if voice is not None and {"voice:sung", "voice:instrumental"} & rows.keys():
        lengths = voice.ends - voice.starts
        sung = float(lengths.sum()) > SUNG_SHARE * timeline.duration
        sure = float(np.average(voice.confidence, weights=lengths)) if len(voice) else 1.0
        rows = _changed(rows, ("voice:sung", "voice:instrumental"), "voice:sung" if sung else "voice:instrumental",
                        sure if sung else 1 - sure * float(lengths.sum()) / timeline.duration)
        rows = _changed(rows, ("instrument:voice",), "instrument:voice", sure) if sung else {
            word: level for word, level in rows.items() if word != "instrument:voice"}
    named = [f"tempo:{name}" for name in TEMPI]
    if tempo is not None and len(tempo.bpm) and set(named) & rows.keys():
        word = next(f"tempo:{name}" for name, (low, high) in TEMPI.items() if low <= tempo.bpm[0] < high)
        rows = _changed(rows, named, word, float(tempo.strength[0]))
    return Tags(np.array(list(rows), np.str_), np.array(list(rows.values()), np.float64))


def _changed(rows: dict[str, float], group: Collection[str], word: str, sure: float) -> dict[str, float]:
    """The rows with one word in place of a group of them, where the first of these stood, else at the end."""
    if not set(group) & rows.keys():
        return rows | {word: sure}
    out, placed = {}, False
    for name, level in rows.items():
        if name not in group:
            out[name] = level
        elif not placed:
            out[word], placed = sure, True
    return out


def _band(band: Instruments, timeline: Timeline) -> Instruments:
    voice = timeline.voice
    assert voice is not None
    others = band.select(band.labels != VOICE)
    singing = Instruments(voice.starts, voice.ends, np.full(len(voice), VOICE), voice.confidence)
    joined = Instruments.concatenate([others, singing])
    return joined.select(np.argsort(joined.starts, kind="stable"))
