"""Words with their times as an LRC file, as players of music show them: a line after the time at which it is sung."""

import os
from pathlib import Path

from onpu.files import write_text
from onpu.music.lyrics import has_words, lines
from onpu.music.timeline import Timeline
from onpu.music.voice import Voice

SUFFIX = ".lrc"
PAUSE_SECONDS = 0.5
"""Silence after a line from which on its end is written down too."""


def write_lrc(timeline: Timeline, path: str | os.PathLike[str], title: str = "", artist: str = "") -> list[Path]:
    """Write what is sung as LRC, in hundredths of seconds; nothing where no words are known. Words and syllables that
    have times of their own keep them (`<01:02.50>`), a hyphen at their end says that the word goes on. Raises
    `FormatError` where the file cannot be written."""
    voice = timeline.voice
    if voice is None or not has_words(voice):
        return []
    head = [f"[{name}:{text}]" for name, text in (("ti", title), ("ar", artist)) if text]
    write_text(path, "\n".join([*head, *_rows(voice), ""]))
    return [Path(path)]


def _rows(voice: Voice) -> list[str]:
    starts, ends, labels = voice.starts.tolist(), voice.ends.tolist(), [str(label).strip() for label in voice.labels]
    firsts, out = lines(voice), list[str]()
    for first, following in zip(firsts, [*firsts[1:], len(labels)], strict=True):
        rows = [row for row in range(first, following) if labels[row]]
        last, after = rows[-1], starts[following] if following < len(labels) else float("inf")
        if len(rows) == 1:
            out.append(f"[{_time(starts[first])}]{labels[first]}")
        else:
            words = " ".join(f"<{_time(starts[row])}> {labels[row]}" for row in rows)
            out.append(f"[{_time(starts[first])}] {words} <{_time(ends[last])}>")
        if after - ends[last] > PAUSE_SECONDS:
            out.append(f"[{_time(ends[last])}]")
    return out


def _time(seconds: float) -> str:
    """62.5 -> 01:02.50."""
    hundredths = round(100 * seconds)
    return f"{hundredths // 6000:02d}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"
