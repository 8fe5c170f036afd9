"""The command line: `onpu COMMAND`. One file a group of commands; each imports what it needs when it runs."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from onpu.apps import (
    analyze,
    audio_to_audio,
    average,
    batch,
    card,
    compose,
    corpora,
    demo,
    drumix,
    embed,
    evaluate,
    export,
    learn,
    listen,
    locate,
    look,
    make,
    models,
    render,
    reproduce,
    serve,
    similar,
    sonify,
    tag,
    train,
)
from onpu.apps.flags import Deferred
from onpu.errors import OnpuError
from onpu.version import __version__

app = typer.Typer(name="onpu", no_args_is_help=True, pretty_exceptions_enable=False,
                  context_settings={"help_option_names": ["-h", "--help"]}, help="Deep learning for music.")
app.command("analyze")(analyze.analyze)
app.command("listen")(listen.listen)
app.command("render")(render.render)
app.command("batch")(batch.batch)
app.command("merge")(batch.merge)
app.command("report")(batch.report)
app.command("sonify")(sonify.sonify)
app.command("tag")(tag.tag)
app.command("look")(look.look)
app.command("locate")(locate.locate)
app.command("separate", cls=Deferred)(audio_to_audio.separate)
app.command("convert", cls=Deferred)(audio_to_audio.convert)
app.command("enhance", cls=Deferred)(audio_to_audio.enhance)
app.command("drumix")(drumix.drumix)
app.command("embed")(embed.embed)
app.command("index")(similar.index)
app.command("similar")(similar.similar)
app.command("playlist")(similar.playlist)
app.command("recommend")(similar.recommend)
app.command("compose")(compose.compose)
app.add_typer(corpora.app, name="corpus")
app.add_typer(make.app, name="make")
app.add_typer(train.app, name="train")
app.command("learn")(learn.learn)
app.command("average")(average.average)
app.command("evaluate")(evaluate.evaluate)
app.command("reproduce")(reproduce.reproduce)
app.command("models")(models.models)
app.command("card")(card.card)
app.command("export")(export.export)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"onpu {__version__}")
        raise typer.Exit


@app.callback()
def options(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True,
                                         help="Print the version.")) -> None:
    """Deep learning for music."""


def main() -> None:
    """Entry point. Exit codes: 0 done; 1 some recordings failed; 2 the user can mend it, one line says how; 130
    interrupted. `docs/python.md` tells them."""
    try:
        with _libraries_muted():
            app()
    except OnpuError as error:
        sys.exit(_say(str(error)))
    except MemoryError:
        sys.exit(_say("not enough memory; give less at a time"))
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        sys.exit(_say(f"{name}{error.strerror or error}"))


@contextmanager
def _libraries_muted() -> Iterator[None]:
    """Keep what C libraries write to file descriptor 2 (mpg123's and FluidSynth's notes) off the user's terminal."""
    sys.stderr.flush()
    terminal, before = os.dup(2), sys.stderr
    with open(os.devnull, "wb") as nowhere, os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8") as own:
        os.dup2(nowhere.fileno(), 2)
        sys.stderr = own
        try:
            yield
        finally:
            sys.stderr = before
            os.dup2(terminal, 2)
            os.close(terminal)


def _say(text: str) -> int:
    print(f"onpu: {text}", file=sys.stderr)
    return 2
