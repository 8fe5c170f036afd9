"""Sections by networks that hear frame by frame and beat by beat, on the composed songs that choose (see README.md).

    python -m benchmarks.listening.structure_inputs NAME=WEIGHTS … [--count N] [--results FOLDER] [--dry]

WEIGHTS: of the recipes `small` and `beats` of `onpu train structure`, on one corpus for equal minutes. Boundaries fall
on bars by the beats that `onpu.load("beats")` finds, and once more by the true ones; without beats those that hear
frame by frame alone. Table: benchmarks/results/structure_inputs.md.
"""

from collections.abc import Sequence
from functools import partial

import onpu
from benchmarks.listening.structure import MEASURES, TITLES, scored
from benchmarks.listening.structure_songs import Form, songs
from benchmarks.report import parser, run, save, table
from benchmarks.roles import ROLES
from onpu.decode.tasks.structure import StructureOptions
from onpu.music import Beats, Sections
from onpu.trained import TrainedListener

SET = "composed"


def rows(forms: Sequence[Form], name: str, trained: TrainedListener, found: dict[str, Beats]) -> list[list[object]]:
    """One for each way of knowing the beats: name, which beats, then the measures."""
    ways: dict[str, dict[str, Beats] | None] = {
        "none": None, "found": found, "true": {form.name: form.truth.require(Beats) for form in forms}}
    return [[name, way, *scored(forms, partial(heard, trained, beats))] for way, beats in ways.items()
            if beats is not None or not trained.beatwise]


def heard(trained: TrainedListener, beats: dict[str, Beats] | None, form: Form) -> Sections:
    """Sections of a song, whose beats are known or not."""
    if beats is None:
        return trained(form.path)
    return trained.along(beats[form.name])(form.path, options=StructureOptions(beats=beats[form.name]))


def main() -> None:
    """Print and write the table."""
    options = parser(__doc__)
    options.add_argument("weights", nargs="+", metavar="NAME=WEIGHTS")
    options.add_argument("--count", type=int, default=20, help="songs at most")
    given = options.parse_args()
    forms = songs(SET, given.count)
    listener = onpu.load("beats")
    found = {form.name: listener(form.path) for form in forms}
    every: list[list[object]] = []
    steps = []
    for each in given.weights:
        name, _, path = each.partition("=")
        trained = onpu.load(path)
        every += rows(forms, name, trained, found)
        facts = trained.card.get("trained", {})
        steps.append(f"{name}: {facts.get('minutes', '?')} minutes, {facts.get('steps', '?')} steps")
    save(given, "structure_inputs", "Sections, heard frame by frame and beat by beat", [
        f"## {len(forms)} {TITLES[SET]} (role: {ROLES[SET]})\n", table(["", "beats", *MEASURES], every),
        f"\n{'; '.join(steps)}.\n"])


if __name__ == "__main__":
    run(main)
