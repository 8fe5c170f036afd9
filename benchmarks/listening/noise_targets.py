"""A trunk that learns without labels: the shipped tagger's network, told to hit noise.

    python -m benchmarks.listening.noise_targets FOLDER CORPUS … [--minutes 4]

Bojanowski & Joulin, "Unsupervised learning by predicting noise" (ICML 2017): each window of sound is given one of as
many points drawn on a sphere; the network's answer, of length 1, is to come near it; among the windows of a batch the
points are given anew so that they lie nearest (Hungarian algorithm). FOLDER/best.safetensors may be
named in `benchmarks.listening.transfer`, to stand beside networks that learned from labels. No table of its own.
"""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment
from torch import nn

from benchmarks.report import parser, run
from onpu.data.corpus import Corpus
from onpu.listen.tags import LISTENER, words_of
from onpu.trained import TrainedListener
from onpu.training.checkpoint import save
from onpu.training.datasets import TrainingData, prepare
from onpu.training.loop import begin

WINDOWS, BATCH, SEED = 6000, 128, 0


def windows(trained: TrainedListener, data: TrainingData, folder: Path) -> np.ndarray:
    """Windows of the corpora's recordings, drawn evenly, float16 (windows, bins, frames)."""
    rng = np.random.default_rng(SEED)
    prepared = prepare(LISTENER, trained.recipe, trained.features, data, folder, 1, None)
    length = trained.network.window
    assert isinstance(length, int)
    sources, out = prepared.examples.sources, []
    for place in range(WINDOWS):
        source = sources[place % len(sources)]
        number = source.draw(rng, place)
        start = int(rng.integers(max(1, source.frames(number) - length)))
        out.append(source.crop(number, start, start + length)[0].astype(np.float16))
    return np.stack(out)


def main() -> None:
    """Learn, and write the weights."""
    options = parser(__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("corpora", nargs="+", type=Path)
    options.add_argument("--minutes", type=float, default=4.0)
    given = options.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    recipe = replace(LISTENER.recipes["small"], minutes=given.minutes, batch=BATCH)
    trained = TrainedListener.build(LISTENER, recipe)
    data = TrainingData(tuple(Corpus.open(path) for path in given.corpora))
    card = begin(given.folder, "tags", recipe, data.describe(), {}, None, 1)
    sounds = windows(trained, data, given.folder)
    drawn = rng.standard_normal((len(sounds), len(words_of(recipe)))).astype(np.float32)
    points = torch.from_numpy(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))
    owner = rng.permutation(len(sounds))
    optimiser = torch.optim.AdamW(trained.network.parameters(), recipe.learning_rate)
    trained.network.train()
    steps, near, began = 0, 0.0, time.monotonic()
    while time.monotonic() - began < 60 * given.minutes:
        chosen = rng.choice(len(sounds), BATCH, replace=False)
        x = torch.from_numpy(sounds[chosen].astype(np.float32))[:, None]
        said = nn.functional.normalize(trained.network(x)["tags"][:, :, 0], dim=1)
        _, best = linear_sum_assignment(-(said.detach() @ points[owner[chosen]].T).numpy())
        owner[chosen] = owner[chosen][best]
        loss = (said - points[owner[chosen]]).square().sum(dim=1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        steps += 1
        near += 0.02 * (1 - loss.item() / 2 - near)
        if steps % 100 == 0:
            print(f"{steps} steps, cosine to the points {near:.3f}", flush=True)
    minutes = round((time.monotonic() - began) / 60, 2)
    card["trained"] = card["trained"] | {"epoch": 0, "steps": steps, "score": round(near, 4), "minutes": minutes}
    save(given.folder / "best.safetensors", trained, [], card)


if __name__ == "__main__":
    run(main)
