"""One song of POP909 as a score: melody, second line and accompaniment, chords, keys, and bars that can be trusted."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import cast

import numpy as np
from symusic.core import ScoreSecond, TrackTick

from onpu.data.corpora.archive import Archive
from onpu.data.corpora.downbeats import Run, evidence, regular_runs
from onpu.data.corpora.plausible import chords_are_played, keys_fit
from onpu.engine.compose.chord import PLAYED, Chord, Tonality
from onpu.engine.compose.metre import SIGNATURES, Signature
from onpu.engine.compose.sketch import Note, Span
from onpu.errors import DataError
from onpu.music.harte import QUALITIES

LINES = ("MELODY", "BRIDGE", "PIANO")
"""The tracks of the performed file, and the lines of a lead sheet."""

_BASS_BELOW = 55
_TOLERANCE = 0.06
_MARGIN = 0.2
_LEAST_BARS = 8


@dataclass(frozen=True, eq=False)
class LeadSheet:
    """A song in quarters from the score's beginning, beats on whole quarters.

    lines: notes by name of `LINES`. spans: chords in order. keys: from when, which. runs: rows of bars that can be
    trusted. bpm: quarters a minute of the performed file, as the original recording has it. triplets: whether beats
    are divided in three rather than in four.
    """

    name: str
    signature: Signature
    bpm: float
    triplets: bool
    lines: dict[str, list[Note]]
    spans: tuple[Span, ...]
    keys: tuple[tuple[float, Tonality], ...]
    runs: tuple[Run, ...]

    def doubled(self) -> "LeadSheet":
        """The same music counted twice as fast: an eighth is a beat, and each bar becomes two."""
        return replace(
            self, bpm=2 * self.bpm,
            lines={line: [note._replace(start=2 * note.start, length=2 * note.length) for note in notes]
                   for line, notes in self.lines.items()},
            spans=tuple(Span(2 * span.start, 2 * span.end, span.chord) for span in self.spans),
            keys=tuple((2 * start, key) for start, key in self.keys),
            runs=tuple(Run(2 * run.start, 2 * run.bars, run.margin) for run in self.runs))


def read_leadsheet(archive: Archive, name: str) -> LeadSheet | None:
    """The song's corrected score (POP909-CL), its lines told apart by the performed file; None if it is of no use.

    Left out: songs without a chord or a piano track or a key, whose two files do not hold the same notes, with several
    metres, with chords off the beats, with notes that fit neither sixteenths nor triplets, whose chords are not played
    or do not fit the keys, and without a row of eight bars whose downbeats the chords, the bass and POP909's own beats
    make plain. Raises `DataError` for damaged files.
    """
    corrected = archive.score(f"{name}/{name}_cl.mid")
    performed = cast(ScoreSecond, archive.score(f"{name}/{name}.mid").to("second"))
    piano = next((track for track in corrected.tracks if track.name == "piano"), None)
    chords = next((track for track in corrected.tracks if track.name != "piano"), None)
    if piano is None or chords is None or not len(piano.notes) or not len(chords.notes):
        return None
    if len(corrected.time_signatures) != 1 or not len(corrected.key_signatures):
        return None
    rows = _rows(piano, corrected.tpq)
    owners, seconds = _matched(rows, performed)
    spans = _spans(chords, corrected.tpq)
    offset = _beat_offset(spans)
    matched = owners >= 0
    keys = tuple((key.time / corrected.tpq, _key(key.key, key.tonality)) for key in corrected.key_signatures)
    if offset is None or matched.mean() < 0.95 or not keys_fit(spans, keys):
        return None
    if not chords_are_played(spans, rows[owners == LINES.index("PIANO")]):
        return None
    rows[:, 0] -= offset
    spans = [Span(span.start - offset, span.end - offset, span.chord) for span in spans]
    straight, triplets = _fit(rows[:, 0], 4), _fit(rows[:, 0], 3)
    if max(straight, triplets) < 0.8:
        return None
    signature = SIGNATURES["4/4" if corrected.time_signatures[0].numerator == 4 else "3/4"][0]
    pace = _pace(rows[matched, 0], seconds[matched])
    hints = _hints(archive, name, rows[matched, 0], seconds[matched])
    low = rows[rows[:, 2] < _BASS_BELOW]
    bass = np.column_stack((low[:, 0], np.minimum(low[:, 1], np.append(np.diff(low[:, 0]), _LEAST_BARS))))
    scores = evidence(spans, bass, hints, int(rows[-1, 0]) + 1)
    runs = [run for run in _covered(regular_runs(scores, signature.beats), spans, signature.beats)
            if run.bars >= _LEAST_BARS and run.margin >= _MARGIN]
    if not runs or not np.isfinite(pace):
        return None
    lines: dict[str, list[Note]] = {line: [] for line in LINES}
    for (start, length, pitch, velocity), owner in zip(rows.tolist(), owners.tolist(), strict=True):
        lines[LINES[owner if owner >= 0 else 2]].append(Note(start, length, int(pitch), velocity / 100, 0))
    keys = tuple((start - offset, key) for start, key in keys)
    return LeadSheet(name, signature, 60 / pace, triplets > straight, lines, tuple(spans), keys, tuple(runs))


def _rows(track: TrackTick, tpq: int) -> np.ndarray:
    """Start and length in quarters, pitch, velocity, (n, 4), by start."""
    notes = track.notes.numpy()
    rows = np.column_stack((notes["time"] / tpq, notes["duration"] / tpq, notes["pitch"], notes["velocity"]))
    return rows[np.lexsort((rows[:, 2], rows[:, 0]))]


def _matched(rows: np.ndarray, performed: ScoreSecond) -> tuple[np.ndarray, np.ndarray]:
    """For each note of the score the line that it belongs to (-1: unknown) and when it was played, seconds.

    Both files hold the same notes, so the n-th note of a pitch in one is the n-th in the other.
    """
    played: dict[int, list[tuple[float, int]]] = {}
    for track in performed.tracks:
        if track.name in LINES:
            for note in track.notes:
                played.setdefault(note.pitch, []).append((note.start, LINES.index(track.name)))
    owners, seconds = np.full(len(rows), -1), np.zeros(len(rows))
    for pitch, notes in played.items():
        here = np.flatnonzero(rows[:, 2] == pitch)
        if len(here) == len(notes):
            seconds[here], owners[here] = np.array(sorted(notes)).T
    return owners, seconds


@cache
def _chords_by_tones() -> dict[frozenset[int], tuple[tuple[int, str], ...]]:
    found: dict[frozenset[int], tuple[tuple[int, str], ...]] = {}
    for quality in PLAYED:
        for root in range(12):
            tones = frozenset((root + step) % 12 for step in QUALITIES[quality])
            found[tones] = (*found.get(tones, ()), (root, quality))
    return found


@cache
def name_chord(tones: frozenset[int], bass: int) -> Chord:
    """The chord of these pitch classes over this bass; one whose root is the bass is preferred, and where no chord has
    just these tones, the one over the bass that has most of them and least others."""
    exact = _chords_by_tones().get(tones, ())
    for root, quality in exact:
        if root == bass:
            return Chord(root, quality)
    if exact:
        root, quality = exact[0]
        return Chord(root, quality, (bass - root) % 12)
    options = [(chord, known) for known, chords in _chords_by_tones().items() for chord in chords if chord[0] == bass]
    (root, quality), _ = max(options, key=lambda option: len(option[1] & tones) / len(option[1] | tones))
    return Chord(root, quality)


def _spans(track: TrackTick, tpq: int) -> list[Span]:
    """The chords that are held in the chord track; each lasts until the next where they overlap or nearly touch."""
    held: dict[int, list[tuple[int, int]]] = {}
    for note in track.notes:
        held.setdefault(note.time, []).append((note.pitch, note.end))
    starts = sorted(held)
    spans = []
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        pitches = [pitch for pitch, _ in held[start]]
        end = max(end for _, end in held[start])
        if following is not None and end > following - tpq // 4:
            end = following
        chord = name_chord(frozenset(pitch % 12 for pitch in pitches), min(pitches) % 12)
        spans.append(Span(start / tpq, end / tpq, chord))
    return spans


def _beat_offset(spans: list[Span]) -> float | None:
    """How far the beats lie behind whole quarters: where nearly all chords begin; None if they do not agree."""
    starts = np.array([span.start for span in spans])
    steps, counts = np.unique(np.round(starts * 24) % 24, return_counts=True)
    offset = float(steps[counts.argmax()]) / 24
    return offset if np.mean(_distance(starts - offset, 1) < _TOLERANCE) >= 0.9 else None


def _fit(starts: np.ndarray, division: int) -> float:
    """Share of the notes that begin near a place of the beat's division."""
    return float(np.mean(_distance(starts, 1 / division) < 0.035))


def _distance(places: np.ndarray, step: float) -> np.ndarray:
    """From each place to the nearest multiple of the step."""
    return np.abs((places + step / 2) % step - step / 2)


def _pace(quarters: np.ndarray, seconds: np.ndarray) -> float:
    """Seconds a quarter, the median over stretches of thirty-two notes."""
    steps = quarters[32:] - quarters[:-32]
    moved = steps > 0
    return float(np.median((seconds[32:] - seconds[:-32])[moved] / steps[moved])) if moved.any() else np.nan


def _hints(archive: Archive, name: str, quarters: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """The downbeats of POP909's own beat file, on the score's time."""
    rows = [line.split() for line in archive.text(f"{name}/beat_midi.txt").splitlines()]
    try:
        downbeats = [float(time) for time, _, first in rows if float(first) == 1]
    except ValueError:
        raise DataError(f"{archive.path}: {name}/beat_midi.txt is no table of beats; fetch the file again") from None
    times, index = np.unique(seconds, return_index=True)
    return np.interp(downbeats, times, quarters[index], left=-1.0, right=-1.0)


def _covered(runs: list[Run], spans: list[Span], beats: int) -> list[Run]:
    """The runs, cut down to where chords follow each other without a gap."""
    breaks = [spans[0].start, *(b.start for a, b in pairwise(spans) if b.start - a.end > 0.5), np.inf]
    ends = [*(a.end for a, b in pairwise(spans) if b.start - a.end > 0.5), spans[-1].end]
    cut = []
    for run in runs:
        for start, end in zip(breaks, ends, strict=False):
            first = max(0, int(np.ceil((start - run.start) / beats - 0.01)))
            last = min(run.bars, int(np.floor((end - run.start) / beats + 0.01)))
            if last > first:
                cut.append(Run(run.start + first * beats, last - first, run.margin))
    return cut


def _key(sharps: int, minor: int) -> Tonality:
    """The key of a key signature."""
    return Tonality((7 * sharps + (9 if minor else 0)) % 12, "minor" if minor else "major")
