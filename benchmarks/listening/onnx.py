"""Exported systems beside torch: how far their answers are apart at five lengths, size, processor seconds a minute.

    python -m benchmarks.listening.onnx [NAME …] [--seconds 60] [--repeats 2] [--results FOLDER] [--dry]

Without names, all shipped listeners and the separator. Both run in float32 on two threads, and torch besides in the
precision that it takes by itself, over the same noise-like music, front end included. Table:
benchmarks/results/onnx.md.
"""

from dataclasses import replace
from functools import partial

import numpy as np
import torch

from benchmarks.listening.represent_speed import RATE, music_like, race
from benchmarks.report import parser, run, save, table
from onpu.apps.export import CHECKED_SECONDS
from onpu.errors import OnpuError
from onpu.export.systems import OnnxModels, farthest, listener_to_onnx, on_onnxruntime, stems_farthest, stems_to_onnx
from onpu.listen import tasks
from onpu.loading import load, models
from onpu.maker import TrainedMaker
from onpu.trained import TrainedListener

THREADS = 2
HEADINGS = ("weights", "apart from torch at most", "MiB", "onnxruntime", "torch, float32", "torch as it comes", "ratio")


def main() -> None:
    """Run the comparison."""
    arguments = parser(__doc__)
    arguments.add_argument("names", nargs="*")
    arguments.add_argument("--seconds", type=float, default=60.0)
    arguments.add_argument("--repeats", type=int, default=2)
    given = arguments.parse_args()
    torch.set_num_threads(THREADS)
    names = given.names or [*(name for name, card in models().items() if card["task"] in tasks()), "stems"]
    audio = music_like(given.seconds)
    rows = [_row(name, audio, given.repeats) for name in names]
    save(given, "onnx", "Listeners as ONNX", [
        f"Processor seconds for {given.seconds:.0f} s of music, the least of {given.repeats}; ratio: torch as it comes "
        f"over onnxruntime. Compared at {', '.join(map(str, CHECKED_SECONDS))} s.\n", table(HEADINGS, rows)])


def _row(name: str, audio: np.ndarray, repeats: int) -> list[object]:
    trained = load(name, "cpu", precision="float32")
    if isinstance(trained, TrainedMaker):
        model = stems_to_onnx(trained)
        apart, size = stems_farthest(trained, model, CHECKED_SECONDS), len(model)
        return [name, f"{apart:.0e}", f"{size / 2**20:.1f}", *["-"] * 4]
    try:
        found: OnnxModels = listener_to_onnx(trained)
    except OnpuError as error:
        return [name, str(error), *["-"] * 5]
    systems: dict[str, TrainedListener] = {
        "onnxruntime": on_onnxruntime(trained, found), "float32": trained, "auto": replace(trained, precision="auto")}
    spent = race({tool: partial(system.activations, audio, RATE) for tool, system in systems.items()}, repeats)
    took = [spent[tool].processor for tool in systems]
    print(name, took, flush=True)
    return [name, f"{farthest(trained, found, CHECKED_SECONDS):.0e}",
            f"{sum(map(len, found.files().values())) / 2**20:.1f}", *(f"{each:.2f}" for each in took),
            f"{took[2] / took[0]:.2f}"]


if __name__ == "__main__":
    run(main)
