"""The chord task: what a label becomes, what is decoded of what is heard, and recordings in other keys."""

import numpy as np
import pytest
import torch

from onpu.decode.targets import half_beats
from onpu.decode.tasks.chords import ChordOptions, decode
from onpu.engine.augment import spectrum as augmentation
from onpu.engine.augment.labels import transposed
from onpu.errors import OnpuError
from onpu.listen.chords import LISTENER, ChordRecipe, as_classes, augment, chain_of, features, target
from onpu.models.chord_chain import ChordChain
from onpu.music import Beats, Chords, Clock, Timeline, harte

CLOCK = Clock(22050, 2048)
RECIPE = ChordRecipe(network="crnn")


def timeline(*labels, seconds=2.0, beats=None):
    """Each chord for so many seconds."""
    edges = seconds * np.arange(len(labels) + 1)
    chords = Chords(edges[:-1], edges[1:], np.array(labels, dtype=np.str_), np.ones(len(labels)))
    return Timeline(float(edges[-1]), chords=chords, beats=beats)


def heard(line, sure=0.9, chain=True):
    """Activations of a network that gives each right answer this probability, and of an untrained chain."""
    targets = target(line, CLOCK, CLOCK.count(round(line.duration * CLOCK.rate)))
    out = {"pitches": sure * targets["pitches"] + (1 - sure) * (1 - targets["pitches"])}
    for head in ("chord", "root", "bass"):
        ones = targets[head]
        out[head] = sure * ones + (1 - sure) / (len(ones) - 1) * (1 - ones)
    if chain:
        with torch.no_grad():
            parts = chain_of({name: value[None] for name, value in ChordChain(len(harte.VOCABULARY))().items()})
        out |= {name: value[0].numpy() for name, value in parts.items()}
    return out


def labels(line, **options):
    return [str(label) for label in decode(heard(line), CLOCK, ChordOptions(**options))["chords"].labels]


@pytest.mark.parametrize(("label", "root", "bass", "pitches"), [
    ("C:maj", 0, 0, {0, 4, 7}), ("C:maj/3", 0, 4, {0, 4, 7}), ("A:min7/b7", 9, 7, {9, 0, 4, 7}),
    ("Eb:7/5", 3, 10, {3, 7, 10, 1}), ("C:maj/2", 0, 2, {0, 2, 4, 7}), ("B:hdim7/b5", 11, 5, {11, 2, 5, 9}),
    ("G:9", 7, 7, {7, 11, 2, 5, 9}), ("F#:sus4(b7)", 6, 6, {6, 11, 1, 4}), ("E:5", 4, 4, {4, 11}), ("D:1", 2, 2, {2}),
    ("N", 12, 12, set()), ("X", 12, 12, set())])
def test_what_a_label_becomes(label, root, bass, pitches):
    found = target(timeline(label), CLOCK, 20)
    assert found["chord"][:, 5].argmax() == harte.to_class(label)
    assert found["root"][:, 5].argmax() == root and found["bass"][:, 5].argmax() == bass
    assert set(np.flatnonzero(found["pitches"][:, 5]).tolist()) == pitches
    assert all(found[head].sum(axis=0).tolist() == [1] * 20 for head in ("chord", "root", "bass"))


def test_classes_of_labels():
    kinds = {"G:9": "G:7", "C:maj/2": "C:maj", "F#:sus4(b7)": "F#:sus4", "A:min7/b7": "A:min7", "D:min9/5": "D:min7"}
    assert all(harte.to_class(label) == harte.to_class(plain) for label, plain in kinds.items())
    assert {harte.to_class(label) for label in ("D:1", "X", "C:(b2,4)")} == {harte.UNNAMED}


def test_what_is_not_labelled_is_not_told():
    chords = Chords(np.array([1.0, 3.0]), np.array([2.0, 4.0]), np.array(["C:maj", "F:maj"]), np.ones(2))
    found = target(Timeline(5.0, chords=chords), CLOCK, CLOCK.count(5 * CLOCK.rate))
    told = (found["chord"].sum(axis=0) > 0).astype(int)
    times = CLOCK.seconds(np.arange(len(told)))
    np.testing.assert_array_equal(told, ((times >= 1) & (times < 2)) | ((times >= 3) & (times < 4)))
    for head in ("root", "bass", "pitches"):
        assert not found[head][:, told == 0].any()


@pytest.mark.parametrize("sequence", [
    ("C:maj", "C:maj/3", "F:maj", "C:maj/5", "G:7", "G:7/b7", "C:maj/3"), ("N", "A:min", "X", "N"),
    ("D:min7", "G:7", "C:maj7", "A:hdim7/b5", "D:min6", "B:dim7", "E:aug", "A:sus4", "A:sus2", "F#:minmaj7/b3")])
def test_what_goes_in_comes_out(sequence):
    line = timeline(*sequence)
    found = decode(target(line, CLOCK, CLOCK.count(round(line.duration * CLOCK.rate))), CLOCK, ChordOptions())["chords"]
    merged = [a for a, b in zip(sequence, [*sequence[1:], ""], strict=True) if not same_class(a, b)]
    assert [harte.to_class(str(label)) for label in found.labels] == [harte.to_class(label) for label in merged]
    np.testing.assert_allclose(found.ends[:-1], found.starts[1:])
    assert found.starts[0] == 0 and found.ends[-1] == pytest.approx(line.duration, abs=1 / CLOCK.fps)


def same_class(label, other):
    return bool(other) and harte.to_class(label) == harte.to_class(other)


@pytest.mark.parametrize("chord", ["C:maj/3", "C:maj/5", "A:min7/b3", "A:min7/5", "A:min7/b7", "G:7/3", "D:hdim7/b5",
                                   "E:aug/#5", "F:sus4/5", "B:dim/b3"])
def test_inversions_are_heard_from_the_bass(chord):
    found = [harte.parse(label) for label in labels(timeline("N", chord, "N"))]
    wanted = harte.parse(chord)
    assert (found[1].root, found[1].quality, found[1].bass) == (wanted.root, wanted.quality, wanted.bass)


def test_a_bass_that_is_no_chord_tone_is_not_named():
    assert labels(timeline("C:maj/2", "F:maj")) in (["C:maj", "F:maj"], ["C:maj/3", "F:maj"], ["C:maj/5", "F:maj"])


def test_power_chords_have_their_roots_and_come_apart():
    assert labels(timeline("E:5", "G:5", "A:5", "A:min")) == ["E:5", "G:5", "A:5", "A:min"]
    assert labels(timeline("C:maj", "D:1", "X")) == ["C:maj", "D:1", "X"]


def without_fifths(activations):
    """Activations as those of a network of the 14 published qualities, which hears power chords as unnamed."""
    published = harte.PUBLISHED_QUALITIES
    chord = as_classes(torch.from_numpy(activations["chord"])[None], 12 * published + 2)[0].numpy()
    with torch.no_grad():
        parts = chain_of({name: value[None] for name, value in ChordChain(published)().items()})
    return activations | {"chord": chord} | {name: value[0].numpy() for name, value in parts.items()}


def test_a_network_of_the_published_qualities_names_its_chords_alike():
    line = timeline("E:5", "G:5", "A:min7/b3", "N", "B:sus4", "X", "C:maj", "F#:5")
    activations = without_fifths(heard(line))
    assert activations["chord"].shape[0] == 170
    found = decode(activations, CLOCK, ChordOptions())["chords"]
    assert found.labels.tolist() == labels(line) == line.chords.labels.tolist()
    every = {harte.class_label(number) for number in range(harte.CLASSES)}
    assert {str(other) for other in found.alternatives.ravel()} <= every


def test_to_fewer_qualities_only_power_chords_are_unnamed():
    whole = torch.eye(harte.CLASSES)[None]  # frame n has class n
    assert torch.equal(as_classes(whole, harte.CLASSES), whole)
    fewer = as_classes(whole, 170)[0]
    assert torch.equal(fewer.sum(dim=0), torch.ones(harte.CLASSES))
    for number in range(harte.CLASSES):
        label, found = harte.class_label(number), int(fewer[:, number].argmax())
        root, quality = divmod(found, 14)
        if number == harte.NONE:
            assert found == 168
        elif label == "X" or label.endswith(":5"):
            assert found == 169
        else:
            assert (root, harte.VOCABULARY[quality]) == (harte.parse(label).root, harte.parse(label).quality)


def test_other_numbers_of_qualities_are_refused():
    with pytest.raises(OnpuError, match="qualities is 16; give a number from 1 to 15"):
        ChordRecipe(qualities=16)


def test_alternatives_are_ordered_and_less_likely():
    line = timeline("C:maj", "A:min7", "N", "G:7/3")
    activations = heard(line, 0.6)
    rng = np.random.default_rng(0)
    activations["chord"] = activations["chord"] * rng.uniform(0.3, 1.7, activations["chord"].shape)
    activations["chord"] /= activations["chord"].sum(axis=0)
    found = decode(activations, CLOCK, ChordOptions())["chords"].validate()
    assert found.alternatives.shape == found.chances.shape == (len(found.labels), 2)
    assert (found.chances[:, 0] >= found.chances[:, 1]).all() and (found.chances[:, 0] <= found.confidence).all()
    for label, others in zip(found.labels, found.alternatives, strict=True):
        classes = {harte.to_class(str(name)) for name in (label, *others)}
        assert len(classes) == 3


def test_the_runner_up_is_the_second_best():
    line = timeline("C:maj", "F:maj")
    activations = heard(line, 0.6)
    second = harte.to_class("A:min")
    activations["chord"][second] += 0.3
    activations["chord"] /= activations["chord"].sum(axis=0)
    assert decode(activations, CLOCK, ChordOptions())["chords"].alternatives[:, 0].tolist() == ["A:min", "A:min"]


def test_confidence_grows_with_what_is_heard():
    level = [decode(heard(timeline("C:maj", "F:maj"), sure), CLOCK, ChordOptions())["chords"].confidence.mean()
             for sure in (0.3, 0.6, 0.9)]
    assert 0 < level[0] < level[1] < level[2] <= 1


def test_with_beats_chords_begin_exactly_on_them():
    """Where the frames around a beat tell nothing, the change is put on it; it is nowhere else than on the grid."""
    times = 0.37 + 0.53 * np.arange(24)
    beats = Beats.of(times, np.arange(24) % 4 + 1)
    starts, names = times[[0, 4, 8, 10, 12, 16, 20]], ["C:maj", "A:min", "F:maj", "G:7", "C:maj", "D:min7", "G:7"]
    chords = Chords(starts, np.append(starts[1:], times[-1]), np.array(names), np.ones(7))
    line = Timeline(float(times[-1]), chords=chords, beats=beats)
    activations = heard(line)
    known = activations["chord"].copy()
    for at in np.round(CLOCK.frames(starts[1:])).astype(int):
        known[:, at - 2 : at + 2] = 1 / harte.CLASSES
    activations["chord"] = known
    found = decode(activations, CLOCK, ChordOptions(beats=beats))["chords"]
    inner = found.starts[np.isin(found.labels, names)][1:]
    np.testing.assert_array_equal(inner, starts[1:])
    grid = np.concatenate([times, half_beats(beats)])
    assert np.isin(found.starts[1:], grid).all()
    without = decode(activations, CLOCK, ChordOptions())["chords"].starts
    assert not np.isin(without[1:], grid).any(), "without beats there is no grid to be on"


def test_nothing_heard_is_nothing_found():
    for frames in (0, 30):
        silent = {head: np.zeros((rows, frames))
                  for head, rows in (("chord", harte.CLASSES), ("root", 13), ("bass", 13), ("pitches", 12))}
        found = decode(silent, CLOCK, ChordOptions())
        assert not len(found["chords"].labels) and not len(found["tuning"].cents)


def sinusoid(pitch, seconds=4):
    time = np.arange(seconds * 22050) / 22050
    wave = 0.3 * np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time)
    with torch.inference_mode():
        return features()(torch.from_numpy(wave.astype(np.float32))[None])[0].numpy()


def test_spectrum_and_labels_are_transposed_alike(monkeypatch):
    """By as many bins as semitones, a little out of tune; three semitones up C4 lies where Eb4 does. Without rumble,
    which is louder than a tone of which a low-pass leaves a thousandth."""
    monkeypatch.setattr(augmentation, "RUMBLE_CHANCE", 0.0)
    spectrum, line = sinusoid(60), timeline("C:maj/3", "A:min7", "N")
    places, moves = {}, set()
    for pitch in range(54, 67):
        places[pitch - 60] = sinusoid(pitch, 2)[0, :, 10].argmax()
    for seed in range(40):
        varied, moved = augment(spectrum, line, np.random.default_rng(seed), RECIPE)
        assert varied.shape == spectrum.shape and varied.dtype == np.float32
        shift = (harte.parse(str(moved.chords.labels[0])).root + 6) % 12 - 6
        assert shift in range(-6, 7)
        level = np.median(varied[0], axis=1)
        options = {places[shift], places[shift + 12]} if shift == -6 else {places[shift]}
        assert min(abs(int(level.argmax()) - place) for place in options) <= 1, seed
        again = transposed(line, shift).chords.labels
        assert [harte.to_class(str(a)) for a in again] == [harte.to_class(str(b)) for b in moved.chords.labels]
        moves.add(shift)
    assert 3 in moves and len(moves) > 8


def test_a_recipe_without_semitones_stays_in_its_key():
    recipe = ChordRecipe(network="crnn", pitch_shift_semitones=0)
    line = timeline("C:maj", "F:min")
    assert augment(sinusoid(60), line, np.random.default_rng(0), recipe)[1].chords.labels.tolist() == ["C:maj", "F:min"]


def test_the_options_have_no_beats_until_they_are_found():
    assert LISTENER.options.beats is None and "beats" in LISTENER.reads
