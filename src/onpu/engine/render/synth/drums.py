"""A drum kit of noise and modes: every drum of the General MIDI map, each kit drawn from the seed."""

from collections.abc import Callable

import numpy as np

from onpu.engine.compose.draw import between
from onpu.engine.render.synth.oscillators import coloured, envelope, modes
from onpu.music import Drums

Hit = Callable[[np.random.Generator, float, int], np.ndarray]
"""(generator of this hit's noise, loudness in (0, 1], rate) -> mono sound."""
LAYERS = 5
"""Loudness steps; hits of a drum on the same step share their sound, of which there are VARIANTS."""
VARIANTS = 2


def kit(rng: np.random.Generator) -> dict[int, Hit]:
    """A drum kit: General MIDI number 27 to 87 -> how it sounds."""
    electronic = rng.random() < 0.4
    tune = 2 ** between(rng, -0.35, 0.35)
    drums: dict[int, Hit] = {}
    kick = _kick(rng, electronic)
    snare, other_snare = _snare(rng, electronic), _snare(rng, not electronic)
    drums |= {35: kick, 36: kick, 38: snare, 40: other_snare, 37: _wood(rng, 900 * tune, 0.03),
              39: _clap(rng), 31: _wood(rng, 2500 * tune, 0.02), 33: _wood(rng, 1600, 0.02), 34: _bell(rng, 2600, 0.4)}
    for number, pitch in {41: 75, 43: 92, 45: 112, 47: 135, 48: 160, 50: 190}.items():
        drums[number] = _tom(rng, pitch * tune, electronic)
    metal = _metal(rng)
    choke = between(rng, 0.02, 0.07)
    drums |= {42: _hat(metal, choke, 0.0, rng), 44: _hat(metal, choke * 0.7, 0.0, rng),
              46: _hat(metal, between(rng, 0.2, 0.6), 0.0, rng)}
    for number, ring in {49: 1.2, 57: 1.5, 55: 0.5, 52: 0.8}.items():
        drums[number] = _hat(_metal(rng), ring * between(rng, 0.7, 1.4), between(rng, 0.2, 0.6), rng)
    for number, ring in {51: 1.0, 59: 1.2}.items():
        drums[number] = _ride(_metal(rng), ring * between(rng, 0.7, 1.3), rng)
    drums[53] = _bell(rng, 900 * tune, 0.9)
    drums |= {54: _jingle(rng), 56: _bell(rng, 560 * tune, 0.12), 58: _jingle(rng)}
    for number, pitch in {60: 380, 61: 270, 62: 340, 63: 300, 64: 200, 65: 480, 66: 320}.items():
        drums[number] = _skin(rng, pitch * tune, 0.05 if number == 62 else 0.16)
    drums |= {67: _bell(rng, 900 * tune, 0.25), 68: _bell(rng, 650 * tune, 0.25), 69: _shake(rng, 0.06),
              70: _shake(rng, 0.04), 82: _shake(rng, 0.07), 71: _bell(rng, 2900, 0.1), 72: _bell(rng, 2900, 0.4),
              73: _shake(rng, 0.05), 74: _shake(rng, 0.2), 75: _wood(rng, 2400 * tune, 0.03),
              76: _wood(rng, 1200 * tune, 0.04), 77: _wood(rng, 850 * tune, 0.04), 78: _skin(rng, 600, 0.08),
              79: _skin(rng, 450, 0.2), 80: _bell(rng, 4200, 0.1), 81: _bell(rng, 4200, 0.9),
              83: _jingle(rng), 84: _jingle(rng), 85: _wood(rng, 2000, 0.02), 86: _tom(rng, 80, False),
              87: _tom(rng, 62, False), 27: _bell(rng, 3000, 0.05), 28: _clap(rng), 29: _shake(rng, 0.1),
              30: _shake(rng, 0.1), 32: _wood(rng, 3000, 0.01)}
    return drums


def play_drums(drums: Drums, samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Hits on a kit drawn from `rng`: (2, samples) float32. Hi-hats cut each other off; pieces have their places."""
    pieces = kit(rng)
    spread = between(rng, 0.0, 0.8)
    places = {number: float(np.clip(rng.normal(0, spread), -1, 1)) for number in pieces}
    places[35] = places[36] = places[38] = 0.0
    out = np.zeros((2, samples), dtype=np.float32)
    sounds: dict[tuple[int, int, int], np.ndarray] = {}
    order = np.argsort(drums.times, kind="stable")
    hats = [drums.times[i] for i in order if drums.pitches[i] in (42, 44, 46)] + [np.inf]
    for count, i in enumerate(order):
        number, start = int(drums.pitches[i]), round(float(drums.times[i]) * rate)
        if number not in pieces or start >= samples:
            continue
        loud = float(np.clip(drums.velocities[i], 1, 127)) / 127
        key = (number, round(loud * (LAYERS - 1)), count % VARIANTS)
        if key not in sounds:
            sounds[key] = pieces[number](rng, (key[1] + 1) / LAYERS, rate)
        sound = sounds[key]
        if number in (42, 44, 46):
            sound = _choked(sound, next(t for t in hats if t > drums.times[i]) - drums.times[i], rate)
        length = min(len(sound), samples - start)
        angle = (places[number] + 1) * np.pi / 4
        level = loud**1.3 * np.sqrt(2)
        out[0, start : start + length] += np.float32(level * np.cos(angle)) * sound[:length]
        out[1, start : start + length] += np.float32(level * np.sin(angle)) * sound[:length]
    return out


def _choked(sound: np.ndarray, after: float, rate: int) -> np.ndarray:
    if not after * rate < len(sound):
        return sound
    fade = max(1, rate // 200)
    cut = sound[: round(after * rate) + fade].copy()
    cut[-fade:] *= np.linspace(1, 0, min(fade, len(cut)), dtype=np.float32)[-len(cut) :]
    return cut


def _kick(rng: np.random.Generator, electronic: bool) -> Hit:
    low = between(rng, 42, 65)
    top = low * between(rng, 2.5, 7.0)
    sweep = between(rng, 0.008, 0.03)
    ring = between(rng, 0.15, 0.55) if electronic else between(rng, 0.07, 0.2)
    click, beater = between(rng, 0.03, 0.35), between(rng, 1500, 6000)
    drive = between(rng, 0.8, 3.0)

    def hit(noise: np.random.Generator, loud: float, rate: int) -> np.ndarray:
        n = round(min(6 * ring, 1.2) * rate)
        t = np.arange(n) / rate
        cycles = low * t + (top - low) * sweep * (1 - np.exp(-t / sweep))
        body = np.sin(2 * np.pi * cycles) * np.exp(-t / ring)
        attack = coloured(noise, n, rate, 300, beater * (0.5 + loud / 2), 3) * np.exp(-t / 0.004)
        return (np.tanh(drive * body) / np.tanh(drive) + click * loud * attack).astype(np.float32)

    return hit


def _snare(rng: np.random.Generator, electronic: bool) -> Hit:
    pitch = between(rng, 150, 260)
    ratios = np.array([1.0, 1.59, 2.14, 2.65, 3.2]) * rng.uniform(0.97, 1.03, 5)
    ring = between(rng, 0.03, 0.12)
    wires = between(rng, 0.06, 0.14) if electronic else between(rng, 0.06, 0.22)
    balance, top = between(rng, 0.3, 1.0), between(rng, 5000, 14000)
    weights = 0.6 ** np.arange(5) * rng.uniform(0.5, 1.0, 5)

    def hit(noise: np.random.Generator, loud: float, rate: int) -> np.ndarray:
        n = round(6 * max(wires, ring) * rate)
        t = np.arange(n) / rate
        tone = modes(pitch * ratios, ring * ratios**-0.5, weights, np.full(5, -np.pi / 2), n, rate)
        rattle = coloured(noise, n, rate, 700, top * (0.4 + 0.6 * loud), 1.5)
        shape = 0.7 * np.exp(-t / wires) + 0.6 * np.exp(-t / 0.012)
        crack = coloured(noise, n, rate, 1500, 9000) * np.exp(-t / 0.002)
        return (tone + balance * rattle * shape * 0.6 + 0.5 * loud * crack).astype(np.float32)

    return hit


def _tom(rng: np.random.Generator, pitch: float, electronic: bool) -> Hit:
    ring = between(rng, 0.12, 0.35)
    bend = between(rng, 0.02, 0.6 if electronic else 0.15)

    def hit(noise: np.random.Generator, loud: float, rate: int) -> np.ndarray:
        n = round(5 * ring * rate)
        t = np.arange(n) / rate
        cycles = pitch * (t + bend * 0.05 * (1 - np.exp(-t / 0.05)))
        body = np.sin(2 * np.pi * cycles) * np.exp(-t / ring)
        body += 0.3 * np.sin(2 * np.pi * 1.59 * cycles) * np.exp(-3 * t / ring)
        return (body + 0.3 * loud * coloured(noise, n, rate, 200, 5000, 3) * np.exp(-t / 0.008)).astype(np.float32)

    return hit


def _skin(rng: np.random.Generator, pitch: float, ring: float) -> Hit:
    ring = ring * between(rng, 0.7, 1.4)
    ratios = np.array([1.0, 1.59, 2.14, 2.3, 2.65])

    def hit(noise: np.random.Generator, loud: float, rate: int) -> np.ndarray:
        n = round(6 * ring * rate)
        body = modes(pitch * ratios, ring / ratios, 0.5 ** np.arange(5), np.full(5, -np.pi / 2), n, rate)
        slap = coloured(noise, n, rate, 800, 6000) * np.exp(-np.arange(n) / (0.004 * rate))
        return (body + 0.4 * loud * slap).astype(np.float32)

    return hit


def _metal(rng: np.random.Generator) -> np.ndarray:
    """Mode frequencies of a cymbal: dense and inharmonic, Hz."""
    return np.sort(between(rng, 300, 500) * np.exp(rng.uniform(0, np.log(30), 90)))


def _hat(metal: np.ndarray, ring: float, wash: float, rng: np.random.Generator) -> Hit:
    tilt, sizzle = between(rng, 0.1, 1.0), between(rng, 0.3, 1.2)
    low = between(rng, 2500, 7000) if ring < 0.8 else between(rng, 400, 3000)
    weights = (metal / 6000) ** tilt / (1 + (low / metal) ** 4) * rng.uniform(0.3, 1.0, len(metal)) / 4
    phases = rng.uniform(0, 2 * np.pi, len(metal))

    def hit(noise: np.random.Generator, loud: float, rate: int) -> np.ndarray:
        n = round(min(5 * ring + 0.02, 4.0) * rate)
        t = np.arange(n) / rate
        ringing = modes(metal, ring * (4000 / metal) ** 0.3, weights, phases, n, rate)
        hiss = coloured(noise, n, rate, low, 16000) * sizzle * np.exp(-t / ring) * 0.3
        rise = (1 - wash * np.exp(-t / 0.03)) * np.minimum((n - np.arange(n)) / (0.1 * n), 1)
        return ((ringing + hiss) * rise * envelope(n, rate, 0.0005, 1.0, 1.0) * (0.5 + loud / 2)).astype(np.float32)

    return hit


def _ride(metal: np.ndarray, ring: float, rng: np.random.Generator) -> Hit:
    wash = _hat(metal, ring, 0.3, rng)
    ping = _wood(rng, between(rng, 2800, 4200), 0.05)

    def hit(noise: np.random.Generator, loud: float, rate: int) -> np.ndarray:
        out = 0.4 * wash(noise, loud, rate)
        stick = ping(noise, loud, rate)
        out[: len(stick)] += 0.5 * stick[: len(out)]
        return out

    return hit


def _clap(rng: np.random.Generator) -> Hit:
    centre, ring = between(rng, 900, 1800), between(rng, 0.05, 0.15)
    gaps = np.concatenate([[0.0], np.cumsum(rng.uniform(0.007, 0.012, 3))])

    def hit(noise: np.random.Generator, loud: float, rate: int) -> np.ndarray:
        n = round((6 * ring + 0.05) * rate)
        t = np.arange(n) / rate
        shape = sum((t >= gap) * np.exp(-np.maximum(t - gap, 0) / 0.004) for gap in gaps[:3])
        shape = shape + (t >= gaps[3]) * np.exp(-np.maximum(t - gaps[3], 0) / ring)
        return coloured(noise, n, rate, centre * 0.7, centre * 3) * shape.astype(np.float32) * np.float32(0.5)

    return hit


def _shake(rng: np.random.Generator, ring: float) -> Hit:
    centre = between(rng, 4500, 8500)
    rise = between(rng, 0.002, 0.015)

    def hit(noise: np.random.Generator, loud: float, rate: int) -> np.ndarray:
        n = round((6 * ring + rise) * rate)
        grains = coloured(noise, n, rate, centre * 0.7, centre * 1.6)
        return np.float32(0.4) * grains * envelope(n, rate, rise, ring, 0.0)

    return hit


def _jingle(rng: np.random.Generator) -> Hit:
    metal = between(rng, 3500, 5500) * np.exp(rng.uniform(0, 1.1, 24))
    weights, phases = rng.uniform(0.05, 0.2, 24), rng.uniform(0, 6.28, 24)
    ring = between(rng, 0.05, 0.15)

    def hit(noise: np.random.Generator, loud: float, rate: int) -> np.ndarray:
        n = round(5 * ring * rate)
        return (modes(metal, np.full(24, ring), weights, phases, n, rate)
                + 0.2 * coloured(noise, n, rate, 4000, 12000) * envelope(n, rate, 0.001, ring / 2, 0.0))

    return hit


def _wood(rng: np.random.Generator, pitch: float, ring: float) -> Hit:
    ratios = np.array([1.0, 1.43, 2.57, 3.9]) * rng.uniform(0.96, 1.04, 4)
    weights = np.array([1.0, 0.6, 0.4, 0.2])

    def hit(noise: np.random.Generator, loud: float, rate: int) -> np.ndarray:
        n = round(7 * ring * rate)
        return modes(pitch * ratios, ring / ratios**0.5, weights * loud, np.full(4, -np.pi / 2), n, rate)

    return hit


def _bell(rng: np.random.Generator, pitch: float, ring: float) -> Hit:
    ratios = np.array([1.0, 1.48, 2.0, 2.42, 3.1, 4.6, 5.4]) * rng.uniform(0.97, 1.03, 7)
    weights = 0.75 ** np.arange(7)
    ring = ring * between(rng, 0.7, 1.4)

    def hit(noise: np.random.Generator, loud: float, rate: int) -> np.ndarray:
        n = round(5 * ring * rate)
        return modes(pitch * ratios, ring / ratios**0.5, weights * 0.4, np.full(7, -np.pi / 2), n, rate)

    return hit
