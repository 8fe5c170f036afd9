"""Beats, downbeats and tempo beside librosa and madmom, in one run: real recordings and unseen composed songs.

    python -m benchmarks.listening.beats [--composed 100] [--only mdb,maps,composed] [--first 2] [--peers ""]
        [--weights beats=runs/x/best.safetensors] [--again] [--results FOLDER] [--dry]

Real recordings lie in the folder ONPU_DATA, or ../shared/data beside the repository (see README.md). Table:
benchmarks/results/accuracy.md.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.paths import Missing
from benchmarks.peers.base import absent
from benchmarks.peers.beats import PEERS
from benchmarks.recordings import Item, fonts, held_out_style, labelled, real
from benchmarks.report import parser, run, save, table
from benchmarks.tools import Tool, add_options, listeners, pace, running, weights_of
from onpu.engine.compose import compose
from onpu.engine.render import produce, render
from onpu.formats.audio import write_audio
from onpu.formats.beats import read_beats
from onpu.metrics import beats as beat_metric
from onpu.metrics import tempo as tempo_metric
from onpu.music import Beats, Tempo, Timeline
from onpu.weights import models

SETS = {"mdb": "six multitrack recordings (MDB Drums)", "maps": "eight piano recordings with rubato (MAPS, A-MAPS)",
        "composed": "composed songs in styles, and with a soundfont, that are held out"}
SEED = 3_000_000
MEASURES = ("Beat F-measure", "Downbeat F-measure", "CMLt", "AMLt", "Accuracy 1", "Accuracy 2")


def real_recordings(name: str) -> Iterator[Item]:
    """Recordings of a set with their beats."""
    for folder, path in real(name):
        if (folder / "beats.tsv").exists():
            yield Item(folder.name, path, labelled(path, beats=read_beats(folder / "beats.tsv")))


def composed(count: int, folder: Path) -> Iterator[Item]:
    """Songs in the held-out styles in turn, played by the held-out soundfont."""
    held_out = fonts()
    for number in range(count):
        song = compose(SEED + number, held_out_style(number))
        path = folder / f"{song.style}-{song.seed}.flac".replace(" ", "-")
        write_audio(path, produce(render(song, song.seed, 44_100, held_out), song.seed))
        yield Item(path.stem, path, song.timeline)


def score(truth: Beats, found: Timeline) -> dict[str, float]:
    """The measures of one recording; NaN for downbeats where the tool knows no positions in the bar."""
    beats = found.require(Beats)
    scores = beat_metric.evaluate(truth, beats)
    scores |= tempo_metric.evaluate(tempo_metric.reference_tempo(truth), found.require(Tempo))
    known = beats.positions.any() or not len(beats.times)
    return scores if known else scores | {"Downbeat F-measure": float("nan")}


def compare(title: str, items: Iterable[Item], tools: Sequence[Tool]) -> str:
    """A table of means, a row a tool, and one of beat and downbeat F-measures, a row a recording."""
    songs, answers, scores = [], [], []
    for item in items:
        songs.append(item)
        answers.append([tool.call(item.path) for tool in tools])
        scores.append([score(item.truth.require(Beats), answer.timeline) for answer in answers[-1]])
        print(item.name, *(f"{one[measure]:.3f}" for one in scores[-1] for measure in MEASURES[:2]), flush=True)
    means = [[tool.name, *(float(np.mean([row[column][measure] for row in scores])) for measure in MEASURES),
              pace(songs, [row[column] for row in answers])] for column, tool in enumerate(tools)]
    rows = [[item.name, *(one[measure] for one in row for measure in MEASURES[:2])]
            for item, row in zip(songs, scores, strict=True)]
    headings = [f"{tool.name}: {what}" for tool in tools for what in ("beat", "downbeat")]
    return (f"## {title}: {len(rows)}\n\n" + table(["mean", *MEASURES, "x real time"], means)
            + "\n" + table(["recording", *headings], rows))


def main() -> None:
    """Run and write accuracy.md."""
    options = parser(__doc__)
    options.add_argument("--composed", type=int, default=100, help="composed songs")
    options.add_argument("--only", default=",".join(SETS), help="sets, by commas")
    options.add_argument("--first", type=int, default=None, help="only so many recordings of each set")
    add_options(options, PEERS)
    given = options.parse_args()
    shipped = [name for name, card in models().items() if card["task"] == "beats"]
    own = [tool for tools in listeners(weights_of(shipped, given.weights)).values() for tool in tools]
    parts, notes = [], absent(PEERS) if given.peers is None else []
    with running(PEERS, given.peers, given.again) as peers, tempfile.TemporaryDirectory() as folder:
        everybody = [*own, *peers.values()]
        for name in given.only.split(","):
            items = composed(given.composed, Path(folder)) if name == "composed" else real_recordings(name)
            try:
                parts.append(compare(SETS[name], islice(items, given.first), own if name == "composed" else everybody))
            except Missing as error:
                notes.append(f"{name} left out: {error}\n")
    save(given, "accuracy", "Accuracy", [*parts, *notes])


if __name__ == "__main__":
    run(main)
