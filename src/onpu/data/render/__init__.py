"""Song -> sound: soundfonts, the own synthesiser, the production chain, and what is not music."""

from onpu.data.render.negatives import negative
from onpu.data.render.produce import produce
from onpu.data.render.soundfont import soundfonts
from onpu.data.render.stems import HELD_OUT, perform, played, render

__all__ = ["HELD_OUT", "negative", "perform", "played", "produce", "render", "soundfonts"]
