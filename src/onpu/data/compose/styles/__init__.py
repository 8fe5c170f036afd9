"""The styles, a file a family."""

from onpu.data.compose.style import Style
from onpu.data.compose.styles.classical import CLASSICAL
from onpu.data.compose.styles.dance import DANCE
from onpu.data.compose.styles.jazz import JAZZ
from onpu.data.compose.styles.latin import LATIN
from onpu.data.compose.styles.pop import POP
from onpu.data.compose.styles.rock import ROCK
from onpu.data.compose.styles.roots import ROOTS
from onpu.data.compose.styles.study import STUDY

STYLES: dict[str, Style] = {**ROCK, **POP, **ROOTS, **JAZZ, **DANCE, **LATIN, **CLASSICAL, **STUDY}
"""All styles by name."""
