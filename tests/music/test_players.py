"""Who plays what: lines stay with one player, what is sung is the voice's, what is known stays."""

from dataclasses import replace

import numpy as np

from onpu.formats.general_midi import PROGRAMS
from onpu.music import Beats, Instruments, Melody, Notes, Timeline, Voice
from onpu.music.bars import bars
from onpu.music.lines import with_lines
from onpu.music.players import players, with_voice

PIANO, GUITAR, BASS = 0, 25, 33


def line(pitches, programs, start=0.0, confidence=0.7):
    onsets = start + 0.5 * np.arange(len(pitches))
    return Notes(onsets, onsets + 0.5, np.array(pitches, float), np.full(len(pitches), 80), np.array(programs),
                 np.full(len(pitches), confidence))


def band(confidence=0.7):
    """A guitar line in which every fifth note sounded like a piano, over a piano's chords and a bass."""
    tune = line([76 + i % 3 for i in range(40)], [PIANO if i % 5 == 2 else GUITAR for i in range(40)])
    chords = line([52 + i % 2 for i in range(40)], [PIANO] * 40)
    low = line([36 + i % 4 for i in range(40)], [BASS] * 40)
    both = Notes.concatenate([tune, chords, low])
    both = both.select(np.argsort(both.onsets, kind="stable"))
    return replace(both, confidence=np.full(len(both), confidence))


def test_a_line_stays_with_one_player():
    notes = band()
    programs = with_lines(notes)
    assert set(programs[notes.pitches >= 70].tolist()) == {GUITAR}
    assert set(programs[(notes.pitches > 45) & (notes.pitches < 70)].tolist()) == {PIANO}
    assert set(programs[notes.pitches < 45].tolist()) == {BASS}


def test_a_family_with_a_handful_of_notes_gives_them_up_and_no_bass_plays_high():
    notes = band()
    stray = line([60, 80], [68, BASS], start=21.0)
    programs = with_lines(Notes.concatenate([notes, stray]))
    assert set(programs.tolist()) == {PIANO, GUITAR, BASS}
    assert programs[-1] != BASS


def test_known_instruments_stay_as_they_are_and_have_their_own_names():
    notes = band(confidence=1.0)
    found = players(notes, PROGRAMS)
    assert [(each.name, each.program) for each in found] == [(PROGRAMS[p], p) for p in (PIANO, GUITAR, BASS)]
    assert all((notes.programs[each.rows] == each.program).all() for each in found)


def test_heard_families_are_called_by_no_more_than_they_are_and_everybody_plays_something():
    notes = band()
    found = players(notes, PROGRAMS)
    assert [each.name for each in found] == ["Piano", "Guitar", "Bass"]
    assert sorted(np.concatenate([each.rows for each in found]).tolist()) == list(range(len(notes)))


def test_what_is_sung_is_the_voices_and_only_while_somebody_sings():
    notes = band()
    times = np.arange(0, 20, 0.01)
    row = np.minimum((times / 0.5).astype(int), 39)
    pitch = 76.0 + row % 3
    melody = Melody(times, 440 * 2 ** ((pitch - 69) / 12), np.ones(len(times)))
    voice = Voice(np.array([0.0]), np.array([10.0]), np.array([""]), np.ones(1))
    beats = Beats.of(np.arange(40) * 0.5, np.arange(40) % 4 + 1)
    timeline = Timeline(30.0, beats, notes=notes, melody=melody, voice=voice)
    found = bars(timeline)
    heard = with_voice(notes, timeline, found, [""] * len(found.numbers))
    first, *others = players(heard, PROGRAMS)
    assert first.name == "Voice" and first.sung
    sung = heard.select(first.rows)
    np.testing.assert_allclose(sung.onsets, 0.5 * np.arange(20), atol=0.03)
    assert sung.pitches.tolist() == [76 + i % 3 for i in range(20)]
    rest = heard.select(np.concatenate([each.rows for each in others]))
    assert len(rest) == len(notes) - 20 and (rest.pitches[rest.onsets < 10] < 76).all()
    silent = Timeline(30.0, beats, notes=notes, melody=melody, voice=Voice.empty())
    assert with_voice(notes, silent, found, [""] * len(found.numbers)).programs.tolist() == notes.programs.tolist()


def test_who_is_heard_second_by_second_has_a_vote_and_who_is_silent_has_none():
    notes = line([60 + i % 3 for i in range(40)], [PIANO if i % 2 else GUITAR for i in range(40)])
    strums = Instruments(np.array([0.0]), np.array([30.0]), np.array(["guitar"]), np.ones(1))
    assert (with_lines(notes, strums) == GUITAR).all()
    assert (with_lines(notes, silent=(GUITAR,)) == PIANO).all()


def turns(*rows):
    """Players in turn, each (program, seconds), in eighths; what two play at once begins with the same second."""
    parts = [line([60 + 12 * (program == PIANO) + i % 3 for i in range(round(2 * (end - start)))],
                  [program] * round(2 * (end - start)), start) for program, start, end in rows]
    both = Notes.concatenate(parts)
    return both.select(np.argsort(both.onsets, kind="stable"))


def test_a_piano_that_plays_only_where_the_guitar_rests_is_the_guitar():
    programs = with_lines(turns((GUITAR, 0, 20), (PIANO, 20, 26), (GUITAR, 26, 40), (PIANO, 40, 44), (GUITAR, 44, 60)))
    assert set(programs.tolist()) == {GUITAR}


def test_players_who_play_together_who_have_long_turns_or_who_are_no_chord_players_stay_two():
    together = with_lines(turns((GUITAR, 0, 60), (PIANO, 20, 26), (PIANO, 40, 44)))
    long = with_lines(turns((GUITAR, 0, 40), (PIANO, 40, 56), (GUITAR, 56, 80)))
    flute = with_lines(turns((GUITAR, 0, 20), (73, 20, 26), (GUITAR, 26, 40), (73, 40, 44), (GUITAR, 44, 60)))
    assert set(together.tolist()) == set(long.tolist()) == {GUITAR, PIANO}
    assert set(flute.tolist()) == {GUITAR, 73}


def test_a_bass_plays_one_note_at_a_time_and_a_guitar_none_below_its_strings():
    guitar = line([60 + i % 3 for i in range(40)], [GUITAR] * 40)
    low = line([36 + i % 4 for i in range(40)], [BASS] * 40)
    above = line([48], [BASS], 5.0)
    below = line([31], [GUITAR], 10.0)
    both = Notes.concatenate([guitar, low, above, below])
    both = both.select(np.lexsort((both.pitches, both.onsets)))
    programs = with_lines(both)
    assert programs[both.pitches == 48].tolist() == [GUITAR] and programs[both.pitches == 31].tolist() == [BASS]
    assert set(programs[(both.pitches > 31) & (both.pitches < 48)].tolist()) == {BASS}
