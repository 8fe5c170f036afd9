"""Signals from magnitudes alone: how near each method comes, and how fast, beside librosa in the same run.

    python -m benchmarks.making.phase [--songs 12] [--iterations 32,100] [--only composed,mdb,maps]
        [--weights PHASE] [--results FOLDER] [--dry]

Ten seconds, mono, of composed songs from all over the styles, and from the middle of the recordings of real/mdb and
real/maps (see README.md). Table: benchmarks/results/phase.md.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

import librosa
import numpy as np
import soxr
import torch

from benchmarks.paths import Missing
from benchmarks.recordings import real
from benchmarks.report import parser, run, save, table
from benchmarks.timing import timed
from onpu.engine.compose import STYLES, compose
from onpu.engine.render import produce, render
from onpu.formats.audio import open_audio, read_audio
from onpu.make import load
from onpu.make.phase import FIRST_ITERATIONS, PhaseOptions
from onpu.metrics.spectra import evaluate
from onpu.music import Audio
from onpu.represent import Stft, invert

RATE, SIZE, HOP, SECONDS = 22_050, 1024, 256, 10.0
SEED = 3_500_000
SETS = {"composed": "composed songs", "mdb": "multitrack recordings (MDB Drums)", "maps": "piano recordings (MAPS)"}
HEADINGS = ("method", "spectral convergence, dB", "log-spectral distance, dB", "× real time")
Method = Callable[[Stft, torch.Tensor, int], torch.Tensor]


def excerpt(audio: Audio) -> torch.Tensor:
    """(1, samples) at RATE, at most SECONDS."""
    mono = soxr.resample(audio.mono(), audio.rate, RATE)[: round(SECONDS * RATE)]
    return torch.from_numpy(np.ascontiguousarray(mono))[None]


def composed(count: int) -> Iterator[torch.Tensor]:
    """Songs in styles that are spread over all there are, produced as a corpus is."""
    styles = sorted(STYLES)
    for number in range(count):
        song = compose(SEED + number, styles[number * len(styles) // count], seconds=SECONDS)
        yield excerpt(produce(render(song, song.seed), song.seed))


def middles(name: str) -> Iterator[torch.Tensor]:
    """The middle of each recording of a set."""
    for _, path in real(name):
        with open_audio(path) as source:
            start = max(0.0, (source.duration - SECONDS) / 2)
        yield excerpt(read_audio(path, start, SECONDS))


def contenders(iterations: list[int], weights: str) -> dict[str, Method]:
    """Row of the table -> method; all but the network's begin with random phases, the same in each row of onpu."""
    def own(name: str, count: int, stft: Stft, magnitude: torch.Tensor, samples: int) -> torch.Tensor:
        return invert(stft, magnitude, samples, name, count, torch.Generator().manual_seed(0))

    def peer(count: int, stft: Stft, magnitude: torch.Tensor, samples: int) -> torch.Tensor:
        audio = librosa.griffinlim(magnitude[0, 0].numpy(), n_iter=count, hop_length=stft.hop, length=samples,
                                   random_state=0, pad_mode="constant")
        return torch.from_numpy(audio)[None]

    rows: dict[str, Method] = {"random phases": partial(own, "griffin-lim", 0)}
    for count in iterations:
        rows |= {f"{name}, {count}": partial(own, name, count) for name in ("griffin-lim", "fast griffin-lim")}
        rows[f"librosa, fast, {count}"] = partial(peer, count)
    if not weights:
        return rows
    network, rounds = load(weights), PhaseOptions().rounds
    least = FIRST_ITERATIONS + 2 * rounds  # iterations with as many transforms
    rows[f"fast griffin-lim, {least}"] = partial(own, "fast griffin-lim", least)
    rows[f"network, {rounds} times in {least}"] = network()
    return rows | {f"network, {rounds} times, then fast griffin-lim, {count} in all":
                   network(options=PhaseOptions(iterations=count - least)) for count in iterations}


def score(sounds: list[torch.Tensor], methods: dict[str, Method]) -> list[list[str]]:
    """Rows of the table: means of the measures over the sounds, seconds of sound in a second of the processor."""
    stft, rows = Stft(RATE, SIZE, HOP), []
    noise = torch.randn(1, RATE, generator=torch.Generator().manual_seed(1))
    for name, method in methods.items():
        method(stft, stft(noise), RATE)  # what is compiled or planned at the first call
        scores, spent = [], 0.0
        for sound in sounds:
            wanted = stft(sound)
            audio, took = timed(method, stft, wanted, sound.shape[1])
            spent += took.processor
            scores.append(tuple(evaluate(wanted[0, 0].numpy(), stft(audio)[0, 0].numpy()).values()))
        seconds = sum(sound.shape[1] for sound in sounds) / RATE
        rows.append([name, *(f"{mean:.2f}" for mean in np.mean(scores, axis=0)), f"{seconds / spent:.0f}"])
    return rows


def main() -> None:
    """Measure, print and write the tables."""
    options = parser(__doc__)
    options.add_argument("--songs", type=int, default=12, help="at most so many of each set")
    options.add_argument("--iterations", default="32,100", help="by commas")
    options.add_argument("--only", default=",".join(SETS), help=f"sets, by commas: {', '.join(SETS)}")
    options.add_argument("--weights", default="", help="of a network, name or path; without, it has no rows")
    given = options.parse_args()
    torch.set_num_threads(1)
    methods = contenders([int(count) for count in given.iterations.split(",")], given.weights)
    parts = []
    for name in given.only.split(","):
        try:
            sounds = list(composed(given.songs) if name == "composed" else islice(middles(name), given.songs))
        except Missing as error:
            parts.append(f"{name} left out: {error}\n")
            continue
        rows = score(sounds, methods)
        parts.append(f"## {len(sounds)} {SETS[name]}\n\n" + table(HEADINGS, rows))
    parts.append(f"Means over excerpts of {SECONDS:g} s, mono, {RATE} Hz; magnitudes of {SIZE} samples, {HOP} apart. "
                 "The number is that of iterations; the network counts as two, for it takes as many transforms. "
                 "× real time: seconds of sound in a second of one core.\n")
    save(given, "phase", "Signals from magnitudes alone", parts)


if __name__ == "__main__":
    run(main)
