"""MidiNet: melodies over chords; what is told, heard and measured."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from passage_files import passage, write_passages

from onpu.data.corpora.passages import Passages
from onpu.decode.leaps import fewest_leaps
from onpu.errors import OnpuError
from onpu.layers.adversarial import feature_matching
from onpu.make.midinet import (
    MAKER,
    MidinetOptions,
    answered,
    drawn,
    evaluate,
    example,
    generate,
    heard,
    players,
    said,
    sounding,
)
from onpu.maker import TrainedMaker
from onpu.models.midinet import INTERVALS, MAX_INTERVAL, BarCritic, degrees, moves
from onpu.music.passage import BAR, HOLD, OFF, Passage
from onpu.training.makers import train_maker
from onpu.weights import read_card

TINY = replace(MAKER.recipes["small"], noise_size=5, dense_units=(8, 8), channels=6, conditioner_channels=4,
               critic_widths=(3, 4, 5), batch=4, steps=2, epochs=1, workers=0, warmup=1, minutes=0.0)


@pytest.fixture(scope="module")
def made() -> TrainedMaker:
    """Untrained, with weights so large that everything matters."""
    torch.manual_seed(0)
    trained = TrainedMaker.build(MAKER, TINY)
    with torch.no_grad():
        for weights in trained.network.parameters():
            weights.mul_(4 if weights.ndim > 1 else 1)
    return trained


def test_a_melody_has_a_bar_for_each_chord_and_the_chords_come_again(made):
    found = made(options=MidinetOptions(bars=5, chords=("C:maj", "A:min7"))).validate()
    assert found.bars == 5 and found.chords == ("C:maj", "A:min7", "C:maj", "A:min7", "C:maj")
    assert found.parts["melody"][0] >= 0


def test_seed_chord_and_what_came_before_decide(made):
    def melody(**changes):
        return made(options=replace(MidinetOptions(bars=2), **changes)).parts["melody"]

    assert np.array_equal(melody(seed=1), melody(seed=1))
    for other in ({"seed": 2}, {"seed": 1, "chords": ("F#:min",)}, {"seed": 1, "begin": passage(1, 2)}):
        assert not np.array_equal(melody(seed=1), melody(**other))
    one, other = melody(seed=1, chords=("C:maj", "C:maj")), melody(seed=1, chords=("C:maj", "G:maj"))
    assert np.array_equal(one[:BAR], other[:BAR])  # a bar knows nothing of those that follow


def test_chords_are_a_root_and_whether_the_third_is_minor():
    assert said("C:maj").nonzero()[0].tolist() == [0] and said("A:min7/b3").nonzero()[0].tolist() == [9, 12]
    assert said("G:sus4").nonzero()[0].tolist() == [7] and said("B:hdim7").nonzero()[0].tolist() == [11, 12]
    assert not said("N").any()


def test_rests_are_the_note_before_and_what_sounds_is_heard_again():
    events = np.full(BAR, HOLD)
    events[2], events[6], events[8] = 60, OFF, 62
    pitches = sounding(Passage({"melody": events}))
    assert pitches.tolist() == [60] * 8 + [62] * 8
    assert heard(pitches, ("C:maj",)).line("melody").starts.tolist() == [0, 8]
    assert (drawn(pitches).argmax(axis=1) == pitches).all() and drawn(pitches).sum() == BAR
    assert not sounding(Passage({"melody": np.full(BAR, HOLD)})).any()


def test_an_example_is_a_bar_after_the_bar_before_it_with_the_chord_in_the_same_key():
    material = Passages.of([(passage(1), "train")], {})
    none_before = 0
    for seed in range(60):
        given = example(material, np.random.default_rng(seed), TINY)
        assert given["real"].shape == given["before"].shape == (1, BAR, 128) and (given["real"].sum(axis=2) == 1).all()
        none_before += not given["before"].any()
        pitches = given["real"][0].argmax(axis=1)
        scale = {(step + shift) % 12 for step in (0, 2, 4, 5, 7, 9, 11)
                 for shift in [int(given["chord"][:12].argmax()) - root for root in (0, 9, 5, 7)]}
        assert {pitch % 12 for pitch in pitches.tolist()} <= scale
    assert 1 <= none_before <= 15


def test_the_distances_of_the_generator_are_half_the_squared_norms_with_their_weights():
    recipe = replace(TINY, bar_matching=2.0, first_layer_matching=3.0)
    torch.manual_seed(0)
    networks = {name: player.network.eval() for name, player in players(recipe).items()}
    material = Passages.of([(passage(1), "train")], {})
    rows = [example(material, np.random.default_rng(seed), recipe) for seed in range(6)]
    batch = {name: torch.from_numpy(np.stack([row[name] for row in rows]).astype(np.float32)) for name in rows[0]}
    for network in networks.values():
        network.requires_grad_(False)
    parts = generate(networks, batch, recipe)
    fake = networks["generator"](batch["noise"], batch["chord"], batch["before"])
    apart = (batch["real"].mean(dim=0) - fake.mean(dim=0)).square().sum()
    assert float(parts["bars"]) == pytest.approx(float(apart), rel=1e-4)  # half of twice
    told = [batch["chord"], batch["before"]]
    seen = [networks["critic"](bar, *told)[1] for bar in (batch["real"], fake)]
    units = seen[0][0][0].numel()
    assert float(parts["features"]) == pytest.approx(1.5 * units * float(feature_matching(*seen)), rel=1e-4)
    unmatched = replace(recipe, bar_matching=0.0, first_layer_matching=0.0, interval_matching=0.0,
                        degree_matching=0.0)
    assert set(generate(networks, batch, unmatched)) == {"adversarial"}


def test_answers_stand_beside_the_bars_that_they_answer_for(made):
    song = passage(1, 6)
    real, found = answered(made, song, np.random.default_rng(0))
    assert len(real) == len(found) == 5 and all(a.chords == b.chords for a, b in zip(real, found, strict=True))
    assert [bar.chords[0] for bar in real] == list(song.chords[1:])
    scores = evaluate(made, song, np.random.default_rng(0))
    assert 0 <= scores["Overlap"] <= 1 and 0 <= scores["In the chord"] <= 1
    assert evaluate(made, passage(1, 1), np.random.default_rng(0)) == {}


@pytest.mark.parametrize("recipe", MAKER.recipes)
def test_training_learns_from_songs_and_says_so(tmp_path, recipe):
    material = Passages.open(write_passages(tmp_path / "p.json.gz", 12, 4))
    tiny = replace(MAKER.recipes[recipe], noise_size=5, dense_units=(8, 8), channels=6, conditioner_channels=4,
                   critic_widths=(3, 4, 5), batch=4, steps=2, epochs=1, workers=0, warmup=1, minutes=0.0)
    card = read_card(train_maker(MAKER, tiny, [material], tmp_path / "run", bar=False))
    assert card["commercial_use"] and "Overlap" in {score["measure"] for score in card["scores"]}


@pytest.mark.parametrize("wrong", [{"bars": 0}, {"bars": 300}, {"seed": -1}, {"chords": ()}, {"chords": ("H",)},
                                   {"chords": ("C:maj", "N")}, {"temperature": 99}])
def test_what_cannot_be_made_is_refused_in_one_line(wrong):
    with pytest.raises(OnpuError) as error:
        MidinetOptions(**wrong)
    assert "\n" not in str(error.value)


def test_of_several_bars_the_first_with_the_fewest_leaps_is_chosen():
    still, leaping, other = np.full(16, 60), np.array([60] * 8 + [80] * 8), np.full(16, 62)
    np.testing.assert_array_equal(fewest_leaps(np.stack([leaping, other, still]), 60), other)
    np.testing.assert_array_equal(fewest_leaps(np.stack([other, still]), 52), still)
    np.testing.assert_array_equal(fewest_leaps(np.stack([leaping, other]), None), other)


def test_more_candidates_leap_less(made):
    def beyond(count):
        pitches = [made(options=MidinetOptions(seed=seed, bars=4, candidates=count)).line("melody").pitches
                   for seed in range(6)]
        return np.mean(np.concatenate([np.abs(np.diff(each)) > 7 for each in pitches]))

    assert beyond(32) < beyond(1)
    with pytest.raises(OnpuError, match="candidates is 0"):
        MidinetOptions(candidates=0)


def test_moves_are_the_intervals_between_steps_and_have_a_gradient():
    line = np.array([60, 62, 59, 59, 90, 20, *[20] * 10])
    bar, before = (torch.from_numpy(drawn(pitches))[None, None] for pitches in (line, np.full(16, 55)))
    found = moves(bar, before)
    assert found.shape == (1, 16, INTERVALS)
    expected = np.clip(np.diff(line, prepend=55), -MAX_INTERVAL, MAX_INTERVAL)
    np.testing.assert_array_equal(found[0].argmax(dim=1) - MAX_INTERVAL, expected)
    torch.testing.assert_close(found.sum(dim=2), torch.ones(1, 16))
    assert moves(bar)[0, 0].abs().max() < 1e-5  # after nothing there is no interval
    soft = torch.rand(2, 1, 16, 128, dtype=torch.float64, requires_grad=True)
    found = moves(soft, soft.detach().float())
    direct = torch.stack([(soft[:, 0, 1, 5:] * soft[:, 0, 0, :-5]).sum(dim=1)])
    torch.testing.assert_close(found[:, 1, MAX_INTERVAL + 5].double(), direct[0], rtol=1e-4, atol=1e-4)
    found[:, 1, MAX_INTERVAL + 5].sum().backward()
    torch.testing.assert_close(soft.grad[:, 0, 1, 5:], soft.detach()[:, 0, 0, :-5], rtol=1e-4, atol=1e-4)


def test_degrees_are_counted_from_the_root_of_the_chord_in_every_key():
    line = np.array([60] * 8 + [64] * 4 + [79] * 4)
    for up, chord in ((0, "C:maj"), (1, "C#:maj"), (7, "G:maj"), (11, "B:maj")):
        bar = torch.from_numpy(drawn(line + up))[None, None]
        found = degrees(bar, torch.from_numpy(said(chord))[None])
        expected = torch.zeros(1, 12)
        expected[0, [0, 4, 7]] = torch.tensor([0.5, 0.25, 0.25])
        torch.testing.assert_close(found, expected)
    assert not degrees(bar, torch.zeros(1, 13)).any()


def test_a_critic_that_hears_intervals_tells_bars_apart_by_them():
    torch.manual_seed(0)
    critic = BarCritic(13, (3, 4, 5), True, "none", hears_intervals=True)
    with torch.no_grad():
        critic.first[0].weight[:, : 4 * 128].zero_()  # it sees no pitches
    chord, before = torch.zeros(1, 13), torch.from_numpy(drawn(np.full(16, 60)))[None, None]
    bars = [torch.from_numpy(drawn(pitches))[None, None] for pitches in (np.full(16, 60), np.array([60] * 15 + [64]))]
    answers = [float(critic(bar, chord, before)[0]) for bar in bars]
    assert answers[0] != answers[1]
    moved = [float(critic(bar.roll(5, dims=3), chord, before.roll(5, dims=3))[0]) for bar in bars]
    assert moved == pytest.approx(answers, abs=1e-5)
