"""Labels made audible over the recording that they are of: a click for beats, chords, the melody, notes.

What is heard at a time depends on that time alone, so that a recording of any length goes through in blocks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from onpu.errors import LabelError
from onpu.music import AudioSource, Beats, Chords, Melody, Notes, Timeline
from onpu.music.voicing import block_chords

BLOCK_SECONDS = 5.0
RECORDING_GAIN = 0.6
"""Of the recording, so that there is room for the labels."""
CLICK_HZ = 1600.0, 1000.0
"""Of downbeats and of other beats."""
CLICK_SECONDS = 0.05
CLICK_DECAY = 90.0
"""1 / seconds."""
PARTIALS = (1.0, 0.4, 0.25, 0.12, 0.06)
"""Amplitudes of the harmonics of chords, notes and the melody."""
ATTACK_SECONDS, RELEASE_SECONDS = 0.012, 0.06
FADE = 0.7
"""1 / seconds: what is struck dies away."""

Voice = Callable[[np.ndarray], np.ndarray]
"""Seconds (samples,), evenly spaced -> samples."""


def _beats(timeline: Timeline) -> Voice:
    beats = timeline.require(Beats)
    hertz = np.where(beats.positions == 1, *CLICK_HZ)

    def voice(seconds: np.ndarray) -> np.ndarray:
        last = np.searchsorted(beats.times, seconds, side="right") - 1
        after = seconds - beats.times[np.maximum(last, 0)] if len(beats) else np.full(len(seconds), np.inf)
        sounds = (last >= 0) & (after < CLICK_SECONDS)
        out = np.zeros(len(seconds))
        out[sounds] = np.sin(2 * np.pi * hertz[last[sounds]] * after[sounds]) * np.exp(-CLICK_DECAY * after[sounds])
        return out

    return voice


def _chords(timeline: Timeline) -> Voice:
    return _tones(block_chords(timeline.require(Chords)), FADE / 2)


def _notes(timeline: Timeline) -> Voice:
    return _tones(timeline.require(Notes), FADE)


def _tones(notes: Notes, fade: float) -> Voice:
    hertz = 440 * 2 ** ((notes.pitches - 69) / 12)

    def voice(seconds: np.ndarray) -> np.ndarray:
        out = np.zeros(len(seconds))
        if not len(seconds):
            return out
        here = np.flatnonzero((notes.onsets < seconds[-1]) & (notes.offsets + RELEASE_SECONDS > seconds[0]))
        for onset, offset, pitch, loud in zip(notes.onsets[here], notes.offsets[here], hertz[here],
                                              notes.velocities[here] / 127, strict=True):
            inside = slice(*np.searchsorted(seconds, (onset, offset + RELEASE_SECONDS)))
            after = seconds[inside] - onset
            level = np.minimum(after / ATTACK_SECONDS, 1) * np.exp(-fade * after)
            level *= np.clip((offset + RELEASE_SECONDS - seconds[inside]) / RELEASE_SECONDS, 0, 1)
            out[inside] += loud * level * _harmonics(2 * np.pi * pitch * after)
        return out

    return voice


def _melody(timeline: Timeline) -> Voice:
    melody = timeline.require(Melody)
    if len(melody) < 2:
        return np.zeros_like
    sung = np.where(melody.frequencies > 0, 1.0, 0.0)
    cycles = np.concatenate([[0.0], np.cumsum(np.abs(melody.frequencies[:-1]) * np.diff(melody.times))])

    def voice(seconds: np.ndarray) -> np.ndarray:
        level = np.interp(seconds, melody.times, sung, left=0.0, right=0.0)
        return np.asarray(level * _harmonics(2 * np.pi * np.interp(seconds, melody.times, cycles)))

    return voice


def _harmonics(phase: np.ndarray) -> np.ndarray:
    return np.sum([level * np.sin(number * phase) for number, level in enumerate(PARTIALS, 1)], axis=0)


VOICES: Mapping[str, tuple[Callable[[Timeline], Voice], float]] = MappingProxyType({
    "beats": (_beats, 0.5), "chords": (_chords, 0.12), "melody": (_melody, 0.15), "notes": (_notes, 0.15)})
"""Value of a timeline -> how it sounds, and how loud."""
USUAL = ("beats", "chords", "melody")
"""What is heard where nothing is chosen."""


def sonified(source: AudioSource, timeline: Timeline, values: Sequence[str] = USUAL, decibels: float = 0.0,
             alone: bool = False) -> Iterator[np.ndarray]:
    """The recording with its labels made audible, in blocks (channels, samples), float32 within ±1.

    Parameters
    ----------
    source
        The recording, whose rate and channels the result has.
    timeline
        Its labels.
    values
        Which of them are heard, of `VOICES`.
    decibels
        By how much the labels are louder than usual.
    alone
        Without the recording.

    Raises
    ------
    LabelError
        When a value is not on the timeline, or cannot be heard.
    """
    unknown = [name for name in values if name not in VOICES]
    if unknown:
        raise LabelError(f"{unknown[0]} cannot be made audible; choose from {', '.join(VOICES)}")
    voices = [(VOICES[name][0](timeline), VOICES[name][1] * 10 ** (decibels / 20)) for name in values]
    return _mixed(source, voices, 0.0 if alone else RECORDING_GAIN)


def _mixed(source: AudioSource, voices: Sequence[tuple[Voice, float]], gain: float) -> Iterator[np.ndarray]:
    read = 0
    for block in source.blocks(BLOCK_SECONDS):
        seconds = (read + np.arange(block.shape[1])) / source.rate
        read += block.shape[1]
        labels = sum((level * voice(seconds) for voice, level in voices), np.zeros(block.shape[1]))
        yield np.clip(gain * block + labels, -1, 1).astype(np.float32)
