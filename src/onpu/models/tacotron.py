"""Sounds of speech or song, and the notes on which they are sung, become a mel spectrum.

Shen et al., "Natural TTS synthesis by conditioning WaveNet on mel spectrogram predictions" (ICASSP 2018), Tacotron 2:

    symbols -> embedding -> 3 convolutions of 5 -> LSTM in both directions -> memory
    frame before -> prenet, whose dropout acts in use too -> LSTM, with what was attended to before -> attention by
    content and place (`onpu.layers.locating`) -> LSTM -> next frames and whether they are the last ones
    all frames -> postnet, 5 convolutions, added

Zoneout (`onpu.layers.recurrent`) acts on both LSTMs. `reduction` frames are made at once (Wang et al., "Tacotron",
Interspeech 2017, section 3.3); the last of them is the frame before of the next step.

Deviations: sounds in place of letters; what is told of notes, and the voice, are added to the embeddings, and the voice
to the memory; the attention asks with the first LSTM's output, as implementations of the paper do, and not with that
of two; sizes in recipes but the paper's.
"""

from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from onpu.layers.cells import LstmCell, State
from onpu.layers.locating import LocationAttention
from onpu.layers.recurrent import Recurrent, zoneout

KERNEL = 5
"""Of the convolutions of encoder and postnet."""


class Made(NamedTuple):
    """mel (batch, bands, frames) after the postnet; rough, the same before it; last (batch, steps) logits of the end;
    attention (batch, steps, symbols)."""

    mel: Tensor
    rough: Tensor
    last: Tensor
    attention: Tensor


class Attending(NamedTuple):
    """Output and cell of the first LSTM (batch, units); what was attended to (batch, memory); the sum of all weights
    before (batch, symbols)."""

    asking: State
    context: Tensor
    before: Tensor


class Tacotron(nn.Module):
    """symbols: how many there are. voices: likewise. told: numbers of a note. bands: of the mel spectrum. reduction:
    frames of a step. width: of embeddings, convolutions and memory. attention, filters, kernel: see
    `LocationAttention`. prenet: units of its two layers. units: of the LSTMs. postnet: channels. keep: chance of
    zoneout. dropout: of prenet and convolutions.
    """

    def __init__(self, symbols: int, voices: int, told: int = 3, bands: int = 80, reduction: int = 3, width: int = 128,
                 attention: int = 128, filters: int = 32, kernel: int = 31, prenet: int = 128, units: int = 256,
                 postnet: int = 128, keep: float = 0.1, dropout: float = 0.5):
        super().__init__()
        self.symbols, self.voices, self.told, self.bands, self.reduction = symbols, voices, told, bands, reduction
        self.width, self.attention, self.filters, self.kernel, self.prenet = width, attention, filters, kernel, prenet
        self.units, self.postnet, self.keep, self.dropout = units, postnet, keep, dropout
        self.embedded, self.speaking = nn.Embedding(symbols, width), nn.Embedding(voices, width)
        self.noted = nn.Linear(told, width)
        self.near = nn.ModuleList(_convolution(width, width, nn.ReLU(), dropout) for _ in range(3))
        self.read = nn.LSTM(width, width // 2, batch_first=True, bidirectional=True)
        self.voiced = nn.Linear(width, width, bias=False)
        self.first, self.second = nn.Linear(bands, prenet), nn.Linear(prenet, prenet)
        self.asking, self.context = LstmCell(prenet, units), nn.Linear(width, 4 * units, bias=False)
        self.attending = LocationAttention(units, width, attention, filters, kernel)
        self.saying = Recurrent(LstmCell, units + width, units, zoneout=(keep, keep))
        self.frames, self.last = nn.Linear(units + width, bands * reduction), nn.Linear(units + width, 1)
        sizes = [bands, *(postnet for _ in range(4)), bands]
        self.finishing = nn.ModuleList(_convolution(a, b, nn.Tanh() if number < 4 else nn.Identity(), dropout)
                                       for number, (a, b) in enumerate(pairwise(sizes)))

    def encode(self, symbols: Tensor, notes: Tensor, voice: Tensor, lengths: Tensor) -> Tensor:
        """symbols (batch, count), notes (batch, count, told), voice (batch,), lengths (batch,) -> memory (batch, count,
        width)."""
        speaker = self.speaking(voice)[:, None]
        there = (torch.arange(symbols.shape[1], device=symbols.device) < lengths[:, None])[:, None]
        x = (self.embedded(symbols) + self.noted(notes) + speaker).transpose(1, 2) * there
        for layer in self.near:
            x = layer(x) * there
        packed = pack_padded_sequence(x.transpose(1, 2), lengths.cpu(), batch_first=True, enforce_sorted=False)
        read, _ = pad_packed_sequence(self.read(packed)[0], batch_first=True, total_length=symbols.shape[1])
        memory: Tensor = read + self.voiced(speaker)
        return memory

    def heard(self, frame: Tensor) -> Tensor:
        """(…, bands) -> (…, prenet); dropout always acts."""
        x = nn.functional.dropout(self.first(frame).relu(), self.dropout)
        return nn.functional.dropout(self.second(x).relu(), self.dropout)

    def start(self, memory: Tensor) -> Attending:
        """Zeros."""
        return Attending(self.asking.start(memory), memory.new_zeros(len(memory), memory.shape[2]),
                         memory.new_zeros(memory.shape[:2]))

    def attend(self, given: Tensor, memory: Tensor, keys: Tensor, seen: Tensor, state: Attending
               ) -> tuple[Tensor, Tensor, Attending]:
        """One step: what `asking` projects of the frame before (batch, 4 units) -> what the second LSTM hears (batch,
        units + width), weights (batch, symbols), the next state."""
        asked = self.asking.step(given + self.context(state.context), state.asking)
        asking = zoneout(state.asking, asked, (self.keep, self.keep), self.training)
        weights = self.attending(asking[0], keys, state.before, seen)
        context = torch.bmm(weights[:, None].to(memory.dtype), memory)[:, 0]
        return torch.cat((asking[0], context), dim=1), weights, Attending(asking, context, state.before + weights)

    def say(self, heard: Tensor, states: list[State] | None = None) -> tuple[Tensor, Tensor, list[State]]:
        """Steps of what `attend` has made (batch, steps, units + width) -> frames (batch, bands, steps * reduction)
        before the postnet, logits of the end (batch, steps), states of the second LSTM."""
        said, states = self.saying(heard, states)
        said = torch.cat((said, heard[..., self.units :]), dim=2)
        rough = self.frames(said).unflatten(2, (self.reduction, self.bands)).flatten(1, 2).transpose(1, 2)
        return rough, self.last(said)[..., 0], states

    def forward(self, symbols: Tensor, notes: Tensor, voice: Tensor, lengths: Tensor, mel: Tensor) -> Made:
        """Each step from the true frames before it; mel (batch, bands, steps * reduction), the rest as in `encode`."""
        memory = self.encode(symbols, notes, voice, lengths)
        keys, state = self.attending.keys(memory), self.start(memory)
        seen = torch.arange(symbols.shape[1], device=symbols.device) < lengths[:, None]
        ends = mel[..., self.reduction - 1 : -1 : self.reduction].transpose(1, 2)
        frames = torch.cat((torch.zeros_like(mel[:, None, :, 0]), ends), dim=1)
        heard, weights = [], []
        for given in self.asking.project(self.heard(frames)).unbind(1):
            asked, attended, state = self.attend(given, memory, keys, seen, state)
            heard.append(asked)
            weights.append(attended)
        rough, last, _ = self.say(torch.stack(heard, dim=1))
        return Made(self.finished(rough), rough, last, torch.stack(weights, dim=1))

    def finished(self, rough: Tensor) -> Tensor:
        """Frames (batch, bands, frames) with what the postnet adds."""
        x = rough
        for layer in self.finishing:
            x = layer(x)
        return rough + x


def _convolution(inputs: int, outputs: int, bend: nn.Module, dropout: float) -> nn.Sequential:
    return nn.Sequential(nn.Conv1d(inputs, outputs, KERNEL, padding=KERNEL // 2), nn.BatchNorm1d(outputs), bend,
                         nn.Dropout(dropout))
