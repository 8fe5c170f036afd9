"""What follows of a piece from its notes: who plays when, and the words by which it is tagged."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from onpu.engine.compose import STYLES, compose
from onpu.errors import LabelError
from onpu.music import Drums, Instruments, Keys, Notes, Tags, Timeline, Voice
from onpu.music.playing import playing
from onpu.music.words import GENRES, OPPOSITES, WORDS, genre_of, in_words, levels, tags_of

WITHOUT_GENRE = {"percussion"}


def labels(timeline):
    return set(timeline.tags.labels.tolist())


def level(timeline, word):
    return float(levels(timeline)[WORDS.index(word)].mean())


def in_mode(timeline, mode):
    keys = Keys(np.zeros(1), np.array([timeline.duration]), np.array([f"C:{mode}"]), np.ones(1))
    return replace(timeline, keys=keys)


def test_every_kind_of_music_has_a_genre_that_several_styles_share():
    shared = Counter(genre_of(style.genre) for style in STYLES.values())
    assert {style.genre for style in STYLES.values() if genre_of(style.genre) is None} == WITHOUT_GENRE
    assert set(shared) - {None} == set(GENRES)
    assert min(shared[genre] for genre in GENRES) >= 3


@pytest.mark.parametrize(("style", "wanted", "unwanted"), [
    ("piano march", {"genre:classical", "instrument:piano", "voice:instrumental", "sound:acoustic"},
     {"instrument:drums"}),
    ("death metal", {"genre:metal", "instrument:guitar", "instrument:drums", "sound:electric", "mood:powerful"},
     {"mood:calm", "mood:tender", "sound:acoustic"}),
    ("slow piano", {"tempo:slow", "mood:calm", "arousal:low"}, {"mood:joyful", "tempo:fast", "mood:powerful"}),
])
def test_composed_songs_are_tagged_by_what_is_written(style, wanted, unwanted):
    found = labels(compose(3, style, 20.0).timeline)
    assert wanted <= found and not unwanted & found


def test_a_minor_key_is_sadder_and_a_faster_tempo_more_aroused():
    song = compose(5, "pop", 20.0).timeline
    assert level(in_mode(song, "minor"), "valence:positive") < level(in_mode(song, "major"), "valence:positive") - 0.2
    slow, fast = (replace(song, tempo=replace(song.tempo, bpm=np.array([bpm]))) for bpm in (60.0, 150.0))
    assert level(fast, "arousal:high") > level(slow, "arousal:high") + 0.2


def test_moods_do_not_depend_on_the_name_of_the_style():
    song = compose(5, "pop", 20.0).timeline
    other = replace(song, tags=Tags(np.array(["kind:metal", "style:thrash metal"]), np.ones(2)))
    moods = [number for number, word in enumerate(WORDS) if not word.startswith("genre:")]
    np.testing.assert_array_equal(levels(song)[moods], levels(other)[moods])
    assert level(other, "genre:metal") == 1


def test_of_opposites_one_holds_and_of_tempi_one():
    for seed, style in enumerate(("house", "hymn", "bebop", "lullaby")):
        found = labels(compose(seed, style, 12.0).timeline)
        assert all((word in found) != (opposite in found) for word, opposite in OPPOSITES.items())
        assert sum(word.startswith("tempo:") for word in found) == 1


def test_what_is_no_music_has_no_tags():
    assert len(tags_of(np.zeros(len(WORDS)))) == 0
    assert len(tags_of(np.ones(len(WORDS)))) > 0


def test_players_play_on_over_a_short_pause_and_stop_for_a_long_one():
    times = np.array([1.0, 2.5, 8.0])
    notes = Notes(times, times + 1.0, np.full(3, 60.0), np.full(3, 80), np.array([0, 0, 0]), np.ones(3))
    drums = Drums(np.array([0.5, 1.0, 9.9]), np.array([36, 38, 36]), np.full(3, 90), np.ones(3))
    voice = Voice(np.array([4.0]), np.array([6.0]), np.array([""]), np.ones(1))
    band = playing(Timeline(10.0, notes=notes, drums=drums, voice=voice)).validate()
    rows = sorted(zip(band.labels.tolist(), band.starts.tolist(), band.ends.tolist(), strict=True))
    assert rows == [("drums", 0.5, 1.3), ("drums", 9.9, 10.0), ("piano", 1.0, 3.5), ("piano", 8.0, 9.0),
                    ("voice", 4.0, 6.0)]
    assert band.at(np.array([0.7, 2.2, 5.0]), ("drums", "piano", "voice")).tolist() == [
        [True, False, False], [False, True, False], [False, False, True]]
    assert band.names()[0] == "piano"


def test_labelled_instruments_stand():
    known = Instruments(np.zeros(1), np.ones(1), np.array(["koto"]), np.ones(1))
    assert playing(Timeline(3.0, instruments=known)) is known


def test_stretches_of_one_instrument_do_not_overlap():
    with pytest.raises(LabelError, match=r"instruments .piano.: the one at 0.500 s begins inside"):
        Instruments(np.array([0.0, 0.5]), np.ones(2), np.array(["piano", "piano"]), np.ones(2)).validate()
    Instruments(np.array([0.0, 0.5]), np.ones(2), np.array(["piano", "organ"]), np.ones(2)).validate()


def test_tags_in_a_line():
    tags = Tags(np.array(["kind:rock", "genre:rock", "mood:tense", "mood:powerful", "instrument:guitar", "tempo:fast",
                          "valence:negative", "voice:sung", "mine", "their:own"]), np.ones(10))
    assert in_words(tags) == "rock · tense, powerful · mine, their:own · sung"
