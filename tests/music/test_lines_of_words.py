"""Words at their times: put in, taken out, and told line by line."""

import numpy as np

from onpu.music import Voice
from onpu.music.lyrics import has_words, line_text, lines, with_words, without_words


def voice(*rows):
    starts, ends, labels = zip(*rows, strict=True)
    return Voice(np.array(starts), np.array(ends), np.array(labels, np.str_), np.full(len(rows), 0.7))


def rows(found):
    return [(round(float(start), 3), round(float(end), 3), str(label))
            for start, end, label in zip(found.starts, found.ends, found.labels, strict=True)]


SONG = voice((1.0, 2.0, "Where"), (2.0, 3.0, "did"), (5.0, 9.0, "Nowhere at all"))


def test_words_are_put_in_and_what_reaches_into_them_is_cut():
    found = with_words(SONG, 1.5, 2.5, "when").validate()
    assert rows(found) == [(1.0, 1.5, "Where"), (1.5, 2.5, "when"), (2.5, 3.0, "did"), (5.0, 9.0, "Nowhere at all")]
    assert found.confidence.tolist() == [0.7, 1.0, 0.7, 0.7]


def test_no_words_are_there_twice_where_a_passage_is_cut_in_two():
    assert rows(with_words(SONG, 6.0, 7.0, "here"))[2:] == [(6.0, 7.0, "here"), (7.0, 9.0, "Nowhere at all")]
    assert rows(without_words(SONG, 7.0, 7.5))[2:] == [(5.0, 7.0, "Nowhere at all")]


def test_what_is_covered_goes_and_slivers_with_it():
    assert rows(without_words(SONG, 1.02, 4.0)) == [(5.0, 9.0, "Nowhere at all")]
    assert rows(with_words(Voice.empty(), 0.0, 1.0, "la")) == [(0.0, 1.0, "la")]


def test_lines_of_words():
    words = [(0.0, 1.0, "One"), (1.1, 2.0, "mo-"), (2.0, 2.5, "ment"), (3.5, 4.0, "and"), (4.0, 5.0, ""),
             (5.0, 6.0, "then"), (6.0, 7.0, "a whole line"), (7.0, 8.0, "end")]
    assert lines(voice(*words)) == [0, 3, 5, 6, 7]
    assert line_text([label for _, _, label in words[:3]]) == "One moment"


def test_a_long_line_ends_with_a_short_breath():
    spread = [(i + 0.3 * (i >= 9), i + 1.0, "la") for i in range(12)]
    assert lines(voice(*spread)) == [0, 9] and lines(voice(*spread[5:])) == [0]


def test_a_voice_without_words_has_no_lines():
    silent = voice((0.0, 1.0, ""), (2.0, 3.0, " "))
    assert lines(silent) == [] and not has_words(silent) and not has_words(None) and has_words(SONG)
