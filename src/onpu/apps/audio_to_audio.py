"""`onpu separate`, `onpu convert`, `onpu enhance`: recordings changed by a maker, whose options are the flags.

    recording -> maker -> sounds -> files, and a page to hear them beside the recording
"""

import inspect
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import typer

from onpu.apps import flags
from onpu.apps.applying import refuse, trained_maker, with_progress
from onpu.apps.recordings import InputFile, recordings
from onpu.errors import OnpuError, suggestion

if TYPE_CHECKING:
    import numpy as np

    from onpu.maker import Maker, TrainedMaker
    from onpu.music import Audio, Timeline

SAMPLES = {"wav": "FLOAT", "flac": "PCM_24", "mp3": None, "ogg": None}
"""Format of sound -> libsndfile's name of how samples are stored; None: the usual way. Sounds may exceed full scale."""
FORMATS = (*SAMPLES, "html")
Listen: TypeAlias = Callable[[Path], "Timeline"]
"""What is found in a recording, by weights of the licence and on the device that the user chose."""
Write = Callable[["TrainedMaker", Any, InputFile, tuple[str, ...], Listen], Iterable[Path]]
"""(trained, options, recording, formats, what the page shows) -> the files written."""


def separate() -> Callable[..., None]:
    """Take recordings apart: voice, drums, bass and the rest, at the recording's own rate, which sum to it."""
    from onpu.make.stems import MAKER, PARTS

    def run(only: str, **values: Any) -> None:
        wanted = tuple(name.strip() for name in only.split(",") if name.strip())
        unknown = [name for name in wanted if name not in PARTS]
        if unknown:
            raise OnpuError(f"no part is called {unknown[0]}; {suggestion(unknown[0], PARTS)}")
        names = [*wanted, "accompaniment"] if wanted and len(wanted) < len(PARTS) else list(PARTS)
        _run(MAKER, partial(_separated, names), **values)

    return _command(MAKER, run, separate.__doc__, "OUT/RECORDING/PART", [
        flags.parameter("only", str, typer.Option(
            help=f"parts that are wanted, parted by commas: {', '.join(PARTS)}; the sum of the others is written as "
                 "accompaniment"), ""),
        flags.weights(MAKER.name)])


def convert() -> Callable[..., None]:
    """Convert recordings: a piano to strings or guitar, sinusoids to a piano, a piano to a band."""
    from onpu.make.convert import MAKER, target

    def run(to: str | None, weights: str | None, **values: Any) -> None:
        if to is not None and weights is not None:
            raise OnpuError("--to has no effect with --weights; leave it out")
        if to is None and weights is None:
            raise OnpuError("say what the recording is to become: --to strings, guitar, piano or band, or --weights")
        _run(MAKER, partial(_changed, target), weights=weights or f"{MAKER.name}-{to}", **values)

    return _command(MAKER, run, convert.__doc__, "OUT/RECORDING-TARGET", [
        flags.parameter("to", str | None, typer.Option(help="what the recording becomes: strings, guitar or band of a "
                                                            "piano, piano of sinusoids")),
        flags.parameter("weights", str | None, typer.Option(help="weights, by name or path (default: convert-TO)"))])


def enhance() -> Callable[..., None]:
    """Take the noise out of recordings: hiss, hum, crackle, rooms. Nothing above 8 kHz is kept."""
    from onpu.make.enhance import MAKER

    run = partial(_run, MAKER, partial(_changed, lambda recipe: "enhanced"))
    return _command(MAKER, run, enhance.__doc__, "OUT/RECORDING-enhanced", [flags.weights(MAKER.name)])


def _command(maker: "Maker", run: Callable[..., None], text: str | None, names: str,
             own: Sequence[inspect.Parameter]) -> Callable[..., None]:
    """A command of recordings. names: of its files."""
    paths = flags.parameter("paths", list[str], typer.Argument(help="recordings, folders of them, or patterns"),
                            inspect.Parameter.empty)
    return flags.command(run, [
        paths, *flags.derived({maker.name: maker.options}, "Options"), *own,
        flags.formats(FORMATS, ("wav",)), flags.licence(), flags.device(),
        flags.folder(f"folder for the files, {names}.FORMAT")], text or "")


def _run(maker: "Maker", write: Write, paths: list[str], out: Path, format: str | None, weights: str, licence: str,
         device: str, **values: Any) -> None:
    """Write what becomes of each recording."""
    formats, given = flags.named_formats(format, FORMATS, ("wav",)), flags.given_values(type(maker.options), values)
    options = replace(maker.options, **given)
    trained = trained_maker(weights, maker.name, device, licence)
    refuse(given, maker.without_effect(options, trained.recipe, ()))
    for recording in recordings(paths, out):
        for path in write(trained, options, recording, formats, partial(_found, licence, device)):
            typer.echo(str(path))


def _found(licence: str, device: str, path: Path) -> "Timeline":
    from onpu.analysis import analyze
    from onpu.licensing import checked

    return analyze(path, licence=checked(licence), device=device)


def _changed(named: Callable[[Any], str], trained: "TrainedMaker", options: Any, recording: InputFile,
             formats: tuple[str, ...], listen: Listen) -> Iterator[Path]:
    """Write the changed recording. named: recipe -> what files and page call the result."""
    audio = with_progress(recording.label, partial(trained, recording.path, options=options))
    yield from write_changed(audio, named(trained.recipe), recording, formats)


def write_changed(audio: "Audio", name: str, recording: InputFile, formats: tuple[str, ...]) -> Iterator[Path]:
    """Write what became of a recording, and the page on which to hear both, one against the other. name: what files and
    page call it."""
    from onpu.formats.audio import write_audio
    from onpu.formats.comparison import write_comparison

    stem, sounds = f"{recording.stem}-{name}", [form for form in formats if form != "html"]
    recording.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder, kept = (recording.folder, sounds) if sounds else (Path(temporary), ["wav"])
        files = [folder / f"{stem}.{form}" for form in kept]
        for file in files:
            write_audio(file, audio)
        yield from files if sounds else ()
        if "html" in formats:
            page = recording.folder / f"{stem}.html"
            write_comparison(page, {"before": recording.path, name: files[0]}, f"{recording.stem}: {name}")
            yield page


def _separated(names: Sequence[str], trained: "TrainedMaker", options: Any, recording: InputFile,
               formats: tuple[str, ...], listen: Listen) -> Iterator[Path]:
    """Write the parts, and the page on which they can be muted and heard alone."""
    from onpu.formats.audio import open_audio, writing
    from onpu.make.stems import PARTS
    from onpu.make.stems import separate as blocks

    folder, sounds = recording.folder / recording.stem, [form for form in formats if form != "html"]
    folder.mkdir(parents=True, exist_ok=True)

    def write(progress: Callable[[float], None]) -> None:
        with open_audio(recording.path) as source, ExitStack() as open_files:
            sinks = {name: [open_files.enter_context(writing(file, source.rate, source.channels,
                                                             SAMPLES[file.suffix[1:]])) for file in own]
                     for name, own in files.items()}
            for parts in blocks(trained, source, options, progress):
                for name, sound in _chosen(parts, PARTS, names):
                    for sink in sinks[name]:
                        sink.write(sound.T)

    with tempfile.TemporaryDirectory() as temporary:
        where, kept = (folder, sounds) if sounds else (Path(temporary), ["wav"])
        files = {name: [where / f"{name}.{form}" for form in kept] for name in names}
        with_progress(recording.label, write)
        yield from (file for own in files.values() for file in own if sounds)
        if "html" in formats:
            from onpu.formats.report import write_report

            yield from write_report(listen(recording.path), folder / f"{recording.stem}.html",
                                    recording.path, recording.stem, {name: own[0] for name, own in files.items()})


def _chosen(parts: "np.ndarray", known: tuple[str, ...], names: Sequence[str]) -> "Iterator[tuple[str, np.ndarray]]":
    """Name and sound (channels, samples) of these parts; `accompaniment`: the sum of what is not among them."""
    for name in names:
        if name in known:
            yield name, parts[known.index(name)]
        else:
            yield name, parts[[number for number, part in enumerate(known) if part not in names]].sum(axis=0)
