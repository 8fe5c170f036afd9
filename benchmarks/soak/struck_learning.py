"""A workbench that is killed at random moments of learning and of hearing songs anew: it goes on, and nothing is lost.

    python -m benchmarks.soak.struck_learning [--kills 20] [--seed 1] [--results FOLDER] [--dry]

The server and its processes are the real ones; what is learned and heard is made up (`benchmarks.soak.unheard`), so
that twenty kills take minutes. Ends with exit code 1 where something does not hold. Table:
benchmarks/results/workbench-learning-soak.md.
"""

import json
import os
import signal
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.report import parser, run, save, table
from benchmarks.soak.crowd import FORM, UNHEARD, ask, form, post, recording, serving
from benchmarks.soak.outcome import Outcome, measured
from onpu.files import Json
from onpu.weight_store import LearnedWeights
from onpu.workbench.library import Library
from onpu.workbench.schema import Version

SONGS, SECONDS = 3, 40.0
TASKS = ("beats", "chords", "drums")
MINUTES = 4.0
"""Asked for, of each task; what is made up takes a second for each."""
LONGEST_LIFE = 9.0
PATIENCE = 300.0
SHOWN = 20
"""Failures that are listed."""


def main() -> None:
    """See the module."""
    options = parser(__doc__)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        outcome = measured(f"{given.kills} kills while learning",
                           partial(struck_learning, Path(name), given.kills, given.seed))
    save(given, "workbench-learning-soak", "The workbench killed while it learns", [
        table(["what", "checked", "failed", "seconds"],
              [[outcome.name, outcome.done, len(outcome.failures), f"{outcome.seconds:.0f}"]]),
        *(f"- {failure}\n" for failure in outcome.failures[:SHOWN]),
        "Checked at each start: all versions and confirmations, what was learned so far, the weights in use; and "
        "before each kill that what was asked for is being learned. At the end all of it has been learned once.\n"])
    if outcome.failures:
        sys.exit(1)


def struck_learning(folder: Path, kills: int, seed: int, outcome: Outcome) -> None:
    """Kill it so many times while it learns; then let it end its work."""
    rng, library = np.random.default_rng(seed), folder / "library"
    corrected = prepared(library)
    before: list[Json] = []
    for number in range(kills):
        with serving(library, *UNHEARD) as (port, process):
            before = kept(port, library, corrected, before, outcome, f"kill {number}")
            if told(port)["running"] is None:
                status, _ = post(port, "/api/learning", {"tasks": list(TASKS), "minutes": MINUTES})
                outcome.check(status == 202, f"kill {number}: learning is answered by {status}")
            for song in corrected:
                if rng.random() < 0.3:
                    post(port, f"/api/songs/{song}/again", {})
            time.sleep(rng.uniform(0.2, LONGEST_LIFE))
            outcome.check(told(port)["running"] is not None or len(told(port)["history"]) > len(before),
                          f"kill {number}: what was asked for is not learned")
            os.killpg(process.pid, signal.SIGKILL) if number % 2 else process.kill()
            process.wait()
    with serving(library, *UNHEARD) as (port, _):
        deadline = time.monotonic() + PATIENCE
        while (told(port)["running"] or any(song["again"] for song in songs(port))) and time.monotonic() < deadline:
            time.sleep(0.5)
        history = kept(port, library, corrected, before, outcome, "the end")
        outcome.check(told(port)["running"] is None, "the end: it still learns")
        outcome.check({entry["task"] for entry in history} == set(TASKS), "the end: a task was not learned")
        outcome.check(told(port)["in_use"] == dict.fromkeys(TASKS, 1), "the end: other weights are in use than learned")


def prepared(library: Path) -> dict[str, int]:
    """A library of songs that are confirmed: song -> number of its version."""
    with serving(library, *UNHEARD) as (port, _):
        for seed in range(SONGS):
            ask(port, "POST", "/api/songs", form(f"song{seed}.wav", recording(seed, SECONDS)), FORM)
        while any(song["state"] != "ready" for song in songs(port)):
            time.sleep(0.2)
    opened, out = Library(library), {}
    for row in opened.search():
        place, stem = opened.place(row["id"]), opened.version(row["id"])["stem"]
        known = {task: [[0.0, SECONDS]] for task in TASKS}
        copy = f"v{stem[1:]}0"
        for suffix in (".jams", ".json.gz"):
            (place / f"{copy}{suffix}").write_bytes((place / f"{stem}{suffix}").read_bytes())
        version = Version(0, copy, "Ann", confirmed=list(TASKS), known=known)
        out[row["id"]] = opened.add_version(row["id"], 1, version, {})
    opened.close()
    return out


def kept(port: int, library: Path, corrected: dict[str, int], before: list[Json], outcome: Outcome, when: str,
         ) -> list[Json]:
    """Check that what was confirmed and what was learned is there, and whole; returns what was learned by now."""
    history: list[Json] = told(port)["history"]
    outcome.check(history[: len(before)] == before, f"{when}: what was learned is forgotten")
    weights = LearnedWeights(library / "weights")
    outcome.check(all(path.is_file() for path in weights.in_use().values()), f"{when}: weights in use are not there")
    for song, version in corrected.items():
        status, body = ask(port, "GET", f"/api/songs/{song}?version={version}")
        answer = json.loads(body)
        outcome.check(status == 200 and answer["confirmed"] == list(TASKS) and answer["contents"] is not None,
                      f"{when}: version {version} of {song} is lost")
        heard = answer["song"]["version"]
        outcome.check(heard >= version, f"{when}: {song} has gone back to version {heard}")
    return history


def told(port: int) -> Json:
    """What the server says of learning."""
    return dict(json.loads(ask(port, "GET", "/api/learning")[1]))


def songs(port: int) -> list[Json]:
    """All songs."""
    return list(json.loads(ask(port, "GET", "/api/songs")[1])["songs"])


if __name__ == "__main__":
    run(main)
