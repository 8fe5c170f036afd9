"""The peers' transcribers behind one call, each in a process of its own (see README.md).

Run as a script by the interpreter that has the tool, this file answers on standard output, one JSON line for each path
that it reads from standard input.
"""

import collections
import collections.abc
import importlib.metadata
import json
import os
import sys
import time
import types
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.beats import Worker

Said = dict[str, Any]
"""Of `notes`: rows (onset, offset, MIDI pitch, velocity); `onsets`: seconds; `melody`: rows (time, Hz, 0 where there is
none); only what the tool looks for."""
Tool = tuple[str, Callable[[str], Said]]
FLOOR, CEILING = 65.4, 1046.5
"""Hz, of the trackers of one voice: C2 to C6."""
NEEDS = {"basic-pitch": "ONPU_BASICPITCH_PYTHON", "madmom-notes": "ONPU_MADMOM_PYTHON",
         "madmom-onsets": "ONPU_MADMOM_PYTHON", "librosa-onsets": None, "torchcrepe": "ONPU_TORCHCREPE_PYTHON",
         "librosa-pyin": None, "melodia": "ONPU_ESSENTIA_PYTHON", "pyworld": "ONPU_PYWORLD_PYTHON"}
"""Tool -> the variable that names the interpreter that has it; None: this one."""


@dataclass(frozen=True)
class Heard:
    """What a tool says of a recording, and the seconds that it took, from the file on disk, with the tool loaded."""

    said: Said
    seconds: float


class Peer:
    """A tool in its process: its name and version, a call on a recording, and an end."""

    def __init__(self, python: str, tool: str) -> None:
        self.worker = Worker(python, __spec__.name, tool)
        self.name: str = self.worker.hello["name"]

    def __call__(self, path: Path) -> Heard:
        answer = self.worker.ask(path)
        return Heard(answer["said"], answer["seconds"])

    def close(self) -> None:
        """End the process."""
        self.worker.close()


def interpreters() -> tuple[dict[str, str], list[str]]:
    """Tool -> interpreter of those that can be had here, and a line on each variable that is not set."""
    found = {tool: sys.executable if variable is None else os.environ[variable] for tool, variable in NEEDS.items()
             if variable is None or variable in os.environ}
    missing = sorted({variable for variable in NEEDS.values() if variable is not None} - set(os.environ))
    return found, [f"{variable} does not name an interpreter: its tools are left out (benchmarks/README.md)"
                   for variable in missing]


def basic_pitch() -> Tool:
    """Bittner et al., ICASSP 2022, its ONNX model and its defaults."""
    from basic_pitch import ICASSP_2022_MODEL_PATH
    from basic_pitch.inference import Model, predict

    path = Path(ICASSP_2022_MODEL_PATH)
    model = Model(path.with_suffix(".onnx") if path.suffix != ".onnx" else path)

    def call(path: str) -> Said:
        found = predict(path, model)[2]
        return {"notes": [(start, end, pitch, 127 * loud) for start, end, pitch, loud, _ in sorted(found)]}

    return f"basic-pitch {importlib.metadata.version('basic-pitch')}", call


def _madmom() -> str:
    collections.MutableSequence = collections.abc.MutableSequence  # type: ignore[attr-defined]  # gone in Python 3.10
    import madmom

    return str(madmom.__version__)


def madmom_notes() -> Tool:
    """PianoTranscriptor (Böck & Schedl, ICASSP 2012); notes last .6 s, as in the MIDI files that it writes."""
    version = _madmom()
    from madmom.features.notes import NotePeakPickingProcessor, RNNPianoNoteProcessor

    extract = RNNPianoNoteProcessor()
    pick = NotePeakPickingProcessor(threshold=0.35, smooth=0.09, combine=0.05, fps=100, pre_max=0.01, post_max=0.01)
    return f"madmom {version} piano RNN", lambda path: {
        "notes": [(row[0], row[0] + 0.6, row[1], 100) for row in pick(extract(path))]}


def madmom_onsets() -> Tool:
    """CNNOnsetDetector (Schlüter & Böck, ICASSP 2014) with its defaults."""
    version = _madmom()
    from madmom.features.onsets import CNNOnsetProcessor, OnsetPeakPickingProcessor

    extract = CNNOnsetProcessor()
    pick = OnsetPeakPickingProcessor(threshold=0.54, smooth=0.05, fps=100, pre_max=0.01, post_max=0.01)
    return f"madmom {version} onset CNN", lambda path: {"onsets": [float(time) for time in pick(extract(path))]}


def librosa_onsets() -> Tool:
    """librosa.onset.onset_detect with its defaults."""
    import librosa

    def call(path: str) -> Said:
        audio, rate = librosa.load(path)
        return {"onsets": librosa.onset.onset_detect(y=audio, sr=rate, units="time").tolist()}

    return f"librosa {librosa.__version__} onset_detect", call


def librosa_pyin() -> Tool:
    """Probabilistic YIN (Mauch & Dixon, ICASSP 2014) with its defaults from C2 to C6."""
    import librosa

    def call(path: str) -> Said:
        audio, rate = librosa.load(path)
        f0, voiced, _ = librosa.pyin(audio, sr=rate, fmin=FLOOR, fmax=CEILING, fill_na=None)
        return {"melody": _rows(librosa.times_like(f0, sr=rate), np.where(voiced, f0, -f0))}

    return f"librosa {librosa.__version__} pyin", call


def torchcrepe_tiny() -> Tool:
    """CREPE tiny (Kim et al., ICASSP 2018), Viterbi decoding; voiced where the periodicity, averaged over three frames,
    is above .21, as its documentation has it."""
    sys.modules.setdefault("torchaudio", types.ModuleType("torchaudio"))  # it loads files with it, which is not needed
    sys.modules["torchaudio"].__spec__ = ModuleSpec("torchaudio", None)
    import librosa
    import torch
    import torchcrepe

    def call(path: str) -> Said:
        audio, _ = librosa.load(path, sr=torchcrepe.SAMPLE_RATE)
        f0, sure = torchcrepe.predict(torch.from_numpy(audio)[None], torchcrepe.SAMPLE_RATE, hop_length=160, fmin=FLOOR,
                                      fmax=CEILING, model="tiny", return_periodicity=True, batch_size=512)
        sure = torchcrepe.filter.mean(torchcrepe.threshold.Silence(-60.0)(
            sure, torch.from_numpy(audio)[None], torchcrepe.SAMPLE_RATE, 160), 3)
        f0 = torch.where(sure >= 0.21, f0, -f0)[0].numpy()
        return {"melody": _rows(0.01 * np.arange(len(f0)), f0)}

    return f"torchcrepe {importlib.metadata.version('torchcrepe')} tiny", call


def melodia() -> Tool:
    """Melodia (Salamon & Gómez, IEEE TASLP 2012) as Essentia has it, with its defaults, which find singing, and its
    guesses where it hears none."""
    import essentia.standard as standard

    track = standard.PredominantPitchMelodia(guessUnvoiced=True)

    def call(path: str) -> Said:
        audio = standard.EqualLoudness()(standard.MonoLoader(filename=path)())
        f0, sure = track(audio)
        return {"melody": _rows(np.arange(len(f0)) * 128 / 44_100, np.where(sure < 0, -f0, f0))}

    return f"Essentia {importlib.metadata.version('essentia')} Melodia", call


def pyworld_f0() -> Tool:
    """Harvest refined by StoneMask (Morise, Interspeech 2017): the reference for dry singing, not a competitor."""
    import librosa
    import pyworld

    def call(path: str) -> Said:
        audio, rate = librosa.load(path, sr=None, dtype=np.float64)
        f0, times = pyworld.harvest(audio, rate, f0_floor=FLOOR, f0_ceil=CEILING, frame_period=10.0)
        return {"melody": _rows(times, pyworld.stonemask(audio, f0, times, rate))}

    return f"pyworld {importlib.metadata.version('pyworld')} Harvest + StoneMask", call


def _rows(times: np.ndarray, f0: np.ndarray) -> list[tuple[float, float]]:
    return [(round(float(t), 5), round(float(f), 3)) for t, f in zip(times, f0, strict=True)]


TOOLS = {"basic-pitch": basic_pitch, "madmom-notes": madmom_notes, "madmom-onsets": madmom_onsets,
         "librosa-onsets": librosa_onsets, "torchcrepe": torchcrepe_tiny, "librosa-pyin": librosa_pyin,
         "melodia": melodia, "pyworld": pyworld_f0}


def serve(tool: str) -> None:
    """One answer for each line of standard input; what the tool prints goes to standard error."""
    out = sys.stdout
    with redirect_stdout(sys.stderr):
        name, call = TOOLS[tool]()
        print(json.dumps({"name": name}), file=out, flush=True)
        for line in sys.stdin:
            start = time.perf_counter()
            said = call(json.loads(line))
            print(json.dumps({"said": said, "seconds": time.perf_counter() - start}, default=float), file=out,
                  flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
