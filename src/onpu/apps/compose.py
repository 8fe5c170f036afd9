"""`onpu compose`: songs with sound, stems, MIDI and all labels; or a corpus of them to train on."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onpu.apps import flags
from onpu.errors import DataError, suggestion
from onpu.licensing import checked

if TYPE_CHECKING:
    from onpu.data.plan import Plan
    from onpu.data.scenes.base import SceneSource
    from onpu.engine.compose.song import Song
    from onpu.music import Audio, Stems


def compose(
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many songs.")] = 1,
    style: Annotated[list[str] | None, typer.Option(help="A style or a genre; may be given several times. Default: all "
                                                         "that are not held out.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the first song; the next ones count on.")] = 0,
    seconds: Annotated[float, typer.Option(min=5.0, help="Length of a song, about.")] = 60.0,
    rate: Annotated[int, typer.Option(min=8000, max=96000, help="Samples a second.")] = 44_100,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the songs.",
                                      callback=flags.no_file)] = Path("out"),
    corpus: Annotated[Path | None, typer.Option(help="Write a corpus for training into this folder instead: mono sound "
                                                     "and labels; started again, it goes on.")] = None,
    task: Annotated[str | None, typer.Option("--for", help="With --corpus: the making task whose sounds are written, "
                                                           "such as stems; or events: scenes whose sound events "
                                                           "are labelled.")] = None,
    kind: Annotated[str | None, typer.Option(help="With --for: of which kind the sounds are, where there are several, "
                                                  "such as piano-guitar.")] = None,
    sets: Annotated[Path | None, typer.Option("--sets", help="With --corpus: folder of data sets from which a part of "
                                                             "the music is arranged, where they are there: pop909.zip, "
                                                             "groove.zip, billboard.zip, pjs ..., also in its folders "
                                                             "real and scores; and the sample sets in "
                                                             "instruments.")] = None,
    arranged: Annotated[float, typer.Option(min=0.0, max=1.0, help="With --sets: share of the music that is arranged "
                                                                   "from them.")] = 0.35,
    licence: Annotated[str, typer.Option(help="With --sets: default, or permissive: only sets that ask for credit at "
                                              "most.")] = "default",
    sung: Annotated[float | None, typer.Option(min=0.0, max=1.0, help="With --sets that hold pjs: share of the music "
                                                                      "that its singer leads.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Worker processes (with --corpus).")] = 1,
    address: Annotated[str | None, typer.Option(help="With --corpus: of a Ray cluster whose processors are the workers "
                                                     "(auto, ray://head:10001), or local (pip install "
                                                     "onpu[ray]).")] = None,
) -> None:
    """Compose and render songs whose labels are exact: sound, stems, MIDI and JAMS. Equal seeds give equal bytes."""
    for flag, value, needs in (("--for", task, corpus), ("--sets", sets, corpus), ("--kind", kind, corpus and task),
                               ("--sung", sung, corpus and sets), ("--address", address, corpus)):
        if value is not None and needs is None:
            lacking = "--corpus" if corpus is None else "--for" if flag == "--kind" else "--sets"
            raise DataError(f"{flag} has no effect without {lacking}; give that too, or leave it out")
    names = tuple(dict.fromkeys(found for name in style or () for found in matching_styles(name)))
    if corpus is not None:
        from onpu.data.plan import Plan

        plan = Plan(seed, seconds, rate, names, arranged=arranged)
        plan = plan if sets is None else plan.arranged_from(sets)
        plan = plan.permissive() if checked(licence) == "permissive" else plan
        if sung is not None:
            if not plan.pjs:
                raise DataError(f"--sung {sung:g}: no singer (pjs) is in {sets}, or none under licence {licence}; give "
                                "a folder that holds one, or leave --sung out")
            plan = replace(plan, sung=sung)
        if task == "events":
            plan, task = replace(plan.unarranged(), scenes=1.0, sounds=""), None
        if task is not None and address is not None:
            raise DataError(f"--address: sounds of {task} are made on this machine alone; leave one of them out")
        _write_corpus(corpus, count, plan, task, kind, jobs, address)
        return
    from rich.progress import track

    from onpu.engine.compose import compose as compose_song
    from onpu.engine.render import perform, produce

    for number in track(range(seed, seed + count), description="composing"):
        song = compose_song(number, names[number % len(names)] if names else None, seconds)
        stems, labels = perform(song, number, rate)
        audio = produce(stems, number, labels)
        folder = write_song(song, stems, audio, out, f"{song.style}-{number}".replace(" ", "-"))
        typer.echo(f"{folder}: {song.duration:.1f} s, {len(stems.names)} stems")


def matching_styles(name: str) -> tuple[str, ...]:
    """Styles of that name or, failing that, of that genre (held-out ones left out).

    Raises `DataError` that lists what there is.
    """
    from onpu.engine.compose import STYLES

    if name in STYLES:
        return (name,)
    found = tuple(key for key, style in STYLES.items() if style.genre == name and not style.held_out)
    if not found:
        genres = sorted({style.genre for style in STYLES.values()})
        raise DataError(f"no style or genre is called {name}; {suggestion(name, dict.fromkeys((*genres, *STYLES)))}")
    return found


def write_song(song: "Song", stems: "Stems", audio: "Audio", out: Path, name: str) -> Path:
    """Write NAME.flac, NAME.jams, NAME.mid, NAME.beats and the dry stems into OUT/NAME, which is returned."""
    from onpu import formats
    from onpu.formats.audio import write_audio
    from onpu.music import Audio

    folder = out / name
    (folder / "stems").mkdir(parents=True, exist_ok=True)
    write_audio(folder / f"{name}.flac", audio)
    for stem, samples in zip(stems.names, stems.samples, strict=True):
        write_audio(folder / "stems" / f"{stem}.flac", Audio(samples, stems.rate))
    formats.write(song.timeline, folder, name, ("jams", "midi", "beats"))
    return folder


def scenes_for(task: str, kind: str | None) -> "SceneSource":
    """What a making task learns from. Raises `DataError` when there is no such task, not of this kind, or when what it
    learns from is not composed."""
    from onpu.data.scenes.base import SceneSource
    from onpu.make import makers

    if task not in makers():
        raise DataError(f"no making task is called {task}; {suggestion(task, makers())}")
    recipe = next(iter(makers()[task].recipes.values()))
    if kind is not None and not hasattr(recipe, "kind"):
        raise DataError(f"the sounds of {task} are all of one kind; leave out --kind {kind}")
    changes: dict[str, Any] = {} if kind is None else {"kind": kind}
    scenes = makers()[task].scenes(replace(recipe, **changes))
    if not isinstance(scenes, SceneSource):
        raise DataError(f"{task} learns from no sounds but {scenes.title}; onpu train {task} --data takes it as it is")
    return scenes


def _write_corpus(folder: Path, count: int, plan: "Plan", task: str | None, kind: str | None, jobs: int,
                  address: str | None) -> None:
    """A corpus of recordings with labels, or of the sounds that a making task learns from."""
    from rich.progress import Progress

    from onpu.data.corpus import write_corpus
    from onpu.data.scenes.sounds import write_sounds

    scenes = None if task is None else scenes_for(task, kind)
    if not plan.sounds:
        typer.echo("no sample sets (--sets, folder instruments): soundfonts and onpu's own patches play everything")
    with Progress() as bar:
        work = bar.add_task("composing", total=count)

        def tell(done: int, total: int) -> None:
            bar.update(work, completed=done, total=total)

        if scenes is not None:
            sounds = write_sounds(folder, scenes.of(plan), count, jobs, tell)
            typer.echo(f"{folder}: {len(sounds)} items of {', '.join(sounds.names)}")
            return
        corpus = write_corpus(folder, plan, count, jobs, tell, address)
    typer.echo(f"{folder}: {len(corpus)} recordings, {corpus.seconds / 3600:.1f} hours")
