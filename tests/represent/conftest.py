"""Music for the tests: chords and a tune with partials, a bass, and drums of noise; 8 seconds, 22050 Hz."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
import torch
from tones import RATE, tone

SECONDS = 8


@pytest.fixture(scope="package", autouse=True)
def one_thread() -> Iterator[None]:
    """Small tensors on a busy machine: threads would wait for each other most of the time."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def music() -> np.ndarray:
    """Samples (samples,), float32, within ±1."""
    rng = np.random.default_rng(7)
    audio = np.zeros(SECONDS * RATE)
    beat = RATE // 2
    for index in range(SECONDS * 2):
        start = index * beat
        root = 36 + [0, 9, 5, 7][index // 4 % 4]
        events = [tone(root, 0.5, 0.3), tone(72 + rng.integers(0, 13), 0.4, 0.2)]
        events += [tone(root + 24 + step, 0.5, 0.1) for step in (0, 4, 7)]
        burst = rng.normal(size=beat // 2) * np.exp(-np.arange(beat // 2) / (300 if index % 2 else 2000))
        for event in [*events, 0.1 * burst]:
            part = audio[start : start + len(event)]
            part += event[: len(part)]
    return (audio / np.abs(audio).max()).astype(np.float32)


@pytest.fixture(scope="session")
def recording() -> np.ndarray:
    """A real recording (samples,), float32, 22050 Hz, from the folder that ONPU_DATA names or beside the checkout."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    found = sorted(Path(os.environ.get("ONPU_DATA", beside)).glob("real/mdb/*/mix.flac"))
    if not found:
        pytest.skip("no real recording: set ONPU_DATA")
    samples, rate = soundfile.read(found[0], dtype="float32", always_2d=True)
    return soxr.resample(samples.mean(axis=1), rate, RATE)
