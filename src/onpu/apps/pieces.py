"""Pieces of `onpu make` as files: what the user gives is read, what was made is played and written."""

import tempfile
from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.command import Piece
    from onpu.music import Audio, Timeline

ENGRAVED = ("pdf", "svg")
"""Formats into which a score is engraved."""
MIDI, MUSICXML, ULTRASTAR = (".mid", ".midi"), (".musicxml", ".xml", ".mxl"), ".txt"
SUFFIXES = {"musicxml": ".musicxml", "midi": ".mid", "wav": ".wav", "html": ".html", "pdf": ".pdf",
            "svg": ".svg", "sfz": ".sfz", "sf2": ".sf2"}
"""Format -> what its files end with; of a picture it is the format's name and `PICTURE`."""
PICTURE = ".png"


def read_music(path: Path, listeners: Sequence[str], device: str, licence: str) -> "Timeline":
    """What a MIDI, MusicXML or UltraStar file holds, or what these listeners, of this licence, find in a recording."""
    from onpu.analysis import analyze
    from onpu.formats.lyrics import read_ultrastar_song
    from onpu.formats.midi import read_midi
    from onpu.formats.musicxml import read_musicxml
    from onpu.licensing import checked

    suffix = path.suffix.lower()
    if suffix in MIDI + MUSICXML:
        return read_midi(path) if suffix in MIDI else read_musicxml(path)
    if suffix == ULTRASTAR:
        return read_ultrastar_song(path)
    if not listeners:
        raise OnpuError(f"{path}: is no score; give one as MusicXML, MIDI or UltraStar (.txt)")
    return analyze(path, tasks=tuple(listeners), device=device, licence=checked(licence))


def read_sound(path: Path) -> "Audio":
    """A recording, whole. Raises `AudioError` when it cannot be read."""
    import numpy as np

    from onpu.formats.audio_like import as_source
    from onpu.music import Audio

    with as_source(path) as source:
        parts = [np.zeros((source.channels, 0), np.float32), *source.blocks(10.0)]
        return Audio(np.concatenate(parts, axis=1), source.rate).validate()


def tempo_of(timeline: "Timeline", bounds: tuple[float, float]) -> float:
    """The usual tempo, quarter notes per minute, inside the bounds."""
    import numpy as np

    from onpu.music.bars import usual_beat

    beats = timeline.beats.times if timeline.beats is not None else np.zeros(0)
    return float(np.clip(60 / usual_beat(beats), *bounds))


def unused(folder: Path, stem: str) -> str:
    """The stem, with a number behind it where files of that name are there: `chorale-7`, `chorale-7_2` …"""
    there = [path.name for path in folder.iterdir()]
    return next(name for name in chain([stem], (f"{stem}_{number}" for number in count(2)))
                if not any(other.startswith(f"{name}.") for other in there))


def write_piece(piece: "Piece | Audio", out: Path, stem: str, formats: Sequence[str]) -> list[Path]:
    """Write a piece as OUT/STEM in every format, a sound as OUT/STEM.wav; return the files written."""
    from onpu.formats.audio import write_audio
    from onpu.formats.engraving import engrave_file
    from onpu.formats.report import write_report
    from onpu.music import Audio
    from onpu.pipelines.generation import rendered

    if isinstance(piece, Audio):
        write_audio(out / f"{stem}.wav", piece)
        return [out / f"{stem}.wav"]
    files = []
    with tempfile.TemporaryDirectory() as folder:
        heard = (out if "wav" in formats else Path(folder)) / f"{stem}.wav"
        if {"wav", "html"} & set(formats):
            write_audio(heard, piece.sound or rendered(piece.song, piece.timeline))
        for name in formats:
            path = out / f"{stem}{SUFFIXES.get(name, f'.{name}{PICTURE}')}"
            if name in ENGRAVED:
                piece.writers["musicxml"](Path(folder) / f"{stem}.musicxml")
                engrave_file(Path(folder) / f"{stem}.musicxml", path)
                files.append(path)
            elif name in piece.writers:
                files += piece.writers[name](path)
            else:
                files += [heard] if name == "wav" else write_report(piece.timeline, path, heard, piece.title)
    return files
