"""The library: songs and their versions in SQLite, sounds and labels in a folder a song.

    library.sqlite              what is known of each song, and of each version of its labels
    incoming/                   uploads that have not come to their end
    songs/ID/sound.SUFFIX       the recording as it was given
    songs/ID/…                  what was made of it (`onpu.workbench.jobs`)

A song or version exists once its row does, and its files are whole before that: whatever ends the process, what is not
in the database is swept when it is opened again, and what was being analysed waits anew.
"""

import json
import os
import secrets
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from onpu.errors import DataError, OnpuError
from onpu.files import Json
from onpu.workbench.searching import condition
from onpu.workbench.syncing import sync_to_disk

WAITING, ANALYSING, READY, FAILED, CANCELLED = "waiting", "analysing", "ready", "failed", "cancelled"
SORTS = {"added": "added DESC, rowid DESC", "title": "title COLLATE NOCASE, rowid", "tempo": "bpm, rowid",
         "artist": "artist COLLATE NOCASE, title COLLATE NOCASE", "key": "key, rowid",
         "duration": "duration, rowid"}
"""Name of an order -> the columns of SQL."""
FACTS = ("title", "artist", "duration", "key", "bpm", "metre", "chords", "degrees", "tags")
"""What is found out of a song, by column."""
SCHEMA = 1
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


class UnknownSongError(OnpuError):
    """A song or version that the library does not have."""


class ConflictError(OnpuError):
    """What is asked for does not fit what has become of the song meanwhile."""


class Library:
    """A folder with songs; used by several threads of one process.

    revision: counts the changes, for those who keep answers.
    """

    def __init__(self, folder: str | os.PathLike[str]):
        self.folder = Path(folder)
        self.songs, self.incoming = self.folder / "songs", self.folder / "incoming"
        self.revision = 0
        self._lock, self._read_lock = threading.RLock(), threading.Lock()
        try:
            for place in (self.songs, self.incoming):
                place.mkdir(parents=True, exist_ok=True)
            self._hold = open(self.folder / "lock", "w")
            _locked(self._hold.fileno(), self.folder)
            self._database, self._reading = (
                sqlite3.connect(self.folder / "library.sqlite", check_same_thread=False, isolation_level=None)
                for _ in range(2))
            self._prepare()
        except OSError as error:
            raise DataError(f"{self.folder}: cannot be used as a library ({error.strerror}); choose another folder"
                            ) from error
        except sqlite3.DatabaseError as error:
            raise DataError(f"{self.folder}: library.sqlite cannot be read ({error}); put back a copy of it") from error
        self._sweep()

    def _prepare(self) -> None:
        database = self._database
        self._reading.row_factory = sqlite3.Row
        for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000"):
            database.execute(f"PRAGMA {setting}")
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA:
            raise DataError(f"{self.folder}: was written by a newer onpu; update onpu, or choose another folder")
        database.executescript(TABLES)
        database.execute(f"PRAGMA user_version = {SCHEMA}")
        database.execute("UPDATE songs SET state = ? WHERE state = ?", (WAITING, ANALYSING))

    def _sweep(self) -> None:
        """Take away what no row speaks of: uploads and versions that were broken off, songs that were deleted."""
        for path in self.incoming.iterdir():
            path.unlink(missing_ok=True)
        stems: dict[str, set[str]] = {row["id"]: set() for row in self._rows("SELECT id FROM songs")}
        for row in self._rows("SELECT song, stem FROM versions"):
            stems[row["song"]].add(row["stem"])
        for folder in self.songs.iterdir():
            if folder.name not in stems:
                shutil.rmtree(folder, ignore_errors=True)
                continue
            for path in folder.iterdir():
                stem = path.name.split(".")[0]
                if path.name.startswith(".onpu-") or (stem.startswith("v") and stem not in stems[folder.name]):
                    path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the database and let others have the folder."""
        with self._lock:
            self._database.close()
            self._reading.close()
            self._hold.close()

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction; what the body does is on the disk when it ends, or not at all."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")
            self.revision += 1

    def _rows(self, text: str, values: Iterable[object] = ()) -> list[sqlite3.Row]:
        with self._read_lock:  # a reader does not wait until what others change is on the disk
            return self._reading.execute(text, tuple(values)).fetchall()

    def place(self, song: str) -> Path:
        """The folder of a song."""
        return self.songs / song

    def count(self) -> int:
        """How many songs there are."""
        return int(self._rows("SELECT count(*) FROM songs")[0][0])

    def add(self, uploads: Iterable[tuple[Path, str, str]]) -> list[str]:
        """Take files (path, name, suffix) over that lie in `incoming`, all or none; their ids, which wait from now."""
        rows = []
        for path, name, suffix in uploads:
            song = secrets.token_hex(8)
            self.place(song).mkdir()
            os.replace(path, self.place(song) / f"sound{suffix}")
            sync_to_disk(self.place(song))
            size = (self.place(song) / f"sound{suffix}").stat().st_size
            rows.append((song, name, name, suffix, size, time.time(), WAITING))
        sync_to_disk(self.songs)
        with self._changing() as database:
            database.executemany("INSERT INTO songs (id, name, title, suffix, size, added, state) "
                                 "VALUES (?,?,?,?,?,?,?)", rows)
        return [row[0] for row in rows]

    def song(self, song: str) -> sqlite3.Row:
        """The row of a song. Raises `UnknownSongError`."""
        found = self._rows("SELECT * FROM songs WHERE id = ?", (song,))
        if not found:
            raise UnknownSongError("there is no such song in the library; it may have been deleted")
        return found[0]

    def sound(self, song: str) -> Path:
        """The path of a song's recording. Raises `UnknownSongError`."""
        row = self.song(song)
        return self.place(row["id"]) / f"sound{row['suffix']}"

    def search(self, query: str = "", sort: str = "added", limit: int = 1000, offset: int = 0) -> list[sqlite3.Row]:
        """The songs that a query finds (`onpu.workbench.searching`)."""
        where, values = condition(query)
        order = SORTS.get(sort, SORTS["added"])
        return self._rows(f"SELECT * FROM songs WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",
                          (*values, limit, offset))

    def waiting(self, most: int = -1) -> list[sqlite3.Row]:
        """Songs that wait to be analysed, the oldest first, so many at most; those whose analysis has ended with the
        whole server come after the others, in whose way they would stand."""
        return self._rows("SELECT id, name, suffix, duration FROM songs WHERE state = ? "
                          "ORDER BY attempts, added, rowid LIMIT ?", (WAITING, most))

    def begin(self, song: str) -> bool:
        """Say that a song is analysed from now on; False where it does not wait any more."""
        with self._changing() as database:
            return database.execute("UPDATE songs SET state = ?, error = '', attempts = attempts + 1 "
                                    "WHERE id = ? AND state = ?", (ANALYSING, song, WAITING)).rowcount == 1

    def finish(self, song: str, stem: str, playable: str, facts: Json) -> None:
        """Store what an analysis found as the first version; nothing where the song was deleted or cancelled."""
        with self._changing() as database:
            done = database.execute("UPDATE songs SET state = ?, playable = ?, attempts = 0 WHERE id = ? AND state = ?",
                                    (READY, playable, song, ANALYSING)).rowcount
            if done:
                self._version(database, song, 1, stem, "onpu", "", [], facts)

    def end(self, song: str, state: str, error: str = "") -> None:
        """Say that a song has failed or was cancelled, unless it is ready."""
        with self._changing() as database:
            database.execute("UPDATE songs SET state = ?, error = ?, attempts = 0 WHERE id = ? AND state != ?",
                             (state, error, song, READY))

    def retry(self, song: str) -> None:
        """Let a song wait again that failed or was cancelled. Raises `UnknownSongError` and `ConflictError`."""
        if self.song(song)["state"] not in (FAILED, CANCELLED):
            raise ConflictError("only songs that failed or were cancelled can be tried again")
        with self._changing() as database:
            database.execute("UPDATE songs SET state = ?, error = '' WHERE id = ?", (WAITING, song))

    def delete(self, song: str) -> None:
        """Take a song away with all that was made of it. Raises `UnknownSongError`."""
        self.song(song)
        with self._changing() as database:
            database.execute("DELETE FROM songs WHERE id = ?", (song,))
        shutil.rmtree(self.place(song), ignore_errors=True)

    def versions(self, song: str) -> list[sqlite3.Row]:
        """The versions of a song's labels, the first one first."""
        return self._rows("SELECT * FROM versions WHERE song = ? ORDER BY number", (song,))

    def version(self, song: str, number: int | None = None) -> sqlite3.Row:
        """One version, the newest where no number is given. Raises `UnknownSongError`, and `ConflictError` where the
        song is not ready."""
        row = self.song(song)
        if not row["version"]:
            raise ConflictError(f"the song is not ready, it is {row['state']}; wait, or try it again")
        number = row["version"] if number is None else number
        found = self._rows("SELECT * FROM versions WHERE song = ? AND number = ?", (song, number))
        if not found:
            raise UnknownSongError(f"the song has no version {number}; its versions are 1 to {row['version']}")
        return found[0]

    def add_version(self, song: str, base: int, stem: str, who: str, note: str, corrections: list[Json],
                    facts: Json) -> int:
        """Store a version whose files are there; its number. Raises `UnknownSongError`, and `ConflictError` where
        `base` is not the newest one."""
        with self._changing() as database:
            newest = self.song(song)["version"]
            if base != newest:
                raise ConflictError(f"version {newest} was saved meanwhile; load it and correct that one")
            self._version(database, song, base + 1, stem, who, note, corrections, facts)
        return base + 1

    @staticmethod
    def _version(database: sqlite3.Connection, song: str, number: int, stem: str, who: str, note: str,
                 corrections: list[Json], facts: Json) -> None:
        told = json.dumps(facts)
        database.execute("INSERT INTO versions VALUES (?,?,?,?,?,?,?,?)",
                         (song, number, stem, time.time(), who, note, json.dumps(corrections), told))
        columns = [name for name in FACTS if name in facts]
        assigned = "".join(f", {name} = ?" for name in columns)
        database.execute(f"UPDATE songs SET version = ?{assigned} WHERE id = ?",
                         (number, *(facts[name] for name in columns), song))


def _locked(descriptor: int, folder: Path) -> None:
    """Hold the folder for this process. Raises `DataError` where another one has it."""
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DataError(f"{folder}: another onpu serve has this library open; use that one, or another folder"
                        ) from None
