"""The peers' transcribers, onset detectors and pitch trackers."""

import sys
import types
from importlib.machinery import ModuleSpec
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.peers.base import Found, Loaded, Peer, madmom_version

FLOOR, CEILING = 65.4, 1046.5
"""Hz, of the trackers of one voice: C2 to C6."""


def basic_pitch() -> Loaded:
    """Bittner et al., ICASSP 2022, its ONNX model and its defaults."""
    from basic_pitch import ICASSP_2022_MODEL_PATH
    from basic_pitch.inference import Model, predict

    path = Path(ICASSP_2022_MODEL_PATH)
    model = Model(path.with_suffix(".onnx") if path.suffix != ".onnx" else path)

    def call(path: str) -> Found:
        found = predict(path, model)[2]
        return {"notes": [(start, end, pitch, 127 * loud) for start, end, pitch, loud, _ in sorted(found)]}

    return f"basic-pitch {version('basic-pitch')}", call


def madmom_notes() -> Loaded:
    """PianoTranscriptor (Böck & Schedl, ICASSP 2012); notes last .6 s, as in the MIDI files that it writes."""
    release = madmom_version()
    from madmom.features.notes import NotePeakPickingProcessor, RNNPianoNoteProcessor

    extract = RNNPianoNoteProcessor()
    pick = NotePeakPickingProcessor(threshold=0.35, smooth=0.09, combine=0.05, fps=100, pre_max=0.01, post_max=0.01)
    return f"madmom {release} piano RNN", lambda path: {
        "notes": [(row[0], row[0] + 0.6, row[1], 100) for row in pick(extract(path))]}


def madmom_onsets() -> Loaded:
    """CNNOnsetDetector (Schlüter & Böck, ICASSP 2014) with its defaults."""
    release = madmom_version()
    from madmom.features.onsets import CNNOnsetProcessor, OnsetPeakPickingProcessor

    extract = CNNOnsetProcessor()
    pick = OnsetPeakPickingProcessor(threshold=0.54, smooth=0.05, fps=100, pre_max=0.01, post_max=0.01)
    return f"madmom {release} onset CNN", lambda path: {"onsets": [float(time) for time in pick(extract(path))]}


def librosa_onsets() -> Loaded:
    """librosa.onset.onset_detect with its defaults."""
    import librosa

    def call(path: str) -> Found:
        audio, rate = librosa.load(path)
        return {"onsets": librosa.onset.onset_detect(y=audio, sr=rate, units="time").tolist()}

    return f"librosa {version('librosa')} onset_detect", call


def librosa_pyin() -> Loaded:
    """Probabilistic YIN (Mauch & Dixon, ICASSP 2014) with its defaults from C2 to C6."""
    import librosa

    def call(path: str) -> Found:
        audio, rate = librosa.load(path)
        f0, voiced, _ = librosa.pyin(audio, sr=rate, fmin=FLOOR, fmax=CEILING, fill_na=None)
        return {"melody": _rows(librosa.times_like(f0, sr=rate), np.where(voiced, f0, -f0))}

    return f"librosa {version('librosa')} pyin", call


def torchcrepe_tiny() -> Loaded:
    """CREPE tiny (Kim et al., ICASSP 2018), Viterbi decoding; voiced where the periodicity, averaged over three frames,
    is above .21, as its documentation has it."""
    sys.modules.setdefault("torchaudio", types.ModuleType("torchaudio"))  # it loads files with it, which is not needed
    sys.modules["torchaudio"].__spec__ = ModuleSpec("torchaudio", None)
    import librosa
    import torch
    import torchcrepe

    def call(path: str) -> Found:
        audio, _ = librosa.load(path, sr=torchcrepe.SAMPLE_RATE)
        f0, sure = torchcrepe.predict(torch.from_numpy(audio)[None], torchcrepe.SAMPLE_RATE, hop_length=160, fmin=FLOOR,
                                      fmax=CEILING, model="tiny", return_periodicity=True, batch_size=512)
        sure = torchcrepe.filter.mean(torchcrepe.threshold.Silence(-60.0)(
            sure, torch.from_numpy(audio)[None], torchcrepe.SAMPLE_RATE, 160), 3)
        f0 = torch.where(sure >= 0.21, f0, -f0)[0].numpy()
        return {"melody": _rows(0.01 * np.arange(len(f0)), f0)}

    return f"torchcrepe {version('torchcrepe')} tiny", call


def melodia() -> Loaded:
    """Melodia (Salamon & Gómez, IEEE TASLP 2012) as Essentia has it, with its defaults, which find singing, and its
    guesses where it hears none."""
    import essentia.standard as standard

    track = standard.PredominantPitchMelodia(guessUnvoiced=True)

    def call(path: str) -> Found:
        audio = standard.EqualLoudness()(standard.MonoLoader(filename=path)())
        f0, sure = track(audio)
        return {"melody": _rows(np.arange(len(f0)) * 128 / 44_100, np.where(sure < 0, -f0, f0))}

    return f"Essentia {version('essentia')} Melodia", call


def pyworld_f0() -> Loaded:
    """Harvest refined by StoneMask (Morise, Interspeech 2017): the reference for dry singing, not a competitor."""
    import librosa
    import pyworld

    def call(path: str) -> Found:
        audio, rate = librosa.load(path, sr=None, dtype=np.float64)
        whole = int(rate)
        f0, times = pyworld.harvest(audio, whole, f0_floor=FLOOR, f0_ceil=CEILING, frame_period=10.0)
        return {"melody": _rows(times, pyworld.stonemask(audio, f0, times, whole))}

    return f"pyworld {version('pyworld')} Harvest + StoneMask", call


def _rows(times: np.ndarray, f0: np.ndarray) -> list[tuple[float, float]]:
    return [(round(float(t), 5), round(float(f), 3)) for t, f in zip(times, f0, strict=True)]


PEERS = {"basic-pitch": Peer(("notes",), basic_pitch, "ONPU_BASICPITCH_PYTHON"),
         "madmom-notes": Peer(("notes",), madmom_notes, "ONPU_MADMOM_PYTHON"),
         "madmom-onsets": Peer(("onsets",), madmom_onsets, "ONPU_MADMOM_PYTHON"),
         "librosa-onsets": Peer(("onsets",), librosa_onsets),
         "torchcrepe": Peer(("melody",), torchcrepe_tiny, "ONPU_TORCHCREPE_PYTHON"),
         "librosa-pyin": Peer(("melody",), librosa_pyin),
         "melodia": Peer(("melody",), melodia, "ONPU_ESSENTIA_PYTHON"),
         "pyworld": Peer(("melody",), pyworld_f0, "ONPU_PYWORLD_PYTHON")}
