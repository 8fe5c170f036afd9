"""Beats, chords and keys on one timeline: what harmony says moves the bars, bars place the chords, keys spell them."""

import weakref
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from onpu.analysis.agreement import Prediction, accompanied, agree, notes_of, spelled, to_the_end
from onpu.decode.tasks import chords as chord_decoder
from onpu.listen import beats, chords, key, melody, notes
from onpu.music import Beats, Chords, Clock, Drums, Keys, Melody, Notes, Pedal, Timeline, Voice
from onpu.trained import TrainedListener

SECONDS, BPM = 32.0, 120.0
TIMES = np.arange(0.5, SECONDS - 0.5, 60 / BPM)


def truth(phase):
    """Four beats a bar, `phase` beats before the first downbeat, a chord a bar."""
    positions = (np.arange(len(TIMES)) - phase) % 4 + 1
    downbeats = TIMES[positions == 1]
    labels = np.array(["C:maj", "A:min", "F:maj", "G:7"] * 20)[: len(downbeats)]
    sounding = Chords(downbeats, np.append(downbeats[1:], SECONDS), labels, np.ones(len(labels)))
    keys = Keys(np.array([downbeats[0]]), np.array([SECONDS]), np.array(["Ab:major"]), np.ones(1))
    return Timeline(SECONDS, Beats.of(TIMES, positions), chords=sounding, keys=keys)


def heard(timeline, sureness):
    """Activations as of a trained system: sharp beats, downbeats with so much more than the other beats, and the chords
    with the chances of change that training gives."""
    def made(listener, activations):
        recipe = next(iter(listener.recipes.values()))
        trained = TrainedListener(listener, recipe, listener.network(recipe).features(), network=None)
        return Prediction(trained, activations, SECONDS, listener.options)

    def targets(listener):
        clock = listener.network(next(iter(listener.recipes.values()))).features().clock
        return listener.target(timeline, clock, clock.count(round(SECONDS * clock.rate)))

    beat = targets(beats.LISTENER)
    down = beat["beat"] * (0.25 + sureness * beat["downbeat"])
    sounding = targets(chords.LISTENER)
    classes = len(sounding["chord"])
    moves = (1 - np.eye(classes)) / (classes - 1)
    chain = {"change": np.array([0.004, 0.02, 0.15, 0.45, 0.06]), "moves": moves, "trust": np.array([0.2])}
    blurred = {head: 0.9 * sounding[head] + 0.1 / len(sounding[head]) for head in ("chord", "root", "bass", "pitches")}
    return (made(beats.LISTENER, {"beat": 0.9 * beat["beat"], "downbeat": 0.9 * down}),
            made(chords.LISTENER, blurred | chain), made(key.LISTENER, targets(key.LISTENER)))


@pytest.mark.parametrize("phase", range(4))
def test_harmony_decides_where_the_bar_begins_when_beats_do_not_tell(phase):
    song = truth(phase)
    drums, harmony, _ = heard(song, sureness=0.0)
    together = agree([drums, harmony])
    assert np.array_equal(together.beats.downbeats.round(1), song.beats.downbeats.round(1))


def test_harmony_does_not_overrule_downbeats_that_are_heard():
    song = truth(0)
    drums, _, _ = heard(song, sureness=0.7)
    _, harmony, _ = heard(replace(truth(1), duration=SECONDS), sureness=0.7)
    found = agree([drums, harmony]).beats.downbeats
    assert np.abs(found[:, None] - song.beats.downbeats[None]).min(axis=1).max() < 0.03


def test_chords_and_keys_change_exactly_on_beats_and_bars():
    song = truth(2)
    together = agree(list(heard(song, sureness=0.5)))
    assert set(together.chords.starts[1:]) <= set(together.beats.times)
    assert set(together.keys.starts[1:]) <= set(together.beats.downbeats)
    assert together.chords.ends[-1] == SECONDS
    np.testing.assert_array_equal(together.chords.starts[1:], together.chords.ends[:-1])


def test_the_key_spells_the_chords():
    keys = Keys(np.array([0.0, 4.0]), np.array([4.0, 8.0]), np.array(["Eb:major", "E:major"]), np.ones(2))
    found = Chords(np.array([0.0, 4.0]), np.array([4.0, 8.0]), np.array(["G#:maj", "Ab:min/b3"]), np.ones(2),
                   np.array([["D#:min"], ["N"]]), np.full((2, 1), 0.1))
    written = spelled(Timeline(8.0, chords=found, keys=keys))
    assert list(written.labels) == ["Ab:maj", "G#:min/b3"]
    assert written.alternatives.tolist() == [["Eb:min"], ["N"]]


def test_the_last_segment_ends_with_the_recording():
    found = Chords(np.array([0.0, 9.99]), np.array([9.99, 10.08]), np.array(["C:maj", "N"]), np.ones(2))
    assert to_the_end(found, 10.0).ends[-1] == 10.0
    assert list(to_the_end(found, 9.98).labels) == ["C:maj"]


def test_what_is_known_of_the_beats_is_kept():
    drums, harmony, _ = heard(truth(0), sureness=0.5)
    own = Beats.of(TIMES + 0.01, np.arange(len(TIMES)) % 4 + 1)
    told = replace(harmony, options=chord_decoder.ChordOptions(beats=own))
    assert set(agree([drums, told]).chords.starts[1:]) <= set(own.times)


def test_evidence_is_read_on_the_beats_clock():
    _, harmony, _ = heard(truth(1), sureness=0.0)
    times, odds = chord_decoder.downbeat_evidence(harmony.activations, truth(1).beats, Clock(22050, 2048))
    positions = truth(1).beats.positions
    assert odds[positions[: len(odds)] == 1][1:].min() > odds[positions[: len(odds)] != 1][1:].max()
    assert np.array_equal(times, truth(1).beats.times[: len(times)])


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("programs", "confidence", "taken"), [
    ([0, 0, 1, 7], [0.9, 0.9, 0.9, 0.9], "piano"),
    ([0, 0, 0, 40], [0.9, 0.9, 0.9, 0.3], "piano"),
    ([0, 0, 0, 40], [0.5, 0.5, 0.5, 0.9], "band"),
    ([40, 40, 40, 40], [0.9, 0.9, 0.9, 0.9], "band"),
    ([], [], "band"),
])
def test_a_piano_alone_is_transcribed_by_the_network_that_knows_pianos(programs, confidence, taken, turned):
    def made(programs, confidence, instruments):
        count, at = len(programs), np.arange(float(len(programs)))
        found = Notes(at, at + 1, at + 60, np.full(count, 64), np.array(programs, int), np.array(confidence))
        return instruments, Timeline(9.0, notes=found, pedal=Pedal(np.zeros(0), np.zeros(0), np.zeros(0)))

    band, piano = made(programs, confidence, True), made([0, 0], [1.0, 1.0], False)
    chosen = notes_of([piano, band] if turned else [band, piano], False)
    assert chosen is (piano if taken == "piano" else band)[1]
    assert notes_of([band], False) is band[1], "one alone is taken as it is"
    assert notes_of([band, piano], True) is band[1], "drums or a singer make it a band"


@pytest.mark.parametrize(("hits", "sung", "expected"), [(0, 0.0, False), (4, 0.5, False), (6, 0.0, True),
                                                        (0, 2.0, True)])
def test_drums_and_singers_accompany(hits, sung, expected):
    drums = Drums(np.arange(hits, dtype=float), np.full(hits, 36), np.full(hits, 80), np.ones(hits))
    voice = Voice(np.array([1.0]), np.array([1.0 + sung]), np.array(["la"]), np.ones(1))
    assert accompanied({"drums": drums, "voice": voice}, 10.0) == expected
    assert not accompanied({}, 10.0)


def test_notes_are_decided_with_the_melody():
    """Nine pieces of a tone with vibrato, at its partials, and the contour that explains them."""
    clock = melody.pitch_spectrum().clock
    times = np.arange(300) / 100
    sung = np.where((times > 1) & (times < 2.5), 261.6 * 2 ** (0.8 / 12 * np.sin(2 * np.pi * 5.5 * times)), 0.0)
    onsets = 1.0 + 0.15 * np.arange(9)
    broken = Notes(onsets, onsets + 0.1, np.array([60.0, 72, 73, 79, 61, 71, 59, 80, 84]), np.full(9, 80.0),
                   np.full(9, 52), np.ones(9))

    def made(listener, timeline):
        recipe = next(iter(listener.recipes.values()))
        trained = TrainedListener(listener, recipe, listener.network(recipe).features(), network=None)
        return Prediction(trained, listener.target(timeline, clock, clock.count(round(3.0 * clock.rate))), 3.0, None)

    line = Timeline(3.0, notes=broken, melody=Melody(times, sung, np.ones(300)))
    alone = agree([made(notes.LISTENER, line)]).notes
    together = agree([made(notes.LISTENER, line), made(melody.LISTENER, line)]).notes
    assert len(alone) == 9 and together.pitches.tolist() == [60]
    assert together.onsets[0] == pytest.approx(1.0, abs=0.05) and together.offsets[0] == pytest.approx(2.5, abs=0.05)


def test_what_a_listener_heard_is_given_back_as_soon_as_it_is_decoded_notes_first(monkeypatch):
    """An hour of it is most of what a process holds; memory is given back when it is free, not before."""

    class Heads(dict):
        """Can be referred to weakly."""

    class Listening:
        def __init__(self, label):
            self.decoder = SimpleNamespace(label=label, options=None, decode=None)

        def decode(self, activations, duration, options):
            done.append(self.decoder.label)
            return Timeline(duration)

    done, left = [], []
    listening = [Prediction(Listening(label), Heads(onset=np.zeros(1)), 1.0, None)
                 for label in ("tags", "notes", "notes", "voice")]
    references = [weakref.ref(each.activations) for each in listening]
    monkeypatch.setattr("onpu.analysis.agreement.give_back",
                        lambda: left.append(sum(reference() is not None for reference in references)))
    agree(listening)
    assert (done, left, listening) == (["notes", "notes", "tags", "voice"], [3, 2, 1, 0], [])
