"""True lossy files: encoded and decoded again by libsndfile in memory or, where it is installed, by ffmpeg in pipes.

What comes back is as long as what went in and no later: the delay of each encoder is measured once with a burst of
noise and taken off, however much of it the version of the library takes off itself.
"""

import io
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import soundfile
import soxr

from onpu.engine.compose.draw import pick
from onpu.errors import DataError

BLOCK = 16_384
"""Frames that are given to an encoder of libsndfile at once."""
SHORTEST = 4096
"""Samples under which nothing is encoded: some encoders make nothing of less."""
PROBE_SECONDS = 0.5
"""Of the sound that measures the delay, the second half of which is noise; as much silence follows it."""
SECONDS_OF_FFMPEG = 300
"""After so long ffmpeg is given up."""


@dataclass(frozen=True)
class Encoder:
    """program: `libsndfile` or `ffmpeg`. form, codec: container and codec, as that program calls them. rate: Hz in the
    file. strength: compression from 0 to 1 for libsndfile, kbit/s for ffmpeg. channels: in the file, 1 or 2."""

    program: str
    form: str
    codec: str
    rate: int
    strength: float
    channels: int


LIBSNDFILE = (
    *(("MP3", "MPEG_LAYER_III", rate, level) for rate in (22_050, 44_100) for level in (0.7, 0.85, 0.95)),
    *(("OGG", "VORBIS", rate, level) for rate in (22_050, 44_100) for level in (0.6, 0.85, 1.0)),
    *(("OGG", "OPUS", rate, level) for rate in (24_000, 48_000) for level in (0.9, 0.95, 0.98)))
FFMPEG = (
    *(("mp3", "libmp3lame", rate, kilobits) for rate, kilobits in (
        (22_050, 24), (22_050, 40), (44_100, 64), (44_100, 96), (44_100, 128))),
    *(("ogg", "libopus", 48_000, kilobits) for kilobits in (16, 24, 32, 48, 64)),
    *(("ogg", "libvorbis", rate, kilobits) for rate, kilobits in ((22_050, 32), (44_100, 64))),
    *(("adts", "aac", rate, kilobits) for rate, kilobits in ((22_050, 32), (44_100, 48), (44_100, 64), (44_100, 96))))
"""Form, codec, rate and strength of the files that are made: small ones."""
FFMPEG_CHANCE = 0.9
"""Chance of ffmpeg where it is installed; it takes half the time of libsndfile."""
DEMUXERS = {"adts": "aac"}
"""What ffmpeg calls a form that it reads, where that is not what it calls it when it writes."""
FAST = {"libmp3lame": ("-compression_level", "9"), "libopus": ("-compression_level", "3"),
        "aac": ("-aac_coder", "fast")}
"""Codec -> arguments that make ffmpeg encode faster."""


def draw_encoder(rng: np.random.Generator, channels: int) -> Encoder:
    """An encoder that is there, at a rate of 16 to 130 kbit/s."""
    wanted, small, large = rng.random() < FFMPEG_CHANCE, pick(rng, LIBSNDFILE), pick(rng, FFMPEG)
    encoder = Encoder("ffmpeg", *large, channels)
    return encoder if wanted and _works(encoder) else Encoder("libsndfile", *small, channels)


def encoded(sound: np.ndarray, encoder: Encoder, rate: int) -> np.ndarray:
    """(2, samples) within ±1 as the encoder's file gives it back: float32 (2, samples), not later, perhaps beyond ±1.
    Mono files take the mean of both channels. Raises `DataError` when the encoder fails."""
    samples = sound.shape[1]
    if samples < SHORTEST:
        return sound
    out = _through(sound, encoder, rate)[:, delay(encoder, rate) :][:, :samples]
    out = np.pad(out, ((0, 0), (0, samples - out.shape[1])))
    return np.repeat(out, 2, axis=0) if encoder.channels == 1 else out


@lru_cache(maxsize=256)
def delay(encoder: Encoder, rate: int) -> int:
    """Samples at `rate` by which the encoder delays: where noise that was encoded resembles itself most."""
    rng = np.random.default_rng(0)
    length = round(PROBE_SECONDS * rate)
    burst = np.zeros(2 * length, dtype=np.float32)
    burst[length // 2 : length] = 0.2 * rng.standard_normal(length - length // 2, dtype=np.float32)
    heard = _through(np.tile(burst, (2, 1)), encoder, rate)[0]
    size = len(burst) + len(heard)
    alike = np.fft.irfft(np.conj(np.fft.rfft(burst, size)) * np.fft.rfft(heard, size), size)
    return int(np.argmax(alike[:length]))


@lru_cache(maxsize=256)
def _works(encoder: Encoder) -> bool:
    """Whether ffmpeg is there and has this encoder."""
    if shutil.which("ffmpeg") is None:
        return False
    try:
        return _ffmpeg(np.zeros((encoder.channels, 2 * SHORTEST), dtype=np.float32), encoder, encoder.rate).size > 0
    except DataError:
        return False


def _through(sound: np.ndarray, encoder: Encoder, rate: int) -> np.ndarray:
    """(channels, about as many samples), encoded and decoded, late by the encoder's delay."""
    given = sound.mean(axis=0, keepdims=True) if encoder.channels == 1 else sound
    if encoder.program == "ffmpeg":
        return _ffmpeg(given, encoder, rate)
    file, frames = io.BytesIO(), _resampled(given, rate, encoder.rate).T
    with soundfile.SoundFile(file, "w", encoder.rate, frames.shape[1], encoder.codec, format=encoder.form,
                             compression_level=encoder.strength) as out:
        for start in range(0, len(frames), BLOCK):  # Vorbis lays what it is given at once on the stack
            out.write(frames[start: start + BLOCK])
    file.seek(0)
    back, stored = soundfile.read(file, dtype="float32", always_2d=True)
    return _resampled(back.T, stored, rate)


def _ffmpeg(sound: np.ndarray, encoder: Encoder, rate: int) -> np.ndarray:
    """As `_through`."""
    raw = ("-f", "f32le", "-ar", str(rate), "-ac", str(encoder.channels))
    way = ("-c:a", encoder.codec, "-b:a", f"{encoder.strength:g}k", "-ar", str(encoder.rate),
           *FAST.get(encoder.codec, ()))
    form = DEMUXERS.get(encoder.form, encoder.form)
    file = _run((*raw, "-i", "-", *way, "-f", encoder.form, "-"), np.ascontiguousarray(sound.T, np.float32).tobytes())
    back = _run(("-f", form, "-i", "-", *raw, "-"), file)
    return np.frombuffer(back, dtype="<f4").reshape(-1, encoder.channels).T


def _run(arguments: tuple[str, ...], given: bytes) -> bytes:
    command = ["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", *arguments]
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS_OF_FFMPEG, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DataError(f"ffmpeg did not answer ({error}); repair it or take it off the PATH") from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"status {done.returncode}"]
        raise DataError(f"ffmpeg failed ({said[-1]}); repair it or take it off the PATH")
    return done.stdout


def _resampled(sound: np.ndarray, rate: int, wanted: int) -> np.ndarray:
    return sound if rate == wanted else soxr.resample(sound.T, rate, wanted, quality="MQ").T
