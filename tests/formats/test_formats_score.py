"""Scores of notes: valid, every bar full in every voice, and every note where the grid has it."""

import os
import shutil
import subprocess
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from musicxml_schema import schema

from onpu.engine.compose import compose
from onpu.formats.musicxml import write_musicxml
from onpu.formats.musicxml.hands import left_hand
from onpu.formats.musicxml.measures import NOTE_TYPES
from onpu.formats.musicxml.parts import KIT_PLACES
from onpu.formats.musicxml.rhythm import Bar, cut
from onpu.formats.musicxml.voices import voices
from onpu.music import Beats, Drums, Key, Metre, Notes, Pedal, Timeline, Voice
from onpu.music.bars import bars
from onpu.music.crop import crop
from onpu.music.instruments import VOICES
from onpu.music.quantise import TICKS, quantise

BEAT = 0.5  # seconds
LENGTHS = {name: quarters for quarters, name in NOTE_TYPES.items()}
STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def played(rows, count, signature=(4, 4), in_bar=4, upbeat=0, drums=(), key="C:major"):
    """rows: (beat, beats, pitch, program); hits: (beat, sound). The first beat at 1 s."""
    rows = np.array(rows, float).reshape(-1, 4)
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    notes = Notes(1 + BEAT * rows[:, 0], 1 + BEAT * rows[:, :2].sum(axis=1), rows[:, 2], np.full(len(rows), 80),
                  rows[:, 3].astype(int), np.ones(len(rows)))
    positions = (np.arange(count) - upbeat) % in_bar + 1
    hits = np.array(drums, float).reshape(-1, 2)
    return Timeline(
        2 + BEAT * count, beats=Beats.of(1 + BEAT * np.arange(count), positions), notes=notes,
        metre=Metre(np.zeros(1), np.array(signature[:1]), np.array(signature[1:]), np.ones(1)),
        key=Key(np.array([key]), np.ones(1)),
        drums=Drums(1 + BEAT * hits[:, 0], hits[:, 1].astype(int), np.full(len(hits), 90), np.ones(len(hits))))


def written(tmp_path, timeline):
    *_, path = write_musicxml(timeline, tmp_path / "song.musicxml")
    assert path.name == "song.score.musicxml"
    schema().validate(path)
    return ElementTree.parse(path).getroot()


def read(part):
    """Of a part: (place in quarters, length, pitch, staff, voice) of every note, ties joined; and, for each measure and
    voice, how many quarters it holds."""
    start, notes, held, filled, divisions = 0.0, [], {}, [], 1
    for measure in part.findall("measure"):
        divisions = int(measure.findtext("attributes/divisions", divisions))
        now, last, lengths = 0, 0, {}
        for element in measure:
            duration = int(element.findtext("duration", "0"))
            if element.tag == "backup":
                now -= duration
            if element.tag != "note":
                continue
            if element.find("chord") is not None:
                now -= last
            voice = int(element.findtext("voice"))
            if element.find("pitch") is not None:
                pitch = (STEPS[element.findtext("pitch/step")] + int(element.findtext("pitch/alter", "0"))
                         + 12 * (int(element.findtext("pitch/octave")) + 1))
                ties = {tie.get("type") for tie in element.findall("tie")}
                place = round(start + now / divisions, 6)
                row = [place, 0.0, pitch, int(element.findtext("staff", "1")), voice]
                row = held.pop((pitch, place)) if "stop" in ties else row
                row[1] += duration / divisions
                if "stop" not in ties:
                    notes.append(row)
                if "start" in ties:
                    held[pitch, round(start + (now + duration) / divisions, 6)] = row
            if element.find("chord") is None:
                lengths[voice] = lengths.get(voice, 0) + duration / divisions
            now, last = now + duration, duration
        start = start + max(lengths.values())
        filled.append(lengths)
    assert held == {}
    return notes, filled


def test_two_hands_two_voices_ties_and_triplets_are_written_as_they_were_played(tmp_path):
    right = [(0, 3, 76), (3, 2, 74), (5, 1.5, 72), (6.5, 0.5, 71), (7, 1 / 3, 72), (22 / 3, 1 / 3, 74),
             (23 / 3, 1 / 3, 76)]
    inner = [(0.5, 0.9, 67), (1.5, 0.5, 67), (2.5, 0.5, 67)]
    full = [(0.5, 1, 67), (1.5, 1, 67), (2.5, 0.5, 67)]  # what short rests become
    left = [(0, 4, 48), (4, 4, 43), (4, 4, 50)]
    timeline = played([(*row, 0) for row in (*right, *inner, *left)], 8)
    [part] = written(tmp_path, timeline).findall("part")
    notes, filled = read(part)
    assert sorted((round(start, 3), round(length, 3), pitch) for start, length, pitch, *_ in notes) == sorted(
        [(round(start, 3), round(length, 3), pitch) for start, length, pitch in (*right, *full, *left)])
    assert {staff for *_, staff, _ in notes} == {1, 2}
    assert {(pitch, voice) for _, _, pitch, staff, voice in notes if staff == 1 and pitch in (67, 76)} == {
        (67, 2), (76, 1)}
    assert {pitch for _, _, pitch, staff, _ in notes if staff == 2} == {43, 48, 50}
    assert [set(voices) for voices in filled] == [{1, 2, 5}, {1, 5}]
    assert len(part.findall(".//tuplet[@type='start']")) == 1 == len(part.findall(".//tuplet[@type='stop']"))
    assert {m.findtext("actual-notes") for m in part.iter("time-modification")} == {"3"}


STYLES = [(1, "pop"), (3, "romantic piano"), (4, "jazz trio"), (5, "jig"), (3, "odd rock"), (2, "string quartet")]


@pytest.mark.parametrize(("seed", "style"), STYLES)
def test_composed_songs_fill_their_bars_and_lose_no_onset(tmp_path, seed, style):
    timeline = crop(compose(seed, style).timeline, 5.0, 20.0)
    score = written(tmp_path, timeline)
    found, notes = bars(timeline), timeline.notes
    expected = found.beats * found.quarters
    parts = [part for part in score.findall("part") if part.find(".//unpitched") is None]
    programs = np.unique(notes.programs)
    assert len(parts) == len(programs)
    onsets, offsets = notes.onsets, notes.offsets
    if timeline.drums is not None:
        onsets, offsets = (np.concatenate([times, timeline.drums.times]) for times in (onsets, offsets))
    placed = quantise(onsets, offsets, found)
    swing = score.find(".//words") is not None and "Swing" in {words.text for words in score.iter("words")}
    ticks = (placed.evened() if swing else placed).starts[: len(notes.onsets)]
    for part in parts:
        program = int(score.findtext(f"part-list/score-part[@id='{part.get('id')}']/midi-instrument/midi-program")) - 1
        sung = score.findtext(f"part-list/score-part[@id='{part.get('id')}']/part-name") == "Voice"
        program = next(p for p in VOICES if p in programs) if sung else program
        got, filled = read(part)
        np.testing.assert_allclose([length for lengths in filled for length in lengths.values()],
                                   np.concatenate([[q] * len(v) for q, v in zip(
                                       [*expected, *[expected[-1]] * (len(filled) - len(expected))], filled,
                                       strict=True)]))
        mine = notes.programs == program
        starts = np.interp(ticks[mine] / TICKS, np.append(found.firsts[:-1], found.firsts[-1]),
                           np.concatenate([[0], np.cumsum(expected)]))
        wanted = set(zip(np.round(starts, 3).tolist(), np.rint(notes.pitches[mine]).astype(int).tolist(), strict=True))
        heard = {(round(start, 3), pitch) for start, _, pitch, *_ in got}
        late = {place for place in wanted if place[0] >= expected.sum() - 0.01}
        assert wanted - late <= heard and len(heard - wanted) <= len(late)


def test_accidentals_stand_where_neither_key_nor_bar_says_it(tmp_path):
    scale = [63, 64, 64, 63, 66, 65, 68, 66]
    timeline = played([(i, 1, pitch, 73) for i, pitch in enumerate(scale)], 8, key="Eb:major")
    [part] = written(tmp_path, timeline).findall("part")
    spelled = [(note.findtext("pitch/step") + {"-1": "b", "1": "#", None: ""}[note.findtext("pitch/alter")],
                note.findtext("accidental")) for note in part.iter("note")]
    assert spelled == [("Eb", None), ("E", "natural"), ("E", None), ("Eb", "flat"), ("Gb", "flat"), ("F", None),
                       ("Ab", None), ("Gb", None)]


def test_drums_have_lines_heads_and_sounds(tmp_path):
    hits = [(beat / 2, 42) for beat in range(8)] + [(0, 36), (2, 36), (1, 38), (3, 38), (3.5, 200 % 128)]
    score = written(tmp_path, played([], 4, drums=sorted(hits)))
    [part] = score.findall("part")
    assert score.findtext("part-list/score-part/part-name") == "Drums"
    sounds = {i.get("id"): int(i.findtext("midi-unpitched")) - 1 for i in score.iter("midi-instrument")}
    assert set(sounds.values()) == {36, 38, 42, 72}
    heads = [(sounds[n.find("instrument").get("id")], n.findtext("notehead"), n.findtext("stem"),
              n.findtext("unpitched/display-step") + n.findtext("unpitched/display-octave"))
             for n in part.iter("note") if n.find("unpitched") is not None]
    assert {row for row in heads if row[0] != 72} == {
        (42, "x", "up", "G5"), (38, None, "up", "C5"), (36, None, "down", "F4")}
    assert part.findtext("measure/attributes/clef/sign") == "percussion" and part.find(".//key") is None
    assert KIT_PLACES[36][0] == "F4"


def test_words_stand_under_the_notes_of_the_voice_and_no_others(tmp_path):
    rows = [(0, 1, 67, 52), (1, 3.5, 69, 52), (4.5, 1, 67, 52), (0, 4, 48, 0), (4, 4, 50, 0)]
    starts = 1 + BEAT * np.array([0.0, 1.0, 4.5])
    words = Voice(starts, starts + 0.4, np.array(["Hel-", "lo", "you"]), np.ones(3))
    parts = written(tmp_path, replace(played(rows, 8), voice=words)).findall("part")
    said = [[(note.findtext("lyric/text"), note.findtext("lyric/syllabic")) for note in part.iter("note")
             if note.find("lyric") is not None] for part in parts]
    assert said == [[("Hel", "begin"), ("lo", "end"), ("you", "single")], []]


def test_nothing_is_tied_to_a_hit(tmp_path):
    hits = [(1 / 6, 38), (5 / 6, 42), (1, 38), (1 + 1 / 3, 38), (2, 42)]
    [part] = written(tmp_path, played([], 4, signature=(6, 8), in_bar=2, drums=hits)).findall("part")
    assert sum(note.find("unpitched") is not None for note in part.iter("note")) == len(hits)
    assert part.find(".//tie") is None and part.find(".//tied") is None


def test_an_upbeat_is_bar_0_and_notes_after_the_last_beat_have_bars(tmp_path):
    timeline = played([(0, 1, 67, 40), (1, 4, 72, 40), (11.5, 0.5, 71, 40)], 5, upbeat=1)
    [part] = written(tmp_path, timeline).findall("part")
    assert [m.get("number") for m in part.findall("measure")] == ["0", "1", "2", "3"]
    notes, _ = read(part)
    assert [(start, pitch) for start, _, pitch, *_ in notes] == [(0, 67), (1, 72), (11.5, 71)]


def test_compound_beats_are_dotted_and_swing_is_said_once(tmp_path):
    jig = played([(i / 3, 1 / 3, 60 + i, 73) for i in range(12)], 4, signature=(6, 8), in_bar=2)
    [part] = written(tmp_path, jig).findall("part")
    assert {note.findtext("type") for note in part.iter("note")} == {"eighth"}
    assert part.find(".//time-modification") is None
    places = [beat + half for beat in range(16) for half in (0, 0.63)]
    swung = played([(place, 0.3, 60 + i % 12, 73) for i, place in enumerate(places)], 16)
    [part] = written(tmp_path, swung).findall("part")
    assert [words.text for words in part.iter("words")] == ["Swing"]
    assert {note.findtext("type") for note in part.iter("note")} == {"eighth"}


def test_detached_notes_have_dots_and_no_more_than_twice_their_length(tmp_path):
    """Of what is known: what was heard ends too soon anyway, and is filled."""
    rows = [(beat, length, 60 + i, 73) for beat, length in ((0, 0.25), (1, 0.5), (2, 0.9), (3, 0.5), (3.5, 0.25))
            for i in (0,)] + [(4, 0.25, 65, 73), (8, 1, 67, 73)]
    known = played(rows, 12)
    heard = replace(known, notes=replace(known.notes, confidence=np.full(len(rows), 0.6)))
    for timeline, lengths, dots in ((known, [0.5, 1, 1, 0.5, 0.5, 0.5, 1], [0, 1, 4, 5]), (heard, [1, 1, 1, 0.5, 0.5,
                                                                                               0.5, 1], [])):
        [part] = written(tmp_path, timeline).findall("part")
        notes, _ = read(part)
        struck = [note for note in part.iter("note") if note.find("pitch") is not None]
        assert [length for _, length, *_ in notes] == lengths
        assert [i for i, note in enumerate(struck) if note.find("notations/articulations/staccato") is not None] == dots


def test_sixteenths_have_no_dots_however_short_they_are(tmp_path):
    """They are short anyway, and of a run only some would have them."""
    quick = [(i / 4, 0.08 + 0.1 * (i % 2), 60 + i, 73) for i in range(8)]
    run = played([*quick, (2, 0.2, 72, 73), (3, 0.2, 74, 73)], 4)
    [part] = written(tmp_path, run).findall("part")
    struck = [note for note in part.iter("note") if note.find("pitch") is not None]
    dotted = [note.find("notations/articulations/staccato") is not None for note in struck]
    assert [note.findtext("type") for note in struck[:7]] == ["16th"] * 7 and dotted == [False] * 8 + [True] * 2


def test_long_notes_that_are_let_go_early_reach_the_next_one(tmp_path):
    rows = [(4 * bar, 3.5, 60 + bar, 73) for bar in range(3)] + [(12, 4, 64, 73)]
    [part] = written(tmp_path, played(rows, 16)).findall("part")
    assert {note.findtext("type") for note in part.iter("note")} == {"whole"} and part.find(".//rest") is None


def test_a_shuffle_of_triplets_is_said_once(tmp_path):
    """Also where its third lies exactly on the triplet's, and some beats have all three."""
    places = [beat + third for beat in range(28) for third in (0, 2 / 3)] + [28, 28 + 1 / 3, 28 + 2 / 3]
    timeline = played([(place, 0.3, 60 + i % 12, 73) for i, place in enumerate(places)], 32)
    [part] = written(tmp_path, timeline).findall("part")
    assert [words.text for words in part.iter("words")] == ["Swing"]
    assert len(part.findall(".//tuplet[@type='start']")) == 1


def test_the_hands_part_where_the_music_does():
    rng = np.random.default_rng(0)
    starts = np.repeat(np.arange(64) * 6, 4)
    low = 45 + np.round(6 * np.sin(np.arange(64) / 10))[:, None] + np.array([0, 7])
    high = low.max(axis=1)[:, None] + 10 + rng.integers(0, 4, (64, 1)) + np.array([0, 8])
    left = left_hand(starts, np.concatenate([low, high], axis=1).ravel())
    assert left.reshape(64, 4).tolist() == [[True, True, False, False]] * 64


def test_what_only_the_pedal_holds_needs_no_voice_of_its_own():
    starts = np.arange(8) * 6
    pitches = 60.0 + np.array([0, 4, 7, 12, 7, 4, 7, 4])
    ends = np.full(8, 48)
    by_hand = voices(starts, ends, pitches, ends)
    by_pedal = voices(starts, ends, pitches, starts + 6)
    assert len(by_hand) == 2 and len(by_pedal) == 1
    assert [event.end - event.start for event in by_pedal[0]] == [6] * 8
    timeline = played([(s / 12, (48 - s) / 12, p, 0) for s, p in zip(starts, pitches, strict=True)], 4)
    assert replace(timeline, pedal=Pedal(np.array([1.0]), np.array([3.0]), np.ones(1))).validate()


@pytest.mark.parametrize(("beats", "quarters"), [(4, 1.0), (3, 1.0), (2, 1.5), (4, 1.5), (7, 0.5), (5, 1.0), (1, 2.0)])
def test_every_stretch_of_a_bar_can_be_written(beats, quarters):
    step = 3 if quarters != 1.5 else 2
    for triplets in (frozenset(), frozenset({0}), frozenset(range(beats))) if quarters != 1.5 else (frozenset(),):
        bar = Bar(beats, quarters, triplets)
        grid = [t for t in range(0, bar.end + 1) if t % (2 if t // TICKS in triplets else step) == 0]
        for start in grid:
            for end in (place for place in grid if place > start):
                for rest in (False, True):
                    pieces = cut(start, end, bar, rest)
                    assert [p.start for p in pieces] == [start, *[p.end for p in pieces[:-1]]] and pieces[-1].end == end
                    for piece in pieces:
                        sounding = LENGTHS[piece.name] * (1.5 if piece.dots else 1) * (2 / 3 if piece.triplet else 1)
                        assert sounding == pytest.approx((piece.end - piece.start) * quarters / TICKS)


def test_a_rest_fills_what_is_empty_and_a_melody_of_a_few_notes_has_no_rests_in_between(tmp_path):
    timeline = played([(0, 0.4, 72, 0), (1, 0.4, 74, 0), (8, 1, 76, 0)], 12)
    [part] = written(tmp_path, timeline).findall("part")
    notes, _ = read(part)
    assert [(start, length) for start, length, *_ in notes] == [(0, 1), (1, 0.5), (8, 1)]
    assert len(part.findall("measure/note/rest[@measure='yes']")) == 1  # a bar of the right hand alone


def test_equal_timelines_give_equal_bytes(tmp_path):
    timeline = crop(compose(2, "pop").timeline, 5.0, 15.0)
    one, two = (write_musicxml(timeline, tmp_path / name / "a.musicxml")[-1].read_bytes()
                for name in ("x", "y") if (tmp_path / name).mkdir() is None)
    assert one == two


@pytest.mark.skipif(shutil.which("mscore3") is None, reason="MuseScore 3 is not installed")
def test_musescore_opens_it(tmp_path):
    written(tmp_path, played([(0, 3, 76, 0), (0.5, 0.5, 67, 0), (0, 4, 48, 0), (4, 2, 50, 40)], 8,
                             drums=[(0, 36), (1, 38)]))
    subprocess.run(["mscore3", "-o", "back.mid", "song.score.musicxml"], cwd=tmp_path, check=True, timeout=120,
                   capture_output=True, env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)})
    mido = pytest.importorskip("mido")
    played_back = {(m.channel == 9, m.note) for m in mido.MidiFile(tmp_path / "back.mid")
                   if m.type == "note_on" and m.velocity}
    assert played_back == {(False, 76), (False, 67), (False, 48), (False, 50), (True, 36), (True, 38)}
