"""Which passages corrections make known."""

import numpy as np
import pytest

from onpu.analysis.corrected_passages import corrected_passages, seconds_of
from onpu.errors import CorrectionError

MINUTE = 60.0


def spans(corrections, confirmed=()):
    return {task: found.tolist() for task, found in corrected_passages(corrections, MINUTE, confirmed).items()}


def test_what_stands_around_a_correction_is_known():
    beats = [{"kind": "beat", "time": 5.0}, {"kind": "downbeat", "time": 20.0}, {"kind": "beat", "time": 55.0}]
    assert spans(beats) == {"beats": [[0.0, 30.0], [45.0, 60.0]]}
    assert spans([{"kind": "chord", "start": 10.0, "end": 12.0, "label": "C"}]) == {"chords": [[6.0, 16.0]]}
    assert spans([{"kind": "no_note", "start": 3.0, "pitch": 60}]) == {"notes": [[2.0, 4.0]]}
    assert spans([{"kind": "lyric", "start": 1.0, "end": 4.0, "label": "la"}, {"kind": "no_lyric", "start": 4.0,
                  "end": 9.0}, {"kind": "melody", "start": 20.0, "end": 21.0, "pitch": None}]) == {
        "voice": [[1.0, 9.0]], "melody": [[19.5, 21.5]]}
    assert spans([{"kind": "metre_here", "start": 20.0, "end": 60.0, "numerator": 3, "denominator": 4}]) == {
        "beats": [[10.0, 60.0]]}
    assert spans([{"kind": "key", "start": 1.0, "end": 9.0, "label": "C major"}]) == {"key": [[1.0, 9.0]]}


@pytest.mark.parametrize("correction", [{"kind": "tempo_octave", "factor": 2}, {"kind": "shift_bars", "beats": 1},
                                        {"kind": "metre", "numerator": 3, "denominator": 4}])
def test_some_corrections_are_about_the_whole(correction):
    assert spans([correction]) == {"beats": [[0.0, MINUTE]]}


def test_what_is_confirmed_is_known_from_beginning_to_end():
    found = corrected_passages([{"kind": "chord", "start": 1.0, "end": 2.0, "label": "C"}], MINUTE, ["chords", "drums"])
    assert seconds_of(found) == {"chords": 60.0, "drums": 60.0}
    np.testing.assert_array_equal(found["chords"], [[0.0, 60.0]])


def test_nothing_is_known_where_nothing_is_said():
    assert spans([]) == {}
    with pytest.raises(CorrectionError, match="cannot be confirmed; did you mean chords"):
        spans([], ["chord"])
