"""Stems -> a record: effects in time, balance, channel strips, room, bus, medium, level, file.

A pure function of stems, seed and labels, where the same encoders are installed.

Every filter is of minimum phase and nothing is delayed: an onset comes out where it went in, to a millisecond.
"""

from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from onpu.engine.compose.draw import between, draw
from onpu.engine.render.dynamics import Compressor, compress, limit, saturate
from onpu.engine.render.encoders import draw_encoder, encoded
from onpu.engine.render.filters import bell, filtered, highpass, lowpass, shelf
from onpu.engine.render.in_time import in_time, pulse_of, swept
from onpu.engine.render.loudness import loudness
from onpu.engine.render.master import master
from onpu.engine.render.media import add_noise, background, draw_carrier
from onpu.engine.render.room import draw_room, impulse_response, reverberate
from onpu.engine.render.stereo import foldable, widened
from onpu.engine.render.strip import LINE_LEVEL_RMS, SILENT_RMS, level_of, log_between, strip
from onpu.engine.render.synth.oscillators import looped
from onpu.music import Audio, Stems, Timeline

SESSIONS = {"demo": 0.14, "close": 0.14, "studio": 0.52, "live": 0.12, "home": 0.08}
"""demo: the dry tracks summed, mono. close: microphones near the instruments, nothing done to them. studio: strips, a
room, bus and master. live: a distant pair in a room. home: one cheap microphone in a room."""
SOLO = {"demo": 0.1, "close": 0.5, "studio": 0.14, "live": 0.2, "home": 0.06}
"""The same for a single stem."""
AROUND = {"demo": 0.0, "close": 0.15, "studio": 0.2, "live": 0.9, "home": 0.9}
"""Chance of audible ambience."""
BURIED_DRUMS_CHANCE, LOUD_DRUMS_CHANCE, NO_BASS_CHANCE, PUMPING_CHANCE = 0.1, 0.12, 0.06, 0.08
"""Chances of drums far too soft or far too loud, of no bass at all, and of everything ducking under the drums."""
DRUM_ROOM_CHANCE = 0.6
"""Chance of a room around the drums alone."""
NOISE_SECONDS = 11
"""Length of the noise floor that is made; longer recordings repeat it."""
CEILING = 0.98
LOUD_MASTER_CHANCE = 0.65
"""Chance that a studio masters music with drums as loud as it has been since the nineties."""
ENCODED_CHANCE = 0.15
"""Chance of a true lossy file at the end."""
MONO_SHARE = 0.01
"""RMS of the side relative to the middle under which a file is mono."""


@threadpool_limits.wrap(limits=1, user_api="blas")  # matrix products round differently on several threads
def produce(stems: Stems, seed: int, labels: Timeline | None = None) -> Audio:
    """Mix and master.

    Parameters
    ----------
    stems
        What is mixed; stems whose names begin with `drums` or `bass` are treated as such.
    seed
        Draws the studio: session, rooms, effects, carrier, loudness, file.
    labels
        What is played; from it the producer knows beats, kicks, sections and genre. In electronic styles some effects
        then go with the beat: ducking, gates, wobble, delays, filter sweeps. None: no such effects.

    Returns
    -------
    Audio
        Stereo (2, samples) at the stems' rate, float32, within ±1, at -30 to -6 LUFS; the labels of the song hold for
        it.

    Raises
    ------
    DataError
        When ffmpeg is installed and fails.

    Examples
    --------
    >>> from onpu.engine.compose import compose
    >>> from onpu.engine.render import produce, render
    >>> song = compose(1, "piano waltz", seconds=4)
    >>> mix = produce(render(song, seed=1, rate=22050, fonts=[]), seed=1)
    >>> mix.channels, mix.rate, mix.duration == round(song.duration * 22050) / 22050
    (2, 22050, True)
    """
    if stems.samples.size == 0:
        return Audio(np.zeros((2, stems.samples.shape[-1]), dtype=np.float32), stems.rate)
    rng = np.random.default_rng([seed, 0x5EED])
    timed = np.random.default_rng([seed, 0x71E])
    pulse = pulse_of(labels)
    if pulse is not None:
        stems = in_time(stems, pulse, timed)
    stems = _folding(stems)
    session = draw(rng, SESSIONS if len(stems.names) > 1 else SOLO)
    carrier = draw_carrier(rng)
    mix = {"demo": _demo, "close": _close, "studio": _studio, "live": _live, "home": _home}[session](stems, rng)
    if pulse is not None:
        mix = swept(mix, pulse, stems.rate, timed)
    if rng.random() < AROUND[session]:
        mix = background(mix, stems.rate, rng)
    mix = carrier(mix, stems.rate, rng)
    loud = session == "studio" and any(name.startswith("drums") for name in stems.names)
    mix = _levelled(foldable(mix), stems.rate, session == "studio", loud, rng)
    return Audio(_filed(mix, stems.rate, np.random.default_rng([seed, 0xF11E])), stems.rate)


def _folding(stems: Stems) -> Stems:
    """Stems of which none cancels itself when it is heard in mono."""
    folded = [foldable(stem) for stem in stems.samples]
    same = all(np.shares_memory(new, old) for new, old in zip(folded, stems.samples, strict=True))
    return stems if same else replace(stems, samples=np.stack(folded))


def _demo(stems: Stems, rng: np.random.Generator) -> np.ndarray:
    """Dry mono tracks, simply summed."""
    return np.tile(_sum(drums_in_room(stems, rng), _gains(stems, between(rng, 0, 5), rng)).mean(axis=0), (2, 1))


def _close(stems: Stems, rng: np.random.Generator) -> np.ndarray:
    """Unprocessed but for the colour of the microphones and a little of the room; often dark."""
    mix = filtered(_sum(drums_in_room(stems, rng), _gains(stems, 2.0, rng)), *equaliser(4.0, stems.rate, rng))
    if rng.random() < 0.65:
        mix = filtered(mix, shelf(log_between(rng, 900, 5000), between(rng, -22, -3), True, stems.rate))
    return _in_room(mix, mix, log_between(rng, 0.02, 0.5), stems.rate, rng)


def _studio(stems: Stems, rng: np.random.Generator) -> np.ndarray:
    """Every stem through a strip of its own and more or less of it into the room, then bus compressor and equaliser."""
    rate = stems.rate
    stems = drums_in_room(stems, rng)
    gains = _gains(stems, 3.0, rng)
    width, wetness = between(rng, 0.0, 1.3), between(rng, 0, 1) ** 1.5
    pumped = "drums" in stems.names and rng.random() < PUMPING_CHANCE
    key = stems.samples[stems.names.index("drums")] if pumped else None
    pump = Compressor(threshold=-6, ratio=4, attack=0.005, release=between(rng, 40, 120))
    mix = np.zeros(stems.samples.shape[1:], dtype=np.float32)
    send = np.zeros_like(mix)
    for name, stem, gain in zip(stems.names, stems.samples, gains, strict=True):
        if gain == 0 or level_of(stem) <= SILENT_RMS:
            continue
        sound = strip(stem * gain, name, rate, rng)
        if key is not None and name != "drums":
            sound = compress(sound, pump, rate, key)
        mix += sound
        share = between(rng, 0.1, 1.0) * (0.15 if name.startswith("bass") else 1.0)
        send += np.float32(wetness * share) * sound
    mix = _in_room(mix, send, 0.5, rate, rng)
    if rng.random() < 0.6:
        bus = Compressor(threshold=between(rng, -8, 6), ratio=between(rng, 1.3, 5), attack=between(rng, 0.002, 0.04),
                         release=between(rng, 15, 120))
        mix = compress(mix, bus, rate)
    if rng.random() < 0.25:
        mix = saturate(mix * (np.float32(LINE_LEVEL_RMS) / level_of(mix)), between(rng, 0.3, 2.5), between(rng, 0, 0.2))
    return widened(filtered(mix, *equaliser(5.0, rate, rng), highpass(between(rng, 15, 45), 2, rate)), width)


def _live(stems: Stems, rng: np.random.Generator) -> np.ndarray:
    """From a distance: much of the room, less treble."""
    mix = filtered(_sum(stems, _gains(stems, 3.0, rng)), *equaliser(6.0, stems.rate, rng),
                   shelf(log_between(rng, 2000, 8000), between(rng, -14, 0), True, stems.rate))
    return widened(_in_room(mix, mix, between(rng, 0.3, 1.6), stems.rate, rng), between(rng, 0.2, 1.0))


def _home(stems: Stems, rng: np.random.Generator) -> np.ndarray:
    """One microphone with limits at both ends, and its automatic gain."""
    rate = stems.rate
    mix = np.tile(_sum(stems, _gains(stems, 3.0, rng)).mean(axis=0), (2, 1))
    mix = filtered(_in_room(mix, mix, between(rng, 0.1, 0.9), rate, rng), *equaliser(9.0, rate, rng),
                   highpass(between(rng, 60, 250), 2, rate), lowpass(between(rng, 5_000, 14_000), 2, rate))
    gain = Compressor(threshold=between(rng, -10, 3), ratio=between(rng, 2, 8), attack=between(rng, 0.005, 0.1),
                      release=between(rng, 10, 60))
    return compress(mix, gain, rate)


def _gains(stems: Stems, spread: float, rng: np.random.Generator) -> np.ndarray:
    """Linear gains (stems,), float32: normally distributed in dB; drums and bass are sometimes far off."""
    db = rng.normal(0, spread, len(stems.names))
    place, no_bass = rng.random(), rng.random() < NO_BASS_CHANCE and len(stems.names) > 2
    lift = 0.0
    if place < BURIED_DRUMS_CHANCE:
        lift = between(rng, -14, -6)
    elif place > 1 - LOUD_DRUMS_CHANCE:
        lift = between(rng, 5, 14)
    for index, name in enumerate(stems.names):
        if name.startswith("drums"):
            db[index] += lift
        if name.startswith("bass") and no_bass:
            db[index] = -np.inf
    return (10 ** (db / 20)).astype(np.float32)


def drums_in_room(stems: Stems, rng: np.random.Generator) -> Stems:
    """The stems with drums as overhead and room microphones hear them, mostly: a small live room, often squashed."""
    wet, used = log_between(rng, 0.1, 1.2), rng.random() < DRUM_ROOM_CHANCE
    room, squash = replace(draw_room(rng), decay=log_between(rng, 0.15, 0.9)), rng.random() < 0.4
    samples = stems.samples
    for index, name in enumerate(stems.names):
        if used and name.startswith("drums"):
            heard = reverberate(samples[index], impulse_response(room, stems.rate))
            if squash:
                heard = compress(heard, Compressor(threshold=-8, ratio=6, attack=0.003, release=150), stems.rate)
            samples = samples.copy()
            samples[index] += np.float32(wet) * heard
    return replace(stems, samples=samples)


def _in_room(dry: np.ndarray, send: np.ndarray, wet: float, rate: int, rng: np.random.Generator) -> np.ndarray:
    return dry + np.float32(wet) * reverberate(send, impulse_response(draw_room(rng), rate))


def equaliser(spread: float, rate: int, rng: np.random.Generator) -> list[np.ndarray]:
    """A broad equaliser of random shape: two shelves and a bell of normally distributed gain, `spread` / 2 dB."""
    return [shelf(between(rng, 60, 400), rng.normal(0, spread / 2), False, rate),
            bell(log_between(rng, 200, 5000), rng.normal(0, spread / 2), between(rng, 0.4, 1.2), rate),
            shelf(between(rng, 1500, 9000), rng.normal(-2, 0.6 * spread), True, rate)]


def _levelled(mix: np.ndarray, rate: int, mastered: bool, loud: bool, rng: np.random.Generator) -> np.ndarray:
    """At a random loudness, within ±1 by mastering, limiting, clipping or turning down; with a noise floor, sometimes
    an offset, and either polarity. mastered: in a studio; loud: perhaps very loudly."""
    loud = rng.random() < LOUD_MASTER_CHANCE and loud
    target = between(rng, -14, -6) if loud else between(rng, -20, -8) if mastered else between(rng, -30, -14)
    way, reach, lower = rng.random(), between(rng, 0.001, 0.04), between(rng, 0.7, CEILING)
    if not loud:
        level = loudness(mix, rate)
        mix = mix * np.float32(10 ** ((target - level) / 20) if np.isfinite(level) else 1.0)
    peak = float(np.abs(mix).max(initial=0.0))
    if loud:
        mix = master(mix, target, CEILING, reach, rate)
    elif peak > CEILING and (mastered or way < 0.1):
        mix = limit(mix, CEILING, reach, rate) if way < 0.85 else np.clip(mix, -CEILING, CEILING)
    elif peak > CEILING:
        mix = mix * np.float32(lower / peak)
    floor = rng.standard_normal((len(mix), min(mix.shape[1], NOISE_SECONDS * rate)), dtype=np.float32)
    mix = add_noise(mix, looped(floor, mix.shape[1]), between(rng, -110, -65))
    if rng.random() < 0.05:
        mix = mix + np.float32(rng.normal(0, 0.003))
    polarity = np.float32(-1 if rng.random() < 0.5 else 1)
    return np.clip(polarity * mix, -1, 1)


def _filed(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Sometimes encoded and decoded; sound without sides as a mono file."""
    if rng.random() >= ENCODED_CHANCE:
        return sound
    sides = level_of(sound[0] - sound[1]) > MONO_SHARE * level_of(sound[0] + sound[1])
    return np.clip(encoded(sound, draw_encoder(rng, 2 if sides else 1), rate), -1, 1)


def _sum(stems: Stems, gains: np.ndarray) -> np.ndarray:
    return np.tensordot(gains, stems.samples, axes=1)
