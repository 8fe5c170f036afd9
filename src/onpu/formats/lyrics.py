"""Words with their times: LRC files, and songs of UltraStar.

LRC: a line of words after the time at which it is sung, `[01:02.50] Where did we go?`, perhaps with the time of each
word in it, `<01:02.50> Where <01:03.10> did`; the same line may have several times. UltraStar (txt): a syllable a row,
after its start and length in quarters of a beat and its pitch.
"""

import os
import re
from pathlib import Path

import numpy as np

from onpu.errors import FormatError
from onpu.music import Notes, Timeline, Voice

LONGEST_LINE = 12.0
"""Seconds after which a line is over, if none follows."""
LAST_LINE = 5.0
"""Seconds of the last line."""
VELOCITY = 80
_TIME = r"(\d+):(\d{1,2}(?:[.:,]\d+)?)"
_STAMP, _WORD = re.compile(rf"\[{_TIME}\]"), re.compile(rf"<{_TIME}>")
_TAG = re.compile(r"\[([a-z]+):(.*)\]", re.IGNORECASE)
_ROW = re.compile(r"[:*FRG] *(-?\d+) +(\d+) +(-?\d+) ?(.*)")


def read_lrc(path: str | os.PathLike[str]) -> Voice:
    """Passages with what is sung in each: a line or, where they have times, a word. Raises `FormatError` where the file
    cannot be read or has no line with a time."""
    rows: list[tuple[float, str]] = []
    late = 0.0
    for line in _text(path).splitlines():
        stamps, text = _STAMP.findall(line), _STAMP.sub("", line).strip()
        tag = _TAG.fullmatch(line.strip())
        if tag is not None and not stamps:
            if tag[1].lower() == "offset":
                late = -_number(path, tag[2]) / 1000  # milliseconds by which words are shown sooner
        elif stamps and _WORD.search(text):
            first, *words = _WORD.split(text)
            rows += [(_seconds(*stamps[0]), first.strip())] if first.strip() else []
            rows += [(_seconds(*words[i : i + 2]), words[i + 2].strip()) for i in range(0, len(words), 3)]
        else:
            rows += [(_seconds(*stamp), text) for stamp in stamps]
    rows.sort(key=lambda row: row[0])
    if not any(text for _, text in rows):
        raise FormatError(f"{path}: no line of words has a time; write [01:02.50] before each")
    starts = np.maximum(np.array([start for start, _ in rows]) + late, 0.0)
    ends = np.minimum(np.append(starts[1:], starts[-1] + LAST_LINE), starts + LONGEST_LINE)
    return _voice(starts, ends, [text for _, text in rows])


def read_ultrastar(path: str | os.PathLike[str]) -> Voice:
    """Passages with a syllable each, of the first singer; a hyphen ends those whose word goes on. Raises `FormatError`
    where the file cannot be read or is no song of UltraStar."""
    rows, gap, tick = _ultrastar(path)
    starts, ends, texts = list[float](), list[float](), list[str]()
    for (start, length, _, text), (_, _, _, following) in zip(rows, [*rows[1:], (0, 0, 0, " ")], strict=True):
        if text.strip().startswith("~") and ends:
            ends[-1] = gap + (start + length) * tick
            if not _goes_on(text, following):
                texts[-1] = texts[-1].removesuffix("-")
            continue
        starts.append(gap + start * tick)
        ends.append(gap + (start + max(length, 1)) * tick)
        texts.append(text.strip() + ("-" if _goes_on(text, following) else ""))
    return _voice(np.maximum(np.array(starts), 0), np.array(ends), texts)


def read_ultrastar_song(path: str | os.PathLike[str]) -> Timeline:
    """The words of `read_ultrastar` with the notes that they are sung on; a pitch of 0 is C4."""
    voice = read_ultrastar(path)
    rows, gap, tick = _ultrastar(path)
    onsets = np.maximum(gap + np.array([start for start, _, _, _ in rows]) * tick, 0)
    offsets = onsets + np.maximum([length for _, length, _, _ in rows], 1) * tick
    order = np.argsort(onsets, kind="stable")
    count = len(rows)
    notes = Notes(onsets[order], offsets[order], np.clip(60.0 + np.array([row[2] for row in rows]), 0, 127)[order],
                  np.full(count, VELOCITY), np.zeros(count, np.int64), np.ones(count))
    return Timeline(float(offsets.max()), notes=notes, voice=voice)


def _ultrastar(path: str | os.PathLike[str]) -> tuple[list[tuple[int, int, int, str]], float, float]:
    """Rows of start, length, pitch and text, of the first singer; seconds before the first beat and of a quarter of
    one."""
    tags: dict[str, str] = {}
    rows: list[tuple[int, int, int, str]] = []
    shift = 0
    for line in _text(path).splitlines():
        row = _ROW.fullmatch(line)
        if line.startswith("#"):
            name, _, value = line[1:].partition(":")
            tags[name.strip().upper()] = value.strip()
        elif row is not None:
            rows.append((int(row[1]) + shift, int(row[2]), int(row[3]), row[4]))
        elif line.startswith("-"):
            numbers = line[1:].split()
            if rows:
                rows[-1] = (*rows[-1][:3], rows[-1][3] + " ")
            if tags.get("RELATIVE", "").upper() == "YES" and numbers:
                shift += int(numbers[-1])
        elif line.strip() in ("E", "P2", "P 2") and rows:
            break
    if "BPM" not in tags or not rows:
        raise FormatError(f"{path}: is no song of UltraStar, which has #BPM and rows like `: 12 4 60 word`")
    bpm = _number(path, tags["BPM"])
    if bpm <= 0:
        raise FormatError(f"{path}: a tempo of {bpm:g} beats a minute; write a positive #BPM")
    return rows, _number(path, tags.get("GAP", "0")) / 1000, 15 / bpm


def _goes_on(text: str, following: str) -> bool:
    """Whether the word of a syllable goes on with the next."""
    return bool(text.strip()) and not text.endswith(" ") and not following.startswith(" ")


def _voice(starts: np.ndarray, ends: np.ndarray, texts: list[str]) -> Voice:
    """Passages that do not overlap; those without words, or of no length, are none."""
    order = np.argsort(starts, kind="stable")
    starts, ends, labels = starts[order], ends[order], np.array(texts, dtype=np.str_)[order]
    ends[:-1] = np.minimum(ends[:-1], starts[1:])
    kept = (labels != "") & (ends > starts)
    return Voice(starts[kept], ends[kept], labels[kept], np.ones(int(kept.sum())))


def _text(path: str | os.PathLike[str]) -> str:
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error
    if b"\0" in content:
        raise FormatError(f"{path}: is no text; give words with their times as .lrc or UltraStar .txt")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _seconds(minutes: str, seconds: str) -> float:
    return 60 * int(minutes) + float(seconds.replace(":", ".").replace(",", "."))


def _number(path: str | os.PathLike[str], text: str) -> float:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise FormatError(f"{path}: {text.strip()!r} is no number")
    return value
