"""The program `onpu-onnx`: `analyze`; every other command of onpu says that it needs onpu."""

import sys

import typer

from onpu.apps import analyze
from onpu.errors import OnpuError
from onpu.version import __version__

OTHERS = ("average", "batch", "compose", "convert", "corpus", "demo", "drumix", "embed", "enhance", "evaluate",
          "export", "index", "learn", "listen", "locate", "look", "make", "merge", "models", "playlist", "recommend",
          "render", "report", "reproduce", "separate", "serve", "similar", "sonify", "tag", "train")
"""Commands that need torch, or what is not packaged here."""

app = typer.Typer(name="onpu-onnx", no_args_is_help=True, pretty_exceptions_enable=False,
                  context_settings={"help_option_names": ["-h", "--help"]}, help="onpu's listeners without torch.")
app.command("analyze")(analyze.analyze)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"onpu-onnx {__version__}")
        raise typer.Exit


@app.callback()
def options(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True,
                                         help="Print the version.")) -> None:
    """onpu's listeners without torch."""


def main() -> None:
    """Entry point; exit codes as those of `onpu`."""
    if sys.argv[1:2] and sys.argv[1] in OTHERS:
        sys.exit(_say(f"{sys.argv[1]} is not part of onpu-onnx; pip install onpu"))
    try:
        app()
    except OnpuError as error:
        sys.exit(_say(str(error)))
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        sys.exit(_say(f"{name}{error.strerror or error}"))


def _say(text: str) -> int:
    print(f"onpu-onnx: {text}", file=sys.stderr)
    return 2
