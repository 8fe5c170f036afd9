"""The laws of every making task that is found, with tiny networks."""

import inspect
from dataclasses import replace

import numpy as np
import pytest
import torch
from maker_cases import batch_of, built, material, tiny
from sung_files import sung_score

from onpu.engine.render.voice.bank import world
from onpu.errors import OnpuError
from onpu.make import makers
from onpu.maker import TrainedMaker
from onpu.music import Audio, Stems
from onpu.music.passage import Passage
from onpu.training.checkpoint import save
from onpu.weights import read_weights

CARD = {"data": [], "validation": {}, "commercial_use": True, "command": "none",
        "trained": {"epoch": 0, "steps": 0, "minutes": 0.0, "score": 0.0, "parent": ""}}


@pytest.fixture(scope="module", params=makers())
def case(request, tmp_path_factory):
    """Maker, tiny recipe, what it learns from."""
    maker = makers()[request.param]
    short = {name: 1 for name in ("sweeps", "bars", "seconds") if hasattr(maker.options, name)}
    if short:
        maker = replace(maker, options=replace(maker.options, **short))
    recipe = tiny(next(iter(maker.recipes.values())))
    return maker, recipe, material(maker, recipe, tmp_path_factory.mktemp(request.param))


def told(result):
    """What was made, as arrays; of a method, what it makes of magnitudes."""
    if callable(result):
        from onpu.make.phase import front

        sound = torch.sin(torch.arange(8192) / 20)[None]
        return result(front(), front()(sound), 8192).numpy()
    if isinstance(result, Passage):
        return np.concatenate([events.ravel() for events in result.parts.values()])
    if isinstance(result, Audio | Stems):
        return result.samples
    if isinstance(result, np.ndarray):
        return result
    return np.concatenate([np.ravel(column).astype(float) for column in vars(result).values()
                           if isinstance(column, np.ndarray) and column.dtype.kind != "U"])


def test_every_player_learns_from_its_own_loss_alone_with_finite_gradients(case):
    maker, recipe, sounds = case
    players, networks = built(maker, recipe)
    batch = batch_of(maker, recipe, sounds)
    for name, player in players.items():
        for other, network in networks.items():
            network.requires_grad_(other == name).zero_grad(set_to_none=True)
        parts = player.loss(networks, batch, recipe)
        assert parts and all(value.ndim == 0 and value.isfinite() for value in parts.values())
        sum(parts.values()).backward()
        for other, network in networks.items():
            for parameter_name, parameter in network.named_parameters():
                given = parameter.grad is not None
                assert given == (other == name), f"{name}: {other}.{parameter_name}"
                assert not given or parameter.grad.isfinite().all()


def test_one_batch_can_be_learned(case):
    maker, recipe, sounds = case
    players, networks = built(maker, recipe)
    batch = batch_of(maker, recipe, sounds)
    name, player = next(iter(players.items()))
    for other, network in networks.items():
        network.requires_grad_(other == name)
    optimizer = torch.optim.Adam(player.network.parameters(), 1e-2)

    def total():
        parts = player.loss(networks, batch, recipe)
        return parts.get("likeness", sum(parts.values()))

    first = total().detach()
    for _ in range(10):
        optimizer.zero_grad()
        total().backward()
        optimizer.step()
    assert total() < first - 0.02 * abs(first)


def test_saved_weights_come_back_as_half_precision_has_them_and_then_bit_by_bit(case, tmp_path):
    maker, recipe, _ = case
    _, networks = built(maker, recipe)
    states = [TrainedMaker(maker, recipe, next(iter(networks.values())))]
    for name in ("first", "second"):
        save(tmp_path / name, states[-1], [], CARD)
        states.append(TrainedMaker.restore(maker, *read_weights(tmp_path / name)))
    before, once, twice = (made.network.state_dict() for made in states)
    assert states[2].recipe == recipe and before.keys() == once.keys() == twice.keys()
    for name, tensor in before.items():
        torch.testing.assert_close(once[name], tensor, rtol=2**-11, atol=2**-25)
        assert torch.equal(once[name], twice[name])


def test_equal_seeds_give_equal_examples_and_results(case):
    maker, recipe, sounds = case
    one, again, other = (batch_of(maker, recipe, sounds, seed) for seed in (1, 1, 2))
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert any(not torch.equal(one[name], other[name]) for name in one)
    if hasattr(maker.options, "chroma"):
        maker = replace(maker, options=replace(maker.options, chroma=np.eye(12, 40, dtype=np.float32)))
    if hasattr(maker.options, "score"):
        if world() is None:
            pytest.skip("pyworld is not installed")
        maker = replace(maker, options=replace(maker.options, score=sung_score(2)))
    _, networks = built(maker, recipe)
    trained = TrainedMaker(maker, recipe, next(iter(networks.values())))
    heard = sounds.item(0)[:1] if hasattr(sounds, "rate") else 0.1 * np.random.default_rng(0).standard_normal((1, 9000))
    if hasattr(maker.options, "microphones"):
        heard = np.tile(heard, (len(maker.options.microphones), 1))
    for given in ((), (np.asarray(heard, np.float32), getattr(sounds, "rate", 22_050))):
        try:
            np.testing.assert_array_equal(told(trained(*given)), told(trained(*given)))
        except OnpuError:
            continue
        return
    pytest.fail("neither with nor without a recording is anything made")


@pytest.mark.parametrize(("channels", "samples", "rate", "filled"), [
    (1, 0, 44_100, 0.0), (1, 1, 8000, 0.5), (2, 4000, 44_100, 0.0), (8, 3000, 44_100, 0.1), (1, 3000, 8000, 0.1),
    (1, 9000, 96_000, 0.1), (1, 3000, 44_100, np.nan)])
def test_any_recording_gives_a_result_in_its_own_format_or_an_error_that_says_why(case, channels, samples, rate,
                                                                                 filled):
    maker, recipe, _ = case
    _, networks = built(maker, recipe)
    trained = TrainedMaker(maker, recipe, next(iter(networks.values())))
    sound = filled * np.random.default_rng(0).standard_normal((channels, samples)).astype(np.float32)
    try:
        result = trained(sound.astype(np.float32), rate)
    except OnpuError as error:
        assert "\n" not in str(error) and ("NaN" in str(error) or not np.isnan(filled))
        return
    if isinstance(result, np.ndarray):  # a vector of the recording
        assert result.ndim == 1 and np.isfinite(result).all() and not np.isnan(filled)
        return
    assert not np.isnan(filled) and result.rate == rate
    assert isinstance(result, Audio | Stems) and np.isfinite(result.samples).all()
    assert result.samples.shape[-2:] == (channels, samples)


def test_the_paper_is_cited_and_deviations_are_confessed():
    for maker in makers().values():
        said = inspect.getdoc(inspect.getmodule(maker.apply)) or ""
        assert "Deviation" in said, f"{maker.name} confesses nothing"
        assert maker.paper.split(",")[0].split(" ")[0] in said and any(character.isdigit() for character in maker.paper)
        assert maker.title and "small" in maker.recipes and maker.criterion
