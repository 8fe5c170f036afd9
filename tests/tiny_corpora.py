"""Tiny corpora in the layout of the real ones, written with mido."""

import io
import zipfile
from pathlib import Path

import mido

TICKS = 480


def midi(tracks: dict[str, list[tuple[float, float, int, int]]], bpm: float, key: str = "D", **signature) -> bytes:
    """A MIDI file of tracks of (start, length, pitch, velocity), quarters."""
    file = mido.MidiFile(ticks_per_beat=TICKS)
    head = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm)),
                           mido.MetaMessage("time_signature", **{"numerator": 4, "denominator": 4, **signature})])
    file.tracks.append(head)
    for name, notes in tracks.items():
        events = [(round(start * TICKS), "note_on", pitch, velocity) for start, _, pitch, velocity in notes]
        events += [(round((start + length) * TICKS), "note_off", pitch, 0) for start, length, pitch, _ in notes]
        track, now = mido.MidiTrack([mido.MetaMessage("track_name", name=name)]), 0
        if name == "piano":
            track.append(mido.MetaMessage("key_signature", key=key))
        for tick, kind, pitch, velocity in sorted(events):
            track.append(mido.Message(kind, note=pitch, velocity=velocity, time=tick - now))
            now = tick
        file.tracks.append(track)
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


def written(path: Path, files: dict[str, bytes | str]) -> Path:
    """A zip file of these files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_pop909(path: Path, names: tuple[str, ...] = ("001", "005", "032", "048")) -> Path:
    """POP909 with POP909-CL, of songs that nobody wrote; 032 is held out, 048 a judge."""
    files: dict[str, bytes | str] = {}
    for number, name in enumerate(names):
        score, played = ({line: [(start, length, pitch + number, velocity) for start, length, pitch, velocity in notes]
                          for line, notes in song(48, offset).items()} for offset in (2.0, 0.35))
        chords = [(2.0 + 4 * bar, 4.0, pitch + number, 90) for bar in range(48) for pitch in HARMONY[bar % 4]]
        together = sorted(note for notes in score.values() for note in notes)
        files[f"{name}/{name}_cl.mid"] = midi({"piano": together, "chords": chords}, 100,
                                             key=("D", "Eb", "E", "F")[number % 4])
        files[f"{name}/{name}.mid"] = midi(played, 90)
        files[f"{name}/beat_midi.txt"] = "\n".join(f"{(0.35 + beat) / 1.5} {beat % 2 == 0:d}.0 {beat % 4 == 0:d}.0"
                                                   for beat in range(192))
    return written(path, files)


def rock(bars: int, late: float, shift: float = 0.0, off: float = 0.5) -> list[tuple[float, float, int, int]]:
    """Bass drum on 1 and 3, snare on 2 and 4, hi-hat (its edge) on beats and off-beats; late by so many quarters."""
    hits = []
    for beat in range(4 * bars):
        place = beat + shift + late
        hits.append((place, 0.1, 36 if beat % 2 == 0 else 38, 100 + beat % 4))
        hits += [(max(0.0, place + 0.004), 0.1, 22, 70), (place + off, 0.1, 22, 60)]
    return hits


MELODY = (62, 64, 66, 67, 69, 67, 66, 64)
HARMONY = ((50, 54, 57), (55, 59, 62), (57, 61, 64), (54, 57, 62))
"""D, G, A and D over its third."""


def song(bars: int, offset: float) -> dict[str, list[tuple[float, float, int, int]]]:
    """A melody of quarters over a chord a bar, in the three tracks of POP909; the first bar begins at `offset`."""
    melody, bridge, piano = [], [], []
    for bar in range(bars):
        start = offset + 4 * bar
        melody += [(start + beat, 0.9, MELODY[(4 * bar + beat) % 8] + 12, 100) for beat in range(4)]
        bridge += [(start + 2, 1.5, 86, 80)] if bar % 2 else []
        low, *rest = HARMONY[bar % 4]
        piano += [(start, 3.8, low - 12, 90)]
        piano += [(start + half / 2, 0.4, pitch, 60) for half in range(8) for pitch in rest]
    return {"MELODY": melody, "BRIDGE": bridge, "PIANO": piano}
