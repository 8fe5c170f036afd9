"""The report: what the page is told, what it keeps of the sound, and, in a real browser, what it does."""

import base64
import hashlib
import io
import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from headless import require_browser

from benchmarks.paths import CHROMIUM, NODE
from onpu import formats
from onpu.errors import AudioError, FormatError
from onpu.formats.audio import write_audio
from onpu.formats.report import sound, write_report
from onpu.formats.report.contents import contents
from onpu.formats.report.contour import MAX_DEVIATION_SEMITONES, contour
from onpu.formats.report.picture import GREY_LEVELS, png
from onpu.formats.report.sound import MOST_PEAKS, Outline
from onpu.formats.report.spectrum import LOWEST, MOST_COLUMNS, Spectrum
from onpu.music import (
    Audio,
    Beats,
    Chords,
    Drums,
    Keys,
    Melody,
    Metre,
    Notes,
    Onsets,
    Pedal,
    Sections,
    Tempo,
    Timeline,
    Voice,
    harte,
    spelling,
)
from onpu.music.key import Key
from onpu.music.tuning import Tuning

ROOT = Path(__file__).parents[2]
WEB, BROWSER_TEST, NAMES_TEST = ROOT / "web", ROOT / "tests/web/page.mjs", ROOT / "tests/web/names.mjs"
BEAT = 0.5
BEATS = 29  # an upbeat and seven bars of four
WICKED = "</script><script>window.injected = 1</script><img src=x onerror='injected = 2'> & “Søng”"


def timeline() -> Timeline:
    """Seven bars of 4/4 after an upbeat, in E flat, then in E."""
    times = 0.25 + BEAT * np.arange(BEATS)
    labels = np.array(["N", "Eb:maj", "C:min7/b3", "Ab:maj7", "Bb:sus4", "Bb:7", "E:maj", "G#:min7", "B:7(b9)/3", "X"])
    starts = np.array([0, 0.75, 2.75, 4.75, 6.75, 7.75, 8.75, 10.75, 12.75, 14.2])
    ends = np.append(starts[1:], 15.0)
    sure = np.linspace(0.95, 0.3, len(labels))
    others = np.array([["G:min", "Eb:maj7"]] * len(labels))
    keys = Keys(np.array([0, 8.75]), np.array([8.75, 15]), np.array(["Eb:major", "E:major"]), np.array([0.9, 0.8]))
    return Timeline(
        15.0,
        beats=Beats(times, np.append(4, np.arange(BEATS - 1) % 4 + 1), np.full(BEATS, 0.9)),
        metre=Metre(np.array([0.0]), np.array([4]), np.array([4]), np.array([0.8])),
        tempo=Tempo(np.array([120.0, 60.0]), np.array([0.8, 0.1]), np.array([0.0]), np.array([120.0])),
        keys=keys,
        chords=Chords(starts, ends, labels, sure, others, np.tile([0.2, 0.05], (len(labels), 1))),
        sections=Sections(np.array([0.75, 8.75]), np.array([8.75, 15]), np.array(["A", "<b>B</b>"]), np.ones(2)),
        key=Key(np.array(["Eb:major", "C:minor"]), np.array([0.7, 0.2])),
        tuning=Tuning(np.array([-12.0]), np.array([0.9])),
        notes=Notes(np.array([1.0, 0.5, 3.0]), np.array([2.0, 5.0, 3.5]), np.array([63.0, 51.25, 70.0]),
                    np.array([80, 120, 40]), np.array([40, 0, 40]), np.array([0.9, 0.85, 0.5])),
        pedal=Pedal(np.array([0.5]), np.array([4.5]), np.array([0.8])),
        melody=Melody(np.arange(100) / 50, np.where(np.arange(100) % 50 < 40, 440.0, 0.0), np.full(100, 0.6)),
        drums=Drums(np.array([0.75, 1.25, 1.25]), np.array([36, 38, 54]), np.array([127, 90, 30]),
                    np.array([1, 0.9, 0.4])),
        voice=Voice(np.array([2.0, 4.0]), np.array([3.0, 5.0]), np.array(["la", ""]), np.array([0.9, 0.7])),
        onsets=Onsets(times[:4], np.full(4, 0.9)),
    )


@pytest.fixture(scope="module")
def recording(tmp_path_factory) -> Path:
    """Fifteen seconds: a tone of A = 440 Hz, and a click on every beat."""
    rate = 22_050
    seconds = np.arange(15 * rate) / rate
    samples = 0.1 * np.sin(2 * np.pi * 440 * seconds)
    for time in timeline().beats.times:
        samples[round(time * rate) : round(time * rate) + 20] = 0.9
    path = tmp_path_factory.mktemp("sound") / "song.wav"
    write_audio(path, Audio(samples[None].astype(np.float32), rate))
    return path


def told(path: Path) -> dict:
    """The contents that a page was given."""
    return json.loads(re.search(r'id="contents">(.*?)</script>', path.read_text("utf-8"), re.DOTALL)[1])


# what the page is told


def test_an_upbeat_is_bar_0_and_chords_stand_on_their_beats():
    said = contents(timeline(), "song")
    bars, labels = said["bars"], said["chords"]["labels"]
    assert bars["numbers"] == list(range(8))
    placed = [[(beat, labels[chord]) for beat, chord in row] for row in bars["chords"]]
    assert placed[0] == [(0, "N")]
    assert placed[1:4] == [[(0, "Eb:maj")], [(0, "C:min7/b3")], [(0, "Ab:maj7")]]
    assert placed[4] == [(0, "Bb:sus4"), (2, "Bb:7")]
    assert placed[7] == [(0, "B:7(b9)/3")]
    assert bars["keys"] == ["Eb:major"] * 8  # eight bars are too few for a new signature


def test_a_chord_too_short_to_be_placed_gives_way_to_the_next():
    base = timeline()
    chords = Chords(np.array([0.75, 0.8]), np.array([0.8, 2.0]), np.array(["C", "D"]), np.ones(2))
    said = contents(replace(base, chords=chords), "song")
    assert said["bars"]["chords"][1] == [[0.0, 1]]


def test_chords_are_taken_apart_for_the_page():
    names = contents(timeline(), "song")["names"]
    assert names["chords"]["C:min7/b3"] == {"root": "C", "quality": "min7", "degrees": "", "bass": -3}
    assert names["chords"]["B:7(b9)/3"] == {"root": "B", "quality": "7", "degrees": "b9", "bass": 4}
    assert names["chords"]["N"] == {"root": "N", "quality": "", "degrees": "", "bass": None}
    odd = Chords(np.arange(2.0), np.arange(1, 3.0), np.array(["X", "A:1"]), np.ones(2))
    read = contents(replace(timeline(), chords=odd), "song")["names"]["chords"]
    assert (read["X"]["root"], read["A:1"]["quality"]) == ("N", "5")
    assert {"G:min", "Eb:maj7"} <= names["chords"].keys()
    assert names["keys"]["C:minor"] == {"tonic": 0, "mode": "minor"}


def test_what_was_not_looked_for_is_null_and_what_is_no_chord_stays_as_it_is():
    said = contents(Timeline(3.0), "nothing")
    assert {name for name, value in said.items() if value is None} == {
        "beats", "bars", "metre", "tempo", "key", "tuning", "keys", "chords", "sections", "notes", "pedal", "melody",
        "drums", "voice", "onsets", "instruments", "tags"}
    strange = Chords(np.zeros(1), np.ones(1), np.array(["H-moll"]), np.ones(1))
    assert contents(Timeline(3.0, chords=strange), "")["names"]["chords"] == {}


def test_notes_and_hits_come_in_the_order_of_time_with_their_names():
    said = contents(timeline(), "song")
    notes, drums = said["notes"], said["drums"]
    assert notes["onsets"] == [0.5, 1.0, 3.0] and notes["offsets"] == [5.0, 2.0, 3.5]
    assert notes["pitches"] == [51.25, 63, 70] and notes["programs"] == [0, 40, 40]
    assert notes["names"] == {0: {"name": "Acoustic Grand Piano", "family": "piano"},
                              40: {"name": "Violin", "family": "strings"}}
    assert drums["rows"] == ["Percussion", "Snare", "Kick"] and drums["parts"] == [2, 1, 0]
    assert drums["names"] == {36: "Bass Drum", 38: "Snare", 54: "Tambourine"}
    assert said["voice"]["labels"] == ["la", ""] and said["pedal"]["ends"] == [4.5]


def test_the_melody_is_as_few_points_as_its_bends_need():
    seconds = np.arange(2000) / 100
    vibrato = np.where(seconds > 10, 0.5 * np.sin(2 * np.pi * 5.5 * seconds), 0.0)
    pitches = 60 + np.floor(seconds / 2) + vibrato
    voiced = np.sin(2 * np.pi * seconds / 5) > -0.8
    found = contour(Melody(seconds, np.where(voiced, 440 * 2 ** ((pitches - 69) / 12), 0), seconds / 20))
    inside = np.interp(seconds, found.times, found.pitches)
    assert np.abs(inside - pitches)[voiced].max() <= MAX_DEVIATION_SEMITONES + 1e-9
    assert (found.times[1:] < 10).sum() < 30 and len(found.times) < 0.4 * voiced.sum()
    starts = found.times[found.firsts[:-1]]
    np.testing.assert_allclose(starts, seconds[np.flatnonzero(np.diff(voiced, prepend=False) & voiced)])
    assert np.abs(found.confidence - found.times / 20).max() < 0.11
    nothing = contour(Melody(seconds, np.zeros(2000), np.zeros(2000)))
    assert len(nothing.times) == 0 and nothing.firsts.tolist() == [0]


def test_an_hour_of_dense_music_stays_small():
    rng = np.random.default_rng(0)
    onsets = np.sort(rng.uniform(0, 3595, 40_000))
    notes = Notes(onsets, onsets + 0.5, rng.integers(30, 90, 40_000).astype(float), rng.integers(1, 128, 40_000),
                  np.zeros(40_000, int), rng.random(40_000))
    frames = np.arange(0, 3600, 512 / 22_050)
    sung = Melody(frames, 440 * 2 ** (np.round(6 * np.sin(frames)) / 12), np.full(len(frames), 0.5))
    said = contents(Timeline(3600.0, notes=notes, melody=sung), "")
    assert len(json.dumps(said, separators=(",", ":"))) < 2_500_000
    assert len(said["melody"]["times"]) < 0.3 * len(frames)


# what it keeps of the sound


@pytest.mark.parametrize("quality", sound.QUALITY)
def test_clicks_stay_where_they_are_in_the_stream_and_in_the_outline(recording, tmp_path, monkeypatch, quality):
    monkeypatch.setattr(sound, "QUALITY", ((np.inf, *quality[1:]),))
    kept = sound.condense(recording)
    (tmp_path / "stream.mp3").write_bytes(kept.stream)
    samples, rate = soundfile.read(tmp_path / "stream.mp3")
    assert rate == quality[1]
    for time in timeline().beats.times:
        near = slice(round((time - 0.1) * rate), round((time + 0.1) * rate))
        heard = (near.start + np.argmax(np.abs(samples[near]))) / rate
        assert heard == pytest.approx(time, abs=0.003)
        steps = len(kept.peaks) / kept.duration
        around = kept.peaks[int((time - 0.1) * steps) : int((time + 0.1) * steps)]
        assert around.argmax() + int((time - 0.1) * steps) == pytest.approx(time * steps, abs=2)
    assert kept.duration == pytest.approx(15, abs=0.01)
    assert len(kept.stream) < 130 * quality[2] * 15  # three minutes at the best: 1.5 MB, 2 MB in base64


def test_a_tone_lies_in_its_semitone_and_its_pitch_class(recording):
    kept = sound.condense(recording)
    between = kept.spectrogram[:, int(2.5 / kept.span * kept.spectrogram.shape[1])]
    assert between.argmax() + LOWEST == 69
    assert (kept.chroma.argmax(axis=0) == 9).mean() > 0.7


def test_the_tuning_of_the_recording_moves_the_semitones():
    tone = np.sin(2 * np.pi * 440 * 2 ** (40 / 1200) * np.arange(32_000) / 16_000).astype(np.float32)
    shares = []
    for cents in (0.0, 40.0):
        spectrum = Spectrum(16_000, 2.0, cents)
        spectrum.add(tone)
        chroma = spectrum.finish()[1]
        shares.append(chroma[9].mean() / chroma.mean(axis=0).sum())
    assert shares[1] > shares[0]


def test_silence_is_dark_and_pieces_are_as_good_as_the_whole():
    spectrum = Spectrum(16_000, 3.0)
    spectrum.add(np.zeros(48_000, np.float32))
    assert spectrum.finish()[1].max() == 0
    noise = np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)
    whole, pieces = Spectrum(16_000, 3.0), Spectrum(16_000, 3.0)
    whole.add(noise)
    for piece in np.split(noise, [100, 5_000, 30_001]):
        pieces.add(piece)
    for one, other in zip(whole.finish(), pieces.finish(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_ten_hours_take_no_more_room_than_one():
    assert Spectrum(16_000, 36_000.0).columns == MOST_COLUMNS
    assert 36_000 * 16_000 / Outline(16_000, 36_000.0).step <= MOST_PEAKS


def test_an_image_comes_back_from_its_file():
    image = np.linspace(0, 1, 15).reshape(3, 5)
    reader = pytest.importorskip("PIL.Image")
    shades = np.asarray(reader.open(io.BytesIO(png(image))).convert("L")) / 255
    np.testing.assert_allclose(shades, image, atol=0.51 / (GREY_LEVELS - 1))


# the file


def test_texts_of_users_cannot_leave_their_place(tmp_path):
    [path] = write_report(timeline(), tmp_path / "a.html", title=WICKED)
    text = path.read_text("utf-8")
    assert "<script>window" not in text and "<img" not in text and "<b>B" not in text
    assert told(path)["title"] == WICKED
    assert "default-src 'none'" in text and "connect-src" not in text


def test_the_script_is_the_one_that_the_page_allows():
    page = (ROOT / "src/onpu/formats/report/page.html").read_text("utf-8")
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{allowed}'" in page
    assert "BSD 3-Clause License" in page


@pytest.mark.parametrize("place", ["formats/report", "workbench"])
def test_the_pages_are_the_builds_of_the_sources(place):
    names = ["build.js", "package-lock.json", "package.json", "page.html", "workbench.html"]
    names += [str(path.relative_to(WEB)) for path in (WEB / "src").rglob("*") if path.is_file()]
    text = "".join(f"{name}\0{(WEB / name).read_text('utf-8')}\0" for name in sorted(names))
    page = (ROOT / "src/onpu" / place / "page.html").read_text("utf-8")
    built = re.search(r'name="onpu-sources" content="(\w+)"', page)[1]
    assert built == hashlib.sha256(text.encode()).hexdigest(), "web/ has changed: run `make web`"


def test_without_a_title_it_is_the_name_of_the_recording(tmp_path, recording):
    [path] = formats.write(timeline(), tmp_path, "page", ["html"], recording)
    assert path == tmp_path / "page.html"
    assert "<title>song</title>" in path.read_text("utf-8")
    [path] = formats.write(timeline(), tmp_path, "page", ["html"])
    assert "<title>page</title>" in path.read_text("utf-8") and told(path)["sound"] is None


def test_a_recording_of_no_samples_gives_a_silent_page(tmp_path):
    write_audio(tmp_path / "empty.wav", Audio(np.zeros((1, 0), np.float32), 22_050))
    [path] = write_report(Timeline(0.0), tmp_path / "a.html", tmp_path / "empty.wav")
    assert told(path)["sound"] is None


def test_what_cannot_be_read_or_written_is_named(tmp_path):
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(AudioError, match=r"text\.wav"):
        write_report(timeline(), tmp_path / "a.html", tmp_path / "text.wav")
    with pytest.raises(FormatError, match="missing"):
        write_report(timeline(), tmp_path / "missing" / "a.html")
    assert [path.name for path in tmp_path.iterdir()] == ["text.wav"]


# the page's own code


def pretty(name: str) -> str:
    return name.replace("#", "♯").replace("b", "♭")


def answered(question: dict) -> dict:
    """What the page's own functions answer; see tests/web/names.mjs."""
    done = subprocess.run([NODE, NAMES_TEST], input=json.dumps(question), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_who_is_heard_to_sing_is_a_voice_and_who_is_known_to_is_a_choir():
    for confidence, family in ((0.7, "voice"), (1.0, "ensemble")):
        sung = Notes(np.zeros(1), np.ones(1), np.full(1, 60.0), np.full(1, 80), np.full(1, 52), np.full(1, confidence))
        assert contents(Timeline(1.0, notes=sung), "")["notes"]["names"][52]["family"] == family


@pytest.mark.skipif(not NODE, reason="node is not installed")
def test_the_tempo_counts_the_note_that_is_a_beat():
    bars = [(4, 4, 4), (3, 4, 3), (6, 8, 2), (12, 8, 4), (7, 8, 7), (2, 2, 2)]
    assert answered({"names": {}, "cases": [], "bars": bars})["beats"] == ["♩", "♩", "♩.", "♩.", "♪", "𝅗𝅥"]


@pytest.mark.skipif(not NODE, reason="node is not installed")
def test_the_page_spells_as_onpu_does():
    labels = ["C:min7/b3", "F#:hdim7", "Bb:7(b9)", "A:sus4/5", "Ab", "N"]
    keys = ["C:major", "Eb:major", "F#:minor", "B:dorian", "Db:mixolydian"]
    cases = [(label, key, semitones) for label in labels for key in keys for semitones in (-11, -5, -1, 1, 2, 6)]
    chords = Chords(np.arange(6.0), np.arange(1, 7.0), np.array(labels), np.ones(6))
    names = contents(Timeline(6.0, chords=chords, key=Key(np.array(keys), np.ones(5))), "")["names"]
    answer = answered({"names": names, "cases": cases, "bars": []})
    for tonic, mode, sharps, spelled in answer["keys"]:
        assert (sharps, tuple(spelled)) == (spelling.signature(tonic, mode), spelling.names(tonic, mode))
    for (label, key, semitones), (root, bass, _, key_name) in zip(cases, answer["symbols"], strict=True):
        tonic, mode = spelling.parse_key(key)
        target = spelling.key_label((tonic + semitones) % 12, mode)
        moved = harte.transposed(label, semitones, target)
        assert root == ("N.C." if label == "N" else pretty(harte.parse(moved).name))
        assert bass == (pretty(harte.bass_name(moved)) if "/" in label else "")
        assert key_name == f"{pretty(target.split(':')[0])} {mode}"
    shown = {label: text for (label, *_), (_, _, text, _) in zip(cases, answer["symbols"], strict=True)}
    assert shown["N"] == "N.C." and shown["F#:hdim7"].endswith("ø7") and shown["Bb:7(b9)"].endswith("7(♭9)")


@pytest.fixture(scope="module")
def browsed(tmp_path_factory, recording) -> dict:
    """What a headless Chromium saw; see tests/web/page.mjs."""
    require_browser("playwright-core")
    folder = tmp_path_factory.mktemp("pages")
    write_report(timeline(), folder / "whole.html", recording, WICKED)
    write_report(timeline(), folder / "silent.html")
    write_report(Timeline(15.0), folder / "bare.html", recording)
    write_report(Timeline(0.0), folder / "empty.html")
    write_report(timeline(), folder / "apart.html", recording, stems={"vocals": recording, "drums": recording})
    done = subprocess.run([NODE, BROWSER_TEST, CHROMIUM, folder], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_browser_has_nothing_to_complain_about_and_asks_no_network(browsed):
    assert browsed["complaints"] == [] and browsed["requests"] == []
    assert browsed["whole"]["title"] == browsed["whole"]["heading"][0] == WICKED
    assert browsed["whole"]["injected"] is None


def test_chords_stand_in_the_lane_and_in_the_lead_sheet(browsed):
    whole = browsed["whole"]
    assert whole["bars"] == [str(number) for number in range(8)]
    written = ["N.C.", "E♭", "Cm7/E♭", "A♭maj7", "B♭sus4", "B♭7", "E", "G♯m7", "B7(♭9)/D♯", "N.C."]
    assert whole["sheet"] == written[:-1]  # what has no name is not said on paper
    assert whole["lane"] == written


def test_playing_moves_the_cursor(browsed):
    assert browsed["whole"]["playing"] == "Pause"
    assert browsed["whole"]["after"] > browsed["whole"]["before"] + 40


def test_clicking_a_bar_plays_from_there(browsed):
    sheet, lane = browsed["whole"]["sheetClick"], browsed["whole"]["laneClick"]
    assert sheet == {"time": "0:06 / 0:15", "place": "4 · 1", "current": "4"}
    assert lane == {"time": "0:04 / 0:15", "place": "3 · 1", "current": "3"}


def test_transposition_spells_for_the_new_key(browsed):
    moved = browsed["whole"]["transposed"]
    assert moved["steps"] == ["+2"]
    assert moved["sheet"][1:6] == ["F", "Dm7/F", "B♭maj7", "Csus4", "C7"]
    assert moved["sheet"][6:] == ["F♯", "A♯m7", "C♯7(♭9)/E♯"]
    assert browsed["whole"]["back"] == browsed["whole"]["sheet"]


def test_zooming_and_the_table(browsed):
    near, nearer, whole = browsed["whole"]["widths"]
    assert nearer > 1.4 * near and whole == pytest.approx(browsed["whole"]["pane"], abs=2)
    assert browsed["whole"]["rows"] == 10


def test_lanes_of_what_is_played_say_what_lies_under_the_pointer(browsed):
    whole = browsed["whole"]
    assert {".lane.notes", ".lane.melody", ".lane.drums", ".lane.voice", ".legend"} <= set(whole["shown"])
    assert whole["tips"]["notes"][1:] == ["Acoustic Grand Piano", "0:00 · velocity 120 · 85% sure"]
    assert whole["tips"]["notes"][0] == "E♭3 +25 cents" and whole["tips"]["pedal"] == ["Pedal down", "80% sure"]
    assert whole["tips"]["melody"] == ["A4", "440.0 Hz", "0:00 · 60% sure"]
    assert whole["tips"]["drums"] == ["Bass Drum", "0:00 · velocity 127 · 100% sure"]
    assert whole["tips"]["transposed"][0] == "F3 +25 cents"
    assert whole["syllables"] == [2, "la"]


def test_lanes_and_instruments_can_be_hidden(browsed):
    assert browsed["whole"]["instruments"] == ["Piano\n1", "Strings\n2"]
    assert browsed["whole"]["hidden"] == {"lane": False, "caption": False, "tip": ["Pedal down", "80% sure"]}


def test_parts_are_heard_alone_and_muted_in_step_with_the_recording(browsed):
    apart = browsed["apart"]
    assert apart["names"] == ["Vocals", "Drums"]
    assert [sound["muted"] for sound in apart["whole"]] == [False]
    assert [sound["muted"] for sound in apart["solo"]] == [True, True, False]
    times = [sound["currentTime"] for sound in apart["solo"]]
    assert max(times) - min(times) < 0.15
    assert [sound["muted"] for sound in apart["muted"]] == [True, False, True]
    assert apart["pressed"] == ["Mute: drums"]
    assert [sound["muted"] for sound in apart["again"][:1]] == [False]


def test_only_the_lead_sheet_and_the_title_are_printed(browsed):
    assert browsed["whole"]["printed"] == [".sheet", ".sheet .title"]


def test_dark_and_narrow_screens_are_served(browsed):
    assert browsed["whole"]["dark"] == "rgb(15, 17, 21)"
    assert browsed["whole"]["overflow"] <= 0
    named = set(browsed["whole"]["captions"])
    assert {"Sound", "Notes"} <= named and "Chords" not in named
    assert browsed["whole"]["touched"] >= 36  # pixels of height, for fingers


def test_missing_parts_are_left_out(browsed):
    assert {".play", ".lane.waveform", ".lane.chroma"}.isdisjoint(browsed["silent"]["shown"])
    assert {".lane.chords", ".sheet", ".stage"} <= set(browsed["silent"]["shown"])
    assert browsed["silent"]["place"][0].startswith("2 · 1")
    assert {".play", ".lane.waveform", ".lane.spectrogram"} <= set(browsed["bare"]["shown"])
    assert {".lane.chords", ".lane.beats", ".sheet"}.isdisjoint(browsed["bare"]["shown"])
    assert {".play", ".sheet", ".lane.chords"}.isdisjoint(browsed["empty"]["shown"])
