"""What a singer learns of a song that was taken apart, as arrays."""

from functools import lru_cache

import numpy as np

from onpu.data.corpora.sung import SungSong
from onpu.models.npss import TIMES
from onpu.music.phonemes import PHONEMES, SYLLABIC
from onpu.represent.sung import (
    NOISE_MIDDLE,
    NOISE_SPAN,
    PAUSE,
    SungLineup,
    note_curve,
    note_numbers,
    phoneme_frames,
    rests_after,
    scaled,
    score_frames,
)

TIME_SCALES = np.array([1.0, 0.05, 0.1])
"""Units of what the timing network says: see `onpu.models.npss.TIMES`."""


@lru_cache(256)
def numbers_of(song: SungSong) -> dict[str, np.ndarray]:
    """Everything that is learned of a song."""
    frames = len(song.frames)
    lineup, timing = lined_up(song)
    curve = note_curve(lineup, frames)
    return {"phonemes": phoneme_frames(lineup, frames).astype(np.float32), "notes": score_frames(lineup, frames),
            "harmonic": scaled(song.frames.harmonic).T,
            "aperiodic": ((song.frames.aperiodic.T - NOISE_MIDDLE) / NOISE_SPAN).astype(np.float32),
            "voiced": song.frames.voiced.astype(np.float32), "pitch": song.frames.pitch.astype(np.float32),
            "bent": np.clip(song.frames.pitch - curve, -3, 3).astype(np.float32),
            "heard": np.ones(frames, np.float32)} | timing


def lined_up(song: SungSong) -> tuple[SungLineup, dict[str, np.ndarray]]:
    """When notes are sung, which is where their vowels begin, and what that says of timing: consonant and vowel
    (notes,), note (notes, NOTE), times and timed (notes, TIMES). Notes without a syllable are sung as far after the
    one before as they are written."""
    count = len(song.written)
    onsets, ends = np.full(count, np.nan), np.full(count, np.nan)
    times, timed = np.zeros((count, TIMES), np.float32), np.zeros((count, TIMES), np.float32)
    first, vowel = np.full(count, PAUSE), np.full(count, PAUSE)
    consonants = np.zeros(count)
    after = rests_after(song.written)
    for number in range(count):
        own = np.flatnonzero(song.of_note == number)
        carrying = [i for i in own.tolist() if PHONEMES[song.phonemes[i]] in SYLLABIC]
        if not carrying:
            continue
        onsets[number], ends[number] = song.starts[carrying[0]], song.starts[own[-1] + 1]
        vowel[number], consonants[number] = song.phonemes[carrying[0]], np.sum(own < carrying[0])
        times[number, 1], timed[number, 1] = onsets[number] - song.written[number, 0], 1
        if consonants[number]:
            first[number] = song.phonemes[own[0]]
            times[number, 0] = np.log(max(onsets[number] - song.starts[own[0]], 0.01))
            timed[number, 0] = 1
        if after[number]:
            times[number, 2], timed[number, 2] = ends[number] - song.written[number, 1], 1
    late = np.interp(song.written[:, 0], song.written[~np.isnan(onsets), 0],
                     (onsets - song.written[:, 0])[~np.isnan(onsets)])
    onsets = np.maximum.accumulate(np.where(np.isnan(onsets), song.written[:, 0] + late, onsets))
    notes = np.stack((onsets, np.append(onsets[1:], song.starts[-1]), song.written[:, 2]), axis=1)
    notes[after, 1] = np.where(np.isnan(ends), song.written[:, 1], ends)[after]
    return SungLineup(song.phonemes, song.starts, notes), {
        "consonant": first.astype(np.float32), "vowel": vowel.astype(np.float32),
        "note": note_numbers(song.written, consonants),
        "times": (times / TIME_SCALES).astype(np.float32), "timed": timed * (np.abs(times) < 3)}
