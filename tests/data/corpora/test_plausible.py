"""Songs are kept when chords, notes and keys bear each other out, and left out when they do not."""

import numpy as np
import pytest

from onpu.data.corpora.plausible import chords_are_played, keys_fit
from onpu.engine.compose.chord import Chord, Tonality
from onpu.engine.compose.sketch import Span

C, A_MINOR = Tonality(0, "major"), Tonality(9, "minor")
POP = ((0, "maj"), (7, "maj"), (9, "min"), (5, "maj"))


def spans(chords, length=4.0):
    return [Span(length * n, length * (n + 1), Chord(root, quality)) for n, (root, quality) in enumerate(chords)]


def notes(chords, length=4.0, shift=0):
    """Each chord's tones, held: (n, 3) start, length, pitch."""
    return np.array([(span.start, length, 60 + tone + shift) for span in spans(chords, length)
                     for tone in span.chord.classes])


@pytest.mark.parametrize("semitones", range(12))
def test_a_key_fits_the_chords_of_its_scale_wherever_they_lie(semitones):
    moved = [((root + semitones) % 12, quality) for root, quality in (*POP, (0, "maj"))]
    fitting = [key for key in range(12) if keys_fit(spans(moved), [(0.0, Tonality(key, "major"))])]
    assert semitones in fitting and len(fitting) <= 3
    assert (semitones + 6) % 12 not in fitting


def test_minor_has_its_leading_note():
    assert keys_fit(spans([(9, "min"), (2, "min"), (4, "maj"), (9, "min")]), [(0.0, A_MINOR)])


def test_the_relative_of_the_key_that_is_meant_does_not_fit():
    in_minor = [(9, "min"), (2, "min"), (9, "min"), (0, "maj"), (9, "min")]
    assert keys_fit(spans(in_minor), [(0.0, A_MINOR)])
    assert not keys_fit(spans(in_minor), [(0.0, C)])
    assert not keys_fit(spans([(0, "maj"), (5, "maj"), (0, "maj"), (9, "min"), (0, "maj")]), [(0.0, A_MINOR)])


def test_keys_change_where_they_say():
    both = spans([*POP, *((root + 2, quality) for root, quality in POP)])
    assert keys_fit(both, [(0.0, C), (16.0, Tonality(2, "major"))])
    assert not keys_fit(both, [(0.0, C), (16.0, Tonality(8, "major"))])


def test_chords_are_played_when_their_tones_are():
    assert chords_are_played(spans(POP), notes(POP))
    assert not chords_are_played(spans(POP), notes(POP, shift=1)), "other tones"
    roots = notes(POP)[::3]
    assert not chords_are_played(spans(POP), roots), "roots alone leave two thirds of the tones out"
    passing = np.array([(0.5 + n, 0.25, 74) for n in range(16)])
    assert chords_are_played(spans(POP), np.concatenate([notes(POP), passing])), "passing notes are music"
