"""Sound that comes from files in true time, from pipes and from microphones."""

import io

import numpy as np
import pytest

from onpu.errors import AudioError
from onpu.live import feeding
from onpu.live.feeding import Feed, in_true_time, raw


def blocks(count: int, samples: int = 100):
    return (np.full((1, samples), number, np.float32) for number in range(count))


def test_each_block_comes_when_its_last_sample_has_sounded():
    now, waits, came = [50.0], [], []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    for _ in in_true_time(blocks(3), 1000, lambda: now[0], sleep):
        came.append(now[0] - 50)
        now[0] += 0.15 if len(came) == 1 else 0.01  # the first is heard for longer than a block lasts
    assert came == pytest.approx([0.1, 0.25, 0.3])
    assert waits == pytest.approx([0.1, 0.04])


def test_a_feed_loses_nothing_and_raises_what_its_source_raises():
    feed = Feed(blocks(50), 1000)
    assert [int(block[0, 0]) for block in feed] == list(range(50))
    assert feed.behind == 0

    def broken():
        yield np.zeros((1, 10), np.float32)
        raise AudioError("the cable is out")

    with pytest.raises(AudioError, match="the cable is out"):
        list(Feed(broken(), 1000))


def test_what_waits_for_longer_than_a_minute_is_an_error():
    feed = Feed(blocks(700), 1000)
    heard = iter(feed)
    next(heard)
    feed._thread.join()
    with pytest.raises(AudioError, match="s behind the sound; ask for fewer tasks"):
        list(heard)


@pytest.mark.parametrize(("kind", "scale"), [("s16", 2**15), ("s32", 2**31), ("f32", 1.0)])
def test_raw_samples_are_read_whatever_comes_at_a_time(kind, scale):
    sound = np.array([[0.5, -0.25, 0.125], [0.0, 1 / 8, -1.0]])

    class Drips(io.BytesIO):
        def read1(self, size=-1):
            return super().read1(3)

    data = (sound.T * scale).astype(feeding.FORMATS[kind]).tobytes() + b"\0"  # half a sample more
    for stream in (io.BytesIO(data), Drips(data)):
        found = np.concatenate(list(raw(stream, 2, kind, 2)), axis=1)
        np.testing.assert_array_equal(found / scale, sound)


def test_without_sounddevice_one_line_says_what_to_do(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sounddevice", None)
    with pytest.raises(AudioError, match=r"pip install onpu\[live\]"):
        feeding.devices()
    with pytest.raises(AudioError, match=r"pip install onpu\[live\]"):
        next(feeding.microphone(None, 44100, 512))
