"""The peers' beat trackers."""

import time
from importlib.metadata import version

import numpy as np

from benchmarks.peers.base import Found, Loaded, Peer, madmom_version


def librosa_beats() -> Loaded:
    """librosa.beat.beat_track with its defaults: onset strength, one tempo, dynamic programming (Ellis 2007)."""
    import librosa

    librosa.beat.beat_track(y=np.random.default_rng(0).normal(size=44_100), sr=22_050)  # compiles what it needs

    def call(path: str) -> Found:
        audio, rate = librosa.load(path)
        tempo, beats = librosa.beat.beat_track(y=audio, sr=rate, units="time")
        return {"beats": [(time, 0) for time in beats], "tempo": float(np.ravel(tempo)[0])}

    return f"librosa {version('librosa')}", call


def madmom_beats() -> Loaded:
    """madmom's RNN + DBN down-beat tracker (Böck, Krebs & Widmer 2016) in bars of 3 or 4, and its comb filter tempo,
    which is not timed."""
    release = madmom_version()
    from madmom.features.beats import RNNBeatProcessor
    from madmom.features.downbeats import DBNDownBeatTrackingProcessor, RNNDownBeatProcessor
    from madmom.features.tempo import TempoEstimationProcessor

    activate, track = RNNDownBeatProcessor(), DBNDownBeatTrackingProcessor(beats_per_bar=[3, 4], fps=100)
    activate_beat, estimate = RNNBeatProcessor(), TempoEstimationProcessor(fps=100)

    def call(path: str) -> Found:
        start = time.perf_counter()
        beats = track(activate(path)).reshape(-1, 2)
        seconds = time.perf_counter() - start
        tempo = estimate(activate_beat(path))
        return {"beats": beats.tolist(), "tempo": float(tempo[0, 0]) if len(tempo) else 0.0, "seconds": seconds}

    return f"madmom {release}", call


PEERS = {"librosa-beats": Peer(("beats", "tempo"), librosa_beats),
         "madmom-beats": Peer(("beats", "tempo"), madmom_beats, "ONPU_MADMOM_PYTHON")}
