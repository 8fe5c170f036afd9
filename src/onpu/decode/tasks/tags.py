"""Words for a recording, of what `onpu.listen.tags` hears."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from onpu.decode.decoder import Decoder
from onpu.music import Clock, Tags
from onpu.music.words import LIKELY, WORDS, tags_of
from onpu.recipe import Options, setting

LEAST_MUSIC = 0.1
"""Share of a recording that must be music for it to have tags."""


@dataclass(frozen=True)
class TagsOptions(Options):
    """How sure of a word one wants to be."""

    tag_threshold: float = setting(
        LIKELY, "probability from which a mood, instrument, second genre or word of one's own is named", "(0, 1)")


def mean_levels(said: np.ndarray) -> np.ndarray | None:
    """Mean level of each of `WORDS` where there is music, (words,), of (words, frames); None where there is none."""
    music = said[0] >= LIKELY
    if not music.size or music.mean() < LEAST_MUSIC:
        return None
    means: np.ndarray = said[:, music].mean(axis=1, dtype=np.float64)
    return means


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: TagsOptions,
           words: tuple[str, ...] = WORDS) -> dict[str, Tags]:
    """tags: the words that hold on average where there is music. Of a user's words also the likeliest."""
    said = activations["tags"]
    if words == WORDS:
        levels = mean_levels(said)
        return {"tags": Tags.empty() if levels is None else tags_of(levels, options.tag_threshold)}
    means = said.mean(axis=1, dtype=np.float64) if said.shape[1] else np.zeros(len(words))
    order = [index for rank, index in enumerate(np.argsort(-means, kind="stable").tolist())
             if means[index] >= options.tag_threshold or (rank == 0 and means[index] > 0)]
    return {"tags": Tags(np.array([words[index] for index in order], np.str_), means[order])}


def telling(words: tuple[str, ...]) -> "Decoder[TagsOptions]":
    """The decoder of a network that tells these words; none: onpu's own."""
    return DECODER if words in ((), WORDS) else replace(DECODER, decode=partial(decode, words=words))


DECODER = Decoder(
    name="tags",
    title="genre, mood, instruments and sound, in words",
    paper="Choi, Fazekas & Sandler, Automatic tagging using deep convolutional neural networks, ISMIR 2016; Choi et "
          "al., ICASSP 2017; Dieleman & Schrauwen, ICASSP 2014; Lee et al., SMC 2017",
    label="tags",
    fields=("tags",),
    decode=decode,
    options=TagsOptions(),
    telling=telling,
)
