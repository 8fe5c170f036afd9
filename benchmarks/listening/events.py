"""Sound events in composed scenes, by networks of about equal size and by a plain baseline.

    python -m benchmarks.listening.events TRAIN TEST NAME=WEIGHTS …

TRAIN and TEST are corpora of sound events; benchmarks/README.md has the commands that compose them.
The baseline is logistic regression of each sound on single frames: twenty mel-frequency cepstral coefficients and
their slopes, decoded like the networks.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

import onpu
from benchmarks.report import parser, run, save, table
from onpu.data.corpus import Corpus
from onpu.inference.streaming import features_of
from onpu.listen import events as task
from onpu.metrics.events import evaluate
from onpu.music import Audio
from onpu.music.events import SOUNDS, Events
from onpu.represent import Features, Mel, Mfcc
from onpu.represent.change import Deltas
from onpu.trained import TrainedListener

LEARNED_SCENES = 200
ITERATIONS = 60


def coefficients() -> Features:
    """Twenty coefficients and their slopes, on the networks' frames."""
    return Features(Mfcc(Mel(16000, 1024, 800, 40, 50.0, 8000.0), 20, span=None), Deltas(order=1))


def frames_of(audio: Audio, features: Features) -> torch.Tensor:
    """(frames, bins)."""
    return torch.cat(list(features_of(audio, features)), dim=-1)[0, 0].T


class Baseline:
    """Logistic regression, learned from the first scenes of a corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self.features = coefficients()
        inputs, targets = [], []
        for number in range(min(LEARNED_SCENES, len(corpus))):
            inputs.append(frames_of(corpus.audio(number), self.features))
            timeline = corpus.timeline(number, ("events",))
            targets.append(torch.from_numpy(task.target(timeline, self.features.clock, len(inputs[-1]))["events"].T))
        x, y = torch.cat(inputs), torch.cat(targets)
        self.mean, self.deviation = x.mean(dim=0), x.std(dim=0).clamp(min=1e-6)
        self.model = nn.Linear(x.shape[1], len(SOUNDS))
        optimiser = torch.optim.LBFGS(self.model.parameters(), max_iter=ITERATIONS, line_search_fn="strong_wolfe")
        x = (x - self.mean) / self.deviation

        def closure() -> float:
            optimiser.zero_grad()
            loss = nn.functional.binary_cross_entropy_with_logits(self.model(x), y)
            loss.backward()
            return float(loss)

        optimiser.step(closure)

    @torch.no_grad()
    def __call__(self, audio: Audio) -> Events:
        x = (frames_of(audio, self.features) - self.mean) / self.deviation
        activations = {"events": self.model(x).sigmoid().T.numpy()}
        return task.DECODER.decode(activations, self.features.clock, task.DECODER.options)["events"]


def main() -> None:
    """Write the table."""
    arguments = parser(__doc__)
    arguments.add_argument("train", type=Path)
    arguments.add_argument("test", type=Path)
    arguments.add_argument("weights", nargs="*", help="NAME=WEIGHTS")
    given = arguments.parse_args()
    torch.set_num_threads(1)
    test = Corpus.open(given.test)
    baseline = Baseline(Corpus.open(given.train))
    systems: dict[str, tuple[Callable[[Audio], Events], int]] = {
        "logistic regression on MFCC": (baseline, sum(p.numel() for p in baseline.model.parameters()))}
    for pair in given.weights:
        name, _, path = pair.partition("=")
        trained = onpu.load(path, device="cpu")
        assert isinstance(trained, TrainedListener)
        systems[name] = (trained, sum(p.numel() for p in trained.network.parameters()))
    rows = []
    for name, (system, size) in systems.items():
        scores = []
        for number in range(len(test)):
            timeline = test.timeline(number, ("events",))
            scores.append(evaluate(timeline.require(Events), system(test.audio(number)), timeline.duration))
        means = [float(np.mean([score[measure] for score in scores]))
                 for measure in ("Error rate", "F-measure", "Precision", "Recall")]
        rows.append([name, f"{size:,}", *means])
        print(rows[-1], flush=True)
    save(given, "events", "Sound events", [
        f"{len(test)} composed scenes of 20 s, segments of a second, means over scenes; {len(SOUNDS)} sounds.\n",
        table(["system", "parameters", "error rate", "F-measure", "precision", "recall"], rows)])


if __name__ == "__main__":
    run(main)
