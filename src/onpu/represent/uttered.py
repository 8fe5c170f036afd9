"""An utterance, or a stretch of a song, as what a network that utters it is told and what it is to say.

    LEAD of silence, the sounds one after the other, TAIL of silence -> sounds, notes, mel, sound of each frame
"""

from typing import NamedTuple

import numpy as np

from onpu.music.speech_sounds import PAUSE_NUMBER
from onpu.represent.voice_mel import HOP, RATE, voice_mel

LEAD, TAIL, FADE = 0.064, 0.16, 0.016
"""Seconds of silence before and after, which are pauses among the sounds, and in which what is cut off fades."""
REST = 0.3
"""Seconds of a pause at which a song is cut."""


SILENCE = -1.0
"""Of a mel spectrum."""


class Told(NamedTuple):
    """What is to be uttered: sounds (count,), notes (count, numbers), pauses at both ends; number of the voice."""

    sounds: np.ndarray
    notes: np.ndarray
    voice: int


class UtteredStretch(NamedTuple):
    """sounds (count,) and notes (count, numbers), pauses at both ends; mel (bands, frames); spoken (frames,): place
    among the sounds of what is heard in the middle of a frame."""

    sounds: np.ndarray
    notes: np.ndarray
    mel: np.ndarray
    spoken: np.ndarray


def passage(samples: np.ndarray, sounds: np.ndarray, starts: np.ndarray, notes: np.ndarray, first: int, last: int
            ) -> UtteredStretch:
    """Sounds `first` to `last`, without it, of an utterance (see `onpu.data.corpora.uttered.Utterance`)."""
    begin, end = (round(float(starts[place]) * RATE) for place in (first, last))
    lead, tail, fade = (round(seconds * RATE) for seconds in (LEAD, TAIL, FADE))
    cut = np.zeros(lead + end - begin + tail, np.float32)
    low, high = max(0, begin - fade), min(len(samples), end + fade)
    cut[lead - (begin - low) : lead + high - begin] = samples[low:high]
    ramp = np.linspace(0, 1, fade, endpoint=False, dtype=np.float32)
    cut[lead - fade : lead] *= ramp
    cut[lead + end - begin : lead + end - begin + fade] *= ramp[::-1]
    mel = voice_mel(cut)
    own = np.concatenate(([0.0], starts[first:last] - starts[first] + LEAD, [starts[last] - starts[first] + LEAD]))
    spoken = np.clip(np.searchsorted(own, np.arange(mel.shape[1]) * HOP / RATE, side="right") - 1, 0, len(own) - 1)
    silence = np.zeros((1, notes.shape[1]), np.float32)
    return UtteredStretch(np.concatenate(([PAUSE_NUMBER], sounds[first:last], [PAUSE_NUMBER])),
                   np.concatenate((silence, notes[first:last], silence)), mel, spoken)


def padded(found: UtteredStretch, voice: int, sounds: int, frames: int, reduction: int) -> dict[str, np.ndarray]:
    """A passage as examples have it: sounds (sounds,), notes (sounds, 3), count: of sounds; mel (bands, frames), spoken
    (frames,), frames: of the passage, to whole steps of `reduction`; voice. What lies beyond is silence."""
    count, own = found.mel.shape[1], len(found.sounds)
    mel = np.full((len(found.mel), frames), SILENCE, np.float32)
    mel[:, :count] = found.mel
    return {"sounds": np.pad(found.sounds, (0, sounds - own)),
            "notes": np.pad(found.notes, ((0, sounds - own), (0, 0))), "count": np.array(own), "mel": mel,
            "spoken": np.pad(found.spoken, (0, frames - count), mode="edge"),
            "frames": np.array(-(-count // reduction) * reduction), "voice": np.array(voice)}


def stretches(sounds: np.ndarray, starts: np.ndarray, notes: np.ndarray, seconds: float) -> list[tuple[int, int]]:
    """First sound and the one after the last of the stretches of so many seconds at most: of what is spoken the whole,
    without the pauses at its ends; of what is sung one from each note on that begins after a pause or another note,
    to the end of a note, or to a rest."""
    real = np.flatnonzero(sounds != PAUSE_NUMBER)
    if not len(real):
        return []
    if not notes[:, 0].any():
        whole = int(real[0]), int(real[-1]) + 1
        return [whole] if starts[whole[1]] - starts[whole[0]] <= seconds else []
    changes = np.append(True, (np.diff(notes, axis=0) != 0).any(axis=1))
    borders = [*np.flatnonzero(changes).tolist(), len(sounds)]
    rests = (sounds == PAUSE_NUMBER) & (np.diff(starts) > REST)
    found = []
    for first in borders[:-1]:
        if sounds[first] == PAUSE_NUMBER:
            continue
        wall = next((place for place in range(first, len(sounds)) if rests[place]), len(sounds))
        ends = [last for last in borders if first < last <= wall and starts[last] - starts[first] <= seconds
                and sounds[last - 1] != PAUSE_NUMBER]
        found += [(first, ends[-1])] if ends else []
    return found
