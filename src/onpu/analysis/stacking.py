"""Words for a recording by all listeners together: stacked generalisation (Wolpert, Neural Networks 5, 1992).

A tagger over mel bands alone knows neither the mode, on which valence, joy and tension rest, nor where in the bar each
part plays, by which genres are told apart. The other listeners do. So where beats, harmony, notes, drums and singing
were looked for, each word's level is a logistic regression of the cues that they give (`onpu.music.cues`), of what the
tagger says of every word, and of what the listener of instruments says. Its weights lie beside this file, with their
licence and what they learned from; `benchmarks.listening.stacked_tags` makes them.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np

from onpu.analysis.wording import sung_and_timed
from onpu.decode.decoder import AnyDecoder
from onpu.decode.tasks import instruments, tags
from onpu.music import Timeline
from onpu.music.activity import PLAYERS
from onpu.music.cues import cues, has_cues
from onpu.music.words import LIKELY, WORDS, tags_of

STORED = "stacked_tags.json"
MOST_DEVIATIONS, LEAST, MOST = 3.0, 1e-3, 95
"""How far from the mean an input counts at most; how near to 0 and 1 a level goes before it becomes a logit; percentile
of an instrument's activations."""
TAGGER = tuple(f"tagger {word}" for word in WORDS)
BAND = tuple(f"{kind} {name}" for kind in ("mean of", "most of") for name in PLAYERS)
"""Names of the inputs that listeners give by themselves."""


@dataclass(frozen=True, eq=False)
class Stack:
    """A linear layer over standardised inputs.

    inputs, words: names. mean, deviation (inputs,): of what it learned from. weights (inputs, words), bias (words,).
    """

    inputs: tuple[str, ...]
    words: tuple[str, ...]
    mean: np.ndarray
    deviation: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    def __call__(self, found: Mapping[str, float]) -> dict[str, float]:
        """Inputs by name -> how far each word holds."""
        x = (np.array([found[name] for name in self.inputs]) - self.mean) / self.deviation
        logits = np.clip(x, -MOST_DEVIATIONS, MOST_DEVIATIONS) @ self.weights + self.bias
        return dict(zip(self.words, (1 / (1 + np.exp(-logits))).tolist(), strict=True))


@cache
def stack() -> Stack:
    """The shipped one."""
    told = json.loads(files("onpu.analysis").joinpath(STORED).read_text(encoding="utf-8"))
    return Stack(tuple(told["inputs"]), tuple(told["words"]),
                 *(np.array(told[name]) for name in ("mean", "deviation", "weights", "bias")))


@dataclass(frozen=True, eq=False)
class SaidAlone:
    """What the listeners of tags and instruments say by themselves.

    levels: by the name of the input, logits of the mean level of each word where there is music, and of each
    instrument's mean and 95th percentile. threshold: level from which a word is to be named.
    """

    levels: Mapping[str, float]
    threshold: float = LIKELY


def said_alone(heard: Iterable[tuple[AnyDecoder, Mapping[str, np.ndarray], object]]) -> SaidAlone:
    """Of listeners, given by their decoders, what they heard and their wishes. Those of a user's words and of other
    labels say nothing here."""
    levels: dict[str, float] = {}
    threshold = LIKELY
    for decoder, activations, options in heard:
        if decoder.decode is tags.decode:
            means = tags.mean_levels(activations["tags"])
            threshold = options.tag_threshold if isinstance(options, tags.TagsOptions) else LIKELY
            levels |= {} if means is None else dict(zip(TAGGER, _logits(means), strict=True))
        elif decoder.decode is instruments.decode and activations["instruments"].size:
            each = activations["instruments"]
            both = np.concatenate([each.mean(axis=1), np.percentile(each, MOST, axis=1)])
            levels |= dict(zip(BAND, _logits(both), strict=True))
    return SaidAlone(levels, threshold)


def _logits(levels: np.ndarray) -> list[float]:
    held = np.clip(levels.astype(np.float64), LEAST, 1 - LEAST)
    logits: list[float] = np.log(held / (1 - held)).tolist()
    return logits


def inputs_of(timeline: Timeline, alone: SaidAlone) -> dict[str, float] | None:
    """All inputs by name; None where something was not looked for, or where there is no music."""
    if not has_cues(timeline) or not {*TAGGER, *BAND} <= alone.levels.keys():
        return None
    return {**cues(timeline), **alone.levels}


def stacked(timeline: Timeline, alone: SaidAlone) -> np.ndarray | None:
    """How far each of `WORDS` holds by all together, (words,); None as in `inputs_of`."""
    inputs = inputs_of(timeline, alone)
    if inputs is None:
        return None
    found = stack()(inputs)
    return np.array([found.get(word, 1.0) for word in WORDS])


def retold(timeline: Timeline, alone: SaidAlone, known: Collection[str] = ()) -> Timeline:
    """The timeline with the words that all say together, where all that this takes was looked for; of singing and tempo
    its tags say what its voice and tempo say. known: names of what stands as it is."""
    levels = None if timeline.tags is None or "tags" in known else stacked(timeline, alone)
    if levels is None:
        return timeline
    return replace(timeline, tags=sung_and_timed(tags_of(levels, alone.threshold), timeline))
