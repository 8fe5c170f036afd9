"""All pitches that sound at once, frame by frame, beside what a transcriber of notes has sounding there.

    python -m benchmarks.listening.multif0 [--only maps,bands] [--first 2] [--peers basic-pitch] [--again]
        [--results FOLDER] [--dry]

The reference has the pitches of its notes and, in bands, of its melody, every 10 ms. A tool that finds notes is judged
by those that last at each of these times, so that it pays for ends that are too early or too late. Accuracy: of all
pitches, found, missed and wrong, those that are right (Poliner & Ellis 2007). Table: benchmarks/results/multif0.md.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.listening.notes_data import SETS, items
from benchmarks.peers.base import absent
from benchmarks.peers.notes import PEERS
from benchmarks.recordings import Item
from benchmarks.report import parser, run, save, table
from benchmarks.roles import ROLES
from benchmarks.tools import Tool, add_options, listener, pace, running
from onpu.listen.melody import sounding
from onpu.listen.multif0 import FRAME_SECONDS, LISTENER
from onpu.music import Clock, Melody, MultiF0, Timeline

OWN = {"maps": ("multif0", "piano", "piano-wide"), "bands": ("multif0", "band")}
"""Set -> what of onpu takes part."""
OTHERS = {"basic-pitch": PEERS["basic-pitch"]}
MEASURES = ("Accuracy", "Precision", "Recall")


SILENT = Melody(np.zeros(0), np.zeros(0), np.zeros(0))


def of_notes(found: Timeline) -> MultiF0:
    """The pitches that notes have sounding every `FRAME_SECONDS`."""
    frames = round(found.duration / FRAME_SECONDS)
    places, frequencies = sounding(replace(found, melody=SILENT), Clock(round(1 / FRAME_SECONDS), 1), frames)
    order = np.argsort(places, kind="stable")
    return MultiF0(places[order] * FRAME_SECONDS, frequencies[order], np.ones(len(order)))


def judged(item: Item, found: Timeline) -> dict[str, float]:
    """Measures of what was found, pitches or else notes, in a recording."""
    if found.multif0 is None:
        found = replace(found, multif0=of_notes(found))
    truth = item.truth if item.truth.melody is not None else replace(item.truth, melody=SILENT)
    return LISTENER.metric(truth, found)


def part(name: str, songs: Sequence[Item], tools: Sequence[Tool]) -> str:
    """Means over the recordings of a set, a row a tool."""
    rows = []
    for tool in tools:
        answers = [tool.call(item.path) for item in songs]
        scores = [judged(item, answer.timeline) for item, answer in zip(songs, answers, strict=True)]
        rows.append([tool.name, *(float(np.mean([one[measure] for one in scores])) for measure in MEASURES),
                     pace(songs, answers)])
        print(*rows[-1], flush=True)
    return (f"\n## {SETS[name]} ({len(songs)}; role: {ROLES[name]})\n\n"
            + table(["", *(measure.lower() for measure in MEASURES), "x real time"], rows))


def main() -> None:
    """Run and write multif0.md."""
    options = parser(__doc__)
    options.add_argument("--only", default=",".join(OWN), help=f"sets, by commas: {', '.join(OWN)}")
    options.add_argument("--first", type=int, default=None, help="only so many recordings of each set")
    add_options(options, OTHERS)
    given = options.parse_args()
    text = []
    with running(OTHERS, given.peers, given.again) as peers:
        for name in given.only.split(","):
            tools = [listener(task) for task in OWN[name]] + list(peers.values())
            text.append(part(name, items(name)[: given.first], tools))
    text += absent(OTHERS) if given.peers is None else []
    save(given, "multif0", "Several pitches at once", text)


if __name__ == "__main__":
    run(main)
