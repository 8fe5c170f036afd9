"""What comes next in a stream of events, by self-attention that knows how far back it looks.

Huang et al., "Music Transformer: generating music with long-term structure" (ICLR 2019), section 3.4: relative global
attention, whose table of distances is brought into place by skewing, in O(L D) memory.

    embedding   events -> width; dropout
    blocks      x + attention(norm(x)), then x + feed-forward(norm(x)); ReLU, inner size 4 width, dropout behind both
    output      norm -> logits of all events

Deviations: no sines are added to the input, so that only distances tell where something was; distances from `window` on
count as the largest that it was trained with.
"""

import math

import torch
from torch import Tensor, nn

State = list[tuple[Tensor, Tensor]]
FEED_FORWARD_FACTOR = 4
"""Inner size of the feed-forward layers, over the width."""


class RelativeTransformer(nn.Module):
    """Events said (batch, steps), state -> logits of the next after each (batch, steps, events), state.

    events: how many can be predicted; one more can be said, for the start. The state, keys and values of each block,
    grows with every step; None: nothing has been said yet. window: distances that have an embedding of their own.
    """

    def __init__(self, events: int, width: int = 256, blocks: int = 6, heads: int = 4, window: int = 2048,
                 dropout: float = 0.1):
        super().__init__()
        self.events, self.width, self.blocks, self.heads, self.dropout = events, width, blocks, heads, dropout
        self.window: int | None = window
        self.embed = nn.Embedding(events + 1, width)
        nn.init.normal_(self.embed.weight, std=width**-0.5)
        self.drop = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Block(width, heads, window, dropout) for _ in range(blocks))
        self.output = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, events))

    def forward(self, said: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Events (batch, steps) -> logits of the next event after each (batch, steps, events), state."""
        x, after = self.drop(math.sqrt(self.width) * self.embed(said)), []
        for number, block in enumerate(self.layers):
            x, left = block(x, None if state is None else state[number])
            after.append(left)
        return self.output(x), after


class Block(nn.Module):
    """Attention and feed-forward layer, normalised before and added: (batch, steps, width) -> the same, keys and
    values."""

    def __init__(self, width: int, heads: int, window: int, dropout: float):
        super().__init__()
        self.attention = RelativeAttention(width, heads, window)
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        inner = FEED_FORWARD_FACTOR * width
        self.feed = nn.Sequential(nn.Linear(width, inner), nn.ReLU(), nn.Linear(inner, width))
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, past: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Inputs and the past's keys and values -> outputs (batch, steps, width), all keys and values."""
        heard, state = self.attention(self.before(x), past)
        x = x + self.drop(heard)
        return x + self.drop(self.feed(self.between(x))), state


class RelativeAttention(nn.Module):
    """Attention to what came before, of several heads (eq. 3).

        softmax((Q Kᵀ + S) / √D) V,    S[i, j] = Q[i] · E[i - j]

    (batch, steps, width), keys and values of the steps before or None -> (batch, steps, width), those of all steps,
    each (batch, heads, steps, D). E is a table of distances of each head.
    """

    def __init__(self, width: int, heads: int, window: int):
        super().__init__()
        if width % heads:
            raise ValueError(f"a width of {width} cannot be shared by {heads} heads; choose a multiple")
        self.heads = heads
        self.project, self.output = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width, bias=False)
        self.distances = nn.Parameter(torch.randn(heads, window, width // heads) * (width // heads) ** -0.5)

    def forward(self, x: Tensor, past: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Inputs and the past's keys and values -> outputs (batch, steps, width), all keys and values."""
        queries, keys, values = self.project(x).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        if past is not None:
            keys, values = torch.cat((past[0], keys), dim=2), torch.cat((past[1], values), dim=2)
        steps, total = queries.shape[2], keys.shape[2]
        back = torch.arange(total - 1, -1, -1, device=x.device).clamp(max=self.distances.shape[1] - 1)
        relative = skewed(queries @ self.distances[:, back].mT)  # (batch, heads, steps, total)
        logits = (queries @ keys.mT + relative) / math.sqrt(queries.shape[3])
        later = torch.ones(steps, total, dtype=torch.bool, device=x.device).triu(total - steps + 1)
        heard = logits.masked_fill(later, -math.inf).softmax(dim=3) @ values
        return self.output(heard.transpose(1, 2).flatten(2)), (keys, values)


def skewed(products: Tensor) -> Tensor:
    """Rows by distance -> rows by place (section 3.4.1 and figure 1): (…, steps, total), where [i, r] belongs to the
    distance total - 1 - r, -> the same shape, where [i, j] belongs to that of the last steps' i-th place from place j.

    What belongs to later places is of no meaning.
    """
    steps = products.shape[-2]
    padded = nn.functional.pad(products, (1, 0))  # (…, steps, total + 1)
    return padded.flatten(-2)[..., steps:].reshape(products.shape)
