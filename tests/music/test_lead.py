"""The tune on the staff: what is sung comes back in its bar, on its beat, at its pitch; repeats, words, upbeats."""

from dataclasses import replace

import numpy as np
import pytest
from timelines import BEAT, FIRST, song

from onpu.music import Beats, Timeline
from onpu.music.bars import bars, preceded
from onpu.music.folding import Fold, folds, played_bars, written_bars
from onpu.music.lead import lead
from onpu.music.quantise import TICKS
from onpu.music.syllables import hyphenated, syllables, verses
from onpu.music.tune import tune


def written(found):
    return [(start / TICKS, (end - start) / TICKS, int(pitch)) for start, end, pitch
            in zip(found.line.starts, found.line.ends, found.line.pitches, strict=True)]


TUNE = [(0, 1, 67), (1, 0.5, 69), (1.5, 0.5, 67), (2, 2, 64), (4, 1, 65), (5, 1, 64), (6, 1, 62), (8, 1, 64),
        (9, 1, 64), (10, 1.5, 64), (11.5, 0.5, 65), (12, 3, 67)]


@pytest.mark.parametrize("jitter", [0.0, 0.04])
def test_what_is_sung_is_written(jitter):
    assert written(lead(song(TUNE, jitter=jitter))) == TUNE


def test_notes_that_are_struck_again_are_parted_and_others_not():
    """Without transcribed notes a repeated note is known by its pause alone."""
    line = [(0, 1, 67), (1, 1, 67), (2, 2, 67), (4, 1, 65), (5, 1, 65), (6, 1, 65), (7, 1, 65), (8, 4, 64)]
    assert written(lead(song(line))) == line
    joined = song(line)
    hertz = joined.melody.frequencies.copy()
    hertz[int(FIRST * 100) + 1 : int((FIRST + 4 * BEAT) * 100) - 3] = 440 * 2 ** (-2 / 12)
    again = replace(joined, melody=replace(joined.melody, frequencies=hertz))
    assert written(lead(again)) == line


def test_the_octave_is_one_that_is_read():
    low = [(at, length, pitch - 24) for at, length, pitch in TUNE]
    assert written(lead(song(low))) == TUNE
    stray = [(at, length, pitch - 12 * (at == 5)) for at, length, pitch in TUNE]
    assert written(lead(song(stray))) == TUNE


def test_breaths_are_rests_and_short_pauses_are_not():
    sung = [(at, 0.6, pitch) for at, _, pitch in TUNE]
    found = written(lead(song(sung)))
    assert [row[0] for row in found] == [row[0] for row in TUNE]
    assert found[0][1] == 1 and found[3][1] == 0.5  # half a beat is filled; the rest of the bar stays a rest


def test_an_upbeat_begins_before_bar_1():
    found = lead(song([(-1, 1, 60), *TUNE]))
    assert found.bars.numbers[0] == 0 and found.bars.beats[0] == 1 and written(found)[0] == (0, 1, 60)
    assert found.bars.grid[0] == pytest.approx(FIRST - BEAT)


def test_bars_reach_back_as_far_as_they_must():
    found = bars(song(TUNE))
    assert preceded(found, FIRST + 0.1) is found
    longer = preceded(found, FIRST - 4.9 * BEAT)
    assert longer.beats[:3].tolist() == [1, 4, 4] and longer.numbers[:3].tolist() == [0, 1, 2]
    assert longer.grid[0] == pytest.approx(FIRST - 5 * BEAT) and longer.firsts[-1] == len(longer.grid) - 1
    again = preceded(longer, FIRST - 9 * BEAT)
    assert again.beats[:3].tolist() == [1, 4, 4] and len(again.numbers) == len(longer.numbers) + 1


def test_compound_metres_are_written_in_thirds():
    jig = [(beat + third / 3, 1 / 3, (60, 64, 62, 65)[(beat + third) % 4]) for beat in range(12) for third in range(3)]
    found = lead(song(jig, in_bar=2, metre=(6, 8)))
    assert (found.line.starts % (TICKS // 3) == 0).all() and len(found.line) == len(jig) and not found.swing


def test_what_is_not_sung_is_left_out():
    timeline = song(TUNE, words=[(0, 3.9, "")])
    assert len(lead(timeline).line) == 0  # four notes are no tune
    assert len(tune(timeline, bars(timeline), ["C:major"] * 8)) == 4


def test_single_notes_that_were_heard_here_and_there_are_no_tune():
    """A singer's listener takes some notes of a guitar for singing; what is known is written, however short."""
    def known(timeline):
        return replace(timeline, melody=replace(timeline.melody, confidence=np.ones(len(timeline.melody.confidence))))

    scattered = song([(4 * bar, 0.4, 60 + bar % 5) for bar in range(8)])
    assert not len(lead(scattered).line) and len(lead(known(scattered)).line) == 8
    assert len(lead(song([(4 * bar, 3, 60 + bar % 5) for bar in range(8)])).line) == 8


def test_nothing_without_a_melody_or_beats():
    silent = replace(song(TUNE), melody=None)
    assert len(lead(silent).line) == 0 and lead(silent).symbols
    assert len(lead(Timeline(3.0, Beats.of(np.zeros(0), np.zeros(0)))).bars.numbers) == 0


FOUR = [(bar * 4 + beat, 1, 60 + (3 * bar + beat) % 8) for bar in range(4) for beat in range(4)]


def test_a_verse_that_comes_again_is_written_once():
    later = [(at + 16, length, pitch) for at, length, pitch in FOUR]
    found = lead(song(FOUR + later, chords=("C:maj", "F:maj", "G:maj", "A:min")))
    assert folds(found, {}) == [Fold(0, 4, 2)]
    assert written_bars(folds(found, {}), 8) == [0, 1, 2, 3] and played_bars(folds(found, {}), 8) == [0, 1, 2, 3] * 2
    assert folds(found, {4: "bridge"}) == []
    other = [(at, length, pitch if at < 30 else pitch + 3) for at, length, pitch in later]
    ended = folds(lead(song(FOUR + other, chords=("C:maj", "F:maj", "G:maj", "A:min"))), {})
    assert ended == [Fold(0, 4, 2, 1)]
    strange = [(at, length, pitch + 2) for at, length, pitch in later]
    assert folds(lead(song(FOUR + strange, chords=("C:maj", "F:maj", "G:maj", "A:min"))), {}) == []


def test_endings_are_written_where_the_last_bars_differ():
    eight = [(at + 16 * half, length, pitch + half) for half in range(2) for at, length, pitch in FOUR]
    later = [(at + 32, length, pitch if at < 28 else pitch - 4) for at, length, pitch in eight]
    found = folds(lead(song(eight + later, count=16)), {})
    assert found == [Fold(0, 8, 2, 1)]
    assert found[0].ending(7).numbers == "1" and found[0].ending(15).numbers == "2" and found[0].ending(6) is None
    assert written_bars(found, 16) == [*range(8), 15] and found[0].back == 7


def test_loops_are_counted():
    loop = replace(song(TUNE, count=16, chords=("C:maj", "F:maj", "G:maj", "A:min")), melody=None)
    assert folds(lead(loop), {}) == [Fold(0, 4, 4)]


def test_words_stand_under_their_notes():
    words = [(0, 1, "mo-"), (1, 1.5, "ment"), (2, 4, "we"), (4, 8, "broke in two again"), (8, 16, "")]
    found = lead(song(TUNE, words=words))
    said = syllables(song(TUNE, words=words).voice, found)
    assert [(row, one.text, one.place) for row, one in said.items()] == [
        (0, "mo", "begin"), (1, "ment", "end"), (3, "we", "single"), (4, "broke in", "single"), (5, "two", "single"),
        (6, "again", "single")]
    assert max(said) < 7


def test_a_second_verse_stands_under_the_first():
    later = [(at + 16, length, pitch) for at, length, pitch in FOUR]
    words = [(at, at + 0.9, f"w{at}") for at, _, _ in FOUR + later]
    timeline = song(FOUR + later, chords=("C:maj", "F:maj", "G:maj", "A:min"), words=words)
    found = lead(timeline)
    both = verses(syllables(timeline.voice, found), found, folds(found, {}))
    assert len(both) == 2 and both[0][3].text == "w3" and both[1][3].text == "w19" and len(both[1]) == 16


@pytest.mark.parametrize(("word", "parts"), [
    ("moment", ["mo", "ment"]), ("time", ["time"]), ("again", ["a", "gain"]), ("summer", ["sum", "mer"]),
    ("don't", ["don't"]), ("hmm", ["hmm"]), ("little", ["lit", "tle"]), ("Kyrie", ["Ky", "rie"])])
def test_words_in_syllables(word, parts):
    assert hyphenated(word) == parts
