"""What a library's corrections make known: the songs and passages from which its user's weights learn."""

import json
import sqlite3
from collections.abc import Callable, Iterable

from onpu.files import Json
from onpu.workbench.library import ConflictError, Library

ENOUGH_SECONDS = 30.0
"""Of a task that are known, for it to be learned: less cannot be parted into what is learned and what judges."""
LEARNABLE = ("beats", "chords", "key", "structure", "melody", "notes", "drums", "voice")
"""Tasks whose corrections are learned from, in this order."""


def gathered(library: Library, computed: Callable[[sqlite3.Row], Json]) -> list[Json]:
    """The songs of which something is known, ready for JSON: song, version, stem, sound, title, artist, and known: task
    -> passages [start, end] in seconds.

    computed: what is known of a version that was saved before this was stored.
    """
    out = []
    for row in library.corrected():
        if row["known"]:
            known = json.loads(row["known"])
        else:
            known = computed(row)
            library.set_known(row["song"], row["number"], known)
        if known:
            out.append({"song": row["song"], "version": row["number"], "stem": row["stem"],
                        "sound": f"sound{row['suffix']}", "title": row["title"], "artist": row["artist"],
                        "known": known})
    return out


def what_is_said(row: sqlite3.Row) -> Json:
    """What a version says of its labels, as `onpu.workbench.jobs.known` takes it."""
    return {"corrections": json.loads(row["corrections"]), "duration": row["duration"],
            "confirmed": json.loads(row["confirmed"])}


def seconds_known(lessons: Iterable[Json]) -> dict[str, float]:
    """Task -> how many seconds of all songs are known, of tasks of which something is."""
    out: dict[str, float] = {}
    for lesson in lessons:
        for task, spans in lesson["known"].items():
            out[task] = out.get(task, 0.0) + sum(end - start for start, end in spans)
    return {task: round(out[task], 1) for task in LEARNABLE if task in out}


def checked(lessons: Iterable[Json], tasks: Iterable[str]) -> list[str]:
    """Tasks that are to be learned, in the order in which they are. Raises `ConflictError` where there is none, or too
    little is known of one."""
    tasks, possible = list(tasks), enough(lessons)
    lacking = [task for task in tasks if task not in possible]
    if lacking or not tasks:
        raise ConflictError(f"too little of {', '.join(lacking) or 'the songs'} is corrected or confirmed to learn "
                            f"from, {ENOUGH_SECONDS:.0f} s at least; correct more, or confirm it when you save")
    return [task for task in LEARNABLE if task in tasks]


def enough(lessons: Iterable[Json]) -> list[str]:
    """Tasks of which enough is known to learn from."""
    return [task for task, seconds in seconds_known(lessons).items() if seconds >= ENOUGH_SECONDS]
