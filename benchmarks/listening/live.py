"""What is heard live beside what is heard of the whole recording: scores, look-ahead, latency, processor time.

    python -m benchmarks.listening.live [--only mdb,charted,grid] [--first 8] [--seconds 60] [--sweep 1,5,12]
        [--folds beats=PATH0,PATH1,PATH2,PATH3] [--corpus CORPUS] [--songs 4] [--results FOLDER] [--dry]

Recordings are cut after --seconds and pushed in blocks of 512 samples. Beats: all sets of --only; --folds as in
benchmarks.listening.beats. --sweep: frames of 20 ms that the network has heard of the future, on the first set. Chords,
onsets and notes: the first --songs of CORPUS. BeatNet is compared by benchmarks.listening.live_peers. Table:
benchmarks/results/live.md.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.folds import fold_of_all
from benchmarks.listening.beats_data import items
from benchmarks.report import parser, run, save, table
from benchmarks.roles import ROLES
from onpu.data.corpus import Corpus
from onpu.formats.audio import open_audio
from onpu.listen import load
from onpu.listen.onsets import onsets_of
from onpu.live import BeatEvent, ChordEvent, LiveEvent, NoteOff, NoteOn, OnsetEvent, Stream
from onpu.live.beats import AHEAD_FRAMES, BeatTracker
from onpu.live.chords import ChordTracker
from onpu.live.notes import NoteTracker
from onpu.live.onsets import OnsetTracker
from onpu.live.stream import Tracker
from onpu.metrics import beats as beat_metric
from onpu.metrics import chords as chord_metric
from onpu.metrics import notes as note_metric
from onpu.metrics import onsets as onset_metric
from onpu.music import Audio, Beats, Chords, Notes, Onsets, Timeline
from onpu.music.crop import crop
from onpu.trained import TrainedListener

BLOCK = 512
WARM_SECONDS = 5.0
"""Seconds that are not counted in the second column of scores."""


@dataclass(frozen=True)
class Played:
    """Events of a recording that was pushed; seconds of it; seconds of processor time, all threads together, and of
    the thread that pushes for each block."""

    events: list[LiveEvent]
    seconds: float
    spent: float
    blocks: np.ndarray


def play(audio: Audio, trackers: Sequence[Tracker]) -> Played:
    """Push a recording in blocks."""
    stream, events, blocks = Stream.following(trackers, audio.rate), [], []
    begun = time.process_time()
    for start in range(0, audio.samples.shape[1], BLOCK):
        before = time.thread_time()
        events += stream.push(audio.samples[:, start : start + BLOCK])
        blocks.append(time.thread_time() - before)
    events += stream.close()
    return Played(events, audio.duration, time.process_time() - begun, np.array(blocks))


def beginning(path: Path, seconds: float) -> Audio:
    """The first seconds of a recording."""
    with open_audio(path) as source:
        return Audio(next(source.blocks(seconds)), source.rate)


def beats_of(events: Sequence[LiveEvent]) -> Beats:
    """The beats that were told."""
    rows = [(event.time, event.position) for event in events if isinstance(event, BeatEvent)]
    times, positions = np.array(rows, float).reshape(-1, 2).T
    return Beats.of(times, positions.astype(int))


def after(beats: Beats, begin: float, end: float) -> Beats:
    """The beats in [begin, end)."""
    return beats.select(np.flatnonzero((beats.times >= begin) & (beats.times < end)))


def beat_scores(truth: Beats, found: Beats, seconds: float) -> list[float]:
    """F of beats and downbeats, of all and after the first seconds; NaN where the truth has no downbeats."""
    rows = []
    for begin in (0.0, WARM_SECONDS):
        scores = beat_metric.evaluate(after(truth, begin, seconds), after(found, begin, seconds))
        rows.append([scores["Beat F-measure"], scores.get("Downbeat F-measure", np.nan)])
    return [float(x) for x in np.array(rows).T.ravel()]


def beat_rows(name: str, seconds: float, first: int | None, network: Callable[[str], TrainedListener],
              ahead: int) -> tuple[list[list[float]], list[list[float]], list[Played]]:
    """Scores of each recording of a set, live and of the whole, and how it was played."""
    live, whole, played = [], [], []
    for item in islice(items(name, 0), first):
        trained, audio = network(item.path.parent.name), beginning(item.path, seconds)
        assert item.truth.beats is not None
        if ahead == AHEAD_FRAMES:
            whole.append(beat_scores(item.truth.beats, trained(audio), audio.duration))
        played.append(play(audio, [BeatTracker(trained, ahead)]))
        live.append(beat_scores(item.truth.beats, beats_of(played[-1].events), audio.duration))
        print(name, item.name, ahead, np.round(live[-1], 3), whole[-1:] and np.round(whole[-1], 3), flush=True)
    return live, whole, played


def spent(played: Sequence[Played]) -> list[str]:
    """Processor seconds a second, and milliseconds of the pushing thread a block: the 99th of a hundred, and most."""
    blocks = 1e3 * np.concatenate([one.blocks for one in played])
    share = sum(one.spent for one in played) / sum(one.seconds for one in played)
    return [f"{share:.2f}", *(f"{np.percentile(blocks, part):.0f}" for part in (99, 100))]


def ahead_of(played: Sequence[Played]) -> list[str]:
    """Milliseconds that events lie ahead of what was heard when they came: the least, the median and the most."""
    early = [1e3 * (event.time - event.heard) for one in played for event in one.events]
    return [f"{np.percentile(early, part):.0f}" for part in (0, 50, 100)] if early else ["0"] * 3


def by_fold(networks: Sequence[TrainedListener]) -> Callable[[str], TrainedListener]:
    """Recording -> the network of its fold, which never heard it."""
    return lambda item: networks[fold_of_all()[item]]


def beats_part(names: Sequence[str], seconds: float, first: int | None, folds: str) -> list[str]:
    """The tables of beats."""
    paths = folds.partition("=")[2].split(",") if folds else []
    networks = [load(path) for path in paths]
    shipped = load("beats")
    rows, times = [], []
    for name in names:
        folded = bool(networks) and name in ("grid", "charted", "metal")
        live, whole, played = beat_rows(name, seconds, first, by_fold(networks) if folded else lambda _: shipped,
                                        AHEAD_FRAMES)
        for kind, scores in (("live", live), ("whole recording", whole)):
            rows.append([name, str(ROLES[name]), str(len(scores)), kind, *map(float, np.nanmean(scores, axis=0))])
        times.append([name, *spent(played), *ahead_of(played)])
    headings = ("set", "role", "n", "heard", "beat F", "beat F after 5 s", "downbeat F", "downbeat F after 5 s")
    return ["## Beats\n\n" + table(headings, rows),
            "Time. Processor seconds a second of sound, all threads; milliseconds of the pushing thread for a block of "
            f"{BLOCK} samples, 99 of a hundred and the most; milliseconds by which beats lie ahead of what had been "
            "heard when they were told.\n\n" + table(
                ("set", "processor", "block, 99 %", "block, most", "ahead, least", "ahead, median", "ahead, most"),
                times)]


def sweep_part(name: str, seconds: float, first: int | None, sweep: Sequence[int]) -> str:
    """The table of look-ahead."""
    shipped, rows = load("beats"), []
    for ahead in sweep:
        live, _, _ = beat_rows(name, seconds, first, lambda _: shipped, ahead)
        rows.append([f"{20 * ahead} ms", *map(float, np.nanmean(live, axis=0))])
    return f"## Look-ahead of the network of beats, {name} ({ROLES[name]})\n\n" + table(
        ("heard of the future", "beat F", "beat F after 5 s", "downbeat F", "downbeat F after 5 s"), rows)


def chords_of(events: Sequence[LiveEvent], end: float) -> Chords:
    """The chords that were told, each until the next."""
    told = [event for event in events if isinstance(event, ChordEvent)]
    starts = np.array([event.time for event in told])
    ends = np.append(starts[1:], end)
    kept = ends > starts
    labels = np.array([event.label for event in told], dtype=np.str_)
    return Chords(starts[kept], ends[kept], labels[kept], np.ones(int(kept.sum())))


def notes_of(events: Sequence[LiveEvent], end: float) -> Notes:
    """The notes that were told."""
    begun: dict[int, NoteOn] = {}
    rows = []
    for event in events:
        if isinstance(event, NoteOn):
            begun[event.pitch] = event
        elif isinstance(event, NoteOff) and event.pitch in begun:
            on = begun.pop(event.pitch)
            rows.append((on.time, max(event.time, on.time + 1e-3), on.pitch, on.velocity))
    rows += [(on.time, max(end, on.time + 1e-3), on.pitch, on.velocity) for on in begun.values()]
    onsets, offsets, pitches, velocities = np.array(sorted(rows), float).reshape(-1, 4).T
    return Notes(onsets, offsets, pitches, velocities, np.zeros(len(rows), int), np.ones(len(rows)))


def onsets_told(events: Sequence[LiveEvent]) -> Onsets:
    """The onsets that were told."""
    times = np.array([event.time for event in events if isinstance(event, OnsetEvent)])
    return Onsets(times, np.ones(len(times)))


def others(truth: Timeline, audio: Audio) -> Iterator[tuple[str, float, float, Played]]:
    """Measure, live, of the whole, and how it was played, for chords, onsets and notes of a song."""
    trained = load("chords")
    played = play(audio, [ChordTracker(trained)])
    for level in ("root", "majmin"):
        if truth.chords is not None and len(truth.chords):
            live, whole = (chord_metric.evaluate(truth.chords, found)[level]
                           for found in (chords_of(played.events, audio.duration), trained(audio)))
            yield f"chords, {level}", live, whole, played
    trained = load("onsets")
    played = play(audio, [OnsetTracker(trained)])
    live, whole = (onset_metric.evaluate(onsets_of(truth), found)["Onset F-measure"]
                   for found in (onsets_told(played.events), trained(audio)))
    yield "onsets, F", live, whole, played
    trained = load("band")
    played = play(audio, [NoteTracker(trained)])
    if truth.notes is not None:
        live, whole = (note_metric.evaluate(truth.notes, found)["Note F-measure"]
                       for found in (notes_of(played.events, audio.duration), trained(audio)))
        yield "notes, F of onsets", live, whole, played


def others_part(folder: Path, songs: int, seconds: float) -> str:
    """The table of chords, onsets and notes."""
    corpus = Corpus.open(folder)
    found: dict[str, list[tuple[float, float, Played]]] = {}
    for number in range(min(songs, len(corpus))):
        whole = corpus.audio(number)
        audio = Audio(whole.samples[:, : round(seconds * whole.rate)], whole.rate)
        truth = crop(corpus.timeline(number), 0.0, audio.duration)
        for measure, live, of_whole, played in others(truth, audio):
            found.setdefault(measure, []).append((live, of_whole, played))
            print(number, measure, round(live, 3), round(of_whole, 3), flush=True)
    rows = []
    for measure, each in found.items():
        live, of_whole = np.mean([scores[:2] for scores in each], axis=0).tolist()
        pushed = [one for _, _, one in each]
        behind = [str(-int(early)) for early in ahead_of(pushed)[1::-1]]
        rows.append([measure, str(len(each)), live, of_whole, *spent(pushed), *behind])
    return ("## Chords, onsets and notes, composed songs (choose)\n\nMilliseconds behind: from the event to what had "
            "been heard when it was told.\n\n" + table(
                ("measure", "n", "live", "whole recording", "processor", "block, 99 %", "block, most",
                 "behind, median", "behind, most"), rows))


def main() -> None:
    """Run and write live.md."""
    options = parser(__doc__)
    options.add_argument("--only", default="mdb,charted,grid", help="sets of beats, by commas")
    options.add_argument("--first", type=int, default=None, help="only so many recordings of each set")
    options.add_argument("--seconds", type=float, default=60.0, help="of each recording")
    options.add_argument("--folds", default="", metavar="NAME=PATHS", help="weights of the networks of the four folds")
    options.add_argument("--sweep", default="", help="frames of look-ahead, by commas")
    options.add_argument("--corpus", type=Path, default=None, help="composed songs, for chords, onsets and notes")
    options.add_argument("--songs", type=int, default=4, help="so many of them")
    given = options.parse_args()
    names = [name for name in given.only.split(",") if name]
    parts = beats_part(names, given.seconds, given.first, given.folds) if names else []
    if given.sweep:
        parts.append(sweep_part(names[0], given.seconds, given.first, [int(one) for one in given.sweep.split(",")]))
    if given.corpus is not None:
        parts.append(others_part(given.corpus, given.songs, given.seconds))
    save(given, "live", "Listening live", parts)


if __name__ == "__main__":
    run(main)
