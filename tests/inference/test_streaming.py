"""Piece by piece is the same as at once, in time and in value, whatever rate, channels and length."""

import tracemalloc
import weakref

import numpy as np
import pytest
import tiny
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from onpu.errors import AudioError
from onpu.inference.collecting import Collector, OverlappingWindows
from onpu.inference.passing import Resampler, mono
from onpu.inference.streaming import extract, features_of, fingerprint, same_arguments
from onpu.music import Audio
from onpu.represent import Concatenate, Cqt, Features, LogFilterbank, Whiten


def noise(seconds: float, rate: int, channels: int = 1) -> Audio:
    samples = np.random.default_rng(0).standard_normal((channels, round(seconds * rate)))
    return Audio((0.1 * samples).astype(np.float32), rate)


REPRESENTATIONS = {
    "filterbank": LogFilterbank(),
    "two filterbanks": Concatenate([LogFilterbank(n_fft=4096), LogFilterbank(n_fft=1024, bands_per_octave=3)], "bins"),
    "constant Q": Cqt(),
    "whole": Features(LogFilterbank(), Whiten(decay=100.0, floor=0.1)),
}


@pytest.mark.parametrize("representation", REPRESENTATIONS.values(), ids=REPRESENTATIONS)
@pytest.mark.parametrize("seconds", [0.0, 0.01, 7.3, 45.0])
def test_features_in_slabs_equal_those_at_once(representation, seconds):
    audio = noise(seconds, representation.rate)
    with torch.inference_mode():
        whole = representation(torch.from_numpy(audio.samples))
        parts = torch.cat(list(features_of(audio, representation)), dim=-1)
    assert parts.shape == whole.shape
    torch.testing.assert_close(parts, whole, rtol=1e-4, atol=1e-4)


@settings(max_examples=60)
@given(st.integers(0, 400), st.integers(0, 30), st.lists(st.integers(1, 90), min_size=1, max_size=12))
def test_windows_cover_each_frame_once_with_its_margins(total, receptive, cuts):
    """Every window's own frames follow on the last one's; the margins are there wherever the recording goes on."""
    frames = torch.arange(max(total, 1)).view(1, 1, 1, -1)
    chunks, at = [], 0
    for cut in cuts:
        chunks.append(frames[..., at : at + cut])
        at += cut
    chunks.append(frames[..., at:])
    expected, windows = 0, OverlappingWindows(receptive, 0.5)  # pieces of 30 frames
    for window, first, last in [*(each for chunk in chunks for each in windows.push(chunk)), *windows.finish()]:
        values = window.flatten().tolist()
        assert values == list(range(values[0], values[0] + len(values)))
        assert values[first] == expected
        assert first >= min(receptive, expected)
        expected = values[last - 1] + 1
        assert len(values) - last >= min(receptive, frames.shape[-1] - expected)
    assert expected == frames.shape[-1]


def at_rate(audio, rate):
    resampling = Resampler(audio.rate, rate)
    parts = [resampling.push(block) for block in mono(audio)]
    return np.concatenate([*parts, resampling.push(np.zeros(0, np.float32), last=True)])


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 48000, 192000])
def test_resampling_moves_nothing(rate):
    audio = Audio(np.zeros((1, 5 * rate), dtype=np.float32), rate)
    at = np.array([0.5, 2.0, 3.999, 4.25])
    audio.samples[0, np.round(at * rate).astype(int)] = 1
    found = at_rate(audio, 22050)
    assert len(found) == 5 * 22050
    for time in at:
        near = slice(round((time - 0.1) * 22050), round((time + 0.1) * 22050))
        energy = found[near] ** 2
        centre = (energy * np.arange(near.start, near.stop)).sum() / energy.sum() / 22050
        assert centre == pytest.approx(time, abs=1e-4)


def test_channels_are_averaged():
    left, right = noise(3, 22050).samples[0], np.ones(3 * 22050, dtype=np.float32)
    found = np.concatenate(list(mono(Audio(np.stack([left, right]), 22050))))
    np.testing.assert_allclose(found, (left + right) / 2, atol=1e-6)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_broken_sample_is_named_by_its_time(value):
    audio = noise(5, 8000, 2)
    audio.samples[1, 4 * 8000 + 400] = value
    with pytest.raises(AudioError, match=r"4\.050 s"):
        list(mono(audio))


class Recorder:
    """Keeps what it hears."""

    device = torch.device("cpu")

    def __init__(self, features):
        self.features, self.chunks = features, []

    def push(self, chunk):
        self.chunks.append(chunk)


def test_one_pass_serves_all_consumers_and_repeats_no_work(monkeypatch):
    """Read once, resampled once a rate, transformed once a representation; consumers get what they would get alone."""
    audio, reads, resamplings, transforms = noise(50, 22050), [], [], []
    blocks, begin, transform = Audio.blocks, Resampler.__init__, LogFilterbank.forward
    monkeypatch.setattr(Audio, "blocks", lambda self, seconds: reads.append(0) or blocks(self, seconds))
    monkeypatch.setattr(Resampler, "__init__", lambda self, *rates: resamplings.append(rates) or begin(self, *rates))
    monkeypatch.setattr(LogFilterbank, "forward", lambda self, sound: transforms.append(self) or transform(self, sound))
    consumers = [Recorder(features) for features in (LogFilterbank(), LogFilterbank(mul=900.0), LogFilterbank(),
                                                     LogFilterbank(8000, fmax=3500.0), Features(LogFilterbank(44100)))]
    assert extract(audio, consumers) == 50
    assert len(reads) == 1
    assert sorted(resamplings) == [(22050, 8000), (22050, 22050), (22050, 44100)]
    assert len(set(transforms)) == 4
    assert {transforms.count(maker) for maker in set(transforms)} == {3}, "chunks of 20 s"
    assert all(one is two for one, two in zip(consumers[0].chunks, consumers[2].chunks, strict=True))
    for consumer in consumers:
        clock = consumer.features.clock
        assert sum(chunk.shape[-1] for chunk in consumer.chunks) == clock.count(50 * clock.rate)
        for chunk, alone in zip(consumer.chunks, features_of(audio, consumer.features), strict=True):
            torch.testing.assert_close(chunk, alone)


def test_representations_are_the_same_when_class_and_arguments_are():
    made = [lambda: LogFilterbank(), lambda: LogFilterbank(mul=900.0), lambda: LogFilterbank(hop=220),
            lambda: Features(LogFilterbank()), lambda: Features(LogFilterbank(), Whiten(decay=100.0, floor=0.1)),
            lambda: Cqt(), lambda: Cqt(hop=256), lambda: Cqt(gamma=4.0),
            lambda: Concatenate([LogFilterbank(n_fft=4096), LogFilterbank(n_fft=1024, bands_per_octave=3)], "bins")]
    for i, one in enumerate(made):
        assert [same_arguments(one(), other()) for other in made] == [i == j for j in range(len(made))]


def test_progress_rises_to_one():
    seen: list[float] = []
    assert extract(noise(65, 8000), [Recorder(tiny.features())], seen.append) == 65
    assert seen == sorted(seen) and seen[-1] == 1.0 and len(seen) > 2


class Endless:
    """An hour of stereo noise that exists two seconds at a time."""

    rate, channels, duration = 44100, 2, 3600.0

    def blocks(self, seconds):
        block = noise(seconds, self.rate, 2).samples
        for _ in range(round(self.duration / seconds)):
            yield block.copy()


def test_an_hour_takes_no_more_memory_than_minutes():
    """Counted by the allocator: NumPy's buffers of the audio; an hour of mono at 8 kHz alone would be 115 MB."""
    tracemalloc.start()
    count = sum(chunk.shape[-1] for chunk in features_of(Endless(), tiny.features()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 3600 * 8000 // 160 + 1
    assert peak < 30e6


def test_answers_tell_representations_apart():
    higher, other = fingerprint(LogFilterbank(fmin=60.0)), fingerprint(LogFilterbank(mul=900.0))
    usual = fingerprint(LogFilterbank())
    assert usual == fingerprint(LogFilterbank())
    assert not np.allclose(usual, higher, rtol=0.01, atol=1e-4)
    assert not np.allclose(usual, other, rtol=0.01, atol=1e-4)


def test_what_was_heard_is_freed_with_the_activations_and_nothing_else_holds_it():
    """A collector whose answers are its own method is freed late, by the garbage collector alone."""
    class Own(Collector):
        def __init__(self):
            super().__init__(OverlappingWindows(0, 100.0), 100.0, self.own, ("mean",))

        def own(self, window):
            return {"wide": window[0, 0], "narrow": window[0, 0, :1], "mean": np.ones(2, np.float32)}

    collector = Own()
    collector.push(np.full((1, 1, 40, 9000), 0.5, np.float32))
    activations = collector.finish()
    assert activations["wide"].shape == (40, 9000) and activations["narrow"].shape == (1, 9000)
    references = [weakref.ref(piece) for piece in activations.pieces["wide"]]
    assert len(references) == 3 and all(reference() is not None for reference in references)
    del activations
    assert all(reference() is None for reference in references)
