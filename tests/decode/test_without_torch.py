"""Decoding needs no torch: whatever decodes runs where importing torch fails."""

import subprocess
import sys

DECODING = """
import sys

class NoTorch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ImportError("no torch here")

sys.meta_path.insert(0, NoTorch())
import numpy as np
from onpu.decode.tasks import decoders
from onpu.music import Clock, Timeline
clock, frames = Clock(22_050, 441), 500
beat = np.zeros(frames, np.float32)
beat[::25] = 0.9
heard = {"beat": beat, "downbeat": np.where(np.arange(frames) % 100 == 0, beat, 0)}
found = Timeline(10.0, **decoders()["beats"].decode(heard, clock, decoders()["beats"].options))
assert abs(found.tempo.bpm[0] - 120) < 1 and len(found.beats.times) > 15
keys = np.full((73, frames), 0.1 / 72, np.float32)
keys[0] = 0.9
found = decoders()["key"].decode({"keys": keys}, clock, decoders()["key"].options)
print(sorted(decoders()), found["key"].labels[0])
"""


def test_decoders_run_without_torch():
    done = subprocess.run([sys.executable, "-c", DECODING], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    names, key = done.stdout.strip().rsplit(" ", 1)
    assert key == "C:major"
    from onpu.listen import tasks

    assert names == str(sorted(tasks()))
    for name, listener in tasks().items():
        assert listener.name == name and set(listener.fields) >= {listener.label}
