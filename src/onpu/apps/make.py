"""`onpu make NAME`: a command for each maker that declares one, whose flags are its options (see `onpu.command`).

    flags -> options <- files of the user      trained maker (options with the seed of each piece) -> pieces -> files
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path
from types import GenericAlias
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from onpu.apps import flags, sheets
from onpu.errors import OnpuError, suggestion

if TYPE_CHECKING:
    import inspect

    from onpu.command import Command, FileInput, SoundInput
    from onpu.maker import Maker

TEMPI = (20.0, 300.0)
"""Quarter notes per minute."""
STYLE = "style"
"""A command that needs no trained maker."""


class Makers(TyperGroup):
    """The makers as commands; a maker's module is imported when it is named."""

    def list_commands(self, ctx: object) -> list[str]:
        """Names of the makers that declare a command."""
        from onpu.make import makers

        return sorted([STYLE, *(name for name, maker in makers().items() if maker.command is not None)])

    def get_command(self, ctx: Any, name: str) -> Any:
        """The command of a maker, None when there is none of this name."""
        from onpu.make import maker, names

        if name == STYLE:
            from onpu.apps.restyle import restyle

            return flags.single(name, restyle())
        return flags.single(name, make_command(maker(name))) if name in names() and maker(name).command else None


app = typer.Typer(cls=Makers, invoke_without_command=True, no_args_is_help=False,
                  help="Compose scores, make strokes of drums: onpu make NAME --help lists the flags.")


@app.callback()
def listed(context: typer.Context,
           every: Annotated[bool, typer.Option("--list", help="List the makers, their papers and their "
                                                              "weights.")] = False) -> None:
    """Make music."""
    if context.invoked_subcommand is not None:
        return
    from onpu.make import makers
    from onpu.weights import models

    found = {name: maker for name, maker in makers().items() if maker.command is not None}
    if not every:
        raise OnpuError(f"name what is to be made: {', '.join([*found, STYLE])}; onpu make --list says more")
    typer.echo(f"{STYLE}: a recording in the style of another (Gatys, Ecker & Bethge, Image style transfer using "
               "convolutional neural networks, CVPR 2016); needs no weights")
    for name, maker in found.items():
        weights = ", ".join(shipped for shipped, card in models().items() if card["task"] == name)
        typer.echo(f"{name}: {maker.title} ({maker.paper}); "
                   f"weights: {weights or f'none are shipped, see onpu train {name} --help'}")


def make_command(maker: "Maker") -> Callable[..., None]:
    """The command of a maker: its options, the files that it takes, how pieces are played and where they go."""
    from onpu.music.instruments import SOUNDS

    declared = maker.command
    assert declared is not None
    notes = {name: f"not with {flags.flag(each.name)}" for each in declared.inputs for name in each.decides}
    notes |= {name: f"only with {flags.flag(each.name)}" for each in declared.inputs for name in each.needed_by}
    parameters = [*flags.derived({maker.name: maker.options}, "Options", notes), *map(_input_flag, declared.inputs),
                  flags.parameter("n", int | None, typer.Option("--n", "-n", min=1, help="number of pieces "
                                                                                         "(default: 1)"))]
    if declared.sound:
        parameters.append(flags.parameter("sound", str | None, typer.Option(
            help=f"instrument that plays: {', '.join(SOUNDS)} (default: {declared.sound})")))
    if declared.bpm:
        kept = ", or that of the file" if any(getattr(each, "keeps_tempo", False) for each in declared.inputs) else ""
        parameters.append(flags.parameter("bpm", float | None, typer.Option(
            help=f"tempo in quarter notes per minute, {TEMPI[0]:g} to {TEMPI[1]:g} (default: {declared.bpm:g}{kept})")))
    parameters += sheets.made() if declared.sheets else []
    parameters += [flags.formats(_formats(declared), declared.written), flags.weights(maker.name), flags.licence(),
                   flags.device(), flags.folder("folder for the files, whose names are the maker and the random seed"),
                   flags.parameter("force", bool, typer.Option(
                       "--force", help="write over files of the same name (default: new ones are numbered)"), False)]
    return flags.command(partial(_make, maker), parameters, declared.help)


def _input_flag(each: "FileInput | SoundInput") -> "inspect.Parameter":
    """The flag of an input; the name of its parameter is no keyword of Python."""
    from onpu.command import SoundInput

    if isinstance(each, SoundInput):
        return flags.parameter(f"{each.name}_file", Path | None, typer.Option(
            flags.flag(each.name), help=f"{each.help}: a recording"))
    kind: Any = Path if each.files == 1 else GenericAlias(tuple, (Path,) * each.files)
    return flags.parameter(f"{each.name}_file", kind | None, typer.Option(
        flags.flag(each.name), help=f"{each.help}: MIDI, MusicXML" + (
            " or a recording, which is analysed" if each.listeners else " or UltraStar (.txt)")))


def _make(maker: "Maker", out: Path, weights: str, licence: str, device: str, **values: Any) -> None:
    """Make and write what the flags ask for."""
    from onpu.apps.applying import refuse, trained_maker, with_progress
    from onpu.apps.pieces import ENGRAVED, read_music, read_sound, tempo_of, unused, write_piece
    from onpu.command import Playback, SoundInput
    from onpu.formats.engraving import require_engraving
    from onpu.music import Audio

    declared = maker.command
    assert declared is not None
    given, files = flags.given_values(type(maker.options), values), _files(declared.inputs, values)
    chosen = [*given, *files, *(name for name in ("n", "sound", "bpm", "format") if values.get(name) not in (None, 1))]
    formats = flags.named_formats(values["format"], _formats(declared), declared.written)
    require_engraving(formats)
    sheet = {name: values.pop(name) for name in sheets.MADE if declared.sheets}
    sheet = {name: value for name, value in sheet.items() if value != getattr(sheets.SheetFlags, name)}
    if not {"musicxml", *ENGRAVED} & set(formats):
        refuse(sheet, dict.fromkeys(sheet, f"without --format musicxml, {' or '.join(ENGRAVED)}"))
    written = replace(sheets.SheetFlags(), **sheet).options()
    program, bpm = _program(values.get("sound") or declared.sound), _tempo(values.get("bpm"))
    refuse(chosen, _decided(declared.inputs, files))
    options = replace(maker.options, **given)
    trained = trained_maker(weights, maker.name, device, licence)
    idle = dict(maker.without_effect(options, trained.recipe, tuple(files)))
    refuse(chosen, {"n": idle["seed"], **idle} if "seed" in idle else idle)
    for each in (each for each in declared.inputs if each.name in files):
        if isinstance(each, SoundInput):
            (path,) = files[each.name]
            options = each.read((str(path), read_sound(path)), options)
            continue
        music = [(str(path), read_music(path, each.listeners, device, licence)) for path in files[each.name]]
        options = each.read(trained, music, options)
        bpm = bpm or (tempo_of(music[0][1], TEMPI) if each.keeps_tempo else None)
    named = [str(getattr(options, name)).replace(" ", "-") for name in declared.named if name not in idle]
    out.mkdir(parents=True, exist_ok=True)
    for seed in range(options.seed, options.seed + (values["n"] or 1)):
        stem, own = "-".join([maker.name, *named, str(seed)]), replace(options, seed=seed)
        result = with_progress(stem, partial(trained, options=own))
        if isinstance(result, Audio) and declared.around is not None:
            result = declared.around(trained, result, own)
        elif declared.piece is not None and not isinstance(result, Audio):
            result = declared.piece(trained, result, own, Playback(bpm or declared.bpm, program, written))
        for path in write_piece(result, out, stem if values["force"] else unused(out, stem), formats):
            typer.echo(str(path))


def _formats(declared: "Command") -> tuple[str, ...]:
    """What pieces can be written in; scores are engraved too."""
    from onpu.apps.pieces import ENGRAVED

    return (*declared.formats, *ENGRAVED) if "musicxml" in declared.formats else declared.formats


def _files(inputs: Iterable["FileInput | SoundInput"], values: Mapping[str, Any]) -> dict[str, tuple[Path, ...]]:
    """Paths of each input that is given."""
    found = {each.name: values[f"{each.name}_file"] for each in inputs}
    return {name: value if isinstance(value, tuple) else (value,) for name, value in found.items() if value is not None}


def _program(sound: str) -> int:
    """General MIDI number of an instrument."""
    from onpu.music.instruments import SOUNDS

    if sound and sound not in SOUNDS:
        raise OnpuError(f"no instrument is called {sound}; {suggestion(sound, SOUNDS)}")
    return SOUNDS.get(sound, 0)


def _tempo(bpm: float | None) -> float | None:
    if bpm is not None and not TEMPI[0] <= bpm <= TEMPI[1]:
        raise OnpuError(f"a tempo of {bpm:g} quarter notes per minute; give {TEMPI[0]:g} to {TEMPI[1]:g}")
    return bpm


def _decided(inputs: Sequence["FileInput | SoundInput"], files: Mapping[str, Any]) -> dict[str, str]:
    """Options without effect -> beside which input, or without which. Raises `OnpuError` when two inputs exclude each
    other."""
    given = [each for each in inputs if each.name in files]
    for one, other in combinations(given, 2):
        if set(one.decides) & set(other.decides):
            raise OnpuError(f"{flags.flag(one.name)} and {flags.flag(other.name)} exclude each other; give one of them")
    missing = {name: f"without {flags.flag(each.name)}" for each in inputs for name in each.needed_by}
    served = {name for each in given for name in each.needed_by}
    return {**{name: text for name, text in missing.items() if name not in served},
            **{name: f"with {flags.flag(each.name)}" for each in given for name in each.decides}}
