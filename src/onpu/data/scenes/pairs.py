"""The same performance heard twice, to learn to make one sound of the other.

Both sounds of an item come from the same notes at the same times, through the same room, at the same loudness: they are
aligned to the sample. The source differs from item to item as recordings do (piano, soundfont, touch, colour); the
target is always the same instrument, for what a network is to make must be one thing.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np
import soxr
from threadpoolctl import threadpool_limits

from onpu.data.plan import Plan
from onpu.data.scenes.base import SceneSource
from onpu.engine.compose.song import Song, Track
from onpu.engine.compose.sounding import all_notes
from onpu.engine.compose.styles import BAND_STYLES, PIANO_STYLES, STYLES
from onpu.engine.render.performance import Strokes, drum_events, note_events, strokes
from onpu.engine.render.room import draw_room, impulse_response, reverberate
from onpu.engine.render.soundfont import SoundFont, library, soundfont, soundfonts
from onpu.engine.render.stems import LEVELS, LOWEST_RATE, balanced, render
from onpu.engine.render.synth import synthesise
from onpu.errors import DataError, suggestion
from onpu.files import Json
from onpu.music import Notes

RATE = 22_050
TARGETS = {"piano-strings": 48, "piano-guitar": 24, "sine-piano": 0, "piano-band": -1}
"""Kind -> General MIDI program of the target; -1: `BAND`."""
BAND = {"bass": 33, "chords": 25, "arpeggio": 24, "melody": 65}
"""Role -> program of the small band, beside its drummer: electric bass, two guitars, saxophone."""
REDUCED = tuple(BAND)
"""Roles that a pianist plays of a band."""
TARGET_FONTS = ("FluidR3_GM.sf2", "MuseScore_General_Full.sf3", "MuseScore_General.sf3", "TimGM6mb.sf2")
"""Soundfonts of the target, the first that is there; without any, the own synthesiser's first patch."""
TARGET_LUFS, DRY_CHANCE = -20.0, 0.5
"""LUFS of each sound. Chance that there is no room."""
SINE_RISE, SINE_FALL = 0.005, 0.05
"""Seconds in which a tone of the sketch sets in, and fades."""
KEYS = range(21, 109)
"""MIDI numbers of a piano."""


@dataclass(frozen=True)
class PairScenes(SceneSource):
    """Two mono sounds an item, `source` and `target`.

    kind: `piano-strings`, `piano-guitar`: a piano and what it becomes. `sine-piano`: a sketch of plain sinusoids and a
    piano. `piano-band`: a band, and before it what a pianist makes of its song: melody, chords, arpeggios and bass,
    without the drums. Raises `DataError` for another. plan: its styles, if it names any, replace the kind's own.
    """

    kind: str = "piano-strings"
    plan: Plan = field(default_factory=lambda: Plan(seconds=20.0, rate=RATE, negatives=0.0))

    def __post_init__(self) -> None:
        if self.kind not in TARGETS:
            raise DataError(f"no pair of sounds is called {self.kind}; {suggestion(self.kind, TARGETS)}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the sounds of each item."""
        return "source", "target"

    def of(self, plan: Plan) -> Self:
        """See `SceneSource`. Songs are composed, none arranged from data sets."""
        return replace(self, plan=replace(plan.unarranged(), rate=self.rate, negatives=0.0))

    def named(self) -> Json:
        """The values as JSON has them, with the kind of pair."""
        return {"kind": self.kind} | self.plan.named()

    def soundfonts(self) -> list[str]:
        """Names of the soundfonts that source and target are played by."""
        font = target_font(self.plan)
        return sorted({*self.plan.soundfonts(), *(() if font is None else (font.name,))})

    @threadpool_limits.wrap(limits=1, user_api="blas")  # matrix products round differently on several threads
    def item(self, number: int) -> np.ndarray:
        """Source and target, float32 (2, samples)."""
        song, piano, band = self._played(number)
        rng = np.random.default_rng([song.seed, 0x9A12])
        source = self._source(replace(song, tracks=(piano,)), rng)
        target = np.sum([self._target(track, song.duration) for track in band], axis=0)
        dry = rng.random() < DRY_CHANCE
        response = None if dry else impulse_response(draw_room(rng), self.rate)
        wetness = np.float32(0.5 * rng.random())
        out = []
        for sound in (source, target):
            heard = sound if response is None else sound + wetness * reverberate(sound, response)
            out.append(balanced(heard, TARGET_LUFS, 0.0, self.rate).mean(axis=0))
        return np.stack(out).astype(np.float32)

    def notes(self, number: int) -> Notes:
        """What has pitches in an item's target, as it sounds."""
        return all_notes(list(self._played(number)[2]))

    def _played(self, number: int) -> tuple[Song, Track, tuple[Track, ...]]:
        """The song of an item, what the source plays of it, what the target plays."""
        own = [name for name in BAND_STYLES if STYLES[name].grooves] if self.kind == "piano-band" else PIANO_STYLES
        song = replace(self.plan, styles=self.plan.styles or tuple(own)).song(number)
        if song is None:
            raise DataError(f"item {number} is no music; pairs need a plan without negatives")
        piano = reduction(song)
        band = arranged(song) if self.kind == "piano-band" else (replace(piano, program=TARGETS[self.kind]),)
        return song, piano, band

    def _source(self, song: Song, rng: np.random.Generator) -> np.ndarray:
        """(2, samples), at any level."""
        if self.kind == "sine-piano":
            return np.tile(sketched(strokes(song.tracks[0]), round(song.duration * self.rate), self.rate), (2, 1))
        fonts = None if self.plan.fonts is None else [Path(font) for font in self.plan.fonts]
        return render(song, int(rng.integers(2**31)), self.rate, fonts).samples[0]

    def _target(self, track: Track, seconds: float) -> np.ndarray:
        """One track of the target, (2, samples), at its level in the band."""
        engine_rate = self.rate * -(-LOWEST_RATE // self.rate)
        samples = round(seconds * engine_rate)
        path = target_font(self.plan)
        sound = _by_font(track, soundfont(path, engine_rate), samples) if path is not None else synthesise(
            track, samples, engine_rate, np.random.default_rng(track.program))
        sound = soxr.resample(sound.T, engine_rate, self.rate, quality="HQ").T[:, : round(seconds * self.rate)]
        return balanced(sound, LEVELS.get(track.role, TARGET_LUFS), 0.0, self.rate)


def target_font(plan: Plan) -> Path | None:
    """The soundfont that plays the target; None for the own synthesiser, which a plan without soundfonts asks for."""
    if plan.fonts == () or library() is None:
        return None
    found = {path.name: path for path in soundfonts()}
    return next((found[name] for name in TARGET_FONTS if name in found), None)


def reduction(song: Song) -> Track:
    """What one pianist plays of a song: the notes of melody, chords, arpeggios and bass as they sound, keys of a piano,
    none twice at once; where there is none of these parts, all that has pitches."""
    nothing = np.zeros((0, 2))
    pitched = [track for track in song.tracks if track.drums is None]
    chosen = [track for track in pitched if track.role in REDUCED] or pitched
    played = [replace(track, notes=replace(track.notes, pitches=np.rint(track.notes.pitches),
                                           programs=np.zeros_like(track.notes.programs))) for track in chosen]
    notes = all_notes(played or list(song.tracks))
    on_keys = notes.select((notes.pitches >= KEYS.start) & (notes.pitches < KEYS.stop))
    return Track("piano", "chords", 0, on_keys, None, 0.0, 0.0, nothing, nothing)


def arranged(song: Song) -> tuple[Track, ...]:
    """The song by the small band: each part by the instrument of its role, drums as they are, others left out."""
    tracks = []
    for track in song.tracks:
        if track.drums is not None:
            tracks.append(replace(track, program=0))
        elif track.role in BAND and len(track.notes.onsets):
            tracks.append(replace(track, program=BAND[track.role], bends=np.zeros((0, 2)),
                                  notes=replace(track.notes, pitches=np.rint(track.notes.pitches))))
    return tuple(tracks) or (reduction(song),)


def sketched(played: Strokes, samples: int, rate: int) -> np.ndarray:
    """Notes as plain sinusoids, as loud as they are struck, float32 (samples,)."""
    out = np.zeros(samples, dtype=np.float32)
    fall = round(SINE_FALL * rate)
    for onset, offset, pitch, velocity in zip(played.onsets, played.offsets, played.pitches, played.velocities,
                                              strict=True):
        start = round(float(onset) * rate)
        t = np.arange(max(0, min(round(float(offset) * rate) - start + fall, samples - start))) / rate
        shape = np.minimum(np.minimum(t / SINE_RISE, 1), np.maximum(0, (len(t) - np.arange(len(t))) / fall).clip(max=1))
        tone = np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * t)
        out[start : start + len(t)] += ((velocity / 127) ** 1.3 * shape * tone).astype(np.float32)
    return out


def _by_font(track: Track, font: SoundFont, samples: int) -> np.ndarray:
    """(2, samples), at any level, as the soundfont plays it: no touch, no colour."""
    if track.drums is not None:
        return font.play(0, True, drum_events(track, font, font.rate), samples, {})
    return font.play(track.program, False, note_events(strokes(track), font.rate), samples, {})
