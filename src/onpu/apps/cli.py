"""The command line: `onpu COMMAND`. One file a group of commands; each imports what it needs when it runs."""

import sys

import typer

import onpu
from onpu.apps import analyze, compose, demo, train, weights
from onpu.errors import OnpuError

app = typer.Typer(name="onpu", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  context_settings={"help_option_names": ["-h", "--help"]}, help="Deep learning for music.")
app.command("analyze")(analyze.analyze)
app.command("compose")(compose.compose)
app.add_typer(train.app, name="train")
app.command("evaluate")(weights.evaluate)
app.command("reproduce")(weights.reproduce)
app.command("models")(weights.models)
app.command("demo")(demo.demo)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"onpu {onpu.__version__}")
        raise typer.Exit


@app.callback()
def options(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True,
                                         help="Print the version.")) -> None:
    """Deep learning for music."""


def main() -> None:
    """Entry point. Exit codes: 0 done; 1 some recordings failed; 2 the user can mend it, one line says how."""
    try:
        app()
    except OnpuError as error:
        sys.exit(_say(str(error)))
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        sys.exit(_say(f"{name}{error.strerror or error}"))


def _say(text: str) -> int:
    print(f"onpu: {text}", file=sys.stderr)
    return 2
