"""Effects that go with the beat: ducking under the kick, gates, wobbling filters, delays, filtered sections."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.signal import lfilter

from onpu.engine.compose.draw import between, draw, pick
from onpu.engine.render.delays import repeated
from onpu.engine.render.dynamics import HOP, ramp
from onpu.engine.render.filters import filtered, highpass, lowpass
from onpu.engine.render.strip import SILENT_RMS, level_of
from onpu.music import Stems, Timeline
from onpu.music.instruments import BASS_DRUMS
from onpu.music.words import KIND

ELECTRONIC = tuple(KIND + kind for kind in ("electronic", "hip hop", "disco", "reggaeton"))
SOMETIMES = tuple(KIND + kind for kind in ("pop", "funk", "soul", "new age", "game", "ambient"))
"""Tags of songs whose style lives by such effects, and of others that sometimes have them."""
DUCKING_CHANCE, GHOST_CHANCE = 0.45, 0.3
"""Chance that the others duck under the kick, in electronic music; and that they do so at every beat, kick or not."""
CHANCES = {"gate": 0.08, "wobble": 0.1, "delay": 0.2}
"""Chances of the effects on a stem of electronic music; in the styles of `SOMETIMES` a third of that."""
DELAYS = {0.75: 4.0, 0.5: 2.0, 1.0: 2.0, 0.25: 0.5, 1 / 3: 0.5, 1.5: 1.0}
"""Beats between two repetitions -> weight; three quarters is the dotted eighth."""
SWEEP_CHANCE, SECTION_CHANCE = 0.35, 0.3
"""Chance of filtered sections in electronic music, and then for each section."""
CUTOFFS = (300.0, 650.0, 1400.0, 3000.0, 7000.0)
"""Hz between which a moving low-pass is blended; none is so low that it delays by a millisecond."""
ATTACK_SECONDS, EDGE_SECONDS, BLEND_SECONDS = 0.002, 0.004, 0.02
"""Time constants of ducking and gating; length of the blend at the ends of a filtered section."""


@dataclass(frozen=True, eq=False)
class Pulse:
    """What the producer knows of the time: beats (n,) seconds, two or more; first: the first one's place in the bar,
    from 0; kicks (m,) seconds; sections (k, 2) seconds. liking: how much the style is given to such effects, 0 to 1."""

    beats: np.ndarray
    first: int
    kicks: np.ndarray
    sections: np.ndarray
    liking: float

    def count(self, seconds: np.ndarray) -> np.ndarray:
        """Beats since the beginning of the first bar, at the tempo of the ends before and after the beats."""
        steps = np.diff(self.beats[[0, 1, -2, -1]])[[0, 2]]
        inside = np.interp(seconds, self.beats, np.arange(len(self.beats)))
        before, after = np.minimum(seconds - self.beats[0], 0), np.maximum(seconds - self.beats[-1], 0)
        return self.first + inside + before / steps[0] + after / steps[1]

    @property
    def period(self) -> float:
        """Seconds of the middle one of all beats."""
        return float(np.median(np.diff(self.beats)))


def pulse_of(labels: Timeline | None) -> Pulse | None:
    """The pulse of a song; None where it has none or its style has nothing to do with such effects."""
    if labels is None or labels.beats is None or len(labels.beats.times) < 2:
        return None
    words = () if labels.tags is None else labels.tags.labels
    liking = 1.0 if any(word in ELECTRONIC for word in words) else 0.33 if any(w in SOMETIMES for w in words) else 0.0
    if not liking:
        return None
    drums, sections = labels.drums, labels.sections
    kicks = np.zeros(0) if drums is None else drums.times[np.isin(drums.pitches, BASS_DRUMS)]
    parts = np.zeros((0, 2)) if sections is None else np.stack([sections.starts, sections.ends], axis=1)
    return Pulse(labels.beats.times, max(int(labels.beats.positions[0]) - 1, 0), np.unique(kicks), parts, liking)


def in_time(stems: Stems, pulse: Pulse, rng: np.random.Generator) -> Stems:
    """The stems, all but the drums sometimes gated, wobbling or repeated, and sometimes ducking under the kick."""
    out, samples = stems.samples.copy(), stems.samples.shape[-1]
    ducking = rng.random() < DUCKING_CHANCE * pulse.liking
    hits = pulse.beats if rng.random() < GHOST_CHANCE else pulse.kicks
    depth, release, bend = between(rng, 4, 20), between(rng, 0.4, 1.0), between(rng, 0.7, 2.0)
    for index, name in enumerate(stems.names):
        used = {effect: rng.random() < chance * pulse.liking for effect, chance in CHANCES.items()}
        share = between(rng, 0.5, 1.0)
        if name.startswith("drums") or level_of(out[index]) <= SILENT_RMS:
            continue
        if used["gate"] and not name.startswith(("bass", "vo", "sing", "lead")):
            out[index] *= gate(pulse, rng, samples, stems.rate)
        if used["wobble"]:
            out[index] = wobble(out[index], pulse, stems.rate, rng)
        if used["delay"] and not name.startswith("bass"):
            lag = round(draw(rng, DELAYS) * pulse.period * stems.rate)
            level = 10 ** (between(rng, -16, -6) / 20)
            out[index] = repeated(out[index], lag, level, between(rng, 1500, 7000), stems.rate)
        if ducking:
            out[index] *= duck(pulse, hits, share * depth, release, bend, samples, stems.rate)
    return replace(stems, samples=out)


def duck(pulse: Pulse, hits: np.ndarray, depth: float, release: float, bend: float, samples: int, rate: int
         ) -> np.ndarray:
    """Gain float32 (samples,): `depth` dB down at every hit (seconds), back after `release` beats; the way back is a
    power `bend` of the time. Nothing happens before a hit, and the gain falls with a time constant of 2 ms."""
    times = np.arange(-(-samples // HOP)) * (HOP / rate)
    if not len(hits):
        return np.ones(samples, dtype=np.float32)
    last = np.searchsorted(hits, times, side="right") - 1
    since = pulse.count(times) - pulse.count(hits)[np.maximum(last, 0)]
    back = np.clip(since / release, 0, 1) ** bend
    down = np.where(last >= 0, depth * (1 - back), 0.0)
    return ramp(10 ** (-_smooth(down, ATTACK_SECONDS, rate) / 20), samples)


def gate(pulse: Pulse, rng: np.random.Generator, samples: int, rate: int) -> np.ndarray:
    """Gain float32 (samples,) that opens and closes in a rhythm of its own, or swells as a tremolo does; a pattern of
    two or four beats, whose first step is open."""
    steps, beats, depth = pick(rng, (2, 4, 4, 3)), pick(rng, (2, 4)), between(rng, 0.5, 1.0)
    pattern = (rng.random(steps * beats) < between(rng, 0.45, 0.8)).astype(float)
    pattern[0] = 1.0
    count = pulse.count(np.arange(-(-samples // HOP)) * (HOP / rate)) * steps
    if rng.random() < 0.35:
        level = 0.5 + 0.5 * np.cos(2 * np.pi * count)
    else:
        level = pattern[np.floor(count).astype(int) % len(pattern)] * (count % 1 < between(rng, 0.5, 1.0))
    return ramp(_smooth(1 - depth * (1 - level), EDGE_SECONDS, rate), samples)


def wobble(sound: np.ndarray, pulse: Pulse, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A low-pass that goes up and down a whole number of times in one or two beats, open on the beat."""
    speed = pick(rng, (0.5, 1.0, 2.0, 2.0, 3.0, 4.0))
    low, high = between(rng, 0, 2), between(rng, 2.5, len(CUTOFFS))
    count = pulse.count(np.arange(-(-sound.shape[1] // HOP)) * (HOP / rate)) * speed
    return moving_lowpass(sound, low + (high - low) * (0.5 + 0.5 * np.cos(2 * np.pi * count)), rate)


def moving_lowpass(sound: np.ndarray, place: np.ndarray, rate: int) -> np.ndarray:
    """(channels, samples) through a low-pass whose cutoff moves: place, one every HOP samples, counts in `CUTOFFS` from
    0; their number means no filter. Neighbouring filters are blended, so that nothing clicks."""
    out = np.zeros_like(sound)
    place = np.clip(place, 0, len(CUTOFFS))
    for number in range(len(CUTOFFS) + 1):
        weight = np.maximum(1 - np.abs(place - number), 0)
        if weight.any():
            dry = number == len(CUTOFFS)
            out += (sound if dry else filtered(sound, lowpass(CUTOFFS[number], 2, rate))) * ramp(weight, sound.shape[1])
    return out


def swept(mix: np.ndarray, pulse: Pulse, rate: int, rng: np.random.Generator) -> np.ndarray:
    """The mix (2, samples), sometimes with sections that are heard through an opening low-pass or as by telephone."""
    if rng.random() >= SWEEP_CHANCE * pulse.liking:
        return mix
    out = mix.copy()
    for start, end in pulse.sections:
        used, telephone, low = rng.random() < SECTION_CHANCE, rng.random() < 0.3, between(rng, 0, 2)
        first, last = max(round(start * rate), 0), min(round(end * rate), mix.shape[1])
        if used and last - first > rate:
            piece = mix[:, first:last]
            opening = np.linspace(low, len(CUTOFFS), -(-piece.shape[1] // HOP))
            changed = (filtered(piece, highpass(300, 2, rate), lowpass(3400, 2, rate)) if telephone else
                       moving_lowpass(piece, opening, rate))
            fade = np.clip(np.arange(piece.shape[1]) / (BLEND_SECONDS * rate), 0, 1).astype(np.float32)
            weight = fade * fade[::-1]
            out[:, first:last] = piece + weight * (changed - piece)
    return out


def _smooth(curve: np.ndarray, seconds: float, rate: int) -> np.ndarray:
    """A curve with a value every HOP samples, that follows with this time constant and begins where it is."""
    keep = np.exp(-HOP / (seconds * rate))
    return lfilter([1 - keep], [1, -keep], curve, zi=keep * curve[:1])[0]
