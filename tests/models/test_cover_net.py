"""Vectors of songs do not change with the key, nor with what the mask hides; codes are driven to 0 and 1 by noise."""

import numpy as np
import pytest
import torch
from torch import nn

from onpu.layers.hashing import BinaryCode
from onpu.layers.losses import triplet_loss
from onpu.models.cover_net import CoverNet
from onpu.models.patch_autoencoder import PatchAutoencoder


@pytest.mark.parametrize("layers", (1, 3))
def test_another_key_and_what_is_masked_change_nothing(layers):
    torch.manual_seed(0)
    network = CoverNet(layers=layers).eval()
    chroma, mask = torch.rand(2, 36, 41), torch.ones(2, 41)
    vector, code = network(chroma, mask)
    for semitones in (1, 5, 11):
        rolled, bits = network(chroma.unflatten(1, (3, 12)).roll(semitones, 2).flatten(1, 2), mask)
        torch.testing.assert_close(rolled, vector, atol=1e-5, rtol=0)
        torch.testing.assert_close(bits, code, atol=1e-4, rtol=0)
    longer = torch.cat((chroma, torch.zeros(2, 36, 9)), dim=2)
    hidden, _ = network(longer, torch.cat((mask, torch.zeros(2, 9)), dim=1))
    assert (hidden * vector).sum(dim=1).min() > 0.995  # what lies at the edge is heard beside silence
    other, _ = network(torch.rand(2, 36, 41), mask)
    assert not torch.allclose(other, vector, atol=1e-3)
    assert torch.allclose(vector.norm(dim=1), torch.ones(2))
    changed = torch.cat((chroma[:, :24], torch.rand(2, 12, 41)), dim=1)
    assert torch.allclose(network(changed, mask)[0], vector) == (layers == 1)  # of one layer the melody says nothing


def test_order_of_chords_matters():
    torch.manual_seed(1)
    network = CoverNet().eval()
    chroma = torch.rand(1, 36, 40).round()
    assert not torch.allclose(network(chroma, torch.ones(1, 40))[0], network(chroma.flip(2), torch.ones(1, 40))[0],
                              atol=1e-3)


def test_noise_drives_a_code_to_its_ends():
    def trained(noise):
        torch.manual_seed(0)
        layer, back = BinaryCode(6, 64, noise), nn.Linear(64, 6)
        optimizer = torch.optim.Adam([*layer.parameters(), *back.parameters()], 0.02)
        for _ in range(300):
            x = torch.randn(64, 6)
            optimizer.zero_grad()
            (back(layer(x)) - x).square().mean().backward()
            optimizer.step()
        return layer.eval()(torch.randn(500, 6)).detach()

    def undecided(code):
        return float(((code > 0.1) & (code < 0.9)).float().mean())

    assert undecided(trained(4.0)) < 0.6 * undecided(trained(0.0))


def test_triplets_cost_what_they_lack_and_nothing_where_all_is_well():
    units = torch.eye(4)
    assert triplet_loss(units, units, 0.4) == 0
    twisted = units.clone()
    twisted[0], twisted[1] = units[1], units[0]
    found = triplet_loss(units, twisted, 0.4)
    by_hand = [max(0.0, 0.4 - float(units[i] @ twisted[i]) + float(similarity)) for i in range(4) for j in range(4)
               if i != j for similarity in (units[i] @ twisted[j], units[j] @ twisted[i])]
    np.testing.assert_allclose(found, np.mean([value for value in by_hand if value > 0]), rtol=1e-6)


def test_an_autoencoder_takes_corruption_off():
    torch.manual_seed(0)
    network = PatchAutoencoder(32, 32, (6, 8), 12)
    optimizer = torch.optim.Adam(network.parameters(), 5e-3)
    bands = torch.rand(4, 1, 32, 1)

    def batch():
        clean = bands[torch.randint(4, (24,))] * torch.ones(24, 1, 32, 32)
        return clean, clean * (torch.rand(24, 1, 32, 1) > 0.3)

    for _ in range(150):
        clean, corrupted = batch()
        optimizer.zero_grad()
        (network(corrupted)[1] - clean).square().mean().backward()
        optimizer.step()
    clean, corrupted = batch()
    code, rebuilt = network.eval()(corrupted)
    assert code.shape == (24, 12) and rebuilt.shape == clean.shape
    assert (rebuilt - clean).square().mean() < 0.3 * (corrupted - clean).square().mean()
