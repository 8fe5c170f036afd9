"""`onpu train TASK`: one command a task found in `listen/`, whose flags are the fields of the task's recipe."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import Field, fields, replace
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer
from typer.core import TyperGroup

from onpu.errors import OnpuError

if TYPE_CHECKING:
    from rich.progress import Progress

    from onpu.data.corpus import Corpus
    from onpu.task import Listener, Recipe


class Tasks(TyperGroup):
    """The tasks as commands; a task's module is imported when it is named."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of the modules in `listen/`."""
        from onpu import listen

        return sorted(found.name for found in iter_modules(listen.__path__))

    def get_command(self, ctx: Any, name: str) -> Any:
        """The command of a task, None when there is none of this name."""
        if name not in self.list_commands(ctx):
            return None
        from onpu.listen import tasks

        single = typer.Typer(add_completion=False)
        single.command(name, context_settings={"help_option_names": ["-h", "--help"]})(_command(tasks()[name]))
        return typer.main.get_command(single)


app = typer.Typer(cls=Tasks, no_args_is_help=True, help="Train a task: onpu train TASK --help lists its flags.")


@app.callback()
def tasks() -> None:
    """Train a task on a corpus, on songs composed afresh, or on a folder of recordings with their labels."""


def _command(listener: "Listener") -> Callable[..., None]:
    """A function whose parameters are the options of training and all fields of the task's recipe."""
    from onpu.apps.labels import files_for

    recipes = listener.recipes
    kind = type(next(iter(recipes.values())))
    hints = get_type_hints(kind)

    def command(recipe: str | None, start: str | None, data: list[Path], validation: Path | None, out: Path,
                device: str, devices: int, jobs: int, **settings: Any) -> None:
        base = None if start is not None and recipe is None else _named(listener, recipe or next(iter(recipes)))
        changes = {name: value for name, value in settings.items() if value is not None}
        _train(listener, base, start, changes, data, validation, out, device, devices, jobs)

    given = [
        _parameter("recipe", str | None, typer.Option(help=f"{', '.join(recipes)}; default: the first."), None),
        _parameter("start", str | None, typer.Option("--from", help="Weights to fine-tune, by name or path; with "
                                                           "--recipe: to start from as far as they fit."), None),
        _parameter("data", list[Path], typer.Option(help=f"Corpus, or folder of recordings with {files_for(listener)}; "
                                                         "several are mixed. Default: songs composed afresh."), []),
        _parameter("validation", Path | None, typer.Option(help="Corpus or folder that chooses the best weights; "
                                                                "default: a part of the data."), None),
        _parameter("out", Path, typer.Option("--out", "-o", help="Folder of the run; named again, it goes on."),
                   Path("runs") / listener.name),
        _parameter("device", str, typer.Option(help="auto, cpu, cuda or mps."), "auto"),
        _parameter("devices", int, typer.Option(min=1, help="Processes or GPUs that share each batch."), 1),
        _parameter("jobs", int, typer.Option("--jobs", "-j", min=1, help="Processes that prepare the data."), 1),
        *(_parameter(f.name, hints[f.name] | None, typer.Option(help=_help(f, recipes), rich_help_panel="Recipe"), None)
          for f in fields(kind)),
    ]
    command.__signature__ = inspect.Signature(given)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in given}
    command.__doc__ = f"Train {listener.title} ({listener.paper})."
    return command


def _parameter(name: str, kind: Any, option: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, option])


def _help(field: "Field[Any]", recipes: Mapping[str, "Recipe"]) -> str:
    """The field's text and its value in each recipe; one value where they agree."""
    values = {name: getattr(recipe, field.name) for name, recipe in recipes.items()}
    same = len(set(values.values())) == 1
    said = str(next(iter(values.values()))) if same else ", ".join(f"{name}: {value}" for name, value in values.items())
    return f"{field.metadata.get('help', '')} [{said}]"


def _named(listener: "Listener", name: str) -> "Recipe":
    if name not in listener.recipes:
        raise OnpuError(f"{listener.name} has no recipe {name}; choose from {', '.join(listener.recipes)}")
    return listener.recipes[name]


def _train(listener: "Listener", base: "Recipe | None", start: str | None, changes: dict[str, Any], data: list[Path],
           validation: Path | None, out: Path, device: str, devices: int, jobs: int) -> None:
    """Train with the recipe `base`, from the weights `start`, or both, with the user's changes."""
    from onpu.data.corpus import Plan
    from onpu.listen import load
    from onpu.training.data import Data
    from onpu.training.finetune import gentle
    from onpu.training.listening import train

    corpora = [as_corpus(listener, path, out / "data" / str(number)) for number, path in enumerate(data)]
    judge = None if validation is None else as_corpus(listener, validation, out / "data" / "validation")
    parent = None if start is None else load(start)
    if parent is not None and not corpora:
        raise OnpuError("--from needs --data: a corpus, or a folder of recordings with their labels")
    recipe = base
    if recipe is None:
        assert parent is not None
        if parent.listener.name != listener.name:
            raise OnpuError(f"{start}: weights of {parent.listener.name}; name the --recipe by which {listener.name} "
                            "is to be learned from them")
        recipe = gentle(parent.recipe, sum(corpus.seconds for corpus in corpora))
    best = train(listener, replace(recipe, **changes), Data(tuple(corpora) or (Plan(),), validation=judge), out,
                 parent=parent, devices=devices, accelerator=accelerator(device), jobs=jobs, progress=Preparing())
    typer.echo(f"{best}: use it by its path, as in onpu analyze --tasks {best}")


def accelerator(device: str) -> str:
    """Lightning's word for a device. Raises `OnpuError` when it is not to be had."""
    from onpu.analysis import place

    return {"cuda": "gpu"}.get(place(device), place(device))


class Preparing:
    """A bar for what is done before training; gone when a stage is done, since training draws a bar of its own."""

    def __init__(self) -> None:
        self.bar: Progress | None = None

    def __call__(self, done: int, total: int) -> None:
        """Show the numbers of finished and of all jobs."""
        from rich.progress import Progress

        if self.bar is None:
            self.bar = Progress(transient=True)
            self.bar.add_task("preparing", total=total)
            self.bar.start()
        self.bar.update(self.bar.task_ids[0], completed=done)
        if done == total:
            self.bar.stop()
            self.bar = None


def as_corpus(listener: "Listener", path: Path, scratch: Path) -> "Corpus":
    """The corpus at `path`, or one made in `scratch` of the recordings of that folder with labels for the task."""
    from onpu.apps.labels import items_for
    from onpu.data.corpora.folder import adopt
    from onpu.data.corpus import Corpus
    from onpu.formats.audio import read_audio

    if (path / "corpus.json").exists():
        return Corpus.open(path)
    return adopt(items_for(listener, path), scratch, read_audio)
