"""Which instruments play when, where the notes are known."""

from weakref import WeakKeyDictionary

import numpy as np

from onpu.music.activity import PLAYERS, Instruments
from onpu.music.instruments import FAMILIES, family_of
from onpu.music.timeline import Timeline

PAUSE_SECONDS, DRUM_PAUSE_SECONDS = 1.0, 1.5
"""Seconds of silence up to which a player plays on."""
RINGING_SECONDS = 0.3
"""Seconds that a drum hit lasts."""


_BANDS: WeakKeyDictionary[Timeline, Instruments] = WeakKeyDictionary()


def playing(timeline: Timeline) -> Instruments:
    """Who plays when: what is labelled, or else the notes of each family of instruments, the hits and the singing. It
    is kept as long as the timeline is."""
    if timeline.instruments is not None:
        return timeline.instruments
    if timeline not in _BANDS:
        _BANDS[timeline] = _playing(timeline)
    return _BANDS[timeline]


def _playing(timeline: Timeline) -> Instruments:
    notes, drums, voice = timeline.notes, timeline.drums, timeline.voice
    spans: dict[str, list[np.ndarray]] = {name: [] for name in PLAYERS}
    if notes is not None:
        families = family_of(notes.programs)
        for number, name in enumerate(FAMILIES):
            own = families == number
            spans[name].append(np.stack([notes.onsets[own], notes.offsets[own]], axis=1))
    if voice is not None:
        spans["voice"].append(np.stack([voice.starts, voice.ends], axis=1))
    if drums is not None:
        spans["drums"].append(np.stack([drums.times, drums.times + RINGING_SECONDS], axis=1))
    rows = []
    for name, parts in spans.items():
        joined = _joined(np.concatenate([np.zeros((0, 2)), *parts]),
                         DRUM_PAUSE_SECONDS if name == "drums" else PAUSE_SECONDS)
        rows += [(start, min(end, timeline.duration), name) for start, end in joined if start < timeline.duration]
    rows.sort(key=lambda row: row[0])
    return Instruments(np.array([row[0] for row in rows], np.float64), np.array([row[1] for row in rows], np.float64),
                       np.array([row[2] for row in rows], np.str_), np.ones(len(rows)))


def _joined(spans: np.ndarray, pause: float) -> list[tuple[float, float]]:
    """Stretches (n, 2), those less than a pause apart as one."""
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    if not len(spans):
        return []
    reach = np.maximum.accumulate(spans[:, 1])
    first = np.flatnonzero(np.concatenate([[True], spans[1:, 0] - reach[:-1] >= pause]))
    last = np.append(first[1:], len(spans)) - 1
    return list(zip(spans[first, 0].tolist(), reach[last].tolist(), strict=True))
