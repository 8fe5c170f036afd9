"""The notes task: what its front end hears, what labels become, and what is decoded of them."""

import numpy as np
import pytest
import torch

from onpu.decode.tasks.notes import NoteOptions, decode
from onpu.listen import notes as notes_task
from onpu.listen.notes import LISTENER, augment, evaluate, pitch_spectrum, target, without_unisons
from onpu.music import Notes, Pedal, Timeline
from onpu.music.instruments import FAMILIES, family_of

FRONT = pitch_spectrum()
CLOCK = FRONT.clock
SMALL = LISTENER.recipes["small"]


def notes(*rows):
    """Rows of onset, offset, pitch, velocity, program, in any order."""
    table = np.array(sorted(rows), dtype=np.float64).reshape(-1, 5)
    return Notes(table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4].astype(int), np.ones(len(table)))


def again(timeline):
    """Labels through target and decoder."""
    frames = CLOCK.count(round(timeline.duration * CLOCK.rate))
    return Timeline(timeline.duration, **decode(target(timeline, CLOCK, frames), CLOCK, NoteOptions())).validate()


@pytest.mark.parametrize("pitch", [21, 33, 48, 60, 69, 84, 96, 108])
def test_every_key_has_its_bin(pitch):
    t = torch.arange(22050, dtype=torch.float64) / 22050
    tone = (0.3 * torch.sin(2 * torch.pi * 440 * 2 ** ((pitch - 69) / 12) * t)).float()
    spectrum = FRONT(tone[None])[0, 0, :, 21]
    assert abs(int(spectrum.argmax()) - (3 * (pitch - 21) + 1)) <= (3 if pitch < 30 else 0)


def test_low_notes_answer_as_fast_as_the_variable_q_transform_promises():
    t = torch.arange(2 * 22050, dtype=torch.float64) / 22050
    tone = (0.3 * torch.sin(2 * torch.pi * 55 * t) * (t > 1)).float()
    row = FRONT(tone[None])[0, 0, 3 * 12 + 1]
    level = 10**row - 1
    rise = np.flatnonzero(level > 0.9 * level[-20])[0] - np.flatnonzero(level > 0.1 * level[-20])[0]
    assert rise / CLOCK.fps < 0.2  # constant Q would take half a second


def test_notes_come_out_where_they_went_in():
    rng = np.random.default_rng(0)
    rows = []
    for pitch in rng.permutation(np.arange(21, 109))[:40]:
        onset = rng.uniform(0, 8)
        rows.append((onset, onset + rng.uniform(0.1, 1.5), pitch, rng.integers(1, 128), 0))
    line = Timeline(10.0, notes=notes(*rows), pedal=Pedal(np.zeros(0), np.zeros(0), np.zeros(0)))
    found, truth = again(line).notes, line.notes
    assert np.array_equal(found.pitches, truth.pitches) and np.array_equal(found.velocities, truth.velocities)
    assert np.abs(CLOCK.frames(found.onsets - truth.onsets)).max() < 0.25
    assert np.abs(CLOCK.frames(found.offsets - truth.offsets)).max() < 1


def test_a_note_struck_again_is_two_notes():
    line = Timeline(3.0, notes=notes((0.5, 1.0, 60, 80, 0), (1.0, 2.0, 60, 40, 0)))
    found = again(line).notes
    np.testing.assert_allclose(found.onsets, [0.5, 1.0], atol=0.01)
    np.testing.assert_allclose(found.offsets, [1.0, 2.0], atol=0.02)


def test_a_long_note_outlasts_a_short_one_of_its_pitch():
    line = Timeline(4.0, notes=notes((0.5, 3.0, 60, 80, 0), (1.0, 1.2, 60, 60, 40)))
    assert again(line).notes.offsets.max() == pytest.approx(3.0, abs=0.03)


def test_notes_beyond_the_keyboard_are_left_out():
    line = Timeline(2.0, notes=notes((0.1, 1.0, 20, 80, 0), (0.1, 1.0, 109, 80, 0), (0.2, 1.0, 108, 80, 0)))
    assert again(line).notes.pitches.tolist() == [108]


def test_the_pedal_comes_out_as_it_went_in():
    pedal = Pedal(np.array([0.5, 2.0]), np.array([1.5, 3.0]), np.ones(2))
    found = again(Timeline(4.0, notes=notes((0.5, 1.0, 60, 80, 0)), pedal=pedal)).pedal
    np.testing.assert_allclose(found.starts, pedal.starts, atol=0.6 / CLOCK.fps)
    np.testing.assert_allclose(found.ends, pedal.ends, atol=0.6 / CLOCK.fps)


def test_a_unison_counts_once_and_its_longest_note_stays():
    both = notes((0.50, 1.0, 60, 80, 0), (0.52, 2.0, 60, 80, 40), (0.50, 1.0, 64, 80, 0), (0.9, 1.0, 60, 80, 0))
    kept = without_unisons(both)
    assert sorted(zip(kept.onsets, kept.offsets, kept.pitches, strict=True)) == [
        (0.5, 1.0, 64.0), (0.52, 2.0, 60.0), (0.9, 1.0, 60.0)]
    assert evaluate(Timeline(3.0, notes=both), Timeline(3.0, notes=kept))["Note F-measure"] == 1


def test_instruments_keep_their_identity():
    """Forty notes of a flute and forty of a bass; one note whose frames say otherwise goes to one of the two."""
    rows = [(0.2 * n, 0.2 * n + 0.15, 72 + n % 5, 80, 73) for n in range(40)]
    rows += [(0.2 * n, 0.2 * n + 0.15, 36 + n % 5, 80, 33) for n in range(40)]
    found = again(Timeline(10.0, notes=notes(*rows, (8.5, 8.6, 60, 80, 105)))).notes
    high, low, odd = found.pitches > 65, found.pitches < 45, found.pitches == 60
    assert set(found.programs[high]) == {73} and set(found.programs[low]) == {33}
    assert set(found.programs[odd]) <= {73, 33} and odd.sum() == 1


def test_every_program_has_a_family_and_every_family_speaks_for_itself():
    assert set(family_of(np.arange(128))) == set(range(len(FAMILIES)))
    assert family_of(np.array(list(FAMILIES.values()))).tolist() == list(range(len(FAMILIES)))


@pytest.mark.parametrize("struck", [1, 2])
def test_transposed_spectra_fit_their_labels(monkeypatch, struck):
    """Once, and doubled: then the loudest of all is one of the two pitches, each of them in some of the examples."""
    monkeypatch.setattr(notes_task, "DOUBLING_CHANCE", struck - 1)
    t = torch.arange(2 * 22050, dtype=torch.float64) / 22050
    tone = (0.3 * torch.sin(2 * torch.pi * 440 * t)).float()
    spectrum = FRONT(tone[None])[0].numpy()
    line = Timeline(2.0, notes=notes((0.0, 2.0, 69, 80, 0)))
    moves, loudest = set(), set()
    for seed in range(24):
        varied, labels = augment(spectrum, line, np.random.default_rng(seed), SMALL)
        pitches = labels.notes.pitches.astype(int)
        assert len(pitches) == struck
        moves.add(int(pitches[0]))
        away = np.abs(varied[0, :, 43].argmax() - (3 * (pitches - 21) + 1))
        assert away.min() <= 1
        loudest.add(int(away.argmin()))
    assert len(moves) > 4 and loudest == set(range(struck))


def test_thresholds_trade_precision_for_recall():
    activations = target(Timeline(2.0, notes=notes((0.5, 1.0, 60, 80, 0))), CLOCK, 87)
    activations["onset"] = 0.5 * activations["onset"] / activations["onset"].max()
    assert len(decode(activations, CLOCK, NoteOptions(note_onset_threshold=0.4))["notes"].onsets) == 1
    assert len(decode(activations, CLOCK, NoteOptions(note_onset_threshold=0.6))["notes"].onsets) == 0


def sounding_on(struck, family):
    """A pitch that sounds from 0.5 s on, and at 1.0 s an onset of this activation."""
    activations = target(Timeline(3.0, notes=notes((0.5, 2.0, 60, 80, 0))), CLOCK, 130)
    activations["onset"][60 - 21, round(CLOCK.frames(1.0))] = struck
    return activations if family else {name: head for name, head in activations.items() if name != "family"}


@pytest.mark.parametrize(("struck", "family", "expected"), [(0.4, False, 1), (0.5, False, 2), (0.4, True, 2)])
def test_a_key_that_still_sounds_is_struck_again_only_where_this_is_sure(struck, family, expected):
    assert len(decode(sounding_on(struck, family), CLOCK, NoteOptions())["notes"]) == expected


def test_a_piano_that_is_silent_needs_no_sure_onset():
    activations = sounding_on(0.4, False)
    activations["frame"][60 - 21, : round(CLOCK.frames(1.0))] = 0
    activations["onset"][60 - 21, : round(CLOCK.frames(0.9))] = 0
    np.testing.assert_allclose(decode(activations, CLOCK, NoteOptions())["notes"].onsets, [1.0], atol=0.015)


@pytest.mark.parametrize(("family", "end"), [(False, 1.0), (True, 2.0)])
def test_a_piano_s_note_ends_sooner_as_it_fades(family, end):
    activations = sounding_on(0.0, family)
    activations["offset"][:] = 0
    activations["frame"][60 - 21, round(CLOCK.frames(1.0)) : round(CLOCK.frames(2.0))] = 0.5
    assert decode(activations, CLOCK, NoteOptions())["notes"].offsets[0] == pytest.approx(end, abs=0.03)


def test_a_note_of_the_first_sample_begins_at_nought():
    found = again(Timeline(2.0, notes=notes((0.0, 1.0, 60, 80, 0), (0.0, 1.0, 64, 80, 0)))).notes
    np.testing.assert_allclose(found.onsets, 0.0, atol=0.01)
    assert len(found) == 2
