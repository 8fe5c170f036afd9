"""What mido, an independent reader, hears in a MIDI file; and short ways to write values."""

from itertools import pairwise

import mido
import numpy as np

from onpu.music import Metre, Notes


def metre(*rows):
    times, numerators, denominators = (np.array(column) for column in zip(*rows, strict=True))
    return Metre(times.astype(float), numerators, denominators, np.ones(len(times)))


def notes(onsets, offsets, pitches, programs=None):
    onsets = np.asarray(onsets, float)
    programs = np.zeros(len(onsets), int) if programs is None else np.asarray(programs)
    return Notes(onsets, np.asarray(offsets, float), np.asarray(pitches, float), np.full(len(onsets), 80), programs,
                 np.ones(len(onsets)))


def segments(kind, *rows):
    starts, ends, labels = (np.array(column) for column in zip(*rows, strict=True))
    return kind(starts.astype(float), ends.astype(float), labels, np.ones(len(starts)))


def heard(path):
    """By mido: (seconds, channel, pitch, is it on) of every note message, and the seconds of all others by type."""
    now, played, others = 0.0, [], {}
    for message in mido.MidiFile(path, charset="utf-8"):
        now += message.time
        if message.type in ("note_on", "note_off"):
            played.append((now, message.channel, message.note, message.type == "note_on" and message.velocity > 0))
        else:
            others.setdefault(message.type, []).append((now, message))
    return played, others


def bar_lines(path):
    """By mido: the seconds of every bar line that a sequencer draws, counting whole bars from each time signature."""
    file = mido.MidiFile(path)
    ticks, tempi, signatures = 0, [], []
    for message in mido.merge_tracks(file.tracks):
        ticks += message.time
        if message.type == "set_tempo":
            tempi.append((ticks, message.tempo))
        elif message.type == "time_signature":
            signatures.append((ticks, message.numerator * 4 * file.ticks_per_beat // message.denominator))
    stretches = pairwise([*signatures, (ticks + 1, 0)])
    lines = [tick for (start, bar), (end, _) in stretches for tick in range(start, end, bar)]
    knots = [0.0]
    for (start, tempo), (end, _) in pairwise([*tempi, (ticks + 1, 0)]):
        knots.append(knots[-1] + (end - start) * tempo / 1e6 / file.ticks_per_beat)
    return np.interp(lines, [*(start for start, _ in tempi), ticks + 1], knots)


def nearest(times, wanted):
    """For each of `wanted` the index of the nearest of `times`."""
    return np.abs(np.asarray(times)[:, None] - np.asarray(wanted)).argmin(axis=0)
