"""`onpu demo`: the main job on a song that no training has seen, beside the truth; or on the user's own recording."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps import flags
from onpu.errors import DataError, suggestion

if TYPE_CHECKING:
    from onpu.music import Timeline

SEED = 2_026_005
"""Of the demo's song, far from the seeds of every corpus; it is analysed about as well as the median held-out song."""
JUDGED = {"notes": "Note F-measure", "drums": "Kick, snare, hi-hat F", "onsets": "Onset F-measure",
          "melody": "Overall accuracy", "voice": "Accuracy"}
"""Task -> the measure of it that is told."""
FORMATS = ("jams", "midi", "beats", "lab", "musicxml", "audacity", "csv", "html")


def demo(
    audio: Annotated[Path | None, typer.Argument(help="A recording of your own; default: a song composed now.")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files.",
                                      callback=flags.no_file)] = Path("demo"),
    style: Annotated[str | None, typer.Option(help="Of the composed song; default: one never trained on.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the composed song.")] = SEED,
    seconds: Annotated[float, typer.Option(min=5.0, help="Length of the composed song, about.")] = 60.0,
) -> None:
    """Compose a song in a style never trained on, analyse it and compare with the truth; or analyse your own."""
    from onpu import formats
    from onpu.analysis import analyze

    truth = None
    if audio is None:
        audio, truth = _composed(out, style, seed, seconds)
    timeline = analyze(audio)
    written = formats.write(timeline, out, audio.stem, FORMATS, audio)
    written += _picture(out / f"{audio.stem}.png", audio, timeline, truth)
    _report(timeline, truth)
    typer.echo("files      " + "\n           ".join(str(path) for path in [audio, *written]))
    typer.echo(f"open       {(out / f'{audio.stem}.html').resolve().as_uri()}  (to look and listen)")


def _composed(out: Path, style: str | None, seed: int, seconds: float) -> "tuple[Path, Timeline]":
    """Write a new song's sound and truth; the sound's path and the truth."""
    from onpu import formats
    from onpu.engine.compose import STYLES, compose
    from onpu.engine.render import HELD_OUT, perform, produce, soundfonts
    from onpu.formats.audio import write_audio

    unseen = sorted(name for name, kind in STYLES.items() if kind.held_out)
    if style is not None and style not in STYLES:
        raise DataError(f"no style is called {style}; {suggestion(style, STYLES)}")
    song = compose(seed, style or unseen[seed % len(unseen)], seconds)
    name = f"{song.style}-{seed}".replace(" ", "-")
    path = out / f"{name}.flac"
    unheard = [font for font in soundfonts() if font.name == HELD_OUT]
    stems, truth = perform(song, seed, 44_100, unheard or None)
    formats.write(truth, out, f"{name}.truth", ("jams", "midi", "beats"))
    write_audio(path, produce(stems, seed, truth))
    typer.echo(f"song       {song.style}, {song.duration:.0f} s, composed from seed {seed}"
               + (", a style held out of all training" if STYLES[song.style].held_out else ""))
    return path, truth


def _picture(path: Path, audio: Path, timeline: "Timeline", truth: "Timeline | None") -> list[Path]:
    """Draw the beginning of the analysis; where matplotlib is missing, say so."""
    try:
        from onpu.apps.picture import SECONDS, draw
    except ModuleNotFoundError:
        typer.echo("no picture: matplotlib is not installed (pip install 'onpu[train]')", err=True)
        return []
    from onpu.apps.applying import trained_listeners
    from onpu.formats.audio import read_audio

    beginning = read_audio(audio, 0.0, SECONDS)
    trained = trained_listeners(("beats",), "cpu")[0]
    assert timeline.beats is not None
    draw(path, audio.name, beginning, trained.activations(beginning), trained.features.clock.fps, timeline.beats,
         truth.beats if truth else None)
    return [path]


def _report(found: "Timeline", truth: "Timeline | None") -> None:
    """Print what was found and, where the truth is known, how near that comes to it."""
    from onpu.apps.summary import summary
    from onpu.listen import tasks
    from onpu.listen.key import key_of
    from onpu.metrics import beats as metric
    from onpu.metrics import chords as chord_metric

    _, tempo, other, key, chords, metre, bars, sure, *_ = summary(found)
    if truth is None:
        typer.echo(f"tempo      {tempo} beats a minute (or {other})\n"
                   f"metre      {metre}, {bars} bars\n"
                   f"key        {key}, {chords} chords\n"
                   f"confidence {sure}")
        return
    assert truth.keys is not None
    truth = replace(truth, key=key_of(truth.keys))
    _, true_tempo, _, true_key, true_chords, true_metre, true_bars, *_ = summary(truth)
    assert found.beats is not None and truth.beats is not None
    scores = metric.evaluate(truth.beats, found.beats)
    typer.echo(f"tempo      {tempo} beats a minute; truth {true_tempo}\n"
               f"metre      {metre}, {bars} bars; truth {true_metre}, {true_bars} bars\n"
               f"key        {key}, {chords} chords; truth {true_key}, {true_chords} chords\n"
               f"beats      F-measure {scores['Beat F-measure']:.3f} (±70 ms)\n"
               f"downbeats  F-measure {scores['Downbeat F-measure']:.3f} (±70 ms)\n"
               f"confidence {sure}")
    for task, measure in JUDGED.items():
        if getattr(found, task) is not None and getattr(truth, task) is not None:
            scores = tasks()[task].metric(truth, found)
            typer.echo(f"{task:<10} {measure} {scores[measure]:.3f}")
    if found.chords is not None and truth.chords is not None:
        right = chord_metric.evaluate(chord_metric.filled(truth.chords, truth.duration), found.chords)
        typer.echo(f"chords     root right for {right['root']:.3f} of the time, tetrads {right['tetrads']:.3f}")
