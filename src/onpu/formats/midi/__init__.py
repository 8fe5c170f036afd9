"""Standard MIDI files, and what a sequencer makes of them."""

from onpu.formats.midi.reading import read_midi
from onpu.formats.midi.writing import PLAIN, MidiLayout, write_midi

__all__ = ["PLAIN", "MidiLayout", "read_midi", "write_midi"]
