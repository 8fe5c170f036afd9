"""The laws that every task keeps, over every task found in `listen/` and each of its networks, made tiny.

1 labels survive targets and decoding; 2 a batch can be overfitted; 3 every parameter learns; 4 chunks, padding and
order change nothing; 5 saving changes nothing; 6 answers are what they were; 7 time has no bias; 8 papers are cited,
deviations confessed; 9 whatever is handed in gives a result or an error of the family.
"""

import re
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from cases import build, cases, recipes_of, sound
from make_golden import GOLDEN, answers

import onpu.inference.collecting
import onpu.inference.passing
from onpu.data.plan import nothing
from onpu.engine.compose import compose
from onpu.errors import OnpuError
from onpu.listen import load, tasks
from onpu.music import Audio, Timeline
from onpu.weights import models, write_weights

CASES = cases()
STYLES = ("ballet waltz", "bossa nova", "eurodance", "odd rock", "piano march", "reggae", "spanish piano")
SURVIVES = {"melody": 0.91, "multif0": 0.85, "notes": 0.94}
"""Of tasks that are judged every 10 ms: their frames are 23 and 32 ms long, and shorter pauses are lost."""
LARGE = 10_000
"""Values a second of a large spectrum."""
FEW = 220
"""Frames of a batch that is to be overfitted: a recurrent layer takes its time."""
each_task = pytest.mark.parametrize("task", tasks())
each_case = pytest.mark.parametrize("case", CASES)
each_network = pytest.mark.parametrize("case", [case for case in CASES if not CASES[case][0].weights])


@pytest.fixture(scope="module")
def songs():
    return [compose(seed, style, 25.0).timeline for seed, style in enumerate(STYLES)]


@pytest.fixture
def trained(case):
    return build(*CASES[case])


def batch(trained, count=2, seconds=6.0):
    """Features, targets and mask of `count` steady songs, whose sound and labels are made for each other."""
    listener, clock = trained.listener, trained.features.clock
    features, targets = [], []
    for seed in range(count):
        audio = sound(seconds, trained.features.rate, seed)
        with torch.inference_mode():
            features.append(trained.features(torch.from_numpy(audio.samples))[0])
        timeline = steady(seconds)
        targets.append(listener.target(timeline, clock, features[-1].shape[-1]))
    heads = {head: torch.from_numpy(np.stack([target[head] for target in targets])) for head in targets[0]}
    stacked = torch.stack(features).clone()
    return stacked, heads, torch.ones(count, stacked.shape[-1])


def steady(seconds: float) -> Timeline:
    """A composed song's labels, so that every field is there, with beats where `sound` has its chords."""
    labels = compose(1, "eurodance", seconds).timeline
    times = np.arange(0.2, seconds, 0.5)
    beats = replace(labels.beats, times=times, positions=np.arange(len(times)) % 4 + 1, confidence=np.ones(len(times)))
    return replace(labels, duration=seconds, beats=beats)


def criterion(listener, reference, estimate):
    scores = listener.metric(reference, estimate)
    return [scores[name] for name in listener.criterion if name in scores]


@each_task
def test_1_labels_survive_targets_and_decoding(task, songs):
    listener = tasks()[task]
    for name, recipe in recipes_of(listener).items():
        clock = listener.network(recipe).features().clock
        for song in songs:
            frames = clock.count(round(song.duration * clock.rate))
            found = listener.decode(listener.target(song, clock, frames), clock, listener.options)
            assert set(found) == set(listener.fields)
            estimate = Timeline(song.duration, **found).validate()
            assert min(criterion(listener, song, estimate)) >= SURVIVES.get(task, 0.95), (name, song.tags)


@each_task
def test_1_what_is_empty_stays_empty(task):
    listener = tasks()[task]
    clock = listener.network(listener.recipes["small"]).features().clock
    silent = nothing(5.0)
    for frames in (0, 1, clock.count(5 * clock.rate)):
        found = Timeline(5.0, **listener.decode(listener.target(silent, clock, frames), clock, listener.options))
        found.validate()
        if found.chords is not None and frames > 1:
            assert list(found.chords.labels) == ["N"]
        assert all(column.size == 0 for name, column in found.arrays().items()
                   if not name.startswith(("duration", "chords")))
    assert all(score == 1 for score in criterion(listener, silent, found))


def least(listener, logits, targets, mask):
    """The loss of the best answer, above 0 where targets rise and fall; 0 where heads and targets are not alike."""
    if any(head not in targets or targets[head].shape != values.shape for head, values in logits.items()):
        return 0.0
    best = {head: torch.logit(targets[head].clamp(1e-4, 1 - 1e-4)) for head in logits}
    return min(listener.loss(best, targets, mask).item(), listener.loss(logits, targets, mask).item())


@each_network
def test_2_a_batch_can_be_overfitted(case, trained):
    """Two thirds of what a network that knows nothing but averages has to lose are lost."""
    listener, network = trained.listener, trained.network
    features, targets, mask = batch(trained, seconds=min(6.0, FEW / trained.features.clock.fps))
    torch.manual_seed(0)
    network.train()
    for module in network.modules():
        if isinstance(module, torch.nn.modules.dropout._DropoutNd):
            module.p = 0.0
    optimizer = torch.optim.Adam(network.parameters(), 0.01)
    losses: list[float] = []
    lost = False
    while not lost and len(losses) < 100:
        optimizer.zero_grad()
        logits = network(features)
        loss = listener.loss(logits, targets, mask)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if len(losses) % 10 == 0:
            floor = least(listener, {head: values.detach() for head, values in logits.items()}, targets, mask)
            lost = losses[-1] - floor < (losses[0] - floor) / 3
    assert lost, (losses[0], losses[-1], floor)


@each_network
def test_3_every_parameter_gets_a_finite_gradient(case, trained):
    features, targets, mask = batch(trained)
    trained.network.train()
    trained.listener.loss(trained.network(features), targets, mask).backward()
    for name, parameter in trained.network.named_parameters():
        assert parameter.grad is not None and torch.isfinite(parameter.grad).all(), name
        assert parameter.grad.any(), f"{name} does not learn"


@each_network
def test_4_chunks_change_nothing(case, trained, monkeypatch):
    monkeypatch.setattr(onpu.inference.collecting, "WINDOW_SECONDS", (10.0, 10.0))
    monkeypatch.setattr(onpu.inference.passing, "CHUNK_SECONDS", 7.0)
    audio = sound(90.0, trained.features.rate)
    pieces = trained.activations(audio)
    with torch.inference_mode():
        features = trained.features(torch.from_numpy(audio.samples))
        if trained.listener.adapt is not None:
            (features,), known = trained.listener.adapt([features])
            assert all(np.allclose(pieces[head], values, atol=1e-3) for head, values in known.items())
        whole = trained.listener.activate(trained.network(features))
    for head, values in whole.items():
        np.testing.assert_allclose(pieces[head], values[0].numpy(), atol=1e-4)


@each_network
def test_4_frames_beside_the_recording_count_nothing(case, trained):
    listener = trained.listener
    features, targets, mask = batch(trained)
    frames = mask.shape[1]

    def longer(values, head=""):
        rest = (*values.shape[:-1], 50)
        return values if head in listener.pooled else torch.cat([values, torch.rand(rest)], dim=-1)

    with torch.inference_mode():
        logits = trained.network(features)
        padded = {head: longer(values, head) for head, values in logits.items()}
        wider = {head: longer(values, head) for head, values in targets.items()}
        inside = torch.cat([mask, torch.zeros(len(mask), 50)], dim=1)
        assert torch.allclose(listener.loss(padded, wider, inside), listener.loss(logits, targets, mask), rtol=1e-5)
    assert inside.sum() == frames * len(mask)


@each_network
def test_4_the_order_of_a_batch_changes_nothing(case, trained):
    features, _, _ = batch(trained, count=3)
    with torch.inference_mode():
        straight, turned = trained.network(features), trained.network(features.flip(0))
    for head, values in straight.items():
        torch.testing.assert_close(turned[head].flip(0), values, rtol=1e-4, atol=1e-5)


@each_network
def test_5_saving_changes_nothing(case, trained, tmp_path):
    card = trained.describe() | {"data": [], "validation": {}, "licence": "", "commercial_use": False, "scores": [],
                                 "trained": {"parent": ""}, "onpu": "0", "command": ""}
    write_weights(tmp_path / "x.safetensors", trained.network.state_dict(), card)
    again = replace(load(tmp_path / "x.safetensors"), precision=trained.precision)
    again.network.eval()
    audio = sound(5.0, 44100)
    expected, found = trained.activations(audio), again.activations(audio)
    assert again.listener is trained.listener and again.recipe == trained.recipe
    assert all(np.array_equal(found[head], expected[head]) for head in expected)


def test_6_what_was_answered_is_kept_of_every_task_that_is_shipped():
    """A task that is being written has no answers that it must keep; `make_golden.py` stores them."""
    shipped = {model["task"] for model in models().values()}
    assert {case for case, (listener, _) in CASES.items() if listener.name in shipped} <= {
        path.stem for path in GOLDEN.glob("*.npz")}


@pytest.mark.parametrize("case", [case for case in CASES if (GOLDEN / f"{case}.npz").exists()])
def test_6_answers_are_what_they_were(case):
    with np.load(GOLDEN / f"{case}.npz") as golden:
        found = answers(case)
        assert set(golden.files) == set(found)
        for head in golden.files:
            np.testing.assert_allclose(found[head].astype(np.float16), golden[head], atol=2e-3)


@each_task
def test_7_targets_and_decoding_have_no_bias_in_time(task, songs):
    """Median error under a quarter of a frame, at times between the frames."""
    listener = tasks()[task]
    if not hasattr(getattr(songs[0], listener.label), "times") or listener.label in ("tempo", "melody", "multif0"):
        pytest.skip("its values are not events in time")
    for name, recipe in recipes_of(listener).items():
        clock = listener.network(recipe).features().clock
        errors = []
        for song in songs:
            frames = clock.count(round(song.duration * clock.rate))
            found = listener.decode(listener.target(song, clock, frames), clock, listener.options)[listener.label]
            truth = getattr(song, listener.label).times
            if not len(truth):
                assert not len(found.times)
                continue
            nearest = np.abs(truth[:, None] - found.times[None]).argmin(axis=1)
            errors.append(clock.frames(found.times[nearest] - truth))
        error = np.concatenate(errors)
        assert np.median(np.abs(error)) < 0.25, name


@pytest.mark.parametrize("name", [
    pytest.param(name, marks=pytest.mark.xfail(strict=True, reason="answers sharp clicks early, see docs/LOG.md"))
    if name == "beats-blstm" else name for name, card in models().items() if card["task"] == "beats"])
@pytest.mark.parametrize("bpm", [97.0, 133.0])
def test_7_shipped_beats_have_no_bias_in_time(name, bpm):
    """Clicks come out where they went in: median error under a quarter of a frame."""
    trained, rate = load(name), 44100
    times = np.arange(0.5, 20, 60 / bpm)
    samples = 1e-4 * np.random.default_rng(0).standard_normal(21 * rate)
    shape = np.exp(-np.arange(2000) / 300) * np.sin(np.arange(2000) * 0.15)
    for number, at in enumerate(np.round(times * rate).astype(int)):
        samples[at : at + 2000] += shape * (1.0 if number % 4 == 0 else 0.6)
    found = trained(samples.astype(np.float32), rate).times
    errors = found[np.abs(times[:, None] - found[None]).argmin(axis=1)] - times
    assert abs(np.median(trained.features.clock.frames(errors))) < 0.25


@each_task
def test_8_papers_are_cited_and_deviations_confessed(task):
    listener = tasks()[task]
    texts = {sys.modules[f"onpu.listen.{task}"].__doc__}
    texts |= {sys.modules[type(build(listener, recipe).network).__module__].__doc__
              for recipe in recipes_of(listener).values()}
    assert re.search(r"\b(19|20)\d\d\b", listener.paper)
    for text in texts:
        assert re.search(r'".+"\s*\(.*\b(19|20)\d\d\b', text, re.DOTALL), f"no paper is cited in {text!r}"
        assert "Deviation" in text, f"no deviations are confessed in {text!r}"


def odd_sounds():
    music = sound(3.0, 44100).samples[0]
    broken = music.copy()
    broken[1000] = np.nan
    return {
        "silence": (np.zeros(44100, dtype=np.float32), 44100),
        "nothing": (np.zeros(0, dtype=np.float32), 44100),
        "one sample": (np.ones(1, dtype=np.float32), 44100),
        "three samples": (np.ones((1, 3), dtype=np.float32), 44100),
        "two or three channels": (np.ones((2, 3), dtype=np.float32), 44100),
        "NaN": (broken, 44100),
        "8 channels": (np.stack([music] * 8), 44100),
        "8 kHz": (sound(3.0, 8000).samples, 8000),
        "192 kHz": (sound(3.0, 192000).samples, 192000),
        "far too loud": (1e30 * music, 44100),
        "direct current": (np.ones(44100, dtype=np.float32), 44100),
        "integers": (np.round(music * 30000).astype(np.int16), 44100),
    }


@each_case
@pytest.mark.parametrize("name", odd_sounds())
def test_9_whatever_is_handed_in(case, name, trained):
    samples, rate = odd_sounds()[name]
    try:
        timeline = trained.timeline(samples, rate).validate()
    except OnpuError as error:
        assert "\n" not in str(error)
        assert name in ("NaN", "far too loud", "two or three channels")
    else:
        assert timeline.duration == pytest.approx(samples.shape[-1] / rate, abs=1e-3)
        assert set(timeline.found()) == set(trained.listener.fields)


@pytest.mark.parametrize("case", [next(case for case in CASES if CASES[case][0].name == task)
                                  for task, listener in tasks().items() if not listener.weights])
def test_9_a_long_recording(case, trained):
    """Ten minutes at the lowest rate, through each task's default network (four where the spectra are large); memory is
    what tests of `onpu.inference.streaming` count, and `python -m benchmarks.soak.hours` hears an hour."""
    front = trained.features
    minutes = 10 if front.channels * front.bins * front.clock.fps < LARGE else 4
    audio = Audio(np.tile(sound(60.0, 4000).samples, (1, minutes)), 4000)
    shares = []
    timeline = trained.timeline(audio, progress=shares.append).validate()
    assert timeline.duration == 60 * minutes
    assert shares == sorted(shares) and shares[-1] == 1
