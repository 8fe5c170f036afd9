"""Performances: seeds decide, primers stay, lengths are kept, surprises are what the network says."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_corpora import write_pop909

from onpu.data.corpora.performances import Performances
from onpu.errors import OnpuError
from onpu.make import load
from onpu.make.performance import (
    MAKER,
    MIN_EVENTS,
    VALIDATION_EVENTS,
    PerformanceOptions,
    PerformanceRecipe,
    evaluate,
    negative_log_likelihood,
)
from onpu.maker import TrainedMaker
from onpu.represent.performance import KINDS, START, TICKS_PER_SECOND, decoded, encoded, kinds
from onpu.training.makers import train_maker
from onpu.weights import read_card

SMALL = replace(MAKER.recipes["small"], units=(6, 6), embedding=4, width=8, blocks=2, heads=2, batch=2,
                crop_events=32, steps=2, epochs=1, workers=0, warmup=1, precision="32-true")
QUICK = PerformanceOptions(seconds=4.0, seed=3)


@pytest.fixture(scope="module", params=["lstm", "transformer"])
def made(request):
    torch.manual_seed(0)
    return TrainedMaker.build(MAKER, replace(SMALL, network=request.param))


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    return Performances.open(write_pop909(tmp_path_factory.mktemp("pop909") / "pop909.zip"))


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(vars(one).values(), vars(other).values(), strict=True))


def test_the_seed_decides(made):
    one, again, other = (made(options=replace(QUICK, seed=seed)) for seed in (3, 3, 4))
    one.validate()
    assert same(one, again) and not same(one, other)


def test_a_performance_is_as_long_as_is_asked_for_beyond_any_window(made):
    notes = made(options=replace(QUICK, seconds=20.0))
    assert 17 < notes.offsets.max() <= 21
    assert len(encoded(notes)) > 2 * SMALL.crop_events


def test_a_primer_comes_first_and_is_gone_on_from(made, songs):
    first = songs.item(0)
    primer = decoded(encoded(first.select(slice(12))))
    notes = made(options=replace(QUICK, primer=primer))
    end = primer.onsets.max()
    begun = notes.onsets <= end - 1e-9
    assert np.array_equal(notes.pitches[begun], primer.pitches[primer.onsets <= end - 1e-9])
    assert notes.onsets.max() > end
    assert not same(notes, made(options=replace(QUICK, primer=replace(primer, pitches=primer.pitches + 1))))


def test_a_low_temperature_and_a_small_nucleus_leave_no_choice(made):
    plain = [made(options=replace(QUICK, seconds=1.0, seed=seed, top_p=1e-6)) for seed in (1, 2)]
    cold = made(options=replace(QUICK, seconds=1.0, temperature=0.05, top_p=1e-6))
    assert same(*plain) and same(plain[0], cold)


def test_surprises_are_the_probabilities_of_the_events(made, songs):
    events = encoded(songs.item(1))[:100]
    made.network.eval()
    nats = negative_log_likelihood(made, events)
    assert nats.shape == events.shape
    with torch.inference_mode():
        logits, _ = made.network(torch.from_numpy(np.append(START, events[:20]))[None])
    for at in (0, 7, 20):
        assert nats[at] == pytest.approx(-float(logits[0, at].log_softmax(0)[events[at]]), rel=1e-4)
    assert made.network.window in (None, 32)
    alone = negative_log_likelihood(made, events[:32])
    np.testing.assert_allclose(nats[:32], alone, rtol=1e-5)


def test_measures_are_means_of_surprises(made, songs):
    notes = songs.item(0)
    events = encoded(notes)[:VALIDATION_EVENTS]
    nats, scores = negative_log_likelihood(made, events), evaluate(made, notes, np.random.default_rng(0))
    assert scores["Event NLL"] == pytest.approx(nats.mean()) and scores["Event likelihood"] == -scores["Event NLL"]
    assert scores["Event NLL of time shift"] == pytest.approx(nats[kinds(events) == KINDS.index("time shift")].mean())
    assert nats.sum() / scores["Second NLL"] == pytest.approx(decoded(events).offsets.max(), abs=2 / TICKS_PER_SECOND)


def test_examples_are_moved_stretched_and_masked(songs):
    events = [MAKER.example(songs, np.random.default_rng(n), replace(SMALL, crop_events=4000)) for n in range(6)]
    assert all(len(one["events"]) == 4000 and 0 < one["mask"].sum() < 4000 for one in events)
    assert len({int(one["events"][1]) for one in events}) > 2
    with pytest.raises(OnpuError, match="give 16 or more"):
        replace(SMALL, crop_events=MIN_EVENTS - 1)


@pytest.mark.parametrize("network", ["lstm", "transformer"])
def test_training_begins_from_the_file_and_no_test_song_is_in_it(songs, tmp_path, network):
    best = train_maker(MAKER, replace(SMALL, network=network), [songs], tmp_path / "run", bar=False)
    card = read_card(best)
    assert load(best)(options=replace(QUICK, seconds=1.0)).onsets.size
    assert card["commercial_use"] and card["data"][0]["kind"] == "performances"
    assert card["data"][0]["count"] == 4 and card["data"][0]["share"] == 2 and card["validation"]["share"] == 1


@pytest.mark.parametrize("wrong", [{"seconds": 0.0}, {"seconds": 1e4}, {"temperature": 0.0}, {"top_p": 0.0},
                                   {"top_p": 1.5}, {"seed": -1}, {"primer_seconds": 0.0}, {"seconds": float("nan")}])
def test_what_cannot_be_played_is_refused_in_one_line(wrong):
    with pytest.raises(OnpuError) as error:
        PerformanceOptions(**wrong)
    assert "\n" not in str(error.value)


def test_recipes_that_make_no_network_and_primers_without_notes_are_refused():
    for wrong in ({"network": "gru"}, {"width": 10, "heads": 4}):
        with pytest.raises(OnpuError, match="choose"):
            PerformanceRecipe(**wrong)
    with pytest.raises(OnpuError, match="primer"):
        PerformanceOptions(primer=decoded(np.zeros(0, np.int64)))
