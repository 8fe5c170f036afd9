"""`onpu tag`: copies of recordings with tempo, key and loudness in their tags."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps import flags, known
from onpu.apps.recordings import InputFile, recordings
from onpu.errors import LabelError, OnpuError

if TYPE_CHECKING:
    from onpu.formats.tagging import SoundTags
    from onpu.music import Timeline

TASKS = ("beats", "key")


def tag(
    files: Annotated[list[str], typer.Argument(help="Recordings, folders of recordings, or patterns.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the copies.",
                                      callback=flags.no_file)] = Path("tagged"),
    given: Annotated[list[Path] | None, typer.Option(
        help="Results of analyze (song.jams), or a folder of them, whose tempo and key are taken.")] = None,
    camelot: Annotated[bool, typer.Option("--camelot", help="Keys as on the Camelot wheel: 8A for A minor.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over copies that are there.")] = False,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Copy recordings with tempo, key and ReplayGain in their tags (mp3, flac, ogg, opus); title and artist stay. The
    recordings themselves are not changed. Needs the ffmpeg program."""
    items = recordings(files, out)
    known.check_given(given or (), None, len(items))
    for item in items:
        copy = item.folder / item.path.name
        if copy.exists() and (not force or copy.samefile(item.path)):
            raise OnpuError(f"{copy}: is there already; choose another --out, or write over it with --force")
    for item in items:
        typer.echo(_tagged(item, known.labels_for(item.stem, given or []), camelot, device))


def _tagged(item: InputFile, labels: list[Path], camelot: bool, device: str) -> str:
    """Write the copy of a recording; a line that says what it tells."""
    from onpu.analysis import analyze
    from onpu.analysis.given import NO_HINTS, held
    from onpu.files import replacing
    from onpu.formats.audio import open_audio
    from onpu.formats.tagging import write_tagged
    from onpu.music.loudness import integrated_loudness

    timeline = held(labels or None, None, NO_HINTS) or analyze(item.path, tasks=TASKS, device=device)
    with open_audio(item.path) as source:
        loudness = integrated_loudness(source.blocks(10.0), source.rate)
    tags = _tags(timeline, loudness, camelot)
    item.folder.mkdir(parents=True, exist_ok=True)
    with replacing(item.folder / item.path.name) as place:
        write_tagged(item.path, place, tags)
    said = [f"{tags.bpm:.0f} bpm" if tags.bpm else "no tempo", tags.key or "no key", f"{loudness:.1f} LUFS"]
    return f"{item.folder / item.path.name}: {', '.join(said)}"


def _tags(timeline: "Timeline", loudness: float, camelot: bool) -> "SoundTags":
    """What is told of a timeline."""
    from onpu.formats.tagging import SoundTags
    from onpu.music.camelot import camelot as place_of
    from onpu.music.camelot import short_key
    from onpu.music.loudness import replaygain

    key = ""
    if timeline.key is not None and len(timeline.key.labels):
        try:
            key = (place_of if camelot else short_key)(str(timeline.key.labels[0]))
        except LabelError:
            pass
    bpm = float(timeline.tempo.bpm[0]) if timeline.tempo is not None and len(timeline.tempo.bpm) else 0.0
    return SoundTags(bpm=bpm, key=key, gain=replaygain(loudness) if math.isfinite(loudness) else None)
