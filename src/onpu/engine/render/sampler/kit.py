"""A recorded drum kit: layers of velocity, hits that differ, hi-hats that cut each other off, what the drums say to the
snare's wires, and the room around them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.signal import oaconvolve

from onpu.engine.compose.draw import between
from onpu.engine.render.room import draw_room, impulse_response, reverberate
from onpu.engine.render.sampler.sets import Sample, SampleSet
from onpu.engine.render.sampler.strokes import add_stroke, retuned, varied
from onpu.engine.render.synth.drums import play_drums
from onpu.engine.render.synth.oscillators import coloured
from onpu.music import Drums
from onpu.music.instruments import BASS_DRUMS

HATS = (42, 44, 46)
TOMS = (41, 43, 45, 47, 48, 50)
"""General MIDI numbers from the lowest on."""
TOM_STEP = 2.4
"""Semitones between toms of neighbouring numbers that one recorded tom plays."""
KIN = {35: (36,), 36: (35,), 38: (40,), 40: (38,), 42: (44,), 44: (42,), 41: (43, 45, 47), 43: (41, 45, 47),
       45: (47, 43, 41, 48), 47: (45, 48, 43), 48: (47, 50, 45), 50: (48, 47, 45), 49: (57,), 57: (49,),
       52: (57, 49), 55: (57, 49), 51: (59,), 59: (51,), 53: (51,)}
"""General MIDI number -> numbers of drums that stand in for it, the best first."""
VARIANTS = 3
"""Versions of each recording, a little apart in pitch, of which no two follow each other."""
PITCH_SPREAD = 0.08
"""Their standard deviation, semitones."""
LAYER_SPREAD = 0.45
"""Standard deviation of the layer that a velocity takes, in layers."""
SOFTER_TILT = 0.25
"""How much duller the softest hit is than the loudest of the same recording, as a weight of its slope."""
CHOKE = 0.012
"""Seconds in which a hi-hat that closes silences what rang."""


@dataclass(frozen=True)
class Kit:
    """A kit to be played. files: General MIDI number -> its recordings from soft to loud. levels: dB added to pieces
    that were not recorded together, by number; 0 elsewhere."""

    samples: SampleSet
    files: Mapping[int, tuple[str, ...]]
    levels: Mapping[int, float]


def recorded_kit(samples: SampleSet) -> Kit:
    """The kit that a table with the columns piece, MIDI key and layer describes."""
    layers: dict[int, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in samples.rows:
        layers[int(row["MIDI key"])][row["piece"]].append((int(row["layer (1 softest)"]), row["file"]))
    files = {key: tuple(name for _, name in sorted(next(iter(pieces.values())))) for key, pieces in layers.items()}
    return Kit(samples, files, {})


def stand_in(kit: Kit, number: int) -> int | None:
    """The piece of the kit that plays a General MIDI drum; None where it has no such drum."""
    return next((key for key in (number, *KIN.get(number, ())) if key in kit.files), None)


def play_kit(kit: Kit, drums: Drums, samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Hits on a recorded kit: (2, samples) float32. What it lacks is played by a synthesised kit.

    Louder hits take louder recordings, whose levels are then made to follow (velocity / 127)^e, e drawn once.
    """
    order = np.argsort(drums.times, kind="stable")
    drums = drums.select(order)
    keys = np.array([stand_in(kit, int(number)) or 0 for number in drums.pitches])
    out = np.zeros((2, samples), dtype=np.float32)
    shell = np.zeros((2, samples), dtype=np.float32)
    player = _Player(kit, rate, rng)
    ends = _chokes(drums)
    for i in np.flatnonzero(keys):
        number, key = int(drums.pitches[i]), int(keys[i])
        loud = float(np.clip(drums.velocities[i], 1, 127)) / 127
        sample, gain, tilt = player.hit(number, key, loud)
        sound = _choked(sample, float(ends[i] - drums.times[i]), rate)
        start = round(float(drums.times[i]) * rate) - sample.onset
        add_stroke(shell if number in BASS_DRUMS or number in TOMS else out, sound, start, gain, tilt)
    out += shell + _wires(shell, rate, rng)
    lacking = drums.select(keys == 0)
    if len(lacking.times):
        out += np.float32(0.5) * play_drums(lacking, samples, rate, rng)
    if rng.random() < 0.5:
        out = out[::-1]
    return _with_room(out, rate, rng)


class _Player:
    """One kit in one song: its tuning, its recordings as they are tuned, and which version of each was heard last."""

    def __init__(self, kit: Kit, rate: int, rng: np.random.Generator) -> None:
        self.kit, self.rate, self.rng = kit, rate, rng
        self.exponent = between(rng, 1.2, 1.9)
        self.tuning = rng.normal(0, 0.7)
        self.versions: dict[tuple[int, int, int], Sample] = {}
        self.last: dict[int, int] = {}

    def hit(self, number: int, key: int, loud: float) -> tuple[Sample, float, float]:
        """Recording, gain and tilt of one hit."""
        files, rng = self.kit.files[key], self.rng
        layer = int(np.clip(np.rint(loud * len(files) - 0.5 + rng.normal(0, LAYER_SPREAD)), 0, len(files) - 1))
        version = int(rng.integers(VARIANTS))
        if version == self.last.get(number):
            version = (version + 1) % VARIANTS
        self.last[number] = version
        sample = self._version(number, key, layer, version)
        top = self.kit.samples.sample(files[-1], self.rate).level
        gain, tilt = varied(rng)
        gain *= loud**self.exponent * top / sample.level * 10 ** (self.kit.levels.get(key, 0.0) / 20)
        softness = 1 - loud if len(files) == 1 else 0.0
        return sample, gain, tilt - SOFTER_TILT * softness

    def _version(self, number: int, key: int, layer: int, version: int) -> Sample:
        place = number, layer, version
        if place not in self.versions:
            recorded = self.kit.samples.sample(self.kit.files[key][layer], self.rate)
            semitones = self.tuning + self.rng.normal(0, PITCH_SPREAD)
            if number in TOMS:
                semitones += TOM_STEP * (TOMS.index(number) - TOMS.index(key))
            sample = retuned(recorded, semitones, self.rate)
            if sample.sound.shape[0] == 1:
                sample = replace(sample, sound=np.repeat(sample.sound, 2, axis=0))
            self.versions[place] = sample
        return self.versions[place]


def _chokes(drums: Drums) -> np.ndarray:
    """Seconds at which each hit, of hits in order, is silenced: that of the next hi-hat after a hi-hat."""
    ends = np.full(len(drums.times), np.inf)
    hats = np.flatnonzero(np.isin(drums.pitches, HATS))
    times = drums.times[hats]
    following = np.searchsorted(times, times, side="right")
    ends[hats] = np.append(times, np.inf)[following]
    return ends


def _choked(sample: Sample, seconds: float, rate: int) -> np.ndarray:
    fade = max(1, round(CHOKE * rate))
    if sample.onset + seconds * rate + fade >= sample.sound.shape[1]:
        return sample.sound
    end = sample.onset + round(seconds * rate) + fade
    sound = sample.sound[:, :end].copy()
    sound[:, -fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return sound


def _wires(shell: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """The rattle of the snare's wires under kick and toms, as the overheads hear it."""
    length = round(0.2 * rate)
    rattle = coloured(rng, length, rate, between(rng, 900, 2500), 9000) * np.exp(-np.arange(length) / (0.05 * rate))
    rattle /= np.sqrt((rattle**2).sum())
    level = 10 ** (between(rng, -38, -24) / 20)
    return np.float32(level) * oaconvolve(shell, rattle[None].astype(np.float32), axes=1)[:, : shell.shape[1]]


def _with_room(close: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """The kit with its room microphones, mostly."""
    wet = 10 ** (between(rng, -24, -5) / 20)
    if rng.random() < 0.25:
        return close
    room = replace(draw_room(rng), decay=float(np.exp(between(rng, np.log(0.15), np.log(0.8)))))
    return close + np.float32(wet) * reverberate(close, impulse_response(room, rate))
