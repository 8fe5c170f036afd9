"""Speed of the representations beside librosa and, where it is installed, nnAudio: three minutes of audio, same run.

    python -m benchmarks.listening.represent_speed [--seconds 180] [--threads 2] [--repeats 5]
        [--results FOLDER] [--dry]

Every cell is the shortest of several runs, after one that warms up; kernels are built before. Table:
benchmarks/results/represent_speed.md.
"""

import importlib.metadata
import os
import warnings
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec

import librosa
import numpy as np
import torch

from benchmarks.report import parser, run, save, table
from benchmarks.timing import Spent, timed
from onpu.represent import Chroma, Cqt, Hcqt, LogFilterbank, Mel, Mfcc, Stft

RATE = 22050


def music_like(seconds: float) -> np.ndarray:
    """Harmonic tones that change four times a second, over noise; (samples,), float32."""
    rng = np.random.default_rng(0)
    time_axis = np.arange(RATE // 4) / RATE
    parts = []
    for _ in range(round(seconds * 4)):
        pitches = 110 * 2 ** (rng.integers(0, 37, size=(3, 1, 1)) / 12)
        partials = np.arange(1, 7)[:, None]
        parts.append((np.sin(2 * np.pi * pitches * partials * time_axis) / partials).sum(axis=(0, 1)))
    audio = np.concatenate(parts) * 0.1
    return (audio + rng.normal(scale=0.01, size=len(audio))).astype(np.float32)


def race(calls: dict[str, Callable[[], object]], repeats: int) -> dict[str, Spent]:
    """Tool -> what its fastest call took, on the wall and of the processor.

    The tools take turns, so that other work on the machine hits all of them.
    """
    for call in calls.values():
        call()
    runs = [{tool: timed(call)[1] for tool, call in calls.items()} for _ in range(repeats)]
    return {tool: Spent(*np.min([each[tool] for each in runs], axis=0)) for tool in calls}


def contenders(audio: np.ndarray) -> dict[str, dict[str, Callable[[], object]]]:
    """Representation -> tool -> what to time. Sizes are the same in a row."""
    batch = torch.from_numpy(audio)[None]
    own = {
        "STFT magnitude 2048 / 512": Stft(RATE),
        "mel 128, power": Mel(RATE),
        "MFCC 20": Mfcc(Mel(RATE)),
        "CQT 84 bins, 12 an octave": Cqt(RATE),
        "CQT 84 bins, hop 441": Cqt(RATE, hop=441),
        "CQT 252 bins, 36 an octave": Cqt(RATE, bins=252, bins_per_octave=36),
        "chroma, 36 an octave": Chroma(RATE),
        "log bands 82, 50 fps (beats)": LogFilterbank(),
        "HCQT 6 x 360 bins, hop 256": Hcqt(),
    }
    rows: dict[str, dict[str, Callable[[], object]]] = {
        name: {"onpu": partial(module, batch)} for name, module in own.items()}
    of_librosa = {
        "STFT magnitude 2048 / 512": lambda: np.abs(librosa.stft(audio)),
        "mel 128, power": lambda: librosa.feature.melspectrogram(y=audio, sr=RATE),
        "MFCC 20": lambda: librosa.feature.mfcc(y=audio, sr=RATE),
        "CQT 84 bins, 12 an octave": lambda: np.abs(librosa.cqt(audio, sr=RATE, tuning=0)),
        "CQT 84 bins, hop 441": lambda: np.abs(librosa.cqt(audio, sr=RATE, hop_length=441, tuning=0)),
        "CQT 252 bins, 36 an octave": lambda: np.abs(
            librosa.cqt(audio, sr=RATE, n_bins=252, bins_per_octave=36, tuning=0)),
        "chroma, 36 an octave": lambda: librosa.feature.chroma_cqt(y=audio, sr=RATE, tuning=0),
        # the nearest librosa has: as many mel bands of the same STFT, and the logarithm
        "log bands 82, 50 fps (beats)": lambda: np.log10(1 + 1000 * librosa.feature.melspectrogram(
            y=audio, sr=RATE, hop_length=441, n_mels=82, fmin=30, fmax=10000, power=1)),
        "HCQT 6 x 360 bins, hop 256": lambda: [
            np.abs(librosa.cqt(audio, sr=RATE, hop_length=256, fmin=32.703 * harmonic, n_bins=360, bins_per_octave=60,
                               tuning=0)) for harmonic in (0.5, 1, 2, 3, 4, 5)],
    }
    for name, call in of_librosa.items():
        rows[name]["librosa"] = call
    try:
        from nnAudio import features
    except ImportError:
        return rows
    of_nnaudio = {
        "STFT magnitude 2048 / 512": features.STFT(n_fft=2048, hop_length=512, sr=RATE, output_format="Magnitude",
                                                   pad_mode="constant", verbose=False),
        "mel 128, power": features.MelSpectrogram(sr=RATE, n_fft=2048, hop_length=512, n_mels=128, verbose=False),
        "MFCC 20": features.MFCC(sr=RATE, n_mfcc=20, verbose=False, n_fft=2048, hop_length=512),
        "CQT 84 bins, 12 an octave": features.CQT2010v2(sr=RATE, hop_length=512, n_bins=84, verbose=False),
        "CQT 84 bins, hop 441": features.CQT1992v2(sr=RATE, hop_length=441, n_bins=84, verbose=False),
        "CQT 252 bins, 36 an octave": features.CQT2010v2(sr=RATE, hop_length=512, n_bins=252, bins_per_octave=36,
                                                         verbose=False),
    }
    for name, module in of_nnaudio.items():
        rows[name]["nnAudio"] = partial(module, batch)
    return rows


def main() -> None:
    """Measure, print and write the table."""
    options = parser(__doc__)
    options.add_argument("--seconds", type=float, default=180.0)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--repeats", type=int, default=5)
    given = options.parse_args()
    torch.set_num_threads(given.threads)
    warnings.simplefilter("ignore")
    tools = ("onpu", "librosa", "nnAudio")
    load = os.getloadavg()[0]
    rows = []
    with torch.no_grad():
        for name, calls in contenders(music_like(given.seconds)).items():
            spent = race(calls, given.repeats)
            cells = [f"{spent[tool].seconds * 1000:.0f} / {spent[tool].processor * 1000:.0f}" if tool in spent else "-"
                     for tool in tools]
            rows.append([name, *cells, f"{given.seconds / spent['onpu'].seconds:.0f}"])
    parts = [table(["representation", *(f"{tool}, ms wall / cores" for tool in tools), "onpu, times real time"], rows),
             f"{given.seconds:g} s of audio at {RATE} Hz, {given.threads} threads, shortest of "
             f"{given.repeats} runs. Other work on the machine when it began: {load:.1f} processes. "
             f"nnAudio: {importlib.metadata.version('nnAudio') if find_spec('nnAudio') else 'not installed'}. "
             "For librosa the log bands are as many mel bands of the same STFT.\n"]
    save(given, "represent_speed", "Speed of the representations", parts)


if __name__ == "__main__":
    run(main)
