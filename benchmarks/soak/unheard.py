"""An analysis of the workbench in which nothing is heard: the server around it is what is tried, not the networks."""

import time
from pathlib import Path

import numpy as np

from onpu.files import Json
from onpu.formats.about import read_about
from onpu.formats.audio import read_audio
from onpu.music import Beats, Chords, Key, Keys, Metre, Notes, Tempo, Timeline
from onpu.workbench import jobs
from onpu.workbench.facts import facts

SLOW, DEADLY, GREEDY = "slow", "deadly", "greedy"
"""Names of recordings over which an analysis waits, dies, and asks for more memory than it may have."""
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
    return Timeline(
        duration, beats=Beats.of(times, 1 + np.arange(len(times)) % 4), metre=Metre(0 * one, 4 * one.astype(int),
                                                                                   4 * one.astype(int), one),
        tempo=Tempo(120 * one, one, 0 * one, 120 * one), chords=Chords(bars, ends, labels, np.ones(len(bars))),
        keys=Keys(0 * one, duration * one, np.array(["C:major"], object), one),
        key=Key(np.array(["C:major"], object), one), notes=notes).validate()


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
