"""The folds of the sets that report by folds: which network may be asked for which recording."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.paths import data
from benchmarks.tools import Answer, Tool, listener
from onpu.data.corpora.folds import folds
from onpu.data.corpora.free import FOLDS, read_free
from onpu.errors import OnpuError


def folds_tool(given: str) -> Tool:
    """`NAME=PATH,PATH,PATH,PATH`: one tool, which hears the recordings of fold k by the k-th network.

    Raises `OnpuError` when it is not given so, or when a network has learned from a recording of its fold.
    """
    name, _, paths = given.partition("=")
    networks = [listener(name, path) for path in paths.split(",") if path]
    if len(networks) != FOLDS:
        raise OnpuError(f"--folds {given}: give NAME=PATH,PATH,PATH,PATH, the weights for each of {FOLDS} folds")
    for fold, network in enumerate(networks):
        assert network.trained is not None
        told = sorted(one for one in learned_from(network.trained.card) if fold_of_all().get(one) == fold)
        if told:
            raise OnpuError(f"--folds: the network of fold {fold} has learned from {', '.join(told[:3])} of that fold; "
                            "give the one that learned from the others")
    return by_folds(f"{name} by folds", networks, fold_of_all())


def by_folds(name: str, networks: Sequence[Tool], fold_of: Mapping[str, int]) -> Tool:
    """The tool that asks the network of the fold that a recording's folder belongs to."""
    def call(path: Path) -> Answer:
        return networks[fold_of[path.parent.name]].call(path)

    return Tool(name, call, networks[0].finds)


@cache
def fold_of_all() -> dict[str, int]:
    """Name of each recording's folder -> its fold. Raises `Missing` where they are not there."""
    found = read_free(data("real/free"))
    return dict(zip((one.name for one in found), folds(found, FOLDS), strict=True))


def learned_from(card: Mapping[str, Any]) -> set[str]:
    """Names of the recordings that a card credits."""
    return {credit["name"] for source in card["data"] for credit in source.get("credits", ())}
