"""Weights come back bit by bit with a complete card, or an error says what is wrong with the file."""

import json
import shlex
import struct

import pytest
import tiny
import torch
from click import Context
from click.core import ParameterSource
from safetensors.torch import save_file
from typer.main import get_command

import onpu.weights
from onpu.apps import cli
from onpu.apps.train import app
from onpu.errors import WeightsError
from onpu.trained import TrainedListener
from onpu.weights import CARD, digest, find, models, read_card, read_weights, write_weights

ADDED = {"sha256", "storage"}
"""Entries that writing adds to a card."""


@pytest.fixture
def trained():
    torch.manual_seed(0)
    return TrainedListener.build(tiny.LISTENER, tiny.RECIPE)


@pytest.fixture
def card(trained):
    return trained.describe() | {"data": [], "validation": {}, "licence": "CC0-1.0", "commercial_use": True,
                                 "scores": [], "trained": {"parent": ""}, "onpu": "0", "command": "onpu train 音符"}


@pytest.fixture
def path(trained, card, tmp_path):
    write_weights(tmp_path / "tiny.safetensors", trained.network.state_dict(), card)
    return tmp_path / "tiny.safetensors"


def test_save_and_load_are_bit_equal(trained, card, path):
    tensors, read = read_weights(path)
    expected = trained.network.state_dict()
    assert tensors.keys() == expected.keys()
    assert all(torch.equal(tensors[name], expected[name]) and tensors[name].dtype == expected[name].dtype
               for name in expected)
    assert read["storage"] == {"kernels": "float32"}
    assert {name: value for name, value in read.items() if name not in ADDED} == json.loads(json.dumps(card))
    assert read == read_card(path)


@pytest.mark.parametrize("entry", sorted(set(CARD) - ADDED))
def test_a_card_is_complete_or_refused(trained, card, tmp_path, entry):
    with pytest.raises(WeightsError, match=f"lacks {entry}"):
        write_weights(tmp_path / "x.safetensors", trained.network.state_dict(),
                      {name: value for name, value in card.items() if name != entry})
    with pytest.raises(WeightsError, match=f"lacks {entry}"):
        write_weights(tmp_path / "x.safetensors", trained.network.state_dict(), card | {entry: None})
    assert list(tmp_path.iterdir()) == []


def test_one_changed_bit_is_noticed(path):
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert read_card(path)["task"] == "tiny", "the card can still be read"
    with pytest.raises(WeightsError, match="damaged"):
        read_weights(path)


@pytest.mark.parametrize("content", [b"", b"RIFF....WAVE", struct.pack("<Q", 10**12) + b"{}", b"\x80\x04pickle"])
def test_other_files_are_refused(tmp_path, content):
    path = tmp_path / "other.safetensors"
    path.write_bytes(content)
    for read in (read_card, read_weights):
        with pytest.raises(WeightsError, match="cannot be read as safetensors"):
            read(path)
    with pytest.raises(WeightsError, match="no such file"):
        read_card(tmp_path / "missing.safetensors")
    with pytest.raises(WeightsError, match="cannot be read"):
        read_card(tmp_path)


def test_weights_without_a_card_are_refused(tmp_path):
    save_file({"a": torch.zeros(1)}, tmp_path / "bare.safetensors")
    with pytest.raises(WeightsError, match="has no card"):
        read_weights(tmp_path / "bare.safetensors")


def test_the_hash_covers_names_shapes_types_and_values():
    base = {"a": torch.arange(6.0), "b": torch.zeros(2)}
    others = [{"c": base["a"], "b": base["b"]}, base | {"a": torch.arange(6.0).reshape(2, 3)},
              base | {"a": torch.arange(6.0).int()}, base | {"a": torch.arange(6.0) + 1e-7}]
    assert digest(base) == digest({"b": base["b"], "a": base["a"].clone()})
    assert len({digest(base), *map(digest, others)}) == 5


def test_names_are_shipped_weights_and_paths_are_files(path, monkeypatch, tmp_path):
    monkeypatch.setattr(onpu.weights, "FOLDER", path.parent)
    assert find("tiny") == find(path) == path
    assert list(models()) == ["tiny"]
    assert models()["tiny"]["bytes"] == path.stat().st_size
    path.rename(path.with_name("tiny-large.safetensors"))
    for name, told in (("nothing", "tiny-large"), (tmp_path / "nothing.safetensors", "tiny-large"),
                       (tmp_path, "a folder")):
        with pytest.raises(WeightsError, match=told):
            find(name)


@pytest.mark.parametrize("name", sorted(models()))
def test_what_is_shipped_can_be_loaded(name):
    trained = onpu.load(name)
    assert trained.card["scores"] and trained.card["data"]
    assert not any("/" in str(value) for value in trained.card["command"].split()), "a path of someone's machine"


@pytest.mark.parametrize("name", sorted(models()))
def test_the_command_on_a_shipped_card_is_one_of_today(name):
    """`onpu train` knows all of its flags, and they say what the recipe on the card says; `rename_cards.py` mends it
    where flags have new names. Of a mean `onpu average` does, and it names as many weights as the card."""
    card = models()[name]
    program, verb, task, *arguments = shlex.split(card["command"].partition(" (")[0])
    averaged = card["trained"].get("averaged")
    if averaged:
        assert (program, verb) == ("onpu", "average")
        command = get_command(cli.app)
        named = command.get_command(Context(command), verb).make_context(verb, [task, *arguments]).params["weights"]
        assert len(named) == len(averaged)
        return
    assert (program, verb, task) == ("onpu", "train", card["task"])
    group = get_command(app)
    context = group.get_command(Context(group), task).make_context(task, arguments)
    told = {field: value for field, value in context.params.items() if field in card["recipe"]
            and context.get_parameter_source(field) is ParameterSource.COMMANDLINE}
    assert told == {field: card["recipe"][field] for field in told}
