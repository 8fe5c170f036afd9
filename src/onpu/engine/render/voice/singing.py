"""A track sung: who sings it and in which octave, one person a part, now and then doubled or with a second voice."""

from dataclasses import dataclass, replace

import numpy as np
import soxr

from onpu.engine.compose.draw import between
from onpu.engine.compose.song import Track
from onpu.engine.render.performance import Strokes, strokes
from onpu.engine.render.voice.bank import RATE, syllables, world
from onpu.engine.render.voice.formants import vocalise
from onpu.engine.render.voice.line import Manner, draw_manner, sung_line
from onpu.engine.render.voice.tts import Speaker, speakers
from onpu.engine.render.voice.vocoder import draw_throat, frequencies, take, voice
from onpu.music import Chords, Notes
from onpu.music.harte import parse

MALE_CHANCE = 0.5
"""Chance that a high line is sung by a man, an octave lower."""
HARMONY_CHANCE, DOUBLED_CHANCE = 0.3, 0.25
"""Chances that a lead has a second voice in some phrases, and that it was recorded twice."""
RECORDED_CHANCE = 0.4
"""Chance of a recorded speaker where a synthetic one is there too."""
SYNTHETIC_CHANCE = 0.12
"""Chance of the voice without text-to-speech although programs are there."""
PARTS = 5
"""Lines of a choir that are sung; what is more is left out."""
_HIGH, _LOW = 57, 55
_PHRASE = 0.4


@dataclass(frozen=True, eq=False)
class Sung:
    """sound: (2, samples) float32, any level. notes: as they are sung, all parts, by onset. frequencies: Hz of the
    first part every 10 ms, 0 where none is voiced. syllables: of the first part, (start, end, text) in seconds.
    stretches: (n, 2) seconds in which any part is sung. lead: whether the first part leads, and is not one of a
    choir."""

    sound: np.ndarray
    notes: Notes
    frequencies: np.ndarray
    syllables: tuple[tuple[float, float, str], ...]
    stretches: np.ndarray
    lead: bool


@dataclass(frozen=True, eq=False)
class Recorded:
    """One person's recording: sound (samples,), Hz every 10 ms, syllables, and the notes' performed times."""

    sound: np.ndarray
    frequencies: np.ndarray
    spoken: tuple[tuple[float, float, str], ...]
    onsets: np.ndarray
    ends: np.ndarray


def sing(track: Track, chords: Chords | None, samples: int, rate: int, rng: np.random.Generator) -> Sung:
    """The track sung. chords: of the song, for a second voice; None: there is none."""
    lead = track.role in ("melody", "counter")
    parts = _parts(strokes(track))[: 2 if lead else PARTS]
    if lead and parts:
        parts[0] = _at_ease(parts[0], rng)
        if len(parts) == 1 and chords is not None and rng.random() < HARMONY_CHANCE:
            parts.append(_second(parts[0], chords, rng))
    manner = draw_manner(rng)
    sound = np.zeros((2, samples), dtype=np.float32)
    recordings = []
    for number, part in enumerate(parts):
        person = Person(part, rng)
        habits = manner if number == 0 else replace(draw_manner(rng), scoops=manner.scoops / 2)
        recording = person.record(part, habits, samples, rate, rng)
        recordings.append(recording)
        side, level = (0.0, 1.0) if number == 0 else (between(rng, -0.7, 0.7), 0.8)
        sound += _panned(recording.sound, side, level * (between(rng, 0.35, 0.8) if lead and number else 1.0))
        if rng.random() < DOUBLED_CHANCE and lead:
            again = person.record(part, replace(habits, late=between(rng, 0.01, 0.03)), samples, rate, rng)
            sound += _panned(again.sound, between(rng, -0.8, 0.8), between(rng, 0.25, 0.7))
    spoken = sorted(row[:2] for recording in recordings for row in recording.spoken)
    first = recordings[0] if recordings else None
    return Sung(sound, _notes(track, parts, recordings),
                first.frequencies if first else np.zeros(0), first.spoken if first else (),
                np.array(spoken).reshape(-1, 2), lead)


class Person:
    """Who sings a part: a speaker of a program with a throat, or the synthetic voice."""

    def __init__(self, part: Strokes, rng: np.random.Generator) -> None:
        middle = float(np.median(part.pitches)) if len(part.pitches) else 60.0
        female = rng.random() < np.clip((middle - _LOW + 3) / 8, 0.03, 0.97)
        self.size = between(rng, 0.93, 1.12)
        if female and middle > 62 and rng.random() < 0.1:
            self.size = between(rng, 1.15, 1.3)
        if not female and middle < 50 and rng.random() < 0.4:
            self.size = between(rng, 0.85, 0.95)
        speaker = _choose(female, rng)
        self.manly = self.size * (1.15 if female else 1.0)
        if speaker is not None and speaker.female != female:
            self.size *= 1.15 if female else 1 / 1.15
        self.throat = None if speaker is None else draw_throat(speaker, self.size, rng)

    def record(self, part: Strokes, manner: Manner, samples: int, rate: int, rng: np.random.Generator) -> Recorded:
        """The part sung."""
        line = sung_line(part, samples / rate, manner, rng)
        if self.throat is None:
            sound, heard, spoken = vocalise(line, self.manly, samples, rate, rng)
            return Recorded(sound, heard, tuple(spoken), line.onsets, line.ends)
        taken = take(line, self.throat, rng)
        raw = soxr.resample(voice(taken, self.throat).astype(np.float32), RATE, rate)[:samples]
        sound = np.pad(raw, (0, samples - len(raw)))
        return Recorded(sound, frequencies(taken), taken.spoken, line.onsets, line.ends)


def _choose(female: bool, rng: np.random.Generator) -> Speaker | None:
    """A speaker, mostly of the sex; None: the synthetic voice."""
    candidates = speakers() if world() is not None else ()
    if not candidates or rng.random() < SYNTHETIC_CHANCE:
        return None
    fitting = [one for one in candidates if one.female == female or rng.random() < 0.1] or list(candidates)
    recorded = [one for one in fitting if one.program == "flite"]
    others = [one for one in fitting if one.program != "flite"] or recorded
    chosen = recorded if recorded and rng.random() < RECORDED_CHANCE else others
    speaker = chosen[int(rng.integers(len(chosen)))]
    return speaker if syllables(speaker) else None


def _at_ease(part: Strokes, rng: np.random.Generator) -> Strokes:
    """The line in an octave that a drawn singer has."""
    middle = float(np.median(part.pitches))
    man = rng.random() < MALE_CHANCE
    down = -12 if middle > (60 if man else 77) else 0
    return replace(part, pitches=part.pitches + (down or (12 if middle < 45 else 0)))


def _parts(played: Strokes) -> list[Strokes]:
    """Lines of one note at a time, the highest first."""
    parts: list[Strokes] = []
    left = np.arange(len(played.onsets))
    while len(left):
        chosen: list[int] = []
        for index in left[np.lexsort((-played.pitches[left], played.onsets[left]))].tolist():
            last = chosen[-1] if chosen else None
            under = last is not None and (played.pitches[index] < played.pitches[last] - 0.5
                                          and played.offsets[index] < played.offsets[last] + 0.02)
            if last is None or (played.onsets[index] >= played.onsets[last] + 0.06 and not under):
                chosen.append(index)
        rows = np.array(chosen)
        ends = np.minimum(played.offsets[rows], np.append(played.onsets[rows][1:], np.inf))
        parts.append(Strokes(played.onsets[rows], ends, played.pitches[rows], played.velocities[rows], played.bends))
        left = left[~np.isin(left, rows)]
    return parts


def _second(part: Strokes, chords: Chords, rng: np.random.Generator) -> Strokes:
    """A third, fourth or sixth from the line, a tone of the chord, in some of its phrases."""
    gaps = np.append(np.inf, part.onsets[1:] - part.offsets[:-1])
    phrase = np.cumsum(gaps > _PHRASE) - 1
    chosen = rng.random(phrase[-1] + 1) < between(rng, 0.2, 0.8)
    above = rng.random() < 0.5
    pitches = np.full(len(part.onsets), np.nan)
    place = np.searchsorted(chords.starts, part.onsets + 0.05, side="right") - 1
    for index in np.flatnonzero(chosen[phrase]).tolist():
        tones = parse(str(chords.labels[place[index]])).classes if place[index] >= 0 else frozenset()
        steps = [step if above else -step for step in (3, 4, 5, 8, 9, 7)]
        fitting = [step for step in steps if round(part.pitches[index] + step) % 12 in tones]
        if fitting:
            pitches[index] = part.pitches[index] + fitting[0]
    kept = ~np.isnan(pitches)
    return Strokes(part.onsets[kept], part.offsets[kept], pitches[kept], part.velocities[kept], part.bends)


def _notes(track: Track, parts: list[Strokes], recordings: list[Recorded]) -> Notes:
    """The notes of all parts at their performed times, by onset."""
    onsets = np.concatenate([np.zeros(0), *(recording.onsets for recording in recordings)])
    ends = np.concatenate([np.zeros(0), *(recording.ends for recording in recordings)])
    pitches = np.concatenate([np.zeros(0), *(part.pitches for part in parts)])
    velocities = np.concatenate([np.zeros(0), *(part.velocities for part in parts)])
    order = np.argsort(onsets, kind="stable")
    return Notes(np.round(onsets[order], 6), np.round(ends[order], 6), pitches[order], velocities[order],
                 np.full(len(order), track.program), np.ones(len(order)))


def _panned(sound: np.ndarray, side: float, level: float) -> np.ndarray:
    """(2, samples) at a place from -1 to 1, constant power, unit gain in the middle."""
    angle = (side + 1) * np.pi / 4
    return (level * np.sqrt(2) * np.array([[np.cos(angle)], [np.sin(angle)]])).astype(np.float32) * sound
