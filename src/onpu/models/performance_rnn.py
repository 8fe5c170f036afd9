"""What comes next in a stream of events, by stacked LSTM layers.

Simon & Oore, "Performance RNN: generating music with expressive timing and dynamics" (Magenta, 2017); Oore et al.,
"This time with feeling: learning expressive musical performance" (2018), section 4: three LSTM layers of 512 units.

    embedding   events -> channels; dropout
    lstm        layers of units, dropout behind each
    output      units -> logits of all events

Deviations: an embedding in place of one-hot vectors (the paper's first matrix does as much); dropout.
"""

from collections.abc import Sequence

from torch import Tensor, nn

State = list[tuple[Tensor, Tensor]]


class PerformanceRnn(nn.Module):
    """Events said (batch, steps), state -> logits of the next after each (batch, steps, events), state.

    events: how many can be predicted; one more can be said, for the start. The state is that behind the last step, by
    which the stream can be gone on with; None: nothing has been said yet. window: steps in which it can be heard back:
    None, without end.
    """

    window: int | None = None

    def __init__(self, events: int, embedding: int = 128, units: Sequence[int] = (512, 512, 512), dropout: float = 0.0):
        super().__init__()
        self.events, self.embedding, self.units, self.dropout = events, embedding, tuple(units), dropout
        self.embed = nn.Embedding(events + 1, embedding)
        self.layers = nn.ModuleList(nn.LSTM(size, count, batch_first=True)
                                    for size, count in zip((embedding, *self.units[:-1]), self.units, strict=True))
        self.drop = nn.Dropout(dropout)
        self.output = nn.Linear(self.units[-1], events)

    def forward(self, said: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Events (batch, steps) -> logits of the next event after each (batch, steps, events), state."""
        x, after = self.drop(self.embed(said)), []
        for number, layer in enumerate(self.layers):
            x, left = layer(x, None if state is None else state[number])
            after.append(left)
            x = self.drop(x)
        return self.output(x), after
