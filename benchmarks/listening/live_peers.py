"""Beats that are told while music sounds: onpu's beside BeatNet's, on the beginnings of real recordings.

    python -m benchmarks.listening.live_peers [--only mdb] [--first 6] [--seconds 30] [--results FOLDER] [--dry]

BeatNet runs in an environment of its own (benchmarks/README.md) and hears the same seconds from a file; onpu's shipped
network is pushed blocks of 512 samples. Table: benchmarks/results/live_peers.md.
"""

import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.listening.beats_data import items
from benchmarks.listening.live import WARM_SECONDS, beat_scores, beats_of, beginning, play
from benchmarks.paths import Missing
from benchmarks.peers.base import Worker
from benchmarks.peers.live import PEERS
from benchmarks.report import parser, run, save, table
from benchmarks.roles import ROLES
from onpu.listen import load
from onpu.live.beats import AHEAD_FRAMES, BeatTracker
from onpu.music import Beats


def main() -> None:
    """Run and write live_peers.md."""
    options = parser(__doc__)
    options.add_argument("--only", default="mdb", help="sets of beats, by commas")
    options.add_argument("--first", type=int, default=6, help="recordings of each set")
    options.add_argument("--seconds", type=float, default=30.0, help="of each recording")
    given = options.parse_args()
    peer = PEERS["beatnet"]
    if peer.interpreter is None:
        raise Missing(f"{peer.variable} names no interpreter that has BeatNet; see benchmarks/README.md")
    worker, trained, rows = Worker("beatnet", peer.interpreter), load("beats"), []
    for name in given.only.split(","):
        scores: dict[str, list[list[float]]] = {"onpu": [], worker.name: []}
        spent: dict[str, list[float]] = {"onpu": [], worker.name: []}
        for item in islice(items(name, 0), given.first):
            audio = beginning(item.path, given.seconds)
            assert item.truth.beats is not None
            played = play(audio, [BeatTracker(trained, AHEAD_FRAMES)])
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "beginning.wav"
                soundfile.write(path, audio.samples.T, audio.rate)
                found, seconds = worker.ask(path)
            for tool, beats, took in (("onpu", beats_of(played.events), played.spent),
                                      (worker.name, told(found["beats"]), seconds)):
                scores[tool].append(beat_scores(item.truth.beats, beats, audio.duration))
                spent[tool].append(took / audio.duration)
                print(name, item.name, tool, np.round(scores[tool][-1], 3), flush=True)
        rows += [[name, str(ROLES[name]), len(each), tool, *map(float, np.nanmean(each, axis=0)),
                  f"{np.mean(spent[tool]):.2f}"] for tool, each in scores.items()]
    worker.close()
    save(given, "live_peers", "Beats told live, beside BeatNet", [
        f"The first {given.seconds:g} s of each recording. F within 70 ms of all, and after {WARM_SECONDS:g} s. "
        "Seconds a second of sound: of onpu of the processor, all threads; of BeatNet by the clock, with its network "
        "loaded anew for each recording.\n",
        table(("set", "role", "n", "tool", "beat F", "beat F after 5 s", "downbeat F", "downbeat F after 5 s",
               "seconds"), rows)])


def told(rows: Sequence[Sequence[float]]) -> Beats:
    """Beats of rows (seconds, position), in order."""
    times, positions = np.array(sorted(map(tuple, rows)), float).reshape(-1, 2).T
    return Beats.of(times, positions.astype(int))


if __name__ == "__main__":
    run(main)
