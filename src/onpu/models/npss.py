"""The neural parametric singing synthesiser: networks that make a vocoder's parameters of a score's phonemes and notes.

Blaauw & Bonada, "A neural parametric singing synthesizer" (Interspeech 2017), with sizes of the journal version (Appl.
Sci. 7(12):1313, 2017, table 2): causal gated convolutions over 200 frames a second for the spectral envelope (130
channels, 240 skips), the aperiodicity (20, 16) and voicing (20, 4), each hearing what the one before it made; mixtures
of four constrained Gaussians; a network of the same kind for pitch; feed-forward networks for timing.

The networks of timbre (envelope, aperiodicity, voicing), of pitch and of timing share nothing, so that each can be
trained alone.

Deviations: conditions are embedded in 64 numbers, whose sum is projected in each layer, in place of one-hot vectors;
pitch is the distance from a smoothed curve of the notes; when vowels begin, and how long consonants last, is said by a
mean and a deviation in place of classes; phonemes follow the lengths of their notes by rule; networks
are told how near the borders of phonemes and notes are.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from onpu.layers.gated import GatedFrames
from onpu.layers.mixture import ConstrainedGaussians

PITCH_BINS = 64
"""Classes of the pitch as timbre is told it, a semitone wide, from MIDI 24 on."""
LOWEST_BIN = 24
SCORE = 19
"""Numbers a frame that tell of phonemes' and notes' places, the pitch last (see `onpu.represent.sung.score_frames`)."""
NOTE = 6
"""Numbers that tell the timing network of a note."""
TIMES = 3
"""What it says: logarithm of the seconds of the consonants, seconds from the note's onset to the vowel's, and from the
note's end to the singing's where a rest follows."""


class PhonemeContext(NamedTuple):
    """Conditions of frames (batch, frames): phonemes before, now and after, and third of the phoneme, whole numbers."""

    before: Tensor
    now: Tensor
    after: Tensor
    third: Tensor


class Npss(nn.Module):
    """All networks of a singer.

    Args:
        phonemes: how many there are, pause included. harmonics, aperiodics: numbers a frame.
        embedding: of conditions. width, skip: of the envelope's network. dilations: of timbre's networks.
        pitch_width, pitch_skip: of the pitch network.
    """

    def __init__(self, phonemes: int, harmonics: int, aperiodics: int, embedding: int = 64, width: int = 130,
                 skip: int = 240, dilations: tuple[int, ...] = (1, 2, 4, 1, 2), pitch_width: int = 48,
                 pitch_skip: int = 64) -> None:
        super().__init__()
        self.phonemes, self.harmonics, self.aperiodics, self.embedding = phonemes, harmonics, aperiodics, embedding
        self.width, self.skip, self.dilations = width, skip, dilations
        self.pitch_width, self.pitch_skip = pitch_width, pitch_skip
        self.told, self.told_of_pitch = (nn.ModuleDict(
            {name: nn.Embedding(count, embedding) for name, count in
             (("before", phonemes), ("now", phonemes), ("after", phonemes), ("third", 3))}) for _ in range(2))
        self.told_pitch = nn.Embedding(PITCH_BINS, embedding)
        self.told_places, self.told_notes = (nn.Sequential(
            nn.Conv1d(count, embedding, 1), nn.ReLU(), nn.Conv1d(embedding, embedding, 1))
            for count in (SCORE - 1, SCORE))
        self.harmonic = GatedFrames(harmonics, 4 * harmonics, embedding, width, skip, 10, dilations)
        self.aperiodic = GatedFrames(aperiodics, 4 * aperiodics, embedding + harmonics, 20, 16, 10, dilations)
        self.voicing = GatedFrames(1, 1, embedding + harmonics + aperiodics, 20, 4, 10, dilations)
        self.pitch = GatedFrames(1, 4, 2 * embedding, pitch_width, pitch_skip, 10, (1, 2, 4, 8, 1, 2, 4, 8))
        self.consonant, self.vowel = nn.Embedding(phonemes, 16), nn.Embedding(phonemes, 16)
        self.timing = nn.Sequential(nn.Linear(32 + NOTE, 64), nn.Tanh(), nn.Dropout(0.2), nn.Linear(64, 2 * TIMES))

    def timbre_condition(self, sung: PhonemeContext, pitch: Tensor, notes: Tensor) -> Tensor:
        """Of phonemes, the pitch (batch, frames), MIDI, and the score (batch, SCORE, frames), whose pitch is not heard:
        (batch, embedding, frames)."""
        bins = (pitch - LOWEST_BIN).round().long().clamp(0, PITCH_BINS - 1)
        condition: Tensor = (_embedded(self.told, sung) + self.told_pitch(bins).transpose(1, 2)
                             + self.told_places(notes[:, :-1]))
        return condition

    def pitch_condition(self, sung: PhonemeContext, notes: Tensor) -> Tensor:
        """Of phonemes and the score (batch, SCORE, frames): (batch, 2 embedding, frames)."""
        return torch.cat((_embedded(self.told_of_pitch, sung), self.told_notes(notes)), dim=1)

    def times(self, consonant: Tensor, vowel: Tensor, note: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and logarithm of the deviation of `TIMES` numbers a note, (batch, TIMES) each; first consonant and vowel
        (batch,), note (batch, NOTE)."""
        said = self.timing(torch.cat((self.consonant(consonant), self.vowel(vowel), note), dim=1))
        mean, deviation = said.chunk(2, dim=1)
        return mean, deviation.clamp(-5, 3)


def _embedded(told: nn.ModuleDict, sung: PhonemeContext) -> Tensor:
    """Phonemes: (batch, embedding, frames)."""
    each = [told[name](getattr(sung, name)) for name in PhonemeContext._fields]
    return torch.stack(each).sum(0).transpose(1, 2)


def mixtures(said: Tensor) -> ConstrainedGaussians:
    """Of what a network says, (batch, 4 numbers, …): mixtures of (batch, numbers, …)."""
    return ConstrainedGaussians.of(said.unflatten(1, (4, -1)).movedim(1, -1))
