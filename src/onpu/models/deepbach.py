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
OCTAVE, MAX_INTERVAL = 12, 12
"""Degrees of the chromatic scale; semitones to the note before, wider ones are taken as so wide."""
FIRST = 2
"""Number of a voice's lowest note; those below it are none."""
Score = Mapping[str, Tensor]


class DeepBach(nn.Module):
    """A score, encoded (see `onpu.represent.voices`): notes, tokens (batch, 4, steps), fermata, place, tonic, mode
    (batch, steps) -> logits of the tokens of each voice, a list of (batch, steps, classes).

    notes: numbers of notes a voice. embedding: size of a note's. units: of the recurrent layers. width: of the others.
    lowest: MIDI pitch of each voice's first note after `FIRST`; empty: notes are told and found by their number alone.
    """

    def __init__(self, notes: Sequence[int], embedding: int = 20, units: Sequence[int] = (128, 128), width: int = 128,
                 dropout: float = 0.2, places: int = 24, modes: int = 7, lowest: Sequence[int] = ()):
        super().__init__()
        self.notes, self.embedding, self.units, self.width = tuple(notes), embedding, tuple(units), width
        self.dropout, self.places, self.modes, self.lowest = dropout, places, modes, tuple(lowest)
        self.voices = TypedModuleList(
            VoiceNetwork(voice, self.notes, embedding, self.units, width, dropout, places, modes, self.lowest)
            for voice in range(len(self.notes)))

    def forward(self, score: Score, margin: int = 0) -> list[Tensor]:
        """An encoded score -> logits of each voice, (batch, steps - 2 margin, classes)."""
        return [voice(score, margin) for voice in self.voices]


class VoiceNetwork(nn.Module):
    """The conditional of one voice."""

    def __init__(self, voice: int, notes: Sequence[int], embedding: int, units: Sequence[int], width: int,
                 dropout: float, places: int, modes: int, lowest: Sequence[int]):
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
        self.relations = Relations(voice, notes, lowest, embedding, width) if lowest else None

    def forward(self, score: Score, margin: int = 0) -> Tensor:
        """Logits (batch, steps - 2 margin, classes)."""
        around, whole = self.told(score)
        steps = around.shape[1]
        inside = slice(margin, steps - margin)
        before = nn.functional.pad(self.left(whole[:, :-1]), (0, 0, 1, 0))  # (batch, steps, units)
        after = nn.functional.pad(self.right(whole[:, 1:].flip(1)).flip(1), (0, 0, 0, 1))
        parts = before[:, inside], after[:, inside], self.centre(around[:, inside])
        hidden = self.output[:-1](torch.cat(parts, dim=2))
        logits: Tensor = self.output[-1](hidden)
        return logits if self.relations is None else logits + self.relations(hidden, score, inside)

    def told(self, score: Score) -> tuple[Tensor, Tensor]:
        """What is known of each step beside the voice itself, and all: (batch, steps, channels)."""
        parts = [score["fermata"][..., None].float(), self.place(score["place"]), self.tonic(score["tonic"]),
                 self.mode(score["mode"])]
        for other, embedded in zip(self.others, self.sung, strict=True):
            notes = score["notes"][:, other]
            sung = embedded(notes)
            if self.relations is not None:
                sung = sung + self.relations.degree_of(notes, other, score["tonic"])
            parts += [sung, (score["tokens"][:, other] == notes)[..., None].float()]
        around = torch.cat(parts, dim=2)
        said = score["tokens"][:, self.voice]
        own = self.own(said)
        if self.relations is not None:
            own = own + self.relations.degree_of(said, self.voice, score["tonic"])
        return around, torch.cat((around, own), dim=2)


class Relations(nn.Module):
    """What a note is to the key and to its neighbours, the same in all keys: scale degrees of what is told, and logits
    of each note for its degree, for the interval from the voice's note before, and for those to the other voices.

    Deviation: the paper tells and finds notes by name, and learns each key for itself from transposed chorales. All
    weights begin at 0.
    """

    def __init__(self, voice: int, notes: Sequence[int], lowest: Sequence[int], embedding: int, width: int):
        super().__init__()
        self.voice, self.count, self.classes = voice, len(notes), notes[voice] + 1
        self.degree = nn.Embedding(len(notes) * (OCTAVE + 1), embedding)
        self.logits = nn.Linear(width, OCTAVE + 2 * MAX_INTERVAL + 1 + (len(notes) - 1) * OCTAVE, bias=False)
        nn.init.zeros_(self.degree.weight)
        nn.init.zeros_(self.logits.weight)
        pitches = torch.full((len(notes), max(notes) + 1), -1)
        for row, count, low in zip(pitches, notes, lowest, strict=True):
            row[FIRST:count] = torch.arange(count - FIRST) + low
        self.register_buffer("pitches", pitches, persistent=False)  # -1 where a token names none
        self.pitches: Tensor

    def degree_of(self, tokens: Tensor, voice: int, tonic: Tensor) -> Tensor:
        """Embedding of the degrees of a voice's tokens (batch, steps) -> (batch, steps, embedding)."""
        pitch = self.pitches[voice][tokens]
        degree = torch.where(pitch < 0, OCTAVE, (pitch - tonic) % OCTAVE)
        embedded: Tensor = self.degree(degree + voice * (OCTAVE + 1))
        return embedded

    def forward(self, hidden: Tensor, score: Score, inside: slice) -> Tensor:
        """(batch, steps inside, width) -> what is added to the logits of the voice, (batch, steps inside, classes)."""
        own = self.pitches[self.voice, : self.classes]
        sizes = [OCTAVE, 2 * MAX_INTERVAL + 1, *[OCTAVE] * (self.count - 1)]
        degree, step, *chord = self.logits(hidden).split(sizes, dim=2)
        sung = self.pitches[torch.arange(self.count, device=hidden.device)[:, None], score["notes"]]
        before = nn.functional.pad(sung[:, self.voice, :-1], (1, 0), value=-1)[:, inside, None]
        leap = (own - before).clamp(-MAX_INTERVAL, MAX_INTERVAL) + MAX_INTERVAL
        total = degree.gather(2, (own - score["tonic"][:, inside, None]) % OCTAVE)
        total = total + step.gather(2, leap) * (before >= 0)
        others = [other for other in range(self.count) if other != self.voice]
        for other, part in zip(others, chord, strict=True):
            beside = sung[:, other, inside, None]
            total = total + part.gather(2, (own - beside) % OCTAVE) * (beside >= 0)
        added: Tensor = total * (own >= 0)
        return added


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
