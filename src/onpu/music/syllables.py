"""Words under the notes of a sheet: which syllable is sung on which note.

A passage of `Voice` is labelled with what is sung in it: a syllable, a word, or a whole line. A hyphen at the end of a
label says that its word goes on. Syllables of a line are spread over the notes that begin while it lasts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onpu.music.folding import Fold
from onpu.music.lead import Lead
from onpu.music.quantise import TICKS, seconds_at
from onpu.music.voice import Voice

EARLY_SECONDS, LATE_SECONDS = 0.25, 0.6
"""A note begins at most so long before and after the syllable that is sung on it."""
_VOWELS = "aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýœ"
_SYLLABLE = re.compile(rf"[^{_VOWELS}]*[{_VOWELS}]+(?:[^{_VOWELS}]+$|[^{_VOWELS}](?=[^{_VOWELS}]))?", re.IGNORECASE)
_SILENT = re.compile(rf"(?:[^{_VOWELS}l]|[{_VOWELS}]l)e[sd]?[^\w]*", re.IGNORECASE)


@dataclass(frozen=True)
class SungSyllable:
    """A syllable, and its place in the word, as MusicXML has it: single, begin, middle or end."""

    text: str
    place: str


def syllables(voice: Voice | None, lead: Lead) -> dict[int, SungSyllable]:
    """Index of a note of the line -> what is sung on it; none where no words are known."""
    if voice is None or not len(lead.line) or not any(str(label).strip() for label in voice.labels):
        return {}
    onsets = seconds_at(lead.line.starts, lead.bars)
    out: dict[int, SungSyllable] = {}
    inside, free = False, 0
    for i, label in enumerate(voice.labels.tolist()):
        parts, inside = _parts(str(label), inside)
        if not parts:
            continue
        start = float(voice.starts[i])
        end = float(voice.starts[i + 1]) - EARLY_SECONDS if i + 1 < len(voice) else float(voice.ends[i]) + LATE_SECONDS
        if len(parts) == 1:
            rows = [row for row in np.argsort(np.abs(onsets - start), kind="stable")[:3].tolist()
                    if row >= free and -EARLY_SECONDS <= onsets[row] - start <= LATE_SECONDS][:1]
        else:
            rows = [row for row in np.flatnonzero((onsets >= start - EARLY_SECONDS) & (onsets < end)).tolist()
                    if row >= free]
        for row, syllable in zip(*_spread(rows, parts), strict=True):
            out[row] = syllable
            free = row + 1
    return out


def verses(words: dict[int, SungSyllable], lead: Lead, folded: Sequence[Fold]) -> list[dict[int, SungSyllable]]:
    """The words of each time that the sheet is sung through: those under bars that are written once for several times
    are further verses under the nearest notes of the bars that are written."""
    out = [words]
    starts, first = lead.line.starts, lead.bars.firsts * TICKS
    for fold in folded:
        for i in range(fold.first + fold.length, fold.end - fold.endings):
            number, inside = divmod(i - fold.first, fold.length)
            written = fold.first + inside
            here = np.arange(*np.searchsorted(starts, first[written : written + 2]))
            for row in range(*np.searchsorted(starts, first[i : i + 2]).tolist()):
                if row in words and len(here):
                    out += [{} for _ in range(number + 1 - len(out))]
                    near = np.abs(starts[here] - first[written] - (starts[row] - first[i]))
                    out[number].setdefault(int(here[int(near.argmin())]), words[row])
    return out


def hyphenated(word: str) -> list[str]:
    """A word in syllables, by its vowels; as a whole where it has none."""
    parts: list[str] = _SYLLABLE.findall(word)
    if not parts:
        return [word]
    parts[-1] += word[len("".join(parts)):]
    if len(parts) > 1 and _SILENT.fullmatch(parts[-1]):
        last = parts.pop()
        parts[-1] += last
    return parts


def _parts(label: str, inside: bool) -> tuple[list[list[SungSyllable]], bool]:
    """The words of a label, each in its syllables, and whether the last one goes on; inside: whether the first goes on
    from the label before."""
    words = label.split()
    if len(words) == 1:
        goes_on = words[0].endswith("-") and len(words[0]) > 1
        place = {(False, False): "single", (False, True): "begin", (True, True): "middle", (True, False): "end"}
        return [[SungSyllable(words[0].rstrip("-") if goes_on else words[0], place[inside, goes_on])]], goes_on
    return [_word(word) for word in words], False


def _word(word: str) -> list[SungSyllable]:
    parts = hyphenated(word)
    if len(parts) == 1:
        return [SungSyllable(word, "single")]
    return [SungSyllable(part, "begin" if i == 0 else "end" if i == len(parts) - 1 else "middle")
            for i, part in enumerate(parts)]


def _spread(rows: list[int], words: list[list[SungSyllable]]) -> tuple[list[int], list[SungSyllable]]:
    """Notes and what is sung on each: all syllables where there are enough notes, else words, else several a note."""
    if not rows:
        return [], []
    found = [syllable for word in words for syllable in word]
    if len(found) > len(rows):
        found = [word[0] if len(word) == 1 else SungSyllable("".join(part.text for part in word), "single")
                 for word in words]
    if len(found) > len(rows):
        groups = np.array_split(np.arange(len(found)), len(rows))
        found = [SungSyllable(" ".join(found[i].text for i in group), "single") for group in groups]
    places = [rows[i * len(rows) // len(found)] for i in range(len(found))]
    return places, found
