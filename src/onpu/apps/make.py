"""`onpu make TASK`: what is made of nothing but a wish: scores, and strokes of drums."""

from typing import Annotated

import typer

from onpu.apps.make_chorale import chorale
from onpu.apps.make_midinet import midinet
from onpu.apps.make_musicvae import musicvae
from onpu.apps.make_performance import performance
from onpu.apps.make_pixels import pixelcnn, ride
from onpu.apps.make_seq2seq import seq2seq
from onpu.apps.make_strokes import cgan, gan
from onpu.errors import OnpuError

TASKS = ("chorale", "musicvae", "midinet", "performance", "seq2seq", "pixelcnn", "ride", "gan", "cgan")
"""Making tasks that this command serves."""

app = typer.Typer(invoke_without_command=True, no_args_is_help=False,
                  help="Compose scores, make strokes of drums: onpu make TASK --help tells what can be asked for.")
app.command("chorale")(chorale)
app.command("musicvae")(musicvae)
app.command("midinet")(midinet)
app.command("performance")(performance)
app.command("seq2seq")(seq2seq)
app.command("pixelcnn")(pixelcnn)
app.command("ride")(ride)
app.command("gan")(gan)
app.command("cgan")(cgan)


@app.callback()
def listed(context: typer.Context,
           tasks: Annotated[bool, typer.Option("--list", help="List what can be made, with what, and which weights "
                                                              "there are.")] = False) -> None:
    """Make something of nothing but a wish."""
    if context.invoked_subcommand is not None:
        return
    if not tasks:
        raise OnpuError(f"name what is to be made: {', '.join(TASKS)}; onpu make --list says more")
    from onpu.make import makers
    from onpu.weights import models

    for name in TASKS:
        found = [weights for weights, card in models().items() if card["task"] == name]
        typer.echo(f"{name}: {makers()[name].title} ({makers()[name].paper}); "
                   f"weights: {', '.join(found) or f'none shipped, see onpu train {name} --help'}")
