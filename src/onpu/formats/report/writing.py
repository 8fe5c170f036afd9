"""Filling the page: title, contents, pictures and sound go into the places that the built page leaves open."""

import base64
import gzip
import html
import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from onpu.files import Json, replacing
from onpu.formats.about import spoken
from onpu.formats.engraving import engraved_sheets
from onpu.formats.report.contents import contents
from onpu.formats.report.picture import data_uri, png
from onpu.formats.report.sound import Sound, StemTrack, condense, track
from onpu.formats.report.spectrum import LOWEST
from onpu.music.timeline import Timeline

TITLE, DATA, SOUND = "<!--onpu:title-->", "<!--onpu:data-->", "<!--onpu:sound-->"
"""Places in the page, in this order."""


def write_report(timeline: Timeline, path: str | os.PathLike[str], recording: str | os.PathLike[str] | None = None,
                 title: str | None = None, stems: Mapping[str, str | os.PathLike[str]] | None = None) -> list[Path]:
    """Write the page and return its path. Without a recording it has no player, waveform and spectrogram.

    Lead sheet and score are engraved in it where `onpu[engrave]` is installed.

    title: what stands above; the recording's name, else the page's, without suffix, where it is not given.
    stems: name -> file of the parts that the recording was taken apart into, which can be muted and heard alone.

    Raises
    ------
    AudioError
        When the recording cannot be read.
    FormatError
        When the place cannot be written to.
    """
    path = Path(path)
    tuning = timeline.tuning
    cents = float(tuning.cents[0]) if tuning is not None and len(tuning.cents) else 0.0
    sound = condense(recording, cents) if recording is not None else None
    title = title if title is not None else spoken(Path(recording or path).stem)
    parts = {name: track(file) for name, file in (stems or {}).items()} if sound else {}
    pieces = filled(timeline, title, sound, {name: part for name, part in parts.items() if part is not None})
    with replacing(path) as temporary, open(temporary, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces)
    return [path]


def filled(timeline: Timeline, title: str, sound: Sound | None, stems: Mapping[str, StemTrack] | None = None
           ) -> Iterable[str]:
    """The page's text in pieces. sound: of the recording; None: it has no player, waveform and spectrogram."""
    said = contents(timeline, title) | {"sound": sound and outline(sound), "stems": [
        {"name": name, "peaks": base64_text(part.peaks.tobytes()), "stream": base64_text(part.stream)}
        for name, part in (stems or {}).items()]}
    said["sheets"] = [{"name": name, "picture": base64_text(gzip.compress(svg.encode("utf-8"), mtime=0))}
                      for name, svg in engraved_sheets(timeline, title).items()]
    stream = base64_text(sound.stream) if sound else ""
    before, between, middle, after = _page()
    return before, html.escape(title), between, embedded(said), middle, stream, after


def embedded(value: object) -> str:
    """JSON that may stand inside a script element, whatever texts it holds."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def outline(sound: Sound) -> Json:
    """What the page draws of the sound."""
    return {
        "type": sound.mime,
        "duration": round(sound.duration, 3),
        "peaks": base64_text(sound.peaks.tobytes()),
        "span": round(sound.span, 3),
        "spectrogram": {"image": data_uri("image/png", png(sound.spectrogram[::-1])), "lowest": LOWEST},
        "chroma": {"image": data_uri("image/png", png(sound.chroma[::-1]))},
    }


def base64_text(data: bytes) -> str:
    """Bytes as they stand in the page: base64, in ASCII."""
    return base64.b64encode(data).decode("ascii")


@cache
def _page() -> tuple[str, str, str, str]:
    """The built page, cut at the places to fill."""
    text = files("onpu.formats.report").joinpath("page.html").read_text(encoding="utf-8")
    head, text = text.split(TITLE)
    middle, text = text.split(DATA)
    tail, end = text.split(SOUND)
    return head, middle, tail, end
