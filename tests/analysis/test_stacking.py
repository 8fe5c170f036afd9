"""Words by all listeners together."""

from dataclasses import replace

import numpy as np
import pytest

from onpu.analysis.stacking import BAND, TAGGER, SaidAlone, inputs_of, retold, said_alone, stack, stacked
from onpu.decode.tasks import instruments, tags
from onpu.engine.compose import compose
from onpu.music import Keys, Tags
from onpu.music.activity import PLAYERS
from onpu.music.words import MUSIC, WORDS

SONG = compose(5, "pop", 12.0).timeline
NOTHING = SaidAlone(dict.fromkeys((*TAGGER, *BAND), 0.0))


def level(found, word):
    return found[WORDS.index(word)]


def in_mode(mode):
    keys = Keys(np.zeros(1), np.array([SONG.duration]), np.array([f"C:{mode}"]), np.ones(1))
    return replace(SONG, keys=keys)


def heard(levels=0.7, frames=20):
    """Of a tagger and of a listener of instruments."""
    said = {"tags": np.full((len(WORDS), frames), levels, np.float32)}
    band = {"instruments": np.full((len(PLAYERS), frames), 0.2, np.float32)}
    return [(tags.DECODER, said, replace(tags.DECODER.options, tag_threshold=0.6)),
            (instruments.DECODER, band, instruments.DECODER.options)]


def test_its_inputs_are_the_cues_and_what_listeners_say_alone():
    assert set(inputs_of(SONG, NOTHING)) == set(stack().inputs)
    assert set(stack().words) == set(WORDS) - {MUSIC}
    assert stack().weights.shape == (len(stack().inputs), len(stack().words))


def test_the_mode_brightens_and_darkens():
    bright, dark = (stacked(in_mode(mode), NOTHING) for mode in ("major", "minor"))
    for word in ("valence:positive", "mood:joyful"):
        assert level(bright, word) > level(dark, word) + 0.1, word
    assert level(dark, "mood:tense") > level(bright, "mood:tense")


def test_what_listeners_say_alone_is_the_mean_where_there_is_music():
    said = said_alone(heard())
    assert said.threshold == 0.6 and said.levels[TAGGER[3]] == pytest.approx(np.log(0.7 / 0.3), abs=1e-5)
    assert said.levels[BAND[0]] == said.levels[BAND[-1]] == pytest.approx(np.log(0.25), abs=1e-5)
    noise = said_alone(heard(0.1))
    assert not set(TAGGER) & set(noise.levels) and retold(replace(SONG, tags=Tags.empty()), noise).tags is not None


def test_a_users_own_words_are_not_told_anew():
    own = tags.telling(("mine", "yours"))
    assert not said_alone([(own, {"tags": np.full((2, 9), 0.9, np.float32)}, own.options)]).levels


def test_words_stay_where_something_was_not_looked_for_or_they_are_known():
    before = replace(SONG, tags=Tags(np.array(["genre:rock"]), np.ones(1)))
    assert retold(replace(before, drums=None), NOTHING).tags is before.tags
    assert retold(before, SaidAlone({})).tags is before.tags and retold(before, NOTHING, {"tags"}).tags is before.tags
    told = retold(before, NOTHING).tags
    assert len(told) > 1 and {"voice:sung", "voice:instrumental"} & set(told.labels.tolist())
