"""Standard MIDI files, and what a sequencer makes of them."""

from onpu.formats.midi.reading import read_midi
from onpu.formats.midi.writing import MidiLayout, write_midi

__all__ = ["MidiLayout", "read_midi", "write_midi"]
