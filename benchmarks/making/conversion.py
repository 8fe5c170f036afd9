"""Conversions on held-out pairs: how near to the true target, and are the notes still there?

    python -m benchmarks.making.conversion [--only piano-strings=PATH;sine-piano] [--pairs 50] [--plan unseen]
        [--results FOLDER] [--dry]

Pairs are composed and rendered like those of the training from other seeds: other songs; with `--plan unseen` the
source's piano is moreover played from the soundfont that all training leaves out. Distances are those of
`onpu.metrics.spectra` between the conversion, or the source as it is, and the true target. Kept notes: F of the notes
(onset within 50 ms) that the shipped transcription finds in the conversion, over that in the true target; what is
played there is the truth. Table: benchmarks/results/conversion.md.
"""

import numpy as np
import torch

import onpu
from benchmarks.paths import CACHE
from benchmarks.report import parser, run, save, table
from benchmarks.timing import timed
from onpu.data.plan import Plan
from onpu.data.scenes.pairs import RATE, TARGETS, PairScenes
from onpu.data.scenes.sounds import write_sounds
from onpu.engine.render import HELD_OUT, soundfonts
from onpu.make import load
from onpu.make.convert import front
from onpu.maker import TrainedMaker
from onpu.metrics import notes as note_metric
from onpu.metrics import spectra as metric

SEED, SECONDS = 9, 20.0
TRANSCRIBERS = {"sine-piano": "piano"}
"""Kind -> weights that transcribe the notes of its target; `band` for the others."""
HEADINGS = ("conversion", "pairs", "LSD unconverted [dB]", "LSD converted [dB]", "gain [%]", "worst gain [%]",
            "SC unconverted [dB]", "SC converted [dB]", "note F true target", "note F converted", "kept", "x real time")


def scenes(kind: str, unseen: bool) -> PairScenes:
    """The pairs of a kind that are composed."""
    fonts = tuple(str(path) for path in soundfonts() if path.name == HELD_OUT) if unseen else None
    return PairScenes(kind, Plan(seed=SEED, seconds=SECONDS, rate=RATE, negatives=0.0, fonts=fonts))


def row(kind: str, weights: str, count: int, unseen: bool) -> list[object]:
    """A line of the table: means over the pairs of a kind that are not silent."""
    made, transcribe, scene = load(weights), onpu.load(TRANSCRIBERS.get(kind, "band")), scenes(kind, unseen)
    assert isinstance(made, TrainedMaker)
    sounds = write_sounds(CACHE / "pairs" / f"{kind}{'-unseen' if unseen else ''}", scene, count, 2)
    distances, notes, seconds = [], [], 0.0
    for number in range(count):
        pair = sounds.item(number)
        if not pair.any(axis=1).all():
            continue
        converted, spent = timed(made, pair[0], RATE)
        result, seconds = converted.samples[0], seconds + spent.seconds
        source, target, found = front()(torch.from_numpy(np.stack([*pair, result])))[:, 0].numpy()
        distances.append([measure(target, estimate)
                          for measure in (metric.log_spectral_distance, metric.spectral_convergence)
                          for estimate in (source, found)])
        truth = scene.notes(number)
        notes.append([note_metric.evaluate(truth, transcribe(sound, RATE))["Note F-measure"]
                      for sound in (pair[1], result)])
    means, (real, kept) = np.mean(distances, axis=0), np.mean(notes, axis=0)
    gains = 100 * (1 - np.array(distances)[:, 1] / np.array(distances)[:, 0])
    print(kind, means, real, kept, flush=True)
    return [kind, str(len(distances)), f"{means[0]:.2f}", f"{means[1]:.2f}", f"{100 * (1 - means[1] / means[0]):.1f}",
            f"{gains.min():.1f}", f"{means[2]:.2f}", f"{means[3]:.2f}", real, kept, kept / real,
            f"{len(distances) * SECONDS / seconds:.0f}"]


def main() -> None:
    """Measure, print and write the table."""
    options = parser(__doc__)
    options.add_argument("--only", default=";".join(TARGETS), help="kinds, by semicolons, with or without =WEIGHTS")
    options.add_argument("--pairs", type=int, default=50, help="of each kind")
    options.add_argument("--plan", choices=("seen", "unseen"), default="", help="only with seen, or unseen, soundfonts")
    given = options.parse_args()
    asked = [entry.partition("=") for entry in given.only.split(";")]
    parts = []
    for plan in (given.plan,) if given.plan else ("seen", "unseen"):
        rows = [row(kind, weights or f"convert-{kind.split('-')[1]}", given.pairs, plan == "unseen")
                for kind, _, weights in asked if plan == "seen" or kind != "sine-piano"]
        if rows:
            parts += [f"## Soundfonts of the source {plan} in training\n", table(HEADINGS, rows)]
    parts.append("LSD: log-spectral distance; SC: spectral convergence; gain: share of the mean LSD that is gone. "
                 f"{torch.get_num_threads()} threads.\n")
    save(given, "conversion", "Conversions", parts)


if __name__ == "__main__":
    run(main)
