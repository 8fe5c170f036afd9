"""Whether what is shown of a decision is its cause: how much of it is lost when that is taken out.

    python -m benchmarks.listening.deletion

For each listener the mean over excerpts of mdb of the share of its decision that is lost while 0 to 30 % of the cells
of its features are taken out: those of the largest saliency, the same shape elsewhere, those that stand out most from
a quiet moment of their band. 0: nothing is lost, 1: all at once. The same of the mean activation of the map that speaks
most for the decision, when what it shows by deconvolution is taken out, where a layer can be followed back.
"""

import numpy as np
import torch

import onpu
from benchmarks.paths import data
from benchmarks.report import parser, run, save, table
from onpu.look import look
from onpu.look.relevance import Deletion
from onpu.trained import TrainedListener

LISTENERS = ("voice", "voice-blstm", "drums", "onsets", "key", "chords", "chroma", "beats", "melody", "piano")
SECONDS = 12.0


def lost_of(fallen: list[Deletion]) -> np.ndarray:
    """Mean shares that are lost along the three curves, (excerpts, 3)."""
    return np.array([[one.lost(curve) for curve in (one.shown, one.elsewhere, one.loudest)] for one in fallen])


def main() -> None:
    """Write the table."""
    arguments = parser(__doc__)
    arguments.add_argument("--listeners", nargs="+", default=LISTENERS, help="names of weights")
    given = arguments.parse_args()
    torch.set_num_threads(1)
    excerpts = sorted(data("real/mdb").glob("*/mix.flac"))
    rows, maps = [], []
    for name in given.listeners:
        trained = onpu.load(name, device="cpu")
        assert isinstance(trained, TrainedListener)
        seen = [look(trained, path, seconds=SECONDS) for path in excerpts]
        lost = lost_of([one.deletion for one in seen])
        before = int((lost[:, 0] > lost[:, 1]).sum())
        rows.append([name, *map(float, lost.mean(axis=0)), f"{before} of {len(lost)}"])
        followed = [one.maps[0].deletion for one in seen if one.maps and one.maps[0].deletion is not None]
        if followed:
            lost = lost_of(followed)
            before = int((lost[:, 0] > lost[:, 1]).sum())
            maps.append([name, f"{seen[0].maps[0].layer.number}", *map(float, lost.mean(axis=0)),
                         f"{before} of {len(lost)}"])
        print(rows[-1], flush=True)
    save(given, "deletion", "Is what is shown of a decision its cause?", [
        f"The first {SECONDS:.0f} s of {len(excerpts)} mixes of mdb. Mean share of the decision that is lost while 0 "
        "to 30 % of the cells of the features are taken out, which then read as in a quiet moment of their band: 0, "
        "nothing is lost, 1, all at once.\n",
        table(["listener", "largest saliency", "same shape elsewhere", "what is loudest", "saliency first"], rows),
        "\n## Of a map of the last layer that can be followed back\n\nMean share of its activation that is lost.\n",
        table(["listener", "layer", "what it shows by deconvolution", "same shape elsewhere", "what is loudest",
               "deconvolution first"], maps)])


if __name__ == "__main__":
    run(main)
