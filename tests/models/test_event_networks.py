"""Networks that say the next event: relative attention as defined, no look ahead, memory is the past."""

import math

import pytest
import torch

from onpu.models.performance_rnn import PerformanceRnn
from onpu.models.relative_transformer import RelativeAttention, RelativeTransformer, skewed

EVENTS = 23
NETWORKS = {"lstm": lambda: PerformanceRnn(EVENTS, 8, (10, 6)),
            "transformer": lambda: RelativeTransformer(EVENTS, 16, 2, 4, window=12, dropout=0.0)}


@pytest.fixture(params=NETWORKS)
def network(request):
    torch.manual_seed(0)
    return NETWORKS[request.param]().double().eval()


def said(steps: int, batch: int = 2) -> torch.Tensor:
    return torch.randint(0, EVENTS + 1, (batch, steps), generator=torch.Generator().manual_seed(steps))


@pytest.mark.parametrize("past", [0, 5])
def test_relative_attention_equals_its_definition(past):
    """S[i, j] = Q[i] · E[i - j], from the tensor of all relative embeddings, O(L² D) (Shaw et al. 2018)."""
    torch.manual_seed(1)
    steps, width, heads, window = 7, 12, 3, 9
    attention = RelativeAttention(width, heads, window).double()
    x = torch.randn(2, past + steps, width, dtype=torch.double)
    _, before = attention(x[:, :past], None) if past else (None, None)
    found, (keys, values) = attention(x[:, past:], before)
    queries = attention.project(x[:, past:])[..., :width].unflatten(2, (heads, -1)).transpose(1, 2)
    distance = past + torch.arange(steps)[:, None] - torch.arange(past + steps)  # (steps, total)
    embedded = attention.distances[:, distance.clamp(0, window - 1)]  # (heads, steps, total, D)
    logits = (queries @ keys.mT + torch.einsum("bhid,hijd->bhij", queries, embedded)) / math.sqrt(width // heads)
    expected = logits.masked_fill(distance < 0, -math.inf).softmax(dim=3) @ values
    torch.testing.assert_close(found, attention.output(expected.transpose(1, 2).flatten(2)))


def test_skewing_puts_each_distance_in_its_place():
    steps, total = 3, 5
    by_distance = (total - 1 - torch.arange(total)).expand(steps, total).double()
    places = skewed(by_distance[None])[0]
    for i in range(steps):
        for j in range(total - steps + i + 1):
            assert places[i, j] == total - steps + i - j


def test_nothing_depends_on_what_comes_later(network):
    steps, at = 11, 6
    embedded = network.embed(said(steps)).detach().requires_grad_()
    network.embed.forward = lambda tokens: embedded
    logits, _ = network(said(steps))
    (gradient,) = torch.autograd.grad(logits[:, at].sum(), embedded)
    assert (gradient[:, at + 1 :] == 0).all() and (gradient[:, : at + 1].abs().sum(dim=(0, 2)) > 0).all()


@pytest.mark.parametrize("steps", [11, 30])
def test_going_on_from_a_state_equals_the_whole(network, steps):
    tokens = said(steps)
    whole, _ = network(tokens)
    parts, state = [], None
    for first, last in ((0, 4), *((at, at + 1) for at in range(4, steps))):
        logits, state = network(tokens[:, first:last], state)
        parts.append(logits)
    torch.testing.assert_close(torch.cat(parts, dim=1), whole)


def test_a_width_that_heads_cannot_share_is_refused():
    with pytest.raises(ValueError, match="multiple"):
        RelativeAttention(10, 4, 8)
