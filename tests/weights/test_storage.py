"""Kernels held as float16 or int8 come back as near as their steps allow, and everything else as it was."""

import pytest
import tiny
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from onpu.errors import WeightsError
from onpu.trained import TrainedListener
from onpu.weights import FOLDER, digest, read_card, read_weights, round_weights, write_weights
from onpu.weights.storage import KERNELS, SCALE, packed, unpacked

LARGEST = 92_000_000
"""Bytes of all shipped weights together: compressed by a twelfth, they and the code make a wheel of at most 90 MB."""


@pytest.fixture
def tensors():
    rng = torch.Generator().manual_seed(0)
    spread = torch.logspace(-6, 3, 24)  # channels of very different size

    def draw(*shape):
        return torch.randn(*shape, generator=rng)

    return {"linear.weight": draw(24, 7) * spread[:, None], "conv.weight": draw(24, 3, 5, 5) * spread.view(-1, 1, 1, 1),
            "transposed.weight": draw(5, 24, 4, 4) * spread.view(-1, 1, 1), "zeros.weight": torch.zeros(3, 4),
            "bias": draw(24) * spread, "count": torch.tensor(10**12), "index": torch.arange(6).reshape(2, 3),
            "double": draw(2, 2).double()}


@pytest.fixture
def card():
    return TrainedListener.build(tiny.LISTENER, tiny.RECIPE).describe() | {
        "data": [], "validation": {}, "licence": "CC0-1.0", "commercial_use": True, "scores": [],
        "trained": {"parent": ""}, "onpu": "0", "command": "onpu train"}


def steps(tensor, channels):
    """The step of int8 in each channel, in the shape of the kernel."""
    return tensor.abs().amax(dim=[d for d in range(tensor.ndim) if d != channels], keepdim=True) / 127


def test_int8_errs_by_half_a_step_of_its_own_channel(tensors):
    found = unpacked(packed(tensors, "int8"))
    assert found.keys() == tensors.keys()
    for name, channels in (("linear.weight", 0), ("conv.weight", 0), ("transposed.weight", 1), ("zeros.weight", 0)):
        assert found[name].dtype == torch.float32
        assert ((found[name] - tensors[name]).abs() <= 0.501 * steps(tensors[name], channels)).all(), name


def test_float16_errs_by_half_of_its_own_step(tensors):
    found = unpacked(packed(tensors, "float16"))
    for name, tensor in tensors.items():
        if name.endswith("weight"):
            torch.testing.assert_close(found[name], tensor, rtol=2**-11, atol=2**-25)


@pytest.mark.parametrize("kernels", KERNELS)
def test_what_is_no_float32_kernel_stays_bit_by_bit(tensors, kernels):
    found = unpacked(packed(tensors, kernels))
    for name in tensors if kernels == "float32" else ("bias", "count", "index", "double"):
        assert torch.equal(found[name], tensors[name]) and found[name].dtype == tensors[name].dtype


@pytest.mark.parametrize("kernels", KERNELS)
def test_packing_again_changes_nothing(tensors, kernels):
    once = unpacked(packed(tensors, kernels))
    twice = unpacked(packed(once, kernels))
    for name, tensor in once.items():
        torch.testing.assert_close(twice[name], tensor, rtol=1e-6, atol=0)


@pytest.mark.parametrize(("kernels", "bits"), [("float32", 32), ("float16", 16), ("int8", 8)])
def test_a_file_holds_so_many_bits_a_value_and_its_card_says_so(tmp_path, card, kernels, bits):
    path, kernel = tmp_path / "x.safetensors", torch.randn(256, 512)
    write_weights(path, {"weight": kernel, "bias": torch.zeros(256)}, card, kernels)
    stored = load_file(path)
    assert stored["weight"].element_size() * 8 == bits
    assert (f"weight{SCALE}" in stored) == (kernels == "int8")
    assert path.stat().st_size <= kernel.numel() * bits / 8 + 2 * 256 * 4 + 4000
    tensors, read = read_weights(path)
    assert set(tensors) == {"weight", "bias"} and tensors["weight"].dtype == torch.float32
    assert read["storage"] == {"kernels": kernels} and read["sha256"] == digest(stored), "the hash is of what is held"


def test_kernels_that_cannot_be_held_are_refused_and_nothing_is_written(tmp_path, card):
    path = tmp_path / "x.safetensors"
    for kernels, value in (("float16", 1e6), ("int8", float("inf")), ("int8", float("nan"))):
        with pytest.raises(WeightsError, match=f"weight has values that {kernels} cannot hold"):
            write_weights(path, {"weight": torch.full((2, 2), value)}, card, kernels)
    with pytest.raises(WeightsError, match="int4; choose from float32, float16, int8"):
        write_weights(path, {"weight": torch.zeros(2, 2)}, card, "int4")
    assert list(tmp_path.iterdir()) == []


def test_int8_without_scales_is_refused(tmp_path, card):
    path = tmp_path / "x.safetensors"
    write_weights(path, {"weight": torch.randn(4, 4)}, card, "int8")
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
    bare = {"weight": load_file(path)["weight"]}
    metadata["onpu"] = metadata["onpu"].replace(read_card(path)["sha256"], digest(bare))
    save_file(bare, path, metadata)
    with pytest.raises(WeightsError, match=r"lacks 'weight\.scale'"):
        read_weights(path)


def test_weights_written_before_cards_said_how_kernels_are_held_can_be_read(tmp_path, card):
    path = tmp_path / "x.safetensors"
    write_weights(path, {"weight": torch.randn(4, 4)}, card, "float16")
    content = path.read_bytes()
    entry = rb'\"storage\": {\"kernels\": \"float16\"}, '
    path.write_bytes(content.replace(entry, b" " * len(entry)))
    assert b"storage" not in path.read_bytes() and len(path.read_bytes()) == len(content)
    assert read_card(path)["storage"] == {"kernels": "float16"}
    assert read_weights(path)[0]["weight"].dtype == torch.float32


def test_rounded_weights_say_of_which_they_are_however_often_they_are_rounded(tmp_path, card):
    first, second, third = (tmp_path / f"{name}.safetensors" for name in "abc")
    write_weights(first, {"weight": torch.randn(8, 8), "bias": torch.ones(8)}, card, "float16")
    round_weights(first, second, "int8")
    round_weights(second, third, "float16")
    cards = [read_card(path) for path in (first, second, third)]
    assert [each["storage"] for each in cards] == [
        {"kernels": "float16"}, {"before": cards[0]["sha256"], "kernels": "int8"},
        {"before": cards[0]["sha256"], "kernels": "float16"}]
    same = [{name: value for name, value in each.items() if name not in ("storage", "sha256")} for each in cards]
    assert same[0] == same[1] == same[2]
    step = read_weights(first)[0]["weight"].abs().amax() / 127
    assert 0 < (read_weights(second)[0]["weight"] - read_weights(first)[0]["weight"]).abs().max() <= 0.51 * step


def test_what_is_shipped_fits_into_the_wheel():
    assert sum(path.stat().st_size for path in FOLDER.glob("*.safetensors")) <= LARGEST
