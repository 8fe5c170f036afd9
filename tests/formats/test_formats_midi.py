from dataclasses import replace

import mido
import numpy as np
import pytest
from midi_oracle import heard, metre, notes, segments

from onpu.errors import FormatError, LabelError
from onpu.formats.midi import MidiLayout, read_midi, write_midi
from onpu.music import Beats, Chords, Drums, Key, Keys, Melody, Notes, Pedal, Sections, Timeline, Voice


def test_a_click_track_where_nothing_is_played(tmp_path):
    beats = Beats.of(np.array([0.31, 0.9, 1.4, 2.05]), np.array([3, 1, 2, 3]))
    write_midi(Timeline(3.0, beats=beats, metre=metre((0, 3, 4))), tmp_path / "click.mid")
    played, _ = heard(tmp_path / "click.mid")
    clicks = [(time, pitch) for time, channel, pitch, on in played if on and channel == 9]
    np.testing.assert_allclose([time for time, _ in clicks], beats.times, atol=1e-4)
    assert [pitch for _, pitch in clicks] == [77, 76, 77, 77]
    got = read_midi(tmp_path / "click.mid")
    assert len(got.drums.times) == len(got.notes.onsets) == 0


def test_programs_have_channels_of_their_own_and_drums_have_the_tenth(tmp_path):
    programs = np.array([0, 24, 32, 24, 73])
    played = notes(np.arange(5.0), np.arange(5.0) + 0.5, [60, 64, 40, 67, 80], programs)
    drums = Drums(np.array([0.5, 0.5]), np.array([36, 42]), np.array([100, 60]), np.ones(2))
    write_midi(Timeline(6.0, notes=played, drums=drums), tmp_path / "band.mid")
    played_back, others = heard(tmp_path / "band.mid")
    program_of = {message.channel: message.program for _, message in others["program_change"] if message.channel != 9}
    on = [(time, channel, pitch) for time, channel, pitch, is_on in played_back if is_on]
    assert [(time, pitch) for time, channel, pitch in on if channel == 9] == [(0.5, 36), (0.5, 42)]
    assert [(pitch, program_of[channel]) for _, channel, pitch in on if channel != 9] == list(
        zip([60, 64, 40, 67, 80], programs.tolist(), strict=True))
    got = read_midi(tmp_path / "band.mid")
    np.testing.assert_array_equal(got.notes.programs, programs)
    np.testing.assert_array_equal(got.drums.pitches, [36, 42])
    np.testing.assert_array_equal(got.drums.velocities, [100, 60])


def test_more_programs_than_channels(tmp_path):
    programs = np.repeat(np.arange(20) * 6, np.where(np.arange(20) < 12, 3, 1))
    onsets = np.arange(len(programs)) * 0.25
    many = notes(onsets, onsets + 0.2, 40 + np.arange(len(programs)) % 30, programs)
    lyrics = segments(Voice, (0.0, 1.0, "la"))
    chords = segments(Chords, (0.0, 1.0, "C:maj"))
    write_midi(Timeline(20.0, notes=many, voice=lyrics, chords=chords), tmp_path / "orchestra.mid")
    played, others = heard(tmp_path / "orchestra.mid")
    changes = [message.channel for _, message in others["program_change"]]
    assert len(changes) == len(set(changes)) and 9 not in changes
    assert sum(on for *_, on in played) == len(programs)
    got = read_midi(tmp_path / "orchestra.mid")
    np.testing.assert_array_equal(got.notes.programs, np.minimum(programs, 66))


def test_the_pedal_is_controller_64_of_pianos(tmp_path):
    played = notes(np.arange(4.0), np.arange(4.0) + 0.5, [60, 64, 40, 67], np.array([0, 40, 0, 5]))
    pedal = Pedal(np.array([0.0, 1.0, 2.5]), np.array([1.0, 1.75, 4.0]), np.ones(3))
    write_midi(Timeline(5.0, notes=played, pedal=pedal), tmp_path / "pedal.mid")
    sounding, others = heard(tmp_path / "pedal.mid")
    piano = {channel for _, channel, pitch, _ in sounding if pitch != 64}
    controls = [(time, message) for time, message in others["control_change"] if message.control == 64]
    assert {message.channel for _, message in controls} == piano and len(piano) == 2
    first = [(time, message.value) for time, message in controls if message.channel == min(piano)]
    np.testing.assert_allclose([time for time, _ in first], [0, 1, 1, 1.75, 2.5, 4], atol=0.004)
    assert [value for _, value in first] == [127, 0] * 3
    got = read_midi(tmp_path / "pedal.mid")
    np.testing.assert_allclose(got.pedal.starts, pedal.starts, atol=0.004)
    np.testing.assert_allclose(got.pedal.ends, pedal.ends, atol=0.004)
    np.testing.assert_allclose(got.notes.offsets, played.offsets, atol=0.002)
    write_midi(Timeline(5.0, notes=played), tmp_path / "none.mid")
    assert read_midi(tmp_path / "none.mid").pedal is None


def test_the_pedal_of_others_is_down_from_the_middle_on_any_track(tmp_path):
    file = mido.MidiFile(ticks_per_beat=100)
    for channel, presses in enumerate(([(50, 40), (50, 64), (100, 100), (100, 63)], [(250, 127), (250, 127)])):
        file.tracks.append(mido.MidiTrack([
            *(mido.Message("control_change", control=64, value=value, time=delta, channel=channel)
              for delta, value in presses),
            mido.Message("note_on", note=60, velocity=9, time=100, channel=channel),
            mido.Message("note_off", note=60, time=100, channel=channel)]))
    file.save(tmp_path / "other.mid")
    got = read_midi(tmp_path / "other.mid")
    np.testing.assert_allclose(got.pedal.starts, [0.5])
    np.testing.assert_allclose(got.pedal.ends, [3.5])


def test_notes_of_one_pitch_do_not_cut_each_other_off(tmp_path):
    played = notes([0.0, 1.0, 1.0, 3.0], [2.0, 1.5, 2.5, 3.5], [60, 60, 60, 60])
    write_midi(Timeline(4.0, notes=played), tmp_path / "same.mid")
    got = read_midi(tmp_path / "same.mid").notes
    np.testing.assert_allclose(got.onsets, [0.0, 1.0, 3.0], atol=0.001)
    np.testing.assert_allclose(got.offsets, [1.0, 2.5, 3.5], atol=0.001)


def test_pitches_and_velocities_are_rounded_into_range(tmp_path):
    odd = Notes(np.arange(3.0), np.arange(3.0) + 0.5, np.array([60.4, 60.6, 130.0]), np.array([0, 80, 300]),
                np.zeros(3, int), np.ones(3))
    write_midi(Timeline(4.0, notes=odd), tmp_path / "odd.mid")
    got = read_midi(tmp_path / "odd.mid").notes
    assert got.pitches.tolist() == [60.0, 61.0, 127.0]
    assert got.velocities.tolist() == [1, 80, 127]


@pytest.mark.parametrize(("label", "by_mido", "read_back"), [
    ("C:major", "C", "C:major"), ("Eb:minor", "Ebm", "Eb:minor"), ("F#:major", "F#", "F#:major"),
    ("A:dorian", "G", "G:major"), ("F:lydian", "C", "C:major"), ("G#:major", "Ab", "Ab:major"),
    ("D:minor", "Dm", "D:minor"), ("B", "B", "B:major")])
def test_keys_become_key_signatures(tmp_path, label, by_mido, read_back):
    keys = segments(Keys, (0.0, 1.0, "N"), (1.0, 4.0, label))
    write_midi(Timeline(4.0, keys=keys), tmp_path / "key.mid")
    _, others = heard(tmp_path / "key.mid")
    assert [(round(time, 3), message.key) for time, message in others["key_signature"]] == [(1.0, by_mido)]
    assert read_midi(tmp_path / "key.mid").keys.labels.tolist() == [read_back]


def test_sections_chords_and_syllables_are_texts(tmp_path):
    sections = segments(Sections, (0.0, 2.0, "vers 1"), (2.0, 3.0, "サビ"), (4.0, 5.0, "outro"))
    chords = segments(Chords, (0.0, 1.0, "C:maj"), (2.0, 6.0, "G:7/b7"))
    voice = segments(Voice, (0.5, 1.0, "la"), (1.0, 1.5, ""))
    write_midi(Timeline(6.0, sections=sections, chords=chords, voice=voice), tmp_path / "text.mid")
    _, others = heard(tmp_path / "text.mid")
    assert [(round(time, 3), message.text) for time, message in others["marker"]] == [
        (0.0, "vers 1"), (2.0, "サビ"), (3.0, "-"), (4.0, "outro"), (5.0, "-"), (6.0, "end")]
    assert sorted((round(time, 3), message.text) for time, message in others["lyrics"]) == [
        (0.0, "C:maj"), (0.5, "la"), (1.0, "N"), (2.0, "G:7/b7")]
    got = read_midi(tmp_path / "text.mid")
    assert got.sections.labels.tolist() == ["vers 1", "サビ", "outro"]
    np.testing.assert_allclose(got.sections.ends, [2.0, 3.0, 5.0], atol=0.001)
    assert got.chords.labels.tolist() == ["C:maj", "N", "G:7/b7"]
    assert got.duration == pytest.approx(6.0, abs=0.001)


def test_chords_sound_where_nothing_else_does(tmp_path):
    beats = Beats.of(np.arange(8) * 0.5, np.tile([1, 2, 3, 4], 2))
    chords = segments(Chords, (0.0, 1.0, "N"), (1.0, 2.0, "C:maj"), (2.0, 3.5, "A:min7/b3"), (3.5, 4.0, "X"))
    whole = Key(np.array(["C:major", "A:minor"]), np.array([0.7, 0.2]))
    timeline = Timeline(4.0, beats=beats, metre=metre((0, 4, 4)), chords=chords, key=whole)
    write_midi(timeline, tmp_path / "chords.mid")
    played, others = heard(tmp_path / "chords.mid")
    sounding = [(round(time, 3), pitch, on) for time, channel, pitch, on in played if channel != 9]
    assert sounding[:4] == [(1.0, pitch, True) for pitch in (48, 55, 60, 64)]
    assert sorted(sounding[8:]) == sorted([*((2.0, pitch, True) for pitch in (48, 55, 57, 60, 64)),
                                           *((3.5, pitch, False) for pitch in (48, 55, 57, 60, 64))])
    assert [message.text for _, message in others["marker"]] == ["N.C.", "C", "Am7/C", "N.C.", "end"]
    assert [message.key for _, message in others["key_signature"]] == ["C"]
    got = read_midi(tmp_path / "chords.mid")
    assert got.chords.labels.tolist() == chords.labels.tolist() and got.keys.labels.tolist() == ["C:major"]
    np.testing.assert_allclose(got.chords.starts, chords.starts, atol=1e-3)
    assert got.sections is None and len(got.notes.onsets) == len(got.drums.times) == 0
    melody = notes([0.0], [1.0], [72])
    write_midi(replace(timeline, notes=melody), tmp_path / "melody.mid")
    played, _ = heard(tmp_path / "melody.mid")
    assert [pitch for *_, pitch, on in played if on] == [72]


def test_metre_and_key_change_where_they_do(tmp_path):
    positions = np.array([1, 2, 3, 1, 2, 3, 1, 2, 1, 2])
    keys = segments(Keys, (0.0, 3.0, "Eb:major"), (3.0, 5.0, "E:minor"))
    beats = Beats.of(np.arange(10) * 0.5, positions)
    write_midi(Timeline(5.0, beats=beats, metre=metre((0, 3, 4), (3.0, 6, 8)), keys=keys), tmp_path / "change.mid")
    _, others = heard(tmp_path / "change.mid")
    assert [(round(time, 3), m.numerator, m.denominator) for time, m in others["time_signature"]] == [
        (0.0, 3, 4), (3.0, 6, 8)]
    assert [(round(time, 3), m.key) for time, m in others["key_signature"]] == [(0.0, "Eb"), (3.0, "Em")]
    got = read_midi(tmp_path / "change.mid")
    assert got.metre.numerators.tolist() == [3, 6] and got.beats.positions.tolist() == positions.tolist()
    np.testing.assert_allclose(got.keys.starts, [0.0, 3.0], atol=1e-3)


def test_a_turn_of_the_harmony_is_no_key_signature_and_every_marker_is_read_at_sight(tmp_path):
    beats = Beats.of(np.arange(64) * 0.5, np.tile([1, 2, 3, 4], 16))
    chords = segments(Chords, (0.0, 1.0, "X"), (1.0, 12.0, "C:maj"), (12.0, 16.0, "A:1"), (16.0, 32.0, "F:(1,b2,5)"))
    turned = segments(Keys, (0.0, 12.0, "C:major"), (12.0, 14.0, "A:major"), (14.0, 32.0, "C:major"))
    doubtful = replace(turned, confidence=np.full(3, 0.8))
    for keys, signatures in ((turned, ["C", "A", "C"]), (doubtful, ["C"])):
        write_midi(Timeline(32.0, beats=beats, metre=metre((0, 4, 4)), chords=chords, keys=keys), tmp_path / "turn.mid")
        _, others = heard(tmp_path / "turn.mid")
        assert [message.key for _, message in others["key_signature"]] == signatures
        assert [message.text for _, message in others["marker"]] == ["N.C.", "C", "A5", "F5", "end"]
        assert read_midi(tmp_path / "turn.mid").chords.labels.tolist() == chords.labels.tolist()


def test_files_of_others(tmp_path):
    """Tempo changes within a bar, a change of metre, several events at one tick, a rest before the end."""
    file = mido.MidiFile(ticks_per_beat=384)
    conductor = mido.MidiTrack([
        mido.MetaMessage("set_tempo", tempo=400_000), mido.MetaMessage("set_tempo", tempo=600_000),
        mido.MetaMessage("time_signature", numerator=3, denominator=4),
        mido.MetaMessage("set_tempo", tempo=300_000, time=384),
        mido.MetaMessage("time_signature", numerator=6, denominator=8, time=768)])
    piano = mido.MidiTrack([
        mido.Message("program_change", program=4, channel=2),
        mido.Message("note_on", note=60, velocity=70, channel=2, time=192),
        mido.Message("note_on", note=60, velocity=0, channel=2, time=384),
        mido.Message("note_on", note=64, velocity=70, channel=2, time=576),
        mido.Message("note_off", note=64, channel=2, time=1152)])
    drums = mido.MidiTrack([mido.Message("note_on", note=38, velocity=99, channel=9, time=1152),
                            mido.Message("note_off", note=38, channel=9, time=10)])
    file.tracks.extend([conductor, piano, drums])
    file.save(tmp_path / "other.mid")
    got = read_midi(tmp_path / "other.mid")
    np.testing.assert_allclose(got.notes.onsets, [0.3, 1.2])
    np.testing.assert_allclose(got.notes.offsets, [0.75, 2.1])
    assert got.notes.programs.tolist() == [4, 4]
    np.testing.assert_allclose(got.drums.times, [1.2])
    np.testing.assert_allclose(got.beats.times, [0.0, 0.6, 0.9, 1.2, 1.65])
    assert got.beats.positions.tolist() == [1, 2, 3, 1, 2]
    assert (got.metre.numerators.tolist(), got.metre.denominators.tolist()) == ([3, 6], [4, 8])
    np.testing.assert_allclose(got.metre.times, [0.0, 1.2])
    assert got.keys is None and got.sections is None and got.chords is None


def test_without_any_event_midi_means_four_four_at_120(tmp_path):
    file = mido.MidiFile(ticks_per_beat=100)
    file.tracks.append(mido.MidiTrack([mido.Message("note_on", note=60, velocity=9, time=450),
                                       mido.Message("note_off", note=60, time=50)]))
    file.save(tmp_path / "plain.mid")
    got = read_midi(tmp_path / "plain.mid")
    np.testing.assert_allclose(got.beats.times, np.arange(5) * 0.5)
    assert got.beats.positions.tolist() == [1, 2, 3, 4, 1]
    np.testing.assert_allclose(got.notes.onsets, [2.25])


@pytest.mark.parametrize("content", [
    b"", b"no MIDI at all", b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x01\xe0MTrk\x00\x00"])
def test_what_is_no_midi_file_is_named(tmp_path, content):
    path = tmp_path / "bad.mid"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=r"bad\.mid"):
        read_midi(path)
    with pytest.raises(FormatError, match=r"missing\.mid"):
        read_midi(tmp_path / "missing.mid")


@pytest.mark.parametrize(("timeline", "words"), [
    (Timeline(3.0, beats=Beats.of(np.array([-0.1, 0.5]), np.array([1, 2]))), r"-0\.100 s"),
    (Timeline(3.0, keys=segments(Keys, (0.0, 1.0, "C:harmonic"))), "'C:harmonic'"),
    (Timeline(3.0, keys=segments(Keys, (0.0, 1.0, ""))), "tonic"),
])
def test_what_midi_cannot_hold_is_refused(tmp_path, timeline, words):
    with pytest.raises(LabelError, match=words):
        write_midi(timeline, tmp_path / "bad.mid")
    assert list(tmp_path.iterdir()) == []


def test_chords_have_a_track_of_their_own_on_request_and_are_read_as_chords(tmp_path):
    chords = segments(Chords, (0.0, 1.0, "C:maj"), (1.0, 2.0, "G:7"))
    song = Timeline(2.0, chords=chords, notes=notes([0.0], [1.0], [72]))
    write_midi(song, tmp_path / "song.mid", MidiLayout(chord_track=True))
    names = {track.name: track for track in mido.MidiFile(tmp_path / "song.mid").tracks}
    assert sum(message.type == "note_on" and message.velocity > 0 for message in names["chords"]) == 9
    got = read_midi(tmp_path / "song.mid")
    assert got.chords.labels.tolist() == ["C:maj", "G:7"] and got.notes.pitches.tolist() == [72.0]


def test_tracks_are_named_after_instruments(tmp_path):
    played = notes([0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [40, 60, 72], [33, 0, 36])
    write_midi(Timeline(2.0, notes=played), tmp_path / "band.mid")
    assert [track.name for track in mido.MidiFile(tmp_path / "band.mid").tracks] == [
        "tempo", "piano", "bass", "Slap Bass 1"]


def test_the_melody_is_a_track_with_bends_on_request(tmp_path):
    times = np.arange(0, 2.0, 0.01)
    sung = np.where(times < 1.0, 60.3 + 0.4 * np.sin(2 * np.pi * 5.5 * times), 64.0)
    sung = np.where((times > 0.9) & (times < 1.1), np.nan, sung)
    hertz = np.nan_to_num(440 * 2 ** ((sung - 69) / 12))
    melody = Melody(times, hertz, np.ones(len(times)))
    song = Timeline(2.0, melody=melody, notes=notes([0.0], [1.0], [40]))
    write_midi(song, tmp_path / "plain.mid")
    assert "melody" not in [track.name for track in mido.MidiFile(tmp_path / "plain.mid").tracks]
    write_midi(song, tmp_path / "sung.mid", MidiLayout(melody=True))
    played, others = heard(tmp_path / "sung.mid")
    channel = others["pitchwheel"][0][1].channel
    ons = [(time, pitch) for time, where, pitch, on in played if on and where == channel]
    assert [pitch for _, pitch in ons] == [60, 64]
    np.testing.assert_allclose([time for time, _ in ons], [0.0, 1.1], atol=0.011)
    wheel = [(time, message.pitch) for time, message in others["pitchwheel"]]
    bends = np.array([[pitch for when, pitch in wheel if when <= time + 1e-3][-1] for time in times[:89]])
    np.testing.assert_allclose(60 + 2 * bends / 8192, sung[:89], atol=0.03)
    assert read_midi(tmp_path / "sung.mid").notes.pitches.tolist() == [40.0]


def test_quantised_notes_and_hits_lie_on_the_grid_of_the_file(tmp_path):
    rng = np.random.default_rng(4)
    beats = Beats.of(0.2 + np.arange(32) * 0.5 + rng.normal(0, 0.002, 32), np.arange(32) % 4 + 1)
    written = 0.2 + np.arange(60) * 0.25
    onsets = written + rng.normal(0, 0.012, 60)
    hits = Drums(written[::2] + rng.normal(0, 0.01, 30), np.full(30, 36), np.full(30, 90), np.ones(30))
    played = notes(onsets, onsets + 0.24, 60 + np.arange(60) % 9)
    song = Timeline(17.0, beats=beats, metre=metre((0, 4, 4)), notes=played, drums=hits)
    write_midi(song, tmp_path / "grid.mid", MidiLayout(quantised=True))
    file = mido.MidiFile(tmp_path / "grid.mid")
    lead_in = file.ticks_per_beat // 2  # before the first beat, half a quarter
    for name in ("piano", "drums"):
        now, starts = 0, []
        for message in next(track for track in file.tracks if track.name == name):
            now += message.time
            if message.type == "note_on" and message.velocity:
                starts.append(now - lead_in)
        step = file.ticks_per_beat // (2 if name == "piano" else 1)
        assert starts == [step * number for number in range(len(starts))]


def raw(*events, division=480):
    """A file of one track: events as bytes, then a note of 480 ticks."""
    track = b"".join(b"\x00" + event for event in events) + b"\x00\x90\x3c\x40\x83\x60\x80\x3c\x00\x00\xff\x2f\x00"
    return (b"MThd\x00\x00\x00\x06\x00\x00\x00\x01" + (division % 65536).to_bytes(2, "big") + b"MTrk"
            + len(track).to_bytes(4, "big") + track)


@pytest.mark.parametrize(("event", "words"), [
    (b"\xff\x59\x02\x09\x00", "key signatures"), (b"\xff\x59\x02\xf4\x01", "key signatures"),
    (b"\xff\x59\x02\x00\x02", "key signatures"), (b"\xff\x58\x04\x00\x02\x18\x08", "time signatures"),
    (b"\xff\x58\x04\x04\x0b\x18\x08", "time signatures"), (b"\xff\x51\x03\x00\x00\x00", "tempi")])
def test_what_cannot_be_is_left_out_of_a_midi_file_with_a_warning(tmp_path, caplog, event, words):
    (tmp_path / "odd.mid").write_bytes(raw(event))
    got = read_midi(tmp_path / "odd.mid")
    assert words in caplog.text and "odd.mid" in caplog.text
    assert got.keys is None and got.notes.offsets.tolist() == [0.5]
    assert (got.metre.numerators.tolist(), got.metre.denominators.tolist()) == ([4], [4])
    write_midi(got, tmp_path / "again.mid")


def test_riff_files_and_time_codes_are_read(tmp_path):
    inside = raw()
    riff = b"RMIDIDsk\x01\x00\x00\x00x\x00data" + len(inside).to_bytes(4, "little") + inside
    (tmp_path / "song.mid").write_bytes(b"RIFF" + len(riff).to_bytes(4, "little") + riff)
    assert read_midi(tmp_path / "song.mid").notes.offsets.tolist() == [0.5]
    for frames, seconds in ((25, 480 / 1000), (29, 480 / (30 * 40) * 1.001), (24, 0.5)):
        (tmp_path / "film.mid").write_bytes(raw(b"\xff\x51\x03\x01\x00\x00", division=-256 * frames + 40))
        film = read_midi(tmp_path / "film.mid")
        assert film.notes.offsets[0] == pytest.approx(seconds) and film.beats is None


def test_what_is_cut_off_is_told_from_what_is_no_midi_file(tmp_path):
    for content, words in ((raw()[:30], "is cut off"), (b"ID3 a song", "is no MIDI file")):
        (tmp_path / "bad.mid").write_bytes(content)
        with pytest.raises(FormatError, match=words):
            read_midi(tmp_path / "bad.mid")
