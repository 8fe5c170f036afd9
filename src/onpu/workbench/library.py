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
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from onpu.errors import DataError, OnpuError
from onpu.files import Json
from onpu.system import locked, sync_to_disk
from onpu.workbench.schema import (
    ANALYSING,
    CANCELLED,
    FACTS,
    FAILED,
    HEARD_AGAIN,
    KNOWN_LABELS,
    READY,
    WAITING,
    WAITS_AGAIN,
    Version,
    prepare,
    sweep,
)
from onpu.workbench.searching import condition

SORTS = {"added": "added DESC, rowid DESC", "title": "title COLLATE NOCASE, rowid", "tempo": "bpm, rowid",
         "artist": "artist COLLATE NOCASE, title COLLATE NOCASE", "key": "key, rowid",
         "duration": "duration, rowid"}
"""Name of an order -> the columns of SQL."""


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
            if not locked(self._hold.fileno()):
                raise DataError(f"{self.folder}: another onpu serve has this library open; use that one, or another "
                                "folder")
            self._database, self._reading = (
                sqlite3.connect(self.folder / "library.sqlite", check_same_thread=False, isolation_level=None)
                for _ in range(2))
            self._reading.row_factory = sqlite3.Row
            prepare(self._database, self.folder)
        except OSError as error:
            raise DataError(f"{self.folder}: cannot be used as a library ({error.strerror}); choose another folder"
                            ) from error
        except sqlite3.DatabaseError as error:
            raise DataError(f"{self.folder}: library.sqlite cannot be read ({error}); put back a copy of it") from error
        sweep(self.incoming, self.songs, self._rows("SELECT id FROM songs"),
              self._rows("SELECT song, stem, heard FROM versions"))

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

    def add(self, uploads: Iterable[tuple[Path, str, str]], labels: Mapping[Path, Path] | None = None) -> list[str]:
        """Take files (path, name, suffix) over that lie in `incoming`, all or none; their ids, which wait from now.
        labels: path of a file -> JAMS of what is known of it, as of pieces that were made here."""
        rows = []
        for path, name, suffix in uploads:
            song = secrets.token_hex(8)
            self.place(song).mkdir()
            os.replace(path, self.place(song) / f"sound{suffix}")
            if labels and path in labels:
                shutil.copyfile(labels[path], self.place(song) / KNOWN_LABELS)
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

    def ready(self, song: str) -> sqlite3.Row:
        """The row of a song that has a version. Raises `UnknownSongError` and `ConflictError`."""
        row = self.song(song)
        if not row["version"]:
            raise ConflictError(f"the song is not ready, it is {row['state']}; wait, or try it again")
        return row

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

    def finish(self, song: str, stem: str, playable: str, facts: Json, heard_by: Json) -> None:
        """Store what an analysis found as the first version; nothing where the song was deleted or cancelled. heard_by:
        name of weights -> hash."""
        with self._changing() as database:
            done = database.execute("UPDATE songs SET state = ?, playable = ?, heard_by = ?, attempts = 0 "
                                    "WHERE id = ? AND state = ?",
                                    (READY, playable, json.dumps(heard_by), song, ANALYSING)).rowcount
            if done:
                self._version(database, song, Version(1, stem, "onpu", known={}), facts)

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
        row = self.ready(song)
        number = row["version"] if number is None else number
        found = self._rows("SELECT * FROM versions WHERE song = ? AND number = ?", (song, number))
        if not found:
            raise UnknownSongError(f"the song has no version {number}; its versions are 1 to {row['version']}")
        return found[0]

    def add_version(self, song: str, base: int, version: Version, facts: Json) -> int:
        """Store a version whose files are there; its number. Raises `UnknownSongError`, and `ConflictError` where
        `base` is not the newest one."""
        with self._changing() as database:
            self._follow(database, song, base, version, facts)
        return base + 1

    def _follow(self, database: sqlite3.Connection, song: str, base: int, version: Version, facts: Json) -> None:
        newest = self.song(song)["version"]
        if base != newest:
            raise ConflictError(f"version {newest} was saved meanwhile; load it and correct that one")
        self._version(database, song, replace(version, number=base + 1), facts)

    @staticmethod
    def _version(database: sqlite3.Connection, song: str, version: Version, facts: Json) -> None:
        told = json.dumps(facts)
        database.execute("INSERT INTO versions VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                         (song, version.number, version.stem, time.time(), version.who, version.note,
                          json.dumps(version.corrections), told, json.dumps(version.confirmed),
                          "" if version.known is None else json.dumps(version.known), version.heard))
        columns = [name for name in FACTS if name in facts]
        assigned = "".join(f", {name} = ?" for name in columns)
        database.execute(f"UPDATE songs SET version = ?{assigned} WHERE id = ?",
                         (version.number, *(facts[name] for name in columns), song))

    def want_again(self, song: str) -> None:
        """Let a song that is ready be heard anew. Raises `UnknownSongError` and `ConflictError`."""
        if self.song(song)["state"] != READY:
            raise ConflictError("only songs that are ready can be heard anew")
        self._again(song, WAITS_AGAIN)

    def waiting_again(self, most: int = -1) -> list[sqlite3.Row]:
        """Songs that wait to be heard anew, so many at most."""
        return self._rows("SELECT * FROM songs WHERE state = ? AND again = ? ORDER BY attempts, added, rowid LIMIT ?",
                          (READY, WAITS_AGAIN, most))

    def begin_again(self, song: str) -> bool:
        """Say that a song is heard anew from now on; False where it does not wait any more."""
        with self._changing() as database:
            return database.execute("UPDATE songs SET again = ?, error = '', attempts = attempts + 1 "
                                    "WHERE id = ? AND again = ?", (HEARD_AGAIN, song, WAITS_AGAIN)).rowcount == 1

    def finish_again(self, song: str, base: int, version: Version, facts: Json, heard_by: Json) -> None:
        """Store what was heard anew as a new version of a song that was at `base`. Raises as `add_version`."""
        with self._changing() as database:
            if self.song(song)["again"] == HEARD_AGAIN:
                self._follow(database, song, base, version, facts)
                database.execute("UPDATE songs SET again = 0, heard_by = ?, attempts = 0 WHERE id = ?",
                                 (json.dumps(heard_by), song))

    def end_again(self, song: str, error: str = "") -> None:
        """A song is not heard anew; it stays as it is."""
        self._again(song, 0, error)

    def _again(self, song: str, state: int, error: str = "") -> None:
        with self._changing() as database:
            database.execute("UPDATE songs SET again = ?, error = ?, attempts = 0 WHERE id = ?", (state, error, song))

    def corrected(self) -> list[sqlite3.Row]:
        """The newest version of each song of whose labels something is corrected or confirmed, with title, artist,
        suffix and duration of the song."""
        return self._rows("SELECT versions.*, songs.title, songs.artist, songs.suffix, songs.duration FROM versions "
                          "JOIN songs ON songs.id = versions.song AND songs.version = versions.number WHERE "
                          "songs.state = ? AND (versions.corrections != '[]' OR versions.confirmed != '[]') "
                          "ORDER BY songs.added, songs.rowid", (READY,))

    def set_known(self, song: str, number: int, known: Json) -> None:
        """Store which passages of a version are known, where it was saved before this was."""
        with self._changing() as database:
            database.execute("UPDATE versions SET known = ? WHERE song = ? AND number = ?",
                             (json.dumps(known), song, number))

    def set_heard_by(self, song: str, heard_by: Json) -> None:
        """Store by which weights a song was heard, where it was heard before this was."""
        with self._changing() as database:
            database.execute("UPDATE songs SET heard_by = ? WHERE id = ?", (json.dumps(heard_by), song))
