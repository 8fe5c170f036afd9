"""One network from several: the weighted mean of their tensors, with a card that names them.

Wortsman et al., "Model soups: averaging weights of multiple fine-tuned models improves accuracy without increasing
inference time" (ICML 2022): networks that began with the same weights lie near enough for their mean to be as good as
either, and what each learned stays in part.

    weights of equal networks, shares -> mean of each tensor; what they learned from together, each by its share
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from onpu.data.corpus import Corpus
from onpu.errors import OnpuError, WeightsError
from onpu.files import Json
from onpu.licensing import weights_licence
from onpu.training.datasets import describe
from onpu.training.evaluate import Row, summary
from onpu.training.sources import explained
from onpu.version import __version__
from onpu.weights import Card, read_weights, write_weights

EQUAL = ("task", "network", "features")
"""Entries of their cards in which weights must agree to be averaged, but for the fingerprint of the features."""


def average(paths: Sequence[Path], target: Path, shares: Sequence[float] = (), command: str = "") -> Card:
    """Write the weighted mean of weights; returns its card, under the strictest of their licences.

    shares: of each, positive; they are divided by their sum. Empty: equal ones. command: that made it. Raises
    `WeightsError` for weights of different networks, and `OnpuError` for shares that do not fit.
    """
    if len(paths) < 2:
        raise OnpuError("a mean is of two weights at least; name more")
    if len(shares or paths) != len(paths) or not all(0 < share < float("inf") for share in shares):
        raise OnpuError(f"shares {', '.join(f'{share:g}' for share in shares)} of {len(paths)} weights; give a "
                        "positive number for each")
    counted = list(shares) or [1.0] * len(paths)
    parts = [share / sum(counted) for share in counted]
    several, cards = zip(*map(read_weights, paths), strict=True)
    _check_equal(paths, cards)
    data = _joined(cards, parts)
    licence, commercial_use = weights_licence(data)
    first = cards[0]
    recipe = first["recipe"] | ({"blend": 1.0} if "blend" in first["recipe"] else {})
    card = {name: first[name] for name in ("task", "network", "features", "paper")} | {
        "recipe": recipe, "data": data, "validation": {}, "licence": licence, "commercial_use": commercial_use,
        "scores": [], "onpu": __version__, "command": command,
        "trained": {"parent": "", "averaged": [_told(card, part) for card, part in zip(cards, parts, strict=True)]}}
    kernels = first["storage"]["kernels"]
    write_weights(target, mean(several, parts), card, kernels)
    return card


def add_scores(path: Path, rows: list[Row], judge: Corpus) -> None:
    """Write onto the card of weights how they scored on a corpus."""
    tensors, card = read_weights(path)
    name = judge.folder.name
    told = {"validation": {"name": name} | describe(judge), "scores": [one | {"data": name} for one in summary(rows)]}
    write_weights(path, tensors, card | told, card["storage"]["kernels"])


def mean(several: Sequence[dict[str, Tensor]], parts: Sequence[float]) -> dict[str, Tensor]:
    """The tensors, each the mean of those of its name, of which each counts by its part; counters are the first's."""
    out = {}
    for name, values in several[0].items():
        if values.is_floating_point():
            summed = sum(part * tensors[name].double() for part, tensors in zip(parts, several, strict=True))
            values = torch.as_tensor(summed).to(values.dtype)
        out[name] = values
    return out


def _check_equal(paths: Sequence[Path], cards: Sequence[Card]) -> None:
    """Raise `WeightsError` where two cards are of different networks."""
    for path, card in zip(paths[1:], cards[1:], strict=True):
        for name in EQUAL:
            one, other = (({**each[name], "fingerprint": None} if name == "features" else each[name])
                          for each in (cards[0], card))
            if one != other:
                raise WeightsError(f"{path}: its {name} is not that of {paths[0]}; only weights of the same network "
                                   "have a mean")


def _joined(cards: Sequence[Card], parts: Sequence[float]) -> list[Json]:
    """What all of them learned from, each source once; share: of all that the mean learned."""
    out: list[Json] = []
    for card, part in zip(cards, parts, strict=True):
        sources = explained(card)
        whole = sum(source.get("share", 0) for source in sources) or 1.0
        for source in sources:
            share = part * source.get("share", 0) / whole
            same = next((other for other in out if other | {"share": 0} == source | {"share": 0}), None)
            if same is None:
                out.append(source | {"share": share})
            else:
                same["share"] += share
    return [source | {"share": round(source["share"], 4)} for source in out]


def _told(card: Card, part: float) -> Json:
    """What the mean's card says of one of them."""
    return {"sha256": card["sha256"], "share": round(part, 4), "command": card["command"],
            "parent": card["trained"]["parent"]}

