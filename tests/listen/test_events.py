"""Sound events: decoding, and what the shipped weights hear in composed scenes."""

import numpy as np
import pytest

import onpu
from onpu.decode.tasks.events import EventOptions, decode
from onpu.engine.render.scenes import scene
from onpu.listen.events import target
from onpu.metrics.events import evaluate
from onpu.music import Clock, Timeline
from onpu.music.events import SOUNDS, Events

CLOCK = Clock(16_000, 800)


def heard(**active: slice) -> dict[str, np.ndarray]:
    values = np.zeros((len(SOUNDS), 100), np.float32)
    for name, where in active.items():
        values[SOUNDS.index(name), where] = 0.9
    return {"events": values}


def test_runs_of_frames_are_events_that_may_overlap():
    found = decode(heard(rain=slice(20, 60), birds=slice(40, 80)), CLOCK, EventOptions())["events"].validate()
    assert found.labels.tolist() == ["rain", "birds"]
    np.testing.assert_allclose(found.starts, [0.975, 1.975])
    np.testing.assert_allclose(found.ends, [2.975, 3.975])
    np.testing.assert_allclose(found.confidence, 0.9)


def test_a_moment_alone_is_no_event_and_a_moment_without_parts_none():
    values = heard(rain=slice(20, 60), birds=slice(40, 42))
    values["events"][SOUNDS.index("rain"), 30:33] = 0
    found = decode(values, CLOCK, EventOptions())["events"]
    assert found.labels.tolist() == ["rain"]
    assert len(decode(values, CLOCK, EventOptions(event_median_seconds=0.0))["events"]) == 3


def test_targets_are_one_while_something_is_heard():
    timeline = Timeline(5.0, events=Events.of([(1.0, 2.0, "rain", 1.0)]))
    values = target(timeline, CLOCK, 100)["events"]
    assert values.sum() == values[SOUNDS.index("rain"), 20:41].sum() == 21
    assert not target(Timeline(5.0), CLOCK, 100)["events"].any()


def test_shipped_weights_hear_what_was_composed():
    trained = onpu.load("events", device="cpu")
    scores = []
    for seed in range(900, 908):
        audio, events = scene(seed, 10.0, 16_000)
        found = trained(audio)
        scores.append(evaluate(events, found, 10.0))
    assert np.mean([score["F-measure"] for score in scores]) > 0.5
    assert np.mean([score["Error rate"] for score in scores]) < 0.85


def test_silence_has_no_events():
    silence = onpu.Audio(np.zeros((1, 80_000), np.float32), 16_000)
    assert len(onpu.load("events", device="cpu")(silence)) == 0


@pytest.mark.parametrize("seconds", [0.01, 0.3])
def test_short_sounds_are_heard_out(seconds):
    audio, _ = scene(3, seconds, 16_000)
    found = onpu.load("events", device="cpu").timeline(audio)
    assert found.duration == pytest.approx(seconds) and (found.events.ends <= seconds + 0.1).all()
