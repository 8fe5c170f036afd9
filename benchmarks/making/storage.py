"""Kernels of makers in fewer bits: the size of each file and what its network is worth, before and after.

    python -m benchmarks.making.storage BEFORE [NAME …] [--kernels int8] [--least 500000] [--items 20] [--keep]
        [--results FOLDER] [--dry]

BEFORE is a folder with weights as training writes them (those of what is shipped are in the repository's history, and
their hashes on the cards, `storage`). Of each maker's file of at least --least bytes, or of those named, a copy is made
whose kernels are rounded (`onpu.weights.storage`). Both are judged by the measure that chooses
the maker's best weights, on held-out items: chorales and songs for tests from `ONPU_DATA`, or items composed from a
seed that nobody learns from. The spread is the 95 % confidence interval of the mean before, by bootstrap over the
items; the change is the mean of the differences item by item, with its own interval. --keep puts the copies whose mean
stays inside the spread among the shipped weights. Table: benchmarks/results/storage.md.
"""

import shutil
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import torch

from benchmarks.paths import CACHE, DATA, data
from benchmarks.report import parser, run, save, table
from onpu.data.corpora.passages import COMPOSED_BANDS, PassageSource, composed
from onpu.data.dataset import Dataset
from onpu.data.plan import Plan
from onpu.data.scenes.base import SceneSource
from onpu.data.scenes.sounds import write_sounds
from onpu.make import load, makers
from onpu.maker import TrainedMaker
from onpu.training.evaluate import Row, summary
from onpu.weights import FOLDER, read_card, round_weights
from onpu.weights.storage import KERNELS

SEED, SECONDS = 9, 20.0
HEADINGS = ("weights", "bytes before", "bytes after", "measure", "items", "before", "spread", "after", "change",
            "interval of the change", "within the spread")


def held_out(trained: TrainedMaker, items: int) -> Dataset:
    """What neither learning nor the choice of these weights has seen."""
    supply: Any = trained.maker.scenes(trained.recipe)
    if isinstance(supply, SceneSource):
        scenes = supply.of(Plan(seed=SEED, seconds=SECONDS))
        kind = "-".join([trained.maker.name, str(getattr(trained.recipe, "kind", ""))]).strip("-")
        return write_sounds(CACHE / "storage" / kind, scenes, items, 2)
    if isinstance(supply, PassageSource):
        if len(supply.parts) > 1:
            return composed(CACHE / "passages", COMPOSED_BANDS).side("test")
        return supply.open(data("groove.zip" if supply.parts == ("drums",) else "pop909.zip")).side("test")
    return supply.open(DATA).tested()


def judged(trained: TrainedMaker, material: Dataset, items: int) -> dict[int, float]:
    """Item -> the maker's measure, of the first so many that have it."""
    (measure,) = trained.maker.criterion
    with torch.inference_mode():
        found = {number: trained.maker.metric(trained, material.item(number), np.random.default_rng(number))
                 for number in material.numbers[:items]}
    return {number: scores[measure] for number, scores in found.items() if measure in scores}


def spread(values: Mapping[int, float]) -> tuple[float, float]:
    """95 % confidence interval of the mean."""
    (found,) = summary([Row(str(number), {"value": value}) for number, value in values.items()])
    return found["low"], found["high"]


def row(path: Path, kernels: str, items: int, keep: bool) -> list[object]:
    """A line of the table."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        round_weights(path, copy, kernels)
        before, after = load(path), load(copy)
        material = held_out(before, items)
        old, new = (judged(made, material, items) for made in (before, after))
        change = {number: new[number] - value for number, value in old.items()}
        (low, high), (fall, rise) = spread(old), spread(change)
        mean = fmean(new.values())
        if keep and low <= mean <= high:
            shutil.copyfile(copy, FOLDER / path.name)
        line: list[object] = [path.stem, path.stat().st_size, copy.stat().st_size, *before.maker.criterion, len(old),
                fmean(old.values()), f"{low:.3f} to {high:.3f}", mean, f"{fmean(change.values()):+.4f}",
                f"{fall:+.4f} to {rise:+.4f}", "yes" if low <= mean <= high else "no"]
    print(*line, sep=" | ", flush=True)
    return line


def shipped() -> str:
    """How large all shipped weights are, and in a wheel."""
    files = [path.read_bytes() for path in FOLDER.glob("*.safetensors")]
    return (f"All {len(files)} shipped files have {sum(map(len, files))} bytes, in a wheel, which compresses them, "
            f"{sum(len(zlib.compress(content)) for content in files)}.\n")


def main() -> None:
    """Measure, print and write the table."""
    options = parser(__doc__)
    options.add_argument("before", type=Path, help="folder of the weights as they were trained")
    options.add_argument("names", nargs="*", help="of weights in it; default: those of all makers")
    options.add_argument("--kernels", choices=KERNELS, default="int8")
    options.add_argument("--least", type=int, default=500_000, help="bytes of a file that is worth it")
    options.add_argument("--items", type=int, default=20, help="held-out items at most")
    options.add_argument("--keep", action="store_true", help="ship the copies that are as good")
    given = options.parse_args()
    paths = [given.before / f"{name}.safetensors" for name in given.names] or [
        path for path in sorted(given.before.glob("*.safetensors"))
        if read_card(path)["task"] in makers() and path.stat().st_size >= given.least]
    rows = [row(path, given.kernels, given.items, given.keep) for path in paths]
    rows.append(["together", *(sum(int(str(line[column])) for line in rows) for column in (1, 2)), *[""] * 8])
    parts = [table(HEADINGS, rows), f"Kernels as {given.kernels}. {shipped()}"]
    save(given, "storage", "Kernels in fewer bits", parts)


if __name__ == "__main__":
    run(main)
