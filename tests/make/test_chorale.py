"""Chorales: what is given stays, ranges are kept, seeds decide, surprises are what the networks say."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from chorale_files import write_chorales
from hymn_tunes import soprano

from onpu.data.corpora.chorales import Chorales
from onpu.errors import OnpuError
from onpu.make.chorale import (
    CONTEXT_STEPS,
    MAKER,
    ChoraleOptions,
    composed,
    evaluate,
    form,
    negative_log_likelihood,
    tensors,
)
from onpu.maker import TrainedMaker
from onpu.metrics import cadences, voice_leading
from onpu.music.cadences import phrase_ends
from onpu.music.chorale import RANGES
from onpu.music.spelling import parse_key
from onpu.represent.voices import encoded
from onpu.training.makers import train_maker
from onpu.weights import read_card

RECIPE = replace(MAKER.recipes["small"], units=(6, 6), width=8, embedding=4, batch=2, crop_quarters=4.0, steps=2,
                 epochs=1, workers=0, warmup=1)
QUICK = ChoraleOptions(bars=2, sweeps=2, seed=3)


@pytest.fixture(scope="module")
def made():
    torch.manual_seed(0)
    return TrainedMaker.build(MAKER, RECIPE)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write_chorales(tmp_path_factory.mktemp("chorales") / "chorales.json.gz", 30)


@pytest.fixture(scope="module")
def chorale(file):
    return Chorales.open(file).item(0)


def test_a_chorale_has_the_form_that_is_asked_for_and_all_voices_in_range(made):
    options = replace(QUICK, bars=3, metre="3/4", key="a minor")
    made_up = made(options=options).validate()
    assert made_up.steps == 36 and made_up.key == "A:minor" and made_up.bars.tolist() == [4, 16, 28]
    for voice, (low, high) in zip(made_up.pitches, RANGES, strict=True):
        assert low <= voice.min() and voice.max() <= high
    assert made_up.attacks[:, 0].all()


def test_the_seed_decides(made):
    one, again, other = (made(options=replace(QUICK, seed=seed)) for seed in (3, 3, 4))
    assert np.array_equal(one.pitches, again.pitches) and np.array_equal(one.attacks, again.attacks)
    assert not np.array_equal(one.pitches, other.pitches)


def test_a_given_soprano_stays_and_so_does_any_note(made, chorale):
    harmonised = made(options=replace(QUICK, given=chorale))
    assert np.array_equal(harmonised.pitches[0], chorale.pitches[0])
    assert np.array_equal(harmonised.attacks[0], chorale.attacks[0])
    assert not np.array_equal(harmonised.pitches[1:], chorale.pitches[1:])
    kept = np.zeros(chorale.pitches.shape, bool)
    kept[3, 16:32] = kept[1, 40] = True
    kept[:, :16] = True
    partly = made(options=replace(QUICK, given=chorale, kept=kept))
    assert np.array_equal(partly.pitches[kept], chorale.pitches[kept])
    assert np.array_equal(partly.attacks[kept], chorale.attacks[kept])


def test_parallels_are_shunned_as_strictly_as_is_asked_for(made):
    def parallels(strictness):
        found = voice_leading.evaluate([made(options=replace(QUICK, bars=4, sweeps=6, seed=seed, strictness=strictness))
                                        for seed in range(3)])
        return found["Parallel fifths"] + found["Parallel octaves"]

    assert parallels(20.0) == 0 < parallels(0.0)


def test_whatever_the_networks_say_chorales_begin_and_end_in_their_key(made):
    several = [replace(QUICK, bars=4, seed=seed, key=key)
               for seed, key in enumerate(["C major", "a minor", "f# minor", "D:dorian", "E:phrygian", "Bb"])]
    for chorale in composed(made, several):
        tonic, _ = parse_key(chorale.key)
        last = (chorale.pitches[:, -1] - tonic) % 12
        assert last[0] == last[3] == 0 and set(last.tolist()) <= {0, 3, 4, 7}
        assert cadences.evaluate([chorale])["First chord in the key"] == 1


def test_old_hundredth_begins_and_ends_in_g_and_its_cadences_can_be_chosen(made):
    tune = soprano("Old Hundredth")
    sung = made(options=replace(QUICK, given=tune, cadences="I V vi I"))
    assert [int(sung.pitches[3, stop - 1]) % 12 for _, stop in phrase_ends(sung)] == [7, 2, 4, 7]
    assert sung.pitches[3, 0] % 12 in (7, 2) and np.array_equal(sung.pitches[0], tune.pitches[0])
    with pytest.raises(OnpuError, match="cannot end on ii"):
        made(options=replace(QUICK, given=tune, cadences="ii,V,vi,I"))


def test_phrases_end_where_the_upbeat_leaves_room():
    fermata = form(replace(QUICK, bars=4)).fermata
    assert np.flatnonzero(fermata).tolist() == [*range(28, 32), *range(60, 64)]
    assert np.flatnonzero(form(replace(QUICK, bars=4, upbeat=False)).fermata).tolist() == [
        *range(24, 32), *range(56, 64)]
    assert form(replace(QUICK, bars=4, phrase=0)).fermata.sum() == 4


def test_surprises_are_the_probabilities_of_the_tokens(made, chorale):
    nats, begins = negative_log_likelihood(made, chorale)
    assert nats.shape == begins.shape == chorale.pitches.shape and np.array_equal(begins, chorale.attacks)
    score = encoded(chorale, CONTEXT_STEPS)
    made.network.eval()
    with torch.inference_mode():
        logits = made.network(tensors(score, made.device))[2][0, CONTEXT_STEPS + 5]
    token = score["tokens"][2, CONTEXT_STEPS + 5]
    assert nats[2, 5] == pytest.approx(-float(logits.log_softmax(0)[token]), rel=1e-4)
    scores = evaluate(made, chorale, np.random.default_rng(0))
    assert scores["Note NLL"] == pytest.approx(np.mean([nats[v][begins[v]].mean() for v in range(4)]))
    assert scores["Held NLL"] == pytest.approx(nats.sum() / begins.sum())
    assert scores["Note likelihood"] == -scores["Note NLL"]


def test_training_begins_from_the_file_as_published_and_the_card_names_its_licence(file, tmp_path):
    best = train_maker(MAKER, RECIPE, [MAKER.scenes(RECIPE).open(file)], tmp_path / "run", bar=False)
    card = read_card(best)
    assert not card["commercial_use"] and "CC BY-NC-SA 4.0" in card["licence"] and "Apache" not in card["licence"]
    assert card["data"][0]["kind"] == "chorales" and card["data"][0]["count"] == 30
    assert card["data"][0]["share"] + card["validation"]["share"] < 30  # what is for tests is in neither


@pytest.mark.parametrize("wrong", [{"bars": 0}, {"bars": 300}, {"key": "H moll"}, {"temperature": 0.0},
                                   {"metre": "5/4"}, {"sweeps": 0}, {"seed": -1}, {"strictness": -1.0},
                                   {"cadences": "I,X"}, {"staves": "3"}])
def test_what_cannot_be_composed_is_refused_in_one_line(wrong):
    with pytest.raises(OnpuError) as error:
        ChoraleOptions(**wrong)
    assert "\n" not in str(error.value)
