"""Tags and players agree with the singing and the tempo that other listeners found."""

import numpy as np
import pytest

from onpu.analysis.wording import worded
from onpu.music import Instruments, Key, Tags, Tempo, Timeline, Voice

TAGS = Tags(np.array(["genre:rock", "tempo:slow", "voice:instrumental", "sound:electric"]),
            np.array([0.5, 0.4, 0.6, 0.8]))
FAST = Tempo(np.array([140.0, 70.0]), np.array([0.7, 0.2]), np.zeros(0), np.zeros(0))
SINGING = Voice(np.array([2.0, 6.0]), np.array([4.0, 8.0]), np.array(["", ""]), np.array([0.9, 0.7]))
NOBODY = Voice.empty()


def words(timeline):
    return dict(zip(timeline.tags.labels.tolist(), timeline.tags.confidence.tolist(), strict=True))


def test_who_sings_is_told_by_the_voice_and_how_fast_by_the_beats():
    found = words(worded(Timeline(10.0, tags=TAGS, voice=SINGING, tempo=FAST)))
    assert list(found) == ["genre:rock", "tempo:fast", "voice:sung", "sound:electric", "instrument:voice"]
    assert found["tempo:fast"] == 0.7 and found["voice:sung"] == pytest.approx(0.8)


def test_where_nobody_sings_there_is_no_voice():
    sung = Tags(np.array(["instrument:voice", "voice:sung"]), np.ones(2))
    assert words(worded(Timeline(10.0, tags=sung, voice=NOBODY))) == {"voice:instrumental": 1.0}


def test_what_was_not_looked_for_changes_nothing_and_what_is_no_music_has_no_tags():
    alone = Timeline(10.0, tags=TAGS)
    assert worded(alone) is not None and words(worded(alone)) == words(alone)
    assert len(worded(Timeline(10.0, tags=Tags.empty(), voice=SINGING, tempo=FAST)).tags) == 0
    own = Timeline(10.0, tags=Tags(np.array(["mine"]), np.ones(1)), voice=SINGING, tempo=FAST)
    assert words(worded(own)) == {"mine": 1.0}
    assert words(worded(Timeline(10.0, tags=TAGS, voice=SINGING), known=("tags",))) == words(alone)


def test_the_singer_plays_where_somebody_sings():
    band = Instruments(np.array([0.0, 1.0]), np.array([9.0, 3.0]), np.array(["guitar", "voice"]), np.full(2, 0.6))
    found = worded(Timeline(10.0, instruments=band, voice=SINGING)).instruments.validate()
    assert found.labels.tolist() == ["guitar", "voice", "voice"] and found.starts.tolist() == [0.0, 2.0, 6.0]


@pytest.mark.parametrize(("key", "valence", "mood"), [("G:major", "valence:positive", "mood:joyful"),
                                                      ("G:minor", "valence:negative", "mood:tense")])
def test_the_mode_brightens_or_darkens(key, valence, mood):
    tags = Tags(np.array(["genre:rock", "mood:powerful", "mood:sad", "valence:negative", "arousal:high"]),
                np.array([0.5, 0.7, 0.5, 0.55, 0.9]))
    known = Key(np.array([key]), np.array([0.9]))
    found = words(worded(Timeline(10.0, tags=tags, key=known)))
    assert list(found)[:3] == ["genre:rock", mood, "mood:powerful"] and valence in found and "mood:sad" not in found
    unsure = words(worded(Timeline(10.0, tags=tags, key=Key(np.array([key]), np.zeros(1)))))
    assert unsure["valence:negative"] == pytest.approx(0.55)


def test_nobody_plays_beyond_the_end():
    band = Instruments(np.array([0.0, 10.01]), np.array([10.02, 10.02]), np.array(["guitar", "bass"]), np.ones(2))
    found = worded(Timeline(10.0, instruments=band)).instruments.validate()
    assert found.labels.tolist() == ["guitar"] and found.ends[0] == 10.0
