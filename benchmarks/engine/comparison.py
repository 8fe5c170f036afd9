"""The engine's piano beside MAPS, and its bands beside MDB.

    python -m benchmarks.engine.comparison REAL [SONGS]

REAL: folder with `maps` and `mdb`. SONGS: how many piano pieces are composed and rendered (24), and half as many bands.
Writes the picture docs/figures/engine-and-recordings.png and prints the table of docs/engine-and-recordings.md.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import soundfile

from benchmarks.engine.features import CENTRES, RATE, Sound, measure, mono
from benchmarks.paths import FIGURES
from onpu.engine.compose import compose
from onpu.engine.compose.styles import BAND_STYLES, DRUM_STYLES, PIANO_STYLES
from onpu.engine.render import produce, render
from onpu.music import Notes

FILE = FIGURES / "engine-and-recordings.png"
SECONDS = 15.0
Item = tuple[Sound, Notes]
REGISTERS = (42, 54, 66, 78)
"""Middles of the octaves for which decays are given, MIDI."""


def main(real: Path, songs: int = 24) -> None:
    """Measure, draw, print."""
    pianos = {"MAPS": list(_maps(real / "maps")), "engine": list(_composed(PIANO_STYLES, songs))}
    bands = {"MDB": list(_mixes(real / "mdb")),
             "engine": list(_composed(tuple(set(BAND_STYLES) & set(DRUM_STYLES)), songs // 2))}
    figure, axes = plt.subplots(2, 4, figsize=(15, 6.5), constrained_layout=True)
    for name, items in pianos.items():
        _bands(axes[0, 0], name, [sound.spectrum for sound, _ in items], "piano: spectrum, dB")
        _bands(axes[0, 1], name, [sound.floor for sound, _ in items], "piano: quietest 3 %, dB")
        _curve(axes[1, 0], name, [notes.velocities for _, notes in items], "velocity")
        _curve(axes[1, 1], name, [_polyphony(notes) for _, notes in items], "notes at once")
        _curve(axes[1, 2], name, [np.log10(notes.offsets - notes.onsets) for _, notes in items], "log10 length, s")
        _curve(axes[1, 3], name, [np.array([_density(notes)]) for _, notes in items], "notes a second")
        axes[0, 3].plot(REGISTERS, _decays(items), "o-", label=name)
    for name, items in bands.items():
        _bands(axes[0, 2], name, [sound.spectrum for sound, _ in items], "band: spectrum, dB")
    axes[0, 3].set_title("piano: decay of fundamentals, dB/s", fontsize=9)
    for axis in axes.flat:
        axis.legend(fontsize=7)
    figure.savefig(FILE, dpi=110)
    _table(pianos)


def _maps(folder: Path) -> Iterator[Item]:
    for file in sorted(folder.glob("*/audio.flac")):
        samples, rate = soundfile.read(file)
        table = np.loadtxt(file.with_name("notes.tsv")).T
        notes = Notes(table[0], table[1], table[2], table[3], np.zeros(table.shape[1]), np.ones(table.shape[1]))
        yield measure(mono(samples.T, rate), notes), notes


def _mixes(folder: Path) -> Iterator[Item]:
    nothing = np.zeros(0)
    for file in sorted(folder.glob("*/mix.flac")):
        samples, rate = soundfile.read(file)
        yield measure(mono(samples.T, rate), None), Notes(*(nothing,) * 6)


def _composed(styles: tuple[str, ...], count: int) -> Iterator[Item]:
    for seed in range(count):
        song = compose(seed, sorted(styles)[seed * 7 % len(styles)], SECONDS)
        audio = produce(render(song, seed, RATE), seed)
        notes = song.timeline.notes
        assert notes is not None
        yield measure(mono(audio.samples, audio.rate), notes), notes


def _polyphony(notes: Notes) -> np.ndarray:
    grid = np.linspace(notes.onsets[0], notes.offsets.max(), 1000)
    return ((notes.onsets <= grid[:, None]) & (notes.offsets > grid[:, None])).sum(axis=1)


def _density(notes: Notes) -> float:
    return len(notes.onsets) / float(notes.offsets.max() - notes.onsets[0])


def _decays(items: list[Item]) -> list[float]:
    """Median decay of the fundamentals of the octave around each register."""
    slopes, pitches = (np.concatenate([getattr(sound, name) for sound, _ in items])
                       for name in ("decay", "decay_pitches"))
    return [float(np.median(slopes[np.abs(pitches - middle) < 6])) for middle in REGISTERS]


def _bands(axis: plt.Axes, name: str, rows: list[np.ndarray], title: str) -> None:
    """Median over recordings, and the range between the 10th and 90th percentile."""
    low, middle, high = np.percentile(rows, (10, 50, 90), axis=0)
    line = axis.semilogx(CENTRES, middle, label=name)[0]
    axis.fill_between(CENTRES, low, high, alpha=0.2, color=line.get_color())
    axis.set_title(title, fontsize=9)
    axis.set_ylim(-100, 0)


def _curve(axis: plt.Axes, name: str, values: list[np.ndarray], title: str) -> None:
    """Cumulative distribution over all recordings, each of equal weight."""
    shares = np.linspace(0, 100, 101)
    axis.plot(np.mean([np.percentile(row, shares) for row in values], axis=0) if len(values[0]) > 1
              else np.percentile(np.concatenate(values), shares), shares, label=name)
    axis.set_title(f"piano: {title} (share of notes or pieces, %)", fontsize=9)


def _table(pianos: dict[str, list[Item]]) -> None:
    rows = {
        "velocity": lambda sound, notes: np.median(notes.velocities),
        "notes a second": lambda sound, notes: _density(notes),
        "notes at once": lambda sound, notes: np.median(_polyphony(notes)),
        "length, s": lambda sound, notes: np.median(notes.offsets - notes.onsets),
        "level at 2.2 kHz, dB": lambda sound, notes: sound.spectrum[19],
        "level at 4.4 kHz, dB": lambda sound, notes: sound.spectrum[22],
        "quietest 3 % at 1.1 kHz, dB": lambda sound, notes: sound.floor[16],
        "rise at onsets, dB": lambda sound, notes: _median(sound.rise),
        "release of fundamentals, dB/s": lambda sound, notes: _median(sound.release),
    }
    print("| median over pieces (10 % to 90 %) | " + " | ".join(pianos) + " |\n|---|" + "---|" * len(pianos))
    for name, value in rows.items():
        cells = []
        for items in pianos.values():
            low, middle, high = np.nanpercentile([value(sound, notes) for sound, notes in items], (10, 50, 90))
            cells.append(f"{middle:.3g} ({low:.3g} to {high:.3g})")
        print(f"| {name} | " + " | ".join(cells) + " |")
    decays = {name: ", ".join(f"{slope:.0f}" for slope in _decays(items)) for name, items in pianos.items()}
    print(f"| decay at MIDI {', '.join(map(str, REGISTERS))}, dB/s | " + " | ".join(decays.values()) + " |")


def _median(values: np.ndarray) -> float:
    return float(np.median(values)) if len(values) else float("nan")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
