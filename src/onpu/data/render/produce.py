"""Stems -> a record: balance, channel strips, room, bus, master, medium. A pure function of stems and seed.

Everything is of minimum phase or none, so an onset comes out where it went in (to well under a millisecond).
"""

import numpy as np

from onpu.data.compose.draw import between, draw
from onpu.data.render.dynamics import Compressor, compress, limit, saturate
from onpu.data.render.filters import bell, filtered, highpass, lowpass, shelf
from onpu.data.render.loudness import loudness
from onpu.data.render.media import add_noise, background, carry, draw_carrier
from onpu.data.render.room import draw_room, impulse_response, reverberate
from onpu.data.render.synth.oscillators import looped
from onpu.music import Audio, Stems

SESSIONS = {"demo": 0.14, "close": 0.1, "studio": 0.56, "live": 0.12, "home": 0.08}
"""demo: the dry tracks summed, mono. close: a microphone near the instruments, nothing done to it. studio: strips, rooms,
bus, master. live: a distant stereo pair in a large room. home: one cheap microphone in a small room."""
NOISE_SECONDS = 11
"""Length of the noise floor that is made; longer recordings repeat it."""
SILENT = 1e-7
"""RMS under which a stem counts as silence."""


def produce(stems: Stems, seed: int) -> Audio:
    """Mix and master.

    Stems whose names begin with `drums` or `bass` are treated as such (`render` names them so). Returns stereo of the
    stems' length and rate, float32, within ±1.
    """
    rng = np.random.default_rng([seed, 0x5EED])
    session = draw(rng, SESSIONS)
    carrier = draw_carrier(rng)
    mix = {"demo": _demo, "close": _close, "studio": _studio, "live": _live, "home": _home}[session](stems, rng)
    if (session != "demo" and rng.random() < 0.35) or session in ("live", "home"):
        mix = background(mix, stems.rate, rng)
    mix = carry(mix, carrier, stems.rate, rng)
    return Audio(_level(mix, stems.rate, session == "studio", rng), stems.rate)


def _demo(stems: Stems, rng: np.random.Generator) -> np.ndarray:
    """Dry mono tracks, simply summed; now and then with the drums lifted."""
    return np.tile(_sum(stems, _gains(stems, rng, spread=between(rng, 0, 5))).mean(axis=0), (2, 1))


def _close(stems: Stems, rng: np.random.Generator) -> np.ndarray:
    """Unprocessed but for the microphone's own colour and a little of the room."""
    mix = _sum(stems, _gains(stems, rng, spread=2.0))
    mix = filtered(mix, *_colour(rng, stems.rate, 4.0))
    return _in_room(mix, mix, between(rng, 0.02, 0.25), stems.rate, rng)


def _studio(stems: Stems, rng: np.random.Generator) -> np.ndarray:
    """Every stem through a strip of its own, sends to one or two rooms, then the bus."""
    rate = stems.rate
    gains = _gains(stems, rng, spread=3.0)
    width = between(rng, 0.0, 1.3)
    mix = np.zeros(stems.samples.shape[1:], dtype=np.float32)
    send = np.zeros_like(mix)
    pump = stems.samples[stems.names.index("drums")] if "drums" in stems.names and rng.random() < 0.08 else None
    wetness = between(rng, 0, 1) ** 1.5
    for name, stem, gain in zip(stems.names, stems.samples, gains, strict=True):
        if gain == 0 or float(np.abs(stem).max(initial=0.0)) < SILENT:
            continue
        sound = _strip(stem * np.float32(gain), name, rate, rng)
        if pump is not None and not name.startswith("drums"):
            sound = compress(sound, Compressor(-6, 4, 0.005, between(rng, 40, 120)), rate, key=pump)
        mix += sound
        send += np.float32(wetness * between(rng, 0.1, 1.0) * (0.15 if name.startswith("bass") else 1.0)) * sound
    mix = _in_room(mix, send, 0.5, rate, rng)
    if rng.random() < 0.6:
        mix = compress(mix, Compressor(between(rng, -8, 6), between(rng, 1.3, 5), between(rng, 0.002, 0.04),
                                       between(rng, 15, 120)), rate)
    if rng.random() < 0.25:
        mix = saturate(mix / _rms(mix) * np.float32(0.3), between(rng, 0.3, 2.5), between(rng, 0, 0.2))
    mix = filtered(mix, *_colour(rng, rate, 5.0), highpass(between(rng, 15, 45), 2, rate))
    return _widened(mix, width)


def _live(stems: Stems, rng: np.random.Generator) -> np.ndarray:
    """From a distance: more room than instruments."""
    mix = filtered(_sum(stems, _gains(stems, rng, spread=3.0)), *_colour(rng, stems.rate, 6.0))
    return _widened(_in_room(mix, mix, between(rng, 0.3, 1.6), stems.rate, rng), between(rng, 0.2, 1.0))


def _home(stems: Stems, rng: np.random.Generator) -> np.ndarray:
    """One microphone with limits at both ends, and its automatic gain."""
    rate = stems.rate
    mix = np.tile(_sum(stems, _gains(stems, rng, spread=3.0)).mean(axis=0), (2, 1))
    mix = filtered(_in_room(mix, mix, between(rng, 0.1, 0.9), rate, rng), *_colour(rng, rate, 9.0),
                   highpass(between(rng, 60, 250), 2, rate), lowpass(between(rng, 5_000, 14_000), 2, rate))
    return compress(mix, Compressor(between(rng, -10, 3), between(rng, 2, 8), between(rng, 0.005, 0.1), between(rng, 10, 60)), rate)


def _gains(stems: Stems, rng: np.random.Generator, spread: float) -> np.ndarray:
    """Linear gains, normally distributed in dB, with drums sometimes buried or far in front, and bass sometimes absent."""
    db = rng.normal(0, spread, len(stems.names))
    drums, no_bass = rng.random(), rng.random() < 0.06
    for index, name in enumerate(stems.names):
        if name.startswith("drums"):
            db[index] += between(rng, -14, -6) if drums < 0.1 else between(rng, 5, 14) if drums > 0.88 else 0.0
        if name.startswith("bass") and no_bass and len(stems.names) > 2:
            db[index] = -np.inf
    return 10 ** (db / 20)


def _strip(sound: np.ndarray, name: str, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Equaliser, compressor, saturation, echo: each only sometimes."""
    low = between(rng, 20, 35) if name.startswith(("bass", "drums")) else between(rng, 30, 180)
    sections = [highpass(low, 2, rate)]
    for _ in range(int(rng.integers(0, 3))):
        sections.append(bell(float(np.exp(between(rng, np.log(80), np.log(9000)))), rng.normal(0, 4), between(rng, 0.4, 2), rate))
    if rng.random() < 0.3:
        sections.append(shelf(between(rng, 3000, 9000), rng.normal(0, 4), True, rate))
    sound = filtered(sound, *sections)
    if rng.random() < 0.4:
        before = _rms(sound)
        sound = compress(sound, Compressor(between(rng, -12, 6), between(rng, 1.5, 8), between(rng, 0.001, 0.04),
                                           between(rng, 20, 200)), rate)
        sound = sound * (before / _rms(sound))
    if rng.random() < 0.15:
        before = _rms(sound)
        sound = saturate(sound / before * np.float32(0.3), between(rng, 0.5, 6), between(rng, 0, 0.4)) * (before / 0.3)
    if rng.random() < 0.06 and not name.startswith(("drums", "bass")):
        sound = _echo(sound, rate, rng)
    return sound


def _echo(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Up to three dull repetitions, at an interval that knows nothing of the beat."""
    lag = round(between(rng, 0.07, 0.5) * rate)
    level = np.float32(10 ** (between(rng, -22, -9) / 20))
    dull = filtered(sound, lowpass(between(rng, 1500, 6000), 1, rate))
    out = sound.copy()
    for repeat in range(1, 4):
        if repeat * lag < sound.shape[1]:
            out[:, repeat * lag :] += level**repeat * dull[:, : -repeat * lag]
    return out


def _in_room(dry: np.ndarray, send: np.ndarray, wet: float, rate: int, rng: np.random.Generator) -> np.ndarray:
    response = impulse_response(draw_room(rng), rate)
    return dry + np.float32(wet) * reverberate(send, response)


def _colour(rng: np.random.Generator, rate: int, spread: float) -> list[np.ndarray]:
    """A broad equaliser of random shape: two shelves and a bell, standard deviation `spread` / 2 dB."""
    return [shelf(between(rng, 60, 400), rng.normal(0, spread / 2), False, rate),
            bell(float(np.exp(between(rng, np.log(200), np.log(5000)))), rng.normal(0, spread / 2), between(rng, 0.4, 1.2), rate),
            shelf(between(rng, 1500, 9000), rng.normal(-1, spread / 2), True, rate)]


def _widened(sound: np.ndarray, width: float) -> np.ndarray:
    """0 mono, 1 as it is, more: wider."""
    middle, side = (sound[0] + sound[1]) / 2, (sound[0] - sound[1]) * np.float32(width / 2)
    return np.stack([middle + side, middle - side])


def _level(mix: np.ndarray, rate: int, mastered: bool, rng: np.random.Generator) -> np.ndarray:
    """Loudness between -30 and -8 LUFS, held within ±1 by a limiter, by clipping or by turning down; noise floor, offset,
    polarity."""
    level = loudness(mix, rate)
    target = between(rng, -20, -8) if mastered else between(rng, -30, -14)
    mix = mix * np.float32(10 ** ((target - level) / 20) if np.isfinite(level) else 1.0)
    peak = float(np.abs(mix).max(initial=0.0))
    way = rng.random()
    if peak > 0.98:
        if mastered or way < 0.1:
            mix = limit(mix, 0.98, between(rng, 0.001, 0.04), rate) if way < 0.85 else np.clip(mix, -0.98, 0.98)
        else:
            mix = mix * np.float32(between(rng, 0.7, 0.98) / peak)
    floor = rng.standard_normal((len(mix), min(mix.shape[1], NOISE_SECONDS * rate)), dtype=np.float32)
    mix = add_noise(mix, looped(floor, mix.shape[1]), between(rng, -110, -65))
    if rng.random() < 0.05:
        mix = mix + np.float32(rng.normal(0, 0.003))
    polarity = np.float32(-1 if rng.random() < 0.5 else 1)
    return np.clip(polarity * mix, -1, 1).astype(np.float32, copy=False)


def _sum(stems: Stems, gains: np.ndarray) -> np.ndarray:
    return np.einsum("t,tcs->cs", gains.astype(np.float32), stems.samples)


def _rms(sound: np.ndarray) -> np.float32:
    return np.float32(max(float(np.sqrt(np.mean(sound**2))), SILENT))
