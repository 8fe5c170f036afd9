"""Flags derived from the fields of a dataclass: recipes in `onpu train`, options in `onpu make` and its siblings."""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import Field, fields, is_dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, TypeAlias, get_args, get_origin, get_type_hints

import typer
from typer.core import TyperCommand

from onpu.errors import OnpuError, suggestion

LicenceFlag: TypeAlias = Annotated[str, typer.Option(
    help="default, or permissive: weights that learned from composed music and sources that ask for credit at most.")]
"""`--licence` of commands that apply shipped weights."""
HELP_FLAGS = {"help_option_names": ["-h", "--help"]}
WEIGHTS = ".safetensors"
"""What files of weights end with."""
KINDS = {int: "whole numbers", float: "numbers", str: "words"}
"""What a flag of several values takes, by their type."""


class Deferred(TyperCommand):
    """A command whose flags are derived from a module that is slow to import, and so only when it is called.

    The function that is registered returns the command's function; its docstring is what the list of commands shows.
    """

    def make_context(self, info_name: str | None, args: list[str], parent: object = None, **extra: object) -> Any:
        """The context of the derived command."""
        assert self.callback is not None and self.name is not None
        return single(self.name, self.callback()).make_context(info_name, args, parent=parent, **extra)


def single(name: str, function: Callable[..., None]) -> Any:
    """A function as a command of a group."""
    app = typer.Typer(add_completion=False)
    app.command(name, context_settings=HELP_FLAGS)(function)
    return typer.main.get_command(app)


def command(run: Callable[..., None], parameters: Iterable[inspect.Parameter], text: str) -> Callable[..., None]:
    """A function that typer sees with these parameters and this help text; it calls `run` with their values."""

    def function(**values: object) -> None:
        run(**values)

    parameters = list(parameters)
    vars(function)["__signature__"] = inspect.Signature(parameters)
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    function.__doc__ = text
    return function


def grouped(function: Callable[..., None]) -> Callable[..., None]:
    """A command as typer sees it: in the place of a parameter whose type is a dataclass stand its fields.

    The fields are annotated as parameters of commands are, `Annotated[..., typer.Option(...)]`, and have defaults.
    """
    hints = get_type_hints(function, include_extras=True)
    groups: dict[str, type] = {name: hint for name, hint in hints.items()
                               if isinstance(hint, type) and is_dataclass(hint)}
    parameters: list[inspect.Parameter] = []
    for name, own in inspect.signature(function).parameters.items():
        if name in groups:
            inner = get_type_hints(groups[name], include_extras=True)
            parameters += [own.replace(name=field.name, annotation=inner[field.name], default=field.default)
                           for field in fields(groups[name])]
        else:
            parameters.append(own.replace(annotation=hints[name]))

    def run(**values: object) -> None:
        given = {name: kind(**{field.name: values.pop(field.name) for field in fields(kind)})
                 for name, kind in groups.items()}
        function(**values, **given)

    return command(run, parameters, inspect.getdoc(function) or "")


def parameter(name: str, kind: object, option: object, default: object = None) -> inspect.Parameter:
    """A parameter of such a function. option: `typer.Option(...)` or `typer.Argument(...)`."""
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, option])


def derived(instances: Mapping[str, Any], panel: str, notes: Mapping[str, str] = MappingProxyType({})
            ) -> list[inspect.Parameter]:
    """A parameter for each field that has a help text; its value is None where the flag is not given.

    instances: name -> instance of one dataclass; the help shows the value of each. A field of several values takes them
    parted by commas, by spaces, or as so many flags. notes: field -> what the help says beside its text.
    """
    kind = type(next(iter(instances.values())))
    hints, out = get_type_hints(kind), []
    for field in (f for f in fields(kind) if "help" in f.metadata):
        text, hint = _help(field, instances, notes.get(field.name, "")), hints[field.name]
        if get_origin(hint) is tuple:
            option = typer.Option(help=text, rich_help_panel=panel, metavar=f"<{get_args(hint)[0].__name__},…>")
            out.append(parameter(field.name, list[str] | None, option))
        else:
            out.append(parameter(field.name, hint | None, typer.Option(help=text, rich_help_panel=panel)))
    return out


def folder(text: str) -> inspect.Parameter:
    """`--out`."""
    return parameter("out", Path, typer.Option("--out", "-o", help=text, callback=no_file), Path("."))


def no_file(out: Path | None) -> Path | None:
    """What `--out` names, where that is a folder. Raises `OnpuError` for a file, and for what has the name of one, of
    which people would otherwise get a folder called song.mid."""
    if out is not None and (out.is_file() or (out.suffix and not out.is_dir() and _of_a_file(out.suffix.lower()))):
        place = out.parent if out.parent != Path(".") else "."
        raise OnpuError(f"-o {out}: names a folder here, in which files get names of their own; give a folder, as in "
                        f"-o {place}")
    return out


def no_folder(out: Path | None) -> Path | None:
    """What `--out` names, where that is a file. Raises `OnpuError` for a folder."""
    if out is not None and out.is_dir():
        raise OnpuError(f"-o {out}: is a folder, and names a file here; give one, as in -o {out / 'NAME'}")
    return out


def _of_a_file(suffix: str) -> bool:
    """Whether files that onpu reads or writes end so."""
    from onpu.apps import pieces
    from onpu.formats import audio, feature_table, loading, saving

    named = (*saving.SUFFIXES, *loading.WHOLE, *loading.VALUES, *loading.LYRICS, *feature_table.SUFFIXES,
             *audio.SUFFIXES, *audio.AUDIO, *pieces.SUFFIXES.values(), pieces.PICTURE, WEIGHTS)
    return any(name.endswith(suffix) for name in named)


def formats(known: Sequence[str], usual: Sequence[str]) -> inspect.Parameter:
    """`--format`, whose value `named_formats` takes."""
    return parameter("format", str | None, typer.Option(
        help=f"formats, parted by commas: {', '.join(known)} (default: {','.join(usual)})"))


def named_formats(text: str | None, known: Sequence[str], usual: Sequence[str]) -> tuple[str, ...]:
    """The formats in the value of the flag. Raises `OnpuError` for others than the known ones."""
    if text is None:
        return tuple(usual)
    found = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in found if name not in known]
    if unknown or not found:
        name = unknown[0] if unknown else "nothing"
        raise OnpuError(f"no format is called {name}; {suggestion(name, known)}")
    return found


def weights(usual: str) -> inspect.Parameter:
    """`--weights`."""
    return parameter("weights", str, typer.Option(help="weights, by name or path"), usual)


def licence() -> inspect.Parameter:
    """`--licence`."""
    return parameter("licence", str, typer.Option(
        help="default, or permissive: weights that learned from composed music and sources that ask for credit at "
             "most"), "default")


def device() -> inspect.Parameter:
    """`--device`."""
    return parameter("device", str, typer.Option(help="auto, cpu, cuda or mps"), "auto")


def given_values(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """What was given of the flags derived from a dataclass, as the values of its fields.

    Raises
    ------
    OnpuError
        When one of several values is of another type than the field's.
    """
    hints, out = get_type_hints(kind), {}
    for field in fields(kind):
        value = values.get(field.name)
        if value is None or value == []:
            continue
        if get_origin(hints[field.name]) is tuple:
            value = tuple(_parsed(word, get_args(hints[field.name])[0], field.name)
                          for text in value for word in re.split(r"[\s,]+(?![^(]*\))", text.strip()) if word)
        out[field.name] = value
    return out


def flag(name: str) -> str:
    """The flag of a field."""
    return f"--{name.replace('_', '-')}"


def _parsed(word: str, kind: type, name: str) -> Any:
    try:
        return kind(word)
    except ValueError:
        raise OnpuError(f"{flag(name)} takes {KINDS[kind]}, parted by commas, not {word!r}") from None


def _help(field: "Field[Any]", instances: Mapping[str, Any], note: str) -> str:
    """The field's text, a note, and its value in each instance; one value where they agree, none for None."""
    values = {name: _shown(getattr(instance, field.name)) for name, instance in instances.items()}
    first = next(iter(values.values()))
    said = first if len(set(values.values())) == 1 else ", ".join(f"{name}: {value}" for name, value in values.items())
    text = "; ".join(filter(None, (field.metadata["help"], note)))
    return f"{text} (default: {said})" if said else text


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    return "" if value is None else str(value)
