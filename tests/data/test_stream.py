"""An example is a pure function of seed and index; what lies where in the sound lies there in features and targets."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import tiny

from onpu.data.features import compute_features
from onpu.data.plan import Plan
from onpu.data.stream import BatchDataset, ComposedCrops, CorpusCrops, CropExamples, StepSampler

REPRESENTATION = tiny.features()
CLOCK = REPRESENTATION.clock


@pytest.fixture
def stored(corpus):
    return CorpusCrops(corpus, compute_features(corpus, REPRESENTATION), range(len(corpus)), ("beats",))


def examples(*sources, shares=None, seed=1, frames=100, **more):
    return CropExamples(sources, shares or [1] * len(sources), seed, frames, CLOCK, tiny.target, **more)


def equal(one, other):
    return all(np.array_equal(one[name], other[name]) for name in ("features", "mask")) and all(
        np.array_equal(one["targets"][head], other["targets"][head]) for head in one["targets"])


def test_the_same_seed_and_index_give_the_same_example(stored, corpus):
    fresh = CorpusCrops(corpus, stored.features, range(len(corpus)), ("beats",))
    one = examples(stored, augment=lambda values, labels, generator: (values + generator.normal(), labels))
    other = examples(fresh, augment=lambda values, labels, generator: (values + generator.normal(), labels))
    backwards = {index: other.example(index) for index in reversed(range(20))}
    assert all(equal(one.example(index), backwards[index]) for index in range(20))
    assert not equal(one.example(0), one.example(1))
    assert not equal(one.example(0), replace(one, seed=2).example(0))


@pytest.mark.parametrize("stretch", [1.0, 1.25])
def test_targets_lie_where_the_clicks_are(stored, stretch):
    """The energy of each marked frame rises over that of the frame three before it, also where time was stretched."""
    for index in range(30):
        example = examples(stored, stretch=stretch).example(index)
        energy = example["features"].sum(axis=(0, 1))
        marks = np.flatnonzero(example["targets"]["beat"])
        marks = marks[(marks > 2) & (marks < 98)]
        assert (energy[marks] > energy[marks - 3]).all()


def test_a_short_recording_is_filled_up_and_masked(stored):
    example = examples(stored, frames=1000).example(0)
    length = stored.frames(0)
    assert example["features"].shape == (1, REPRESENTATION.bins, 1000)
    assert example["mask"].sum() == length < 1000
    assert not example["features"][..., length:].any() and not example["targets"]["beat"][length:].any()


def test_only_its_own_recordings_are_drawn(stored):
    few = replace(stored, numbers=[2, 5])
    drawn = Counter(few.draw(np.random.default_rng(i), i) for i in range(100))
    assert set(drawn) == {2, 5} and min(drawn.values()) > 25


def test_sources_have_their_shares(stored, monkeypatch):
    mixed = examples(replace(stored, numbers=[0]), replace(stored, numbers=[7]), shares=[3, 1])
    drawn = Counter()
    monkeypatch.setattr(CorpusCrops, "timeline",
                        lambda self, number: (drawn.update([number]), tiny.clicks(number)[1])[1])
    for index in range(400):
        mixed.example(index)
    assert drawn[0] / 400 == pytest.approx(0.75, abs=0.06)


def test_devices_divide_a_batch_among_them(stored):
    whole = BatchDataset(examples(stored), 6)[3]
    parts = [BatchDataset(examples(stored), 6, rank, 2)[3] for rank in range(2)]
    assert whole["step"] == parts[0]["step"] == 3
    for rank, part in enumerate(parts):
        assert np.array_equal(part["features"], whole["features"][rank::2])
        assert np.array_equal(part["targets"]["beat"], whole["targets"]["beat"][rank::2])


def test_consecutive_batches_share_no_example(stored):
    numbers = [index for step in range(3) for index in range(step * 4, step * 4 + 4)]
    batches = [BatchDataset(examples(stored), 4)[step] for step in range(3)]
    single = [examples(stored).example(index) for index in numbers]
    found = np.concatenate([batch["features"] for batch in batches])
    assert np.array_equal(found, np.stack([example["features"] for example in single]))


def test_steps_go_on_from_now():
    now = [0]
    steps = StepSampler(3, lambda: now[0])
    assert list(steps) == [0, 1, 2] and len(steps) == 3
    now[0] = 3
    assert list(steps) == [3, 4, 5]


def test_composed_songs_are_used_for_several_batches(monkeypatch):
    made = []
    monkeypatch.setattr(Plan, "item", lambda self, number: (made.append(number), tiny.clicks(number))[1])
    source = ComposedCrops(Plan(), REPRESENTATION, pool=2, reuse=3)
    numbers = [source.draw(np.random.default_rng(0), index) for index in range(12)]
    assert numbers == [0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3]
    for index in range(12):
        examples(source).example(index)
    assert made == [0, 1, 2, 3]
    assert equal(examples(source).example(1), examples(replace(source, _songs={})).example(1))
