"""Whatever is handed in as a recording is the same recording, or is refused in one line that says how to hand it in."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch

from onpu.errors import AudioError
from onpu.formats.audio import write_audio
from onpu.formats.audio_like import as_source, one_or_each
from onpu.music import Audio

RATE = 8000
STEREO = np.random.default_rng(0).uniform(-0.5, 0.5, (2, 4000)).astype(np.float32)


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "song.wav"
    write_audio(path, Audio(STEREO, RATE), "FLOAT")
    return path


def samples_of(recording, rate=None) -> np.ndarray:
    with as_source(recording, rate) as source:
        assert source.rate == RATE
        blocks = list(source.blocks(0.1))
    assert all(block.dtype == np.float32 for block in blocks)
    return np.concatenate(blocks, axis=1)


class Response:
    """What a server sends: it can be read once, and tells no position."""

    def __init__(self, data: bytes):
        self.stream = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self.stream.read(size)


def test_files_in_every_form_are_the_same(path):
    data = path.read_bytes()
    for recording in (path, str(path), data, bytearray(data), memoryview(data), io.BytesIO(data), Response(data)):
        np.testing.assert_array_equal(samples_of(recording), STEREO)
    with path.open("rb") as file:
        np.testing.assert_array_equal(samples_of(file), STEREO)
        np.testing.assert_array_equal(samples_of(file), STEREO, err_msg="a file is set back to where it stood")


@pytest.mark.parametrize("samples", [
    STEREO, STEREO.T, STEREO.astype(np.float64), np.asfortranarray(STEREO), torch.from_numpy(STEREO),
    torch.from_numpy(STEREO).T.requires_grad_(), torch.from_numpy(STEREO).double()])
def test_samples_in_every_form_are_the_same(samples):
    np.testing.assert_array_equal(samples_of(samples, RATE), STEREO)
    np.testing.assert_array_equal(samples_of((samples, RATE)), STEREO)
    np.testing.assert_array_equal(samples_of((RATE, samples)), STEREO)
    np.testing.assert_array_equal(samples_of(Audio.of(samples, RATE)), STEREO)


def test_coarser_numbers_are_scaled_alike():
    for coarse in (torch.from_numpy(STEREO).half(), torch.from_numpy(STEREO).bfloat16(), STEREO.astype(np.float16),
                   np.round(STEREO * 2**15).astype(np.int16), torch.from_numpy(STEREO * 2**31).int(),
                   np.round(STEREO * 2**7).astype(np.int8)):
        np.testing.assert_allclose(samples_of(coarse, RATE), STEREO, atol=5e-3)


class OnAnotherDevice:
    """As a tensor of a GPU is to NumPy: it has no values before it is moved."""

    def __init__(self, tensor: torch.Tensor, here: bool = False):
        self.tensor, self.here, self.shape = tensor, here, tensor.shape

    def detach(self):
        return self

    def cpu(self):
        return OnAnotherDevice(self.tensor, here=True)

    def is_floating_point(self):
        return self.tensor.is_floating_point()

    def float(self):
        return OnAnotherDevice(self.tensor.float(), self.here)

    def __array__(self, dtype=None, copy=None):
        if not self.here:
            raise TypeError("can't convert cuda:0 device type tensor to numpy")
        return self.tensor.numpy()


def test_tensors_of_other_devices_are_moved():
    np.testing.assert_array_equal(samples_of(OnAnotherDevice(torch.from_numpy(STEREO)), RATE), STEREO)
    if torch.cuda.is_available():
        np.testing.assert_array_equal(samples_of(torch.from_numpy(STEREO).cuda(), RATE), STEREO)


@pytest.mark.parametrize(("shape", "channels", "length"), [
    ((5,), 1, 5), ((1, 5), 1, 5), ((5, 1), 1, 5), ((1, 1), 1, 1), ((32, 33), 32, 33), ((33, 32), 32, 33),
    ((0,), 1, 0), ((2, 0), 2, 0), ((0, 2), 2, 0), ((0, 0), 1, 0), ((40_000, 2), 2, 40_000)])
def test_the_short_side_is_the_channels(shape, channels, length):
    assert Audio.of(np.zeros(shape), RATE).samples.shape == (channels, length)


@pytest.mark.parametrize(("recording", "rate", "message"), [
    (np.zeros(9), None, r"ndarray \(9,\).*sample rate"),
    (torch.zeros(2, 99), None, r"Tensor \(2, 99\).*sample rate"),
    (np.zeros((2, 2)), RATE, r"\(2, 2\).*onpu\.Audio"),
    (np.zeros((2, 32)), RATE, r"\(2, 32\).*onpu\.Audio"),
    (np.zeros((99, 99)), RATE, r"\(99, 99\).*at most 32"),
    (np.zeros((1, 2, 99)), RATE, "several recordings as a list"),
    (np.zeros(()), RATE, "is no recording"),
    (np.zeros(9, np.uint8), RATE, "uint8"),
    (np.zeros(9, complex), RATE, "complex"),
    (np.array(["a.wav"]), RATE, "floats or signed integers"),
    (torch.zeros(9, device="meta"), RATE, "cannot be had"),
    (np.full(9, np.nan), RATE, "NaN"),
    (np.zeros(9), 100, "4000 to 384000"),
    (np.zeros(9), 44100.5, r"whole number of Hz, not 44100\.5"),
    ((np.zeros(9), 44_100), RATE, "has 44100 Hz, not 8000"),
    (b"", None, "is empty"),
    (b"no sound at all", None, r"bytes \(15\): holds text"),
    (io.StringIO("text"), None, "mode 'rb'"),
    ("https://example.org/song.mp3", None, "download"),
    ("no-such.wav", None, "no-such.wav: no such file"),
    (None, None, r"NoneType is no recording; give a path, a binary file, bytes, samples"),
    ({"array": np.zeros(9)}, None, "dict is no recording"),
    ({"a.wav", "b.wav"}, None, "set is no recording"),
    (3, None, "int is no recording"),
    ((RATE, 3), None, "tuple is no recording"),
])
def test_what_is_no_recording_is_refused(recording, rate, message):
    with pytest.raises(AudioError, match=message) as error:
        samples_of(recording, rate)
    assert "\n" not in str(error.value) and "/tmp" not in str(error.value)


def test_files_that_cannot_be_read_say_why(path):
    with path.open("rb") as file:
        file.seek(0, io.SEEK_END)
        with pytest.raises(AudioError, match=rf"{path}: stands at its end.*seek\(0\)"):
            samples_of(file)
    with pytest.raises(AudioError, match="closed file"):
        samples_of(file)
    with path.open(encoding="latin-1") as text, pytest.raises(AudioError, match="mode 'rb'"):
        samples_of(text)
    with pytest.raises(AudioError, match="has 8000 Hz, not 44100"):
        samples_of(path, 44_100)


def test_which_are_several(path):
    several = [["a.wav"], ("a.wav", "b.wav"), (STEREO, STEREO), iter([]), map(str, []), {"a": 1}.values(), [], ()]
    single = ["a.wav", Path("a.wav"), b"", STEREO, torch.zeros(3), (STEREO, RATE), (RATE, STEREO), io.BytesIO(), None,
              3, Audio(STEREO, RATE), {"a": 1}, {1, 2}, np.str_("a.wav")]
    for recordings in several:
        assert list(one_or_each(id, recordings)) == list(map(id, recordings))
    with path.open("rb") as file, path.open() as text:
        for recording in (*single, file, text):
            assert one_or_each(id, recording) == id(recording)


def test_results_come_when_they_are_asked_for_and_go_on_after_a_failure(path):
    asked = []

    def recordings():
        for recording in (path, "gone.wav", (np.zeros((3, 3)), RATE), (STEREO, RATE)):
            asked.append(recording)
            yield recording

    results = one_or_each(lambda recording: samples_of(recording).shape, recordings())
    assert asked == [] and next(results) == STEREO.shape and len(asked) == 1
    with pytest.raises(AudioError, match=r"^recording 2, gone\.wav: no such file"):
        next(results)
    with pytest.raises(AudioError, match=r"^recording 3, a pair of ndarray and int: an array of shape \(3, 3\)"):
        next(results)
    assert list(results) == [STEREO.shape]
