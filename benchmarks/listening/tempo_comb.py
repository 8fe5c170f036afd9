"""One tempo for a recording by comb filters over the beat activation, beside that of the beats that are decided.

    python -m benchmarks.listening.tempo_comb [--only metal,grid,charted,mdb,maps,composed] [--composed 100]
        [--first 2] [--peers librosa-beats] [--again] [--results FOLDER] [--dry]

The truth is the median tempo of the annotated beats. Weights: `beats-permissive`, which learned from none of these
recordings. Accuracy 1: within 4 % of the truth; accuracy 2: or of twice, thrice, half or a third of it; P-score: of two
candidates, within 8 % (`onpu.metrics.tempo`). Table: benchmarks/results/tempo_comb.md.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

import onpu
from benchmarks.listening.beats_data import SETS, items
from benchmarks.paths import Missing
from benchmarks.peers.base import absent
from benchmarks.peers.beats import PEERS
from benchmarks.recordings import Item
from benchmarks.report import parser, run, save, table
from benchmarks.roles import ROLES
from benchmarks.timing import timed
from benchmarks.tools import Answer, Tool, add_options, listener, pace, running
from onpu.listen import load
from onpu.metrics import tempo as metric
from onpu.music import Beats, Tempo, Timeline

WEIGHTS = "beats-permissive"
MEASURES = ("Accuracy 1", "Accuracy 2", "P-score")


def comb() -> Tool:
    """The listener `tempo` with these weights."""
    trained = load("tempo", "permissive")

    def call(path: Path) -> Answer:
        timeline, spent = timed(trained.timeline, path)
        return Answer(timeline, spent.seconds)

    return Tool(f"onpu {onpu.__version__} tempo", call, ("tempo",), trained)


def found_tempo(timeline: Timeline) -> Tempo:
    """The tempo that a tool says, or that of its beats."""
    if timeline.tempo is not None:
        return timeline.tempo
    beats = timeline.require(Beats)
    bpm = np.array([metric.reference_tempo(beats)] if len(beats.times) > 1 else [])
    return Tempo(bpm, np.ones(len(bpm)), np.zeros(0), np.zeros(0))


def part(name: str, songs: Sequence[Item], tools: Sequence[Tool]) -> str:
    """Means over the recordings of a set, a row a tool."""
    songs = [item for item in songs if len(item.truth.require(Beats).times) > 1]
    truths = [metric.reference_tempo(item.truth.require(Beats)) for item in songs]
    rows = []
    for tool in tools:
        answers: list[Answer] = [tool.call(item.path) for item in songs]
        scores = [metric.evaluate(truth, found_tempo(answer.timeline))
                  for truth, answer in zip(truths, answers, strict=True)]
        rows.append([tool.name, *(float(np.mean([one[measure] for one in scores])) for measure in MEASURES),
                     pace(songs, answers)])
        print(*rows[-1], flush=True)
    return (f"\n## {name}: {SETS[name]} ({len(songs)}; role: {ROLES[name]})\n\n"
            + table(["", *(measure.lower() for measure in MEASURES), "x real time"], rows))


def main() -> None:
    """Run and write tempo_comb.md."""
    usual = [name for name in SETS if name != "metres"]
    options = parser(__doc__)
    options.add_argument("--only", default=",".join(usual), help=f"sets, by commas: {', '.join(SETS)}")
    options.add_argument("--composed", type=int, default=100, help="songs of the sets that the engine makes")
    options.add_argument("--first", type=int, default=None, help="only so many recordings of each set")
    add_options(options, PEERS)
    given = options.parse_args()
    text = []
    with running(PEERS, given.peers, given.again) as peers:
        tools = [comb(), listener("beats", WEIGHTS), *peers.values()]
        for name in given.only.split(","):
            try:
                songs = list(items(name, given.composed))[: given.first]
            except Missing as error:
                text.append(f"\n{name} left out: {error}\n")
                continue
            text.append(part(name, songs, tools))
    text += absent(PEERS) if given.peers is None else []
    save(given, "tempo_comb", "One tempo of a recording", text)


if __name__ == "__main__":
    run(main)
