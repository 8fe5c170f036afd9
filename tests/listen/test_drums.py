"""The drum task: hits of eight classes with velocities there and back; beats beside them where they are known."""

import numpy as np
import pytest
import torch

from onpu.decode.tasks.drums import HATS, PITCHES, DrumOptions, decode
from onpu.errors import LabelError, OnpuError
from onpu.listen.drums import LISTENER, augment, loss, target
from onpu.music import Beats, Clock, Drums, Timeline
from onpu.music.drums import CLASSES

CLOCKS = [Clock(22050, 441), Clock(44100, 441)]


def timeline(times, pitches, velocities=None, beats=None):
    order = np.argsort(times, kind="stable")
    times, pitches = np.asarray(times, dtype=float)[order], np.asarray(pitches, dtype=int)[order]
    loud = np.full(len(times), 90) if velocities is None else np.asarray(velocities)[order]
    return Timeline(20.0, drums=Drums(times, pitches, loud, np.ones(len(times))), beats=beats)


def groove(seed=0):
    rng = np.random.default_rng(seed)
    parts = [(np.cumsum(rng.uniform(0.15, 0.9, 20)), pitch) for pitch in PITCHES if pitch != PITCHES[HATS[1]]]
    times, pitches = np.concatenate([part for part, _ in parts]), np.repeat([pitch for _, pitch in parts], 20)
    return timeline(times, pitches, rng.integers(20, 127, len(times)))


@pytest.mark.parametrize("clock", CLOCKS)
def test_target_and_decoder_are_inverse(clock):
    truth = groove()
    found = decode(target(truth, clock, clock.count(20 * clock.rate)), clock, DrumOptions())["drums"].validate()
    order = np.lexsort((found.times, found.pitches)), np.lexsort((truth.drums.times, truth.drums.pitches))
    np.testing.assert_array_equal(found.pitches[order[0]], truth.drums.pitches[order[1]])
    np.testing.assert_allclose(found.times[order[0]], truth.drums.times[order[1]], atol=0.25 / clock.fps)
    np.testing.assert_array_equal(found.velocities[order[0]], truth.drums.velocities[order[1]])
    assert (np.diff(found.times) >= 0).all()


def test_every_number_is_written_as_its_class():
    pitches = [pitch for pitches in CLASSES.values() for pitch in pitches]
    truth = timeline(np.arange(len(pitches)) * 0.5 + 0.3, pitches)
    found = decode(target(truth, CLOCKS[0], 1501), CLOCKS[0], DrumOptions())["drums"]
    assert found.pitches.tolist() == [own[0] for own in CLASSES.values() for _ in own]
    assert set(PITCHES) == {36, 38, 42, 46, 47, 51, 49, 54}


def test_hi_hat_is_open_or_closed_never_both():
    hits = np.zeros((8, 100))
    hits[HATS[0], 20], hits[HATS[1], 20] = 0.3, 0.5
    hits[HATS[0], 60], hits[HATS[1], 60] = 0.4, 0.2
    found = decode({"hits": hits, "velocity": np.full((8, 100), 0.5)}, CLOCKS[0], DrumOptions())["drums"]
    assert found.pitches.tolist() == [46, 42]
    assert found.confidence == pytest.approx([0.8, 0.6])


def test_threshold_is_the_users_choice():
    activations = target(groove(), CLOCKS[0], 1001)
    activations["hits"] = 0.5 * activations["hits"]
    counts = [len(decode(activations, CLOCKS[0], DrumOptions(drum_threshold_factor=value))["drums"].times)
              for value in (0.5, 1.0, 9.0)]
    assert counts[0] >= counts[1] > counts[2] == 0
    with pytest.raises(OnpuError, match="give"):
        DrumOptions(drum_threshold_factor=0.0)


def test_no_drums_are_a_label_and_unlabelled_ones_are_not():
    heads = target(timeline([], []), CLOCKS[0], 300)
    assert not heads["hits"].any() and not heads["counted"].any()
    with pytest.raises(LabelError, match="drums"):
        target(Timeline(6.0), CLOCKS[0], 300)


def test_beats_are_learned_where_they_are_labelled():
    mask = torch.ones(1, 300)
    logits = {"hits": torch.zeros(1, 8, 300), "velocity": torch.zeros(1, 8, 300),
              "beat": torch.zeros(1, 300, requires_grad=True), "downbeat": torch.zeros(1, 300)}
    beats = Beats.of(np.arange(0.5, 5, 0.5), np.arange(9) % 4 + 1)
    for labelled in (beats, None):
        truth = timeline([1.0], [36], beats=labelled)
        heads = {name: torch.from_numpy(head)[None] for name, head in target(truth, CLOCKS[0], 300).items()}
        (gradient,) = torch.autograd.grad(loss(logits, heads, mask), logits["beat"], allow_unused=True)
        assert bool(gradient.abs().sum() > 0) == (labelled is not None)


@pytest.mark.parametrize("recipe", LISTENER.recipes.values())
def test_varied_spectra_keep_shape_and_labels(recipe):
    truth = groove()
    bins = LISTENER.network(recipe).features().bins
    spectra = np.random.default_rng(0).random((1, bins, 100)).astype(np.float32)
    changed, labels = augment(spectra, truth, np.random.default_rng(1), recipe)
    assert changed.shape == spectra.shape and labels is truth
    assert np.array_equal(changed, augment(spectra, truth, np.random.default_rng(1), recipe)[0])


def test_differences_of_varied_spectra_are_theirs():
    recipe = LISTENER.recipes["paper"]
    bins = LISTENER.network(recipe).features().bins
    changed, _ = augment(np.random.default_rng(0).random((1, bins, 50)).astype(np.float32), groove(),
                      np.random.default_rng(2), recipe)
    own, rise = changed[:, : bins // 2], changed[:, bins // 2 :]
    np.testing.assert_allclose(rise[..., 1:], np.maximum(np.diff(own, axis=-1), 0), atol=1e-6)
    assert not rise[..., 0].any()
