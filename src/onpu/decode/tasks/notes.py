"""Notes and the pedal of a piano, of what `onpu.listen.notes` hears."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onpu.decode.decoder import Decoder
from onpu.decode.instruments import steady_programs
from onpu.decode.notes import Levels, find_notes
from onpu.music import Clock, Notes, Pedal
from onpu.music.instruments import FAMILIES
from onpu.recipe import Options, setting

LOWEST = 21
"""MIDI number of the lowest key."""
RATE, HOP = 22050, 512
"""Of the pitch spectrum, Hz and samples."""
PEDAL_DOWN_ACTIVATION = 0.5
"""Activation from which on the pedal is down."""


@dataclass(frozen=True)
class NoteOptions(Options):
    """What makes a note of activations."""

    note_onset_threshold: float = setting(
        0.3, "onset activation from which a note begins; higher for fewer notes", "[0, 1]")
    note_frame_threshold: float = setting(0.4, "frame activation below which a note of a band ends", "[0, 1]")
    piano_frame_threshold: float = setting(0.6, "frame activation below which a note of a piano alone ends", "[0, 1]")
    piano_repeat_threshold: float = setting(
        0.45, "onset activation from which a key of a piano alone that still sounds is struck again", "[0, 1]")
    note_offset_threshold: float = setting(0.6, "offset activation from which a note ends", "[0, 1]")
    min_note_seconds: float = setting(0.03, "shortest note, seconds")


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: NoteOptions) -> dict[str, object]:
    """notes: Notes, whose confidence is the onset's activation and whose programs stand for families; pedal: Pedal."""
    onset, frame = activations["onset"], activations["frame"]
    repeat, silent = (0.0, options.note_frame_threshold) if "family" in activations else (
        options.piano_repeat_threshold, options.piano_frame_threshold)
    levels = Levels(options.note_onset_threshold, repeat, silent, options.note_offset_threshold)
    found = find_notes(onset, frame, activations["offset"], levels, options.min_note_seconds * clock.fps)
    del onset  # each head of an hour takes fifty megabytes
    velocities = np.clip(np.rint(127 * activations["velocity"][found.rows, found.peaks]), 1, 127)
    programs = np.zeros(len(found.rows), dtype=np.int64)
    if "family" in activations:
        numbers = (activations["family"] * len(FAMILIES) + 0.5).astype(np.int8) - np.int8(1)
        programs = steady_programs(numbers, frame, found)
    onsets = np.maximum(clock.seconds(found.starts), 0.0)
    offsets = np.maximum(clock.seconds(found.ends), onsets + 1e-3)
    notes = Notes(onsets, offsets, (found.rows + LOWEST).astype(np.float64), velocities, programs,
                  np.clip(found.strength, 0, 1).astype(np.float64))
    return {"notes": notes, "pedal": _pedal(activations["pedal"], clock)}


def _pedal(activation: np.ndarray, clock: Clock) -> Pedal:
    """Runs of frames in which the pedal is down."""
    down = np.concatenate([[False], activation > PEDAL_DOWN_ACTIVATION, [False]])
    starts, ends = np.flatnonzero(down[1:] & ~down[:-1]), np.flatnonzero(~down[1:] & down[:-1])
    sure = [float(activation[first:last].mean()) for first, last in zip(starts, ends, strict=True)]
    return Pedal(np.maximum(clock.seconds(starts), 0.0), np.asarray(clock.seconds(ends)), np.clip(sure, 0, 1))


DECODER = Decoder(
    name="notes",
    title="notes of pitched instruments, and the pedal of a piano",
    paper="Hawthorne et al., Onsets and frames: dual-objective piano transcription, ISMIR 2018",
    label="notes",
    fields=("notes", "pedal"),
    decode=decode,
    options=NoteOptions(),
    shipped=("band", "piano"),
)
