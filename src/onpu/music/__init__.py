"""The values that flow: small frozen dataclasses over NumPy arrays, with units in their documentation."""

from onpu.music.activity import Instruments
from onpu.music.audio import Audio, AudioSource
from onpu.music.beats import Beats, Metre
from onpu.music.chords import Chords
from onpu.music.clock import Clock
from onpu.music.drums import Drums
from onpu.music.key import Key, Keys
from onpu.music.melody import Melody
from onpu.music.multif0 import MultiF0
from onpu.music.notes import Notes
from onpu.music.onsets import Onsets
from onpu.music.pedal import Pedal
from onpu.music.sections import Sections
from onpu.music.stems import Stems
from onpu.music.tags import Tags
from onpu.music.tempo import Tempo
from onpu.music.timeline import Timeline
from onpu.music.tuning import Tuning
from onpu.music.voice import Voice

__all__ = ["Audio", "AudioSource", "Beats", "Chords", "Clock", "Drums", "Instruments", "Key", "Keys", "Melody", "Metre",
           "MultiF0", "Notes", "Onsets", "Pedal", "Sections", "Stems", "Tags", "Tempo", "Timeline", "Tuning", "Voice"]
