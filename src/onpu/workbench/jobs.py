"""What is done with a song in a process of its own (`onpu.workbench.process`): analysing, deciding anew, exporting.

Files of a song's folder, beside its sound:

    heard.npz           what the networks heard (`onpu.analysis.hear`); heard-….npz: when they listened anew
    outline.json.gz     waveform, spectrogram and chroma as the page draws them
    playable.flac       what the browser plays where it cannot play the recording itself
    VERSION.jams        labels of a version; VERSION.json.gz: the same as the page reads them
"""

import gzip
import json
import secrets
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from onpu import formats
from onpu.errors import AudioError, OnpuError
from onpu.files import Json, replacing
from onpu.formats.about import About, read_about
from onpu.formats.audio import open_audio
from onpu.formats.engraving import engraved_sheets
from onpu.formats.engraving.pages import PAGE_WIDTH
from onpu.formats.jams import read_jams, write_jams
from onpu.formats.musicxml.lead_sheet import written_measures
from onpu.formats.report.contents import contents
from onpu.formats.report.sound import condense
from onpu.formats.report.writing import base64_text, outline
from onpu.formats.tagging import SoundTags, write_tagged
from onpu.music import Timeline
from onpu.music.camelot import short_key
from onpu.music.crop import crop
from onpu.system import sync_to_disk
from onpu.weight_store import WEIGHTS, learned_in
from onpu.workbench.facts import facts
from onpu.workbench.schema import KNOWN_LABELS

if TYPE_CHECKING:
    from onpu.analysis import HeardRecording

Progress = Callable[[float], None]
HEARD, OUTLINE, PLAYABLE = "heard.npz", "outline.json.gz", "playable.flac"
PLAYED_AS_THEY_ARE = frozenset({".wav", ".mp3", ".flac", ".ogg", ".opus", ".m4a", ".webm"})
"""Suffixes of recordings that browsers play themselves."""
HEARING = 0.9
"""Share of an analysis that hearing takes."""
HEARD_SONGS = 3
"""What was heard of so many songs is kept in memory."""
NARROW = 1000
"""Tenths of a millimetre of a sheet that is read on a phone."""
STEM = "song"
"""What exported files are called on this side; names from outside are no paths."""
SCORE = ".score."
"""In the names of sheets that are scores, not lead sheets."""


def analyse(folder: str, sound: str, name: str, longest: float, progress: Progress) -> Json:
    """Hear a recording, decide, and write all that is shown of it. Returns stem, playable and facts.

    longest: seconds that a recording may have.
    """
    place, path = Path(folder), Path(folder) / sound
    heard = _listened(path, name, longest, progress)
    timeline = with_known(heard.decide(), place)
    progress(0.93)
    heard.save(place / HEARD)
    cents = float(timeline.tuning.cents[0]) if timeline.tuning is not None and len(timeline.tuning.cents) else 0.0
    drawn = condense(path, cents)
    write_json(place / OUTLINE, drawn and outline(drawn))
    progress(0.97)
    playable = sound
    if path.suffix not in PLAYED_AS_THEY_ARE:
        playable = PLAYABLE
        _write_playable(path, place / PLAYABLE)
    about = read_about(path)
    said = facts(timeline) | {"title": about.title or name, "artist": about.artist}
    return {"stem": write_version(place, timeline, said), "playable": playable, "facts": said,
            "heard_by": heard.weights}


def hear_again(folder: str, sound: str, name: str, longest: float, stem: str, corrections: list[Json],
               confirmed: list[str], title: str, artist: str, progress: Progress) -> Json:
    """Hear a recording anew, by the weights of today, and decide around what the user has set right. Returns stem,
    facts, heard (the file), heard_by, corrections (those that are still needed) and known.

    stem: of the version that was saved with these corrections, and of which these tasks are confirmed.
    """
    from onpu.analysis.hearing_again import carried_over

    place = Path(folder)
    before = read_jams(place / f"{stem}.jams")
    heard = _listened(place / sound, name, longest, progress)
    holding, needed = carried_over(heard, corrections, before, confirmed)
    first = with_known(holding.decide(), place)
    timeline = holding.decide(needed, before=first) if needed else first
    file = f"heard-{secrets.token_hex(6)}.npz"
    holding.save(place / file)
    sync_to_disk(place / file)
    said = facts(timeline) | {"title": title, "artist": artist}
    return {"stem": write_version(place, timeline, said), "facts": said, "heard": file, "heard_by": heard.weights,
            "corrections": needed, "known": known(needed, timeline.duration, confirmed, progress)}


def _listened(path: Path, name: str, longest: float, progress: Progress) -> "HeardRecording":
    """What the networks hear, those that the library's user has taught among them."""
    from onpu.analysis import hear

    try:
        check_length(path, name, longest)
        learned = learned_in(path.parents[2] / WEIGHTS)
        return hear(path, tasks=None if learned is None else learned.folder,
                    progress=lambda share: progress(HEARING * share))
    except OnpuError as error:
        raise AudioError(str(error).replace(str(path), name)) from None


def check_length(path: Path, name: str, longest: float) -> None:
    """Raise `AudioError` for a recording of more seconds than `longest`, however small its file is."""
    with open_audio(path, name) as audio:
        if audio.duration > longest:
            raise AudioError(f"{name}: is {audio.duration / 3600:.1f} h long; {longest / 3600:g} h are the most")


def warm(folder: str, heard: str, progress: Progress) -> Json:
    """Have at hand what was heard of a song, so that the next decision is quick."""
    _first(folder, heard)
    return {}


def decide(folder: str, heard: str, corrections: list[Json], title: str, progress: Progress) -> Json:
    """The page's contents around corrections, as bytes of `json`; nothing is stored."""
    return {"json": _json(contents(_decided(folder, heard, corrections), title))}


def save(folder: str, heard: str, corrections: list[Json], confirmed: list[str], title: str, artist: str,
         progress: Progress) -> Json:
    """Write a version with these corrections. Returns stem, facts and known: task -> passages that are right."""
    timeline = _decided(folder, heard, corrections)
    said = facts(timeline) | {"title": title, "artist": artist}
    passages = known(corrections, timeline.duration, confirmed, progress)
    return {"stem": write_version(Path(folder), timeline, said), "facts": said, "known": passages}


def known(corrections: list[Json], duration: float, confirmed: list[str], progress: Progress) -> Json:
    """Task -> passages of a version that are right."""
    from onpu.analysis.corrected_passages import corrected_passages

    return {task: spans.tolist() for task, spans in corrected_passages(corrections, duration, confirmed).items()}


def export(folder: str, stem: str, sound: str, name: str, form: str, title: str, artist: str, sheet: str,
           progress: Progress) -> Json:
    """Write a version in a format into a new folder beside it; path, and name that it may be saved under, of the one
    file, or of a zip file where there are several. sheet: `score` or `lead`, the one of the two that is asked for."""
    timeline = read_jams(Path(folder) / f"{stem}.jams")
    about = About(title, artist)
    out = Path(folder) / f".onpu-{secrets.token_hex(8)}"
    written = formats.write(timeline, out, STEM, [form], Path(folder) / sound, about=about)
    if sheet:
        written = [path for path in written if (SCORE in path.name) == (sheet == "score")]
    if not written:
        shutil.rmtree(out, True)
        needed = {"score": "notes", "lead": "chords or a melody"}.get(sheet, "beats, chords, notes or words")
        raise OnpuError(f"there is nothing to write as {form}; it needs {needed}")
    names = [name + path.name.removeprefix(STEM) for path in written]
    if len(written) == 1:
        return {"path": str(written[0]), "name": names[0]}
    packed = out / "packed.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, inside in zip(written, names, strict=True):
            archive.write(path, inside)
    return {"path": str(packed), "name": f"{name}.{form}.zip"}


def tag(folder: str, sound: str, name: str, title: str, artist: str, bpm: float, key: str,
        progress: Progress) -> Json:
    """Write a copy of the recording with tags into a new folder; path, and name that it may be saved under."""
    recording, out = Path(folder) / sound, Path(folder) / f".onpu-{secrets.token_hex(8)}"
    out.mkdir()
    write_tagged(recording, out / sound, SoundTags(title, artist, bpm, short_key(key) if key else ""))
    return {"path": str(out / sound), "name": f"{name}{recording.suffix}"}


def sheets(folder: str, stem: str, title: str, narrow: bool, progress: Progress) -> Json:
    """Lead sheet and score of a version, engraved, as bytes of `json` as the report has it, and for each bar the index
    of the measure of the lead sheet in which it is written. narrow: for a phone."""
    timeline = read_jams(Path(folder) / f"{stem}.jams")
    pictures = {name: base64_text(gzip.compress(svg.encode("utf-8"), mtime=0))
                for name, svg in engraved_sheets(timeline, title, NARROW if narrow else PAGE_WIDTH).items()}
    return {"json": _json({"sheets": [{"name": name, "picture": picture} for name, picture in pictures.items()],
                           "written": written_measures(timeline) if pictures else []})}


@lru_cache(maxsize=HEARD_SONGS)
def _first(folder: str, heard: str) -> "tuple[HeardRecording, Timeline]":
    """What was heard, by its file, and what was decided without corrections."""
    from onpu.analysis import HeardRecording

    found = HeardRecording.load(Path(folder) / heard, weights=Path(folder).parents[1] / WEIGHTS)
    return found, with_known(found.decide(), Path(folder))


def with_known(heard: Timeline, place: Path) -> Timeline:
    """What was heard of a song, with what is known of it in place of that, where it was made here or came with
    words."""
    if not (place / KNOWN_LABELS).is_file():
        return heard
    known = read_jams(place / KNOWN_LABELS)
    if known.duration > heard.duration:
        known = crop(known, 0.0, heard.duration)
    told = {each.name: value for each in fields(known) if (value := getattr(known, each.name)) is not None}
    return replace(heard, **told | {"duration": heard.duration})


def _decided(folder: str, heard: str, corrections: list[Json]) -> Timeline:
    found, first = _first(folder, heard)
    return found.decide(corrections, before=first) if corrections else first


def write_version(place: Path, timeline: Timeline, said: Json) -> str:
    """Write labels and contents under a new name, which is returned."""
    stem = f"v{secrets.token_hex(6)}"
    write_jams(timeline, place / f"{stem}.jams", title=said["title"], artist=said["artist"])
    write_json(place / f"{stem}.json.gz", contents(timeline, said["title"]))
    sync_to_disk(place / f"{stem}.jams", place / f"{stem}.json.gz", place)
    return stem


def write_json(path: Path, value: object) -> None:
    """Make `path` hold a value as JSON packed by gzip. Raises `FormatError` where it cannot be written, `ValueError`
    where a number is NaN or infinite."""
    with replacing(path) as temporary:
        temporary.write_bytes(gzip.compress(_json(value), 3, mtime=0))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")


def _write_playable(path: Path, playable: Path) -> None:
    """A copy that browsers play."""
    import soundfile

    with open_audio(path) as audio, replacing(playable) as temporary:
        with soundfile.SoundFile(temporary, "w", audio.rate, min(audio.channels, 2), "PCM_16") as file:
            for block in audio.blocks(10.0):
                file.write(block[:2].T.clip(-1, 1))
