"""The harmony networks: sizes of the published ones, what they see, and chords that move alike from any root."""

import math

import pytest
import torch

from onpu.listen import chords, chroma, key
from onpu.models.chord_chain import CHANGE_PRIOR, ChordChain, move_index
from onpu.models.chord_crnn import ChordCrnn
from onpu.models.deep_chroma import DeepChroma
from onpu.models.key_cnn import KeyCnn
from onpu.trained import TrainedListener
from onpu.training.loop import inherit


def parameters(network, without=""):
    return sum(p.numel() for name, p in network.named_parameters() if not without or not name.startswith(without))


@pytest.mark.parametrize("qualities", [1, 2, 14])
def test_moves_depend_on_the_interval_not_on_the_root(qualities):
    index = move_index(qualities)
    named = 12 * qualities
    for semitones in range(1, 12):
        higher = torch.cat([(torch.arange(named) + semitones * qualities) % named, torch.tensor([named, named + 1])])
        assert torch.equal(index[higher][:, higher], index)


@pytest.mark.parametrize("qualities", [1, 2, 14])
def test_moves_that_differ_have_parameters_of_their_own(qualities):
    index, named = move_index(qualities), 12 * qualities
    assert index.min() >= 0 and index.max() < (qualities + 2) * (named + 2)
    between, arriving, leaving = index[:qualities, :named], index[:qualities, named:], index[named:, :qualities]
    both = index[named:, named:]
    parts = torch.cat([part.flatten() for part in (between, arriving, leaving, both)])
    assert len(parts.unique()) == len(parts) == len(index.unique())


def test_to_and_from_chords_without_a_root_all_roots_are_alike():
    index = move_index(14)
    for number in (168, 169):
        for quality in range(14):
            assert len(index[quality:168:14, number].unique()) == 1
            assert len(index[number, quality:168:14].unique()) == 1
    assert len(index[168:, 168:].unique()) == 4


def test_a_chain_never_moves_to_where_it_is():
    chain = ChordChain(2)
    torch.nn.init.normal_(chain.moves)
    out = chain()
    moves = out["moves"].softmax(dim=-1)
    assert not moves.diagonal().any()
    torch.testing.assert_close(moves.sum(dim=1), torch.ones(26))
    torch.testing.assert_close(out["change"].sigmoid(), torch.tensor(CHANGE_PRIOR))


def test_the_first_convolution_is_a_dense_layer_on_15_frames():
    torch.manual_seed(0)
    network = DeepChroma(bins=20, units=32).eval()
    x = torch.randn(2, 1, 20, 50)
    padded = torch.nn.functional.pad(x[:, 0], (7, 7))
    frames = padded.unfold(2, 15, 1).permute(0, 2, 1, 3).flatten(2)  # (batch, frames, bins * 15)
    dense = torch.nn.functional.linear(frames, network.first.weight.flatten(1), network.first.bias)
    torch.testing.assert_close(network.first(x[:, 0]), dense.transpose(1, 2), rtol=1e-4, atol=1e-5)


def published(task):
    return TrainedListener.build(task.LISTENER, task.LISTENER.recipes["paper"]).network


def test_sizes_of_the_published_networks():
    """With ours in addition: the chain of chords, and 73 keys told apart from all bins."""
    crnn = published(chords)
    gru = [2 * 3 * 128 * (inputs + 128 + 2) for inputs in (36, 256)]
    heads = (256 + 1) * (12 + 13 + 13) + (256 + 12 + 13 + 13 + 1) * 170
    assert parameters(crnn, "chain") == 2 + 25 + 2 + (216 + 1) * 36 + 72 + sum(gru) + heads == 491_765
    assert parameters(crnn.chain) == 5 + 1 + 16 * 170
    deep = published(chroma)
    extractor = (15 * 105 + 1) * 512 + 2 * (512 + 1) * 512 + (512 + 1) * 12
    assert parameters(deep.first) + parameters(deep.rest) + parameters(deep.chroma) == extractor == 1_338_380
    assert parameters(deep, "chain") == extractor + (12 + 1) * 26 == 1_338_718
    stages = [(25, 1, 24), (9, 24, 24), (9, 24, 48), (9, 48, 48), (9, 48, 96), (9, 96, 96), (9, 96, 192), (9, 192, 192)]
    convolutions = sum(size * before * after + 2 * after for size, before, after in stages)
    assert parameters(published(key)) == convolutions + (13 * 192 + 1) * 73 == 842_689


@pytest.mark.parametrize(("network", "bins"), [(DeepChroma(20, 2, 16, dropout=0.0), 20), (KeyCnn(24, 5, 4), 24)])
def test_networks_see_as_far_as_they_say(network, bins):
    torch.manual_seed(0)
    x = torch.rand(1, 1, bins, 160)
    y = x.clone()
    y[..., 80] += 1
    network.eval()
    with torch.inference_mode():
        name = "chroma" if isinstance(network, DeepChroma) else "keys"
        change = (network(x)[name] - network(y)[name]).abs().amax(dim=(0, 1))
    touched = torch.nonzero(change > 1e-7).ravel()
    assert (touched.min().item(), touched.max().item()) == (80 - network.receptive, 80 + network.receptive)


def test_the_recurrent_network_forgets_beyond_its_margin():
    torch.manual_seed(1)
    network = ChordCrnn(40, 2, 4, 12, 32).eval()
    x = torch.rand(1, 1, 40, 600)
    y = x.clone()
    y[..., 300] += 1
    with torch.inference_mode():
        change = (network(x)["chord"] - network(y)["chord"]).abs().amax(dim=(0, 1))
    assert change[300] > 1e-4
    assert change[: 300 - network.receptive].max() < 1e-6 and change[300 + network.receptive :].max() < 1e-6


def test_a_quality_more_begins_from_what_was_unnamed_and_leaves_the_others_as_they_are():
    torch.manual_seed(0)
    known, wider = ChordCrnn(40, 2, 4, 12, 16).eval(), ChordCrnn(40, 3, 4, 12, 16).eval()
    torch.nn.init.normal_(known.chain.moves)
    inherit(wider, known)
    x = torch.rand(2, 1, 40, 30)
    before, after = known(x), wider(x)
    old = [root * 3 + quality for root in range(12) for quality in range(2)] + [36, 37]
    torch.testing.assert_close(after["chord"][:, old], before["chord"])
    torch.testing.assert_close(after["moves"][0][old][:, old], before["moves"][0])
    named = before["chord"][:, :-2].unflatten(1, (12, 2)).mean(dim=2)
    begun = before["chord"][:, -1:] + named - named.mean(dim=1, keepdim=True) - math.log(12)
    torch.testing.assert_close(after["chord"][:, 2:36:3], begun)
    for head in ("root", "bass", "pitches", "change", "trust"):
        torch.testing.assert_close(after[head], before[head])


def test_weights_of_more_qualities_are_not_cut_down():
    wider, known = ChordCrnn(40, 3, 4, 12, 16), ChordCrnn(40, 2, 4, 12, 16)
    fresh = known.chord.weight.clone()
    inherit(known, wider)
    assert torch.equal(known.chord.weight, fresh) and torch.equal(known.root.weight, wider.root.weight)


def test_the_heads_go_into_the_chord():
    """Structured training: what root, bass and pitches say reaches the softmax over chords."""
    torch.manual_seed(0)
    network = ChordCrnn(40, 2, 4, 12, 16).eval()
    x = torch.rand(1, 1, 40, 30)
    before = network(x)["chord"]
    for head in (network.root, network.bass, network.pitches):
        with torch.no_grad():
            head.bias[3] += 5
        after = network(x)["chord"]
        assert not torch.allclose(after, before, atol=1e-4)
        before = after
