"""The styles, a file a family."""

from onpu.engine.compose.style import Style
from onpu.engine.compose.styles.classical import CLASSICAL
from onpu.engine.compose.styles.customs import CUSTOMS
from onpu.engine.compose.styles.dance import DANCE
from onpu.engine.compose.styles.electronic import ELECTRONIC
from onpu.engine.compose.styles.felt import FELT
from onpu.engine.compose.styles.game import GAME
from onpu.engine.compose.styles.heavy import HEAVY
from onpu.engine.compose.styles.jazz import JAZZ
from onpu.engine.compose.styles.keyboard import KEYBOARD
from onpu.engine.compose.styles.latin import LATIN
from onpu.engine.compose.styles.pop import POP
from onpu.engine.compose.styles.rock import ROCK
from onpu.engine.compose.styles.roots import ROOTS
from onpu.engine.compose.styles.solo import CHAMBER, SOLO
from onpu.engine.compose.styles.study import STUDY
from onpu.engine.compose.styles.unaccompanied import UNACCOMPANIED

STYLES: dict[str, Style] = {**ROCK, **POP, **ROOTS, **JAZZ, **DANCE, **LATIN, **CLASSICAL, **KEYBOARD, **CHAMBER,
                             **SOLO, **STUDY, **HEAVY, **ELECTRONIC, **GAME, **FELT, **UNACCOMPANIED,
                             **CUSTOMS}
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
