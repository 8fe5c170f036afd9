"""usage: make_stored.py [NAME ...]: writes stored/NAME.npz, what shipped weights answer to a fixed sound or picture.

Run it after a change that is meant to change what shipped weights answer, for the weights that it is meant for, and say
in the commit why they change.
"""

import sys
from pathlib import Path

import numpy as np
import torch

import onpu
from onpu.inference.collecting import COMPACT_STEPS
from onpu.music import Audio

STORED = Path(__file__).parent / "stored"
LISTENERS = ("beats", "chords", "key", "piano", "voice")
NETWORKS = {"convert-strings": (1, 1, 512, 128), "stems": (1, 1, 399, 128)}
"""Makers -> shape of the picture that their network is given."""
RATE, SECONDS = 44_100, 8.0
DECIMATION, LONG = 10, 50
"""Of heads of more than `LONG` columns every tenth one is stored."""


def sound() -> Audio:
    """Chords of decaying harmonics with bursts of noise on a steady beat, over which a voice sings in the second half;
    mono, the same bytes on every machine."""
    rng = np.random.default_rng(15)
    samples = 0.001 * rng.standard_normal(round(SECONDS * RATE))
    after = np.arange(round(0.7 * RATE)) / RATE
    for beat, onset in enumerate(np.arange(0.2, SECONDS, 0.5)):
        root = 110 * 2 ** ((0, 5, 7, 0)[beat // 4 % 4] / 12)
        chord = sum(np.sin(2 * np.pi * root * 2 ** (interval / 12) * partial * after) / partial
                    for interval in (0, 4, 7) for partial in range(1, 6))
        burst = rng.standard_normal(len(after)) * np.exp(-60 * after) * (1 if beat % 4 else 2)
        start = round(onset * RATE)
        samples[start : start + len(after)] += (0.05 * chord * np.exp(-5 * after) + 0.1 * burst)[: len(samples) - start]
    sung = np.arange(round(SECONDS / 2 * RATE)) / RATE
    pitch = 220 * 2 ** ((np.array([0, 2, 4, 5])[(sung // 1.0).astype(int)] + 0.5 * np.sin(2 * np.pi * 5.5 * sung)) / 12)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    for partial in range(1, 24):
        vowel = sum(np.exp(-(((pitch * partial - formant) / 200) ** 2)) for formant in (700, 1150, 2800))
        samples[-len(sung) :] += 0.15 * (vowel + 0.05) * np.sin(partial * phase)
    return Audio(samples[None].astype(np.float32), RATE)


def activations(name: str) -> dict[str, np.ndarray]:
    """Head -> activations, of those over time every tenth frame."""
    found = onpu.load(name, precision="float32").activations(sound())
    return {head: values[..., ::DECIMATION] if values.shape[-1] > LONG else values for head, values in found.items()}


@torch.inference_mode()
def outputs(name: str) -> dict[str, np.ndarray]:
    """What the network of a maker answers to a picture of noise, every fourth bin and every tenth frame."""
    picture = torch.from_numpy(np.random.default_rng(15).uniform(-1, 1, NETWORKS[name]).astype(np.float32))
    return {"output": onpu.load(name).network(picture)[..., ::4, ::DECIMATION].numpy()}


def answers(name: str) -> dict[str, np.ndarray]:
    """What is stored of shipped weights."""
    return activations(name) if name in LISTENERS else outputs(name)


def stepped(values: np.ndarray) -> np.ndarray:
    """As the numbers of their steps, uint16, where all lie on steps of 1 / `COMPACT_STEPS`, else as they are."""
    steps = np.clip(values * COMPACT_STEPS, 0, COMPACT_STEPS).round().astype(np.uint16)
    return steps if np.array_equal((steps / np.float32(COMPACT_STEPS)).astype(np.float32), values) else values


if __name__ == "__main__":
    STORED.mkdir(exist_ok=True)
    for chosen in sys.argv[1:] or (*LISTENERS, *NETWORKS):
        np.savez_compressed(STORED / f"{chosen}.npz",
                            **{head: stepped(values) for head, values in answers(chosen).items()})
