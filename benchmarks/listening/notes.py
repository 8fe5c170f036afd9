"""Notes, onsets, melody, drums and voice beside their peers, in one run (see README.md).

    python -m benchmarks.listening.notes [--only maps,mdb] [--weights piano=runs/x/best.safetensors,piano=…,drums=…]
        [--peers basic-pitch] [--subjects notes,onsets] [--first 2] [--each] [--again]
        [--save NAME] [--results FOLDER] [--dry]

Weights that are not shipped are left out; several for one name have a row each.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.listening import notes_scores as scores
from benchmarks.listening.notes_data import SETS, items
from benchmarks.paths import Missing
from benchmarks.peers.base import absent
from benchmarks.peers.notes import PEERS
from benchmarks.recordings import Item
from benchmarks.report import parser, run, save, table
from benchmarks.roles import ROLES
from benchmarks.tools import Answer, Tool, add_options, listeners, pace, running, weights_of
from onpu.music import Notes, Timeline, Voice

WEIGHTS = ("piano", "piano-wide", "band", "onsets", "melody", "drums", "voice", "voice-blstm")
"""All but the first three are named as their task."""
COMPETITORS = {name: peer for name, peer in PEERS.items() if name != "pyworld"}
"""pyworld is the reference for dry singing."""
PLAN: dict[str, dict[str, tuple[str, ...]]] = {
    "maps": {"notes": ("piano", "piano-wide", "band", "basic-pitch", "madmom-notes"),
             "onsets": ("onsets", "madmom-onsets", "librosa-onsets")},
    "mdb": {"onsets": ("onsets", "madmom-onsets", "librosa-onsets"),
            "melody": ("melody", "melodia", "torchcrepe", "librosa-pyin"), "drums": ("drums",)},
    "stems": {"onsets": ("onsets", "madmom-onsets", "librosa-onsets"), "drums": ("drums",)},
    "pjs": {"melody": ("melody", "melodia", "torchcrepe", "librosa-pyin")},
    **{name: {"voice": ("voice", "voice-blstm", "always")} for name in ("ultrastar", "ultrastar-reported", "voice")},
    "bands": {"notes": ("band", "basic-pitch"), "onsets": ("onsets", "madmom-onsets"), "melody": ("melody", "melodia"),
              "drums": ("drums",), "voice": ("voice", "voice-blstm")},
    "negatives": {"false positives": (*WEIGHTS, *COMPETITORS)},
}
"""Set -> what is scored on it -> weights and peers that take part."""
PACE = ("Times real time are medians over recordings, of runs among other work on the machine; "
        "`speed.md` has each tool alone.\n")
FOUND = ("notes/s", "onsets/s", "hits/s", "melody", "voice")


class Tools:
    """The tools of a run by name; what each found in a recording is kept until the end."""

    def __init__(self, own: dict[str, list[Tool]], peers: dict[str, Tool]) -> None:
        self.tools = {**own, **{name: [peer] for name, peer in peers.items()},
                      "always": [Tool("always voice", always_voice, ("voice",))]}
        self.found: dict[tuple[Tool, Path], Answer] = {}

    def named(self, names: Sequence[str]) -> list[Tool]:
        """The tools of these names that are here."""
        return [tool for name in names for tool in self.tools.get(name, [])]

    def answers(self, tool: Tool, songs: Sequence[Item]) -> list[Answer]:
        """What it finds in each recording."""
        for item in songs:
            if (tool, item.path) not in self.found:
                self.found[tool, item.path] = tool.call(item.path)
        return [self.found[tool, item.path] for item in songs]


def always_voice(_: Path) -> Answer:
    """The answer that someone sings all the time."""
    end = np.array([1e6])
    return Answer(Timeline(1e6, voice=Voice(np.zeros(1), end, np.array([""]), np.ones(1))), float("nan"))


def mean(found: Sequence[scores.Scores], measure: str) -> float:
    """Mean over the recordings that have the measure; NaN where none has."""
    values = [one[measure] for one in found if measure in one]
    return float(np.mean(values)) if values else float("nan")


def subject_part(name: str, subject: str, songs: Sequence[Item], tools: Tools, each: bool) -> str:
    """Means over recordings, a row a tool; each: and the first measure of every recording."""
    songs = [item for item in songs if getattr(item.truth, subject) is not None]
    chosen = tools.named(PLAN[name][subject])
    if not songs or not chosen:
        return ""
    measures = list(scores.COLUMNS[subject])
    shown = measures[:3] if subject == "drums" else measures[:1]
    rows, columns, families = [], [], {}
    for tool in chosen:
        answers = tools.answers(tool, songs)
        found = [scores.score(subject, item.truth, answer.timeline)
                 for item, answer in zip(songs, answers, strict=True)]
        rows.append([tool.name, *(mean(found, measure) for measure in measures), pace(songs, answers)])
        columns.append([" / ".join(f"{one[name]:.2f}" if name in one else "-" for name in shown) for one in found])
        if name == "bands" and subject == "notes":
            families[tool.name] = family_counts(songs, answers)
    text = f"\n### {name}: {subject} ({len(songs)})\n\n" + table([subject, *measures, "x real time"], rows)
    if each:
        cells = [[item.name, *row] for item, row in zip(songs, zip(*columns, strict=True), strict=True)]
        text += "\n" + table([" / ".join(shown), *(tool.name for tool in chosen)], cells)
    return text + family_part(families)


def family_counts(songs: Sequence[Item], answers: Sequence[Answer]) -> dict[str, np.ndarray]:
    """Family -> (found, there), over all songs."""
    total: dict[str, np.ndarray] = {}
    for item, answer in zip(songs, answers, strict=True):
        for family, pair in scores.by_family(item.truth.require(Notes), answer.timeline.require(Notes)).items():
            total[family] = total.get(family, 0) + pair
    return total


def family_part(families: dict[str, dict[str, np.ndarray]]) -> str:
    """Recall by family of instruments."""
    if not families:
        return ""
    counts = next(iter(families.values()))
    rows = [[family, str(counts[family][1]), *(float(np.divide(*one[family])) for one in families.values())]
            for family in scores.FAMILIES if family in counts]
    return "\n" + table(["recall by family", "notes", *families], rows)


def negatives_part(songs: Sequence[Item], tools: Tools) -> str:
    """What is found where there is nothing: the only figure of each tool that it fills, a column a sound."""
    rows = []
    for tool in tools.named(PLAN["negatives"]["false positives"]):
        found = [scores.false_positives(answer.timeline) for answer in tools.answers(tool, songs)]
        rows += [[tool.name, figure, *(f"{one[figure]:.2f}" for one in found)]
                 for figure in FOUND if figure in found[0]]
    return "\n### negatives: found where there is nothing\n\n" + table(
        ["", "", *(item.name for item in songs)], rows)


def parts(given: argparse.Namespace, tools: Tools, subjects: dict[str, list[str]]) -> Iterator[str]:
    """The tables asked for, set by set."""
    for name in subjects:
        try:
            songs = items(name)[: given.first]
        except Missing as error:
            yield f"{name} left out: {error}\n"
            continue
        yield f"\n## {SETS[name]} (role: {ROLES[name]})\n"
        for subject in subjects[name]:
            print(name, subject, flush=True)
            yield (negatives_part(songs, tools) if name == "negatives" else
                   subject_part(name, subject, songs, tools, given.each))


def main() -> None:
    """Run and write notes.md."""
    options = parser(__doc__)
    options.add_argument("--only", default=",".join(SETS), help=f"sets, by commas: {', '.join(SETS)}")
    options.add_argument("--subjects", default="", help="notes, onsets, melody, drums, voice, false positives; by "
                         "commas, all by default")
    options.add_argument("--first", type=int, default=None, help="only so many recordings of each set")
    options.add_argument("--each", action="store_true", help="scores of every recording")
    options.add_argument("--save", default="notes", metavar="NAME", help="name of the table")
    add_options(options, COMPETITORS)
    given = options.parse_args()
    subjects = {name: [subject for subject in PLAN[name] if not given.subjects or subject in given.subjects.split(",")]
                for name in given.only.split(",")}
    needed = {tool for name in subjects for subject in subjects[name] for tool in PLAN[name][subject]}
    own = listeners(weights_of([name for name in WEIGHTS if name in needed], given.weights))
    with running(COMPETITORS, given.peers, given.again) as peers:
        text = list(parts(given, Tools(own, peers), subjects))
    text += absent(COMPETITORS) if given.peers is None else []
    save(given, given.save, "Notes, onsets, melody, drums and voice", [*text, PACE])


if __name__ == "__main__":
    run(main)
