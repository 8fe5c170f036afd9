"""Beats, downbeats and tempo beside librosa and madmom, in one run: real recordings and unseen composed songs.

    python -m benchmarks.listening.beats [--composed 100] [--only mdb,maps,composed]

Real recordings lie in the folder ONPU_DATA, or ../shared/data beside the repository (see README.md).
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import onpu
from benchmarks.paths import DATA
from benchmarks.peers.beats import Found, Peer, peers
from benchmarks.report import save, table
from onpu.engine.compose import STYLES, compose
from onpu.engine.render import HELD_OUT, produce, render, soundfonts
from onpu.formats.audio import open_audio, write_audio
from onpu.formats.beats import read_beats
from onpu.metrics import beats as beat_metric
from onpu.metrics import tempo as tempo_metric
from onpu.music import Beats, Tempo
from onpu.weights import models

SETS = {"mdb": "six multitrack recordings (MDB Drums)", "maps": "eight piano recordings with rubato (MAPS, A-MAPS)",
        "composed": "composed songs in styles, and with a soundfont, that are held out"}
SEED = 3_000_000
MEASURES = ("Beat F-measure", "Downbeat F-measure", "CMLt", "AMLt", "Accuracy 1", "Accuracy 2")
Item = tuple[str, Path, Beats]


def real(name: str) -> Iterator[Item]:
    """Recordings of DATA/real/NAME with their beats."""
    for truth in sorted((DATA / "real" / name).glob("*/beats.tsv")):
        sound = next(path for path in (truth.parent / "mix.flac", truth.parent / "audio.flac") if path.exists())
        yield truth.parent.name, sound, read_beats(truth)


def composed(count: int, folder: Path) -> Iterator[Item]:
    """Songs in the held-out styles in turn, played by the held-out soundfont."""
    fonts = [font for font in soundfonts() if font.name == HELD_OUT]
    if not fonts:
        raise SystemExit(f"{HELD_OUT} is not installed (Debian: apt install timgm6mb-soundfont)")
    styles = sorted(name for name, style in STYLES.items() if style.held_out)
    for number in range(count):
        song = compose(SEED + number, styles[number % len(styles)])
        path = folder / f"{song.style}-{song.seed}.flac".replace(" ", "-")
        write_audio(path, produce(render(song, song.seed, 44_100, fonts), song.seed))
        assert song.timeline.beats is not None
        yield path.stem, path, song.timeline.beats


class Ours:
    """One of the shipped weights, called like a peer."""

    def __init__(self, weights: str):
        self.name = f"onpu {onpu.__version__} {weights}"
        self.trained = onpu.load(weights)

    def __call__(self, path: Path) -> Found:
        start = time.perf_counter()
        timeline = self.trained.timeline(path)
        seconds = time.perf_counter() - start
        return Found(timeline.beats.times, timeline.beats.downbeats, float([*timeline.tempo.bpm, 0.0][0]), seconds)

    def close(self) -> None:
        """Nothing is left running."""


def score(truth: Beats, found: Found) -> dict[str, float]:
    """The measures of one recording; NaN where the tracker gives no downbeats."""
    positions = np.isin(found.beats, [] if found.downbeats is None else found.downbeats).astype(int)
    scores = beat_metric.evaluate(truth, Beats.of(found.beats, positions))
    bpm = np.array([found.tempo]) if found.tempo > 0 else np.zeros(0)
    tempo = Tempo(bpm, np.ones(len(bpm)), np.zeros(0), np.zeros(0))
    scores |= tempo_metric.evaluate(tempo_metric.reference_tempo(truth), tempo)
    if found.downbeats is None:
        scores["Downbeat F-measure"] = float("nan")
    return scores


def compare(title: str, items: Iterator[Item], tools: list[Peer]) -> str:
    """A table of means, a row a tool, and one of beat and downbeat F-measures, a row a recording."""
    scores: dict[str, list[dict[str, float]]] = {tool.name: [] for tool in tools}
    pace: dict[str, list[float]] = {tool.name: [] for tool in tools}
    rows = []
    for name, path, truth in items:
        row: list[object] = [name]
        for tool in tools:
            found = tool(path)
            scores[tool.name].append(score(truth, found))
            pace[tool.name].append(open_audio(path).duration / found.seconds)
            row += [scores[tool.name][-1][measure] for measure in MEASURES[:2]]
        rows.append(row)
        print(" ".join(str(cell) if isinstance(cell, str) else f"{cell:.3f}" for cell in row), flush=True)
    means = [[tool.name, *(float(np.mean([s[m] for s in scores[tool.name]])) for m in MEASURES),
              f"{np.median(pace[tool.name]):.0f}"] for tool in tools]
    each = [f"{tool.name}: {what}" for tool in tools for what in ("beat", "downbeat")]
    return (f"## {title}: {len(rows)}\n\n" + table(["mean", *MEASURES, "x real time"], means)
            + "\n" + table(["recording", *each], rows))


def main() -> None:
    """Run and write results/accuracy.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--composed", type=int, default=100, help="composed songs")
    parser.add_argument("--only", default=",".join(SETS), help="sets, by commas")
    given = parser.parse_args()
    others, notes = peers()
    ours: list[Peer] = [Ours(name) for name, card in models().items() if card["task"] == "beats"]
    parts = []
    for name in given.only.split(","):
        if name == "composed":
            with tempfile.TemporaryDirectory() as folder:
                parts.append(compare(SETS[name], composed(given.composed, Path(folder)), ours))
        elif (DATA / "real" / name).is_dir():
            parts.append(compare(SETS[name], real(name), [*ours, *others]))
        else:
            notes.append(f"{name} left out: no {DATA / 'real' / name}; ONPU_DATA names the folder of real recordings")
    for peer in others:
        peer.close()
    print(*notes, sep="\n")
    print(save("accuracy", "Accuracy", [*parts, *notes]))


if __name__ == "__main__":
    main()
