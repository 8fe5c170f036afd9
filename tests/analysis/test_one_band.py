"""One decision on instruments: notes, players, and the sheet name the same."""

from dataclasses import replace

import numpy as np
import pytest

from onpu.analysis.one_band import one_band
from onpu.analysis.wording import worded
from onpu.formats import write
from onpu.formats.jams import read_jams
from onpu.formats.midi import read_midi
from onpu.formats.report.contents import contents
from onpu.music import Beats, Instruments, Melody, Notes, Timeline, Voice
from onpu.music.instruments import FAMILIES, family_of

SECONDS = 40.0
PLAYED = ("piano", "guitar", "bass", "strings")


def heard(seed):
    """Three lines and a tune whose notes are taken for others now and then, and another opinion of who plays."""
    rng = np.random.default_rng(seed)
    onsets = np.arange(1.0, SECONDS - 2, 0.5)
    rows = []
    for pitch, right in ((72, "guitar"), (55, "piano"), (36, "bass"), (65, "voice")):
        names = [right if rng.random() < 0.8 else str(rng.choice(PLAYED)) for _ in onsets]
        rows.append(Notes(onsets, onsets + 0.45, pitch + rng.integers(0, 3, len(onsets)).astype(float),
                          np.full(len(onsets), 80), np.array([FAMILIES[name] for name in names]),
                          rng.uniform(0.5, 0.95, len(onsets))))
    notes = Notes.concatenate(rows)
    times = np.arange(0, SECONDS, 0.01)
    band = Instruments(np.array([0.0, 0.0, 0.0, 1.0, 5.0]), np.array([SECONDS, SECONDS, 30.0, 38.0, 20.0]),
                       np.array(["guitar", "piano", "bass", "drums", "brass"]), np.full(5, 0.8))
    return Timeline(SECONDS, beats=Beats(onsets, np.arange(len(onsets)) % 4 + 1, np.full(len(onsets), 0.9)),
                    notes=notes.select(np.argsort(notes.onsets, kind="stable")), instruments=band,
                    voice=Voice(np.array([0.9]), np.array([30.0]), np.array([""]), np.full(1, 0.9)),
                    melody=Melody(times, np.where(times < 30, 440 * 2 ** ((66 - 69) / 12), 0.0),
                                  np.full(len(times), 0.9)))


def families(programs):
    return {list(FAMILIES)[number] for number in family_of(np.unique(programs))}


@pytest.mark.parametrize("seed", range(5))
def test_jams_midi_page_and_sheet_name_the_same_instruments(tmp_path, seed):
    timeline = one_band(worded(heard(seed))).validate()
    players = set(timeline.instruments.labels.tolist()) - {"drums"}
    assert families(timeline.notes.programs) <= players
    assert players - {"voice"} == families(timeline.notes.programs) - {"voice"}
    write(timeline, tmp_path, "song", ["jams", "midi", "musicxml"])
    assert families(read_jams(tmp_path / "song.jams").notes.programs) == families(timeline.notes.programs)
    assert families(read_midi(tmp_path / "song.mid").notes.programs) == families(timeline.notes.programs)
    assert set(contents(timeline, "")["instruments"]["rows"]) == players | {"drums"}
    sheet = (tmp_path / "song.score.musicxml").read_text()
    named = {name for name in FAMILIES if f"<part-name>{name.capitalize()}</part-name>" in sheet}
    assert named == players


def test_what_is_known_stays_and_nobody_sings_where_no_voice_was_found():
    timeline = heard(1)
    assert one_band(timeline, ("notes", "instruments")).notes.programs.tolist() == timeline.notes.programs.tolist()
    known = replace(timeline, notes=replace(timeline.notes, confidence=np.ones(len(timeline.notes))))
    assert one_band(known) is known
    silent = one_band(replace(timeline, voice=Voice.empty()))
    assert "voice" not in families(silent.notes.programs)
