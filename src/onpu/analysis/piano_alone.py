"""Whether a piano plays alone, which decides whose notes are taken, and whether the network that knows pianos is run.

Of two networks of notes one tells instruments apart and hears everything; the other knows pianos alone, hears these
better, and takes everything else for one. So it is run over a recording only after the former has found hardly anything
but a piano in it. For most music that saves its whole time.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from onpu.called import AnyHearing
from onpu.music import Notes

PIANO_PROGRAMS = range(8)
"""General MIDI programs of pianos, electric ones and harpsichords."""
PIANO_SOLO_SHARE = 0.85
"""Share of a piano's notes from which on a recording is one of a piano alone."""


def hardly_but_piano(notes: Notes) -> bool:
    """Whether almost all notes, each weighed by its confidence, are a piano's; False where there are none."""
    on_piano = np.isin(notes.programs, PIANO_PROGRAMS)
    return bool(notes.confidence[on_piano].sum() >= PIANO_SOLO_SHARE * max(notes.confidence.sum(), 1e-9))


def heard_later(chosen: Sequence[AnyHearing]) -> list[AnyHearing]:
    """Those of the listeners that are run only where a piano plays alone: note listeners that do not tell instruments
    apart, beside one that does."""
    of_notes = [each for each in chosen if each.decoder.label == "notes"]
    telling = [each for each in of_notes if tells_instruments(each)]
    return [each for each in of_notes if each not in telling] if telling else []


def tells_instruments(trained: AnyHearing) -> bool:
    """Whether notes come with the families of their instruments, as the card says."""
    recipe = trained.card.get("recipe")
    return isinstance(recipe, Mapping) and bool(recipe.get("instruments"))
