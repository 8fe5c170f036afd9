"""What the list of songs says of a timeline, and what it can be searched by."""

from onpu.errors import LabelError
from onpu.files import Json
from onpu.music import Timeline, harte, spelling
from onpu.music.headline import main_key, main_tempo, time_signatures
from onpu.music.symbols import symbol

NUMERALS = ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII")
"""Degree of a major chord, by semitones above the tonic."""
MOST_CHORDS, MOST_TAGS = 4, 6


def facts(timeline: Timeline) -> Json:
    """Columns of the library: duration in seconds, key (`F minor`), bpm, metre (`3/4 4/4`), chords (those that sound
    longest), degrees (`-ii-V-I-`) and tags (a line each)."""
    tags = timeline.tags
    return {
        "duration": float(timeline.duration),
        "key": (main_key(timeline) or "").replace(":", " "), "bpm": round(main_tempo(timeline) or 0.0, 1),
        "metre": " ".join(time_signatures(timeline)),
        "chords": " ".join(_longest(timeline)), "degrees": _degrees(timeline),
        "tags": "" if tags is None else "\n".join(tags.labels.tolist()[:MOST_TAGS]),
    }


def _longest(timeline: Timeline) -> list[str]:
    """The chords that sound longest, as people write them."""
    lengths: dict[str, float] = {}
    if timeline.chords is not None:
        chords = timeline.chords
        for label, start, end in zip(chords.labels, chords.starts, chords.ends, strict=True):
            if label not in ("N", "X"):
                lengths[str(label)] = lengths.get(str(label), 0.0) + float(end - start)
    out = []
    for label in sorted(lengths, key=lambda label: -lengths[label])[:MOST_CHORDS]:
        try:
            out.append(symbol(label))
        except LabelError:
            continue
    return out


def _degrees(timeline: Timeline) -> str:
    """The chords as degrees of the key that holds where they begin, each once where it is repeated."""
    chords, keys = timeline.chords, timeline.keys
    if chords is None or keys is None or not len(keys):
        return ""
    out: list[str] = []
    for label, start in zip(chords.labels, chords.starts, strict=True):
        row = max(0, int((keys.starts <= start + 1e-6).sum()) - 1)
        try:
            found = degree(str(label), str(keys.labels[row]))
        except LabelError:
            continue
        if found and found != (out[-1] if out else ""):
            out.append(found)
    return f"-{'-'.join(out)}-" if out else ""


def degree(label: str, key: str) -> str:
    """`ii` for D:min7 in C major; nothing where there is no chord. Raises `LabelError` for what is none, or no key."""
    chord = harte.parse(label)
    if chord.root < 0:
        return ""
    tonic, _ = spelling.parse_key(key)
    numeral = NUMERALS[(chord.root - tonic) % 12]
    small = 3 in chord.tones and 4 not in chord.tones
    diminished = small and 6 in chord.tones and 7 not in chord.tones
    return (numeral.lower() if small else numeral) + ("o" if diminished else "")
