"""Syllables that are sung, of what `onpu.listen.lyrics` hears."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onpu.decode.decoder import Decoder
from onpu.decode.phonemes import FLOOR, aligned, best_path
from onpu.music import Clock, Voice
from onpu.music.phonemes import PHONEMES, number_of, syllables_of, written
from onpu.recipe import Options, setting


@dataclass(frozen=True)
class LyricsOptions(Options):
    """What counts as a pause."""

    min_syllable_seconds: float = setting(0.02, "shortest phoneme, seconds", "[0, 1]")


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: LyricsOptions) -> dict[str, Voice]:
    """voice: the syllables of the best path, placed by the phonemes of the frames; how sure: their mean probability."""
    found = best_path(np.asarray(activations["ctc"]))
    likely = np.asarray(activations["phonemes"], dtype=np.float64)
    bounds = aligned(found, np.log(likely + FLOOR), round(options.min_syllable_seconds * clock.fps))
    return {"voice": syllables([PHONEMES[number] for number in found], bounds, likely, clock)}


def syllables(names: list[str], bounds: np.ndarray, likely: np.ndarray, clock: Clock) -> Voice:
    """Passages with a syllable each of phonemes at frames (count, 2); likely: (phonemes + 1, frames)."""
    groups = syllables_of(names)
    first = np.array([bounds[start, 0] for start, _ in groups], np.int64)
    last = np.array([bounds[end - 1, 1] for _, end in groups], np.int64)
    sure = [float(np.mean([likely[number_of(names[i]), slice(*bounds[i])].mean() for i in range(start, end)]))
            for start, end in groups]
    return Voice(clock.seconds(first), clock.seconds(last), np.array([written(names[a:b]) for a, b in groups], np.str_),
                 np.array(sure, np.float64))


DECODER = Decoder(
    name="lyrics",
    title="which syllables are sung",
    paper="Graves, Fernández, Gomez & Schmidhuber, Connectionist temporal classification, ICML 2006",
    label="voice",
    fields=("voice",),
    decode=decode,
    options=LyricsOptions(),
    default=False,
)
