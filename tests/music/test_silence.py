"""Nothing is found in digital silence, and what borders on it stays."""

from dataclasses import replace

import numpy as np
import pytest

from onpu.music import Audio, Beats, Chords, Melody, Metre, Notes, Tempo, Timeline
from onpu.music.silence import SILENT_LEVEL, Attended, hushed

RATE = 8000
SILENCES = np.array([[4.0, 8.0]])


def sound(*stretches):
    """Seconds and level of one stretch after the other, two channels."""
    return Audio(np.concatenate([np.full((2, round(seconds * RATE)), level, np.float32)
                                 for seconds, level in stretches], axis=1), RATE)


def silences(audio, block=2.0):
    attended = Attended(audio)
    assert sum(part.shape[1] for part in attended.blocks(block)) == audio.samples.shape[1]
    return attended.silences


@pytest.mark.parametrize("block", [0.1, 2.0, 60.0])
def test_silences_are_where_they_are_however_it_is_read(block):
    audio = sound((1.7, 0), (1.0, 0.1), (1.0, 0), (0.5, 0.1), (5.0, SILENT_LEVEL / 2), (1.0, -0.1), (2.0, 0))
    np.testing.assert_allclose(silences(audio, block), [[0, 1.7], [4.2, 9.2], [10.2, 12.2]], atol=1.5 / RATE)
    np.testing.assert_allclose(silences(sound((3.0, 0)), block), [[0, 3.0]])


def test_a_channel_that_sounds_is_no_silence():
    audio = sound((5.0, 0))
    audio.samples[1] = 0.1
    assert len(silences(audio)) == 0


@pytest.fixture
def timeline():
    times = np.arange(0, 12, 0.5)
    beats = Beats.of(times, np.arange(len(times)) % 4 + 1)
    one = np.ones(1)
    notes = Notes(np.array([1.0, 3.5, 5.0, 8.0]), np.array([2.0, 9.0, 6.0, 9.0]), np.full(4, 60), np.full(4, 80),
                  np.zeros(4, int), np.ones(4))
    chords = Chords(np.array([0.0, 3.0]), np.array([3.0, 12.0]), np.array(["C:maj", "G:maj"]), np.ones(2))
    return Timeline(12.0, beats=beats, metre=Metre(np.zeros(1), np.array([4]), np.array([4]), one),
                    tempo=Tempo(120 * one, one, times[:-1], np.full(len(times) - 1, 120.0)), notes=notes, chords=chords,
                    melody=Melody(times, np.full(len(times), 440.0), np.ones(len(times))))


def test_nothing_is_found_within_a_silence(timeline):
    quiet = hushed(timeline, SILENCES).validate()
    assert quiet.beats.times.tolist() == [*np.arange(0, 4.5, 0.5), *np.arange(8, 12, 0.5)]
    assert quiet.notes.onsets.tolist() == [1.0, 3.5, 8.0] and quiet.notes.offsets.tolist() == [2.0, 4.0, 9.0]
    assert list(zip(quiet.chords.starts, quiet.chords.ends, quiet.chords.labels, strict=True)) == [
        (0, 3, "C:maj"), (3, 4, "G:maj"), (4, 8, "N"), (8, 12, "G:maj")]
    assert (quiet.melody.frequencies[(quiet.melody.times > 4.1) & (quiet.melody.times < 7.9)] < 0).all()
    assert not np.any((quiet.tempo.times > 4.1) & (quiet.tempo.times < 7.9)) and len(quiet.metre) == 1


def test_without_silence_nothing_changes(timeline):
    assert hushed(timeline, np.zeros((0, 2))) is timeline


def test_where_all_is_silent_there_is_no_tempo(timeline):
    quiet = hushed(timeline, np.array([[0.0, 12.0]])).validate()
    assert not len(quiet.beats) and not len(quiet.tempo.bpm) and not len(quiet.metre) and not len(quiet.notes)
    assert quiet.chords.labels.tolist() == ["N"]


def test_chords_that_were_none_stay_one(timeline):
    named = replace(timeline.chords, labels=np.array(["C:maj", "N"]))
    quiet = hushed(replace(timeline, chords=named), SILENCES)
    assert quiet.chords.labels.tolist() == ["C:maj", "N"] and quiet.chords.ends.tolist() == [3, 12]
