"""Syllables of a speaker sung to a line: vowels stretched, spectra warped to another throat, WORLD synthesis."""

from dataclasses import dataclass

import numpy as np

from onpu.engine.compose.draw import between
from onpu.engine.render.voice.bank import (
    BANDS,
    CENTRES,
    FFT,
    FRAME_SECONDS,
    NOISE_BANDS,
    RATE,
    Syllable,
    mel,
    syllables,
    world,
)
from onpu.engine.render.voice.line import SungLine
from onpu.engine.render.voice.tts import Speaker

BRIDGED_SECONDS = 0.05
"""Seconds of voiceless consonant over which the pitch goes on; in longer ones there is none."""
_HOP = round(RATE * FRAME_SECONDS)
_NEPER = np.log(10) / 10
_BREATH = 0.35


@dataclass(frozen=True, eq=False)
class Throat:
    """speaker: whose syllables. warp: formants times this. colour: (BANDS,) dB of a personal spectrum. breath: noise
    in the voice, 0 to 1. clarity: exponent of the aperiodicity. consonants: dB of voiceless ones. softness: dB an
    octave by which the spectrum falls for 10 dB of softer singing. inhales: dB of breath noise before phrases."""

    speaker: Speaker
    warp: float
    colour: np.ndarray
    breath: float
    clarity: float
    consonants: float
    softness: float
    inhales: float


def draw_throat(speaker: Speaker, size: float, rng: np.random.Generator) -> Throat:
    """A random person with the speaker's syllables. size: formants relative to the average of the speaker's sex."""
    octaves = np.log2(np.maximum(CENTRES, 250) / 250)
    colour = between(rng, -2.0, 3.0) * np.minimum(octaves, 4)
    for _ in range(6):
        colour += rng.normal(0, 2.0) * np.cos(np.pi * rng.integers(1, 9) * np.linspace(0, 1, BANDS) + rng.uniform(0, 3))
    ringing = between(rng, -2, 11)
    colour += ringing * np.exp(-(((CENTRES - between(rng, 2600, 3400)) / 500) ** 2))
    return Throat(speaker, size, colour, max(0.0, between(rng, -0.3, 0.3)), between(rng, 1.0, 3.5),
                  between(rng, -12, -1), between(rng, 0.5, 2.5), between(rng, -42, -24))


@dataclass(frozen=True, eq=False)
class SungFrames:
    """Frames of a sung line: pitch (frames,) MIDI, envelope (frames, BANDS) log power, noise (frames, NOISE_BANDS),
    voiced and sounding (frames,), and the syllables: (start, end, text), seconds."""

    pitch: np.ndarray
    envelope: np.ndarray
    noise: np.ndarray
    voiced: np.ndarray
    sounding: np.ndarray
    spoken: tuple[tuple[float, float, str], ...]


def take(line: SungLine, throat: Throat, rng: np.random.Generator) -> SungFrames:
    """A line sung with random syllables of the speaker."""
    frames = len(line.pitch)
    bank = syllables(throat.speaker)
    vocabulary = rng.permutation(len(bank))[: int(rng.integers(6, len(bank) + 1))]
    chosen = [bank[int(number)] for number in rng.choice(vocabulary, len(line.slots))]
    envelope = np.full((frames, BANDS), -30.0, dtype=np.float32)
    noise = np.ones((frames, NOISE_BANDS), dtype=np.float32)
    voiced, sounding = np.zeros(frames, dtype=bool), np.zeros(frames, dtype=bool)
    spoken = []
    before = 0
    leads = _leads(line, chosen)
    for index, (slot, syllable, lead) in enumerate(zip(line.slots, chosen, leads, strict=True)):
        onset = max(round(slot.onset / FRAME_SECONDS), before)
        end = min(round(slot.end / FRAME_SECONDS) - (leads[index + 1] if slot.joined else 0), frames)
        start = max(onset - lead, before, 0)
        if end - onset < 4:
            continue
        places = _places(syllable, onset - start, end - onset, rng)
        envelope[start:end] = _between_frames(syllable.envelope, places)
        noise[start:end] = _between_frames(syllable.noise, places)
        voiced[start:end] = syllable.voiced[np.rint(places).astype(int)]
        envelope[start:end] += np.where(voiced[start:end], 0.0, _NEPER * throat.consonants)[:, None]
        sounding[start:end] = True
        spoken.append((start * FRAME_SECONDS, end * FRAME_SECONDS, syllable.text))
        if index == 0 or not line.slots[index - 1].joined:
            _inhale(envelope, sounding, before, start, throat, rng)
        before = end
    envelope[1:-1] = (envelope[:-2] + 2 * envelope[1:-1] + envelope[2:]) / 4
    return SungFrames(line.pitch, envelope + expression(line.gain, throat), noise, voiced, sounding, tuple(spoken))


def _leads(line: SungLine, chosen: list[Syllable]) -> list[int]:
    """Frames of consonants before each vowel: at most two fifths of the time since the vowel before."""
    leads = []
    last = -np.inf
    for slot, syllable in zip(line.slots, chosen, strict=True):
        room = 0.4 * (slot.onset - last) / FRAME_SECONDS
        leads.append(int(min(syllable.begin, room, slot.onset / FRAME_SECONDS)))
        last = slot.onset
    return leads


def _places(syllable: Syllable, lead: int, length: int, rng: np.random.Generator) -> np.ndarray:
    """Which frame of the syllable is heard in each of `lead` + `length` frames: its borders at their own pace, the
    middle of the vowel stretched, with some wavering."""
    total = len(syllable.voiced)
    coda = min(total - syllable.end, length // 4)
    inner = length - coda
    edge = min(0.3 * (syllable.end - syllable.begin), 0.3 * inner)
    knots = [0, inner] if edge < 1 else [0, edge, inner - edge, inner]
    values = ([syllable.begin, syllable.end] if edge < 1 else
              [syllable.begin, syllable.begin + edge, syllable.end - edge, syllable.end])
    vowel = np.interp(np.arange(inner), knots, values)
    if inner > 40:
        slow = np.interp(np.arange(inner), np.linspace(0, inner, inner // 12 + 2),
                         rng.normal(0, 1.5, inner // 12 + 2))
        vowel = np.clip(vowel + slow * np.minimum(1, np.minimum(np.arange(inner), inner - np.arange(inner)) / 15),
                        syllable.begin, syllable.end)
    before = np.linspace(max(0, syllable.begin - 1.5 * lead), syllable.begin, lead, endpoint=False)
    after = np.linspace(syllable.end, min(total - 1, syllable.end + 1.5 * coda), coda)
    return np.clip(np.concatenate((before, vowel, after)), 0, total - 1)


def _between_frames(rows: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Rows at fractional places."""
    low = places.astype(int)
    high = np.minimum(low + 1, len(rows) - 1)
    part = (places - low)[:, None].astype(np.float32)
    return rows[low] + part * (rows[high] - rows[low])


def expression(gain: np.ndarray, throat: Throat) -> np.ndarray:
    """(frames, BANDS) of log power: loudness, and that soft singing is darker and its own throat's colour."""
    octaves = np.log2(np.maximum(CENTRES, 400) / 400)
    soft = np.clip(gain, -20, 6)[:, None] / 10 * throat.softness * octaves
    return (_NEPER * (gain[:, None] + soft + throat.colour)).astype(np.float32)


def _inhale(envelope: np.ndarray, sounding: np.ndarray, before: int, start: int, throat: Throat,
            rng: np.random.Generator) -> None:
    """A breath drawn in the pause before a phrase."""
    length = round(between(rng, 0.15, _BREATH) / FRAME_SECONDS)
    end = start - round(between(rng, 0.03, 0.1) / FRAME_SECONDS)
    if end - length < before + 10 or rng.random() < 0.3:
        return
    shape = 8 * np.log(np.sin(np.pi * (np.arange(length) + 0.5) / length))
    body = -np.abs(np.log2(np.maximum(CENTRES, 100) / between(rng, 1200, 3500))) * 5
    level = throat.inhales - 12 * np.log10(CENTRES / 1000 + 1)
    envelope[end - length : end] = _NEPER * (shape[:, None] + body + level) - expression(
        np.zeros(1), throat) * 0.5 + 6
    sounding[end - length : end] = True


def frequencies(sung: SungFrames) -> np.ndarray:
    """Hz every 10 ms, 0 where nothing voiced sounds."""
    gaps = sung.sounding & ~sung.voiced
    edges = np.flatnonzero(np.diff(np.concatenate(([False], gaps, [False]))))
    heard = sung.voiced.copy()
    for first, last in edges.reshape(-1, 2):
        inside = first > 0 and last < len(heard) and sung.voiced[first - 1] and sung.voiced[last]
        heard[first:last] = inside and (last - first) * FRAME_SECONDS <= BRIDGED_SECONDS
    return np.where(heard, 440 * 2 ** ((sung.pitch - 69) / 12), 0.0)[:: round(0.01 / FRAME_SECONDS)]


def voice(sung: SungFrames, throat: Throat) -> np.ndarray:
    """The sound at `RATE` Hz, float64 (samples,), by the WORLD synthesis."""
    pyworld = world()
    assert pyworld is not None
    out = np.zeros((len(sung.pitch) + 1) * _HOP + FFT)
    fine, coarse = _decoders(throat)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], sung.sounding, [False]))))
    f0 = np.where(sung.voiced, 440 * 2 ** ((sung.pitch - 69) / 12), 0.0)
    for first, last in edges.reshape(-1, 2):
        power = np.exp((sung.envelope[first:last] @ fine).astype(np.float64))
        noise = np.clip((sung.noise[first:last] @ coarse).astype(np.float64) ** throat.clarity, 0.001, 0.999)
        noise += throat.breath * (1 - noise) * np.linspace(0, 1, noise.shape[1]) ** 0.7
        sound = pyworld.synthesize(np.ascontiguousarray(f0[first:last]), power, noise, RATE, 1000 * FRAME_SECONDS)
        ramp = min(len(sound), 2 * _HOP)
        sound[:ramp] *= np.linspace(0, 1, ramp)
        sound[-ramp:] *= np.linspace(1, 0, ramp)
        out[first * _HOP : first * _HOP + len(sound)] += sound
    return out


def _decoders(throat: Throat) -> tuple[np.ndarray, np.ndarray]:
    """(BANDS, bins) and (NOISE_BANDS, bins): from bands to the bins of a spectrum that is warped."""
    bins = np.linspace(0, RATE / 2, FFT // 2 + 1)
    place = mel(np.minimum(bins / throat.warp, RATE / 2)) / mel(np.array(RATE / 2)) * (BANDS - 1)
    even = bins / (RATE / 2) * (NOISE_BANDS - 1)
    return _hats(place, BANDS), _hats(even, NOISE_BANDS)


def _hats(places: np.ndarray, count: int) -> np.ndarray:
    """(count, places): weights of linear interpolation."""
    return np.maximum(0, 1 - np.abs(places[None, :] - np.arange(count)[:, None])).astype(np.float32)
