"""Beats, downbeats, tempo and metre beside librosa and madmom, in one run, with the role of each set (see README.md).

    python -m benchmarks.listening.beats [--composed 100] [--only mdb,maps,metal,grid,charted,composed,metres]
        [--first 2] [--peers ""] [--own beats] [--weights beats=runs/x/best.safetensors]
        [--folds beats=PATH0,PATH1,PATH2,PATH3] [--before FILE] [--keep FILE] [--again] [--save NAME]
        [--results FOLDER] [--dry]

The sets metal, grid and charted are reported by folds: with --folds the recordings of fold k are heard by the k-th
network, which learned from the other three. Weights whose card credits a recording of a set are marked there.
Real recordings lie in the folder ONPU_DATA, or ../shared/data beside the repository (see README.md). Table:
benchmarks/results/accuracy.md.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.folds import folds_tool, learned_from
from benchmarks.listening.beats_data import COMPOSED, SETS, items
from benchmarks.listening.beats_tables import Compared, first_table, listen, means, set_part
from benchmarks.paths import RESULTS, Missing
from benchmarks.peers.base import absent
from benchmarks.peers.beats import PEERS
from benchmarks.recordings import Item
from benchmarks.report import parser, run, save
from benchmarks.roles import ROLES, Role
from benchmarks.tools import Tool, add_options, listeners, running, weights_of
from onpu.files import write_text
from onpu.weights import models

BEFORE = RESULTS / "beats_before.tsv"
LEARNED = " (learned from these: not a test)"


def marks(songs: Sequence[Item], tools: Sequence[Tool]) -> dict[str, str]:
    """What is to be said of the rows of weights whose card credits some of the recordings."""
    names = {song.name for song in songs}
    return {tool.name: LEARNED for tool in tools if tool.trained and names & learned_from(tool.trained.card)}


def read_means(path: Path) -> tuple[str, dict[tuple[str, str], float]]:
    """What was measured before: of which weights, and (set, measure) -> mean; nothing where there is no such file."""
    if not path.exists():
        return "before", {}
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    cells = (row.split("\t") for row in rows)
    return head.removeprefix("# "), {(name, measure): float(value) for name, measure, value in cells}


def write_means(path: Path, title: str, sets: Mapping[str, Mapping[str, float]]) -> None:
    """Inverse of `read_means`; sets: set -> measure -> mean."""
    rows = [f"{name}\t{measure}\t{value:.4f}\n" for name, found in sets.items() for measure, value in found.items()
            if not math.isnan(value)]
    write_text(path, "".join([f"# {title}\n", *rows]))


def main() -> None:
    """Run and write accuracy.md."""
    options = parser(__doc__)
    options.add_argument("--composed", type=int, default=100, help="songs of each set that the engine makes")
    options.add_argument("--only", default=",".join(SETS), help="sets, by commas")
    options.add_argument("--first", type=int, default=None, help="only so many recordings of each set")
    options.add_argument("--folds", default="", metavar="NAME=PATHS", help="weights of the networks of the four folds")
    options.add_argument("--before", type=Path, default=BEFORE, metavar="FILE", help="means to show beside, as --keep "
                         "writes them")
    options.add_argument("--keep", type=Path, default=None, metavar="FILE", help="where to write the means of "
                         "the first tool")
    options.add_argument("--save", default="accuracy", metavar="NAME", help="name of the table")
    add_options(options, PEERS)
    shipped = sorted((name for name, card in models().items() if card["task"] == "beats"), key=len)
    options.add_argument("--own", default=",".join(shipped), help="shipped weights, by commas")
    given = options.parse_args()
    own = [tool for tools in listeners(weights_of(given.own.split(","), given.weights)).values() for tool in tools]
    folded = [folds_tool(given.folds)] if given.folds else []
    sets: list[Compared] = []
    notes = absent(PEERS) if given.peers is None else []
    with running(PEERS, given.peers, given.again) as peers:
        for name in given.only.split(","):
            tools = [*(folded if ROLES[name] is Role.FOLDS else []), *own,
                     *([] if name in COMPOSED else peers.values())]
            try:
                songs = list(islice(items(name, given.composed), given.first))
            except Missing as error:
                notes.append(f"{name} left out: {error}\n")
                continue
            sets.append(listen(name, songs, tools, marks(songs, own)))
    if given.keep is not None:
        card = own[0].trained.card if own[0].trained else {}
        write_means(given.keep, f"before (weights {str(card.get('sha256', ''))[:8]})",
                    {one.name: means(one)[own[0].name] for one in sets})
    earlier, before = read_means(given.before)
    first = "## All sets: means with 95 % intervals\n\n" + first_table(sets, before, earlier)
    save(given, given.save, "Accuracy of beats", [first, *(set_part(one) for one in sets), *notes])


if __name__ == "__main__":
    run(main)
