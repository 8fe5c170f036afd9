"""What every task promises of its recipes: an unknown network is refused, renamed fields exist."""

from dataclasses import fields, replace

import pytest

from onpu.errors import OnpuError
from onpu.listen import tasks
from onpu.make import makers
from onpu.recipe import Recipe
from onpu.trained import TrainedListener

TASKS = {**tasks(), **makers()}
CHOOSING = [name for name, task in TASKS.items() if hasattr(next(iter(task.recipes.values())), "network")]
each_task = pytest.mark.parametrize("task", TASKS)


def first_recipe(task: str) -> Recipe:
    return next(iter(TASKS[task].recipes.values()))


@each_task
def test_a_task_with_several_networks_has_a_field_for_them_and_one_with_one_has_none(task):
    networks = {field.name: field.metadata for field in fields(first_recipe(task))}.get("network")
    if task in tasks():
        names = tuple(tasks()[task].networks)
        assert (networks is None) == (len(names) == 1)
        assert networks is None or networks["choices"] == names
    if networks is not None:
        assert all(name in networks["help"] for name in networks["choices"]) and len(networks["choices"]) > 1


def test_there_are_tasks_that_choose():
    assert {"beats", "notes", "voice", "enhance", "performance"} <= set(CHOOSING)


@pytest.mark.parametrize("task", CHOOSING)
def test_a_nonsense_network_is_refused_with_the_choices(task):
    recipe = first_recipe(task)
    choices = next(field.metadata["choices"] for field in fields(recipe) if field.name == "network")
    with pytest.raises(OnpuError, match="^nonsense: no such network; choose from " + ", ".join(choices) + "$"):
        replace(recipe, network="nonsense")


def test_no_network_stands_beside_the_features_of_another():
    """Each network of the table is built from its own front end; a name from elsewhere builds nothing."""
    for task, listener in tasks().items():
        for recipe in listener.recipes.values():
            trained = TrainedListener.build(listener, recipe)
            assert getattr(trained.network, "bins", trained.features.bins) == trained.features.bins, task
    with pytest.raises(OnpuError, match=r"^onsets-frames: no network of beats; choose from tcn, blstm$"):
        TrainedListener.build(tasks()["beats"], tasks()["notes"].recipes["paper"])


@each_task
def test_old_names_lead_to_fields_of_today(task):
    kind = type(first_recipe(task))
    renamed = {old: new for base in reversed(kind.__mro__) for old, new in vars(base).get("RENAMED", {}).items()}
    assert renamed and set(renamed.values()) <= {field.name for field in fields(kind)}


def test_an_option_of_several_listeners_means_the_same_in_all_of_them():
    """`analyze` hands an option to every listener that has one of its name."""
    found: dict[str, set[tuple[str, str]]] = {}
    for listener in tasks().values():
        for field in fields(listener.options) if listener.options is not None else ():
            found.setdefault(field.name, set()).add((repr(field.default), field.metadata.get("help", "")))
    assert {"bpm_range", "beats"} <= set(found)
    assert {name for name, meanings in found.items() if len(meanings) > 1} == set()
