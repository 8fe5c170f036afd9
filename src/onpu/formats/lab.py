"""Chords, keys, sections, singing, instruments as `.lab` files: a line a segment, its start and end (s), and label."""

import os
from pathlib import Path

from onpu.errors import FormatError, LabelError
from onpu.files import write_text
from onpu.formats.label_tracks import Label, Labelled, label_tracks, value_of
from onpu.formats.tables import columns, number, read_lines
from onpu.music import Timeline

SUFFIX = ".chords.lab"
SILENCE = "Silence"  # what key files of the field call `N`
SUNG, UNSUNG = ("1", "sing"), ("0", "nosing")  # marks of singing (Jamendo's, UltraStar's) that are no words


def write_lab(timeline: Timeline, path: str | os.PathLike[str]) -> list[Path]:
    """Write the chords to `path`, and beside it (song.chords.lab) song.keys.lab, song.sections.lab, song.voice.lab and
    song.instruments.lab; return the files written: none for what was not looked for.

    Raises `FormatError` when the place cannot be written to.
    """
    path, written = Path(path), []
    stem = path.name.removesuffix(SUFFIX if path.name.endswith(SUFFIX) else path.suffix)
    for name, text in lab_texts(timeline).items():
        target = path if name == "chords" else path.with_name(f"{stem}.{name}.lab")
        write_text(target, text)
        written.append(target)
    return written


def lab_texts(timeline: Timeline) -> dict[str, str]:
    """What the files of chords, keys, sections, voice and instruments hold, with microseconds, by these names; what was
    not looked for has none.

    Lines of singing cover the whole recording, as Jamendo's files have it: `sing`, or the syllable where it is known,
    and `nosing` between; where nobody sings there are none.
    """
    tracks = label_tracks(timeline)
    if "voice" in tracks:
        tracks["voice"] = _with_silence(tracks["voice"], timeline.duration)
    return {name: "".join(f"{start:.6f}\t{end:.6f}\t{' '.join(text.split())}\n" for start, end, text in tracks[name])
            for name in ("chords", "keys", "sections", "voice", "instruments") if name in tracks}


def _with_silence(sung: list[Label], duration: float) -> list[Label]:
    """Sung stretches and those between them."""
    out, now = [], 0.0
    for start, end, text in sung:
        if start > now:
            out.append(Label(now, start, UNSUNG[1]))
        out.append(Label(start, end, text.strip() or SUNG[1]))
        now = end
    return [*out, Label(now, duration, UNSUNG[1])] if out and duration > now else out


def read_lab(path: str | os.PathLike[str], name: str = "chords") -> Labelled:
    """Read the timeline's value `name`: chords or keys (or sections, voice, instruments); confidence 1.

    Columns are parted by tabs, blanks, semicolons or, where there are none of these, commas; numbers may have decimal
    commas. Segments that overlap by no more than a quarter of the shorter one end where the next begins, and a warning
    says so. A word `Key` before a key is passed over and `Silence` there is `N`, as in files of the Isophonics; so are
    empty lines, lines that begin with `#`, and segments without duration. Of singing,
    stretches marked `0` or `nosing` are left out, and the marks `1` and `sing` are no words.

    Raises
    ------
    FormatError
        When the file cannot be read, a line is not of this form (with its number), or `name` is not known.
    LabelError
        When the segments contradict each other.
    """
    labels = []
    for place, line in read_lines(path, "a table of segments"):
        try:
            start, end, text = columns(line, 3)
            label = Label(number(start), number(end), _text(text.strip(), name))
        except ValueError:
            raise FormatError(f"{path}, line {place}: {line.strip()!r} is not start, end, label") from None
        if label.start != label.end and not (name == "voice" and label.text in UNSUNG):
            labels.append(label)
    try:
        return value_of(name, labels, path)
    except LabelError as error:
        raise LabelError(f"{path}: {error}") from error


def _text(text: str, name: str) -> str:
    if name == "voice" and text in SUNG:
        return ""
    if name != "keys":
        return text
    return "N" if text == SILENCE else text.removeprefix("Key").strip() if text.startswith("Key") else text
