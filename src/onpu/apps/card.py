"""`onpu card`: the card of weights as the Hugging Face Hub reads it, Markdown under a heading in YAML.

The heading has the Hub's names (https://huggingface.co/docs/hub/model-cards): library_name, license, pipeline_tag,
tags, model-index. Its values are written as JSON, which is YAML too.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps.flags import no_folder
from onpu.files import Json
from onpu.licensing import PERMISSIVE_LICENCE, SHARE_ALIKE_LICENCE

if TYPE_CHECKING:
    from onpu.loading import Model

HUB_LICENCES = {PERMISSIVE_LICENCE: "apache-2.0", SHARE_ALIKE_LICENCE: "cc-by-sa-4.0",
                "CC BY-NC-SA 4.0": "cc-by-nc-sa-4.0"}
"""Beginning of a licence -> the Hub's name of it; all others are `other`."""
SOUND_TO_SOUND = {"stems": "separate", "enhance": "enhance", "convert": "convert"}
"""Tasks in which a recording goes in and comes out -> their commands."""


def card(
    name: Annotated[str, typer.Argument(help="Shipped weights, or a file of weights.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", callback=no_folder,
                                                    help="Write it here, as README.md, in place of printing it.")]
    = None,
    force: Annotated[bool, typer.Option("--force", help="Over a file that is there.")] = False,
) -> None:
    """Print the card of weights as model hubs want it: Markdown with a heading in YAML."""
    from onpu.errors import OnpuError
    from onpu.files import write_text
    from onpu.loading import described

    text = in_markdown(*described(name))
    if out is None:
        typer.echo(text, nl=False)
        return
    if out.exists() and not force:
        raise OnpuError(f"{out}: is there already; give another place, or --force")
    write_text(out, text)
    typer.echo(f"{out}: the card of {name}")


def in_markdown(name: str, model: "Model", entries: Json) -> str:
    """The card of weights of this name, of which `model` is the summary and `entries` all that their file says."""
    return "\n".join([
        *_heading(name, model), f"# {name}", "",
        f"onpu's weights for the task `{model['task']}`: {model['title']}. Network: `{model['network']}`, after "
        f"{model['paper']}.", "",
        "## Use", "", *_use(name, model), "",
        "## How good", "", *_scores(model["scores"]), "",
        "## What it learned from", "", *(f"- {each}" for each in model["trained_on"]), "",
        f"Chosen by {entries['validation'].get('name') or 'a part of this'}.", "",
        *_credits(model["credits"]),
        "## How it was trained", "", *_commands(entries), "",
        "## Licence", "",
        f"{model['licence']}; commercial use: {'yes' if model['commercial_use'] else 'no'}. onpu's code is under "
        "Apache-2.0.", ""])


def _heading(name: str, model: "Model") -> list[str]:
    """The lines in YAML."""
    hub = next((short for begin, short in HUB_LICENCES.items() if model["licence"].startswith(begin)), "other")
    lines: dict[str, object] = {"library_name": "onpu", "license": hub}
    if hub == "other":
        lines["license_name"] = model["licence"]
    if model["task"] in SOUND_TO_SOUND or model["kind"] == "listener":
        lines["pipeline_tag"] = "audio-to-audio" if model["task"] in SOUND_TO_SOUND else "audio-classification"
    lines["tags"] = ["music", "music-information-retrieval" if model["kind"] == "listener" else "music-generation",
                     model["task"]]
    if model["scores"]:
        by_data: dict[str, list[object]] = {}
        for score in model["scores"]:
            by_data.setdefault(score["data"], []).append(
                {"type": score["measure"], "name": score["measure"], "value": score["mean"]})
        lines["model-index"] = [{"name": name, "results": [
            {"task": {"type": model["task"], "name": model["title"]}, "dataset": {"type": data, "name": data},
             "metrics": metrics} for data, metrics in by_data.items()]}]
    return ["---", *(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in lines.items()), "---", ""]


def _use(name: str, model: "Model") -> list[str]:
    from onpu.make import maker

    if model["kind"] == "listener":
        return ["```python", "import onpu", "", f'found = onpu.load("{name}")("song.mp3")', "```", "",
                f"or `onpu analyze song.mp3 --tasks {name}`."]
    lines = ["```python", "import onpu", "", f'maker = onpu.load("{name}")', "```", ""]
    if model["task"] in SOUND_TO_SOUND:
        lines.append(f"or `onpu {SOUND_TO_SOUND[model['task']]} song.mp3 --weights {name}`.")
    elif maker(model["task"]).command is not None:
        lines.append(f"or `onpu make {model['task']} --weights {name}`.")
    return lines


def _scores(scores: Sequence[Json]) -> list[str]:
    if not scores:
        return ["No figure is in the file; onpu's tables tell."]
    return ["| measure | mean | 95 % interval | items | data | measured by |", "|---|---:|---|---:|---|---|",
            *(f"| {one['measure']} | {one['mean']:.3f} | {one['low']:.3f} to {one['high']:.3f} | {one['items']} | "
              f"{_cell(one['data'])} | {_cell(one['tool'])} |" for one in scores)]


def _credits(credits: Sequence[Json]) -> list[str]:
    if not credits:
        return []
    return ["Recordings among these:", "", "| recording | author | licence | source |", "|---|---|---|---|",
            *(f"| {' | '.join(_cell(one[part]) for part in ('name', 'author', 'licence', 'source'))} |"
              for one in credits), ""]


def _commands(entries: Json) -> list[str]:
    """The command that made the file, and those of the weights of which it is a mean."""
    commands: Iterable[str] = [one["command"] for one in entries["trained"].get("averaged", ())]
    return ["```sh", *commands, entries["command"], "```", "", "`onpu reproduce` trains shipped weights again."]


def _cell(text: str) -> str:
    """A text that may stand in a table."""
    return " ".join(text.split()).replace("|", "\\|")
