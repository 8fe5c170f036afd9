"""The mean of weights: its tensors, what its card says of them, and whether it can be made again."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny
import torch

from onpu.apps import cli
from onpu.errors import DataError, OnpuError, WeightsError
from onpu.trained import TrainedListener
from onpu.training.averaging import average
from onpu.training.reproduce import average_again
from onpu.training.sources import needed
from onpu.weights import find, read_card, read_weights, write_weights

MUSIC = {"kind": "composed", "licence": "CC0-1.0", "commercial_use": True, "plan": {"seed": 1}, "share": 3}
RECORDINGS = {"kind": "recordings", "licence": "CC BY-SA 3.0", "commercial_use": True, "share": 1, "origin": "ab",
              "credits": [{"name": "song", "author": "A", "licence": "CC BY-SA 3.0", "source": "x"}]}


def weights(path: Path, seed: int, data: list, licence: str = "Apache-2.0", recipe=tiny.RECIPE) -> Path:
    torch.manual_seed(seed)
    trained = TrainedListener.build(tiny.LISTENER, recipe)
    card = trained.describe() | {
        "data": data, "validation": {}, "licence": licence, "commercial_use": True, "scores": [], "onpu": "0",
        "trained": {"parent": ""}, "command": f"onpu train tiny --seed {seed}"}
    write_weights(path, trained.network.state_dict(), card)
    return path


@pytest.fixture
def two(tmp_path):
    return (weights(tmp_path / "music.safetensors", 1, [MUSIC]),
            weights(tmp_path / "both.safetensors", 2, [MUSIC, RECORDINGS], "CC BY-SA 4.0"))


def test_each_tensor_is_the_mean_by_shares(two, tmp_path):
    average(two, tmp_path / "mean.safetensors", (3, 1))
    found, card = read_weights(tmp_path / "mean.safetensors")
    one, other = (read_weights(path)[0] for path in two)
    for name, values in found.items():
        expected = 0.75 * one[name].numpy() + 0.25 * other[name].numpy() if values.is_floating_point() else one[name]
        np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-7)
    TrainedListener.restore(tiny.LISTENER, found, card)
    average(two[::-1], tmp_path / "turned.safetensors", (1, 3))
    assert read_card(tmp_path / "turned.safetensors")["sha256"] == card["sha256"]


def test_the_card_joins_what_was_learned_under_the_strictest_licence(two, tmp_path):
    card = average(two, tmp_path / "mean.safetensors", command="onpu average …")
    assert (card["licence"], card["commercial_use"], card["command"]) == ("CC BY-SA 4.0", True, "onpu average …")
    assert card["data"] == [MUSIC | {"share": 0.875}, RECORDINGS | {"share": 0.125}]
    assert [(one["sha256"], one["share"], one["command"]) for one in card["trained"]["averaged"]] == [
        (read_card(path)["sha256"], 0.5, f"onpu train tiny --seed {seed}")
        for path, seed in zip(two, (1, 2), strict=True)]


def test_a_licence_that_the_data_do_not_explain_is_passed_on(two, tmp_path):
    unexplained = weights(tmp_path / "old.safetensors", 3, [MUSIC], "CC BY-SA 4.0")
    assert average([two[0], unexplained], tmp_path / "mean.safetensors")["licence"] == "CC BY-SA 4.0"


def test_a_mean_is_made_again_bit_by_bit_where_its_weights_are_there(two, tmp_path):
    average(two, tmp_path / "mean.safetensors")
    card = read_card(tmp_path / "mean.safetensors")
    assert [(one.there, "seed" in one.home) for one in needed(card, tmp_path)] == [(True, True), (True, True)]
    assert average_again(card, tmp_path / "again", tmp_path)
    assert not average_again(card | {"sha256": "0" * 64}, tmp_path / "again", tmp_path)
    two[1].unlink()
    assert [one.there for one in needed(card, tmp_path)] == [True, False]
    with pytest.raises(DataError, match="--sources"):
        average_again(card, tmp_path / "again", tmp_path)


def test_other_networks_and_impossible_shares_are_refused(two, tmp_path):
    wide = weights(tmp_path / "wide.safetensors", 4, [MUSIC], recipe=replace(tiny.RECIPE, width=9))
    with pytest.raises(WeightsError, match=r"wide.safetensors: its network is not that of .*music.safetensors"):
        average([two[0], wide], tmp_path / "mean.safetensors")
    for paths, shares, said in ((two[:1], (), "two weights at least"), (two, (1,), "a positive number for each"),
                                (two, (1, 0), "a positive number for each"), (two, (1, float("nan")), "positive")):
        with pytest.raises(OnpuError, match=said):
            average(paths, tmp_path / "mean.safetensors", shares)
    assert not (tmp_path / "mean.safetensors").exists()


def test_the_command_averages_shipped_weights(tmp_path, monkeypatch, capsys):
    out = tmp_path / "mean.safetensors"
    monkeypatch.setattr("sys.argv", ["onpu", "average", "beats", "beats-permissive", "-o", str(out), "--shares", "1,3"])
    with pytest.raises(SystemExit, match="0"):
        cli.main()
    card = read_card(out)
    assert "CC BY-SA 4.0" in capsys.readouterr().out and card["licence"] == read_card(find("beats"))["licence"]
    assert card["command"] == "onpu average beats beats-permissive -o mean.safetensors --shares 1,3"
    credits = [credit for source in card["data"] for credit in source.get("credits", [])]
    assert len(credits) == len({str(one) for one in credits}) > 200
