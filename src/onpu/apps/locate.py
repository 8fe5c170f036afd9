"""`onpu locate`: where sounds come from in recordings of several microphones."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from onpu.apps import flags
from onpu.apps.recordings import recordings


def locate(
    files: Annotated[list[str], typer.Argument(help="Recordings with a channel for each microphone, as of analyze.")],
    array: Annotated[str, typer.Option(help="pair (left, right), square (front left, front right, back right, back "
                                            "left), tetrahedron, or a file with the position of a microphone a line: "
                                            "metres to the front, to the left, upwards.")] = "pair",
    radius: Annotated[float, typer.Option(help="Metres from the middle of a named array to its microphones.")] = 0.1,
    sources: Annotated[int, typer.Option("--sources", "-n", help="How many sounds at a time, at most.")] = 1,
    network: Annotated[bool, typer.Option("--network", help="Hear with a trained network (SELDnet), which says what "
                                          "sounds, too; needs four microphones that do not lie in a plane.")] = False,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files.", callback=flags.no_file)] = Path("."),
    format: Annotated[str | None, typer.Option("--format", "-f", help="csv, json, svg; default: all.")] = None,
) -> None:
    """Find the direction of sounds over time: a table, JSON and a picture."""
    from onpu.analysis.locating import array as positions
    from onpu.analysis.locating import locate as found_in
    from onpu.apps.flags import named_formats
    from onpu.errors import AudioError
    from onpu.formats.audio import read_audio
    from onpu.formats.bearings import WRITERS, write_bearings
    from onpu.make import load
    from onpu.make.locate import heard

    formats = named_formats(format, tuple(WRITERS), tuple(WRITERS))
    microphones = positions(array, radius)
    find = partial(heard, load("locate")) if network else found_in
    for item in recordings(files, out):
        audio = read_audio(item.path)
        try:
            found = find(audio, microphones, sources)
        except AudioError as error:
            raise AudioError(f"{item.name}: {error}") from None
        item.folder.mkdir(parents=True, exist_ok=True)
        for path in write_bearings(found, audio.duration, item.folder, item.stem, formats):
            typer.echo(str(path))
