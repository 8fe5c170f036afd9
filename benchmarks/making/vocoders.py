"""Vocoders: how near a sound that is made of a mel spectrum comes to that of which the spectrum is, and how fast.

    python -m benchmarks.making.vocoders FOLDER [--wavernn RUN] [--items 5] [--results FOLDER] [--dry]

FOLDER: of `onpu corpus speech`; what is heard is held out. RUN: folder of a run of `onpu train wavernn`; *nats* is the
mean -log p of a sample, coarse and fine byte. *Distance*: log-spectral distance in dB of the sound from the true one,
and root mean square of the decibels by which its mel bands are off. Times real time by processor seconds of one thread.
Table: benchmarks/results/vocoders.md.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from benchmarks.report import parser, run, save, table
from onpu.data.corpora.uttered import Uttered
from onpu.make import load
from onpu.make.wavernn import VOCODERS, WaveRnnOptions, judged, sound_by, vocoded
from onpu.metrics.spectra import log_spectral_distance
from onpu.represent.voice_mel import HOP, RATE, SPAN_DB, stft, voice_mel

SECONDS = 2.0
"""Of each item."""


def compared(sound: np.ndarray, true: np.ndarray) -> tuple[float, float]:
    """Log-spectral distance, and dB by which mel bands are off."""
    length = min(len(sound), len(true))
    spectra = stft()(torch.from_numpy(np.stack([true[:length], sound[:length]]).astype(np.float32)))[:, 0].numpy()
    apart = voice_mel(sound[:length]) - voice_mel(true[:length])
    return log_spectral_distance(spectra[0], spectra[1]), float(SPAN_DB * np.sqrt(np.mean(apart**2)))


def main() -> None:
    """Measure, print and write the table."""
    options = parser(__doc__)
    options.add_argument("folder", type=Path, help="utterances (onpu corpus speech)")
    options.add_argument("--wavernn", type=Path, help="folder of a run of onpu train wavernn")
    options.add_argument("--items", type=int, default=5, help="utterances of each voice")
    given = options.parse_args()
    torch.set_num_threads(1)
    data = Uttered.open(given.folder).tested()
    ways: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        name: lambda mel, name=name: sound_by(name, mel, 0, None) for name in VOCODERS}  # type: ignore[misc]
    trained = None if given.wavernn is None else load(given.wavernn / "best.safetensors")
    if trained is not None:
        ways["wavernn"] = lambda mel: vocoded(trained, mel, WaveRnnOptions())
    rows: list[list[object]] = []
    for voice in data.voices:
        items = [data.item(number).samples for number in data.by_voice(voice)[: given.items]]
        middles = [(len(samples) - min(len(samples), round(SECONDS * RATE))) // 2 for samples in items]
        cuts = [samples[start : start + round(SECONDS * RATE)] for samples, start in zip(items, middles, strict=True)]
        cuts = [samples[: len(samples) // HOP * HOP] for samples in cuts]
        for name, way in ways.items():
            begun = time.process_time()
            sounds = [way(voice_mel(samples)) for samples in cuts]
            spent = time.process_time() - begun
            apart = np.mean([compared(sound, true) for sound, true in zip(sounds, cuts, strict=True)], axis=0)
            nats = np.full(2, np.nan)
            if name == "wavernn" and trained is not None:
                nats = np.mean([judged(trained, samples, SECONDS) for samples in cuts], axis=0)
            rows.append([f"{voice}, {name}", *map(float, apart), sum(map(len, cuts)) / RATE / spent, *map(float, nats),
                         float(nats.sum())])
            print(rows[-1], flush=True)
    facts = {} if trained is None else trained.card["trained"]
    about = "" if trained is None else (
        f" The WaveRNN has {sum(each.numel() for each in trained.network.parameters())} parameters and learned for "
        f"{facts['minutes']:.1f} minutes, {facts['steps']} steps of {trained.recipe.batch} crops of "
        f"{trained.recipe.crop_frames * HOP} samples.")
    save(given, "vocoders", "Sound from mel spectra", [
        f"{given.items} held-out utterances of each voice, {SECONDS:g} s from the middle; 16 kHz, 80 bands each "
        f"{1000 * HOP / RATE:g} ms. They report.{about}\n",
        table(("voice, vocoder", "LSD, dB", "mel, dB", "× real time", "nats, coarse", "nats, fine", "nats"), rows)])


if __name__ == "__main__":
    run(main)
