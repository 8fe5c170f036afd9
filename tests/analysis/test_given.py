"""What is given holds, and the rest is decided around it."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from test_agreement import BPM, SECONDS, TIMES, heard, truth

import onpu
from onpu.analysis import _tuned
from onpu.analysis.agreement import agree
from onpu.analysis.given import Hints, ending, held
from onpu.errors import LabelError, OnpuError
from onpu.listen import chords as chords_task
from onpu.music import Beats, Chords, Key, Keys, Metre, Notes, Timeline
from onpu.represent.tuning import shift_bins
from onpu.trained import TrainedListener

NONE = Hints()


def of(**values):
    return held(Timeline(SECONDS, **values), None, NONE)


def test_given_beats_hold_and_chords_change_on_them():
    song = truth(0)
    moved = Beats.of(TIMES + 0.06, song.beats.positions)
    _, harmony, keys = heard(song, sureness=0.5)
    together = agree([harmony, keys], of(beats=moved))
    assert together.beats is moved
    assert set(together.chords.starts[1:]) <= set(moved.times)
    assert set(together.keys.starts[1:]) <= set(moved.downbeats)
    assert together.tempo.bpm[0] == pytest.approx(BPM) and together.metre.numerators.tolist() == [4]


@pytest.mark.parametrize("phase", range(4))
def test_of_given_beats_without_bars_the_bars_are_found(phase):
    song = truth(phase)
    taps = Beats.of(TIMES, np.zeros(len(TIMES)))
    drums, harmony, _ = heard(song, sureness=0.7)
    together = agree([drums, harmony], of(beats=taps))
    assert together.beats.times is taps.times
    np.testing.assert_array_equal(together.beats.positions, song.beats.positions)


@pytest.mark.parametrize("phase", range(4))
def test_given_chords_say_where_bars_begin(phase):
    song = truth(phase)
    drums, _, _ = heard(song, sureness=0.0)
    chords = replace(song.chords, labels=np.array(["A#:maj"] * len(song.chords)))
    together = agree([drums], of(chords=chords))
    assert together.chords is chords
    assert np.array_equal(together.beats.downbeats.round(1), song.beats.downbeats.round(1))


def test_given_keys_spell_what_is_found_and_given_chords_stay_as_they_are_spelled():
    song = truth(0)
    _, harmony, _ = heard(replace(song, chords=replace(song.chords, labels=np.full(len(song.chords), "Ab:maj"))), 0.5)
    keys = Keys(np.zeros(1), np.full(1, SECONDS), np.array(["E:major"]), np.ones(1))
    assert agree([harmony], of(keys=keys)).chords.labels[0] == "G#:maj"
    odd = Chords(np.zeros(1), np.ones(1), np.array(["Ab:maj"]), np.ones(1))
    together = agree([], of(keys=keys, chords=odd))
    assert together.chords is odd and together.keys is keys and together.key.labels.tolist() == ["E:major"]


def test_given_notes_are_not_changed_by_a_melody():
    notes = Notes(np.zeros(1), np.ones(1), np.full(1, 60.0), np.full(1, 80), np.zeros(1, int), np.ones(1))
    assert agree([], of(notes=notes)).notes is notes


def test_some_of_what_is_given_may_be_held_and_later_files_count_first(tmp_path):
    song = truth(0)
    song.save(tmp_path / "song.jams")
    (tmp_path / "song.beats").write_text("1.0\t1\n1.5\t2\n2.0\t1\n2.5\t2\n")
    assert set(held(tmp_path / "song.jams", "chords", NONE).found()) == {"chords"}
    both = held([tmp_path / "song.jams", tmp_path / "song.beats"], ("beats", "chords"), NONE)
    assert both.beats.times.tolist() == [1.0, 1.5, 2.0, 2.5] and both.metre.numerators.tolist() == [2]
    with pytest.raises(OnpuError, match="melody"):
        held(tmp_path / "song.jams", "melody", NONE)
    with pytest.raises(OnpuError, match="no value is called drumbeats"):
        held(tmp_path / "song.jams", "drumbeats", NONE)


def test_labels_of_a_longer_recording_are_refused():
    song = of(beats=truth(0).beats)
    assert ending(song, TIMES[-1] - 0.5, "song").beats is song.beats
    with pytest.raises(LabelError, match=r"short\.wav: the beats given go on until 31\.0 s, but it ends at 20\.0 s"):
        ending(song, 20.0, "short.wav")


def test_hints_of_key_and_tuning_are_labels():
    known = ending(held(None, None, Hints(key="Bbm", tuning=442.0)), 9.0, "song")
    assert (known.key.labels[0], known.keys.ends[0]) == ("Bb:minor", 9.0)
    assert known.tuning.cents[0] == pytest.approx(7.85, abs=0.01)
    whole = Timeline(9.0, key=Key(np.array(["F:major"]), np.ones(1)))
    assert ending(held(whole, None, NONE), 9.0, "song").keys.labels.tolist() == ["F:major"]


def test_hints_of_bars_move_them_and_chords_follow():
    song = truth(0)
    together = agree(list(heard(song, 0.5)), None, Hints(first_downbeat=float(TIMES[6]) + 0.05))
    np.testing.assert_allclose(together.beats.downbeats, TIMES[2::4], atol=0.03)
    later = agree(list(heard(song, 0.5)), None, Hints(shift_bars=1))
    np.testing.assert_allclose(later.beats.downbeats, TIMES[1::4], atol=0.03)
    written = agree(list(heard(song, 0.5)), None, Hints(metre=(12, 8)))
    assert (written.metre.numerators.tolist(), written.metre.denominators.tolist()) == ([12], [8])
    assert Hints(metre=(12, 8), tempo=100.0).options()["metres"] == (4,)
    given = agree([], of(beats=song.beats, metre=Metre(np.zeros(1), np.full(1, 4), np.full(1, 4), np.ones(1))),
                  Hints(shift_bars=-1))
    assert given.beats.positions[:4].tolist() == [2, 3, 4, 1]


@pytest.mark.parametrize(("hints", "words"), [
    ({"metre": "three"}, "'three' is no time signature"), ({"metre": "3/7"}, "3/7 is no time signature"),
    ({"tempo": 4}, "tempo of 4"), ({"tuning": 220}, "220 Hz"), ({"key": "H minor"}, "H minor"),
    ({"first_downbeat": -1.0}, "-1 s"), ({"speed": 4}, "no hint is called speed")])
def test_hints_that_mean_nothing_are_refused(hints, words):
    with pytest.raises(OnpuError, match=words):
        Hints.of(hints)


def test_where_all_is_given_nothing_is_listened_for_and_silence_takes_nothing_away():
    taps = Beats.of(np.array([0.5, 1.0, 1.5, 2.0]), np.array([1, 2, 1, 2]))
    found = onpu.analyze(np.zeros(3 * 8000, np.float32), 8000, tasks="beats", given=Timeline(2.0, beats=taps))
    assert found.beats is taps and found.duration == 3.0 and found.tempo.bpm[0] == pytest.approx(120)


def test_labels_are_of_one_recording():
    silence = np.zeros(8000, np.float32)
    with pytest.raises(OnpuError, match="one recording"):
        onpu.analyze([(silence, 8000), (silence, 8000)], tasks="beats", given=Timeline(1.0, beats=Beats.empty()))


def test_a_known_tuning_takes_the_place_of_the_one_that_is_heard():
    recipe = chords_task.LISTENER.recipes["small"]
    trained = TrainedListener(chords_task.LISTENER, recipe, chords_task.features(), network=None)
    spectrum = [torch.rand(1, 1, 216, 9)]
    for hints, cents in ((Hints(tuning=432.0), -31.77), (NONE, None)):
        tuned, known = _tuned(trained, hints).listener.adapt(spectrum)
        assert cents is None or known["tuning"].tolist() == [pytest.approx(cents, abs=0.01), 1.0]
        assert torch.equal(tuned[0], shift_bins(spectrum[0], known["tuning"][0] * 36 / 1200))


def test_a_midi_file_gives_what_it_has_and_beats_where_it_says_their_tempo(tmp_path):
    song = replace(truth(0), notes=Notes(np.zeros(1), np.ones(1), np.full(1, 60.0), np.full(1, 80), np.zeros(1, int),
                                         np.ones(1)))
    song.save(tmp_path / "song.mid")
    assert set(held(tmp_path / "song.mid", None, NONE).found()) == {"beats", "metre", "tempo", "chords", "keys", "key",
                                                                    "notes"}
    content = (tmp_path / "song.mid").read_bytes()
    (tmp_path / "plain.mid").write_bytes(content.replace(b"\xff\x51\x03", b"\xff\x7f\x03"))
    assert "beats" not in held(tmp_path / "plain.mid", None, NONE).found()
