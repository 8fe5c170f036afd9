"""The engine's piano beside MAPS, and its bands beside MDB.

    python -m benchmarks.engine.comparison [--songs 24] [--results FOLDER] [--dry]

The recordings lie in real/maps and real/mdb of `ONPU_DATA`; so many piano pieces are composed and rendered, and half as
many bands. Table: benchmarks/results/engine_comparison.md; picture: docs/figures/engine-and-recordings.png;
docs/engine-and-recordings.md tells what they mean.
"""

from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import soundfile

from benchmarks.engine.features import CENTRES, RATE, Sound, measure, mono
from benchmarks.paths import FIGURES, data
from benchmarks.report import figure, parser, run, save, table
from onpu.engine.compose import compose
from onpu.engine.compose.styles import BAND_STYLES, DRUM_STYLES, PIANO_STYLES
from onpu.engine.render import produce, render
from onpu.music import Notes

FILE = FIGURES / "engine-and-recordings.png"
SECONDS = 15.0
Item = tuple[Sound, Notes]
REGISTERS = (42, 54, 66, 78)
"""Middles of the octaves for which decays are given, MIDI."""


def draw(path: Path, pianos: dict[str, list[Item]], bands: dict[str, list[Item]]) -> None:
    """Distributions over recordings, of the engine and of the real ones."""
    picture, axes = plt.subplots(2, 4, figsize=(15, 6.5), constrained_layout=True)
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
    picture.savefig(path, dpi=110)


def _maps(folder: Path) -> Iterator[Item]:
    for file in sorted(folder.glob("*/audio.flac")):
        samples, rate = soundfile.read(file)
        columns = np.loadtxt(file.with_name("notes.tsv")).T
        onsets, offsets, pitches, velocities = columns[:4]
        notes = Notes(onsets, offsets, pitches, velocities, np.zeros(len(onsets), int), np.ones(len(onsets)))
        yield measure(mono(samples.T, rate), notes), notes


def _mixes(folder: Path) -> Iterator[Item]:
    for file in sorted(folder.glob("*/mix.flac")):
        samples, rate = soundfile.read(file)
        yield measure(mono(samples.T, rate), None), Notes.empty()


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


def rows(pianos: dict[str, list[Item]]) -> list[list[str]]:
    """Rows of the table: median over pieces, and the range between the 10th and 90th percentile."""
    measures = {
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
    found = []
    for name, value in measures.items():
        percentiles = [np.nanpercentile([value(sound, notes) for sound, notes in items], (10, 50, 90))
                       for items in pianos.values()]
        found.append([name, *(f"{middle:.3g} ({low:.3g} to {high:.3g})" for low, middle, high in percentiles)])
    return [*found, [f"decay at MIDI {', '.join(map(str, REGISTERS))}, dB/s",
                     *(", ".join(f"{slope:.0f}" for slope in _decays(items)) for items in pianos.values())]]


def _median(values: np.ndarray) -> float:
    return float(np.median(values)) if len(values) else float("nan")


def main() -> None:
    """Measure, print, write and draw."""
    options = parser(__doc__)
    options.add_argument("--songs", type=int, default=24, help="piano pieces that are composed; half as many bands")
    given = options.parse_args()
    pianos = {"MAPS": list(_maps(data("real/maps"))), "engine": list(_composed(PIANO_STYLES, given.songs))}
    bands = {"MDB": list(_mixes(data("real/mdb"))),
             "engine": list(_composed(tuple(set(BAND_STYLES) & set(DRUM_STYLES)), given.songs // 2))}
    save(given, "engine_comparison", "The engine beside recordings",
         [table(["median over pieces (10 % to 90 %)", *pianos], rows(pianos))])
    if not given.dry:
        draw(figure(given, FILE), pianos, bands)


if __name__ == "__main__":
    run(main)
