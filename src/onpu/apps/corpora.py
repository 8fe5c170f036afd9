"""`onpu corpus`: recordings that people made, as corpora to train on."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from onpu.apps import flags

if TYPE_CHECKING:
    import numpy as np

    from onpu.data.corpora.credited import CreditedRecording
    from onpu.data.corpora.steady import Activations
    from onpu.music import Audio

app = typer.Typer(no_args_is_help=True, help="Make a corpus for training of recordings that people made.")

OutFolder: TypeAlias = Annotated[Path, typer.Option("--out", "-o", help="Folder for the corpus.",
                                                  callback=flags.no_file)]
SourceLicence: TypeAlias = Annotated[str, typer.Option(
    "--licence", help="default, or permissive: only what is under CC0, CC BY, MIT, BSD or in the public domain.")]


@app.callback()
def corpora() -> None:
    """Make a corpus for training of recordings that people made."""


@app.command("free")
def free(
    data: Annotated[Path, typer.Option(help="Folder of free recordings with beats: metal, grid, charted.")],
    out: OutFolder,
    without_fold: Annotated[int | None, typer.Option(min=0, help="Leave out this one of four folds by author.")] = None,
    only_fold: Annotated[int | None, typer.Option(min=0, help="Take this one of four folds by author alone.")] = None,
    without: Annotated[list[str] | None, typer.Option(help="Name of a recording to leave out, such as one whose beat "
                                                           "is in doubt; may be given several times.")] = None,
    licence: SourceLicence = "default",
) -> None:
    """Free recordings whose beats are known; the corpus credits author and licence of each."""
    from onpu.data.corpora.credited import permissive_only
    from onpu.data.corpora.folds import folds
    from onpu.data.corpora.free import FOLDS, read_free
    from onpu.data.credits import write_credited
    from onpu.errors import DataError
    from onpu.licensing import checked

    if without_fold is not None and only_fold is not None:
        raise DataError("--without-fold and --only-fold exclude each other; give one")
    for fold in (without_fold, only_fold):
        if fold is not None and fold >= FOLDS:
            raise DataError(f"there is no fold {fold}; give 0 to {FOLDS - 1}")
    found = read_free(data)
    for name in set(without or ()) - {one.name for one in found}:
        raise DataError(f"{data}: no recording is called {name}; name one of its folders")
    kept = [one for one, fold in zip(found, folds(found, FOLDS), strict=True)
            if fold != without_fold and only_fold in (None, fold) and one.name not in (without or ())]
    kept = permissive_only(kept) if checked(licence) == "permissive" else kept
    if not kept:
        raise DataError(f"{data}: no recording is left; take another fold, or leave out less")
    corpus = write_credited(out, kept, f"free recordings: {', '.join(one.name for one in kept)}")
    typer.echo(f"{out}: {len(corpus)} recordings by {len({one.author for one in kept})} authors, "
               f"{corpus.seconds / 60:.1f} minutes")


@app.command("steady")
def steady(
    data: Annotated[Path, typer.Option(help="Folder of recordings; index.tsv tells file, author, licence, source.")],
    out: OutFolder,
    skip: Annotated[list[str] | None, typer.Option(help="Sub-folder that is left out; may be given several times.")]
    = None,
    seconds: Annotated[float, typer.Option(min=20.0, help="How many seconds of a recording are used at most.")] = 150.0,
    licence: SourceLicence = "default",
) -> None:
    """Recordings that keep one tempo, with beats found by rule where pulse, drums, harmony and onpu's own beat network
    agree; the others are dropped."""
    from onpu.data.corpora.credited import permissive_only
    from onpu.data.corpora.free import read_gathered
    from onpu.data.credits import write_credited
    from onpu.errors import DataError
    from onpu.licensing import checked

    found = read_gathered(data, skip or (), seconds)
    kept = _labelled(permissive_only(found) if checked(licence) == "permissive" else found)
    if not kept:
        raise DataError(f"{data}: nothing to store, for no recording keeps its tempo so that its beats are plain; "
                        "give others")
    corpus = write_credited(out, kept, f"labelled by rule: {', '.join(one.name for one in kept)}")
    barred = sum(bool(one.timeline.beats is not None and one.timeline.beats.positions.any()) for one in kept)
    typer.echo(f"{out}: {len(corpus)} of {len(found)} recordings, {barred} with bars, "
               f"{corpus.seconds / 3600:.2f} hours")


@app.command("singing")
def singing(
    data: Annotated[Path, typer.Option(help="Folder of the PJS corpus, with index.tsv.")],
    out: OutFolder,
    part: Annotated[str, typer.Option(help="What the songs serve for: learn, choose (weights) or test.")] = "learn",
    alone: Annotated[bool, typer.Option("--alone", help="Leave out what is sung over music.")] = False,
) -> None:
    """Songs of the PJS corpus with the times of their phonemes, alone and over composed accompaniments."""
    from onpu.data.singing import write_singing

    corpus = write_singing(out, data, part, not alone)
    typer.echo(f"{out}: {len(corpus)} recordings, {corpus.seconds / 60:.1f} minutes")


@app.command("voice")
def voice(
    data: Annotated[Path, typer.Option(help="Folder of the PJS corpus, with index.tsv.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the songs.", callback=flags.no_file)],
) -> None:
    """Songs of the PJS corpus taken apart by a vocoder, with phonemes and scores, for onpu train singer; minutes."""
    from onpu.apps.train import Preparing
    from onpu.data.corpora.sung import take_apart

    songs = take_apart(out, data, Preparing())
    typer.echo(f"{out}: {len(songs.names)} songs, of which {len(songs)} may be learned from")


@app.command("speech")
def speech(
    out: OutFolder,
    sentences: Annotated[int, typer.Option("-n", min=1, help="Sentences by each program.")] = 1500,
    seed: Annotated[int, typer.Option(min=0, help="Random seed of the sentences.")] = 1,
    data: Annotated[Path | None, typer.Option(help="Folder of the PJS corpus, with index.tsv, whose songs are added; "
                                                   "needs --voice.")] = None,
    voice: Annotated[Path | None, typer.Option(help="Folder that onpu corpus voice wrote of it.")] = None,
) -> None:
    """Sentences that flite and espeak-ng speak, with the times of their sounds, and songs of PJS; for onpu train
    tacotron and wavernn."""
    from onpu.apps.train import Preparing
    from onpu.data.corpora.sung import SungSongs
    from onpu.data.corpora.uttered import write_uttered
    from onpu.errors import DataError

    if (data is None) != (voice is None):
        raise DataError("songs need --data and --voice; give both, or neither for speech alone")
    taken = None if voice is None else SungSongs.open(voice)
    found = write_uttered(out, sentences, seed, data, taken, Preparing())
    typer.echo(f"{out}: {len(found.index['items'])} utterances by {', '.join(found.voices)}")


def beat_network() -> "Activations":
    """The shipped beat network, as the rule asks it."""
    from onpu.listen import load

    trained = load("beats")

    def activations(audio: "Audio") -> "tuple[np.ndarray, np.ndarray, float]":
        heads = trained.activations(audio)
        return heads["beat"], heads["downbeat"], trained.features.clock.fps

    return activations


def _labelled(recordings: "list[CreditedRecording]") -> "list[CreditedRecording]":
    """Those whose beats are found by rule, with them; a damaged file is named and passed over."""
    from rich.progress import track

    from onpu.data.corpora.steady import label_steady
    from onpu.data.credits import stored_audio
    from onpu.errors import AudioError
    from onpu.music import Timeline

    activations, kept = beat_network(), []
    for one in track(recordings, description="labelling"):
        try:
            audio = stored_audio(one.audio, one.longest)
        except AudioError as error:
            typer.echo(f"onpu: left out: {error}", err=True)
            continue
        beats = label_steady(audio, activations)
        if beats is not None:
            kept.append(replace(one, timeline=Timeline(audio.duration, beats=beats)))
    return kept
