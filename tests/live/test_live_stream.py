"""What a stream tells depends on the sound alone; expected beats come in time, once, and stop with the music."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onpu
from onpu.errors import AudioError, OnpuError
from onpu.live import BeatEvent, ChordEvent, LiveEvent, NoteOff, NoteOn, OnsetEvent, PitchEvent

RATE = 22050


@cache
def drumming(bpm: float = 120.0, seconds: float = 9.0, bars: int = 4) -> np.ndarray:
    """Kick on the first beat of a bar, snare on the others, hats on eighths, a bass under them."""
    rng, sound = np.random.default_rng(0), np.zeros(round(seconds * RATE), np.float32)

    def add(at: float, hit: np.ndarray) -> None:
        begin = round(at * RATE)
        part = hit[: max(0, len(sound) - begin)]
        sound[begin : begin + len(part)] += part

    times = np.arange(round(0.25 * RATE)) / RATE
    kick = np.sin(2 * np.pi * (50 + 60 * np.exp(-times * 30)) * times) * np.exp(-times * 14)
    snare = rng.standard_normal(len(times)) * np.exp(-times * 25)
    hat = np.diff(rng.standard_normal(len(times) + 1)) * np.exp(-times * 70)
    beat = 60 / bpm
    for number in range(int(seconds / beat)):
        add(number * beat, 0.6 * kick if number % bars == 0 else 0.3 * snare)
        add(number * beat, 0.1 * hat)
        add((number + 0.5) * beat, 0.06 * hat)
    return sound


@cache
def chord() -> np.ndarray:
    """C major, struck after half a second."""
    times = np.arange(round(2.5 * RATE)) / RATE
    struck = sum(np.sin(2 * np.pi * 440 * 2 ** ((note - 69) / 12) * times * k) * 0.06 / k * np.exp(-times)
                 for note in (48, 60, 64, 67) for k in range(1, 7))
    return np.concatenate([np.zeros(RATE // 2), struck]).astype(np.float32)


def heard(sound: np.ndarray, places: list[int], tasks: tuple[str, ...]) -> list[LiveEvent]:
    """All events of a sound that is cut at these places."""
    stream, found = onpu.Stream(tasks, RATE), []
    edges = sorted({0, len(sound), *(place % len(sound) for place in places)})
    for start, end in pairwise(edges):
        found += stream.push(sound[start:end])
    return found + stream.close()


@cache
def beats() -> list[LiveEvent]:
    music = drumming()
    return heard(np.concatenate([music, np.zeros(3 * RATE, np.float32)]), list(range(0, 12 * RATE, 441)), ("beats",))


@settings(max_examples=2)
@given(places=st.lists(st.integers(0, 10**6), max_size=60))
def test_events_do_not_depend_on_how_the_sound_was_cut(places):
    tasks, sound = ("beats", "onsets", "tuner"), drumming()[: 4 * RATE]
    assert heard(sound, places, tasks) == heard(sound, [], tasks)


@pytest.mark.parametrize("task", ["chords", "notes"])
def test_nor_do_chords_and_notes(task):
    whole = heard(chord(), [], (task,))
    assert whole and heard(chord(), [1, 7000, 7001, 30000, 44000], (task,)) == whole


def test_beats_are_told_ahead_once_and_in_order():
    times = np.array([event.time for event in beats()])
    assert all(isinstance(event, BeatEvent) and event.expected for event in beats())
    assert max(event.time - event.heard for event in beats()) < 0.13
    assert np.diff(times).min() > 0.25
    assert np.diff([event.heard for event in beats()]).min() > 0


def test_beats_lie_on_the_drums():
    times = np.array([event.time for event in beats()])
    late = times[(times > 4) & (times < 8.9)]
    np.testing.assert_allclose(late, 0.5 * np.rint(late / 0.5), atol=0.05)
    assert set(np.rint(late / 0.5)) == set(range(9, 18))
    assert {round(event.bpm / 10) for event in beats() if 4 < event.time < 8.9} == {12}


def test_no_beats_are_told_in_silence():
    assert max(event.time for event in beats()) < 9 + 1.2
    assert heard(np.zeros(4 * RATE, np.float32), [5000], ("beats", "onsets", "tuner")) == []


def test_onsets_are_the_attacks_soon_after_they_sound():
    found = heard(drumming()[: 4 * RATE], [300], ("onsets",))
    assert all(isinstance(event, OnsetEvent) for event in found)
    times = np.array([event.time for event in found])
    beat = np.arange(1, 8) * 0.5
    assert (np.abs(times[:, None] - beat).min(axis=0) < 0.025).all()
    assert max(event.heard - event.time for event in found) < 0.13


def test_a_tone_is_tuned():
    frequency = 440 * 2 ** (20 / 1200)
    tone = 0.2 * np.sin(2 * np.pi * frequency * np.arange(RATE) / RATE)
    found = heard(np.concatenate([tone, np.zeros(RATE // 2)]).astype(np.float32), [99], ("tuner",))
    middle = [event for event in found if 0.2 < event.time < 0.8]
    assert len(middle) > 8 and all(isinstance(event, PitchEvent) and event.pitch == 69 for event in middle)
    assert all(abs(event.cents - 20) < 2 for event in middle)
    assert found[-1].pitch == 0


def test_a_chord_is_named_and_its_notes_begin_and_end():
    chords = heard(chord(), [], ("chords",))
    assert any(isinstance(event, ChordEvent) and event.label.startswith("C:maj") for event in chords)
    notes = heard(chord(), [], ("notes",))
    begun = [event.pitch for event in notes if isinstance(event, NoteOn)]
    assert {48, 60, 64, 67} <= set(begun)
    assert sorted(begun) == sorted(event.pitch for event in notes if isinstance(event, NoteOff))


def test_mistakes_are_told_in_a_line():
    with pytest.raises(OnpuError, match=r"beat: cannot be followed live; .*beats"):
        onpu.Stream(("beat",))
    with pytest.raises(AudioError, match="44 Hz is outside"):
        onpu.Stream(("tuner",), 44)
    stream = onpu.Stream(("tuner",), RATE)
    stream.close()
    with pytest.raises(AudioError, match="closed"):
        stream.push(np.zeros(3, np.float32))
    assert stream.close() == []
