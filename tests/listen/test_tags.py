"""The task tags: what holds of a recording, whose words, and what has none; and instruments."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from onpu.decode.tasks.instruments import InstrumentsOptions
from onpu.decode.tasks.instruments import decode as decode_instruments
from onpu.decode.tasks.tags import TagsOptions, decode
from onpu.engine.compose import compose
from onpu.engine.render.negatives import silence
from onpu.listen import load, tasks
from onpu.listen.tags import LISTENER, augment, loss, target, words_of
from onpu.music import Clock, Tags, Timeline
from onpu.music.activity import PLAYERS
from onpu.music.words import MUSIC, WORDS
from onpu.trained import TrainedListener
from onpu.weights import models

CLOCK = Clock(12000, 256)
SMALL = LISTENER.recipes["small"]
OWN = replace(SMALL, words=("calm", "wild"))
SHIPPED = [name for name, card in models().items() if card["task"] in ("tags", "instruments")]


def heard(**levels):
    """Activations of ten seconds in which these words hold so far, and music is certain unless it is told."""
    said = np.zeros((len(WORDS), 470), np.float32)
    for word, level in ({MUSIC: 1.0} | levels).items():
        said[WORDS.index(word.replace("__", ":"))] = level
    return {"tags": said}


def test_of_genres_the_likeliest_is_named_and_others_that_are_likely():
    one = decode(heard(genre__rock=0.4, genre__pop=0.3), CLOCK, TagsOptions())["tags"].labels
    two = decode(heard(genre__rock=0.7, genre__pop=0.6), CLOCK, TagsOptions())["tags"].labels
    assert [label for label in one if label.startswith("genre:")] == ["genre:rock"]
    assert [label for label in two if label.startswith("genre:")] == ["genre:rock", "genre:pop"]


def test_only_what_is_music_has_a_say():
    said = heard(genre__rock=0.9, mood__tense=0.8)
    said["tags"][:, :235] = 0.0
    said["tags"][WORDS.index("genre:jazz and blues"), :235] = 1.0
    tags = decode(said, CLOCK, TagsOptions())["tags"]
    assert "genre:rock" in tags.labels and "genre:jazz and blues" not in tags.labels
    assert tags.confidence[tags.labels == "mood:tense"] == pytest.approx(0.8)


def test_the_threshold_is_heeded():
    assert "mood:sad" in decode(heard(mood__sad=0.45), CLOCK, TagsOptions(tag_threshold=0.4))["tags"].labels
    assert "mood:sad" not in decode(heard(mood__sad=0.45), CLOCK, TagsOptions())["tags"].labels


def test_words_of_ones_own_are_learned_and_named():
    listener = LISTENER.made_for(OWN)
    assert listener is LISTENER.made_for(replace(OWN, seed=2)) and LISTENER.made_for(SMALL) is LISTENER
    wild = Timeline(3.0, tags=Tags(np.array(["wild", "unknown"]), np.ones(2)))
    goal = listener.target(wild, CLOCK, 5)["tags"]
    assert goal.tolist() == [[0] * 5, [1] * 5]
    said = listener.decode({"tags": np.repeat([[0.2], [0.9]], 5, axis=1)}, CLOCK, TagsOptions())["tags"]
    assert said.labels.tolist() == ["wild"] and said.confidence.tolist() == [0.9]
    unsure = listener.decode({"tags": np.repeat([[0.2], [0.1]], 5, axis=1)}, CLOCK, TagsOptions())["tags"]
    assert unsure.labels.tolist() == ["calm"], "the likeliest, if none is likely"
    assert listener.metric(wild, Timeline(3.0, tags=said))["Precision"] == 1
    assert TrainedListener.build(LISTENER, OWN).network.classes == len(words_of(OWN)) == 2


def test_songs_of_others_are_learned_by_their_tags_alone():
    tags = Tags(np.array(["genre:rock", "valence:negative"]), np.array([1.0, 0.8]))
    goal = dict(zip(WORDS, target(Timeline(3.0, tags=tags), CLOCK, 2)["tags"][:, 0].tolist(), strict=True))
    assert (goal["genre:rock"], goal[MUSIC]) == (1, 1) and goal["valence:positive"] == pytest.approx(0.2)
    assert not target(Timeline(3.0, tags=Tags.empty()), CLOCK, 2)["tags"].any()


def test_instruments_of_a_written_song_are_told_second_by_second():
    song = compose(4, "pop", 20.0).timeline
    goal = target(song, CLOCK, CLOCK.count(round(song.duration * CLOCK.rate)))["tags"]
    drums = goal[WORDS.index("instrument:drums")]
    times = CLOCK.seconds(np.arange(len(drums)))
    assert drums[times < song.drums.times[0] - 1].sum() == 0 and drums[np.searchsorted(times, song.drums.times[5])] == 1


def test_the_best_answer_has_the_least_loss():
    song = compose(4, "pop", 6.0).timeline
    goal = torch.from_numpy(target(song, CLOCK, 200)["tags"])[None]
    best, mask = torch.logit(goal.clamp(1e-4, 1 - 1e-4)), torch.ones(1, 200)
    assert loss({"tags": best}, {"tags": goal}, mask) < loss({"tags": best + 0.5}, {"tags": goal}, mask)
    assert loss({"tags": best}, {"tags": goal}, mask) < loss({"tags": torch.zeros_like(best)}, {"tags": goal}, mask)


@pytest.mark.parametrize("recipe", ["small", "samplecnn"])
def test_recordings_are_varied_and_stay_what_they_are(recipe):
    recipe = LISTENER.recipes[recipe]
    x = np.random.default_rng(0).random((1, 96, 200)).astype(np.float32) * 4
    song = compose(4, "pop", 6.0).timeline
    one, other = (augment(x, song, np.random.default_rng(seed), recipe) for seed in (1, 2))
    assert one[0].shape == x.shape and one[0].dtype == np.float32 and one[1] is song
    assert not np.array_equal(one[0], other[0]) and np.isfinite(one[0]).all()


def test_a_moment_is_no_player():
    said = np.zeros((len(PLAYERS), 470), np.float32)
    said[PLAYERS.index("drums"), 94:376] = 0.9
    said[PLAYERS.index("drums"), 190:230] = 0.2
    said[PLAYERS.index("organ"), 100:140] = 0.9
    band = decode_instruments({"instruments": said}, CLOCK, InstrumentsOptions())["instruments"].validate()
    assert band.labels.tolist() == ["drums"]
    assert band.starts[0] == pytest.approx(2.0, abs=0.05) and band.ends[0] == pytest.approx(8.02, abs=0.05)


@pytest.mark.skipif("tags" not in SHIPPED, reason="no weights are shipped")
@pytest.mark.parametrize("sound", ["silence", "noise", "hum"])
def test_what_is_no_music_has_no_tags(sound):
    rng, rate = np.random.default_rng(0), 22050
    noise = {"silence": silence(10 * rate, rate, rng)[0], "noise": 0.1 * rng.standard_normal(10 * rate),
             "hum": 0.01 * np.sin(np.arange(10 * rate) * 2 * np.pi * 50 / rate)}[sound].astype(np.float32)
    assert len(load("tags")(noise, rate)) == 0


def test_tasks_are_found():
    assert {"tags", "instruments"} <= set(tasks())
