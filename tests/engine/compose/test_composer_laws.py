"""What holds of every composed song: determinism, consistent labels, beats that the music bears out."""

import numpy as np
import pytest

from onpu.engine.compose import STYLES, compose
from onpu.engine.compose.composer import _BPM
from onpu.errors import DataError

SEEDS = range(300)
QUALITIES = {"maj", "min", "dim", "aug", "min6", "maj6", "min7", "minmaj7", "maj7", "7", "dim7", "hdim7", "sus2",
    "sus4"}
GRID = np.array([0, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1])


@pytest.fixture(scope="module")
def songs():
    return [compose(seed, None, 25.0) for seed in SEEDS]


def onsets_of(song):
    return np.sort(np.concatenate([t.notes.onsets if t.drums is None else t.drums.times for t in song.tracks]))


def offsets_from(marks, times):
    """Signed distance of each time to its nearest mark."""
    index = np.clip(np.searchsorted(marks, times), 1, len(marks) - 1)
    before, after = times - marks[index - 1], times - marks[index]
    return np.where(np.abs(before) < np.abs(after), before, after)


def test_equal_arguments_give_equal_bytes():
    for seed, style in [(0, None), (5, "nocturne"), (9, "jazz combo"), (3, "punk")]:
        one, two = compose(seed, style, 20.0), compose(seed, style, 20.0)
        for name, column in one.timeline.arrays().items():
            assert column.tobytes() == two.timeline.arrays()[name].tobytes()
        for mine, yours in zip(one.tracks, two.tracks, strict=True):
            assert mine.bends.tobytes() == yours.bends.tobytes() and mine.pedal.tobytes() == yours.pedal.tobytes()
            assert mine.notes.velocities.tobytes() == yours.notes.velocities.tobytes()


def test_a_drawn_style_is_the_same_as_the_named_one(songs):
    for song in songs[:5]:
        named = compose(song.seed, song.style, 25.0)
        assert named.timeline.beats.times.tobytes() == song.timeline.beats.times.tobytes()


def test_seeds_differ(songs):
    assert len({song.timeline.beats.times.tobytes() for song in songs}) == len(songs)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_keeps_the_rules(style):
    for seed in range(12):
        song = compose(seed, style, 20.0).validate()
        line = song.timeline
        beats, metre = line.beats, line.metre
        assert len(beats.times) >= 4
        in_bar = metre.beats_in_bar()[np.searchsorted(metre.times, beats.times + 1e-3, side="right") - 1]
        assert ((beats.positions >= 1) & (beats.positions <= in_bar)).all()
        ends = beats.positions[:-1] == in_bar[:-1]
        np.testing.assert_array_equal(beats.positions[1:], np.where(ends, 1, beats.positions[:-1] + 1))
        for name in ("keys", "chords", "voice", "sections"):
            value = getattr(line, name)
            assert value.starts.min(initial=0) >= 0 and value.ends.max(initial=0) <= line.duration + 1e-6
        assert beats.times[0] >= 0 and beats.times[-1] < line.duration
        assert line.notes.offsets.max(initial=0) <= line.duration
        assert ((line.notes.pitches >= 21) & (line.notes.pitches <= 115)).all()
        for track in song.tracks:
            assert (np.diff(track.notes.onsets) >= 0).all()
            assert ((track.notes.velocities >= 1) & (track.notes.velocities <= 127)).all()
            assert (np.diff(track.pedal.reshape(-1)) > 0).all()


def test_length_is_about_what_was_asked_for():
    for seconds in (25.0, 60.0, 200.0):
        lengths = np.array([compose(seed, None, seconds).duration for seed in range(20)])
        assert 0.75 * seconds < np.median(lengths) < 1.4 * seconds


def test_held_out_styles_are_never_drawn(songs):
    held = {name for name, style in STYLES.items() if style.held_out}
    assert len(held) >= 4
    assert not held & {song.style for song in songs}
    assert all(compose(1, name, 15.0).style == name for name in held)


def test_all_metres_and_qualities_occur(songs):
    metres, qualities = set(), set()
    for song in songs:
        metre = song.timeline.metre
        metres |= {f"{n}/{d}" for n, d in zip(metre.numerators, metre.denominators, strict=True)}
        qualities |= {label.partition(":")[2].partition("/")[0] for label in song.timeline.chords.labels}
    assert {"2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "9/8", "12/8", "2/2"} <= metres
    assert qualities >= QUALITIES
    assert len({song.style for song in songs}) > 60


def test_tempo_stays_in_the_style_and_in_the_world(songs):
    for song in songs:
        style = STYLES[song.style]
        usual = next(iter(style.metres))
        bpm = float(song.timeline.tempo.bpm[0])
        assert 0.7 * _BPM[0] < bpm < 1.3 * _BPM[1]
        if set(style.metres) == {"4/4"} and set(style.timing) == {"steady"} and style.changes < 0.05:
            assert usual == "4/4" and style.tempo[0] * 0.96 <= bpm <= style.tempo[2] * 1.04


def test_beats_carry_no_bias(songs):
    medians = []
    for song in songs:
        onsets = onsets_of(song)
        near = offsets_from(song.timeline.beats.times, onsets)
        near = near[np.abs(near) < 0.05]
        assert abs(np.median(near)) < 0.02, song.style
        medians.append(np.median(near))
    assert np.mean(np.abs(medians)) < 0.006
    assert abs(np.mean(medians)) < 0.002


def test_onsets_lie_on_the_grid_in_straight_styles(songs):
    straight = [song for song in songs if STYLES[song.style].swing == (0.5,
        0.5) and "rubato" not in STYLES[song.style].timing]
    assert len(straight) > 50
    shares = []
    for song in straight:
        times, onsets = song.timeline.beats.times, onsets_of(song)
        onsets = onsets[(onsets >= times[0]) & (onsets < times[-1])]
        index = np.searchsorted(times, onsets, side="right") - 1
        interval = times[index + 1] - times[index]
        place = (onsets - times[index]) / interval
        distance = np.abs(place[:, None] - GRID).min(axis=1) * interval
        shares.append((distance < 0.035).mean())
    assert np.mean(shares) > 0.93


def test_chords_change_on_downbeats_far_more_than_on_other_beats(songs):
    on, elsewhere, downbeats, others = 0, 0, 0, 0
    for song in songs:
        changes = song.timeline.chords.starts[1:-1]
        beats = song.timeline.beats
        if not len(changes):
            continue
        hit = np.abs(beats.times[:, None] - changes).min(axis=1) < 0.03
        first = beats.positions == 1
        on, elsewhere = on + hit[first].sum(), elsewhere + hit[~first].sum()
        downbeats, others = downbeats + first.sum(), others + (~first).sum()
    assert on / downbeats > 4 * elsewhere / others


def test_most_beats_are_sounded(songs):
    shares = [(np.abs(offsets_from(onsets_of(song), song.timeline.beats.times)) < 0.05).mean() for song in songs]
    assert np.mean(shares) > 0.85
    assert 0.02 < np.mean(np.array(shares) < 0.8) < 0.5, "rests on beats belong to music"


@pytest.mark.parametrize("style", ["rock", "blues rock", "surf", "indie"])
def test_rock_drummers_play_kick_and_snare_where_they_belong(style):
    kick, snare, bars = 0, 0, 0
    for seed in range(20):
        song = compose(seed, style, 30.0)
        drums, beats = song.timeline.drums, song.timeline.beats
        four = song.timeline.metre.numerators
        if not len(drums.times) or set(four) != {4}:
            continue
        kicks, snares = (drums.times[np.isin(drums.pitches, p)] for p in ((35, 36), (38, 40)))
        for start in beats.downbeats:
            bars += 1
            kick += np.any(np.abs(kicks - start) < 0.05)
        for time in beats.times[beats.positions == 4]:
            snare += np.any(np.abs(snares - time) < 0.05)
    assert bars > 50
    assert kick / bars > 0.55 and snare / bars > 0.45


def test_rubato_bends_time_and_a_sequencer_does_not():
    def spread(style):
        songs = [compose(seed, style, 60.0).timeline.beats.times for seed in range(15)]
        return np.array([np.diff(times)[:-2].std() / np.diff(times)[:-2].mean() for times in songs])

    assert np.quantile(spread("trance"), 0.9) < 0.05
    assert np.median(spread("romantic piano")) > 0.03
    assert spread("romantic piano").max() > 0.08


def test_upbeats_have_positions_from_the_bars_end(songs):
    first = [int(song.timeline.beats.positions[0]) for song in songs]
    assert 0.05 < np.mean(np.array(first) != 1) < 0.5


def test_melody_frequencies_follow_the_notes():
    song = compose(4, "pop", 30.0)
    melody = song.timeline.melody
    leads = [track for track in song.tracks if track.role == "melody"]
    pitch = 69 + 12 * np.log2(np.maximum(melody.frequencies, 1e-9) / 440)
    notes = leads[0].notes
    for onset, offset, number in zip(notes.onsets, notes.offsets, notes.pitches, strict=True):
        middle = round((onset + offset) / 2 * 100)
        if onset < middle / 100 < offset:
            assert pitch[middle] > number - 1.6
    assert (melody.frequencies > 0).mean() > 0.2


def test_silence_is_labelled_n(songs):
    for song in songs[:60]:
        chords, notes = song.timeline.chords, song.timeline.notes
        assert chords.labels[-1] == "N" or chords.ends[-1] <= song.duration
        for start, end, label in zip(chords.starts, chords.ends, chords.labels, strict=True):
            sounding = ((notes.onsets < end - 0.1) & (notes.offsets > start + 0.1)).any()
            assert sounding or label == "N"


@pytest.mark.parametrize(("seed", "style", "seconds", "word"), [
    (1, "no such style", 10.0, "choose one of"), (-1, None, 10.0, "seed"), (1, None, 0.0, "seconds")])
def test_impossible_wishes_are_refused(seed, style, seconds, word):
    with pytest.raises(DataError, match=word):
        compose(seed, style, seconds)
