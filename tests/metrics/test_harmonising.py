"""Chords that were found beside those that were written."""

from dataclasses import replace

import numpy as np
import pytest

from onpu.metrics.harmonising import evaluate
from onpu.music.phrase import NONE, Phrase, chord_number


def phrase(*labels):
    pitches = np.full(8 * len(labels), 64)
    return Phrase(pitches, np.arange(len(pitches)) % 4 == 0, np.array([chord_number(label) for label in labels]), 4,
                  "C:major")


def test_what_agrees_is_perfect_and_what_is_right_in_part_counts_where_it_does():
    truth = [phrase("C", "G:7", "A:min", "N")]
    assert [evaluate(truth, truth)[name] for name in ("Root", "Majmin", "Exact")] == [1, 1, 1]
    found = evaluate(truth, [phrase("C:min", "G", "F", "C")])
    assert (found["Root"], found["Majmin"], found["Exact"]) == (0.5, 0.25, 0.0)


def test_chord_tones_and_changes():
    scores = evaluate([phrase("C", "C", "C", "C")], [phrase("C", "D", "E:min", "N")])
    assert scores["Chord tones"] == pytest.approx(2 / 3) and scores["Changes"] == 1.0
    silent = replace(phrase("N", "N"), pitches=np.zeros(16, int), attacks=np.zeros(16, bool))
    assert evaluate([silent], [silent])["Chord tones"] == 0 and silent.chords[0] == NONE


def test_phrases_are_taken_together_and_none_have_no_measures():
    both = evaluate([phrase("C", "C"), phrase("G", "G", "G", "G")], [phrase("C", "C"), phrase("D", "D", "D", "D")])
    assert both["Root"] == pytest.approx(1 / 3) and evaluate([], []) == {}
