"""Sections beside every eight bars, Foote's novelty, and one listener beside another (see README.md).

    python -m benchmarks.listening.structure [--only test,validation,composed] [--count N] [--weights PATH] [--results
        FOLDER] [--dry]
    python -m benchmarks.listening.structure --only composed-reported  a hundred songs more; structure_composed.md
    python -m benchmarks.listening.structure --tune      Foote's constants, on the sets that choose; writes no table
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np

import onpu
from benchmarks.listening.structure_songs import Form, songs
from benchmarks.report import parser, run, save, table
from benchmarks.roles import ROLES
from benchmarks.timing import timed
from onpu.decode.section_boundaries import SHORTEST_SECONDS, peaks
from onpu.decode.section_labels import groups, likeness
from onpu.formats.audio import read_audio
from onpu.inference.streaming import features_of
from onpu.listen.structure import MEL, features
from onpu.metrics.structure import LEAST_SECONDS, evaluate, without_short
from onpu.music import Clock, Sections, Timeline

MEASURES = {"F .5 s": "Boundary F-measure", "P .5 s": "Boundary precision", "R .5 s": "Boundary recall",
            "F 3 s": "Boundary F-measure 3 s", "pairwise F": "Pairwise F-measure"}
BARS = 8
@dataclass(frozen=True)
class Foote:
    """Constants of Foote's novelty, chosen by `--tune`: half a kernel, least distance of peaks, both in seconds, what a
    peak exceeds the mean around it by, and the likeness from which on sections have one label."""

    half: float = 16.0
    apart: float = 6.0
    margin: float = 0.04
    alike: float = 0.55


CHOSEN = Foote()
GRID = {"half": (8.0, 16.0, 24.0), "apart": (6.0, 10.0), "margin": (0.01, 0.02, 0.04, 0.06, 0.08),
        "alike": (0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75)}
TITLES = {"test": "songs of POP909 kept out of training, with both listeners' sections",
          "validation": "other songs of POP909, by which constants are chosen",
          "composed": "composed songs of unseen styles, unseen soundfont",
         "composed-reported": "other such songs, by which nothing was chosen"}
USUAL = "test,validation,composed"


def every_eight_bars(truth: Timeline) -> Sections:
    """A section after every eight of the true bars, all alike."""
    assert truth.beats is not None
    edges = np.append(truth.beats.downbeats[::BARS], truth.duration)
    return Sections(edges[:-1], edges[1:], np.full(len(edges) - 1, "A"), np.ones(len(edges) - 1))


@cache
def _spectra(path: Path) -> tuple[Clock, np.ndarray]:
    """The listener's features (bands, frames) of a recording, without a network."""
    front = features()
    chunks = [chunk[0, 0].numpy() for chunk in features_of(read_audio(path), front)]
    return front.clock, np.concatenate(chunks, axis=-1)


def foote(form: Form, chosen: Foote = CHOSEN) -> Sections:
    """Novelty along the diagonal of the self-similarity of the listener's own features, without a network (Foote,
    "Automatic audio segmentation using a measure of audio novelty", ICME 2000): a checkerboard with Gaussian flanks.
    Labels by the listener's measure of likeness, with the spectrum in place of its cepstrum."""
    fine, whole = _spectra(form.path)
    step = 4
    slow = whole[:, : whole.shape[1] // step * step].reshape(len(whole), -1, step).mean(axis=2)
    clock = Clock(fine.rate, fine.hop * step)
    unit = slow - slow.mean(axis=1, keepdims=True)
    unit /= np.maximum(np.linalg.norm(unit, axis=0, keepdims=True), 1e-9)
    half = round(chosen.half * clock.fps)
    side = np.arange(-half, half) + 0.5
    flank = np.exp(-2 * (side / half) ** 2)
    kernel = np.outer(flank * np.sign(side), flank * np.sign(side))
    alike = np.pad(unit.T @ unit, half)
    novelty = np.array([(alike[i : i + 2 * half, i : i + 2 * half] * kernel).sum() for i in range(unit.shape[1])])
    novelty = np.maximum(novelty / kernel.clip(0).sum(), 0)
    at = peaks(novelty, clock.fps, chosen.margin, chosen.apart)
    inner = clock.seconds(at)
    inner = inner[(inner > chosen.apart) & (inner < form.truth.duration - chosen.apart)]
    edges = np.concatenate([[0.0], inner, [form.truth.duration]])
    frames = np.clip(np.round(fine.frames(edges)).astype(int), 0, whole.shape[1] - 1)
    found = groups(likeness(frames, np.clip(whole[MEL:] / 2, 0, 1), whole[:MEL]), chosen.alike)
    return Sections(edges[:-1], edges[1:], np.array([chr(65 + int(each) % 26) for each in found]), np.ones(len(found)))


def tuned(sets: dict[str, list[Form]]) -> Foote:
    """The constants of the grid that are best on these sets: first those of boundaries, by the mean of both windows,
    then that of labels."""
    def score(chosen: Foote, columns: slice) -> float:
        return float(np.mean([scored(forms, partial(foote, chosen=chosen))[columns] for forms in sets.values()]))

    best = max((Foote(half, apart, margin) for half in GRID["half"] for apart in GRID["apart"]
                for margin in GRID["margin"]), key=lambda each: score(each, slice(0, 4, 3)))
    return max((replace(best, alike=alike) for alike in GRID["alike"]), key=lambda each: score(each, slice(4, 5)))


def scored(forms: Sequence[Form], answer: Callable[[Form], Sections]) -> list[float]:
    """Means over the songs, of each the mean over its listeners."""
    rows = []
    for form in forms:
        found = answer(form)
        rows.append(np.mean([[evaluate(reading, found)[name] for name in MEASURES.values()]
                             for reading in form.readings], axis=0))
    return [float(value) for value in np.mean(rows, axis=0)]


def part(name: str, forms: Sequence[Form], tasks: list[str]) -> str:
    """The table of a set."""
    answers: dict[str, Sections] = {}
    alone: dict[str, Sections] = {}
    seconds = 0.0
    for form in forms:
        answers[form.name] = onpu.analyze(form.path, tasks=["beats", *tasks]).require(Sections)
        timeline, took = timed(onpu.analyze, form.path, tasks=tasks)
        alone[form.name] = timeline.require(Sections)
        seconds += took.processor
        score = evaluate(form.readings[0], answers[form.name])["Boundary F-measure"]
        print(f"{name} {form.name}: {score:.2f}", flush=True)
    rows = [["onpu, with beats", *scored(forms, lambda form: answers[form.name])],
            ["onpu, sections alone", *scored(forms, lambda form: alone[form.name])],
            ["every 8 true bars", *scored(forms, lambda form: every_eight_bars(form.truth))],
            ["Foote's novelty, its constants tuned as ours are", *scored(forms, foote)]]
    if all(len(form.readings) > 1 for form in forms):
        pairs = [[evaluate(form.readings[0], without_short(form.readings[1], LEAST_SECONDS))[measure]
                  for measure in MEASURES.values()] for form in forms]
        rows.append(["one listener beside the other", *(float(value) for value in np.mean(pairs, axis=0))])
    length = sum(form.truth.duration for form in forms)
    return (f"## {len(forms)} {TITLES[name]} (role: {ROLES[name]})\n\n" + table(["", *MEASURES], rows)
            + f"\nShortest section of onpu's with beats: {_shortest(answers.values())}.\n"
            + f"\n{length / len(forms):.0f} s a song; alone: {length / seconds:.0f} times real time on one core.\n")


def _shortest(answers: Iterable[Sections]) -> str:
    """How many are shorter than six seconds."""
    seconds = np.concatenate([each.ends - each.starts for each in answers])
    return (f"{seconds.min():.1f} s; {int((seconds < SHORTEST_SECONDS).sum())} of {len(seconds)} are below "
            f"{SHORTEST_SECONDS:g} s")


def main() -> None:
    """Print and write the tables."""
    options = parser(__doc__)
    options.add_argument("--only", default=USUAL, help=f"of {', '.join(TITLES)}, by commas")
    options.add_argument("--count", type=int, default=None, help="songs of each set at most")
    options.add_argument("--weights", default="structure", help="name or path")
    options.add_argument("--tune", action="store_true", help="choose Foote's constants")
    given = options.parse_args()
    if given.tune:
        print(tuned({name: songs(name, given.count) for name in ("validation", "composed")}))
        return
    text = ("Boundaries within half a second and three seconds, the ends of a song not counted; labels pair by pair. "
            "Annotated sections shorter than four seconds belong to the one before; those of an estimate count as they "
            "are. Constants of onpu's decoder and Foote's were chosen on the two sets that choose (onpu's length prior "
            "before, on 17 recordings held out of training). Songs are rendered at 22.05 kHz.\n")
    file = "structure_composed" if given.only == "composed-reported" else "structure"
    save(given, file, "Sections", [text, *(part(name, songs(name, given.count), [given.weights])
                                                  for name in given.only.split(","))])


if __name__ == "__main__":
    run(main)
