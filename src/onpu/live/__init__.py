"""Listening while a sound goes on: blocks in, events out (`docs/live.md`)."""

from onpu.live.events import BeatEvent, ChordEvent, LiveEvent, NoteOff, NoteOn, OnsetEvent, PitchEvent
from onpu.live.stream import TRACKERS, Stream

__all__ = ["TRACKERS", "BeatEvent", "ChordEvent", "LiveEvent", "NoteOff", "NoteOn", "OnsetEvent", "PitchEvent",
           "Stream"]
