"""onpu analyze: files in, files and a table out, whatever the files are."""

import io
import json
import shutil

import numpy as np
import pytest
import soundfile

import onpu as onpu_door
from onpu.apps.summary import HEADINGS, summary
from onpu.music import Chords, Key, Sections, Timeline


@pytest.fixture
def analyze(onpu, untrained, tmp_path):
    return lambda *words: onpu("analyze", "--tasks", untrained, "-o", tmp_path / "out", *words)


def names(folder):
    """Of the results; their records are hidden."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*")
                  if path.is_file() and path.parent.name != ".onpu")


def test_every_format_is_written(analyze, clicks, tmp_path):
    answer = analyze(clicks, "--format", "jams,midi,beats,audacity,csv")
    assert answer.code == 0, answer.err
    written = names(tmp_path / "out")
    assert {"clicks.jams", "clicks.mid", "clicks.beats"} <= set(written)
    assert any("audacity" in name for name in written) and any(name.endswith(".csv") for name in written)
    assert json.loads((tmp_path / "out/clicks.jams").read_text())["file_metadata"]["duration"] == pytest.approx(8.0)
    assert all(word in answer.out for word in ("recording", "tempo", "metre", "bars", "clicks.wav", "0:08"))


def test_what_cannot_be_written_is_said_only_if_it_was_asked_for(analyze, clicks, tmp_path):
    answer = analyze(clicks)
    assert (answer.code, answer.err) == (0, "")
    assert names(tmp_path / "out") == ["clicks.beats", "clicks.jams", "clicks.mid"]
    assert "1 skipped" in analyze(clicks, "--skip-existing").out
    answer = analyze(clicks, "--format", "jams,musicxml,lab")
    assert answer.code == 0
    lead_sheet, segments = answer.err.splitlines()
    assert "clicks.wav" in lead_sheet and "musicxml, which needs beats and chords" in lead_sheet
    assert "lab, which needs chords or keys" in segments


def test_the_summary_names_key_and_chords():
    chords = Chords(np.arange(3.0), np.arange(3.0) + 1, np.array(["N", "C:maj", "G:7"]), np.ones(3))
    timeline = Timeline(65.0, chords=chords, key=Key(np.array(["Eb:major", "C:minor"]), np.array([0.7, 0.2])))
    row = dict(zip(HEADINGS[1:], summary(timeline), strict=True))
    assert (row["length"], row["key"], row["chords"]) == ("1:05", "Eb major", "2")
    nothing = dict(zip(HEADINGS[1:], summary(Timeline(0.0)), strict=True))
    assert (nothing["key"], nothing["chords"]) == ("-", "-")


@pytest.mark.parametrize("labels, told", [
    ([], "-"), (["A"], "one section"), (["intro", "A", "chorus", "A"], "intro A chorus A"),
    (["chorus"] * 9, "chorus chorus chorus chorus …")])
def test_the_summary_names_the_form(labels, told):
    edges = np.arange(len(labels) + 1.0)
    sections = Sections(edges[:-1], edges[1:], np.array(labels, dtype=np.str_), np.ones(len(labels)))
    row = dict(zip(HEADINGS[1:], summary(Timeline(9.0, sections=sections)), strict=True))
    assert row["form"] == told and len(told) <= 30


def test_one_bad_file_does_not_stop_the_others(analyze, clicks, tmp_path):
    (tmp_path / "bad.wav").write_bytes(b"")
    shutil.copy(clicks, tmp_path / "last.wav")
    answer = analyze(clicks, tmp_path / "bad.wav", tmp_path / "gone.mp3", tmp_path / "last.wav", "-f", "beats")
    assert answer.code == 1
    assert names(tmp_path / "out") == ["clicks.beats", "last.beats"]
    assert "bad.wav" in answer.err and "gone.mp3" in answer.err and "2 of 4 recordings failed" in answer.err


def nan_wav(path):
    soundfile.write(path, np.array([0.1, np.nan, 0.2] * 4000), 8000, subtype="FLOAT")


def renamed_text(path):
    path.write_text("these are words\n" * 50)


@pytest.mark.parametrize(("name", "make"), [
    ("empty.wav", lambda path: path.write_bytes(b"")), ("words.wav", renamed_text), ("nan.wav", nan_wav),
    ("noise.mp3", lambda path: path.write_bytes(np.random.default_rng(0).bytes(300))),
    ("folder", lambda path: path.mkdir()), ("missing.flac", lambda path: None),
])
def test_unusable_input_is_one_line(analyze, tmp_path, name, make):
    make(tmp_path / name)
    answer = analyze(tmp_path / name)
    assert answer.code == 2
    assert answer.err.count("\n") == 1 and answer.err.startswith("onpu: ") and name in answer.err
    assert not (tmp_path / "out").exists()


def test_a_file_without_permission_is_one_line(analyze, clicks, tmp_path, monkeypatch):
    def refuse(path, *_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("onpu.formats.audio.open", refuse, raising=False)
    answer = analyze(clicks)
    assert answer.code == 2 and answer.err.count("\n") == 1 and "ermission" in answer.err


@pytest.mark.parametrize("samples", [0, 1, 3])
def test_next_to_nothing_has_no_beats(analyze, tmp_path, samples):
    soundfile.write(tmp_path / "short.wav", np.full(samples, 0.1), 44_100)
    answer = analyze(tmp_path / "short.wav")
    assert answer.code == 0, answer.err
    assert "no beats" in answer.out
    assert (tmp_path / "out/short.beats").read_text() == ""


def test_a_truncated_mp3_is_analysed_as_far_as_it_goes(analyze, clicks, tmp_path):
    samples, rate = soundfile.read(clicks)
    soundfile.write(tmp_path / "whole.mp3", samples, rate)
    whole = (tmp_path / "whole.mp3").read_bytes()
    (tmp_path / "cut.mp3").write_bytes(whole[: len(whole) // 2])
    answer = analyze(tmp_path / "cut.mp3", "-f", "jams")
    assert answer.code == 0
    assert answer.err.count("\n") == 1 and "cut.mp3" in answer.err and "cut off" in answer.err
    duration = json.loads((tmp_path / "out/cut.jams").read_text())["file_metadata"]["duration"]
    assert 3.5 < duration < 4.5


def test_names_with_blanks_and_japanese(analyze, clicks, tmp_path):
    shutil.copy(clicks, tmp_path / "春 の 歌.wav")
    answer = analyze(tmp_path / "春 の 歌.wav", "-f", "jams,midi")
    assert answer.code == 0 and names(tmp_path / "out") == ["春 の 歌.jams", "春 の 歌.mid"]
    assert "春 の 歌.wav" in answer.out


@pytest.mark.parametrize(("words", "named"), [
    (["--format", "jams,docx"], "docx"), (["--device", "abacus"], "abacus"), (["--precision", "half"], "half"),
    (["--metre", "waltz"], "waltz"),
    (["--half", "--double"], "--half"), (["--tasks", "telepathy"], "telepathy"),
])
def test_wrong_options_are_one_line(onpu, clicks, untrained, tmp_path, words, named):
    answer = onpu("analyze", clicks, "-o", tmp_path / "out", "--tasks", untrained, *words)
    assert answer.code == 2 and answer.err.count("\n") == 1 and named in answer.err
    assert not (tmp_path / "out").exists()


def test_skip_existing_leaves_finished_recordings_alone(analyze, clicks, tmp_path):
    shutil.copy(clicks, tmp_path / "other.wav")
    assert analyze(clicks, "-f", "beats").code == 0
    made = (tmp_path / "out/clicks.beats").stat().st_mtime_ns
    answer = analyze(clicks, tmp_path / "other.wav", "-f", "beats", "--skip-existing")
    assert answer.code == 0 and "1 skipped" in answer.out
    assert (tmp_path / "out/clicks.beats").stat().st_mtime_ns == made and (tmp_path / "out/other.beats").exists()


def other_sound(clicks, out):
    samples, rate = soundfile.read(clicks)
    soundfile.write(clicks, samples[: len(samples) // 2], rate)


def half_written(clicks, out):
    (out / "a.mid").write_bytes((out / "a.mid").read_bytes()[:-10])


def other_version(clicks, out):
    record = out / ".onpu/a.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"onpu": "0.0"}))


@pytest.mark.parametrize(("change", "words"), [
    (other_sound, ()), (half_written, ()), (other_version, ()),
    (lambda clicks, out: (out / "a.mid").unlink(), ()), (lambda clicks, out: (out / ".onpu/a.json").unlink(), ()),
    (lambda clicks, out: (out / ".onpu/a.json").write_text("[]"), ()),
    (lambda clicks, out: None, ("--min-bpm", 90)), (lambda clicks, out: None, ("-f", "beats,midi,jams")),
])
def test_results_are_made_again_where_they_would_be_others_or_are_not_whole(analyze, clicks, tmp_path, change, words):
    recording = tmp_path / "a.wav"
    shutil.copy(clicks, recording)
    assert analyze(recording, "-f", "beats,midi").code == 0
    assert "1 skipped" in analyze(recording, "-f", "midi", "--skip-existing").out
    recording.touch()
    assert "1 skipped" in analyze(recording, "-f", "beats,midi", "--skip-existing").out, "a date alone says nothing"
    change(recording, tmp_path / "out")
    assert "skipped" not in analyze(recording, *(words or ("-f", "beats,midi")), "--skip-existing").out
    assert "1 skipped" in analyze(recording, *(words or ("-f", "beats,midi")), "--skip-existing").out


def test_results_of_files_that_differ_in_their_suffix_are_kept_apart(analyze, clicks, tmp_path):
    samples, rate = soundfile.read(clicks)
    soundfile.write(tmp_path / "clicks.flac", samples, rate)
    assert analyze(clicks, "-f", "beats").code == 0
    answer = analyze(tmp_path / "clicks.flac", "-f", "beats", "--skip-existing")
    assert "skipped" not in answer.out and "clicks.flac.*" in answer.err
    assert names(tmp_path / "out") == ["clicks.beats", "clicks.flac.beats"]
    assert "1 skipped" in analyze(tmp_path / "clicks.flac", "-f", "beats", "--skip-existing").out


def test_hidden_files_are_passed_over_and_links_followed(analyze, clicks, tmp_path):
    (tmp_path / "music").mkdir()
    (tmp_path / "music/._song.mp3").write_bytes(b"\0\5\x16\7" + bytes(4000))
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(clicks, tmp_path / "elsewhere/song.wav")
    (tmp_path / "music/linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere/again").symlink_to(tmp_path / "music")
    answer = analyze(tmp_path / "music", "-f", "beats")
    assert (answer.code, answer.err) == (0, "") and names(tmp_path / "out") == ["linked/song.beats"]
    (tmp_path / "music/gone.wav").symlink_to(tmp_path / "nowhere.wav")
    answer = analyze(tmp_path / "music", "-f", "beats")
    assert answer.code == 1 and "gone.wav" in answer.err


def test_places_that_cannot_be_written_to_are_told_before_the_work(analyze, clicks, tmp_path, monkeypatch):
    monkeypatch.setattr("onpu.analysis.analyze", None)
    shutil.copy(clicks, tmp_path / f"{'n' * 245}.wav")
    answer = analyze(tmp_path / f"{'n' * 245}.wav", "-f", "csv,audacity")
    assert answer.code == 2 and "too long" in answer.err and answer.err.count("\n") == 1
    (tmp_path / "out").write_text("a file")
    answer = analyze(clicks)
    assert answer.code == 2 and "out: names a folder here" in answer.err and answer.err.count("\n") == 1


def test_folders_keep_their_tree_and_equal_names_their_suffix(analyze, clicks, tmp_path):
    for name in ("music/a.wav", "music/b/a.wav", "music/b/c.wav", "music/notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(clicks, tmp_path / name)
    samples, rate = soundfile.read(clicks)
    soundfile.write(tmp_path / "music/a.flac", samples, rate)
    assert analyze(tmp_path / "music", "-f", "beats").code == 0
    assert names(tmp_path / "out") == ["a.flac.beats", "a.wav.beats", "b/a.beats", "b/c.beats"]


def test_equal_names_of_different_folders_keep_these(analyze, clicks, tmp_path):
    for name in ("x/mix.wav", "y/mix.wav"):
        (tmp_path / name).parent.mkdir()
        shutil.copy(clicks, tmp_path / name)
    assert analyze(tmp_path / "x/mix.wav", tmp_path / "y/mix.wav", clicks, "-f", "beats").code == 0
    assert names(tmp_path / "out") == ["clicks.beats", "x/mix.beats", "y/mix.beats"]


def test_patterns_are_expanded(analyze, clicks, tmp_path):
    for name in ("x1.wav", "x2.wav", "y.wav"):
        shutil.copy(clicks, tmp_path / name)
    assert analyze(tmp_path / "x*.wav", "-f", "beats").code == 0
    assert names(tmp_path / "out") == ["x1.beats", "x2.beats"]
    assert analyze(tmp_path / "z*.wav").code == 2


def test_two_processes_write_what_one_writes(analyze, clicks, tmp_path):
    shutil.copy(clicks, tmp_path / "other.wav")
    (tmp_path / "bad.wav").write_bytes(b"")
    files = clicks, tmp_path / "bad.wav", tmp_path / "other.wav"
    for place, jobs in (("one", 1), ("two", 2)):
        answer = analyze(*files, "-f", "beats", "-q", "-o", tmp_path / place, "--jobs", jobs)
        assert answer.code == 1 and "1 of 3 recordings failed" in answer.err
    assert names(tmp_path / "one") == names(tmp_path / "two") == ["clicks.beats", "other.beats"]
    for name in names(tmp_path / "one"):
        one, two = (np.loadtxt(tmp_path / place / name) for place in ("one", "two"))
        np.testing.assert_allclose(one, two, atol=1e-4)


def test_quiet_says_nothing(analyze, clicks):
    answer = analyze(clicks, "-q")
    assert (answer.code, answer.out, answer.err) == (0, "", "")


def test_json_is_one_object_a_recording_and_nothing_else(onpu, untrained, clicks, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.wav").write_bytes(b"")
    shutil.copy(clicks, tmp_path / "other.wav")
    for jobs in (1, 2):
        answer = onpu("analyze", "--tasks", untrained, "--json", "-j", jobs, clicks, "bad.wav", "other.wav")
        assert answer.code == 1 and answer.err == ""
        first, bad, other = map(json.loads, answer.out.splitlines())
        assert bad == {"file": "bad.wav", "error": "bad.wav: is empty (0 bytes); get a complete copy"}
        assert (first["file"], other["file"]) == (str(clicks), "other.wav") and first["duration"] == 8.0
        assert first.keys() == {"file", "duration", "beats", "metre", "tempo"} and first["beats"] == other["beats"]
        found = onpu_door.analyze(clicks, tasks=[untrained])
        np.testing.assert_array_equal(Timeline.from_dict(first).beats.times, found.beats.times)
    assert names(tmp_path) == ["bad.wav", "other.wav"], "nothing is written unasked"
    answer = onpu("analyze", "--tasks", untrained, "--json", "bad.wav")
    assert (answer.code, answer.err) == (1, "") and json.loads(answer.out)["file"] == "bad.wav"


def test_json_beside_files(analyze, clicks, tmp_path):
    answer = analyze("--json", clicks)
    assert answer.code == 0 and json.loads(answer.out)["duration"] == 8.0
    assert names(tmp_path / "out") == ["clicks.beats", "clicks.jams", "clicks.mid"]
    answer = analyze("--json", "--skip-existing", clicks)
    assert answer.code == 2 and "exclude each other" in answer.err and answer.out == ""


class Standard:
    """Standard input as a stream of bytes and of text."""

    def __init__(self, data: bytes):
        self.buffer = io.BytesIO(data)

    def read(self) -> str:
        return self.buffer.read().decode()


def test_standard_input_is_a_recording(analyze, clicks, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", Standard(clicks.read_bytes()))
    answer = analyze("-", "-f", "beats")
    assert answer.code == 0 and "standard input" in answer.out and names(tmp_path / "out") == ["stdin.beats"]
    monkeypatch.setattr("sys.stdin", Standard(b"no sound"))
    answer = analyze("-", "--json")
    said = json.loads(answer.out)
    assert answer.code == 1 and said["file"] == "standard input"
    assert said["error"].startswith("standard input: holds text")


def test_lists_name_recordings(analyze, clicks, tmp_path, monkeypatch):
    shutil.copy(clicks, tmp_path / "a [live].wav")
    (tmp_path / "list.txt").write_text(f"{clicks}\n\n{tmp_path / 'a [live].wav'}\n", encoding="utf-8")
    assert analyze(f"@{tmp_path / 'list.txt'}", "-f", "beats").code == 0
    assert names(tmp_path / "out") == ["a [live].beats", "clicks.beats"]
    monkeypatch.setattr("sys.stdin", Standard(str(clicks).encode()))
    assert analyze("@-", "-f", "jams").code == 0 and "clicks.jams" in names(tmp_path / "out")
    answer = analyze("@gone.txt")
    assert answer.code == 2 and "@gone.txt: cannot be read as a list of recordings" in answer.err


def test_shell_completion_is_on(onpu):
    assert "--install-completion" in onpu("--help").out
