"""Exported listeners hear, without torch, what torch hears: the same decisions, activations within 1e-4."""

import json
import subprocess
import sys

import numpy as np
import pytest
import soundfile

import onpu
from onpu import exported
from onpu.decode.tasks import decoders
from onpu.errors import OnpuError, WeightsError

NAMES = ("beats", "chords", "key", "onsets", "band")
LISTENING = """
import json, sys

class NoTorch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "safetensors", "mir_eval"):
            raise ImportError(f"no {name} here")

sys.meta_path.insert(0, NoTorch())
import numpy as np
import onpu
from onpu import exported

song, arrays, *folders = sys.argv[1:]
timeline = onpu.analyze(song, tasks=folders)
heads = exported.load(folders[0]).activations(song)
np.savez(arrays, **heads)
print(json.dumps(timeline.to_dict()))
"""


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    """Twelve seconds in C minor at 120 beats a minute."""
    rate, seconds = 22_050, 12.0
    time = np.arange(round(rate * seconds)) / rate
    sound = np.zeros_like(time)
    for number in range(24):
        since = time - number / 2
        here = (since >= 0) & (since < 0.5)
        fade = np.exp(-6 * since[here])
        for hertz in ((261.63, 311.13, 392.0), (349.23, 415.30, 523.25))[number // 4 % 2]:
            sound[here] += 0.1 * fade * np.sin(2 * np.pi * hertz * since[here])
        sound[here] += 0.3 * fade**4 * np.random.default_rng(number).standard_normal(here.sum())
    path = tmp_path_factory.mktemp("song") / "song.wav"
    soundfile.write(path, sound, rate)
    return path


@pytest.fixture(scope="module")
def folders(exported_listener):
    return [str(exported_listener(name)) for name in NAMES]


def test_without_torch_the_same_is_found(song, folders, tmp_path):
    done = subprocess.run([sys.executable, "-c", LISTENING, str(song), str(tmp_path / "heads.npz"), *folders],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = onpu.Timeline.from_dict(json.loads(done.stdout))
    truth = onpu.analyze(song, tasks=NAMES, device="cpu", precision="float32")
    assert found.found().keys() == truth.found().keys()
    assert len(truth.beats) > 10 and len(truth.notes) > 10
    for name, value in truth.found().items():
        other = found.found()[name]
        for column in vars(value):
            one, two = getattr(value, column), getattr(other, column)
            if one.dtype.kind in "US":
                assert one.tolist() == two.tolist(), (name, column)
            else:
                np.testing.assert_allclose(two, one, atol=1e-3, err_msg=f"{name}.{column}")
    heard = onpu.load("beats", device="cpu", precision="float32").activations(song)
    with np.load(tmp_path / "heads.npz") as heads:
        assert set(heads.files) == heard.keys()
        for name, head in heard.items():
            np.testing.assert_allclose(heads[name], head, atol=1e-4)


def test_exported_listeners_are_called_like_others(song, folders):
    key = exported.load(folders[2])
    assert key.decoder is decoders()["key"]
    labels = [system(song).labels.tolist() for system in (
        key, onpu.load(folders[2], backend="onnx"), onpu.load("key", device="cpu"))]
    assert labels[0] and labels[0] == labels[1] == labels[2]
    assert key.timeline(song).duration == pytest.approx(12.0)


def test_what_is_no_exported_listener_is_told(folders, tmp_path):
    with pytest.raises(WeightsError, match="name a folder that onpu export has written"):
        exported.load(str(tmp_path))
    with pytest.raises(OnpuError, match="cannot listen beside those of torch"):
        onpu.analyze("song.wav", tasks=[folders[0], "key"])
    with pytest.raises(OnpuError, match="on the CPU in float32"):
        onpu.analyze("song.wav", tasks=folders, precision="bfloat16")
    with pytest.raises(OnpuError, match="find the tuning themselves"):
        onpu.analyze("song.wav", tasks=folders, hints={"tuning": 442.0})
