"""Weights by name or path -> the trained system that they belong to, whether it listens or makes."""

from pathlib import Path

from onpu.errors import WeightsError
from onpu.listen import load as load_listener
from onpu.listen import tasks
from onpu.make import load as load_maker
from onpu.make import makers
from onpu.maker import TrainedMaker
from onpu.task import TrainedListener
from onpu.weights import find, read_card


def load(name: str | Path) -> TrainedListener | TrainedMaker:
    """A trained listener or maker: a task's name, shipped weights (`onpu models` lists them) or a file.

    Raises `WeightsError` when there are no such weights, or they are damaged or made for something else.
    """
    if str(name) in tasks():
        return load_listener(name)
    task = read_card(find(name))["task"]
    if task not in tasks() and task not in makers():
        raise WeightsError(f"{name}: made for the task {task}, which is not among "
                           f"{', '.join(sorted((*tasks(), *makers())))}")
    return load_listener(name) if task in tasks() else load_maker(name)
