"""Notes, onsets, melody, drums and voice beside their peers, in one run (see README.md).

    python -m benchmarks.listening.notes [--only maps,mdb] [--weights piano=runs/x/best.safetensors,piano=…,drums=…]
        [--peers basic-pitch] [--subjects notes,onsets] [--first 2] [--each] [--again] [--dry] [--save NAME]

Weights that are not shipped are left out; several for one name have a row each.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.listening import notes_scores as scores
from benchmarks.listening.notes_data import SETS, Item, items
from benchmarks.listening.notes_tools import WEIGHTS, Answer, Remembering, Tool, ours
from benchmarks.peers.notes import interpreters
from benchmarks.report import save, table
from onpu.music import Notes, Timeline, Voice

PLAN = {
    "maps": {"notes": ("piano", "band", "basic-pitch", "madmom-notes"),
             "onsets": ("onsets", "madmom-onsets", "librosa-onsets")},
    "mdb": {"onsets": ("onsets", "madmom-onsets", "librosa-onsets"),
            "melody": ("melody", "melodia", "torchcrepe", "librosa-pyin"), "drums": ("drums",)},
    "stems": {"onsets": ("onsets", "madmom-onsets", "librosa-onsets"), "drums": ("drums",)},
    "pjs": {"melody": ("melody", "melodia", "torchcrepe", "librosa-pyin")},
    "ultrastar": {"voice": ("voice", "voice-blstm", "always")},
    "bands": {"notes": ("band", "basic-pitch"), "onsets": ("onsets", "madmom-onsets"), "melody": ("melody", "melodia"),
              "drums": ("drums",), "voice": ("voice", "voice-blstm")},
    "negatives": {"invented": (*WEIGHTS, "basic-pitch", "madmom-notes", "madmom-onsets", "librosa-onsets", "melodia",
                               "torchcrepe", "librosa-pyin")},
}
"""Set -> what is scored on it -> weights and peers that take part."""
PACE = ("Times real time are medians over recordings, of runs among other work on the machine; "
        "`notes_speed.md` has each tool alone.")
FOUND = ("notes/s", "onsets/s", "hits/s", "melody", "voice")


class Band:
    """The tools of a run by name; what each said of a recording is kept until the end."""

    def __init__(self, own: dict[str, list[Tool]], peers: dict[str, Remembering]) -> None:
        self.tools: dict[str, Sequence[Tool | Remembering]] = {**own, **{name: [peer] for name, peer in peers.items()}}
        self.tools["always"] = [Tool("always voice", always, ("voice",))]
        self.said: dict[tuple[str, Path], Answer] = {}

    def of(self, names: Sequence[str]) -> list[Tool | Remembering]:
        """Those of these names that are here."""
        return [tool for name in names for tool in self.tools.get(name, [])]

    def answers(self, tool: Tool | Remembering, songs: Sequence[Item]) -> list[Answer]:
        """What it says of each recording."""
        for item in songs:
            if (tool.name, item.path) not in self.said:
                self.said[tool.name, item.path] = tool(item.path)
        return [self.said[tool.name, item.path] for item in songs]


def always(_: Path) -> Answer:
    """Someone sings all the time."""
    end = np.array([1e6])
    return Answer(Timeline(1e6, voice=Voice(np.zeros(1), end, np.array([""]), np.ones(1))), float("nan"))


def pace(songs: Sequence[Item], answers: Sequence[Answer]) -> str:
    """Times real time, the median over recordings."""
    times = [item.truth.duration / answer.seconds for item, answer in zip(songs, answers, strict=True)]
    return "-" if np.isnan(times).any() else f"{np.median(times):.0f}"


def mean(found: Sequence[scores.Scores], measure: str) -> float:
    """Over the recordings that have the measure; NaN where none has."""
    values = [one[measure] for one in found if measure in one]
    return float(np.mean(values)) if values else float("nan")


def subject_part(name: str, subject: str, songs: Sequence[Item], band: Band, each: bool) -> str:
    """Means over recordings, a row a tool; each: and the first measure of every recording."""
    songs = [item for item in songs if getattr(item.truth, subject) is not None]
    tools = band.of(PLAN[name][subject])
    if not songs or not tools:
        return ""
    measures = list(scores.COLUMNS[subject])
    shown = measures[:3] if subject == "drums" else measures[:1]
    rows, columns, families = [], [], {}
    for tool in tools:
        answers = band.answers(tool, songs)
        found = [scores.score(subject, item.truth, answer.timeline)
                 for item, answer in zip(songs, answers, strict=True)]
        rows.append([tool.name, *(mean(found, measure) for measure in measures), pace(songs, answers)])
        columns.append([" / ".join(f"{one[name]:.2f}" if name in one else "-" for name in shown) for one in found])
        if name == "bands" and subject == "notes":
            families[tool.name] = family_counts(songs, answers)
    text = f"\n### {name}: {subject} ({len(songs)})\n\n" + table([subject, *measures, "x real time"], rows)
    if each:
        cells = [[item.name, *row] for item, row in zip(songs, zip(*columns, strict=True), strict=True)]
        text += "\n" + table([" / ".join(shown), *(tool.name for tool in tools)], cells)
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


def invented_part(songs: Sequence[Item], band: Band) -> str:
    """What is found where there is nothing: the only figure of each tool that it fills, a column a sound."""
    rows = []
    for tool in band.of(PLAN["negatives"]["invented"]):
        found = [scores.invented(answer.timeline) for answer in band.answers(tool, songs)]
        rows += [[tool.name, figure, *(f"{one[figure]:.2f}" for one in found)]
                 for figure in FOUND if figure in found[0]]
    return "\n### negatives: found where there is nothing\n\n" + table(
        ["", "", *(item.name for item in songs)], rows)


def main() -> None:
    """Run, print and write results/notes.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(SETS), help=f"sets, by commas: {', '.join(SETS)}")
    parser.add_argument("--subjects", default="", help="notes, onsets, melody, drums, voice, invented; all by default")
    parser.add_argument("--peers", default=None, help="by commas; all that are here by default, '' for none")
    parser.add_argument("--weights", default="", help="NAME=PATH, by commas, instead of the shipped ones")
    parser.add_argument("--first", type=int, default=None, help="only so many recordings of each set")
    parser.add_argument("--each", action="store_true", help="scores of every recording")
    parser.add_argument("--again", action="store_true", help="ask the peers anew, which measures their speed again")
    parser.add_argument("--dry", action="store_true", help="write no file")
    parser.add_argument("--save", default="notes", help="name of the file in results/")
    given = parser.parse_args()
    pythons, notes = interpreters()
    wanted = pythons if given.peers is None else given.peers.split(",")
    peers = {name: Remembering(name, python, given.again) for name, python in pythons.items()
             if name in wanted and name != "pyworld"}
    names = given.only.split(",")
    subjects = {name: [subject for subject in PLAN[name] if not given.subjects or subject in given.subjects.split(",")]
                for name in names}
    needed = {tool for name in names for subject in subjects[name] for tool in PLAN[name][subject]}
    band = Band(ours(filter(None, given.weights.split(",")), needed), peers)
    text = []
    for name in names:
        songs = items(name)[:given.first]
        if not songs:
            notes.append(f"{name} left out: its recordings are not to be had (benchmarks/README.md)")
            continue
        text.append(f"\n## {SETS[name]}\n")
        print(text[-1], flush=True)
        for subject in subjects[name]:
            text.append(invented_part(songs, band) if name == "negatives" else
                        subject_part(name, subject, songs, band, given.each))
            print(text[-1], flush=True)
    for peer in peers.values():
        peer.close()
    notes.append(PACE)
    print(*notes, sep="\n")
    if not given.dry:
        print(save(given.save, "Notes, onsets, melody, drums and voice", [*text, *(f"{note}\n" for note in notes)]))


if __name__ == "__main__":
    main()
