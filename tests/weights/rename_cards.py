"""usage: rename_cards.py [FOLDER]: cards of the weights in a folder, by default the shipped ones, under today's names.

Run it after fields of recipes were renamed (their `RENAMED` tells of it), which are flags in the commands on the cards,
or tasks (`TASKS`), which are names of files, too. A card is read as loading reads it and written as saving writes it;
scores, data and tensors stay what they are.
"""

import json
import re
import sys
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save_file

import onpu
from onpu.files import replacing
from onpu.maker import TrainedMaker
from onpu.restoring import current
from onpu.trained import TrainedListener
from onpu.weights import FOLDER, Card, read_card

TASKS, CLASSES = {"texture": "timbre", "tune": "cover"}, {"TuneNet": "CoverNet"}
"""Names of tasks, and of networks' classes, on older cards -> today's."""


def moved(path: Path) -> Path:
    """The file under today's name of its task."""
    card = read_card(path)
    task = TASKS.get(card["task"], card["task"])
    if task == card["task"]:
        return path
    target = path.with_stem(path.stem.replace(card["task"], task))
    said = card["command"].replace(f"train {card['task']} ", f"train {task} ")
    network = card["network"] | {"class": CLASSES.get(card["network"]["class"], card["network"]["class"])}
    path.rename(target)
    write_card(target, card | {"task": task, "command": said, "network": network})
    return target


def renamed(card: Card, trained: TrainedListener | TrainedMaker) -> Card:
    """The card of a trained system with the names that the system has for its parts."""

    def flag(found: re.Match[str]) -> str:
        (name,) = current(type(trained.recipe), {found[1].replace("-", "_"): None})
        return "--" + name.replace("_", "-")

    command, bracket, remark = card["command"].partition(" (")
    now = trained.describe()
    features = now["features"] | {"fingerprint": card["features"].get("fingerprint") or card["features"].get("answer")}
    return card | {"network": now["network"], "recipe": now["recipe"], "features": features if now["features"] else {},
                   "command": re.sub(r"--([a-z][a-z0-9-]*)", flag, command) + bracket + remark}


def write_card(path: Path, card: Card) -> None:
    """Write a file of weights anew with another card; its tensors stay what they are."""
    with safe_open(path, "pt") as stored:
        tensors = {name: stored.get_tensor(name) for name in stored.keys()}
    with replacing(path) as temporary:
        save_file(tensors, temporary, {"onpu": json.dumps(card, ensure_ascii=False)})


def main() -> None:
    """Write those files anew whose card changes."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else FOLDER
    for found in sorted(folder.glob("*.safetensors")):
        path = moved(found)
        card = read_card(path)
        new = renamed(card, onpu.load(path))
        if json.loads(json.dumps(new)) == card:
            continue
        write_card(path, new)
        print(path)


if __name__ == "__main__":
    main()
