"""Repeats of what was heard: stretches are compared as wholes, since no two playings are heard alike."""

from dataclasses import replace

import numpy as np
import pytest
from timelines import song

from onpu.music.folding import Fold, folds
from onpu.music.lead import lead
from onpu.music.likeness import likeness

CHORDS = ("C:maj", "F:maj", "G:maj", "A:min", "D:min", "G:maj", "E:min", "A:min")


def verse(seed):
    """Eight bars of a tune in C, four notes a bar: beat, length, pitch."""
    rng = np.random.default_rng(seed)
    scale = np.array([60, 62, 64, 65, 67, 69, 71, 72])
    return [(float(beat), 1.0, int(scale[step])) for beat, step in enumerate(rng.integers(0, 8, 32))]


def misheard(notes, share, seed):
    """The same with some notes missing, and as many a third too high."""
    rng = np.random.default_rng(seed)
    kept = [(at, length, pitch + 4 * int(rng.random() < share / 2)) for at, length, pitch in notes]
    return [note for note in kept if rng.random() > share / 2]


def sheet(*verses, heard=True):
    notes = [(at + 32 * number, length, pitch) for number, each in enumerate(verses) for at, length, pitch in each]
    timeline = song(notes, count=8 * len(verses), chords=CHORDS)
    return replace(lead(timeline), heard=heard)


@pytest.mark.parametrize("seed", range(4))
def test_a_verse_that_is_heard_a_little_otherwise_is_written_once(seed):
    first, again = misheard(verse(seed), 0.1, seed), misheard(verse(seed), 0.1, seed + 50)
    assert folds(sheet(first, again), {}) == [Fold(0, 8, 2)]
    known = sheet(verse(seed), misheard(verse(seed), 0.5, seed), heard=False)
    assert folds(known, {}) == []  # what is known differs


@pytest.mark.parametrize("seed", range(4))
def test_another_tune_over_the_same_chords_is_none(seed):
    assert folds(sheet(verse(seed), verse(seed + 9)), {}) == []


def test_a_verse_that_is_sung_three_times_and_names_of_sections():
    three = sheet(*(misheard(verse(1), 0.08, seed) for seed in (3, 4, 5)))
    assert folds(three, {}) == [Fold(0, 8, 3)]
    assert folds(three, {0: "verse", 8: "verse", 16: "chorus"}) == [Fold(0, 8, 2)]


def test_another_last_bar_is_an_ending():
    other = [(at, length, pitch if at < 28 else 61) for at, length, pitch in verse(2)]
    assert folds(sheet(verse(2), other), {}) == [Fold(0, 8, 2, 1)]


def test_bars_of_another_metre_are_never_alike():
    found = sheet(verse(0), verse(0))
    waltz = replace(found, bars=replace(found.bars, numerators=np.where(np.arange(16) < 8, 4, 3)))
    assert likeness(found, 8).fits[8, :8].all() and not likeness(waltz, 8).fits[8, :8].any()
