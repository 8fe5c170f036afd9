"""MusicVAE's network: what it reads and writes, what is told to whom, what it notices."""

import math

import pytest
import torch

from onpu.models.musicvae import ATTRIBUTE_DECAY, MusicVae, remembering


def network(bars: int = 1, classes: tuple[int, ...] = (10,), sections: int = 1) -> MusicVae:
    torch.manual_seed(0)
    return MusicVae(classes, bars, 16 // bars, 2, 5, 4, (6,), (7,) if bars > 1 else (), (6, 8), 3, sections, 9).eval()


def tokens(steps: int = 16, parts: int = 1) -> torch.Tensor:
    return torch.randint(10, (3, parts, steps), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(("bars", "classes"), [(1, (10,)), (4, (10,)), (4, (10, 12, 20))])
@pytest.mark.parametrize("halved", [False, True])
def test_every_part_has_logits_of_its_classes_at_every_step(bars, classes, halved):
    sections = 2 if halved and bars > 1 else 1
    logits, mean, spread = network(bars, classes, sections)(tokens(parts=len(classes)))
    assert [tuple(each.shape) for each in logits] == [(3, 16, count) for count in classes]
    assert mean.shape == spread.shape == (3, 5) and (spread > 0).all()
    made = network(bars, classes, sections).compose(mean, 1.0, torch.Generator().manual_seed(0))
    assert made.shape == (3, len(classes), 16)
    assert all(made[:, part].max() < count for part, count in enumerate(classes))


@pytest.mark.parametrize("bars", [1, 4])
def test_a_step_is_told_the_tokens_before_it_in_its_bar_and_no_others(bars):
    model, given = network(bars), tokens()
    z = torch.randn(3, 5)
    before = model.decode(z, given)[0]
    changed = given.clone()
    changed[:, 0, 5] = (changed[:, 0, 5] + 1) % 10
    apart = (model.decode(z, changed)[0] - before).abs().amax(dim=(0, 2)) > 1e-7
    end = 16 // bars * (5 // (16 // bars) + 1)
    assert apart.nonzero().flatten().tolist() == list(range(6, end))


def test_with_a_conductor_bars_differ_though_they_are_told_the_same():
    model = network(4)
    same = torch.zeros(1, 1, 16, dtype=torch.long)
    logits = model.decode(torch.randn(1, 5), same)[0].reshape(4, 4, 10)
    assert (logits[0] - logits[1]).abs().max() > 1e-4


@pytest.mark.parametrize("bars", [1, 4])
def test_what_is_likeliest_step_by_step_is_likeliest_when_told(bars):
    model = network(bars, (10, 10))
    z = torch.randn(3, 5)
    made = model.compose(z, 0.0, torch.Generator())
    told = torch.stack([logits.argmax(dim=2) for logits in model.decode(z, made)], dim=1)
    assert torch.equal(made, told)


def test_a_section_is_conducted_by_what_its_own_conductor_is_told():
    model, z = network(4, sections=2), torch.randn(3, 5)
    assert model.planned is not None
    plan = model.planned(z)  # (batch, sections, size)
    before = model.contexts(z).unflatten(0, (3, 4))
    model.planned.forward = lambda z: torch.cat([plan[:, :1], plan[:, 1:] + 1], dim=1)
    apart = (model.contexts(z).unflatten(0, (3, 4)) - before).abs().amax(dim=(0, 2)) > 1e-6
    assert apart.tolist() == [False, False, True, True]


def test_chances_are_the_generators_alone_and_draw_as_the_logits_say():
    model = network(8)
    z = torch.randn(1, 5).expand(2000, -1)
    one, again, other = (model.compose(z, 1.0, torch.Generator().manual_seed(seed)) for seed in (3, 3, 4))
    assert torch.equal(one, again) and not torch.equal(one, other)
    shares = torch.bincount(one[:, 0, 0], minlength=10) / len(z)
    expected = model.decode(z[:1], one[:1])[0][0, 0].softmax(dim=0)
    torch.testing.assert_close(shares, expected, atol=0.04, rtol=0)


@pytest.mark.parametrize(("bars", "sections"), [(1, 1), (4, 2)])
def test_the_encoder_hears_both_ends_and_all_parts(bars, sections):
    model, given = network(bars, (10, 10), sections), tokens(parts=2)
    mean, _ = model.encode(given)
    for part in (0, 1):
        for step in (0, 15):
            changed = given.clone()
            changed[:, part, step] = (changed[:, part, step] + 1) % 10
            assert ((model.encode(changed)[0] - mean).abs().amax(dim=1) > 1e-6).all()


def test_attribute_vectors_become_the_difference_of_the_quarters():
    model = network()
    attributes = torch.randn(64, 3, generator=torch.Generator().manual_seed(0))
    mean = torch.zeros(64, 5)
    mean[:, 1] = 2 * attributes[:, 0]
    for _ in range(800):
        model.notice(mean, attributes)
    order = attributes[:, 0].argsort()
    expected = mean[order[-16:], 1].mean() - mean[order[:16], 1].mean()
    assert model.vectors[0, 1] == pytest.approx(float(expected), rel=1e-3) and 0.9 < ATTRIBUTE_DECAY < 1
    assert (model.vectors[:, [0, 2, 3, 4]] == 0).all() and model.vectors[1, 1].abs() < expected / 2


def test_gates_begin_so_that_cells_remember():
    layer = torch.nn.LSTM(3, 50)
    remembering(layer, 32)
    b_i, b_f, b_z, b_o = layer.bias_ih_l0.detach().chunk(4)
    assert (b_f >= 0).all() and b_f.max() <= math.log(31) + 1e-6 and torch.equal(b_i, -b_f)
    assert not b_z.any() and not b_o.any() and not layer.bias_hh_l0.any()
    assert b_f.exp().mean() == pytest.approx(16, rel=0.3)  # times, uniform between 1 and 31
