"""Sounds in which there is nothing to find: silence, noise, speech, applause."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from onpu.formats.audio import write_audio
from onpu.music import Audio

RATE = 44_100
SECONDS = 20.0
SAMPLES = round(RATE * SECONDS)
SPEAKERS = {"speech-male": "en-us+m3", "speech-female": "en-gb+f4", "speech-german": "de+m7", "speech-french": "fr+f2"}
NEGATIVES = ("silence", "white-noise", "pink-noise", "applause", *SPEAKERS)
SAYING = ("The weather will stay dry until the evening, with light wind from the west and some clouds over the hills. "
          "Trains to the coast leave every thirty minutes from platform four, and tickets are sold on board. "
          "Please remember that the library closes at six on weekdays and at noon on Saturdays. ") * 3


def write_negative(name: str, path: Path) -> None:
    """Write the sound of this name, stereo, 20 s, peak at -3 dB; speech is left out where there is no espeak-ng."""
    if name in SPEAKERS and shutil.which("espeak-ng") is None:
        print(f"{name} left out: there is no espeak-ng (Debian: apt install espeak-ng)")
        return
    rng = np.random.default_rng([len(name), *name.encode()])
    samples = speech(SPEAKERS[name]) if name in SPEAKERS else MAKERS[name](rng)
    peak = float(np.abs(samples).max())
    write_audio(path, Audio((samples * (0.7 / peak if peak else 0.0)).astype(np.float32), RATE))


def silence(_: np.random.Generator) -> np.ndarray:
    """Digital silence."""
    return np.zeros((2, SAMPLES))


def white_noise(rng: np.random.Generator) -> np.ndarray:
    """Equal power at all frequencies."""
    return rng.standard_normal((2, SAMPLES))


def pink_noise(rng: np.random.Generator) -> np.ndarray:
    """Equal power in all octaves from 20 Hz on."""
    spectrum = np.fft.rfft(white_noise(rng))
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(np.fft.rfftfreq(SAMPLES, 1 / RATE), 20.0)), SAMPLES)


def applause(rng: np.random.Generator) -> np.ndarray:
    """Sixty people, each clapping about four times a second: bursts of noise, decaying in 8 to 25 ms."""
    out = np.zeros((2, SAMPLES + RATE))
    for _ in range(60):
        rate, centre, decay = rng.uniform(2.8, 5.2), rng.uniform(700, 2500), rng.uniform(0.008, 0.025)
        side, loud = rng.uniform(0.1, 0.9), rng.uniform(0.2, 1.0)
        times = np.cumsum(rng.normal(1 / rate, 0.02, round(SECONDS * rate * 1.2)).clip(0.1))
        length = round(6 * decay * RATE)
        axis = np.arange(length) / RATE
        for time in times[times < SECONDS - 0.2]:
            first = round(time * RATE)
            burst = rng.standard_normal(length) * np.sin(2 * np.pi * centre * axis + rng.uniform(0, 6.28))
            burst *= loud * rng.uniform(0.6, 1.0) * np.exp(-axis / decay)
            out[0, first:first + length] += side * burst
            out[1, first:first + length] += (1 - side) * burst
    return out[:, :SAMPLES]


def speech(voice: str) -> np.ndarray:
    """Weather and announcements, read by espeak-ng in the accent of that voice."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-w", str(path), SAYING], check=True)
        said, rate = soundfile.read(path)
    times = np.arange(SAMPLES) / RATE
    return np.tile(np.interp(times, np.arange(len(said)) / rate, said, right=0.0), (2, 1))


MAKERS = {"silence": silence, "white-noise": white_noise, "pink-noise": pink_noise, "applause": applause}
