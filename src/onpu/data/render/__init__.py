"""Song -> sound: soundfonts, the own synthesiser, the production chain, and what is not music."""

from onpu.data.render.negatives import negative
from onpu.data.render.produce import produce
from onpu.data.render.soundfont import soundfonts
from onpu.data.render.stems import render

__all__ = ["negative", "produce", "render", "soundfonts"]
