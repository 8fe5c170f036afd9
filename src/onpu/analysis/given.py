"""What is known of a recording before it is heard: labels that hold, and hints.

Labels come from files or a timeline; those that are to hold are named, or are all of them. Hints become labels where
they say as much (a key, a tuning), and wishes of the beat listener where they do not.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from onpu.decode.tasks.key import key_of
from onpu.errors import LabelError, OnpuError
from onpu.formats.loading import read
from onpu.formats.midi.container import says_tempo
from onpu.music import Beats, Chords, Key, Keys, Metre, Tempo, Timeline, Tuning
from onpu.music.barring import bars_shifted, first_downbeat_at, metre_of_bars
from onpu.music.spelling import key_named
from onpu.music.timeline import VALUES

Named: TypeAlias = dict[str, Any]
Labels: TypeAlias = Timeline | str | os.PathLike[str]
Given: TypeAlias = Labels | Sequence[Labels]
"""Labels that hold: a timeline or a file of labels, or several, of which later ones count before earlier ones."""

TEMPO_SLACK = 1.12
"""Factor by which the tempo may differ from the hint, below and above."""
BEYOND_SECONDS = 1.0
"""Labels that go on for longer than this after the end are of another recording."""
CHANGE_ON_BEAT, CHANGE_ON_DOWNBEAT = 0.35, 0.69
"""Chances of a change of chord, as the chord network learned them (`onpu.models.chord_chain`)."""
MISSED_CHANGE = 0.05
"""Chance that a chord of the given ones changes where the music does not, or the other way round."""
AROUND_BEAT = 0.25
"""Part of a beat around it in which a change of chord is one on it."""


@dataclass(frozen=True)
class Hints:
    """What is known of the music.

    key: `A minor`, `Eb:major`. metre: time signature, numerator and denominator. tempo: beats a minute.
    first_downbeat: seconds at which a bar begins. tuning: of A4 in Hz. shift_bars: beats by which bars begin later.
    """

    key: str | None = None
    metre: tuple[int, int] | None = None
    tempo: float | None = None
    first_downbeat: float | None = None
    tuning: float | None = None
    shift_bars: int = 0

    def __post_init__(self) -> None:
        if self.key is not None:
            key_named(self.key)
        if self.metre is not None and not (1 <= self.metre[0] <= 32 and self.metre[1] in (1, 2, 4, 8, 16)):
            raise OnpuError(f"{self.metre[0]}/{self.metre[1]} is no time signature; write it as in 3/4 or 6/8")
        if self.tempo is not None and not 20 * TEMPO_SLACK <= self.tempo <= 400 / TEMPO_SLACK:
            raise OnpuError(f"a tempo of {self.tempo:g} cannot be looked for; give beats a minute from 23 to 357")
        if self.tuning is not None and not abs(self.cents()) <= 50:
            raise OnpuError(f"a tuning of {self.tuning:g} Hz is not within a quarter tone of 440; give that of A4")
        if self.first_downbeat is not None and not self.first_downbeat >= 0:
            raise OnpuError(f"no bar begins at {self.first_downbeat:g} s; give seconds from the beginning")

    @staticmethod
    def of(content: Named) -> "Hints":
        """From names and values; a metre may be a text, `3/4`. Raises `OnpuError` for a name that is no hint's."""
        names = [f.name for f in fields(Hints)]
        for name in content:
            if name not in names:
                raise OnpuError(f"no hint is called {name}; there are: {', '.join(names)}")
        metre = content.get("metre")
        return Hints(**(dict(content) | ({"metre": signature_of(metre)} if isinstance(metre, str) else {})))

    def cents(self) -> float:
        """The tuning in cents above A = 440 Hz; 0 where it is not known."""
        return 1200 * float(np.log2(self.tuning / 440)) if self.tuning and self.tuning > 0 else 0.0

    def options(self) -> Named:
        """The wishes of the beat listener."""
        wishes: Named = {}
        if self.tempo is not None:
            wishes["bpm_range"] = self.tempo / TEMPO_SLACK, self.tempo * TEMPO_SLACK
        if self.metre is not None:
            wishes["metres"] = (int(_metre(self.metre).beats_in_bar()[0]),)
        return wishes

    def rebarred(self, beats: Beats, metre: Metre | None) -> tuple[Beats, Metre | None]:
        """Beats and metre with the bars that are known."""
        if self.metre is not None:
            metre = _metre(self.metre)
        if self.first_downbeat is not None:
            beats, metre = first_downbeat_at(beats, metre, self.first_downbeat)
        return bars_shifted(beats, metre, self.shift_bars) if self.shift_bars else (beats, metre)


NO_HINTS = Hints()


def signature_of(text: str) -> tuple[int, int]:
    """`6/8` -> 6, 8. Raises `OnpuError` for anything else."""
    above, slash, below = text.partition("/")
    if not (slash and above.strip().isdecimal() and below.strip().isdecimal()):
        raise OnpuError(f"{text!r} is no time signature; write it as in 3/4 or 6/8")
    return int(above), int(below)


def held(given: Given | None, hold: str | Sequence[str] | None, hints: Hints) -> Timeline | None:
    """The labels that hold, on one timeline, whose length may be that of the labels alone; None where there are none.

    hold: names of the values that are taken; None: all that are given. Beats bring their metre and tempo along, unless
    these are given too, and keys the key of the whole.

    Raises
    ------
    FormatError
        When a file cannot be read.
    LabelError
        When labels contradict each other.
    OnpuError
        When a name is no value's, or nothing of that name is given.
    """
    parts = [] if given is None else [given] if isinstance(given, Timeline | str | os.PathLike) else list(given)
    timelines = [part.validate() if isinstance(part, Timeline) else _read(Path(part)) for part in parts]
    found: Named = {}
    for timeline in timelines:
        found |= timeline.found()
    names = [hold] if isinstance(hold, str) else list(found if hold is None else hold)
    for name in names:
        if name not in VALUES:
            raise OnpuError(f"no value is called {name}; there are {', '.join(VALUES)}")
        if name not in found:
            raise OnpuError(f"{name} are to hold, but are not among what is given: {', '.join(found) or 'nothing'}")
    found = {name: found[name] for name in names}
    duration = max((timeline.duration for timeline in timelines), default=0.0)
    if hints.key is not None:
        label = np.array([key_named(hints.key)])
        found |= {"key": Key(label, np.ones(1)), "keys": Keys(np.zeros(1), np.full(1, np.inf), label, np.ones(1))}
    if hints.tuning is not None:
        found["tuning"] = Tuning(np.array([hints.cents()]), np.ones(1))
    return Timeline(duration, **_completed(found)) if found else None


def ending(timeline: Timeline, duration: float, name: str) -> Timeline:
    """What holds, on a recording of that length. Raises `LabelError` where the labels go on long after it; files of
    words do not say when the last one ends."""
    voice = timeline.voice
    if voice is not None and len(voice) and voice.starts[-1] < duration < voice.ends[-1]:
        timeline = replace(timeline, voice=replace(voice, ends=np.minimum(voice.ends, duration)))
    for kind, value in timeline.found().items():
        for column in ("times", "ends", "offsets"):
            last = float(np.max(getattr(value, column, np.zeros(0)), initial=0.0))
            if np.isfinite(last) and last > duration + BEYOND_SECONDS:
                raise LabelError(f"{name}: the {kind} given go on until {last:.1f} s, but it ends at {duration:.1f} s; "
                                 "give the labels of this recording")
    keys = timeline.keys
    if keys is not None and len(keys) and not np.isfinite(keys.ends[-1]):
        keys = replace(keys, ends=np.append(keys.ends[:-1], duration))
    return replace(timeline, duration=duration, keys=keys)


def chord_changes(chords: Chords, beats: Beats) -> tuple[np.ndarray, np.ndarray]:
    """Times of the beats, and log odds that given chords give to a downbeat at each, (n,) both; what
    `onpu.decode.tasks.chords.downbeat_evidence` says of chords that are heard."""
    edges = np.unique(np.concatenate([chords.starts, chords.ends]))
    near = AROUND_BEAT * float(np.median(np.diff(beats.times))) if len(beats) > 1 else 0.0
    at = np.searchsorted(edges, beats.times)
    apart = np.minimum(np.abs(edges[np.clip(at, 0, len(edges) - 1)] - beats.times),
                       np.abs(edges[np.clip(at - 1, 0, len(edges) - 1)] - beats.times)) if len(edges) else np.inf
    changes = np.broadcast_to(apart <= near, beats.times.shape)
    seen = np.where(changes, (1 - MISSED_CHANGE) / MISSED_CHANGE, MISSED_CHANGE / (1 - MISSED_CHANGE))
    return beats.times, np.log((CHANGE_ON_DOWNBEAT * seen + 1 - CHANGE_ON_DOWNBEAT) /
                               (CHANGE_ON_BEAT * seen + 1 - CHANGE_ON_BEAT))


def _completed(found: Named) -> Named:
    """With what follows from it."""
    beats, keys = found.get("beats"), found.get("keys")
    if beats is not None:
        found.setdefault("tempo", Tempo.of_beats(beats.times))
        if (beats.positions == 1).any():
            found.setdefault("metre", metre_of_bars(beats))
    if keys is not None and len(keys) and np.isfinite(keys.ends).all():
        found.setdefault("key", key_of(keys))
    elif "keys" not in found and found.get("key") is not None and len(found["key"].labels):
        label = found["key"].labels[:1]
        found["keys"] = Keys(np.zeros(1), np.full(1, np.inf), label, np.ones(1))
    return found


def _read(path: Path) -> Timeline:
    """What a file says; of a MIDI file what it has, for to have no drums is not to say that there are none, and beats
    alone where it says their tempo."""
    timeline = read(path)
    if path.suffix.lower() not in (".mid", ".midi", ".rmi", ".kar"):
        return timeline
    left = () if says_tempo(path.read_bytes()) else ("beats", "metre")
    return Timeline(timeline.duration, **{name: value for name, value in timeline.found().items()
                                          if len(value) and name not in left})


def _metre(signature: tuple[int, int]) -> Metre:
    return Metre(np.zeros(1), np.array([signature[0]]), np.array([signature[1]]), np.ones(1))
