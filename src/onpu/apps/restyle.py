"""`onpu make style`: recordings in the style of another; it needs no weights of its own (see `onpu.make.style`).

    recordings, style -> onpu.make.style.transfer -> files, and a page to hear them beside the recordings
"""

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import typer

from onpu.apps import flags
from onpu.apps.applying import with_progress
from onpu.apps.audio_to_audio import FORMATS
from onpu.errors import OnpuError


def restyle() -> Callable[..., None]:
    """Give recordings the style of another: rain, a choir, a broken radio. What is played stays, softly, in how the
    other one sounds over time. One channel; 8 to 25 s of one processor core for 10 s of sound."""
    from onpu.make.style import StyleOptions

    paths = flags.parameter("paths", list[str], typer.Argument(help="recordings, folders of them, or patterns"),
                            inspect.Parameter.empty)
    style = flags.parameter("style", Path | None, typer.Option(help="recording whose style is taken on, 1 s or longer"))
    return flags.command(_run, [
        paths, style, *flags.derived({"style": StyleOptions()}, "Options"), flags.formats(FORMATS, ("wav",)),
        flags.licence(), flags.folder("folder for the files, OUT/RECORDING-STYLE.FORMAT")], restyle.__doc__ or "")


def _run(paths: list[str], style: Path | None, out: Path, format: str | None, licence: str, **values: object) -> None:
    from onpu.apps.audio_to_audio import write_changed
    from onpu.apps.recordings import recordings
    from onpu.licensing import checked
    from onpu.listen import load
    from onpu.make.style import LEARNED, StyleOptions, transfer

    if style is None:
        raise OnpuError("say whose style is taken on: --style rain.wav")
    formats = flags.named_formats(format, FORMATS, ("wav",))
    options = replace(StyleOptions(), **flags.given_values(StyleOptions, values))
    listener = load("tags", checked(licence)) if options.filters == LEARNED else None
    for recording in recordings(paths, out):
        work = partial(transfer, recording.path, style, options, listener=listener, style_name=str(style))
        for path in write_changed(with_progress(recording.label, work), style.stem, recording, formats):
            typer.echo(str(path))
