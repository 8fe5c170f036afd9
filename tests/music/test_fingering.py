"""Strings and frets: every note sounds its pitch, hands reach what they hold, and stay where they are."""

from hypothesis import given
from hypothesis import strategies as st

from onpu.music.fingering import BASS, FRETS, GUITAR, REACH, fingerings


@given(st.lists(st.lists(st.integers(30, 95), min_size=1, max_size=8), max_size=12), st.sampled_from([GUITAR, BASS]))
def test_each_note_sounds_its_pitch_on_a_string_of_its_own_within_reach(chords, strings):
    found = fingerings(chords, strings)
    assert len(found) == len(chords)
    for chord, hand in zip(chords, found, strict=True):
        assert set(hand) <= set(chord)
        assert all(strings[place.string - 1] + place.fret == pitch for pitch, place in hand.items())
        assert len({place.string for place in hand.values()}) == len(hand)
        pressed = [place.fret for place in hand.values() if place.fret]
        assert max(pressed, default=0) <= FRETS and max(pressed, default=0) - min(pressed, default=0) <= REACH
        possible = [pitch for pitch in set(chord) if min(strings) <= pitch <= max(strings) + FRETS]
        assert bool(hand) == bool(possible), "something is played of whatever the instrument has"


def test_a_chord_in_first_position_is_the_one_that_guitarists_play():
    (hand,) = fingerings([[40, 47, 52, 56, 59, 64]], GUITAR)  # E major
    assert [hand[pitch].fret for pitch in sorted(hand)] == [0, 2, 2, 1, 0, 0]


def test_a_scale_high_up_is_played_without_moving_the_hand():
    found = fingerings([[pitch] for pitch in (57, 60, 62, 64, 67, 69, 72)], GUITAR)  # A minor pentatonic
    frets = [place.fret for hand in found for place in hand.values()]
    assert max(frets) - min(fret for fret in frets) <= 8
    high = fingerings([[pitch] for pitch in (69, 72, 74, 76, 79)], GUITAR)
    pressed = [place.fret for hand in high for place in hand.values()]
    assert max(pressed) - min(pressed) <= REACH
