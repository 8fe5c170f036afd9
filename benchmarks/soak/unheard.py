"""Analysing, hearing anew and learning in the workbench, in which nothing is heard and nothing learned: the server
around them is what is tried, not the networks."""

import json
import secrets
import time
from pathlib import Path

import numpy as np

from onpu.errors import OnpuError
from onpu.files import Json
from onpu.formats.about import read_about
from onpu.formats.audio import read_audio
from onpu.formats.jams import read_jams
from onpu.music import Beats, Chords, Key, Keys, Metre, Notes, Tempo, Timeline
from onpu.music.sections import Sections
from onpu.weight_store import WEIGHTS, LearnedWeights
from onpu.workbench import jobs, parting
from onpu.workbench.facts import facts

SLOW, DEADLY, GREEDY, BROKEN = "slow", "deadly", "greedy", "broken"
"""Names of recordings over which an analysis waits, dies, and asks for more memory than it may have; and from which
nothing can be learned."""
SHARES = (0.1, 0.5, 0.2, 0.2)
"""Of the recording in its parts."""
PAUSE = 0.05
STEPS = 200


def timeline(duration: float) -> Timeline:
    """Beats of 120 BPM in 4/4, ii-V-I in C over and over, a bar each, and their roots held for half of it."""
    times = np.arange(0.0, duration, 0.5)
    bars = np.arange(0.0, duration, 2.0)
    labels = np.array(["D:min7", "G:7", "C:maj7", "C:maj7"] * (len(bars) // 4 + 1))[: len(bars)].astype(object)
    ends = np.minimum(bars + 2.0, duration)
    one = np.ones(1)
    roots = np.array([62.0, 67.0, 60.0, 60.0] * (len(bars) // 4 + 1))[: len(bars)]
    notes = Notes(bars, np.minimum(bars + 1.0, duration), roots, np.full(len(bars), 80.0), np.zeros(len(bars), int),
                  np.ones(len(bars)))
    halves = np.array([0.0, 4.0 if duration > 4 else duration / 2])
    sections = Sections(halves, np.append(halves[1:], duration), np.array(["A", "B"], object), np.ones(2))
    return Timeline(
        duration, beats=Beats.of(times, 1 + np.arange(len(times)) % 4), metre=Metre(0 * one, 4 * one.astype(int),
                                                                                   4 * one.astype(int), one),
        tempo=Tempo(120 * one, one, 0 * one, 120 * one), chords=Chords(bars, ends, labels, np.ones(len(bars))),
        keys=Keys(0 * one, duration * one, np.array(["C:major"], object), one),
        key=Key(np.array(["C:major"], object), one), notes=notes, sections=sections).validate()


def analyse(folder: str, sound: str, name: str, longest: float, progress: jobs.Progress) -> Json:
    """What `onpu.workbench.jobs.analyse` does, for a recording that is decoded and no more."""
    place = Path(folder)
    jobs.check_length(place / sound, name, longest)
    audio = read_audio(place / sound)
    if name.startswith(DEADLY):
        import os

        os._exit(9)
    if name.startswith(GREEDY):
        np.ones(2**40)
    for step in range(STEPS if name.startswith(SLOW) else 0):
        progress(step / STEPS)
        time.sleep(PAUSE)
    found = timeline(audio.samples.shape[1] / audio.rate)
    about = read_about(place / sound)
    said = facts(found) | {"title": about.title or name, "artist": about.artist}
    jobs.write_json(place / jobs.OUTLINE, None)
    return {"stem": jobs.write_version(place, found, said), "playable": sound, "facts": said}


def hear_again(folder: str, sound: str, name: str, longest: float, stem: str, corrections: list[Json],
               confirmed: list[str], title: str, artist: str, progress: jobs.Progress) -> Json:
    """What `onpu.workbench.jobs.hear_again` does, with the labels that were there."""
    place = Path(folder)
    for step in range(STEPS // 10):
        progress(10 * step / STEPS)
        time.sleep(PAUSE)
    found = read_jams(place / f"{stem}.jams")
    said = facts(found) | {"title": title, "artist": artist}
    file = f"heard-{secrets.token_hex(6)}.npz"
    (place / file).write_bytes(b"")
    return {"stem": jobs.write_version(place, found, said), "facts": said, "heard": file, "heard_by": {},
            "corrections": corrections, "known": {task: [[0.0, found.duration]] for task in confirmed}}


def learn(library: str, task: str, minutes: float, lessons: list[Json], licence: str, progress: jobs.Progress) -> Json:
    """What `onpu.workbench.learning_jobs.learn` does, without learning: better at the first time, then no more. It
    takes a second for each of its minutes."""
    weights = LearnedWeights(Path(library) / WEIGHTS)
    number = weights.following(task)
    steps = max(1, round(minutes / PAUSE))
    for step in range(steps):
        progress(step / steps)
        time.sleep(PAUSE)
    if any(lesson["title"].startswith(BROKEN) for lesson in lessons):
        raise OnpuError("this recording cannot be read")
    kept = number == 1
    if kept:
        weights.folder.mkdir(exist_ok=True)
        weights.path(task, number).write_bytes(b"weights")
    told: Json = {"task": task, "kept": kept, "before": 0.712, "after": 0.834 if kept else 0.711,
                  "composed_before": 0.905, "composed_after": 0.903, "blend": 0.6 * kept, "measures": ["F-measure"],
                  "recordings": [lesson["title"] for lesson in lessons], "kept_out": 2,
                  "seconds": sum(end - start for lesson in lessons for start, end in lesson["known"].get(task, []))}
    weights.add(task, number, told)
    return told


def part(folder: str, sound: str, name: str, longest: float, progress: jobs.Progress) -> Json:
    """What `onpu.workbench.parting.part` does, with parts that are the recording itself, each at a level of its own."""
    from onpu.pipelines.separation import write_parts  # its networks are not needed to analyse

    place = Path(folder)
    audio = read_audio(place / sound)
    (place / parting.FOLDER).mkdir(exist_ok=True)
    told = write_parts([np.stack([share * audio.samples for share in SHARES]).astype(np.float32)], audio,
                       place / parting.FOLDER)
    (place / parting.FOLDER / parting.TABLE).write_text(json.dumps(told), encoding="utf-8")
    return {}
