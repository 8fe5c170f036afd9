"""A trunk for several tasks: heads of their sizes, how far it looks, gradients of every task in the trunk."""

import torch

from onpu.models.shared_trunk import SharedTrunk

HEADS = {"chords": 13, "voice": 1}


def test_each_task_has_its_head():
    heads = SharedTrunk(HEADS, 30, 2, 6, 2)(torch.rand(2, 1, 30, 40))
    assert {name: tuple(said.shape) for name, said in heads.items()} == {"chords": (2, 13, 40), "voice": (2, 1, 40)}


def test_an_output_depends_on_as_many_frames_as_it_says():
    torch.manual_seed(1)
    network = SharedTrunk(HEADS, 30, 2, 6, 3).eval()
    x = torch.rand(32, 1, 30, 101, requires_grad=True)  # of one alone, rectifiers may hide the farthest frames
    network(x)["chords"][..., 50].square().sum().backward()
    reached = x.grad.abs().sum(dim=(0, 1, 2)).nonzero()[:, 0]
    assert reached[0] >= 50 - network.receptive and reached[-1] <= 50 + network.receptive
    assert reached[0] <= 50 - network.receptive + 2


def test_every_task_teaches_the_trunk_and_its_own_head_alone():
    network = SharedTrunk(HEADS, 30, 2, 6, 2)
    network(torch.rand(2, 1, 30, 40))["voice"].square().sum().backward()
    assert network.near[0].weight.grad.abs().sum() > 0
    assert network.heads["voice"].weight.grad.abs().sum() > 0 and network.heads["chords"].weight.grad is None
