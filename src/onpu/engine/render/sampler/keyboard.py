"""Recorded notes, played at all pitches: resampled from the nearest recorded key, never twice the same."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from onpu.engine.compose.draw import between
from onpu.engine.render.performance import Strokes
from onpu.engine.render.sampler.sets import Sample, SampleSet
from onpu.engine.render.sampler.strokes import add_stroke, led_in, retuned, varied
from onpu.engine.render.synth import bent
from onpu.errors import DataError

TUNING_SPREAD = 1.2
"""Standard deviation of the pitch of a note's two versions, cents."""
MAX_LEAD = 0.02
"""Seconds that are kept before an onset."""
LOOP, LOOP_FADE = (0.3, 2.2), 0.15
"""Seconds after the onset between which a sustained note is repeated, and of the crossfade."""
LAYER_SPREAD = 0.3
"""Standard deviation of the layer that a velocity takes, in layers."""
REFERENCE = 0.1
"""RMS after the onset to which recordings are brought before the velocity."""


@dataclass(frozen=True)
class Keyboard:
    """An instrument to be played. zones: MIDI pitch -> recordings from soft to loud. release: seconds, time constant
    after the end of a note. sustained: whether it sounds as long as it is held, by repeating. lead: seconds kept before
    the onset."""

    samples: SampleSet
    zones: Mapping[float, tuple[str, ...]]
    release: float
    sustained: bool = False
    lead: float = MAX_LEAD


def keys_of(samples: SampleSet, release: float, sustained: bool = False,
            conditions: Mapping[str, str] = MappingProxyType({})) -> Keyboard:
    """The instrument of a table with the column MIDI pitch and, where there are several, layer; only of rows
    that meet the conditions: column -> value. Raises `DataError` where none does."""
    zones: dict[float, list[tuple[str, str]]] = defaultdict(list)
    for row in samples.rows:
        if all(row[name] == value for name, value in conditions.items()):
            layer = next((value for name, value in row.items() if name.startswith("layer")), "")
            zones[float(row["MIDI pitch"])].append(({"p": "1", "f": "2"}.get(layer, layer), row["file"]))
    if not zones:
        wanted = ", ".join(conditions.values()) or "a MIDI pitch"
        raise DataError(f"{samples.folder}: its table has no row with {wanted}; copy the whole sample set")
    layers = {pitch: tuple(file for _, file in sorted(found)) for pitch, found in zones.items()}
    return Keyboard(samples, layers, release, sustained)


def play_keys(keys: Keyboard, played: Strokes, samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Notes on a recorded instrument: float32 (1 or 2, samples). Levels follow (velocity / 127)^e, e drawn once."""
    if len(played.bends) == 1:
        played = replace(played, pitches=played.pitches + played.bends[0, 1], bends=played.bends[:0])
    exponent = between(rng, 1.1, 1.8)
    recorded = np.array(sorted(keys.zones))
    lengths = played.offsets - played.onsets + 6 * keys.release
    out: np.ndarray | None = None
    versions: dict[tuple[float, float, int, int], Sample] = {}
    longest: dict[float, float] = defaultdict(float)
    for pitch, length in zip(played.pitches.tolist(), lengths.tolist(), strict=True):
        longest[pitch] = max(longest[pitch], length)
    for i, (pitch, onset) in enumerate(zip(played.pitches.tolist(), played.onsets.tolist(), strict=True)):
        key = float(recorded[np.argmin(np.abs(recorded - pitch))])
        files, loud = keys.zones[key], float(played.velocities[i]) / 127
        layer = int(np.clip(np.rint(loud * len(files) - 0.5 + rng.normal(0, LAYER_SPREAD)), 0, len(files) - 1))
        place = key, pitch, layer, i % 2
        if place not in versions:
            versions[place] = _version(keys, place, longest[pitch], rate, rng)
        sample = versions[place]
        gain, tilt = varied(rng)
        gain *= loud**exponent * (REFERENCE / sample.level)
        sound = _held(sample, float(played.offsets[i]) - onset, keys.release, rate)
        sound = bent(sound, played.bends, onset - sample.onset / rate, rate)
        if out is None:
            out = np.zeros((sound.shape[0], samples), dtype=np.float32)
        add_stroke(out, sound, round(onset * rate) - sample.onset, gain, tilt)
    return np.zeros((1, samples), dtype=np.float32) if out is None else out


def _version(keys: Keyboard, place: tuple[float, float, int, int], seconds: float, rate: int, rng: np.random.Generator
             ) -> Sample:
    key, pitch, layer, _ = place
    recorded = led_in(keys.samples.sample(keys.zones[key][layer], rate), keys.lead, rate)
    cents = float(np.clip(rng.normal(0, TUNING_SPREAD), -3, 3))
    sample = retuned(recorded, pitch - key + cents / 100, rate, np.inf if keys.sustained else seconds)
    return _sustained(sample, seconds, rate) if keys.sustained else sample


def _sustained(sample: Sample, seconds: float, rate: int) -> Sample:
    """The sample made long enough: its steady part repeated, with crossfades of equal power."""
    sound, fade = sample.sound, round(LOOP_FADE * rate)
    start, end = (min(sample.onset + round(at * rate), sound.shape[1]) for at in LOOP)
    needed = sample.onset + round(seconds * rate)
    if end - start < 3 * fade or needed <= end:
        return sample
    rise = np.sin(np.linspace(0, np.pi / 2, fade, dtype=np.float32))
    body, pieces, length = sound[:, start:end], [sound[:, : end - fade]], end - fade
    join = sound[:, end - fade : end] * rise[::-1] + body[:, :fade] * rise
    while length < needed:
        pieces += [join, body[:, fade : len(body[0]) - fade]]
        length += body.shape[1] - fade
    return replace(sample, sound=np.concatenate(pieces, axis=1)[:, :needed])


def _held(sample: Sample, seconds: float, release: float, rate: int) -> np.ndarray:
    """What sounds of a note that is held so long."""
    end = sample.onset + round(seconds * rate)
    if end >= sample.sound.shape[1]:
        return sample.sound
    sound = sample.sound[:, : end + round(6 * release * rate)].copy()
    tail = sound[:, end:]
    tail *= np.exp(-np.arange(tail.shape[1], dtype=np.float32) / np.float32(release * rate))
    return sound
