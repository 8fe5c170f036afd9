"""usage: chroma.py: writes chroma.png beside this file: plain and learned chroma of a song, and the chords that sound.

The song is composed in a held-out style. Plain chroma is the energy of the pitch classes (`onpu.represent.Chroma`),
learned chroma what the deep chroma extractor makes of it (`onpu.load("chroma")`): melody, drums and overtones are gone.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch

import onpu
from onpu.engine.compose import compose
from onpu.engine.render import produce, render
from onpu.music import harte
from onpu.represent import Chroma

FILE = Path(__file__).with_suffix(".png")
STYLE, SEED, SECONDS, RATE = "bossa nova", 11, 30.0, 22050
START, END = 4.0, 24.0
NAMES = ("C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


def main() -> None:
    """Compose, listen twice, draw."""
    song = compose(SEED, STYLE, SECONDS)
    samples = produce(render(song, SEED, RATE), SEED).samples.mean(axis=0)
    plain = Chroma(RATE)
    with torch.inference_mode():
        energy = plain(torch.from_numpy(samples)[None])[0, 0].numpy()
    learner = onpu.load("chroma")
    learned = learner.activations(samples, RATE)["chroma"]
    truth = np.zeros((12, 2000))
    times = np.linspace(START, END, truth.shape[1])
    chords = song.timeline.chords
    for start, end, label in zip(chords.starts, chords.ends, chords.labels, strict=True):
        for pitch in harte.parse(str(label)).classes:
            truth[pitch, (times >= start) & (times < end)] = 1
    figure, axes = plt.subplots(3, 1, figsize=(11, 7), sharex=True, constrained_layout=True)
    shown = ((energy, plain.clock.seconds(energy.shape[1]), "plain chroma"),
             (learned, learner.features.clock.seconds(learned.shape[1]), "learned chroma"))
    for axis, (values, length, title) in zip(axes, shown, strict=False):
        axis.imshow(values, aspect="auto", origin="lower", extent=(0, length, -0.5, 11.5), cmap="magma",
                    interpolation="nearest")
        axis.set_title(title, loc="left")
    axes[2].imshow(truth, aspect="auto", origin="lower", extent=(START, END, -0.5, 11.5), cmap="magma",
                   interpolation="nearest")
    for start, label in zip(chords.starts, chords.labels, strict=True):
        if START <= start < END:
            axes[2].text(start + 0.05, 10.9, str(label), fontsize=8, va="top", color="black",
                         bbox={"facecolor": "white", "alpha": 0.8, "pad": 1, "linewidth": 0})
    for axis in axes:
        axis.set_yticks(range(12), NAMES, fontsize=8)
        axis.set_xlim(START, END)
    axes[2].set_xlabel("seconds")
    axes[2].set_ylabel("the chords' tones")
    figure.savefig(FILE, dpi=100)


if __name__ == "__main__":
    main()
