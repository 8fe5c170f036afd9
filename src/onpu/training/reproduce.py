"""Made again from its card: the same music, recipe and seeds; does the score lie where the card says?"""

from dataclasses import dataclass, fields, replace
from hashlib import sha256
from pathlib import Path

from onpu.data.corpus import Corpus, write_corpus
from onpu.data.dataset import Dataset, DatasetSource
from onpu.data.plan import Plan
from onpu.data.scenes.base import SceneSource
from onpu.data.scenes.sounds import write_sounds
from onpu.data.scenes.spectra import SpectraSource
from onpu.engine.render.stems import HELD_OUT, HELD_OUT_RELATIVES
from onpu.errors import DataError
from onpu.files import Json
from onpu.maker import Maker, TrainedMaker
from onpu.restoring import recipe_from_card
from onpu.task import Listener
from onpu.trained import TrainedListener
from onpu.training.averaging import average
from onpu.training.datasets import TrainingData
from onpu.training.listeners import train
from onpu.training.makers import train_maker
from onpu.training.sources import corpus_of, learned, weights_with
from onpu.weights import Card, read_card
from onpu.workers import Progress

DATA_SUFFIXES = (".zip", ".gz")
"""How the names of published sets end; no other files are read."""


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


def reproduce(listener: Listener, card: Card, folder: str | Path, data: str | Path = ".",
              parent: TrainedListener | None = None, *, devices: int = 1, accelerator: str = "cpu", jobs: int = 1,
              bar: bool = True, progress: Progress | None = None) -> list[Comparison]:
    """Compose the card's corpora, train with its recipe, compare all measures on the recordings of its validation.

    All is written into `folder`, where an interrupted reproduction goes on. data: where the data sets lie from which
    music was arranged, and corpora of the recordings that were learned from, if any. parent: the system that the
    weights began with, if any (`onpu.training.sources.parent_path` finds it). Raises `DataError` when these or the
    soundfonts are missing.
    """
    folder, data = Path(folder), Path(data)
    begins(card, parent)
    recipe = recipe_from_card(listener.recipes, card)
    sources = tuple(_source(description, data, folder / f"corpus{i}", jobs, progress)
                    for i, description in enumerate(learned(card)))
    shares = tuple(description["share"] for description in learned(card))
    known = card["validation"].keys() & {"plan", "origin"}
    judge = _source(card["validation"], data, folder / "judge", jobs, progress) if known else None
    assert not isinstance(judge, Plan)
    return compared(card, train(listener, recipe, TrainingData(sources, shares, judge), folder / "run", parent=parent,
                                devices=devices, accelerator=accelerator, jobs=jobs, bar=bar, progress=progress))


def reproduce_maker(maker: Maker, card: Card, folder: str | Path, data: str | Path = ".",
                    parent: TrainedMaker | None = None, *, devices: int = 1, accelerator: str = "cpu", jobs: int = 1,
                    bar: bool = True, progress: Progress | None = None) -> list[Comparison]:
    """The same for a maker. data: folder of the published sets that it learned from, known by their hashes whatever
    they are called, and of those from which music was arranged."""
    folder, data = Path(folder), Path(data)
    begins(card, parent)
    recipe = recipe_from_card(maker.recipes, card)
    scenes = maker.scenes(recipe)
    corpora = [_material(scenes, description, data, folder / f"corpus{i}", jobs, progress)
               for i, description in enumerate(learned(card))]
    judged, first = card["validation"], card["data"][0]
    held_out = all(judged.get(name) == first.get(name) for name in ("sha256", "plan", "seeds"))
    judge = None if held_out else _material(scenes, judged, data, folder / "judge", jobs, progress)
    return compared(card, train_maker(maker, recipe, corpora, folder / "run", validation=judge, parent=parent,
                                      devices=devices, accelerator=accelerator, jobs=jobs, bar=bar, progress=progress))


def average_again(card: Card, folder: Path, data: Path) -> bool:
    """Write the mean that a card says into `folder`, of weights that are shipped or in `data`; whether it is what it
    was, bit by bit. Raises `DataError` when one of them is not there."""
    parents = card["trained"]["averaged"]
    found = [weights_with(one["sha256"], data) for one in parents]
    paths = [path for path in found if path is not None]
    if len(paths) < len(parents):
        raise DataError(f"{data}: lacks weights of which these are the mean; onpu reproduce NAME --sources lists them")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "mean.safetensors"
    average(paths, target, [one["share"] for one in parents], command=card["command"])
    return bool(read_card(target)["sha256"] == card["sha256"])


def begins(card: Card, parent: TrainedListener | TrainedMaker | None) -> None:
    """Raises `DataError` when weights that were fine-tuned are to be reproduced without those that they began with, or
    with others."""
    wanted = card["trained"]["parent"]
    given = "" if parent is None else parent.card["sha256"]
    if parent is None and wanted:
        raise DataError(f"these weights were fine-tuned from {wanted[:12]}; begin with those")
    if parent is not None and wanted not in (given, parent.card["storage"].get("before")):
        raise DataError(f"these weights were fine-tuned from {wanted[:12] or 'none'}, not from {given[:12]}; begin so")


def compared(card: Card, best: Path) -> list[Comparison]:
    """The measures of a card beside those of weights that were just trained."""
    judged = card["validation"].get("name", "validation")
    found = {score["measure"]: score["mean"] for score in read_card(best)["scores"]}
    return [Comparison(score["measure"], score["mean"], score["low"], score["high"], found[score["measure"]])
            for score in card["scores"] if score["data"] == judged and score["measure"] in found]


def _material(scenes: DatasetSource, description: Json, data: Path, folder: Path, jobs: int,
              progress: Progress | None) -> Dataset:
    """What a maker learned from: composed again, or found in `data`."""
    if isinstance(scenes, SceneSource):
        names = {field.name for field in fields(Plan)}
        plan = {name: value for name, value in description["plan"].items() if name in names}
        return write_sounds(folder, scenes.of(_plan(description | {"plan": plan}, data)), description["count"], jobs,
                            progress)
    if isinstance(scenes, SpectraSource):
        again = replace(scenes, plan=_plan(description, data), count=description["count"])
        return again.composed(folder, jobs, progress)
    if "sha256" not in description:
        return scenes.composed(folder, jobs, progress)
    for path in sorted(data.iterdir()):
        usable = path.suffix in DATA_SUFFIXES and path.is_file()
        if usable and sha256(path.read_bytes()).hexdigest() == description["sha256"]:
            return scenes.open(path)
    raise DataError(f"{data}: holds no file with the hash {description['sha256'][:12]} of "
                    f"{description.get('source', 'what was learned from')}; name the folder of {scenes.title}")


def _source(description: Json, data: Path, folder: Path, jobs: int,
            progress: Progress | None) -> Corpus | Plan:
    if "plan" not in description:
        return _recordings(description, data)
    plan = _plan(description, data)
    return write_corpus(folder, plan, description["count"], jobs, progress) if "count" in description else plan


def _recordings(description: Json, data: Path) -> Corpus:
    """The corpus of these recordings, which lies in `data` or in a folder there."""
    corpus = corpus_of(description, data)
    if corpus is not None:
        return corpus
    raise DataError(f"{data}: the weights were trained on {description.get('count', 'some')} recordings "
                    f"({description['licence']}), and no corpus here is of these (origin "
                    f"{description.get('origin', 'unknown')[:9]}); put their corpus there, onpu models NAME lists them")


def _plan(description: Json, data: Path) -> Plan:
    """Of what was composed. Raises `DataError` when data sets, soundfonts or samples are missing or others."""
    plan = Plan.of(description["plan"]).located(data)
    here = plan.hashes()
    other = sorted(name for name, known in description.get("sets", {}).items() if here.get(name) != known)
    if other:
        raise DataError(f"{data}: {', '.join(other)} is not the file that the music was arranged from; fetch that one")
    never_drawn = {HELD_OUT, *HELD_OUT_RELATIVES}  # even if they are installed
    lacking = (set(description["soundfonts"]) ^ set(plan.soundfonts())) - never_drawn
    if lacking:
        raise DataError(f"the music was rendered with the soundfonts {', '.join(description['soundfonts'])}; have "
                        f"exactly these (different: {', '.join(sorted(lacking))})")
    here = {found["name"]: found["sha256"] for found in plan.sample_sets()}
    then = {found["name"]: found["sha256"] for found in description.get("sample_sets", [])}
    changed = sorted(name for name in {*here, *then} if here.get(name) != then.get(name))
    if changed:
        raise DataError(f"{plan.sounds}: the music was rendered with other samples (different: {', '.join(changed)}); "
                        "have exactly the sets of the card there")
    return plan
