"""Words that are known, placed where they are sung: forced alignment by the sounds of Japanese
(`onpu.listen.lyrics`)."""

import unicodedata
from collections.abc import Callable, Sequence

import numpy as np

from onpu.decode.phonemes import FLOOR, aligned
from onpu.errors import LabelError
from onpu.formats.audio_like import AudioLike
from onpu.listen import load
from onpu.music import Voice
from onpu.music.kana import is_kana, phonemes_of_kana, phonemes_of_romaji
from onpu.music.phonemes import number_of
from onpu.trained import TrainedListener

SHORTEST_SECONDS = 0.025
"""Of a phoneme."""


def placed_words(recording: AudioLike, lines: Sequence[str], trained: TrainedListener | None = None,
                 progress: Callable[[float], None] | None = None) -> Voice:
    """Where the words of a song are sung.

    Parameters
    ----------
    recording, progress
        As `onpu.analyze` takes them, one recording.
    lines
        What is sung, all of it and in its order, in kana or in Latin letters; words are parted by spaces.
    trained
        Of the task lyrics; the shipped one where none is given.

    Returns
    -------
    Voice
        A passage a word, or of a line without spaces the line.

    Raises
    ------
    AudioError
        When the recording cannot be used.
    LabelError
        When a word is no Japanese in kana or Latin letters, or there is none.
    """
    words = [word for line in lines for word in line.split()]
    sounds = [phonemes_of_word(word) for word in words]
    names = [name for found in sounds for name in found]
    if not names:
        raise LabelError("there are no words to be placed; give those that are sung, in kana or Latin letters")
    listener = trained or load("lyrics")
    heads, clock = listener.activations(recording, progress=progress), listener.features.clock
    scores = np.log(np.asarray(heads["phonemes"], np.float64) + FLOOR)
    bounds = aligned(np.array([number_of(name) for name in names]), scores, round(SHORTEST_SECONDS * clock.fps))
    ends = np.cumsum([len(found) for found in sounds])
    rows = [(word, bounds[end - len(found), 0], bounds[end - 1, 1])
            for word, found, end in zip(words, sounds, ends, strict=True) if found]
    labels, first, last = zip(*rows, strict=True)
    return Voice(clock.seconds(np.array(first)), clock.seconds(np.array(last)), np.array(labels, np.str_),
                 np.ones(len(rows)))


def phonemes_of_word(word: str) -> list[str]:
    """Its phonemes; none of signs alone. Raises `LabelError` where it is no Japanese in kana or Latin letters."""
    plain = "".join(sign for sign in word if unicodedata.category(sign)[0] not in "PS" or sign in "'’ー～〜")
    if not plain:
        return []
    if is_kana(plain):
        found, strange = phonemes_of_kana(plain)
        japanese = not strange
    else:
        found, _, japanese = phonemes_of_romaji(plain.replace("’", "'"))
    if not found or not japanese:
        raise LabelError(f"{word}: cannot be placed by its sound; write Japanese in kana or in Latin letters")
    return found
