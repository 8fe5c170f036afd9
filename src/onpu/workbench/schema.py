"""The tables of a library, and what is put right in its folder when it is opened."""

import shutil
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from onpu.errors import DataError
from onpu.files import Json

WAITING, ANALYSING, READY, FAILED, CANCELLED = "waiting", "analysing", "ready", "failed", "cancelled"
FACTS = ("title", "artist", "duration", "key", "bpm", "metre", "chords", "degrees", "tags")
"""What is found out of a song, by column."""
SCHEMA = 2
TABLES = """
CREATE TABLE IF NOT EXISTS songs (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, suffix TEXT NOT NULL, size INTEGER NOT NULL, added REAL NOT NULL,
    state TEXT NOT NULL, error TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0, playable TEXT NOT NULL DEFAULT '', title TEXT NOT NULL DEFAULT '',
    artist TEXT NOT NULL DEFAULT '', duration REAL NOT NULL DEFAULT 0, key TEXT NOT NULL DEFAULT '',
    bpm REAL NOT NULL DEFAULT 0, metre TEXT NOT NULL DEFAULT '', chords TEXT NOT NULL DEFAULT '',
    degrees TEXT NOT NULL DEFAULT '', tags TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS versions (
    song TEXT NOT NULL REFERENCES songs(id) ON DELETE CASCADE, number INTEGER NOT NULL, stem TEXT NOT NULL,
    made REAL NOT NULL, who TEXT NOT NULL, note TEXT NOT NULL, corrections TEXT NOT NULL, facts TEXT NOT NULL,
    PRIMARY KEY (song, number));
CREATE INDEX IF NOT EXISTS by_state ON songs(state, added);
"""
ADDED = {2: ("songs ADD COLUMN again INTEGER NOT NULL DEFAULT 0", "songs ADD COLUMN heard_by TEXT NOT NULL DEFAULT ''",
             "versions ADD COLUMN confirmed TEXT NOT NULL DEFAULT '[]'",
             "versions ADD COLUMN known TEXT NOT NULL DEFAULT ''",
             "versions ADD COLUMN heard TEXT NOT NULL DEFAULT 'heard.npz'")}
"""Schema -> columns that it has beyond those of `TABLES`.

again: whether a song that is ready waits to be heard anew (1), or is being heard (2). heard_by: name of weights ->
hash, empty: not known. confirmed: tasks of which everything is right. known: task -> passages that are, empty: not
computed. heard: the file of what was heard from which a version was decided.
"""
WAITS_AGAIN, HEARD_AGAIN = 1, 2
KNOWN_LABELS = "known.jams"
"""In a song's folder, what is known of a piece that was made here."""


@dataclass(frozen=True)
class Version:
    """A version of a song's labels that is to be stored.

    stem: of its files. who, note: as the user says. corrections: with which it was decided. confirmed: tasks of which
    everything in it is right. known: task -> passages [start, end] in seconds that are, None:
    not computed. heard: the file of what was
    heard from which it was decided.
    """

    number: int
    stem: str
    who: str = ""
    note: str = ""
    corrections: list[Json] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    known: Json | None = None
    heard: str = "heard.npz"


def prepare(database: sqlite3.Connection, folder: Path) -> None:
    """Have the tables there as they are today; what was being done waits again. Raises `DataError` for a library of a
    newer version."""
    for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000"):
        database.execute(f"PRAGMA {setting}")
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA:
        raise DataError(f"{folder}: was written by a newer onpu; update onpu, or choose another folder")
    database.execute("BEGIN IMMEDIATE")
    for statement in TABLES.split(";"):
        database.execute(statement)
    for schema, columns in ADDED.items():
        for column in columns if version < schema else ():
            database.execute(f"ALTER TABLE {column}")
    database.execute(f"PRAGMA user_version = {SCHEMA}")
    database.execute("UPDATE songs SET state = ? WHERE state = ?", (WAITING, ANALYSING))
    database.execute("UPDATE songs SET again = ? WHERE again = ?", (WAITS_AGAIN, HEARD_AGAIN))
    database.execute("COMMIT")


def sweep(incoming: Path, songs: Path, there: Iterable[sqlite3.Row], versions: Iterable[sqlite3.Row]) -> None:
    """Take away what no row speaks of: uploads and versions that were broken off, songs that were deleted."""
    for path in incoming.iterdir():
        path.unlink(missing_ok=True)
    stems: dict[str, set[str]] = {row["id"]: set() for row in there}
    for row in versions:
        stems[row["song"]] |= {row["stem"], Path(row["heard"]).stem}
    for folder in songs.iterdir():
        if folder.name not in stems:
            shutil.rmtree(folder, ignore_errors=True)
            continue
        for path in folder.iterdir():
            stem = path.name.split(".")[0]
            if path.name.startswith(".onpu-"):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
            elif stem.startswith(("v", "heard-")) and stem not in stems[folder.name]:
                path.unlink(missing_ok=True)
