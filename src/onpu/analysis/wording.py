"""Tags and players in agreement with what else was found: who sings is told by the listener of voices, how fast it is
by the beats, and whether the mode is bright by the key. All three hear more of it than a tagger does, to which major
and minor sound alike."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from onpu.music import Instruments, Tags, Timeline
from onpu.music.spelling import parse_key
from onpu.music.words import LIKELY, OPPOSITES, SUNG_SHARE, TEMPI, with_mode

VOICE = "voice"


def worded(timeline: Timeline, known: Collection[str] = ()) -> Timeline:
    """The timeline whose tags and players say of singing and tempo what its voice and tempo say, where these were
    found. Tags of music alone are changed, and nothing that is known (names of values)."""
    tags, band = timeline.tags, timeline.instruments
    if tags is not None and len(tags) and "tags" not in known:
        tags = _felt(sung_and_timed(tags, timeline), timeline)
    if band is not None and "instruments" not in known:
        band = band if timeline.voice is None else _band(band, timeline)
        band = replace(band, ends=np.minimum(band.ends, timeline.duration)).select(band.starts < timeline.duration)
    return replace(timeline, tags=tags, instruments=band)


def sung_and_timed(tags: Tags, timeline: Timeline) -> Tags:
    """Tags of music that say of singing and tempo what the timeline's voice and tempo say, where these were found."""
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


def _felt(tags: Tags, timeline: Timeline) -> Tags:
    """Tags with valence as the mode of the key has it, and the moods that are valence and arousal."""
    rows, key = dict(zip(tags.labels.tolist(), tags.confidence.tolist(), strict=True)), timeline.key
    valence, arousal = _level(rows, "valence:positive"), _level(rows, "arousal:high")
    if valence is None or arousal is None or key is None or not len(key.labels):
        return tags
    valence = with_mode(valence, parse_key(str(key.labels[0]))[1], float(key.confidence[0]))
    word = "valence:positive" if valence >= LIKELY else OPPOSITES["valence:positive"]
    rows = _changed(rows, ("valence:positive", OPPOSITES["valence:positive"]), word, max(valence, 1 - valence))
    moods = {"mood:joyful": valence * arousal, "mood:tense": (1 - valence) * arousal,
             "mood:sad": (1 - valence) * (1 - arousal)}
    kept = {word: level for word, level in rows.items() if word not in moods}
    felt = {word: level for word, level in moods.items() if level >= LIKELY}
    before = [word for word in kept if word.startswith("genre:")]
    rows = {word: kept[word] for word in before} | felt | kept
    return Tags(np.array(list(rows), np.str_), np.array(list(rows.values()), np.float64))


def _level(rows: dict[str, float], word: str) -> float | None:
    """How far a word holds of which either it or its opposite is among the rows; None where neither is."""
    if word in rows:
        return rows[word]
    return 1 - rows[OPPOSITES[word]] if OPPOSITES[word] in rows else None


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
