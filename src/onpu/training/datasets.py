"""What a run learns from and by what it is judged: corpora, songs composed on the spot, a user's own recordings."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from onpu.data.beatwise import BeatwiseCrops
from onpu.data.corpus import Corpus, write_corpus
from onpu.data.features import compute_features
from onpu.data.plan import Plan
from onpu.data.stream import ComposedCrops, CorpusCrops, CropExamples, CropSource
from onpu.errors import DataError
from onpu.files import Json
from onpu.music import Timeline
from onpu.represent import Representation
from onpu.task import Listener, ListenerRecipe
from onpu.workers import Progress

VALIDATION_EVERY = 20
"""One recording in so many is held out for validation (one in `MIN_ITEMS_TO_SPLIT` where there are under a hundred)."""
MAX_VALIDATION_ITEMS = 50
"""Recordings held out at most."""
MIN_ITEMS_TO_SPLIT = 5
"""With fewer recordings than this none is held out: validation sees what training sees."""
COMPOSED_SHARE = 600
"""Recordings as which a plan counts whose songs are composed on the spot."""
VALIDATION_SONGS = 30
"""Songs composed for validation when all others are composed on the spot."""


@dataclass(frozen=True)
class TrainingData:
    """sources: corpora, or plans whose songs are composed on the spot. shares: relative number of examples from each;
    empty: as many as it has recordings, or `COMPOSED_SHARE`. validation: a corpus that chooses the weights; None: one
    recording in twenty of the corpora is held out for it (all serve for both when there are fewer than five)."""

    sources: tuple[Corpus | Plan, ...]
    shares: tuple[float, ...] = ()
    validation: Corpus | None = None

    def describe(self) -> list[Json]:
        """A description for the card, one a source."""
        shares = self.shares or [COMPOSED_SHARE if isinstance(source, Plan) else len(source) for source in self.sources]
        return [describe(source) | {"share": share} for source, share in zip(self.sources, shares, strict=True)]

    def judge(self) -> Json:
        """A description for the card of what chooses the weights."""
        if self.validation is not None:
            return {"name": self.validation.folder.name} | describe(self.validation)
        return {"name": "held out", "kind": "recordings of the same sources that were held out",
                "every": VALIDATION_EVERY}


def describe(source: Corpus | Plan) -> Json:
    """What a card says of a source; of recordings also which they are, with author and licence where known."""
    if isinstance(source, Plan):
        return {"kind": "composed on the spot", "licence": source.licence, "commercial_use": True,
                "plan": source.named(), "soundfonts": source.soundfonts(), "sample_sets": source.sample_sets(),
                "sets": source.hashes()}
    told = dict(source.description)
    if "credits" in told:
        told.pop("names", None)  # the credits have them
    if "known" in told:
        told["known_seconds"] = round(sum(end - start for each in told.pop("known") for start, end in each), 1)
    if "kinds" in told:
        told["kinds"] = dict(Counter(told["kinds"]))
    return told | {"plan": Plan.of(told["plan"]).named()} if "plan" in told else told


@dataclass(frozen=True)
class PreparedData:
    """Data with their features: examples to learn from, and recordings to be judged by.

    learned: why the latter were learned from as well; empty: they were not.
    """

    examples: CropExamples
    validation: tuple[CorpusCrops, ...]
    learned: str = ""


def prepare(listener: Listener, recipe: ListenerRecipe, representation: Representation, data: TrainingData,
            folder: Path, jobs: int, progress: Progress | None) -> PreparedData:
    """Compute what features are missing, in `jobs` processes, and hold recordings out for validation."""
    sources: list[CropSource] = []
    held: list[CorpusCrops] = []
    few = False
    for source in data.sources:
        if isinstance(source, Plan):
            if listener.beatwise:
                raise DataError("what is learned beat by beat needs a corpus: give one with --data")
            sources.append(ComposedCrops(source, representation, pool=recipe.batch))
            continue
        stored = _stored(listener, representation, source, jobs, progress)
        usable = list(stored.numbers)
        rest, out = _split(usable) if data.validation is None else (usable, [])
        few |= rest == out
        sources.append(replace(stored, numbers=rest))
        held.append(replace(stored, numbers=out))
    judge = data.validation
    if judge is None and not held:
        first = next(source for source in data.sources if isinstance(source, Plan))
        others = replace(first, seed=first.seed + 1)
        judge = write_corpus(folder / "validation", others, VALIDATION_SONGS, jobs, progress)
    if judge is not None:
        held = [_stored(listener, representation, judge, jobs, progress)]
    augment = None if listener.augment is None else partial(_augment, listener.augment, recipe)
    shares = [source["share"] for source in data.describe()]
    examples = CropExamples(sources, shares, recipe.seed, round(recipe.crop_seconds * representation.clock.fps),
                        representation.clock, listener.target, listener.pooled, recipe.time_stretch, augment)
    learned = f"what is learned from, since there are fewer than {MIN_ITEMS_TO_SPLIT} recordings" if few else ""
    if data.validation is not None and any(_alike(data.validation, source) for source in data.sources):
        learned = f"{data.validation.folder}, which is learned from as well"
    return PreparedData(examples, tuple(held), learned)


def _stored(listener: Listener, representation: Representation, corpus: Corpus, jobs: int,
            progress: Progress | None) -> CorpusCrops:
    """The items of a corpus that can be learned from, with their features."""
    usable, fields = labelled(corpus, listener), (*listener.fields, *listener.reads)
    if listener.beatwise:
        usable = [number for number in usable if "beats" in corpus.labelled(number)]
        if not usable:
            raise DataError(f"{corpus.folder}: no recording there has beats, by which these weights would hear")
    features = compute_features(corpus, representation, jobs, progress)
    if listener.beatwise:
        return BeatwiseCrops(corpus, features, usable, fields, clock=representation.clock)
    return CorpusCrops(corpus, features, usable, fields)


def _alike(one: Corpus, other: Corpus | Plan) -> bool:
    """Whether both are of the same recordings."""
    return isinstance(other, Corpus) and any(
        one.description.get(name) and one.description.get(name) == other.description.get(name)
        for name in ("origin", "plan"))


def labelled(corpus: Corpus, listener: Listener) -> list[int]:
    """The items that can be learned from: those with one of the labels that the listener needs. Raises `DataError`."""
    wanted = set(listener.needs or (listener.label,))
    found = [number for number in range(len(corpus)) if wanted & corpus.labelled(number)]
    if not found:
        raise DataError(f"{corpus.folder}: no recording there has {' or '.join(sorted(wanted))}; label them")
    return found


def _split(numbers: list[int]) -> tuple[list[int], list[int]]:
    """Those to learn from and those held out."""
    count = len(numbers)
    if count < MIN_ITEMS_TO_SPLIT:
        return numbers, numbers
    usual = VALIDATION_EVERY if count >= MIN_ITEMS_TO_SPLIT * VALIDATION_EVERY else MIN_ITEMS_TO_SPLIT
    step = max(usual, -(-count // MAX_VALIDATION_ITEMS))
    out = numbers[step - 1 :: step]
    return sorted(set(numbers) - set(out)), out


def _augment(augment: Callable[[np.ndarray, Timeline, np.random.Generator, Any], tuple[np.ndarray, Timeline]],
             recipe: ListenerRecipe, features: np.ndarray, timeline: Timeline,
             rng: np.random.Generator) -> tuple[np.ndarray, Timeline]:
    return augment(features, timeline, rng, recipe)
