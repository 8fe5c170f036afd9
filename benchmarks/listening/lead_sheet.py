"""What is printed on lead sheets: the tune, chords that can be read, key signatures, repeats.

    python -m benchmarks.listening.lead_sheet [--only tune,chords,keys,repeats] [--songs 20] [--again]
        [--results FOLDER] [--dry]

What the main job finds in a recording is kept beside the rendered songs and used again unless --again is given. Table:
benchmarks/results/lead_sheet.md.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np

from benchmarks.listening.harmony_songs import items
from benchmarks.listening.modulating import CHOOSING_SEED, SEED, SONGS, modulating, signatures
from benchmarks.paths import data
from benchmarks.recordings import Item, real
from benchmarks.report import parser, run, save, table
from benchmarks.roles import ROLES, ULTRASTAR_REPORTED
from benchmarks.sheets.heard import found_in
from onpu.formats.musicxml.lead_sheet import section_names
from onpu.metrics import chords as chord_metric
from onpu.music import Chords, Keys, Timeline
from onpu.music.bars import bars, usual_beat
from onpu.music.folding import Fold, folds, played_bars, written_bars
from onpu.music.lead import Lead, lead
from onpu.music.printed import PLACES, printed_chords, readable
from onpu.music.quantise import TICKS, seconds_at
from onpu.music.signatures import keys_of

PARTS = ("tune", "chords", "keys", "repeats")
LONGEST_TOLERANCE, STRICT = 0.25, 0.1
"""Seconds by which an onset may lie off: an eighth, but no more than the first; and in the strict column."""
BEAT_RANGE = 60 / 140, 60 / 70
"""Seconds a beat between which a tempo octave is chosen for the length of an eighth."""
CHANGE_BARS = 2
"""Bars by which a change of key signature may lie off."""
VALIDATION_SONGS = 8
"""Of the validation set as many are heard, the first."""
HARMONY = ("beats", "key", "chords")


def sung_notes(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Onsets and pitches of the pitched notes of an UltraStar song."""
    rows = [line.split("\t") for line in (folder / "notes.tsv").read_text(encoding="utf-8").splitlines()
            if not line.startswith("#")]
    kept = [(float(row[0]), int(row[2])) for row in rows if int(row[2]) >= 0 and row[3] != "freestyle"]
    return np.array([row[0] for row in kept]), np.array([row[1] for row in kept])


def agreement(onsets: np.ndarray, pitches: np.ndarray, others: np.ndarray, their_pitches: np.ndarray,
              tolerance: float) -> tuple[float, float, float]:
    """F-measure, precision and recall of the notes (others) that are matched, in order and one to one, with known ones
    (onsets) of the same pitch class that begin within a tolerance in seconds."""
    order = np.argsort(others, kind="stable")
    others, their_pitches = others[order], their_pitches[order]
    fits = (np.abs(onsets[:, None] - others) <= tolerance) & ((pitches[:, None] - their_pitches) % 12 == 0)
    best = np.zeros((len(onsets) + 1, len(others) + 1), np.int64)
    for row, fit in enumerate(fits):
        best[row + 1, 1:] = np.maximum.accumulate(np.maximum(best[row, :-1] + fit, best[row, 1:]))
    hits = int(best[-1, -1])
    return (2 * hits / max(1, len(onsets) + len(others)), hits / max(1, len(others)), hits / max(1, len(onsets)))


def played(sheet: Lead, timeline: Timeline) -> tuple[np.ndarray, np.ndarray]:
    """Onsets in seconds and pitches of the tune as the sheet has it played, its repeats included."""
    line, first = sheet.line, sheet.bars.firsts * TICKS
    own = np.searchsorted(first, line.starts, side="right") - 1
    starts, pitches = list[float](), list[float]()
    for bar, written in enumerate(played_bars(folds(sheet, section_names(timeline, sheet)), len(first) - 1)):
        rows = np.flatnonzero(own == written)
        starts += (line.starts[rows] - first[written] + first[bar]).tolist()
        pitches += line.pitches[rows].tolist()
    return seconds_at(np.array(starts), sheet.bars), np.array(pitches)


def eighth(timeline: Timeline) -> float:
    """Seconds of an eighth at the found tempo, in its octave between 70 and 140 beats a minute."""
    beat = usual_beat(bars(timeline).grid)
    while beat < BEAT_RANGE[0]:
        beat *= 2
    while beat > BEAT_RANGE[1]:
        beat /= 2
    return min(beat / 2, LONGEST_TOLERANCE)


def tune_part(again: bool) -> str:
    """The tune of songs whose notes people wrote down."""
    rows, figures = list[list[object]](), dict[str, list[float]]()
    for folder, path in real("ultrastar"):
        onsets, pitches = sung_notes(folder)
        timeline = found_in(folder.name, path, again)
        sheet = lead(timeline)
        printed = played(sheet, timeline)
        role = "ultrastar-reported" if folder.name in ULTRASTAR_REPORTED else "ultrastar"
        near = agreement(onsets, pitches, *printed, eighth(timeline))
        strict = agreement(onsets, pitches, *printed, STRICT)[0]
        figures.setdefault(ROLES[role], []).append(near[0])
        rows.append([folder.name.replace("_", " "), str(ROLES[role]), len(onsets), len(printed[0]), *near, strict])
    rows += [[f"mean, {role}", "", "", "", float(np.mean(values)), "", "", ""] for role, values in figures.items()]
    headings = ["song", "role", "notes sung", "printed", "F", "precision", "recall", "F, onsets within .1 s"]
    return "## The tune: onsets within an eighth (at most .25 s), pitch class\n\n" + table(headings, rows)


def as_printed(timeline: Timeline) -> Chords:
    """The chords of the sheet, each until the next."""
    grid = bars(timeline)
    symbols = printed_chords(grid, timeline.require(Chords), keys_of(grid, timeline))
    places = np.array([grid.firsts[symbol.bar] + symbol.place / PLACES for symbol in symbols])
    starts = np.interp(places, np.arange(len(grid.grid)), grid.grid)
    return Chords(starts, np.append(starts[1:], max(timeline.duration, starts[-1] + 0.1)),
                  np.array([symbol.label for symbol in symbols]), np.array([float(symbol.sure) for symbol in symbols]))


def chord_part(again: bool) -> str:
    """Chords that cannot be read, and how right the printed ones are."""
    rows = list[list[object]]()
    for kind in ("ultrastar", "mdb", "metal"):
        timelines = [found_in(folder.name, path, again) for folder, path in real(kind)]
        heard = [str(label) for timeline in timelines for label in timeline.require(Chords).labels]
        printed = [as_printed(timeline) for timeline in timelines]
        labels = [str(label) for chords in printed for label in chords.labels]
        rows.append([kind, len(heard), sum(not readable(label) for label in heard), len(labels),
                     sum(not readable(label) for label in labels), int(sum((c.confidence < 1).sum() for c in printed))])
    songs = items("validation", count=VALIDATION_SONGS)
    found = [found_in(f"validation-{item.name}", item.path, again, HARMONY) for item in songs]
    truths = [chord_metric.filled(item.truth.require(Chords), item.truth.duration) for item in songs]
    wcsr = [[name, *(chord_metric.corpus_wcsr(list(zip(truths, chords, strict=True)))[level]
                     for level in ("root", "majmin", "tetrads"))]
            for name, chords in (("JAMS", [each.require(Chords) for each in found]),
                                 ("printed", [as_printed(each) for each in found]))]
    return ("\n## Chords: which cannot be read at sight\n\n"
            + table(["set", "in the JAMS", "of these unreadable", "printed", "of these unreadable", "in grey"], rows)
            + f"\nWCSR of {len(songs)} songs of POP909-CL ({ROLES['validation']}):\n\n"
            + table(["", "root", "majmin", "tetrads"], wcsr))


def changes(sharps: Sequence[int]) -> list[int]:
    """The bars at which a key signature changes."""
    return [bar for bar, (before, after) in enumerate(pairwise(sharps), 1) if before != after]


def right(item: Item, found: Timeline) -> bool:
    """Whether a sheet has the signatures of the song, and changes them where it does."""
    truth, heard = signatures(item.truth), signatures(found)
    if [sharps % 12 for sharps, _ in groupby(truth)] != [sharps % 12 for sharps, _ in groupby(heard)]:
        return False
    places, others = (bars(each).starts[changes(sharps)] for each, sharps in ((item.truth, truth), (found, heard)))
    bar = float(np.median(np.diff(bars(item.truth).starts)))
    return bool((np.abs(places - others) <= CHANGE_BARS * bar).all())


def key_part(again: bool, count: int) -> str:
    """Key signatures a song."""
    rows = []
    for kind in ("ultrastar", "mdb", "metal"):
        for folder, path in real(kind):
            timeline = found_in(folder.name, path, again)
            regions = [str(label) for label in timeline.require(Keys).labels]
            printed = [sharps for sharps, _ in groupby(signatures(timeline))]
            sharps = " ".join(f"{number:+d}" for number in printed)
            rows.append([folder.name.replace("_", " "), len(regions), len(printed), sharps])
    good = []
    for seed in (SEED, CHOOSING_SEED):
        songs = modulating(count, seed=seed)
        found = [found_in(f"modulating-{item.name}", item.path, again, HARMONY) for item in songs]
        for item, timeline in zip(songs, found, strict=True):
            truth, printed = ([sharps for sharps, _ in groupby(signatures(each))] for each in (item.truth, timeline))
            numbers = " ".join(f"{n:+d}" for n in printed)
            rows.append([item.name, len(timeline.require(Keys)), len(printed),
                         numbers if right(item, timeline) else f"{numbers} (composed: "
                         f"{' '.join(f'{n:+d}' for n in truth)})"])
        count_right = sum(right(item, timeline) for item, timeline in zip(songs, found, strict=True))
        good.append(f"{count_right} of {len(songs)}")
    return (f"\n## Key signatures: right on {good[0]} composed songs that modulate, {good[1]} of those that choose\n\n"
            f"Right: the same signatures in the same order, each change within {CHANGE_BARS} bars; the composed ones "
            f"stand beside those that are wrong. Constants were chosen by songs with seeds from {CHOOSING_SEED} on; "
            f"those from {SEED} on report.\n\n"
            + table(["recording", "key regions found", "signatures printed", "sharps, flats negative"], rows))


def repeat_part(again: bool) -> str:
    """What is written once of what is played several times, and how alike it was sung."""
    rows, folded = list[list[object]](), 0
    for kind in ("ultrastar", "mdb", "metal"):
        for folder, path in real(kind):
            timeline = found_in(folder.name, path, again)
            sheet = lead(timeline)
            found = folds(sheet, section_names(timeline, sheet))
            folded += bool(found)
            count = len(sheet.bars.numbers)
            alike = [sung_alike(fold, sheet, folder, eighth(timeline)) for fold in found] if kind == "ultrastar" else []
            rows.append([folder.name.replace("_", " "), count, len(written_bars(found, count)), len(found),
                         ", ".join(f"{value:.2f}" for value in alike if not np.isnan(value)) or "-"])
    return (f"\n## Repeats: {folded} of {len(rows)} recordings have some\n\nAlike: F of the notes that people wrote "
            "down of what is folded, onsets within an eighth, pitch class; of those in which somebody sings.\n\n"
            + table(["recording", "bars played", "written", "repeats", "alike as sung"], rows))


def sung_alike(fold: Fold, sheet: Lead, folder: Path, tolerance: float) -> float:
    """F of the notes that are sung in the first two playings of a repeat, endings apart; NaN where nobody sings."""
    onsets, pitches = sung_notes(folder)
    parts = []
    for first in (fold.first, fold.first + fold.length):
        start, end = sheet.bars.starts[first], sheet.bars.ends[first + fold.length - fold.endings - 1]
        inside = (onsets >= start - STRICT) & (onsets < end - STRICT)
        parts += [onsets[inside] - start, pitches[inside]]
    return agreement(parts[0], parts[1], parts[2], parts[3], tolerance)[0] if len(parts[0]) + len(parts[2]) else np.nan


def main() -> None:
    """Print and store the tables."""
    options = parser(__doc__)
    options.add_argument("--only", default=",".join(PARTS), help="parts, by commas")
    options.add_argument("--songs", type=int, default=SONGS, help="songs that modulate")
    options.add_argument("--again", action="store_true", help="listen again to what is kept")
    given = options.parse_args()
    data("real")
    makers: dict[str, Callable[[bool], str]] = {
        "tune": tune_part, "chords": chord_part, "keys": partial(key_part, count=given.songs), "repeats": repeat_part}
    save(given, "lead_sheet", "Lead sheets", [makers[part](given.again) for part in given.only.split(",")])


if __name__ == "__main__":
    run(main)
