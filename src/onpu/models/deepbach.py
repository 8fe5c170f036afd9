"""For each voice of a chorale, what it does at a step, given everything else.

Hadjeres, Pachet & Nielsen, "DeepBach: a steerable model for Bach chorales generation" (ICML 2017, section 3.2 and
figure 4): for each voice i a conditional p_i(V_i^t | V_\\i,t, M), of four networks: two deep recurrent ones that sum up
what lies before and after t, one for the notes that sound at t, and one that takes the three results to a softmax.

    left    embeddings of steps < t -> LSTM layers -> the last state
    right   embeddings of steps > t, backwards -> LSTM layers -> the last state
    centre  embeddings of the other voices at t -> linear, ReLU
    output  all three -> linear, ReLU -> linear -> logits of the voice's tokens

Deviations: the recurrent networks run once over a stretch of many steps and are read at each, instead of anew over 16
steps for every prediction; the others' held notes are told as the note that sounds and whether it begins there, where
the paper has a token for hold (a voice's own are tokens: what sounds later would tell what is asked for); the place is
told as steps since the bar's start, in place of the sixteenth in the quarter; tonic and mode in place of the signature.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from onpu.layers.module_list import TypedModuleList

PLACE_EMBEDDING, TONIC_EMBEDDING, MODE_EMBEDDING = 8, 8, 4
"""Sizes of the embeddings of places, tonics and modes."""
Score = Mapping[str, Tensor]


class DeepBach(nn.Module):
    """A score, encoded (see `onpu.represent.voices`): notes, tokens (batch, 4, steps), fermata, place, tonic, mode
    (batch, steps) -> logits of the tokens of each voice, a list of (batch, steps, classes).

    notes: numbers of notes a voice. embedding: size of a note's. units: of the recurrent layers. width: of the others.
    """

    def __init__(self, notes: Sequence[int], embedding: int = 20, units: Sequence[int] = (128, 128), width: int = 128,
                 dropout: float = 0.2, places: int = 24, modes: int = 7):
        super().__init__()
        self.notes, self.embedding, self.units, self.width = tuple(notes), embedding, tuple(units), width
        self.dropout, self.places, self.modes = dropout, places, modes
        self.voices = TypedModuleList(
            VoiceNetwork(voice, self.notes, embedding, self.units, width, dropout, places, modes)
            for voice in range(len(self.notes)))

    def forward(self, score: Score, margin: int = 0) -> list[Tensor]:
        """An encoded score -> logits of each voice, (batch, steps - 2 margin, classes)."""
        return [voice(score, margin) for voice in self.voices]


class VoiceNetwork(nn.Module):
    """The conditional of one voice."""

    def __init__(self, voice: int, notes: Sequence[int], embedding: int, units: Sequence[int], width: int,
                 dropout: float, places: int, modes: int):
        super().__init__()
        self.voice, self.hold = voice, notes[voice]
        self.others = [other for other in range(len(notes)) if other != voice]
        self.own = nn.Embedding(notes[voice] + 1, embedding)
        self.sung = nn.ModuleList(nn.Embedding(notes[other], embedding) for other in self.others)
        self.place, self.tonic = nn.Embedding(places, PLACE_EMBEDDING), nn.Embedding(12, TONIC_EMBEDDING)
        self.mode = nn.Embedding(modes, MODE_EMBEDDING)
        around = len(self.others) * (embedding + 1) + PLACE_EMBEDDING + TONIC_EMBEDDING + MODE_EMBEDDING + 1
        self.left, self.right = (StackedLstm(around + embedding, units, dropout) for _ in range(2))
        self.centre = nn.Sequential(nn.Linear(around, width), nn.ReLU(), nn.Dropout(dropout))
        self.output = nn.Sequential(nn.Linear(2 * units[-1] + width, width), nn.ReLU(), nn.Dropout(dropout),
                                    nn.Linear(width, notes[voice] + 1))

    def forward(self, score: Score, margin: int = 0) -> Tensor:
        """Logits (batch, steps - 2 margin, classes)."""
        around, whole = self.told(score)
        steps = around.shape[1]
        inside = slice(margin, steps - margin)
        before = nn.functional.pad(self.left(whole[:, :-1]), (0, 0, 1, 0))  # (batch, steps, units)
        after = nn.functional.pad(self.right(whole[:, 1:].flip(1)).flip(1), (0, 0, 0, 1))
        parts = before[:, inside], after[:, inside], self.centre(around[:, inside])
        logits: Tensor = self.output(torch.cat(parts, dim=2))
        return logits

    def told(self, score: Score) -> tuple[Tensor, Tensor]:
        """What is known of each step beside the voice itself, and all: (batch, steps, channels)."""
        parts = [score["fermata"][..., None].float(), self.place(score["place"]), self.tonic(score["tonic"]),
                 self.mode(score["mode"])]
        for other, embedded in zip(self.others, self.sung, strict=True):
            notes = score["notes"][:, other]
            parts += [embedded(notes), (score["tokens"][:, other] == notes)[..., None].float()]
        around = torch.cat(parts, dim=2)
        return around, torch.cat((around, self.own(score["tokens"][:, self.voice])), dim=2)


class StackedLstm(nn.Module):
    """Stacked LSTM layers: (batch, steps, channels) -> (batch, steps, units[-1])."""

    def __init__(self, channels: int, units: Sequence[int], dropout: float):
        super().__init__()
        self.layers = nn.ModuleList(nn.LSTM(size, count, batch_first=True)
                                    for size, count in zip((channels, *units[:-1]), units, strict=True))
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Inputs (batch, steps, channels) -> outputs of the last layer (batch, steps, units[-1])."""
        for layer in self.layers:
            x = self.drop(layer(x)[0])
        return x
