"""MusicVAE: every kind is made and measured, paths begin and end where they should, the loss is the bound."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from passage_files import passage, write_passages

from onpu.data.corpora.passages import Passages, apart
from onpu.engine.augment.drumming import varied_drums
from onpu.errors import OnpuError
from onpu.layers.variational import between, divergence, true_share
from onpu.make.musicvae import (
    MAKER,
    MusicvaeOptions,
    evaluate,
    example,
    kind_of,
    latents,
    likelihood,
    players,
)
from onpu.maker import TrainedMaker
from onpu.music.passage import KINDS, KIT, joined
from onpu.represent.tokens import encoded
from onpu.training.makers import train_maker
from onpu.weights import read_card, read_weights

TINY = replace(MAKER.recipes["small"], latent=5, embedding=4, encoder=(6,), conductor=(6,), decoder=(6,), batch=2,
               steps=2, epochs=1, workers=0, warmup=1, minutes=0.0, precision="32-true")


def built(kind: str, stretch: int = 4) -> TrainedMaker:
    torch.manual_seed(0)
    return TrainedMaker.build(MAKER, replace(TINY, kind=kind, subsequence_steps=stretch))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stretch", [4, 16, 0])
def test_every_kind_is_made_of_its_bars_and_parts(kind, stretch):
    made = built(kind, stretch or KINDS[kind].steps)
    found = made(options=MusicvaeOptions(seed=2)).validate()
    assert found.bars == KINDS[kind].bars and tuple(found.parts) == KINDS[kind].parts
    given = passage(1, KINDS[kind].bars)
    again = made(options=MusicvaeOptions(begin=given, temperature=0.0))
    assert again.bars == given.bars


def test_the_seed_decides_and_at_temperature_zero_of_what_is_given_nothing_does():
    made = built("melody-2")
    one, again, other = (encoded(made(options=MusicvaeOptions(seed=seed, temperature=1.0)), ("melody",))
                         for seed in (3, 3, 4))
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    likeliest = [made(options=MusicvaeOptions(seed=seed, temperature=0.0, begin=passage(1, 2))) for seed in (0, 1)]
    assert np.array_equal(*(each.parts["melody"] for each in likeliest))


def test_a_path_begins_and_ends_where_it_is_asked_to():
    first, second = torch.randn(8), torch.randn(8)
    torch.testing.assert_close(between(first, second, 0.0), first)
    torch.testing.assert_close(between(first, second, 1.0), second)
    torch.testing.assert_close(between(first, first, 0.5), first)
    unit, other = torch.eye(8)[0], torch.eye(8)[1]
    assert between(unit, other, 0.3).norm() == pytest.approx(1.0, abs=1e-5)
    made, ends = built("melody-2"), (passage(1, 2), passage(2, 2))
    walked = [made(options=MusicvaeOptions(temperature=0.0, begin=ends[0], end=ends[1], share=share))
              for share in (0.0, 1.0)]
    alone = [made(options=MusicvaeOptions(begin=end)) for end in ends]  # at temperature 0, since they are given
    assert all(np.array_equal(a.parts["melody"], b.parts["melody"]) for a, b in zip(walked, alone, strict=True))
    whole = made(options=MusicvaeOptions(begin=ends[0], end=ends[1], steps=2))
    assert np.array_equal(whole.parts["melody"], joined(walked).parts["melody"])


def test_drums_are_varied_and_nothing_else():
    drawn, given = np.random.default_rng(0), passage(1, 4)
    found = [varied_drums(given, drawn) for _ in range(40)]
    hits = [each.parts["drums"] for each in found]
    assert all(np.array_equal(each.parts["melody"], given.parts["melody"]) for each in found)
    assert len({each.tobytes() for each in hits}) > 5
    assert any(np.array_equal(each, given.parts["drums"]) for each in hits)
    assert all(each.sum() <= given.parts["drums"].sum() and each.any() for each in hits)
    kick = list(KIT).index(36)
    assert all(not each[:, kick].any() or np.array_equal(each[:, kick], given.parts["drums"][:, kick]) for each in hits)
    tune = passage(1, 4)
    alone = varied_drums(replace(tune, parts={"melody": tune.parts["melody"]}), drawn)
    assert list(alone.parts) == ["melody"]


def test_attribute_vectors_are_added():
    made, given = built("melody-2"), passage(1, 2)
    made.network.vectors[0] = 3.0
    z = latents(made, [given])[0]
    expected = made.network.compose(z - 1.5, 0.0, torch.Generator())[0]
    found = made(options=MusicvaeOptions(temperature=0.0, begin=given, density=-0.5))
    assert np.array_equal(encoded(found, ("melody",))[0][:4] > 1, expected[0][:4].numpy() > 1)


def test_the_loss_is_the_bound_with_the_weights_that_the_recipe_says():
    recipe = replace(TINY, beta=0.5, beta_rate=0.9, free_bits=2.0, scheduled_sampling=0.0)
    material = Passages.of([(passage(1), "train")], {})
    network = players(recipe)["autoencoder"].network.eval()
    batch = {name: torch.from_numpy(np.stack([values] * 3)) for name, values in
             example(material, np.random.default_rng(0), recipe).items()}
    with torch.no_grad():
        parts = likelihood({"autoencoder": network}, batch | {"step": torch.tensor(9)}, recipe)
        mean, spread = network.encode(batch["tokens"])
    beyond = (divergence(mean, spread) - 2 * math.log(2)).clamp_min(0).mean()
    assert float(parts["divergence"]) == pytest.approx(0.5 * (1 - 0.9**10) * float(beyond) / 32, rel=1e-4)
    assert 0 < float(parts["reconstruction"]) < 2 * math.log(90)


def test_divergence_is_that_of_torch():
    mean, spread = torch.randn(4, 6), torch.rand(4, 6) + 0.1
    expected = torch.distributions.kl_divergence(torch.distributions.Normal(mean, spread),
                                                 torch.distributions.Normal(0.0, 1.0)).sum(dim=1)
    torch.testing.assert_close(divergence(mean, spread), expected)


def test_at_first_the_truth_is_told_and_later_what_was_drawn():
    assert true_share(0, 500) > 0.997 and true_share(10**6, 500) < 1e-6 and true_share(10**9, 0) == 1
    assert true_share(round(500 * math.log(500)), 500) == pytest.approx(0.5, abs=0.01)
    made, tokens = built("melody-2"), torch.zeros(40, 1, 32, dtype=torch.long)
    z = torch.zeros(40, 5)
    assert torch.equal(made.network.mixed(z, tokens, 0.0), tokens)
    changed = (made.network.mixed(z, tokens, 0.5) != tokens).float().mean()
    assert 0.3 < float(changed) < 0.55  # an untrained network draws another token nearly always


@pytest.mark.parametrize("kind", ["melody-2", "trio-16"])
def test_measures_are_shares_and_nats_of_the_pieces(kind):
    made, given = built(kind), passage(1, 32)
    scores = evaluate(made, given, np.random.default_rng(0))
    assert len(apart(given, kind_of(made).bars, kind_of(made).parts)) == 32 // KINDS[kind].bars
    assert 0 <= scores["Free-running"] <= 1 and 0 <= scores["Teacher-forced"] <= 1 and scores["KL"] > 0
    assert scores["Bound"] < len(KINDS[kind].parts) * math.log(512)
    assert ("Free-running, bass" in scores) == (kind == "trio-16")
    assert evaluate(made, passage(1, 1), np.random.default_rng(0)) == {}


def test_training_keeps_what_it_notices_of_attributes_and_the_card_says_what_was_learned_from(tmp_path):
    material = Passages.open(write_passages(tmp_path / "p.json.gz", 20))
    best = train_maker(MAKER, TINY, [material], tmp_path / "run", bar=False)
    card, (tensors, _) = read_card(best), read_weights(best)
    assert tensors["vectors"].shape == (3, 5) and tensors["vectors"].abs().sum() > 0
    assert card["commercial_use"] and card["data"][0]["source"] == "tests" and card["data"][0]["share"] == 16
    assert {score["measure"] for score in card["scores"]} == {"Teacher-forced", "Free-running", "KL", "Bound"}


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"temperature": -0.1}, {"temperature": 9}, {"share": 1.5},
                                   {"steps": 1}, {"density": 99.0}, {"end": passage(1, 2)}])
def test_what_cannot_be_made_is_refused_in_one_line(wrong):
    with pytest.raises(OnpuError) as error:
        MusicvaeOptions(**wrong)
    assert "\n" not in str(error.value)
    with pytest.raises(OnpuError, match="melody-2"):
        replace(TINY, kind="waltz")
    with pytest.raises(OnpuError, match="subsequences of 5"):
        replace(TINY, subsequence_steps=5)
    with pytest.raises(OnpuError, match="3 sections do not divide"):
        replace(TINY, sections=3)
