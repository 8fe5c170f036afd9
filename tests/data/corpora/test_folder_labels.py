"""Label files beside recordings: which are read for a task, what counts when they differ, what is wrong with them."""

import re
from pathlib import Path

import numpy as np
import pytest

from onpu.apps.labels import LABELS, files_for, items_for
from onpu.data.recordings import folder_items
from onpu.errors import DataError, FormatError, LabelError
from onpu.formats.jams import write_jams
from onpu.listen import tasks
from onpu.music import Beats, Chords, Key, Keys, Timeline

CHORDS = "0\t2.5\tC:min7/b3\n2.5 4 N\n"
KEYS = "0\t2\tKey\tC#:minor\n2\t3\tSilence\n3\t4\tF# minor\n"


def segments(kind, *rows):
    starts, ends, labels = zip(*rows, strict=True)
    return kind(np.array(starts, float), np.array(ends, float), np.array(labels), np.ones(len(rows)))


def files(folder, **texts):
    """Empty recordings, and label files; `__` in a name stands for a folder, `_` for a dot."""
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def timelines(folder, *fields):
    items, _ = folder_items(folder, LABELS, fields, fields)
    return {item.name: item.timeline for item in items}


def test_several_files_make_one_timeline(tmp_path):
    files(tmp_path, a_wav="", a_beats="0.5\t1\n1.0\t2\n", a_chords_lab=CHORDS, a_keys_lab=KEYS)
    found = timelines(tmp_path, "beats", "chords", "keys")["a"].validate()
    assert found.beats.positions.tolist() == [1, 2]
    assert list(zip(found.chords.starts, found.chords.ends, found.chords.labels, strict=True)) == [
        (0, 2.5, "C:min7/b3"), (2.5, 4, "N")]
    assert list(zip(found.keys.starts, found.keys.ends, found.keys.labels, strict=True)) == [
        (0, 2, "C#:minor"), (3, 4, "F#:minor")]
    assert found.duration == 4 and found.key is None


def test_both_layouts_hold_the_same(tmp_path):
    files(tmp_path, a_wav="", a_lab=CHORDS, a_key="Eb:major\n", set__b__mix_flac="", set__b__drums_flac="",
          set__b__chords_tsv="# start\tend\tchord\n" + CHORDS, set__b__key_txt="Eb major\n", set__c__audio_mp3="",
          set__c__chords_lab=CHORDS, set__c__keys_lab="0\t4\tEb:maj\n")
    found = timelines(tmp_path, "chords", "key", "keys")
    assert list(found) == ["a", "b", "c"]
    for timeline in found.values():
        assert timeline.chords.labels.tolist() == ["C:min7/b3", "N"]
        assert (timeline.keys if timeline.key is None else timeline.key).labels.tolist() == ["Eb:major"]


def test_jams_holds_everything_and_what_lies_beside_it_counts_more(tmp_path):
    whole = Timeline(9.0, beats=Beats.of(np.array([1.0, 2.0]), np.array([1, 2])),
                     chords=segments(Chords, (0, 9, "G:7")), keys=segments(Keys, (0, 9, "C:major")),
                     key=Key(np.array(["C:major"]), np.ones(1)))
    files(tmp_path, a_wav="", b_wav="", b_chords_lab=CHORDS, b_keys_lab="0\t9\tA:minor\n")
    for name in ("a", "b"):
        write_jams(whole, tmp_path / f"{name}.jams")
    found = timelines(tmp_path, "beats", "chords", "keys", "key")
    assert found["a"].chords.labels.tolist() == ["G:7"] and found["a"].key.labels.tolist() == ["C:major"]
    assert found["b"].chords.labels.tolist() == ["C:min7/b3", "N"] and found["b"].beats.times.tolist() == [1, 2]
    assert found["b"].keys.labels.tolist() == ["A:minor"] and found["b"].key is None
    assert found["a"].duration == found["b"].duration == 9
    assert set(timelines(tmp_path, "beats")["a"].found()) == {"beats"}


def test_a_task_gets_what_it_can_use_and_says_what_it_left_out(tmp_path, capsys):
    files(tmp_path, a_wav="", a_chords_lab=CHORDS, b_wav="", b_keys_lab=KEYS, c_wav="", c_key="N", d_wav="",
          d_beats="1\t1\n")
    write_jams(Timeline(5.0, key=Key(np.array(["D:dorian"]), np.ones(1))), tmp_path / "d.jams")
    names = {task: [item.name for item in items_for(tasks()[task], tmp_path)]
             for task in ("beats", "tempo", "chords", "key")}
    assert names == {"beats": ["d"], "tempo": ["d"], "chords": ["a"], "key": ["b", "c", "d"]}
    notes = capsys.readouterr().err.splitlines()
    assert notes[2] == f"onpu: {tmp_path}: 3 of 4 recordings have no chords and are left out: b.wav, c.wav, d.wav"
    assert notes[3].endswith("1 of 4 recordings have no keys or key and are left out: a.wav") and len(notes) == 4


@pytest.mark.parametrize(("task", "wanted"), [
    ("beats", r"NAME\.beats \(.*\) or NAME\.jams"), ("chords", r"NAME\.chords\.lab \(.*\) or NAME\.jams"),
    ("chroma", r"NAME\.chords\.lab \(.*\) or NAME\.jams"),
    ("key", r"NAME\.keys\.lab \(.*\) or NAME\.key \(.*\) or NAME\.jams")])
def test_no_labels_for_the_task_is_one_line(tmp_path, task, wanted):
    files(tmp_path, a_wav="", a_voice_lab="0\t1\tla\n", b_wav="")
    with pytest.raises(DataError, match=f"2 recordings, .* label files, no recording with .*; put {wanted} beside"):
        items_for(tasks()[task], tmp_path)
    assert "jams" in files_for(tasks()[task])


def test_wrong_labels_name_their_file_and_only_those_that_are_read(tmp_path):
    files(tmp_path, a_wav="", a_lab="0\t1\tla\n", a_beats="1\t1\n", a_keys_lab="0\t1\tQ\n", a_key="Eb\nF\n")
    assert timelines(tmp_path, "beats")["a"].beats.times.tolist() == [1]
    with pytest.raises(LabelError, match=r"a\.lab: 'la' is no chord"):
        timelines(tmp_path, "chords")
    with pytest.raises(LabelError, match=r"a\.keys\.lab: 'Q' is not a tonic"):
        timelines(tmp_path, "keys")
    with pytest.raises(FormatError, match=r"a\.key: holds Eb, F; write one key, as in Eb:major"):
        timelines(tmp_path, "key")


def test_a_key_is_learned_from_regions_or_from_the_whole_alone(tmp_path):
    listener = tasks()["key"]
    clock = listener.network(listener.recipes["small"]).features().clock
    frames = round(4 * clock.fps)
    files(tmp_path, a_wav="", a_keys_lab="0\t4\tEb:major\n", b_wav="", b_key="Eb major", c_wav="", c_key="N",
          d_wav="", d_keys_lab="0\t2\tB:locrian\n2\t4\tN\n")
    truth = {item.name: item.timeline for item in items_for(listener, tmp_path)}
    heads = {name: listener.target(timeline, clock, frames)["keys"] for name, timeline in truth.items()}
    assert all((head.sum(axis=0) == 1).all() for head in heads.values())
    np.testing.assert_array_equal(heads["a"], heads["b"])
    assert heads["c"][-1].all() and heads["d"][-1].sum() == frames / 2
    same = Timeline(4.0, key=Key(np.array(["Eb:major"]), np.ones(1)))
    assert [listener.metric(truth[name], same)["MIREX score"] for name in ("a", "b", "c")] == [1, 1, 0]


def test_the_guide_names_the_files_that_are_read():
    guide = (Path(__file__).parents[3] / "docs/own-recordings.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:NAME)?(\S+)`", "\n".join(re.findall(r"^\| `NAME.*$", guide, re.MULTILINE))))
    assert {name for kind in LABELS for name in kind.names} <= named


def test_one_wrong_file_costs_one_recording(tmp_path, capsys):
    listener = tasks()["chords"]
    files(tmp_path, a_wav="", a_lab="0\t2\tC\n", b_wav="", b_lab="0\t2\tC\n1\t3\tG\n")
    assert [item.name for item in items_for(listener, tmp_path)] == ["a"]
    said = capsys.readouterr().err
    assert "b.lab" in said and said.count("\n") == 1
    (tmp_path / "a.lab").unlink()
    with pytest.raises(LabelError, match=r"b\.lab"):
        items_for(listener, tmp_path)
