"""The human voice: text-to-speech syllables sung with the WORLD vocoder, or a synthetic throat; and speech."""

from onpu.engine.render.voice.singing import Sung, sing
from onpu.engine.render.voice.spoken import speak

__all__ = ["Sung", "sing", "speak"]
