"""Phonemes and notes of a song as what networks of a singer are told of each frame, and its vocoder's numbers on the
scale that they work on.

Blaauw & Bonada, "A neural parametric singing synthesizer modeling timbre and expression from natural songs" (Appl. Sci.
7(12):1313, 2017, sections 2.2 and 2.3): phonemes with their neighbours and the place inside them; for pitch the notes
before, now and after, and the time since and until their borders.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from onpu.music import Voice
from onpu.music.phonemes import PHONEMES, SYLLABIC, paired, syllables_of, written

FRAME_SECONDS = 0.005
PAUSE = len(PHONEMES)
"""Number of the pause among phonemes."""
REST_SECONDS = 0.06
"""From which a gap between notes is a rest."""
GLIDE_SECONDS, GLIDE_EARLY = 0.03, 0.015
"""Deviation of the Gaussian that smooths the curve of notes, and how long before a vowel the step to its note is half
done, as measured on PJS."""
LONGEST_CONSONANT = 0.3
"""Seconds of the consonants of a syllable at most."""
_PACES = (0.05, 0.15, 0.5)
_MIDDLE = 48.0
_VOWELS = np.array([name in SYLLABIC for name in PHONEMES] + [False])


@dataclass(frozen=True, eq=False)
class SungLineup:
    """What is sung when. phonemes: (n,) numbers in `PHONEMES`, pauses `PAUSE`. starts: (n + 1,) seconds, the end last.
    notes: (m, 3) start, end and MIDI pitch, in order, one at a time, as they are sung."""

    phonemes: np.ndarray
    starts: np.ndarray
    notes: np.ndarray

    @property
    def frames(self) -> int:
        """How many there are."""
        return round(float(self.starts[-1]) / FRAME_SECONDS) + 1


def phoneme_frames(lineup: SungLineup, frames: int) -> np.ndarray:
    """(4, frames) int64: number of the phoneme before, now and after, and third of the phoneme, 0 to 2."""
    times = np.arange(frames) * FRAME_SECONDS
    place = _phoneme_at(lineup, frames)
    padded = np.concatenate(([PAUSE], lineup.phonemes, [PAUSE]))
    begin, end = lineup.starts[place], lineup.starts[place + 1]
    along = np.clip((times - begin) / np.maximum(end - begin, 1e-3), 0, 0.999)
    return np.stack((padded[place], padded[place + 1], padded[place + 2], (3 * along).astype(np.int64)))


def note_curve(lineup: SungLineup, frames: int) -> np.ndarray:
    """(frames,) MIDI pitch of the notes, which last to the next, with smoothed steps."""
    steps = lineup.notes[_note_at(lineup, frames, GLIDE_EARLY), 2]
    return np.asarray(gaussian_filter1d(steps.astype(np.float64), GLIDE_SECONDS / FRAME_SECONDS, mode="nearest"))


def score_frames(lineup: SungLineup, frames: int) -> np.ndarray:
    """(19, frames) float32: of the phoneme, closeness of its begin and end on three scales and its length; the same of
    the note, the steps from the note before and to the one after and whether rests lie there, and, last, its pitch."""
    notes, place = lineup.notes, _note_at(lineup, frames)
    times = np.arange(frames) * FRAME_SECONDS
    since, left = np.maximum(times - notes[place, 0], 0), np.maximum(notes[place, 1] - times, 0)
    before, after = _rests(notes)
    step = np.diff(notes[:, 2], prepend=notes[:1, 2])
    back, ahead = np.where(before, 0, step), np.where(after, 0, np.append(step[1:], 0))
    length = np.log(np.maximum(notes[:, 1] - notes[:, 0], 0.05))
    sung = _phoneme_at(lineup, frames)
    begin, end = lineup.starts[sung], lineup.starts[sung + 1]
    rows = [*_closeness(times - begin, end - times), np.log(np.maximum(end - begin, 0.02)) + 2,
            *_closeness(since, left), length[place],
            back[place] / 6, before[place], ahead[place] / 6, after[place], (notes[place, 2] - _MIDDLE) / 12]
    return np.stack(rows).astype(np.float32)


def _closeness(since: np.ndarray, left: np.ndarray) -> list[np.ndarray]:
    """To the begin and the end of something, on three scales."""
    return [np.exp(-np.maximum(far, 0) / pace) for far in (since, left) for pace in _PACES]


def note_numbers(notes: np.ndarray, consonants: np.ndarray) -> np.ndarray:
    """(notes, 6) float32 of written notes (notes, 3), for their timing: length, time since the note before, rests
    before and after, length of the rest before, consonants."""
    before, after = _rests(notes)
    gap = np.diff(notes[:, 0], prepend=notes[0, 0] - 1)
    rest = np.append(1.0, np.maximum(notes[1:, 0] - notes[:-1, 1], 0))
    return np.stack((np.log(np.maximum(notes[:, 1] - notes[:, 0], 0.05)), np.log(np.clip(gap, 0.05, 2)), before, after,
                     np.minimum(rest, 1), consonants / 2), axis=1).astype(np.float32)


def rests_after(notes: np.ndarray) -> np.ndarray:
    """(notes,) whether a rest follows; after the last one always."""
    return _rests(notes)[1]


def _rests(notes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    after = np.append(notes[1:, 0] - notes[:-1, 1] > REST_SECONDS, True)
    return np.append(True, after[:-1]), after


def _phoneme_at(lineup: SungLineup, frames: int) -> np.ndarray:
    """(frames,) number of the phoneme that is sung."""
    times = np.arange(frames) * FRAME_SECONDS
    return np.clip(np.searchsorted(lineup.starts, times, side="right") - 1, 0, len(lineup.phonemes) - 1)


def _note_at(lineup: SungLineup, frames: int, early: float = 0.0) -> np.ndarray:
    """(frames,) number of the note that sounds, or sounded last, so many seconds later; the first before it."""
    times = np.arange(frames) * FRAME_SECONDS + early
    return np.clip(np.searchsorted(lineup.notes[:, 0], times, side="right") - 1, 0, len(lineup.notes) - 1)


def timed(notes_written: np.ndarray, syllables: Sequence[Sequence[int]], times: np.ndarray) -> SungLineup:
    """When phonemes are sung, of written notes (notes, 3), the phonemes of each, and (notes, 3) of each: logarithm of
    the seconds of its consonants, seconds from its onset to its vowel's, and from its end to the singing's. A note
    without phonemes goes on with the vowel of the one before.

    Consonants take at most half of the time since the vowel before them; sounds after a vowel at most a third of it.
    """
    sung = [k for k, own in enumerate(syllables) if len(own)]
    after = rests_after(notes_written)
    leads = [next((i for i, phoneme in enumerate(syllables[k]) if _VOWELS[phoneme]), len(syllables[k])) for k in sung]
    vowels, begins = np.zeros(len(sung)), np.zeros(len(sung))
    before = 0.0
    for i, k in enumerate(sung):
        vowels[i] = max(notes_written[k, 0] + times[k, 1], before + 0.06)
        lead = min(np.exp(times[k, 0]), LONGEST_CONSONANT, (vowels[i] - before) / 2) if leads[i] else 0.0
        begins[i] = vowels[i] - lead
        before = vowels[i]
    lasts = np.array([*sung[1:], len(notes_written)]) - 1
    ends = np.where(after[lasts], notes_written[lasts, 1] + times[lasts, 2], np.inf)
    ends = np.minimum(np.maximum(ends, vowels + 0.04), np.append(begins[1:], np.inf))
    names, starts, clock = list[int](), list[float](), 0.0
    notes = notes_written.astype(np.float64).copy()
    for i, k in enumerate(sung):
        if begins[i] > clock:
            names, starts = [*names, PAUSE], [*starts, clock]
        own = list(syllables[k])
        rest = own[leads[i] :]
        inside = (ends[i] - vowels[i]) / 3
        tail = np.array([min(0.18 if _VOWELS[each] else 0.07, inside / max(1, len(rest) - 1)) for each in rest[1:]])
        names += own
        starts += np.linspace(begins[i], vowels[i], leads[i], endpoint=False).tolist()
        starts += [*([float(vowels[i])] if rest else []), *(ends[i] - tail[::-1].cumsum()[::-1]).tolist()]
        notes[k : lasts[i] + 1, 0] += times[k, 1]
        notes[lasts[i], 1] = clock = float(ends[i])
    names, starts = [*names, PAUSE], [*starts, clock, max(clock, float(notes_written[-1, 1])) + 0.3]
    return SungLineup(np.array(names), np.array(starts), notes)


def moved_to(lineup: SungLineup, sung: Voice) -> SungLineup:
    """The same phonemes and notes at the times at which a recording sings them, of which the syllables are heard: each
    is paired with the one that stands for it, and what lies between is moved along."""
    names = [PHONEMES[i] if i != PAUSE else "" for i in lineup.phonemes]
    kept = [i for i, name in enumerate(names) if name]
    groups = syllables_of([names[i] for i in kept])
    own = [written([names[i] for i in kept[a:b]]) for a, b in groups]
    heard = [str(label) for label in sung.labels]
    pairs = [(i, j) for i, j in paired(own, heard) if own[i][-1:] == heard[j][-1:]]
    if not pairs:
        return lineup
    before = np.array([lineup.starts[kept[groups[i][0]]] for i, _ in pairs]
                      + [lineup.starts[kept[groups[pairs[-1][0]][1] - 1] + 1]])
    after = np.array([float(sung.starts[j]) for _, j in pairs] + [float(sung.ends[pairs[-1][1]])])
    shift = after - before

    def moved(times: np.ndarray) -> np.ndarray:
        return np.asarray(times + np.interp(times, before, shift))

    starts = np.maximum.accumulate(np.maximum(moved(lineup.starts), 0))
    starts[0] = 0.0
    notes = lineup.notes.copy()
    notes[:, 0] = np.maximum.accumulate(moved(notes[:, 0]))
    notes[:, 1] = np.maximum(moved(notes[:, 1]), notes[:, 0] + 0.03)
    return SungLineup(lineup.phonemes, starts, notes)


def scaled(harmonic: np.ndarray) -> np.ndarray:
    """Logarithms of power (frames, bands), relative to a song's level -> about -1 to 1."""
    tilt = np.linspace(*_TILT, harmonic.shape[1])
    return ((harmonic - tilt) / _SPAN).astype(np.float32)


def unscaled(numbers: np.ndarray) -> np.ndarray:
    """Inverse of `scaled`."""
    return (numbers * _SPAN + np.linspace(*_TILT, numbers.shape[1])).astype(np.float32)


_TILT, _SPAN = (-1.0, -7.0), 8.0
NOISE_MIDDLE, NOISE_SPAN = -12.0, 12.0
"""dB: aperiodicities less the first, over the second, are about -1 to 1."""
