"""What is played and sung as the page reads it: notes, pedal, melody, drum hits, singing, onsets."""


import numpy as np

from onpu.files import Json
from onpu.formats.general_midi import FAMILIES, KIT, OTHER_PERCUSSION, PERCUSSION, PROGRAMS
from onpu.formats.report.columns import rounded, seconds, segments, shares
from onpu.formats.report.contour import Contour, contour
from onpu.music import Drums, Notes, Onsets, Pedal, Timeline, Voice
from onpu.music.instruments import VOICES
from onpu.music.lyrics import lines


def played(timeline: Timeline) -> Json:
    """Columns of each value by its name; null for what was not looked for."""
    melody = timeline.melody
    return {
        "notes": _notes(timeline.notes),
        "pedal": _pedal(timeline.pedal),
        "melody": None if melody is None else _contour(contour(melody)),
        "drums": _drums(timeline.drums),
        "voice": _sung(timeline.voice),
        "onsets": _onsets(timeline.onsets),
    }


def _notes(notes: Notes | None) -> Json | None:
    """Notes ordered by onset, pitches in hundredths of a semitone; what their programs and families are called."""
    if notes is None:
        return None
    order = np.argsort(notes.onsets, kind="stable")
    used = np.unique(notes.programs).tolist()
    return {"onsets": seconds(notes.onsets[order]), "offsets": seconds(notes.offsets[order]),
            "pitches": _whole(rounded(notes.pitches[order], 2)),
            "velocities": _whole(rounded(notes.velocities[order], 0)), "programs": notes.programs[order].tolist(),
            "confidence": shares(notes.confidence[order]),
            "names": {program: _called(program, bool((notes.confidence < 1).any())) for program in used}}


def _called(program: int, heard: bool) -> Json:
    """What a program and its family are called; of what was heard, a choir's program stands for whoever sings."""
    if heard and program in VOICES:
        return {"name": "Voice", "family": "voice"}
    return {"name": PROGRAMS[program], "family": FAMILIES[program // 8]}


def _whole(values: list[float]) -> list[float]:
    """The same, whole numbers without decimals."""
    return [int(value) if value.is_integer() else value for value in values]


def _sung(voice: Voice | None) -> Json | None:
    """Sung passages, and with which of them a line of words begins."""
    told = segments(voice)
    return None if told is None or voice is None else told | {"lines": lines(voice)}


def _pedal(pedal: Pedal | None) -> Json | None:
    if pedal is None:
        return None
    return {"starts": seconds(pedal.starts), "ends": seconds(pedal.ends), "confidence": shares(pedal.confidence)}


def _contour(found: Contour) -> Json:
    return {"times": seconds(found.times), "pitches": rounded(found.pitches, 2), "firsts": found.firsts.tolist(),
            "confidence": shares(found.confidence)}


def _drums(drums: Drums | None) -> Json | None:
    """Hits ordered by time, with the row of each; rows are the parts of the kit that are played, from top to bottom."""
    if drums is None:
        return None
    order = np.argsort(drums.times, kind="stable")
    part_of = {pitch: name for name, pitches in KIT for pitch in pitches}
    parts = [part_of.get(pitch, OTHER_PERCUSSION) for pitch in drums.pitches[order].tolist()]
    rows = [name for name in (OTHER_PERCUSSION, *(name for name, _ in KIT)) if name in parts]
    used = np.unique(drums.pitches).tolist()
    return {"times": seconds(drums.times[order]), "pitches": drums.pitches[order].tolist(),
            "parts": [rows.index(part) for part in parts],
            "velocities": _whole(rounded(drums.velocities[order], 0)), "confidence": shares(drums.confidence[order]),
            "rows": rows, "names": {pitch: PERCUSSION.get(pitch, f"Sound {pitch}") for pitch in used}}


def _onsets(onsets: Onsets | None) -> Json | None:
    return None if onsets is None else {"times": seconds(onsets.times), "confidence": shares(onsets.confidence)}
