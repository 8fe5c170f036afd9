"""`onpu train TASK`: a command for each task of `listen/` and `make/`, whose flags are the fields of its recipe."""

import inspect
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from onpu.apps.flags import command, derived, given_values, no_file, parameter, single
from onpu.errors import OnpuError, suggestion

if TYPE_CHECKING:
    from rich.progress import Progress

    from onpu.data.corpus import Corpus
    from onpu.maker import Maker
    from onpu.task import Listener

LIBRARIES = ("lightning", "tensorboard")
"""What training needs beside onpu's own dependencies."""

UNTRAINED = ("style",)
"""Makers that learn nothing."""


class Tasks(TyperGroup):
    """The tasks as commands; a task's module is imported when it is named."""

    def list_commands(self, ctx: object) -> list[str]:
        """Names of the modules in `listen/` and `make/`."""
        from onpu import listen, make

        names = {found.name for package in (listen, make) for found in iter_modules(package.__path__)}
        return sorted(names.difference(UNTRAINED))

    def get_command(self, ctx: object, name: str) -> Any:
        """The command of a task, None when there is none of this name."""
        if name not in self.list_commands(ctx):
            return None
        from onpu.listen import tasks
        from onpu.make import makers

        return single(name, _listening(tasks()[name]) if name in tasks() else _making(makers()[name]))


app = typer.Typer(cls=Tasks, no_args_is_help=True, help="Train a task: onpu train TASK --help lists its flags.")


@app.callback()
def tasks() -> None:
    """Train a task on a corpus, on songs composed afresh, or on a folder of recordings with their labels."""


def _listening(listener: "Listener") -> Callable[..., None]:
    """The command of a listening task."""
    from onpu.apps.labels import files_for

    def run(given: "Given", recipe: str | None, changes: dict[str, Any]) -> None:
        from onpu.data.plan import Plan
        from onpu.listen import load
        from onpu.trained import TrainedListener
        from onpu.training.datasets import TrainingData
        from onpu.training.finetune import gentle, same_network
        from onpu.training.listeners import train
        from onpu.training.loop import buildable

        parent = None if given.start is None else load(given.start)
        if parent is not None and not given.data:
            raise OnpuError("--from needs --data: a corpus, or a folder of recordings with their labels")
        tuned = parent if recipe is None else None
        if tuned is not None and tuned.listener.name != listener.name:
            raise OnpuError(f"{given.start}: weights of {tuned.listener.name}; name the --recipe by which "
                            f"{listener.name} is to be learned from them")
        start = _named(listener, recipe) if tuned is None else tuned.recipe
        chosen = replace(start, **changes)  # what it refuses is said before any data are prepared
        if tuned is not None:
            with buildable(listener.name):
                same_network(chosen, tuned.recipe, lambda recipe: TrainedListener.build(listener, recipe).network)
        scratch = given.out / "data"
        corpora = [as_corpus(listener, path, scratch / str(number)) for number, path in enumerate(given.data)]
        judge = None if given.validation is None else as_corpus(listener, given.validation, scratch / "validation")
        if tuned is not None:
            chosen = replace(gentle(start, sum(corpus.seconds for corpus in corpora)), **changes)
        if given.share and not any(given.share):
            raise OnpuError("--share is 0 for all --data, so that there is nothing to learn from; give one above 0")
        if given.share and len(given.share) != len(corpora):
            raise OnpuError(f"{len(given.share)} times --share for {len(corpora)} times --data; give one for each")
        best = train(listener, chosen, TrainingData(tuple(corpora) or (Plan(),), tuple(given.share), judge), given.out,
                     parent=parent, devices=given.devices, accelerator=accelerator(given.device), jobs=given.jobs,
                     progress=Preparing())
        _verdict(best)
        typer.echo(f"{best}: use it by its path, as in onpu analyze --tasks {best}")

    return _command(listener, f"Corpus, or folder of recordings with {files_for(listener)}; several are mixed. "
                              "Default: songs composed afresh.", run,
                    parameter("share", list[float], typer.Option(min=0, help=(
                        "Relative number of examples from each --data, in their order. Default: as many as "
                        "recordings.")), []))


def _making(maker: "Maker") -> Callable[..., None]:
    """The command of a making task."""

    def run(given: "Given", recipe: str | None, changes: dict[str, Any]) -> None:
        from onpu.make import load
        from onpu.training.finetune import same_network
        from onpu.training.loop import buildable
        from onpu.training.makers import train_maker

        parent = None if given.start is None else load(given.start)
        tuned = parent if recipe is None else None
        if tuned is not None and tuned.maker.name != maker.name:
            raise OnpuError(f"{given.start}: weights of {tuned.maker.name}; name the --recipe by which {maker.name} is "
                            "to be learned from them")
        chosen = replace(_named(maker, recipe) if tuned is None else tuned.recipe, **changes)
        if tuned is not None:
            with buildable(maker.name):
                same_network(chosen, tuned.recipe, lambda recipe: next(iter(maker.players(recipe).values())).network)
        opened = maker.scenes(chosen).open
        best = train_maker(maker, chosen, [opened(path) for path in given.data], given.out,
                           validation=None if given.validation is None else opened(given.validation),
                           parent=parent, devices=given.devices, accelerator=accelerator(given.device),
                           jobs=given.jobs, progress=Preparing())
        _verdict(best)
        typer.echo(f"{best}: use it by its path in place of {maker.name}")

    from onpu.data.scenes.base import SceneSource

    scenes = maker.scenes(next(iter(maker.recipes.values())))
    return _command(maker, f"Corpus of sounds (onpu compose --corpus FOLDER --for {maker.name}); several are mixed. "
                           "Default: one is composed." if isinstance(scenes, SceneSource) else
                    f"{scenes.title}; several are mixed.", run)


@dataclass(frozen=True)
class Given:
    """What the command line says of a training beside its recipe."""

    start: str | None
    data: list[Path]
    share: Sequence[float]
    validation: Path | None
    out: Path
    device: str
    devices: int
    jobs: int


def _command(task: "Listener | Maker", data_help: str, run: Callable[[Given, str | None, dict[str, Any]], None],
             *own: inspect.Parameter) -> Callable[..., None]:
    """A function whose parameters are the options of training, the task's `own` and all fields of its recipe."""
    recipes = task.recipes
    kind = type(next(iter(recipes.values())))

    def train(recipe: str | None, start: str | None, data: list[Path], validation: Path | None, out: Path,
              device: str, devices: int, jobs: int, share: Sequence[float] = (), **settings: object) -> None:
        trainable()
        with telling():
            run(Given(start, data, share, validation, out, device, devices, jobs), recipe, given_values(kind, settings))

    return command(train, [
        parameter("recipe", str | None, typer.Option(help=f"{', '.join(recipes)}; default: the first.")),
        parameter("start", str | None, typer.Option("--from", help="Weights to fine-tune, by name or path; with "
                                                                   "--recipe: to start from as far as they fit.")),
        parameter("data", list[Path], typer.Option(help=data_help), []),
        parameter("validation", Path | None, typer.Option(help="Corpus or folder that chooses the best weights; "
                                                               "default: a part of the data.")),
        parameter("out", Path, typer.Option("--out", "-o", help="Folder of the run; named again, it goes on.",
                                               callback=no_file),
                  Path("runs") / task.name),
        parameter("device", str, typer.Option(help="auto, cpu, cuda or mps."), "auto"),
        parameter("devices", int, typer.Option(min=1, help="Processes or GPUs that share each batch."), 1),
        parameter("jobs", int, typer.Option("--jobs", "-j", min=1, help="Processes that prepare the data."), 1),
        *own, *derived(recipes, "Recipe"),
    ], f"Train {task.title} ({task.paper}).")


def _verdict(best: Path) -> None:
    """Say what fine-tuning came to."""
    from onpu.training.finetune import verdict
    from onpu.weights import read_card

    text = verdict(read_card(best))
    if text:
        typer.echo(text)


@contextmanager
def telling() -> Iterator[None]:
    """Print what training has to say."""
    library, handler = logging.getLogger("onpu"), logging.Handler()
    vars(handler)["emit"] = lambda record: typer.echo(f"onpu: {record.getMessage()}", err=True)
    before = library.level
    library.setLevel(logging.INFO)
    library.addHandler(handler)
    try:
        yield
    finally:
        library.removeHandler(handler)
        library.setLevel(before)


def trainable() -> None:
    """Raise `OnpuError` where what training needs is not installed."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise OnpuError(f"training needs {' and '.join(missing)}, not installed here; pip install 'onpu[train]'")


def _named(task: "Listener | Maker", name: str | None) -> Any:
    """The recipe of that name; None: the first."""
    if name is not None and name not in task.recipes:
        raise OnpuError(f"{task.name} has no recipe {name}; {suggestion(name, task.recipes)}")
    return task.recipes[name or next(iter(task.recipes))]


def accelerator(device: str) -> str:
    """Lightning's word for a device. Raises `OnpuError` when it is not to be had."""
    from onpu.device import resolve_device

    found = resolve_device(device)
    if ":" in found:
        raise OnpuError(f"--device {device}: training takes cuda, and of several GPUs those of CUDA_VISIBLE_DEVICES")
    return {"cuda": "gpu"}.get(found, found)


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
    from onpu.data.corpus import Corpus
    from onpu.data.recordings import adopt
    from onpu.formats.audio import read_audio

    if (path / "corpus.json").exists():
        return Corpus.open(path)
    return adopt(items_for(listener, path), scratch, read_audio)
