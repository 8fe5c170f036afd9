"""The page that analyses in the browser beside Python: how far they agree, and the seconds that a song takes.

    python -m benchmarks.browser PAGE CORPUS [--songs 50] [--seconds 20] [--threads 2] [--runs 2] [--kept FOLDER]
        [--results FOLDER] [--dry]

PAGE: the folder of a page (docs/browser.md). CORPUS: a corpus of composed songs, of which the beginnings are heard, by
the page's package in a headless Chromium and by Python with the same models. Needs node, chromium and the packages of
`web/`. --kept: what was found of each song, with which a run goes on that was ended. Table:
benchmarks/results/browser.md.
"""

import argparse
import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from threading import Thread

import mir_eval
import numpy as np
import soundfile

import onpu
from benchmarks.paths import CHROMIUM, NODE, ROOT
from benchmarks.report import parser, run, save, table
from benchmarks.speed import SONG, write_song
from onpu.data.corpus import Corpus
from onpu.errors import OnpuError
from onpu.files import Json
from onpu.music import Timeline

ASKING = ROOT / "tests" / "web" / "analysing.mjs"
AT_ONCE = 5
"""Songs that one browser hears."""
FRAME = 0.02
"""Seconds; a frame of the beats."""


class Quiet(SimpleHTTPRequestHandler):
    """A host of static files, as any other, that tells nothing."""

    def log_message(self, *given: object) -> None:
        """Nothing."""


@contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """The address of a folder on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def asked(written: Path, songs: Sequence[Path], **more: object) -> Json:
    """What the package of a page that was written finds in songs, one after the other; `more`: of the job that
    tests/web/analysing.mjs is given."""
    job = {"songs": list(map(str, songs)), "tasks": None, "threads": None} | more
    with tempfile.TemporaryDirectory() as folder, hosted(written) as address:
        asking, answering = Path(folder) / "job.json", Path(folder) / "answer.json"
        asking.write_text(json.dumps(job), encoding="utf-8")
        done = subprocess.run([NODE or "node", ASKING, CHROMIUM or "chromium", address, asking, answering],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise OnpuError(f"{written}: the browser failed ({(done.stderr.strip().splitlines() or [''])[-1]})")
        answer: Json = json.loads(answering.read_text(encoding="utf-8"))
        return answer


def apart(one: Timeline, other: Timeline) -> dict[str, float]:
    """How far two timelines of one recording agree, in [0, 1], where both have it: of beats, onsets, notes and drums
    the F-measure of events of one kind within a frame; of chords and keys the share of the time with the same label."""
    found = {}
    for name, times, kinds in (("beats", "times", "positions"), ("onsets", "times", None),
                               ("notes", "onsets", "pitches"), ("drums", "times", "pitches")):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine is not None and theirs is not None:
            found[name] = _events(*(
                (getattr(each, times), np.zeros(len(each)) if kinds is None else getattr(each, kinds))
                for each in (mine, theirs)))
    for name in ("chords", "keys"):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine is not None and theirs is not None:
            edges = np.unique(np.concatenate([mine.starts, mine.ends, theirs.starts, theirs.ends]))
            middles, lengths = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
            same = _labels_at(mine, middles) == _labels_at(theirs, middles)
            near = lengths <= FRAME  # edges that differ by less than a frame are the same
            found[name] = float(np.sum(lengths[same | near]) / max(lengths.sum(), 1e-9)) if len(lengths) else 1.0
    return found


def _events(one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> float:
    pairs = sum(len(mir_eval.util.match_events(
        np.sort(one[0][one[1] == kind]), np.sort(other[0][other[1] == kind]), FRAME))
        for kind in np.union1d(one[1], other[1]))
    total = len(one[0]) + len(other[0])
    return 2 * pairs / total if total else 1.0


def _labels_at(segments: object, times: np.ndarray) -> np.ndarray:
    """Label of the segment at each time; empty where there is none."""
    starts, ends, labels = (getattr(segments, name) for name in ("starts", "ends", "labels"))
    if not len(starts):
        return np.full(len(times), "")
    place = np.clip(np.searchsorted(starts, times, side="right") - 1, 0, len(starts) - 1)
    inside = (starts[place] <= times) & (times < ends[place])
    return np.where(inside, labels[place], "")


def main() -> None:
    """Hear, compare, time."""
    arguments = parser(__doc__)
    arguments.add_argument("page", type=Path)
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("--songs", type=int, default=50)
    arguments.add_argument("--seconds", type=float, default=20.0, help="of each song")
    arguments.add_argument("--threads", type=int, default=2, help="of the networks")
    arguments.add_argument("--runs", type=int, default=2, help="on the song that is timed")
    arguments.add_argument("--kept", type=Path, metavar="FOLDER", help="what was found, for a later run")
    given = arguments.parse_args()
    parts: Mapping[str, Json] = json.loads((given.page / "onpu" / "parts.json").read_text(encoding="utf-8"))
    names = [str(given.page / "onpu" / "models" / name) for name in parts["models"]]
    rows: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        kept = given.kept or Path(folder) / "kept"
        kept.mkdir(parents=True, exist_ok=True)
        beginnings = _beginnings(given.corpus, given.songs, given.seconds, Path(folder))
        while songs := list(islice(beginnings, AT_ONCE)):
            for song, agreed in zip(songs, _agreements(given, songs, kept, names), strict=True):
                print(song.stem, agreed, flush=True)
                for name, share in agreed.items():
                    rows.setdefault(name, []).append(share)
        long = Path(folder) / "long.wav"
        write_song(long, SONG, 1)
        timed = asked(given.page, [long] * given.runs, threads=given.threads)["found"]
    agreement = [[name, len(shares), sum(share > 1 - 1e-9 for share in shares), float(np.mean(shares)), min(shares)]
                 for name, shares in rows.items()]
    save(given, "browser", "In the browser", [
        f"Listeners: {', '.join(parts['models'])}. The first {given.seconds:g} s of composed songs, which teach and "
        "choose nothing here, heard by the page's package in headless Chromium and by Python with the same ONNX "
        "models. Beats, onsets, notes, drums: F-measure of events of one kind within 20 ms; chords, keys: share of the "
        "time with the same label.\n",
        table(["", "songs", "equal", "mean", "least"], agreement),
        f"## A song of {SONG:g} s (WAV, 44.1 kHz, stereo), {given.threads} threads, one run after the other\n",
        "The first run begins as a first visit does: Python, NumPy and onnxruntime are fetched from this machine and "
        "started. Seconds after the song was given.\n",
        table(["run", "listening begins [s]", "deciding begins", "done"], [
            [str(number), *(float(run["stages"][name]) for name in ("hear", "decide")), float(run["seconds"])]
            for number, run in enumerate(timed, 1)]),
        "## What a visitor's browser fetches\n", table(["", "MB"], _sizes(given.page))])


def _agreements(given: argparse.Namespace, songs: Sequence[Path], kept: Path, models: Sequence[str]
                ) -> list[dict[str, float]]:
    """Of each song, as it is kept or heard now."""
    places = [kept / f"{song.stem}-{given.seconds:g}.json" for song in songs]
    if not all(place.exists() for place in places):
        heard = asked(given.page, songs, threads=given.threads)["found"]
        for song, place, found in zip(songs, places, heard, strict=True):
            if "error" in found:
                raise OnpuError(f"{song.name}: {found['error']}")
            agreed = apart(onpu.analyze(song, tasks=models), Timeline.from_dict(found["timeline"]))
            place.write_text(json.dumps(agreed), encoding="utf-8")
    return [json.loads(place.read_text(encoding="utf-8")) for place in places]


def _beginnings(corpus: Path, count: int, seconds: float, folder: Path) -> Iterator[Path]:
    """The first seconds of songs, as files."""
    held = Corpus.open(corpus)
    for number in range(min(count, len(held))):
        audio, path = held.audio(number), folder / f"{number:03d}.wav"
        soundfile.write(path, audio.samples[:, : round(seconds * audio.rate)].T, audio.rate)
        yield path


def _sizes(page: Path) -> list[list[object]]:
    package = page / "onpu"
    groups = {"Python, NumPy": ["runtime/p*", "runtime/numpy*"], "onnxruntime": ["runtime/ort*"],
              "models": ["models/**/*"], "onpu": ["onpu.zip", "*.js"], "the page": ["../*.*"]}
    sizes = {name: sum(path.stat().st_size for pattern in patterns for path in package.glob(pattern) if path.is_file())
             for name, patterns in groups.items()}
    return [[name, size / 1e6] for name, size in (sizes | {"together": sum(sizes.values())}).items()]


if __name__ == "__main__":
    run(main)
