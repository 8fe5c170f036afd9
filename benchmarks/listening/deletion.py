"""Whether what is shown of a decision is its cause: how much of it is lost when that is taken out.

    python -m benchmarks.listening.deletion

For each listener the mean over excerpts of mdb of the share of its decision that is lost while 0 to 30 % of the cells
of its features are taken out: those of the largest saliency, the same shape elsewhere, those that stand out most from
a quiet moment of their band. 0: nothing is lost, 1: all at once.
"""

import numpy as np
import torch

import onpu
from benchmarks.paths import data
from benchmarks.report import parser, run, save, table
from onpu.look import look
from onpu.trained import TrainedListener

LISTENERS = ("voice", "voice-blstm", "drums", "onsets", "key", "chords", "chroma", "beats", "melody", "piano")
SECONDS = 12.0


def main() -> None:
    """Write the table."""
    arguments = parser(__doc__)
    arguments.add_argument("--listeners", nargs="+", default=LISTENERS, help="names of weights")
    given = arguments.parse_args()
    torch.set_num_threads(1)
    excerpts = sorted(data("real/mdb").glob("*/mix.flac"))
    rows = []
    for name in given.listeners:
        trained = onpu.load(name, device="cpu")
        assert isinstance(trained, TrainedListener)
        fallen = [look(trained, path, seconds=SECONDS).deletion for path in excerpts]
        lost = np.array([[one.lost(curve) for curve in (one.shown, one.elsewhere, one.loudest)] for one in fallen])
        before = int((lost[:, 0] > lost[:, 1]).sum())
        rows.append([name, *map(float, lost.mean(axis=0)), f"{before} of {len(lost)}"])
        print(rows[-1], flush=True)
    save(given, "deletion", "Is what is shown of a decision its cause?", [
        f"The first {SECONDS:.0f} s of {len(excerpts)} mixes of mdb. Mean share of the decision that is lost while 0 "
        "to 30 % of the cells of the features are taken out, which then read as in a quiet moment of their band: 0, "
        "nothing is lost, 1, all at once.\n",
        table(["listener", "largest saliency", "same shape elsewhere", "what is loudest", "saliency first"], rows)])


if __name__ == "__main__":
    run(main)
