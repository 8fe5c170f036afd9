"""A picture of an analysis: the sound, what the network heard, and the beats over the truth where it is known."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from onpu.files import replacing
from onpu.music import Audio, Beats

SECONDS = 20.0
FOUND, TRUTH, SECOND = "#c8553d", "#2b6777", "#8a8a8a"


def draw(path: Path, title: str, audio: Audio, activations: dict[str, np.ndarray], fps: float, found: Beats,
         truth: Beats | None) -> None:
    """Draw the first seconds of a recording into an image file.

    activations: beat and downbeat (frames,) at `fps` frames a second. truth: annotated beats, where there are any.
    """
    figure = Figure(figsize=(12, 4.5), layout="constrained")
    sound, network = figure.subplots(2, 1, sharex=True)
    end = min(SECONDS, audio.duration)
    wave = audio.mono()[: round(end * audio.rate)]
    low, high = _envelope(wave)
    sound.fill_between(np.linspace(0, end, len(low)), low, high, color="#b9c4c9", linewidth=0)
    sound.set_title(title, loc="left", fontsize=10)
    sound.set_ylabel("waveform")
    _lines(sound, found, 0.0 if truth is None else 0.5, 1.0, FOUND, "found (thick: downbeats)")
    if truth is not None:
        _lines(sound, truth, 0.0, 0.5, TRUTH, "truth")
    sound.legend(loc="upper right", fontsize=8)
    for name, colour in (("beat", SECOND), ("downbeat", FOUND)):
        curve = activations[name][: round(end * fps)]
        network.plot(np.arange(len(curve)) / fps, curve, color=colour, linewidth=1, label=name)
    network.set(ylabel="activation", xlabel="seconds", xlim=(0, max(end, 0.1)), ylim=(0, 1.05))
    network.legend(loc="upper right", fontsize=8)
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=110)


def _envelope(wave: np.ndarray, columns: int = 2400) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest sample in each of at most so many equal stretches."""
    if len(wave) == 0:
        return np.zeros(1), np.zeros(1)
    starts = np.unique(np.linspace(0, len(wave), columns, endpoint=False).astype(int))
    return np.minimum.reduceat(wave, starts), np.maximum.reduceat(wave, starts)


def _lines(axes: Axes, beats: Beats, bottom: float, top: float, colour: str, label: str) -> None:
    for down, width, shown in ((False, 1.0, ""), (True, 2.6, label)):
        times = beats.times[(beats.positions == 1) == down]
        axes.vlines(times[times <= SECONDS], bottom, top, color=colour, linewidth=width,
                    transform=axes.get_xaxis_transform(), label=shown)
