"""`onpu corpus`: recordings that people made, as corpora to train on."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Make a corpus for training of recordings that people made.")


@app.callback()
def corpora() -> None:
    """Make a corpus for training of recordings that people made."""


@app.command("free")
def free(
    data: Annotated[Path, typer.Option(help="Folder of free recordings with beats: metal, grid, charted.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the corpus.")],
    without_fold: Annotated[int | None, typer.Option(min=0, help="Leave out this one of four folds by author.")] = None,
    only_fold: Annotated[int | None, typer.Option(min=0, help="Take this one of four folds by author alone.")] = None,
    permissive: Annotated[bool, typer.Option("--permissive", help="Only what is under CC0, CC BY, MIT, BSD or in the "
                                                                  "public domain.")] = False,
) -> None:
    """Free recordings whose beats are known; the corpus credits author and licence of each."""
    from onpu.data.corpora.credited import permissive_only
    from onpu.data.corpora.folds import folds
    from onpu.data.corpora.free import FOLDS, read_free
    from onpu.data.credits import write_credited
    from onpu.errors import DataError

    for fold in (without_fold, only_fold):
        if fold is not None and fold >= FOLDS:
            raise DataError(f"there is no fold {fold}; give 0 to {FOLDS - 1}")
    found = read_free(data)
    kept = [one for one, fold in zip(found, folds(found, FOLDS), strict=True)
            if fold != without_fold and only_fold in (None, fold)]
    kept = permissive_only(kept) if permissive else kept
    corpus = write_credited(out, kept, f"free recordings: {', '.join(one.name for one in kept)}")
    typer.echo(f"{out}: {len(corpus)} recordings by {len({one.author for one in kept})} authors, "
               f"{corpus.seconds / 60:.1f} minutes")
