"""What is done for learning in a process of its own (`onpu.workbench.process`)."""

import sqlite3
from pathlib import Path

from onpu.files import Json
from onpu.workbench.jobs import Progress, known
from onpu.workbench.lessons import what_is_said


def known_of(row: sqlite3.Row) -> Json:
    """What is known of a version, computed in this process."""
    return known(**what_is_said(row), progress=lambda share: None)


def learn(library: str, task: str, minutes: float, lessons: list[Json], licence: str, progress: Progress) -> Json:
    """Learn one task from what is known of a library's songs (`onpu.workbench.lessons`), into its folder of weights.
    Returns the verdict: what `onpu.weight_store` keeps of it, and `sentence`, it in words.

    licence: of the recordings, empty: not known. Goes on with what was broken off.
    """
    import numpy as np

    from onpu.formats.jams import read_jams
    from onpu.pipelines.fine_tuning import UNKNOWN_LICENCE, CorrectedRecording, learn_one
    from onpu.weight_store import WEIGHTS, LearnedWeights

    recordings = []
    for lesson in lessons:
        place = Path(library) / "songs" / lesson["song"]
        spans = np.array(lesson["known"].get(task, [])).reshape(-1, 2)
        if len(spans) and (place / lesson["sound"]).is_file():
            recordings.append(CorrectedRecording(lesson["title"], place / lesson["sound"],
                                                 read_jams(place / f"{lesson['stem']}.jams"), spans,
                                                 lesson["artist"], licence or UNKNOWN_LICENCE))
    verdict = learn_one(task, recordings, LearnedWeights(Path(library) / WEIGHTS), minutes, progress)
    return verdict.told() | {"sentence": verdict.sentence()}
