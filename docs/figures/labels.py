"""Composed songs with their labels drawn over the sound: do onsets lie under the lines, chords over the chroma?

    python docs/figures/labels.py [--styles "rock,jazz trio"] [--seed 11] [--out docs/figures]

Writes labels-STYLE.png for each style.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from PIL import Image

from onpu.engine.compose import STYLES, compose
from onpu.engine.compose.song import Song
from onpu.engine.render import produce, render
from onpu.music import Audio
from onpu.represent import Chroma, Cqt, LogFilterbank

SIX = "rock,jazz trio,house,romantic piano,bossa nova,jig"
START, SECONDS = 8.0, 10.0
RATE = 22_050
OCTAVES, LOWEST = 7, 24


def picture(song: Song, audio: Audio) -> Figure:
    """Notes over the constant-Q spectrum, beats over the spectral flux, chords over the chroma; ten seconds."""
    sound = torch.from_numpy(audio.mono())[None]
    figure = Figure(figsize=(14, 9), layout="constrained")
    notes, flux, chroma = figure.subplots(3, 1, sharex=True, height_ratios=[5, 2, 3])
    _notes(notes, song, sound)
    _flux(flux, song, sound)
    _chords(chroma, song, sound)
    for axes in (notes, flux, chroma):
        _beats(axes, song)
    labels = song.timeline
    metre = " ".join(f"{n}/{d}" for n, d in zip(labels.metre.numerators, labels.metre.denominators, strict=True))
    notes.set_title(f"{song.style}, seed {song.seed}: {labels.tempo.bpm[0]:.0f} beats a minute, {metre}, "
                    f"{labels.keys.labels[0]}", loc="left")
    chroma.set(xlim=(START, START + SECONDS), xlabel="seconds (thick lines: downbeats, thin: other beats)")
    return figure


def _notes(axes: Axes, song: Song, sound: torch.Tensor) -> None:
    cqt = Cqt(RATE, 256, bins=OCTAVES * 36, bins_per_octave=36)
    level = 20 * np.log10(cqt(sound)[0, 0].numpy() + 1e-5)
    axes.imshow(level, origin="lower", aspect="auto", cmap="gray_r", vmin=level.max() - 60, vmax=level.max(),
                extent=(0, level.shape[1] / cqt.clock.fps, LOWEST - 1 / 6, LOWEST + OCTAVES * 12 - 1 / 6))
    for number, track in enumerate(song.tracks):
        played, colour = track.notes, f"C{number % 10}"
        lines = [[(a, p), (b, p)] for a, b, p in zip(played.onsets, played.offsets, played.pitches, strict=True)]
        axes.add_collection(LineCollection(lines, colors=colour, linewidths=1.5, alpha=0.8, label=track.name))
        axes.plot(played.onsets, played.pitches, "|", color=colour, markersize=7)
        if track.drums is not None:
            axes.plot(track.drums.times, LOWEST + (track.drums.pitches - 35) / 1.5, "x", color=colour, markersize=4)
    axes.legend(loc="upper right", fontsize=8, ncols=4)
    axes.set(ylabel="MIDI pitch (x: drums)", ylim=(LOWEST, LOWEST + OCTAVES * 12 - 1))


def _flux(axes: Axes, song: Song, sound: torch.Tensor) -> None:
    bands = LogFilterbank(RATE, 1024, 110)
    rise = np.diff(bands(sound)[0, 0].numpy(), axis=1, prepend=0).clip(min=0).sum(axis=0)
    axes.plot(np.arange(len(rise)) / bands.clock.fps, rise, color="black", linewidth=0.7)
    inside = rise[round(START * bands.clock.fps) : round((START + SECONDS) * bands.clock.fps)]
    axes.set(ylabel="spectral flux", ylim=(0, 1.1 * inside.max()))


def _chords(axes: Axes, song: Song, sound: torch.Tensor) -> None:
    chroma = Chroma(RATE, 512)
    energy = chroma(sound)[0, 0].numpy()
    axes.imshow(energy, origin="lower", aspect="auto", cmap="magma",
                extent=(0, energy.shape[1] / chroma.clock.fps, -0.5, 11.5))
    chords = song.timeline.chords
    for start, label in zip(chords.starts, chords.labels, strict=True):
        if START <= start < START + SECONDS:
            axes.axvline(start, color="cyan", linewidth=1.5)
            axes.text(start + 0.05, 11.1, label, color="cyan", fontsize=8, va="top", clip_on=True,
                      bbox={"facecolor": "black", "linewidth": 0, "pad": 1})
    axes.set(ylabel="chroma", yticks=range(12), yticklabels="C C# D Eb E F F# G Ab A Bb B".split())


def _beats(axes: Axes, song: Song) -> None:
    beats = song.timeline.beats
    for down, width in ((False, 0.6), (True, 1.8)):
        for time in beats.times[(beats.positions == 1) == down]:
            axes.axvline(time, color="red", linewidth=width, alpha=0.6)


def main() -> None:
    """Draw the styles that the user names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--styles", default=SIX, help=f"by commas, of: {', '.join(STYLES)}")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    given = parser.parse_args()
    for style in given.styles.split(","):
        song = compose(given.seed, style, 30.0)
        figure = picture(song, produce(render(song, given.seed, RATE), given.seed))
        path = given.out / f"labels-{style.replace(' ', '-')}.png"
        figure.savefig(path, dpi=80)
        Image.open(path).quantize(96).save(path, optimize=True)


if __name__ == "__main__":
    main()
