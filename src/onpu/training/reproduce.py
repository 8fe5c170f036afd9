"""Made again from its card: the same music, recipe and seeds; does the score lie where the card says?"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onpu.data.corpus import Corpus, write_corpus
from onpu.data.plan import Plan
from onpu.data.render.stems import HELD_OUT, KIN
from onpu.data.workers import Progress
from onpu.errors import DataError
from onpu.task import Listener
from onpu.training.data import Data
from onpu.training.listening import train
from onpu.weights import Card, read_card


@dataclass(frozen=True)
class Comparison:
    """A measure as it was (mean and its confidence interval, from the card) and as it came out now."""

    measure: str
    stored: float
    low: float
    high: float
    found: float

    @property
    def within(self) -> bool:
        """Whether the mean found now lies in the stored interval."""
        return self.low <= self.found <= self.high


def reproduce(listener: Listener, card: Card, folder: str | Path, data: str | Path = ".", *, devices: int = 1,
              accelerator: str = "cpu", jobs: int = 1, bar: bool = True,
              progress: Progress | None = None) -> list[Comparison]:
    """Compose the card's corpora, train with its recipe, compare all measures on the recordings of its validation.

    All is written into `folder`, where an interrupted reproduction goes on. data: where the data sets lie from which
    music was arranged, if any. Raises `DataError` when these or the soundfonts are missing, or when the weights were
    trained on something that onpu cannot compose.
    """
    folder, data = Path(folder), Path(data)
    if card["trained"]["parent"]:
        raise DataError(f"these weights were fine-tuned from {card['trained']['parent'][:12]}; reproduce those")
    recipe = type(next(iter(listener.recipes.values())))(**card["recipe"])
    sources = tuple(_source(description, data, folder / f"corpus{i}", jobs, progress)
                    for i, description in enumerate(card["data"]))
    shares = tuple(description["share"] for description in card["data"])
    composed = "plan" in card["validation"]
    judge = _source(card["validation"], data, folder / "judge", jobs, progress) if composed else None
    assert not isinstance(judge, Plan)
    best = train(listener, recipe, Data(sources, shares, judge), folder / "run", devices=devices,
                 accelerator=accelerator, jobs=jobs, bar=bar, progress=progress)
    judged = card["validation"].get("name", "validation")
    found = {score["measure"]: score["mean"] for score in read_card(best)["scores"]}
    return [Comparison(score["measure"], score["mean"], score["low"], score["high"], found[score["measure"]])
            for score in card["scores"] if score["data"] == judged and score["measure"] in found]


def _source(description: dict[str, Any], data: Path, folder: Path, jobs: int,
            progress: Progress | None) -> Corpus | Plan:
    if "plan" not in description:
        raise DataError(f"these weights were trained on {description.get('count', 'some')} recordings, which onpu does "
                        "not have; only training on composed music can be reproduced")
    plan = Plan.of(description["plan"]).located(data)
    lacking = (set(description["soundfonts"]) ^ set(plan.soundfonts())) - {HELD_OUT, *KIN}  # never drawn, if installed
    if lacking:
        raise DataError(f"the music was rendered with the soundfonts {', '.join(description['soundfonts'])}; have "
                        f"exactly these (different: {', '.join(sorted(lacking))})")
    return write_corpus(folder, plan, description["count"], jobs, progress) if "count" in description else plan
