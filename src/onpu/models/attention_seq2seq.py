"""One sequence from another, by an encoder and a decoder that attends to what was read.

    read      embeddings of notes and places -> LSTM, in one direction, backwards (Sutskever, Vinyals & Le, "Sequence to
              sequence learning with neural networks", NIPS 2014, section 3.3) or in both (Bahdanau) -> states h_j
    bridge    last states -> first state of the decoder
    attend    additive  e_j = vᵀ tanh(W s + U h_j)            Bahdanau, Cho & Bengio, "Neural machine translation by
                                                              jointly learning to align and translate" (ICLR 2015)
              dot       e_j = sᵀ h_j                          Luong, Pham & Manning, "Effective approaches to
              general   e_j = sᵀ W h_j                        attention-based neural machine translation" (EMNLP 2015)
              local     e_j additive + b(j - p), |j - p| <= WINDOW       ibid., section 3.2, local-m
              a = softmax(e), c = Σ a_j h_j
    decode    additive  attend with the state before -> c -> LSTM(y, c) -> maxout(s, y, c) -> logits
              dot, general   LSTM(y, h̃ before) -> attend with the new state -> h̃ = tanh(W [c, s]) -> logits
              none      LSTM(y) -> logits

An answer stands at a place p of what is read: *local* attention looks no further than `WINDOW` steps from it, and its
energy has a part that depends on the distance alone, so that alignment need not be found, only refined.

Deviations: LSTM cells, one layer, in all forms, so that attention is all that differs; the two directions share the
units, so that s and h_j have one size; what is read and written says where in the bar and in which bar it stands.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn

from onpu.layers.dense import Maxout

ADDITIVE, DOT, GENERAL, LOCAL, NONE = "additive", "dot", "general", "local", "none"
ATTENTION = (ADDITIVE, DOT, GENERAL, LOCAL, NONE)
BAHDANAU = (ADDITIVE, LOCAL)
"""Forms that attend with the state before and decode as Bahdanau et al. do."""
WINDOW = 16
"""Steps before and after an answer's place that local attention sees."""
READING = ("forwards", "backwards", "both")
PLACE_EMBEDDING = 16
"""Size of the embeddings of places and of bars."""
MAXOUT_PIECES = 2
"""Of maxout."""
Score = Mapping[str, Tensor]


class Memory(NamedTuple):
    """What was read: states (batch, steps, units); keys, the same as attention compares them; there (batch, steps)
    whether there is anything; places (batch, slots, 2 PLACE), where the answers stand; starts (batch, slots), the same
    in steps."""

    states: Tensor
    keys: Tensor
    there: Tensor
    places: Tensor
    starts: Tensor


class State(NamedTuple):
    """Of the decoder: output and cell of the LSTM, and what goes back to its input; each (batch, units)."""

    output: Tensor
    cell: Tensor
    fed: Tensor


class AttentionSeq2Seq(nn.Module):
    """A score, encoded (see `onpu.represent.phrases`), with the answers said before each, `said` (batch, slots), ->
    logits (batch, slots, classes), attention (batch, slots, steps).

    notes, classes, places, bars: how many there are; one more class can be said, for the start. embedding: size of
    notes' and answers'. attention: of `ATTENTION`. reading: of `READING`. forgotten: chance in training that the answer
    before is not told (Bowman et al., CoNLL 2016, section 3.1: word dropout), so that the melody has to tell.
    """

    def __init__(self, notes: int, classes: int, places: int, bars: int, embedding: int = 64, units: int = 256,
                 attention: str = ADDITIVE, reading: str = "both", dropout: float = 0.2,
                 forgotten: float = 0.0):
        super().__init__()
        self.notes, self.classes, self.places, self.bars, self.embedding = notes, classes, places, bars, embedding
        self.units, self.attention, self.reading, self.dropout = units, attention, reading, dropout
        self.forgotten = forgotten
        self.note, self.answer = nn.Embedding(notes, embedding), nn.Embedding(classes + 1, embedding)
        self.place, self.bar = nn.Embedding(places, PLACE_EMBEDDING), nn.Embedding(bars, PLACE_EMBEDDING)
        both = reading == "both"
        self.encoder = nn.LSTM(embedding + 1 + 2 * PLACE_EMBEDDING, units // 2 if both else units, batch_first=True,
                               bidirectional=both)
        self.bridge = nn.Linear(units, units)
        self.drop = nn.Dropout(dropout)
        said = embedding + 2 * PLACE_EMBEDDING
        self.decoder = nn.LSTMCell(said + (0 if attention == NONE else units), units)
        self.key = nn.Linear(units, units, bias=False) if attention in (*BAHDANAU, GENERAL) else nn.Identity()
        if attention == LOCAL:
            self.near = nn.Parameter(torch.zeros(2 * WINDOW + 1))
        if attention in BAHDANAU:
            self.query = nn.Linear(units, units)
            self.energy = nn.Linear(units, 1, bias=False)
            self.deep = nn.Sequential(nn.Linear(2 * units + said, MAXOUT_PIECES * units), Maxout(MAXOUT_PIECES))
        elif attention in (DOT, GENERAL):
            self.deep = nn.Sequential(nn.Linear(2 * units, units), nn.Tanh())
        self.output = nn.Linear(units, classes)

    def forward(self, score: Score, said: Tensor) -> tuple[Tensor, Tensor]:
        """Score and answers so far -> logits (batch, slots, classes), attention (batch, slots, steps)."""
        memory, state = self.read(score)
        if self.training and self.forgotten:
            said = torch.where(torch.rand(said.shape, device=said.device) < self.forgotten, self.classes, said)
        answers, attentions = [], []
        for slot in range(said.shape[1]):
            logits, attention, state = self.step(said[:, slot], slot, memory, state)
            answers.append(logits)
            attentions.append(attention)
        return torch.stack(answers, dim=1), torch.stack(attentions, dim=1)

    def read(self, score: Score) -> tuple[Memory, State]:
        """What is remembered of the score, and the decoder's first state."""
        places = torch.cat((self.place(score["place"]), self.bar(score["bar"])), dim=2)
        x = torch.cat((self.drop(self.note(score["notes"])), score["begins"][..., None].float(), places), dim=2)
        backwards = self.reading == "backwards"
        states, (last, cell) = self.encoder(x.flip(1) if backwards else x)
        states = self.drop(states.flip(1) if backwards else states)
        last, cell = (each.transpose(0, 1).flatten(1) for each in (last, cell))  # (batch, units)
        starts = score["starts"][..., None].expand(-1, -1, places.shape[2])
        memory = Memory(states, self.key(states), score["notes"] > 0, places.gather(1, starts),
                        score["starts"])
        return memory, State(self.bridge(last).tanh(), cell, torch.zeros_like(last))

    def step(self, said: Tensor, slot: int, memory: Memory, state: State) -> tuple[Tensor, Tensor, State]:
        """Logits (batch, classes) of answer `slot` where `said` (batch,) came before it, attention (batch, steps), and
        the state behind it."""
        y = torch.cat((self.drop(self.answer(said)), memory.places[:, slot]), dim=1)
        if self.attention in BAHDANAU:
            energy = self.energy((self.query(state.output)[:, None] + memory.keys).tanh())[..., 0]
            if self.attention == LOCAL:
                away = torch.arange(energy.shape[1], device=energy.device) - memory.starts[:, slot, None]
                near = self.near[away.clamp(-WINDOW, WINDOW) + WINDOW]
                energy = (energy + near).masked_fill(away.abs() > WINDOW, -math.inf)
            context, attention = attended(energy, memory)
            output, cell = self.decoder(torch.cat((y, context), dim=1), (state.output, state.cell))
            deep = self.deep(torch.cat((output, y, context), dim=1))
        elif self.attention == NONE:
            output, cell = self.decoder(y, (state.output, state.cell))
            deep, attention = output, torch.zeros_like(memory.states[..., 0])
        else:
            output, cell = self.decoder(torch.cat((y, state.fed), dim=1), (state.output, state.cell))
            context, attention = attended((memory.keys @ output[..., None])[..., 0], memory)
            deep = self.deep(torch.cat((context, output), dim=1))
        fed = deep if self.attention in (DOT, GENERAL) else state.fed
        return self.output(self.drop(deep)), attention, State(output, cell, fed)


def attended(energy: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
    """The mean of the states (batch, units), weighted by the softmax of the energies (batch, steps), and the
    weights."""
    attention = energy.masked_fill(~memory.there, -math.inf).softmax(dim=1)
    return (attention[:, None] @ memory.states)[:, 0], attention
