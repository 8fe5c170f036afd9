"""A user's own tags: folders, tables, and what is wrong with them."""

import numpy as np
import pytest
import soundfile

from onpu.apps.labels import items_for
from onpu.errors import DataError, OnpuError
from onpu.formats.tags import read_tag_table, read_tags
from onpu.listen import tasks
from onpu.listen.tags import completed
from onpu.music import Tags, Timeline

TASK = tasks()["tags"]


def sound(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.zeros(800), 8000)
    return path


def found(folder):
    return {item.name: item.timeline.tags.labels.tolist() for item in items_for(TASK, folder)}


def test_folders_are_tags(tmp_path):
    for name in ("calm/a.wav", "wild/b.flac", "wild/live/c.wav", ".hidden/d.wav"):
        sound(tmp_path / name)
    assert found(tmp_path) == {"a": ["calm"], "b": ["wild"], "c": ["wild", "live"]}


@pytest.mark.parametrize("text", [
    "file,tag\na.wav,calm\nsub/b.wav,wild\nsub/b.wav,live\n", "a.wav;calm\nsub/b.wav;wild;live\n",
    "Filename\tTags\n# mine\na.wav\tcalm\nsub/b.wav\twild\tlive\n", "\ufefffile,tag,more\na,calm,\nb,wild,live\n"])
def test_a_table_names_files_and_tags(tmp_path, text):
    sound(tmp_path / "a.wav"), sound(tmp_path / "sub/b.wav"), sound(tmp_path / "c.wav")
    (tmp_path / "tags.csv").write_text(text)
    assert found(tmp_path) == {"a": ["calm"], "b": ["wild", "live"]}


@pytest.mark.parametrize(("text", "said"), [
    ("file,tag\na.wav,calm\nb.wav,wild\n", r"line 3: there is no recording b.wav in .*; name files as they lie"),
    ("a.wav,calm\na.wav\n", "tags.csv, line 2: 'a.wav' is not file, tag …; give each file a tag"),
    ("a.wav,calm\n,wild\n", "tags.csv, line 2: ',wild' is not file, tag …"),
    ("tags.csv,calm\n", "tags.csv, line 1: tags.csv is no recording; the first column names files"),
    ("file,tag\n", "tags.csv: holds no line with a file and its tags"),
])
def test_wrong_tables_are_refused_with_their_line(tmp_path, text, said):
    sound(tmp_path / "a.wav")
    (tmp_path / "tags.csv").write_text(text)
    with pytest.raises(OnpuError, match=said):
        found(tmp_path)


def test_recordings_beside_folders_have_no_tag(tmp_path):
    sound(tmp_path / "calm/a.wav"), sound(tmp_path / "b.wav")
    with pytest.raises(DataError, match=r"b\.wav lies in no sub-folder and so has no tag"):
        found(tmp_path)


def test_a_table_beside_each_recording_is_read(tmp_path):
    sound(tmp_path / "x/a.wav")
    (tmp_path / "x/a.tags.csv").write_text('tag,confidence\n"slow, sad",0.7\ncalm,1\n')
    assert found(tmp_path) == {"a": ["slow, sad", "calm"]}
    assert read_tags(tmp_path / "x/a.tags.csv").confidence.tolist() == [0.7, 1.0]
    (tmp_path / "x/a.tags.csv").write_text("calm,2\n")
    with pytest.raises(OnpuError, match="line 1: 'calm,2' is not tag, confidence from 0 to 1"):
        read_tags(tmp_path / "x/a.tags.csv")


def test_tags_that_are_saved_are_read(tmp_path):
    tags = Tags(np.array(["genre:rock", 'the "best", really', "a b"]), np.array([0.5, 1.0, 0.25]))
    Timeline(1.0, tags=tags).save(tmp_path / "song.tags.csv")
    again = read_tags(tmp_path / "song.tags.csv")
    assert again.labels.tolist() == tags.labels.tolist() and again.confidence.tolist() == tags.confidence.tolist()


def test_words_are_those_of_the_data():
    def of(*labels):
        return Timeline(1.0, tags=Tags(np.array(labels, np.str_), np.ones(len(labels))))

    small = TASK.recipes["small"]
    assert completed(small, [of("wild"), of("calm", "live"), of()]).words == ("calm", "live", "wild")
    assert completed(small, [of("kind:rock", "style:punk"), of("mine")]).words == (), "composed songs have onpu's own"
    with pytest.raises(DataError, match="all recordings are tagged 'wild'"):
        completed(small, [of("wild"), of("wild")])


def test_a_table_elsewhere_is_a_table(tmp_path):
    (tmp_path / "mine.tsv").write_text("a.wav\tcalm\n")
    assert read_tag_table(tmp_path / "mine.tsv") == {"a.wav": (1, ["calm"])}
