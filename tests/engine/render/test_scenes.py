"""Scenes of sounds."""

import numpy as np
import pytest

from onpu.data.plan import Plan
from onpu.engine.render.scenes import BACKGROUNDS, HAPPENINGS, scene
from onpu.music.events import SOUNDS

RATE = 16_000


@pytest.fixture(scope="module")
def scenes():
    return [scene(seed, 8.0, RATE) for seed in range(12)]


def test_equal_seeds_give_equal_bytes(scenes):
    again, events = scene(3, 8.0, RATE)
    np.testing.assert_array_equal(again.samples, scenes[3][0].samples)
    assert events.labels.tolist() == scenes[3][1].labels.tolist()
    np.testing.assert_array_equal(events.starts, scenes[3][1].starts)


def test_labels_are_valid_known_and_within_the_scene(scenes):
    assert {label for label in (*BACKGROUNDS, *HAPPENINGS) if label} == set(SOUNDS)
    found = set()
    for audio, events in scenes:
        events.validate()
        assert audio.samples.shape == (2, 8 * RATE) and 0 < np.abs(audio.samples).max() <= 1
        assert (events.starts >= 0).all() and (events.ends <= 8.0 + 1e-9).all() and (events.ends > events.starts).all()
        found |= set(events.labels.tolist())
    assert found <= set(SOUNDS) and len(found) >= 6


def test_something_is_heard_where_an_event_lies(scenes):
    """On average it is louder there than in the same scene where no event is but the background."""
    gains = []
    for audio, events in scenes:
        foreground = events.select(np.isin(events.labels, list(HAPPENINGS)))
        seconds = np.arange(audio.samples.shape[1]) / RATE
        inside = np.zeros(len(seconds), dtype=bool)
        for start, end in zip(foreground.starts, foreground.ends, strict=True):
            inside |= (seconds >= start) & (seconds < end)
        if inside.any() and not inside.all():
            power = (audio.samples**2).mean(axis=0)
            gains.append(10 * np.log10(power[inside].mean() / power[~inside].mean()))
    assert len(gains) > 5 and np.mean(gains) > 5


def test_a_plan_of_scenes_has_labels_of_events_and_no_music():
    plan = Plan(seed=4, seconds=5.0, rate=RATE, scenes=1.0)
    audio, timeline = plan.item(2)
    assert len(timeline.events) and not len(timeline.beats) and audio.duration == 5.0
    assert plan.soundfonts() == [] and Plan.of(plan.named()) == plan
    assert Plan(seed=4, seconds=5.0, rate=RATE, negatives=1.0).item(2)[1].events.labels.size == 0
