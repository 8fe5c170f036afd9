"""MusicVAE: reconstruction of held-out passages, interpolation between two, attribute vectors, samples.

    python -m benchmarks.making.latent WEIGHTS … [--data FILE …] [--pairs 64] [--results FOLDER] [--dry]

WEIGHTS are names or paths. Judged are the passages for tests of pop909.zip (melodies) or groove.zip (drums) in
`ONPU_DATA`, or of --data; bands are composed from seeds that nobody learns from. Interpolations go in eight steps from
one held-out passage to another; beside those of the latent space stand those of the data (Roberts et al. 2018, section
5.3): of each token that of the second passage, with the probability of the step. Distances are the shares of tokens
that differ; costs are nats a token to 5-grams of the training passages, over the mean cost of both ends. Table:
benchmarks/results/latent.md.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.paths import CACHE, data
from benchmarks.report import parser, run, save, table
from onpu.data.corpora.passages import COMPOSED_BANDS, Passages, apart, composed
from onpu.layers.variational import between, divergence
from onpu.make import load
from onpu.make.musicvae import MusicvaeOptions, MusicvaeRecipe, kind_of, latents
from onpu.maker import TrainedMaker
from onpu.metrics.ngram import Ngrams
from onpu.metrics.passages import ATTRIBUTES, attributes
from onpu.music.passage import Passage, PassageKind
from onpu.represent.tokens import CLASSES, decoded, encoded

STEPS = 8
ORDER = 5
AMOUNTS = (-1.0, 0.0, 1.0)
LEARNED = 2000
"""Windows of the training passages that the n-grams learn from."""
Rows = list[list[object]]


@cache
def material(kind: PassageKind, given: Path | None) -> Passages:
    """The passages that test and, for the n-grams, those of training."""
    if given is not None:
        return Passages.open(given)
    if len(kind.parts) > 1:
        return composed(CACHE / "passages", COMPOSED_BANDS)
    return Passages.open(data("groove.zip" if kind.parts == ("drums",) else "pop909.zip"))


def pieces_of(passages: Passages, kind: PassageKind) -> list[Passage]:
    """Pieces of the kind's length that follow each other."""
    return [piece for number in passages.numbers for piece in apart(passages.item(number), kind.bars, kind.parts)]


def tokens_of(pieces: Sequence[Passage], kind: PassageKind) -> torch.Tensor:
    """(pieces, parts, steps)."""
    return torch.from_numpy(np.stack([encoded(piece, kind.parts) for piece in pieces]))


@torch.inference_mode()
def reconstruction(trained: TrainedMaker, name: str, pieces: Sequence[Passage]) -> Rows:
    """A row of the table of reconstructions, and of bands one for each part."""
    kind = kind_of(trained)
    network: Any = trained.network
    tokens = tokens_of(pieces, kind)
    rng = torch.Generator().manual_seed(0)
    mean, spread = latents(trained, pieces)
    noise = torch.randn(mean.shape, generator=rng)
    z = mean + spread * noise
    forced = torch.stack([logits.argmax(dim=2) for logits in network.decode(mean, tokens)], dim=1)
    likeliest = network.compose(mean, 0.0, rng)
    drawn = network.compose(z, 1.0, rng)
    logits = network.decode(z, tokens)
    nats = [float(torch.nn.functional.cross_entropy(row.flatten(0, 1), tokens[:, part].flatten()))
            for part, row in enumerate(logits)]
    kl = float(divergence(mean, spread).mean())
    shares = [(each == tokens).float() for each in (forced, likeliest, drawn)]
    rows: Rows = [[name, len(pieces), *(float(share.mean()) for share in shares),
                   float((likeliest == tokens).flatten(1).all(dim=1).float().mean()), kl,
                   sum(nats) + kl / kind.steps]]
    if len(kind.parts) > 1:
        rows += [[f"{name}: {part}", len(pieces), *(float(share[:, number].mean()) for share in shares),
                  float((likeliest == tokens)[:, number].all(dim=1).float().mean()), "", ""]
                 for number, part in enumerate(kind.parts)]
    return rows


@torch.inference_mode()
def interpolation(trained: TrainedMaker, pieces: Sequence[Passage], model: Ngrams, pairs: int) -> Rows:
    """A row a step: distances to both ends and cost, in the latent space and in the data."""
    kind, rng = kind_of(trained), np.random.default_rng(0)
    network: Any = trained.network
    chosen = np.stack([rng.choice(len(pieces), 2, replace=False) for _ in range(pairs)])
    tokens = tokens_of(pieces, kind)
    first, second = tokens[chosen[:, 0]], tokens[chosen[:, 1]]
    mean, _ = latents(trained, pieces)
    ends = [cost(model, row) for row in (first, second)]
    rows: Rows = []
    for step in range(STEPS):
        share = step / (STEPS - 1)
        z = torch.stack([between(mean[a], mean[b], share) for a, b in chosen])
        latent = network.compose(z, 0.0, torch.Generator())
        mixed = torch.where(torch.from_numpy(rng.random(tuple(first.shape))) < share, second, first)
        rows.append([f"{share:.2f}", *(value for row in (latent, mixed) for value in (
            distance(row, first), distance(row, second), float(np.mean(cost(model, row) - (ends[0] + ends[1]) / 2))))])
    return rows


def distance(one: torch.Tensor, other: torch.Tensor) -> float:
    """Share of tokens that differ (Hamming distance)."""
    return float((one != other).float().mean())


def cost(model: Ngrams, tokens: torch.Tensor) -> np.ndarray:
    """(pieces,) nats a token of the first part."""
    return np.array([model.nats(row[0].numpy()) for row in tokens])


@torch.inference_mode()
def attribution(trained: TrainedMaker, pieces: Sequence[Passage]) -> Rows:
    """A row an attribute: its mean in held-out passages, its mean when so much of its vector is added to their latent
    means, and the change of all attributes, in standard deviations, which shows what comes along."""
    kind = kind_of(trained)
    network: Any = trained.network
    mean, _ = latents(trained, pieces)
    own = np.stack([attributes(piece) for piece in pieces])
    rows: Rows = []
    for number, name in enumerate(ATTRIBUTES):
        found = []
        for amount in AMOUNTS:
            tokens = network.compose(mean + amount * network.vectors[number], 0.0, torch.Generator())
            found.append(np.stack([attributes(decoded(row.numpy(), kind.parts)) for row in tokens]))
        change = (found[-1] - found[0]).mean(axis=0) / np.maximum(own.std(axis=0), 1e-9)
        rows.append([name, float(own[:, number].mean()), *(float(each[:, number].mean()) for each in found),
                     *(float(value) for value in change)])
    return rows


def samples(trained: TrainedMaker, pieces: Sequence[Passage], model: Ngrams) -> Rows:
    """Held-out passages beside as many samples, at two temperatures."""
    kind = kind_of(trained)
    rows: Rows = [["held out", *described(pieces, kind, model)]]
    for temperature in (0.5, 1.0):
        options = MusicvaeOptions(temperature=temperature)
        found = [trained(options=replace(options, seed=seed)) for seed in range(len(pieces))]
        rows.append([f"samples, temperature {temperature:g}", *described(found, kind, model)])
    return rows


def described(pieces: Sequence[Passage], kind: PassageKind, model: Ngrams) -> list[object]:
    """Means of the attributes, and of the cost."""
    means = np.mean([attributes(piece) for piece in pieces], axis=0)
    return [*map(float, means), float(cost(model, tokens_of(pieces, kind)).mean())]


def main() -> None:
    """Measure, print and write the tables."""
    options = parser(__doc__)
    options.add_argument("weights", nargs="+", help="names or paths")
    options.add_argument("--data", type=Path, help="in place of what is judged by")
    options.add_argument("--pairs", type=int, default=64, help="of passages to interpolate between")
    options.add_argument("--pieces", type=int, default=300, help="held-out passages at most")
    given = options.parse_args()
    torch.set_num_threads(1)
    reconstructions: Rows = []
    parts = []
    for weights in given.weights:
        trained = load(weights)
        assert isinstance(trained.recipe, MusicvaeRecipe)
        kind, name = kind_of(trained), trained.recipe.kind
        passages = material(kind, given.data)
        pieces = pieces_of(passages.side("test"), kind)
        pieces = [pieces[n] for n in np.random.default_rng(0).permutation(len(pieces))[: given.pieces]]
        learned = pieces_of(passages.side("train"), kind)
        learned = [learned[n] for n in np.random.default_rng(0).permutation(len(learned))[:LEARNED]]
        model = Ngrams.of([encoded(piece, kind.parts)[0] for piece in learned], CLASSES[kind.parts[0]], ORDER)
        reconstructions += reconstruction(trained, name, pieces)
        parts += [
            f"## {name}: interpolation\n\n" + table(
                ("share", "latent: to first", "to second", "cost", "data: to first", "to second", "cost"),
                interpolation(trained, pieces, model, given.pairs)),
            f"## {name}: attribute vectors\n\n" + table(
                ("", "held out", *(f"{amount:+g}" for amount in AMOUNTS),
                 *(f"change of {each}, deviations" for each in ATTRIBUTES)), attribution(trained, pieces)),
            f"## {name}: samples\n\n" + table(("", *ATTRIBUTES, "nats a token"), samples(trained, pieces, model))]
    head = "## Reconstruction\n\n" + table(
        ("", "passages", "teacher-forced", "free-running", "drawn, z and tokens", "whole passages", "KL, nats",
         "bound, nats a step"), reconstructions)
    parts = [head, *parts]
    save(given, "latent", "Latent space of passages", parts)


if __name__ == "__main__":
    run(main)
