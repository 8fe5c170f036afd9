"""The networks of the task `notes` on one corpus, by `onpu evaluate`, a row each.

    python -m benchmarks.listening.notes_networks CORPUS crnn=runs/crnn/best.safetensors
        "onsets and frames=runs/of/best.safetensors" …

CORPUS: what `onpu evaluate` takes, a corpus or a folder of recordings with their notes. Weights may also be shipped
ones, by name.
"""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import onpu
from benchmarks.report import parser, run, save, table

MEASURES = ("Frame F-measure", "Note precision", "Note recall", "Note F-measure", "Note-with-offset F-measure",
            "Note-with-velocity F-measure")
ONPU = [sys.executable, "-c", "from onpu.apps.entry import main; main()"]
PUBLISHED = (
    "\nAs published, of such networks on 50 MAESTRO pieces (homework of KAIST GCT634, 2020 to 2022): frame F, note F, "
    "F with offset of the framewise CNN .637, .799, .393; BLSTM .528, .502, .173; CRNN .593, .808, .374; Onsets and "
    "Frames .608, .770, .379. Other recordings: to compare rows with rows, not figures with figures.\n")


def row(label: str, weights: str, corpus: Path) -> list[object]:
    """A line of the table: the network, the steps of its last run, and its mean scores over the recordings."""
    trained = onpu.load(weights)
    size = sum(parameter.numel() for parameter in trained.network.parameters()) / 1e6
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scores.csv"
        subprocess.run([*ONPU, "evaluate", weights, str(corpus), "--csv", str(path)], check=True)
        with path.open(newline="", encoding="utf-8") as file:
            mean = next(line for line in csv.DictReader(file) if line["recording"] == "mean")
    return [label, type(trained.network).__name__, f"{size:.2f}", str(trained.card["trained"]["steps"]),
            *(float(mean[measure]) for measure in MEASURES)]


def main() -> None:
    """Run and write notes_networks.md."""
    options = parser(__doc__)
    options.add_argument("corpus", type=Path)
    options.add_argument("weights", nargs="+", metavar="NAME=WEIGHTS")
    given = options.parse_args()
    named = [entry.partition("=") for entry in given.weights]
    text = table(["network", "class", "parameters [M]", "steps trained", *MEASURES],
                 [row(label, path or label, given.corpus) for label, _, path in named])
    save(given, "notes_networks", "Networks for notes", [text, PUBLISHED])


if __name__ == "__main__":
    run(main)
