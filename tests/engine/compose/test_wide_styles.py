"""The width of the composer: shares of metres and of kinds of music, where songs begin and end, and that the labelled
beat is the felt one where it is easily mistaken."""

import numpy as np
import pytest

from onpu.engine.compose import STYLES, compose
from onpu.engine.compose.chord import Tonality
from onpu.engine.compose.chug import _BARS, _CELLS, _THREES, chug
from onpu.engine.compose.harmony import compose_harmony
from onpu.engine.compose.metre import SIGNATURES
from onpu.engine.compose.repeats import repeats
from onpu.engine.compose.styles.dance import DANCE
from onpu.engine.compose.styles.electronic import ELECTRONIC
from onpu.engine.compose.styles.felt import FELT
from onpu.engine.compose.styles.game import GAME
from onpu.engine.compose.styles.heavy import HEAVY
from onpu.engine.compose.styles.unaccompanied import UNACCOMPANIED
from onpu.music.bars import bars

COMPOUND = {"6/8", "9/8", "12/8"}
UNEVEN = {"5/4", "7/4", "5/8", "7/8"}
KEY = Tonality(4, "minor")


@pytest.fixture(scope="module")
def songs():
    return [compose(seed, None, 25.0) for seed in range(300)]


def onsets_of(song):
    return np.concatenate([t.notes.onsets if t.drums is None else t.drums.times for t in song.tracks])


def metre_of(song):
    metre = song.timeline.metre
    return f"{metre.numerators[0]}/{metre.denominators[0]}"


def weight(names):
    return sum(STYLES[name].weight for name in names if not STYLES[name].held_out)


def material(metre, bars=8):
    return compose_harmony(np.random.default_rng(5), "metal", KEY, SIGNATURES[metre][0], bars, 4, 0.0, 1.0)


def test_kinds_of_music_have_their_shares():
    everything = weight(STYLES)
    heavy = {*HEAVY, "metal", "heavy rock", "punk"}
    assert 0.10 < weight(heavy) / everything < 0.14
    assert 0.17 < weight({*ELECTRONIC, *GAME, *DANCE}) / everything < 0.23
    acoustic = {name for name, style in STYLES.items() if style.genre in ("classical", "choral", "baroque", "study",
                                                                          "march")}
    assert weight(acoustic) / everything > 0.18


def test_compound_and_uneven_metres_are_common(songs):
    found = [metre_of(song) for song in songs]
    assert np.mean([name in COMPOUND for name in found]) > 0.1
    assert np.mean([name in UNEVEN for name in found]) > 0.04
    by_weight = {kind: sum(style.weight * sum(style.metres.get(name, 0.0) for name in kind) / sum(style.metres.values())
                           for style in STYLES.values() if not style.held_out) / weight(STYLES)
                 for kind in (tuple(COMPOUND), tuple(UNEVEN))}
    assert by_weight[tuple(COMPOUND)] > 0.08 and by_weight[tuple(UNEVEN)] > 0.05


def test_many_songs_begin_at_their_first_sound(songs):
    firsts = np.array([onsets_of(song).min() for song in songs])
    at_once = firsts == 0.0
    assert 0.25 < at_once.mean() < 0.45
    assert (firsts[~at_once] > 0.02).all()
    beats = [song.timeline.beats.times[0] for song, now in zip(songs, at_once, strict=True) if now]
    assert min(beats) >= 0.0 and np.mean(np.array(beats) < 0.03) > 0.6


def test_some_songs_end_in_the_middle(songs):
    hard = [song.duration - song.timeline.notes.offsets.max(initial=0.0) < 1e-5 for song in songs]
    assert 0.08 < np.mean(hard) < 0.3
    for song in songs:
        assert onsets_of(song).max() < song.duration
        assert song.timeline.chords.ends.max() <= song.duration + 1e-6


def test_songs_of_held_out_styles_are_not_cut():
    for name in (name for name, style in STYLES.items() if style.held_out):
        assert all(onsets_of(compose(seed, name, 15.0)).min() >= 0.03 for seed in range(8))


@pytest.mark.parametrize("name", ["compound rock", "compound pop", "fast compound folk", "triplet metal",
                                  "compound electronica", "twelve eight soul"])
def test_compound_metres_count_dotted_beats_and_keep_their_signature(name):
    tempi = []
    for seed in range(12):
        line = compose(seed, name, 25.0).timeline
        if len(line.metre.times) > 1:
            continue
        assert line.metre.denominators[0] == 8
        assert set(line.beats.positions) <= set(range(1, line.metre.numerators.max() // 3 + 1))
        tempi.append(float(line.tempo.bpm[0]))
        low, _, high = STYLES[name].tempo
        assert 0.75 * low < tempi[-1] < 1.35 * high
    assert len(tempi) >= 8 and 38 < min(tempi) and max(tempi) < 200


@pytest.mark.parametrize(("name", "quarters"), [("fast compound folk", 1.5), ("slow waltz song", 1.0), ("bebop", 1.0)])
def test_bars_are_written_in_the_metre_that_the_song_has(name, quarters):
    for seed in range(8):
        line = compose(seed, name, 25.0).timeline
        if len(line.metre.times) > 1:
            continue
        found = bars(line)
        inner = slice(1, -1)
        assert set(found.numerators[inner]) == {line.metre.numerators[0]}
        assert set(found.denominators[inner]) == {line.metre.denominators[0]}
        assert (found.quarters == quarters).all()


def test_compound_tempi_reach_from_slow_to_fast(songs):
    tempi = [float(song.timeline.tempo.bpm[0]) for song in songs if metre_of(song) in COMPOUND]
    assert np.quantile(tempi, 0.1) < 68 and np.quantile(tempi, 0.9) > 112


@pytest.mark.parametrize("name", ["slow eighths ballad", "slow sixteenths soul", "slow guitars"])
def test_slow_ballads_sound_between_their_beats(name):
    shares = []
    for seed in range(12):
        song = compose(seed, name, 30.0)
        beats, onsets = song.timeline.beats.times, onsets_of(song)
        middles = (beats[1:] + beats[:-1]) / 2
        width = 0.2 * np.diff(beats)
        shares.append(np.mean([(np.abs(onsets - middle) < wide).any() for middle, wide in zip(middles, width,
                                                                                              strict=True)]))
        assert 45 < song.timeline.tempo.bpm[0] < 92
    assert np.median(shares) > 0.8


def test_bebop_is_fast_and_its_harmony_changes_on_downbeats():
    on, elsewhere = [], []
    for seed in range(12):
        line = compose(seed, "bebop", 30.0).timeline
        assert 185 < line.tempo.bpm[0] < 320
        changes = line.chords.starts[1:-1]
        near = np.abs(line.beats.times[:, None] - changes).min(axis=1) < 0.04
        on.append(near[line.beats.positions == 1].mean())
        elsewhere.append(near[line.beats.positions % 2 == 0].mean())
    assert np.mean(on) > 0.5 and np.mean(on) > 8 * np.mean(elsewhere)


def test_machines_keep_the_tempo():
    for name in ("progressive trance", "chip tune", "hard techno", "dubstep"):
        times = compose(3, name, 40.0).timeline.beats.times
        steps = np.diff(times)[:-10]
        assert np.quantile(np.abs(steps / np.median(steps) - 1), 0.9) < 0.01


@pytest.mark.parametrize("cells", [_CELLS, _BARS, _THREES])
def test_cells_of_riffs_are_written_with_strokes_rings_and_rests(cells):
    assert all(set(cell) <= set("Xo-.") and {"X", "o"} & set(cell) for cell in cells)


@pytest.mark.parametrize("metre", ["4/4", "7/8", "5/4", "12/8"])
def test_palm_muted_riffs_are_one_for_all_and_stay_in_their_bars(metre):
    across = 0
    for seed in range(30):
        sketch = material(metre)
        guitar = chug(0.25, True)(sketch, 50, np.random.default_rng(seed))
        bass = chug(0.25, False)(sketch, 31, np.random.default_rng(seed + 1))
        assert {note.start for note in guitar} == {note.start for note in bass}
        assert max(note.start for note in guitar) < sketch.length
        assert all(abs(note.start * 4 - round(note.start * 4)) < 1e-9 for note in guitar)
        accents = [frozenset(s.offset for s in bar if s.accented) for bar in sketch.shared.chug]
        across += len(set(accents)) > 1
    assert across > 8, "accents go across the bar lines now and then"


def test_the_bass_drum_follows_the_riff():
    together = []
    for seed in range(10):
        song = compose(seed, "djent", 30.0)
        guitar = next((track.notes for track in song.tracks if track.name == "guitar"), None)
        drums = song.timeline.drums
        kicks = drums.times[np.isin(drums.pitches, (35, 36))]
        if guitar is not None and len(kicks) > 20:
            together.append(np.mean(np.abs(guitar.onsets[:, None] - kicks).min(axis=0) < 0.04))
    assert np.median(together) > 0.7


@pytest.mark.parametrize(("metre", "strokes", "step"), [("4/4", 4, 0.25), ("3/4", 3, 1 / 3), ("6/8", 2, 0.5)])
def test_repeated_notes_are_even_and_stressed_on_the_beat(metre, strokes, step):
    sketch = material(metre)
    beat = SIGNATURES[metre][0].beat
    notes = repeats("hymn", strokes, True)(sketch, 70, np.random.default_rng(1))
    starts = np.array([note.start for note in notes])
    np.testing.assert_allclose(np.round(starts / step), starts / step, atol=1e-6)
    assert np.mean(np.isclose(np.diff(starts), step)) > 0.8
    accents = np.array([note.accent for note in notes])
    on = np.abs(starts / beat - np.round(starts / beat)) < 1e-6
    assert accents[on].min() > accents[~on].max()


def test_music_without_drums_stays_without_them():
    for name in ("a cappella hymn", "string orchestra", "violin study", "heavy guitars alone", "drumless trance"):
        assert all(track.drums is None for track in compose(2, name, 20.0).tracks)
    assert sum(not style.grooves for style in UNACCOMPANIED.values()) > 10


def test_waltzes_often_begin_with_an_upbeat():
    first = np.array([int(compose(seed, "slow waltz song", 20.0).timeline.beats.positions[0]) for seed in range(30)])
    assert np.mean(first == 3) > 0.2
    assert "slow waltz song" in FELT
