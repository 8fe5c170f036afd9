"""The chroma task: which pitch classes and which plain chord a label becomes, and what is decoded."""

import numpy as np
import pytest
import torch

import onpu.listen.key
from onpu.decode.tasks.chords import ChordOptions
from onpu.decode.tasks.chroma import NONE, QUALITIES, decode
from onpu.listen.chords import chain_of
from onpu.listen.chroma import ChromaRecipe, augment, features, majmin, target
from onpu.models.chord_chain import ChordChain
from onpu.music import Beats, Chords, Clock, Timeline, harte

CLOCK = Clock(22050, 2205)
RECIPE = ChromaRecipe()


def timeline(*labels, seconds=2.0):
    """Each chord for so many seconds."""
    edges = seconds * np.arange(len(labels) + 1)
    chords = Chords(edges[:-1], edges[1:], np.array(labels, dtype=np.str_), np.ones(len(labels)))
    return Timeline(float(edges[-1]), chords=chords)


def heard(line, sure=0.8):
    """Activations of a network that gives each right answer this probability, and of an untrained chain."""
    targets = target(line, CLOCK, CLOCK.count(round(line.duration * CLOCK.rate)))
    ones = targets["chord"]
    with torch.no_grad():
        parts = chain_of({name: value[None] for name, value in ChordChain(len(QUALITIES))().items()})
    return {"chroma": targets["chroma"], "chord": sure * ones + (1 - sure) / 25 * (1 - ones)} | {
        name: value[0].numpy() for name, value in parts.items()}


@pytest.mark.parametrize(("label", "number", "pitches"), [
    ("C:maj", 0, {0, 4, 7}), ("C:min", 1, {0, 3, 7}), ("D:7", 4, {2, 6, 9, 0}), ("A:min7/b3", 19, {9, 0, 4, 7}),
    ("G:maj6", 14, {7, 11, 2, 4}), ("F:minmaj7", 11, {5, 8, 0, 4}), ("C:maj/2", 0, {0, 2, 4, 7}),
    ("B:dim", NONE + 1, {11, 2, 5}), ("C:aug", NONE + 1, {0, 4, 8}), ("A:sus4", NONE + 1, {9, 2, 4}),
    ("E:5", NONE + 1, {4, 11}), ("N", NONE, set()), ("X", NONE + 1, set())])
def test_what_a_label_becomes(label, number, pitches):
    assert majmin(label) == number
    found = target(timeline(label), CLOCK, 15)
    assert found["chord"][number].all() and found["chord"].sum() == 15
    assert set(np.flatnonzero(found["chroma"][:, 3]).tolist()) == pitches


def test_what_goes_in_comes_out():
    sequence = ["C:maj", "A:min", "N", "F:maj", "G:min", "X", "Eb:maj"]
    found = decode(heard(timeline(*sequence)), CLOCK, ChordOptions())["chords"].validate()
    assert [harte.to_class(str(a)) for a in found.labels] == [harte.to_class(b) for b in sequence]
    np.testing.assert_allclose(found.starts, 2 * np.arange(7), atol=0.5 / CLOCK.fps)


def test_with_beats_chords_begin_exactly_on_them():
    times = 0.31 + 0.47 * np.arange(17)
    beats = Beats.of(times, np.arange(17) % 4 + 1)
    chords = Chords(times[0:16:4], times[4:17:4], np.array(["C:maj", "F:maj", "G:maj", "A:min"]), np.ones(4))
    activations = heard(Timeline(float(times[-1]), chords=chords, beats=beats))
    found = decode(activations, CLOCK, ChordOptions(beats=beats))["chords"]
    np.testing.assert_array_equal(found.starts[np.isin(found.labels, ["F:maj", "G:maj", "A:min"])], times[4:16:4])


def test_nothing_heard_is_nothing_found():
    for frames in (0, 20):
        silent = {"chroma": np.zeros((12, frames)), "chord": np.zeros((NONE + 2, frames))}
        assert not len(decode(silent, CLOCK, ChordOptions())["chords"].labels)


def test_spectrum_and_labels_are_transposed_alike(monkeypatch):
    monkeypatch.setattr(onpu.listen.key, "augment_spectrum", lambda spectra, rng, mul, shift: spectra)

    def sinusoid(pitch):
        wave = 0.3 * np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * np.arange(2 * 22050) / 22050)
        with torch.inference_mode():
            return features()(torch.from_numpy(wave.astype(np.float32))[None])[0].numpy()

    places = {shift: int(sinusoid(72 + shift)[0, :, 10].argmax()) for shift in range(-5, 7)}
    spectrum, moves = sinusoid(72), set()
    for seed in range(24):
        varied, moved = augment(spectrum, timeline("C:maj/3", "A:min"), np.random.default_rng(seed), RECIPE)
        first, second = (harte.parse(str(label)) for label in moved.chords.labels)
        shift = (first.root + 5) % 12 - 5
        assert first.bass == 4 and second.root == (9 + shift) % 12
        assert abs(int(varied[0].mean(axis=1).argmax()) - places[shift]) <= 1, seed
        moves.add(shift)
    assert 3 in moves and len(moves) > 7
