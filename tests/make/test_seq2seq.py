"""Chords for melodies: the melody stays, beams beat greed, seeds decide, surprises are what the network says."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_corpora import write_pop909

from onpu.data.corpora.phrases import Phrases
from onpu.errors import LabelError, OnpuError
from onpu.make import load
from onpu.make.seq2seq import (
    MAKER,
    ODE,
    Seq2SeqOptions,
    Seq2SeqRecipe,
    evaluate,
    negative_log_likelihood,
    tensors,
    told,
)
from onpu.maker import TrainedMaker
from onpu.models.attention_seq2seq import ATTENTION
from onpu.music.phrase import CHORDS
from onpu.training.makers import train_maker
from onpu.weights import read_card

SMALL = replace(MAKER.recipes["small"], units=(8,), embedding=4, batch=2, steps=2, epochs=1, workers=0, warmup=1)


@pytest.fixture(scope="module", params=ATTENTION)
def made(request):
    torch.manual_seed(0)
    return TrainedMaker.build(MAKER, replace(SMALL, attention=request.param))


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    return Phrases.open(write_pop909(tmp_path_factory.mktemp("pop909") / "pop909.zip"))


def test_the_ode_is_the_ode():
    ODE.validate()
    assert ODE.steps == 128 and ODE.attacks.sum() == 30 and (ODE.pitches > 0).all()
    assert ODE.pitches[ODE.attacks][:8].tolist() == [64, 64, 65, 67, 67, 65, 64, 62]
    changes = np.diff(ODE.pitches) != 0
    assert ODE.attacks[1:][changes].all()


def test_chords_move_with_the_melody_where_it_is_read_in_c():
    torch.manual_seed(1)
    made = TrainedMaker.build(MAKER, replace(SMALL, relative=True))
    with torch.no_grad():
        for weights in made.network.parameters():
            weights.mul_(4)
    first = made(options=Seq2SeqOptions(melody=ODE))
    assert len(set(first.chords.tolist())) > 1
    for semitones in (-5, 3, 5):  # a tritone might be read an octave higher
        moved = made(options=Seq2SeqOptions(melody=ODE.transposed(semitones)))
        np.testing.assert_array_equal(moved.chords, replace(ODE, chords=first.chords).transposed(semitones).chords)
    nats = [negative_log_likelihood(made, [replace(ODE, chords=first.chords).transposed(by)])[0] for by in (0, 4)]
    np.testing.assert_allclose(nats[0], nats[1], rtol=1e-5)


def test_the_scale_of_a_melody_is_found_from_its_notes():
    assert ODE.scale() == 0 and ODE.transposed(5).scale() == 5
    minor = replace(ODE, pitches=np.where(ODE.pitches == 60, 69, np.where(ODE.pitches == 67, 69, ODE.pitches)))
    assert replace(minor, key="F#:major").scale() == minor.scale()  # the key that is given is not looked at


@pytest.mark.parametrize("bars", [1, 3, 8, 11])
def test_the_melody_stays_and_every_half_bar_gets_a_chord(made, songs, bars):
    row = songs.item(0)[0]
    melody = replace(row.cut(0, min(bars, 8)), pitches=np.tile(row.pitches, 2)[: 16 * bars],
                     attacks=np.tile(row.attacks, 2)[: 16 * bars], chords=np.tile(row.chords, 2)[: 2 * bars])
    found = made(options=Seq2SeqOptions(melody=melody))
    assert np.array_equal(found.pitches, melody.pitches) and np.array_equal(found.attacks, melody.attacks)
    assert found.chords.shape == (2 * bars,) and found.chords.max() < CHORDS
    others = replace(melody, chords=(melody.chords + 1) % CHORDS)
    assert np.array_equal(made(options=Seq2SeqOptions(melody=others)).chords, found.chords)


def test_triple_time_has_a_chord_a_bar(made):
    waltz = replace(ODE, pitches=ODE.pitches[:96], attacks=ODE.attacks[:96], chords=ODE.chords[:8], quarters=3)
    assert made(options=Seq2SeqOptions(melody=waltz)).chords.shape == (8,)


def nats_of(made, phrase):
    return negative_log_likelihood(made, [phrase])[0].sum()


def test_of_the_sequences_that_are_followed_the_best_is_taken(made):
    greedy, wide = (made(options=Seq2SeqOptions(beam=width)) for width in (1, 16))
    assert nats_of(made, wide) <= nats_of(made, greedy) + 1e-6
    with torch.inference_mode():
        logits, _ = made.network(tensors([greedy], made.device), told(torch.from_numpy(greedy.chords)[None]))
    assert logits[0].argmax(dim=1).tolist() == greedy.chords.tolist()


def test_the_seed_decides_where_chords_are_drawn(made):
    one, again, other = (made(options=Seq2SeqOptions(seed=seed, temperature=1.0)).chords for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    assert np.array_equal(*(made(options=Seq2SeqOptions(seed=seed)).chords for seed in (1, 2)))


def test_measures_are_of_the_phrases(made, songs):
    phrases = songs.item(0)
    nats, attention = negative_log_likelihood(made, phrases)
    scores = evaluate(made, phrases, np.random.default_rng(0))
    assert nats.shape == (16 * len(phrases),) and attention.shape == (len(phrases), 16, 128)
    assert scores["Chord NLL"] == pytest.approx(nats.mean()) and 0 <= scores["Root"] <= scores["Chord NLL"]
    assert evaluate(made, (), np.random.default_rng(0)) == {}


@pytest.mark.parametrize("attention", ATTENTION)
def test_training_begins_from_the_file_and_no_test_song_is_in_it(songs, tmp_path, attention):
    best = train_maker(MAKER, replace(SMALL, attention=attention), [songs], tmp_path / "run", bar=False)
    assert load(best)().chords.shape == (16,)
    card = read_card(best)
    assert card["commercial_use"] and card["data"][0]["kind"] == "melodies with chords"
    assert card["data"][0]["share"] == 2 and card["validation"]["share"] == 1


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"temperature": -1.0}, {"temperature": 9.0}, {"beam": 0},
                                   {"key": "H"}])
def test_what_cannot_be_made_is_refused_in_one_line(wrong):
    with pytest.raises(OnpuError) as error:
        Seq2SeqOptions(**wrong)
    assert "\n" not in str(error.value)


def test_recipes_that_make_no_network_are_refused():
    for wrong in ({"attention": "sideways"}, {"reading": "twice"}, {"units": (7,)}, {"units": (8, 8)}):
        with pytest.raises(OnpuError):
            Seq2SeqRecipe(**wrong)


def test_a_melody_without_whole_bars_is_refused(made):
    with pytest.raises(LabelError, match="whole bars"):
        made(options=Seq2SeqOptions(melody=replace(ODE, pitches=ODE.pitches[:-1])))
