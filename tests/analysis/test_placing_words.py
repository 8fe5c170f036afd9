"""Words that are known are placed where they are sung."""

import numpy as np
import pytest

from onpu.analysis.placing_words import phonemes_of_word, placed_words
from onpu.errors import LabelError
from onpu.music import Clock
from onpu.music.phonemes import PHONEMES, number_of

FPS = 80


class Hearing:
    """Hears phonemes at their times, as sure as it may be."""

    features = type("Features", (), {"clock": Clock(FPS, 1)})

    def __init__(self, rows, seconds):
        likely = np.full((len(PHONEMES) + 1, round(seconds * FPS)), 0.01)
        likely[-1] = 0.9
        for name, start, end in rows:
            at = slice(round(start * FPS), round(end * FPS))
            likely[-1, at], likely[number_of(name), at] = 0.01, 0.9
        self.likely = likely

    def activations(self, recording, progress=None):
        return {"phonemes": self.likely}


HEARD = Hearing([("s", 1.0, 1.1), ("a", 1.1, 1.5), ("k", 1.5, 1.6), ("u", 1.6, 1.8), ("r", 1.8, 1.9), ("a", 1.9, 2.5),
                 ("h", 4.0, 4.1), ("a", 4.1, 4.5), ("n", 4.5, 4.6), ("a", 4.6, 5.5)], 8.0)


@pytest.mark.parametrize("lines", [["さくら、", "はな！"], ["サクラ ハナ"], ["sakura", "hana"]])
def test_words_in_kana_and_in_latin_letters_are_placed(lines):
    found = placed_words("song.wav", lines, HEARD).validate()
    np.testing.assert_allclose(found.starts, [1.0, 4.0], atol=0.02)
    np.testing.assert_allclose(found.ends, [2.5, 5.5], atol=0.02)
    assert found.labels.tolist() == [word for line in lines for word in line.split()]


def test_signs_alone_are_no_words():
    assert placed_words("song.wav", ["さくら ♪", "…", "はな"], HEARD).labels.tolist() == ["さくら", "はな"]
    assert phonemes_of_word("っ") and phonemes_of_word("—") == []


@pytest.mark.parametrize(("lines", "said"), [
    (["桜"], "桜: cannot be placed by its sound; write Japanese"), (["さ桜"], "さ桜"), (["strength"], "strength"),
    ([], "no words"), (["…"], "no words")])
def test_what_has_no_sounds_is_refused_in_one_line(lines, said):
    with pytest.raises(LabelError, match=said):
        placed_words("song.wav", lines, HEARD)
