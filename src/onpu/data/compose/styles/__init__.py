"""The styles, a file a family."""

from onpu.data.compose.style import Style
from onpu.data.compose.styles.classical import CLASSICAL
from onpu.data.compose.styles.dance import DANCE
from onpu.data.compose.styles.jazz import JAZZ
from onpu.data.compose.styles.keyboard import KEYBOARD
from onpu.data.compose.styles.latin import LATIN
from onpu.data.compose.styles.pop import POP
from onpu.data.compose.styles.rock import ROCK
from onpu.data.compose.styles.roots import ROOTS
from onpu.data.compose.styles.solo import CHAMBER, SOLO
from onpu.data.compose.styles.study import STUDY

STYLES: dict[str, Style] = {**ROCK, **POP, **ROOTS, **JAZZ, **DANCE, **LATIN, **CLASSICAL, **KEYBOARD, **CHAMBER,
                             **SOLO, **STUDY}
"""All styles by name."""


def _piano_alone(style: Style) -> bool:
    return not style.grooves and all(seat.track == "piano" and max(seat.programs) < 4 for seat in style.seats)


PIANO_STYLES = tuple(name for name, style in STYLES.items() if not style.held_out and _piano_alone(style))
"""Solo piano, studies included."""
BAND_STYLES = tuple(name for name, style in STYLES.items()
                    if not style.held_out and style.weight > 0 and len({seat.track for seat in style.seats}) > 1)
"""Several players."""
SOLO_STYLES = tuple(name for name, style in SOLO.items() if style.seats)
"""One player of a single line."""
DRUM_STYLES = tuple(name for name, style in STYLES.items() if not style.held_out and style.grooves)
"""Those with a drummer."""
