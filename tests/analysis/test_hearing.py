"""What was heard is kept, and decides as it did."""

import json

import numpy as np
import pytest

import onpu
from onpu.analysis import HeardRecording, hear
from onpu.analysis.hearing import SAYS
from onpu.errors import DataError, FormatError
from onpu.music import Audio

RATE = 22050


@pytest.fixture(scope="module")
def sound():
    """Ten seconds of broken chords."""
    times = np.arange(10 * RATE) / RATE
    pitches = 220 * 2 ** (np.array([0, 4, 7, 12])[(times * 4).astype(int) % 4] / 12)
    plucked = 0.3 * np.sin(2 * np.pi * pitches * times) * np.exp(-8 * (times * 4 % 1))
    return Audio(plucked[None].astype(np.float32), RATE)


@pytest.fixture(scope="module")
def stored(sound, tmp_path_factory):
    heard = hear(sound, tasks=["beats", "key", "notes"], device="cpu")
    path = tmp_path_factory.mktemp("heard") / "song.heard"
    heard.save(path)
    return heard, path


def same(one, other):
    one, other = one.arrays(), other.arrays()
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


def test_deciding_what_was_heard_is_analysing(sound, stored):
    assert same(stored[0].decide(), onpu.analyze(sound, tasks=["beats", "key", "notes"], device="cpu"))


def test_what_is_read_decides_exactly_as_what_was_written(stored):
    heard, path = stored
    again = HeardRecording.load(path, "cpu")
    assert same(heard.decide(), again.decide())
    assert again.names == ("beats", "key", "band"), "no piano plays alone"
    key = [{"kind": "key", "start": 0, "end": 10, "label": "F minor"}]
    assert same(heard.decide(key), again.decide(key, before=heard.decide()))
    assert again.decide(key).keys.labels.tolist() == ["F:minor"]


def test_a_damaged_file_and_one_of_other_weights_are_refused(stored, tmp_path):
    _, path = stored
    data = path.read_bytes()
    for number, wrong in enumerate((b"", data[: len(data) // 2], b"PK" + data[2:400], b"no zip")):
        broken = tmp_path / f"{number}.heard"
        broken.write_bytes(wrong)
        with pytest.raises(FormatError, match="analyse the recording again"):
            HeardRecording.load(broken, "cpu")
    with np.load(path) as file:
        arrays = dict(file)
    said = json.loads(arrays[SAYS].tobytes())
    said["weights"][0] = "other"
    arrays[SAYS] = np.frombuffer(json.dumps(said).encode(), np.uint8)
    np.savez(tmp_path / "other.npz", **arrays)
    with pytest.raises(DataError, match="other weights"):
        HeardRecording.load(tmp_path / "other.npz", "cpu")
