"""The onset task: notes and hits that are heard as one make one onset; slow attacks are not insisted on."""

import numpy as np
import pytest
import torch

from onpu.decode.tasks.onsets import OnsetOptions, decode
from onpu.errors import LabelError, OnpuError
from onpu.listen.onsets import LABEL_SMOOTHING, LISTENER, augment, loss, onsets_of, target
from onpu.music import Clock, Drums, Notes, Onsets, Timeline
from onpu.music.onsets import MERGED_ONSET_SECONDS

CLOCK = Clock(44100, 441)


def notes(times, program=0, velocity=80):
    times = np.asarray(times, dtype=float)
    full = np.ones(len(times))
    return Notes(times, times + 0.2, 60 * full, velocity * full, program * full, full)


def hits(times, velocity=80):
    times = np.asarray(times, dtype=float)
    full = np.ones(len(times))
    return Drums(times, 36 * full, velocity * full, full)


def test_onsets_are_of_notes_and_hits_together():
    timeline = Timeline(5.0, notes=notes([1.0, 1.02, 2.0]), drums=hits([1.01, 3.0]))
    assert onsets_of(timeline).times.tolist() == [1.0, 2.0, 3.0]
    own = Onsets(np.array([0.7]), np.ones(1))
    assert onsets_of(Timeline(5.0, notes=notes([1.0]), onsets=own)) is own
    assert onsets_of(Timeline(5.0, drums=hits([]))).times.shape == (0,)
    with pytest.raises(LabelError, match="onsets"):
        onsets_of(Timeline(5.0))


def test_target_and_decoder_are_inverse():
    times = np.cumsum(np.random.default_rng(0).uniform(0.04, 0.5, 100))
    found = decode(target(Timeline(40.0, notes=notes(times)), CLOCK, 4001), CLOCK, OnsetOptions())["onsets"].validate()
    assert len(found.times) == len(times)
    assert np.median(np.abs(found.times - times)) < 0.25 * 0.01 and np.abs(found.times - times).max() < 0.01


def test_slow_and_hidden_notes_count_less():
    timeline = Timeline(8.0, notes=notes([1.0, 3.0], program=48), drums=hits([2.0, 3.01]))
    weight = target(timeline, CLOCK, 801)["weight"]
    assert weight[100] == pytest.approx(LABEL_SMOOTHING) and weight[200] == weight[300] == weight[400] == 1
    soft = target(Timeline(8.0, notes=notes([1.0], velocity=5)), CLOCK, 801)["weight"]
    assert soft[100] == pytest.approx(LABEL_SMOOTHING)
    labelled = Timeline(8.0, notes=notes([1.0], program=48), onsets=Onsets(np.array([1.0]), np.ones(1)))
    assert (target(labelled, CLOCK, 801)["weight"] == 1).all()


def test_loss_ignores_what_is_masked_and_believes_half_of_what_is_half_sure():
    logits = {"onset": torch.zeros(1, 10)}
    heads = {"onset": torch.zeros(1, 10), "weight": torch.ones(1, 10)}
    assert loss(logits, heads, torch.ones(1, 10)).item() == pytest.approx(np.log(2))
    assert loss(logits, heads, torch.zeros(1, 10)).item() == 0
    logits["onset"][0, 3] = 20
    heads["weight"][0, 3] = 0.5
    assert loss(logits, heads, torch.ones(1, 10)).item() == pytest.approx((9 * np.log(2) + 0.5 * 20) / 9.5)


def test_threshold_is_the_users_choice():
    activation = {"onset": target(Timeline(4.0, notes=notes([1.0, 2.0, 3.0])), CLOCK, 401)["onset"]}
    activation["onset"] *= 0.9
    activation["onset"][150:250] *= 0.5
    assert [len(decode(activation, CLOCK, OnsetOptions(onset_threshold=value))["onsets"].times)
            for value in (0.2, 0.6, 0.95)] == [3, 2, 0]
    for value in (0.0, 1.0, -3.0):
        with pytest.raises(OnpuError, match="give"):
            OnsetOptions(onset_threshold=value)


def test_found_onsets_are_apart():
    noise = np.random.default_rng(0).random(5000)
    times = decode({"onset": noise}, CLOCK, OnsetOptions())["onsets"].validate().times
    assert len(times) > 100 and np.diff(times).min() > MERGED_ONSET_SECONDS - 0.01


def test_varied_spectra_keep_shape_and_labels():
    recipe = LISTENER.recipes["small"]
    timeline = Timeline(1.0, notes=notes([0.5]))
    spectra = np.random.default_rng(0).random((3, 80, 100)).astype(np.float32)
    changed, labels = augment(spectra, timeline, np.random.default_rng(1), recipe)
    assert changed.shape == spectra.shape and changed.dtype == np.float32 and labels is timeline
    assert np.array_equal(changed, augment(spectra, timeline, np.random.default_rng(1), recipe)[0])
    assert not np.allclose(changed, spectra)
