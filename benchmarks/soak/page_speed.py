"""How quick the workbench's page is with a recording of an hour, in a headless Chromium, in about three minutes.

    python -m benchmarks.soak.page_speed [--minutes 60] [--results FOLDER] [--dry]

The recording is noise, and what is found in it is made up: eight notes and six drum hits a second, a chord in two
seconds, a melody. Nothing is heard, so that the time is the page's and the server's own. Needs node, Chromium and
`npm ci` in web/. Table: benchmarks/results/page-speed.md.
"""

import json
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
import uvicorn

from benchmarks.paths import CHROMIUM, NODE, ROOT
from benchmarks.report import parser, run, save, table
from benchmarks.soak.unheard import timeline
from onpu.analysis.correcting import corrected
from onpu.errors import OnpuError
from onpu.files import Json
from onpu.formats.report.contents import contents
from onpu.formats.report.sound import condense
from onpu.formats.report.writing import outline
from onpu.music import Drums, Melody, Notes, Timeline
from onpu.music.sections import Sections
from onpu.workbench import jobs
from onpu.workbench.facts import facts
from onpu.workbench.limits import Limits
from onpu.workbench.process import Job, WorkerProcess
from onpu.workbench.routes import application
from onpu.workbench.service import WorkbenchService

RATE = 22_050
NOTES_A_SECOND, HITS_A_SECOND, FRAMES_A_SECOND = 8, 6, 100
SECTION_SECONDS = 20.0
LAID_OUT = 20.0
"""Milliseconds that a frame may take."""


def full(duration: float) -> Timeline:
    """A timeline with something in every lane."""
    rng = np.random.default_rng(1)
    onsets = np.arange(0, duration - 1, 1 / NOTES_A_SECOND)
    pitches = rng.integers(36, 90, len(onsets)).astype(float)
    notes = Notes(onsets, onsets + rng.uniform(0.1, 0.9, len(onsets)), pitches, rng.uniform(30, 120, len(onsets)),
                  rng.choice([0, 25, 33, 48], len(onsets)), np.ones(len(onsets)))
    hits = np.arange(0, duration, 1 / HITS_A_SECOND)
    drums = Drums(hits, rng.choice([36, 38, 42, 46, 49], len(hits)), rng.uniform(30, 120, len(hits)),
                  np.ones(len(hits)))
    frames = np.arange(0, duration, 1 / FRAMES_A_SECOND)
    held = np.repeat(rng.integers(55, 75, len(frames) // 50 + 1), 50)[: len(frames)]
    sung = 440 * 2 ** ((held - 69 + rng.normal(0, 0.1, len(frames))) / 12)
    melody = Melody(frames, np.where(frames % 2 < 1.7, sung, 0.0), np.ones(len(frames)))
    starts = np.arange(0, duration, SECTION_SECONDS)
    labels = np.array([("A", "B", "C")[number % 3] for number in range(len(starts))], object)
    sections = Sections(starts, np.minimum(starts + SECTION_SECONDS, duration), labels, np.ones(len(starts)))
    return replace(timeline(duration), notes=notes, drums=drums, melody=melody, sections=sections).validate()


def analyse(folder: str, sound: str, name: str, longest: float, progress: jobs.Progress) -> Json:
    """What `onpu.workbench.jobs.analyse` does, with what is found made up."""
    place = Path(folder)
    drawn = condense(place / sound, 0.0)
    found = full(drawn.duration if drawn else 0.0)
    jobs.write_json(place / jobs.OUTLINE, drawn and outline(drawn))
    said = facts(found) | {"title": name, "artist": ""}
    return {"stem": jobs.write_version(place, found, said), "playable": sound, "facts": said}


class Direct(WorkerProcess):
    """Decides in this process."""

    def __init__(self, found: Timeline):
        super().__init__(0)
        self.found = found

    def call(self, job: Job, arguments: Json, seconds: float,
             progress: Callable[[float], None] | None = None) -> Json:
        """The contents around corrections, as `onpu.workbench.jobs.decide` gives them."""
        known = corrected(self.found, (), np.zeros((0, 2)), arguments.get("corrections", ()))
        return {"json": json.dumps(contents(known, arguments.get("title", ""))).encode()}

    def end(self, reason: str) -> None:
        """Nothing is to be ended."""


def seen(service: WorkbenchService) -> Json:
    """What a browser has measured of the one song of a library."""
    if CHROMIUM is None or NODE is None:
        raise OnpuError("node or chromium is missing; install both")
    server = uvicorn.Server(uvicorn.Config(application(service), port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started or any(each["state"] != "ready" for each in service.library.search("", "added", 10, 0)):
        time.sleep(0.2)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        done = subprocess.run([NODE, ROOT / "tests/web/speed.mjs", CHROMIUM, f"http://127.0.0.1:{port}/"],
                              capture_output=True, text=True, timeout=600)
    finally:
        server.should_exit = True
        thread.join()
    if done.returncode:
        raise OnpuError(f"the browser failed: {' '.join(done.stderr.split())[:300]}")
    found: Json = json.loads(done.stdout)
    return found


def frames(name: str, taken: Sequence[float] | None) -> list[list[object]]:
    """A row of the table."""
    if taken is None:
        return []
    times = np.asarray(taken)
    return [[name, float(np.median(times)), float(np.quantile(times, 0.95)), float(times[-1]),
             float((times <= LAID_OUT).mean())]]


def main() -> None:
    """See the module."""
    options = parser(__doc__)
    options.add_argument("--minutes", type=float, default=60)
    given = options.parse_args()
    seconds = 60 * given.minutes
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rng = np.random.default_rng(2)
        with soundfile.SoundFile(folder / "noise.flac", "w", RATE, 1) as file:
            for _ in range(round(seconds / 10)):
                file.write(0.1 * rng.standard_normal(10 * RATE))
        service = WorkbenchService(folder / "library", Limits(), analyse)
        direct = Direct(full(seconds))
        service._deciding = service._exporting = direct
        path = service.library.incoming / "noise"
        shutil.move(folder / "noise.flac", path)
        service.library.add([(path, "noise", ".flac")])
        found = seen(service)
    rows = [row for name, key in (("playing", "playing"), ("playing and scrolling", "scrolling"),
                                  ("playing a semitone higher", "transposed")) for row in frames(name, found[key])]
    save(given, "page-speed", f"The page of the workbench with a recording of {given.minutes:g} minutes", [
        table(["what", "seconds"], [["a song that is clicked can be seen and played", found["ready"] / 1000],
                                    ["a chord that is typed is decided and drawn", found["corrected"] / 1000]]),
        table(["frames while", "median, ms", "95 of 100, ms", "longest, ms", "share within 20 ms"], rows)])


if __name__ == "__main__":
    run(main)
