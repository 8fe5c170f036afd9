"""Noise taken away: SI-SDR improvement of held-out songs under held-out noise, beside spectral gating.

    python -m benchmarks.making.enhancement [--weights enhance] [--songs 50] [--results FOLDER] [--dry]

Songs are composed and played like those of the training from other seeds, and, in a second table, in the styles and
from the soundfont that all training leaves out; noises (`onpu.data.scenes.noise`) are drawn anew. Each song is heard at
several signal-to-noise ratios. The peer is `noisereduce` (Sainburg, spectral gating), where it is installed, with its
defaults and told nothing of the noise. Speed is that of a minute of one channel. Table:
benchmarks/results/enhancement.md.
"""

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import torch

from benchmarks.paths import CACHE
from benchmarks.recordings import fonts, held_out_styles
from benchmarks.report import parser, run, save, table
from benchmarks.timing import timed
from onpu.data.plan import Plan
from onpu.data.scenes.noise import RATE, NoiseScenes
from onpu.data.scenes.sounds import AlignedSounds, write_sounds
from onpu.make import load
from onpu.make.enhance import mixed
from onpu.metrics.separation import si_sdr

RATIOS = (0.0, 5.0, 10.0, 15.0)
SEED, SECONDS = 9, 20.0
Cleaner = Callable[[np.ndarray], np.ndarray]


def corpus(count: int, unseen: bool) -> AlignedSounds:
    """Songs and noises, rendered once."""
    plan = Plan(seed=SEED, seconds=SECONDS, rate=RATE, negatives=0.0)
    if unseen:
        plan = replace(plan, styles=held_out_styles(), fonts=tuple(map(str, fonts())))
    return write_sounds(CACHE / "noisy" / ("unseen" if unseen else "seen"), NoiseScenes(plan), count, 2)


def cleaners(weights: str) -> dict[str, Cleaner]:
    """Tool -> a call, noisy (samples,) -> (samples,) without the noise."""
    trained = load(weights)
    found: dict[str, Cleaner] = {"onpu": lambda noisy: trained(noisy, RATE).samples[0]}
    if find_spec("noisereduce"):
        import noisereduce

        found |= {"noisereduce, stationary": lambda noisy: noisereduce.reduce_noise(noisy, RATE, stationary=True),
                  "noisereduce": lambda noisy: noisereduce.reduce_noise(noisy, RATE)}
    return found


def gains(sounds: AlignedSounds, cleaner: Cleaner, ratio: float) -> np.ndarray:
    """Improvements of the songs in which neither is silent, dB."""
    rows = []
    for number in sounds.numbers:
        clean, noise = sounds.item(number)
        if clean.any() and noise.any():
            clean, noisy = mixed(clean, noise, ratio)
            rows.append(si_sdr(clean, cleaner(noisy)) - si_sdr(clean, noisy))
    return np.array(rows)


def speed(cleaner: Cleaner) -> float:
    """Times real time, a minute of one channel."""
    noise = np.random.default_rng(0).standard_normal(60 * RATE).astype(np.float32) * np.float32(0.1)
    return 60 / timed(cleaner, noise)[1].seconds


def main() -> None:
    """Measure, print and write the tables."""
    options = parser(__doc__)
    options.add_argument("--weights", default="enhance")
    options.add_argument("--songs", type=int, default=50)
    given = options.parse_args()
    tools = cleaners(given.weights)
    parts = []
    for unseen in (False, True):
        sounds = corpus(given.songs, unseen)
        parts.append(f"## {given.songs} songs{' in held-out styles from the held-out soundfont' if unseen else ''}\n")
        rows = []
        for name, cleaner in tools.items():
            columns = [gains(sounds, cleaner, ratio) for ratio in RATIOS]
            rows.append([name, *(f"{column.mean():.2f}" for column in columns),
                         *(f"{np.quantile(columns[1], share):.1f}" for share in (0.1, 0.9))])
            print(rows[-1], flush=True)
        parts.append(table(("SI-SDR improvement, dB", *(f"at {ratio:g} dB" for ratio in RATIOS),
                            "at 5 dB, worst tenth", "best tenth"), rows))
    parts.append(table(("a minute, mono, 16 kHz", "x real time"),
                       [[name, f"{speed(cleaner):.0f}"] for name, cleaner in tools.items()]))
    parts.append(f"{torch.get_num_threads()} threads.\n")
    save(given, "enhancement", "Noise taken away", parts)


if __name__ == "__main__":
    run(main)
