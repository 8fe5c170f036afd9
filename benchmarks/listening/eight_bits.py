"""Exported listeners whose kernels are rounded to eight bits beside the same in float32: bytes, scores, seconds.

    python -m benchmarks.listening.eight_bits MODELS CORPUS [--songs 8] [--results FOLDER] [--dry]

MODELS: what `onpu export NAME … -o MODELS` has written in float32. CORPUS: composed songs with labels, which report
here. The six excerpts of mdb are heard by both, too, and what is found is compared. Table:
benchmarks/results/eight_bits.md.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.browser import apart
from benchmarks.recordings import real
from benchmarks.report import parser, run, save, table
from onpu import exported
from onpu.data.corpus import Corpus
from onpu.export.eight_bits import in_eight_bits
from onpu.listen import tasks
from onpu.music import Timeline

HEADINGS = ("weights", "network, KiB", "in eight bits", "apart at most", "measure", "float32", "in eight bits",
            "difference", "largest of a song", "mdb: the same", "CPU, s", "in eight bits")


def main() -> None:
    """Hear and compare."""
    arguments = parser(__doc__)
    arguments.add_argument("models", type=Path)
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("--songs", type=int, default=8)
    given = arguments.parse_args()
    corpus = Corpus.open(given.corpus)
    numbers = range(min(given.songs, len(corpus)))
    rows = []
    for folder in sorted(path.parent for path in given.models.glob(f"*/{exported.CARD}")):
        with tempfile.TemporaryDirectory() as name:
            small = Path(name) / "models" / folder.name
            shutil.copytree(folder, small)
            if (folder.parent / "fronts").is_dir():
                shutil.copytree(folder.parent / "fronts", small.parent / "fronts")
            network = small / exported.NETWORK
            network.write_bytes(in_eight_bits(network.read_bytes()))
            rows.append(_row(folder, small, corpus, numbers))
            print(*rows[-1], flush=True)
    save(given, "eight_bits", "Exported listeners in eight bits", [
        f"The first {len(numbers)} songs of the corpus: the mean of each listener's own measure, and the largest "
        "difference of a song. Apart: activations of these songs. mdb: six real excerpts, of which what is found in "
        "eight bits agrees so far with what is found in float32 (F-measure within 20 ms, or share of the time).\n",
        table(HEADINGS, rows)])


def _row(folder: Path, small: Path, corpus: Corpus, numbers: Sequence[int]) -> list[object]:
    task = json.loads((folder / exported.DESCRIPTION).read_text(encoding="utf-8"))["task"]
    listener = tasks()[task]
    measure = listener.criterion[0]
    plain, rounded = (exported.load(path) for path in (folder, small))
    scores: list[list[float]] = []
    most, seconds = 0.0, [0.0, 0.0]
    for number in numbers:
        audio = corpus.audio(number)
        found = []
        for place, system in enumerate((plain, rounded)):
            began = time.process_time()
            heads = system.activations(audio)
            seconds[place] += time.process_time() - began
            found.append((heads, system.timeline(audio)))
        for name, head in found[0][0].items():
            most = max(most, float(np.abs(head - found[1][0][name]).max(initial=0)))
        if {listener.label, *listener.needs} & set(corpus.labelled(number)):
            scores.append([listener.metric(corpus.timeline(number), timeline)[measure] for _, timeline in found])
    both = np.array(scores).reshape(-1, 2)
    agreed = [share for _, path in real("mdb") for share in _agreed(plain.timeline(path), rounded.timeline(path))]
    sizes = [(path / exported.NETWORK).stat().st_size / 1024 for path in (folder, small)]
    return [folder.name, *(f"{size:.0f}" for size in sizes), f"{most:.4f}", measure,
            *(both.mean(axis=0).tolist() if len(both) else ["-", "-"]),
            float(np.diff(both.mean(axis=0))[0]) if len(both) else "-",
            float(np.abs(np.diff(both)).max()) if len(both) else "-",
            f"{np.mean(agreed):.4f}" if agreed else "-", *(f"{each:.1f}" for each in seconds)]


def _agreed(one: Timeline, other: Timeline) -> list[float]:
    return list(apart(one, other).values())


if __name__ == "__main__":
    run(main)
