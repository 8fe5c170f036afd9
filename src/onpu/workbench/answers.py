"""What is said of songs and versions in JSON."""

import gzip
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

from onpu.files import Json
from onpu.workbench.jobs import OUTLINE
from onpu.workbench.library import Library
from onpu.workbench.queue import Analyses
from onpu.workbench.schema import ANALYSING, FAILED, READY

AGAIN = ("", "waiting", "hearing")
"""What is said of a song that is to be heard anew, by what the library says of it."""


def song_json(row: sqlite3.Row, progress: float, left: float | None, older: bool) -> Json:
    """A song of the list. older: it was heard by other weights than those in use."""
    return {
        "id": row["id"], "title": row["title"], "artist": row["artist"], "duration": row["duration"] or None,
        "added": row["added"], "state": row["state"], "progress": 1.0 if row["state"] == READY else round(progress, 3),
        "again": AGAIN[row["again"]], "again_progress": round(progress, 3) if row["again"] else 0.0, "older": older,
        "left": None if left is None else round(left, 1),
        "error": row["error"] if row["state"] in (FAILED, READY) else "",
        "key": row["key"], "tempo": row["bpm"] or None, "metre": row["metre"], "chords_summary": row["chords"],
        "tags": row["tags"].split("\n") if row["tags"] else [], "version": row["version"], "name": row["name"],
    }


def songs_json(analyses: Analyses, rows: list[sqlite3.Row], is_older: Callable[[sqlite3.Row], bool]) -> list[Json]:
    """Songs of the list, with what is left of those that are not ready."""
    busy = {row["id"] for row in rows if row["state"] == ANALYSING or row["again"]}
    left = analyses.left() if any(row["state"] != READY or row["again"] for row in rows) else {}
    return [song_json(row, analyses.progress(row["id"])[0] if row["id"] in busy else 0.0, left.get(row["id"]),
                      is_older(row)) for row in rows]


def version_json(row: sqlite3.Row) -> Json:
    """A version of the list of versions."""
    return {"number": row["number"], "when": row["made"], "who": row["who"], "note": row["note"],
            "corrections": len(json.loads(row["corrections"]))}


def opened(library: Library, song: Json, version: sqlite3.Row, versions: list[sqlite3.Row]) -> bytes:
    """A song with the contents of a version, as the page reads it."""
    place = library.place(song["id"])
    head = {"song": song, "version": version["number"], "versions": [version_json(row) for row in versions],
            "corrections": json.loads(version["corrections"]), "confirmed": json.loads(version["confirmed"])}
    contents = _stored(place / f"{version['stem']}.json.gz")
    return (_json(head)[:-1] + b',"contents":' + contents[:-1] + b',"sound":' + _stored(place / OUTLINE) + b"}}")


def _stored(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
