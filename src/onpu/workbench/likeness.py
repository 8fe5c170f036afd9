"""Songs of the library that are like one of them, by an index (`onpu.similar`) that lies beside them.

    like/       the index, a row a song, called by its id; what is in it and no longer in the library is passed over

A song is listened to for it once, when likeness is asked for the first time after it came.
"""

import json
import re
import sqlite3

from onpu.files import Json
from onpu.workbench import likeness_jobs
from onpu.workbench.background import BackgroundJobs, Kind
from onpu.workbench.library import Library
from onpu.workbench.limits import Limits
from onpu.workbench.process import WorkerProcess
from onpu.workbench.schema import READY

LIKE = "like"
"""Kind of the jobs, and the folder of the index."""
ASKED = re.compile(r"\blike:([0-9a-f]{1,32})\b(?:\s+by:(timbre|cover)\b)?", re.IGNORECASE)
MOST = 50
"""Songs that are told."""
NEAR_TEMPO = 0.04
"""Share by which tempi may differ that are held to be the same."""
LEAST_CHORDS = 3
"""Chords of a progression that is worth telling."""


def split_query(query: str) -> tuple[str, str, str]:
    """The song that others are to be like, in which way, and the rest of a query; empty where nothing is said of it."""
    found = ASKED.search(query)
    if found is None:
        return "", "", query
    return found[1].lower(), (found[2] or "timbre").lower(), query[: found.start()] + query[found.end() :]


class LikeSongs:
    """The index of an open library. answering: the process that compares; jobs, once they are there, listen."""

    def __init__(self, library: Library, limits: Limits, answering: WorkerProcess):
        self.library, self.limits, self.answering = library, limits, answering
        self.folder = library.folder / LIKE
        self._failed: set[str] = set()  # songs that cannot be listened to

    def kinds(self) -> dict[str, Kind]:
        """The kind of job that listens to songs."""
        seconds = self.limits.analysis_seconds + self.limits.analysis_share * self.limits.song_seconds
        return {LIKE: Kind(likeness_jobs.described, seconds, self._to_describe, self._described)}

    def like(self, jobs: BackgroundJobs, song: str, by: str, query: str) -> tuple[list[tuple[sqlite3.Row, Json]], Json]:
        """Songs that a query finds, the most alike first, each with its similarity and what it has in common; and the
        song itself with the job that listens to what is not in the index yet, None where all is."""
        row = self.library.ready(song)
        found = {each["id"]: each for each in self.library.search(f"{query} is:ready", limit=-1)}
        matches = self.answering.call(likeness_jobs.nearest, {
            "folder": str(self.folder), "song": song, "by": by, "count": MOST + len(found)}, self.limits.answer_seconds)
        missing = {each["id"] for each in self._all()} - set(matches["there"]) - self._failed
        job = jobs.ask(LIKE, song, row["title"], {}) if missing else None
        told = [(found[each["song"]], each | {"common": in_common(row, found[each["song"]])})
                for each in matches["songs"] if each["song"] in found and each["song"] != song]
        return told[:MOST], {"id": song, "title": row["title"], "by": by, "job": job}

    def _all(self) -> list[sqlite3.Row]:
        return self.library.search(f"is:{READY}", limit=-1)

    def _to_describe(self, song: str, asked: Json) -> Json:
        rows = sorted(self._all(), key=lambda row: row["id"] != song)  # the song itself first
        return {"folder": str(self.folder), "songs": [
            (row["id"], str(self.library.place(row["id"]) / f"sound{row['suffix']}")) for row in rows]}

    def _described(self, song: str, asked: Json, found: Json) -> Json:
        self._failed |= set(found["failed"])
        return found


def in_common(one: sqlite3.Row | Json, other: sqlite3.Row | Json) -> list[Json]:
    """What two songs share: key, tempo, metre, the longest progression, words; each as [what, text]."""
    out: list[Json] = []
    if one["key"] and one["key"] == other["key"]:
        out.append({"what": "key", "text": one["key"]})
    if one["bpm"] and abs(one["bpm"] - other["bpm"]) <= NEAR_TEMPO * one["bpm"]:
        out.append({"what": "tempo", "text": f"{other['bpm']:.0f}"})
    if one["metre"] and one["metre"] == other["metre"]:
        out.append({"what": "metre", "text": one["metre"]})
    shared = _longest_run(one["degrees"].strip("-").split("-"), other["degrees"].strip("-").split("-"))
    if len(shared) >= LEAST_CHORDS:
        out.append({"what": "chords", "text": "-".join(shared)})
    words = [tag for tag in one["tags"].split("\n") if tag and tag in other["tags"].split("\n")]
    if words:
        out.append({"what": "tags", "text": ", ".join(tag.partition(":")[2] or tag for tag in words)})
    return out


def _longest_run(one: list[str], other: list[str], most: int = 8) -> list[str]:
    """The longest run of degrees that occurs in both, of so many at most."""
    for length in range(min(most, len(one), len(other)), 0, -1):
        runs = {tuple(other[at : at + length]) for at in range(len(other) - length + 1)}
        for at in range(len(one) - length + 1):
            if tuple(one[at : at + length]) in runs and len(set(one[at : at + length])) > 1:
                return one[at : at + length]
    return []


def likely_json(told: list[tuple[sqlite3.Row, Json]], songs: list[Json], about: Json) -> bytes:
    """The answer to a search for songs that are like one."""
    rows = [song | {"similarity": each["similarity"], "semitones": each["semitones"], "same": each["same"],
                    "common": each["common"]} for (_, each), song in zip(told, songs, strict=True)]
    return json.dumps({"songs": rows, "like": about}, ensure_ascii=False).encode("utf-8")
