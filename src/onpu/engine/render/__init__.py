"""Song -> sound: soundfonts, the own synthesiser, the production chain, and what is not music."""

from onpu.engine.render.negatives import negative
from onpu.engine.render.produce import produce
from onpu.engine.render.soundfont import soundfonts
from onpu.engine.render.stems import HELD_OUT, perform, played, render

__all__ = ["HELD_OUT", "negative", "perform", "played", "produce", "render", "soundfonts"]
