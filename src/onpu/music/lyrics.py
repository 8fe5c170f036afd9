"""Words of a song at their times: put in and taken out, and told line by line.

A passage of `Voice` is labelled with what is sung in it: a syllable, a word, or a whole line. A hyphen at the end of a
label says that its word goes on.
"""

from dataclasses import replace

import numpy as np

from onpu.music.voice import Voice

SLIVER_SECONDS = 0.05
"""Seconds of what is left of a passage that was cut, and too short to be one."""
BREATH_SECONDS, SHORT_BREATH_SECONDS = 0.7, 0.25
"""Silence after which a line of words ends: of any line, and of one of `LONG_LINE` passages and more."""
LONG_LINE = 8


def with_words(voice: Voice, start: float, end: float, words: str) -> Voice:
    """Passages of which one, from start to end in seconds, has these words and confidence 1. What reaches into it is
    cut; of a passage that reaches beyond both its ends the longer part stays, with its words."""
    made = Voice(np.array([start]), np.array([end]), np.array([words], np.str_), np.ones(1))
    joined = Voice.concatenate([without_words(voice, start, end), made])
    return joined.select(np.argsort(joined.starts, kind="stable"))


def without_words(voice: Voice, start: float, end: float) -> Voice:
    """Passages without what is sung from start to end in seconds, cut as `with_words` cuts them."""
    touched = (voice.starts < end) & (voice.ends > start)
    before = np.minimum(voice.ends, start) - voice.starts >= voice.ends - np.maximum(voice.starts, end)
    starts = np.where(touched & ~before, np.maximum(voice.starts, end), voice.starts)
    ends = np.where(touched & before, np.minimum(voice.ends, start), voice.ends)
    return replace(voice, starts=starts, ends=ends).select(~touched | (ends - starts > SLIVER_SECONDS))


def has_words(voice: Voice | None) -> bool:
    """Whether words of any passage are known."""
    return voice is not None and any(str(label).strip() for label in voice.labels)


def lines(voice: Voice) -> list[int]:
    """Rows with which a line of words begins, ascending. A passage of several words is a line; syllables and single
    words are one line until a breath; passages without words are in none."""
    out: list[int] = []
    inside = False  # whether the passage before is a single word of a line
    for row, label in enumerate(voice.labels.tolist()):
        words = str(label).split()
        if not words:
            inside = False
            continue
        pause = float(voice.starts[row] - voice.ends[row - 1]) if row else 0.0
        long = bool(out) and row - out[-1] >= LONG_LINE
        if not inside or len(words) > 1 or pause >= (SHORT_BREATH_SECONDS if long else BREATH_SECONDS):
            out.append(row)
        inside = len(words) == 1
    return out


def line_text(labels: list[str]) -> str:
    """The words of a line: syllables joined where a hyphen says that their word goes on."""
    text = ""
    for label in labels:
        goes_on = label.endswith("-") and len(label) > 1
        text += label[:-1] if goes_on else f"{label} "
    return text.strip()
