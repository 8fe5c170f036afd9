"""Free recordings: read with author and licence, put into folds by author, stored with their credits."""

import json
from dataclasses import replace

import numpy as np
import pytest
import soundfile
import tiny

from onpu.data.corpora.credited import CreditedRecording, permissive_only
from onpu.data.corpora.folds import author_groups, folds, names_in
from onpu.data.corpora.free import read_free, read_gathered
from onpu.data.corpus import Corpus
from onpu.data.credits import write_credited
from onpu.errors import DataError
from onpu.music import Timeline
from onpu.training.datasets import describe

PEOPLE = {"metal": ("Ann", "Ann"), "grid": ("Bob & Cy", "Cy", "Dora (Dee)", "Eve")}


def put(folder, author="Ann", licence="CC BY 3.0", positions=(1, 2, 3, 4)):
    audio, timeline = tiny.clicks(1)
    folder.mkdir(parents=True)
    soundfile.write(folder / "audio.flac", audio.samples[0], audio.rate)
    rows = zip(timeline.beats.times, np.resize(positions, len(timeline.beats.times)), strict=True)
    (folder / "beats.tsv").write_text("# time\tposition\n" + "".join(f"{time:.4f}\t{at}\n" for time, at in rows))
    (folder / "licence.txt").write_text(f"Author: {author}\nTitle: x\nLicence of the music: {licence} (as published)\n")
    (folder / "source.txt").write_text("repository a/b: c.ogg\n")


@pytest.fixture
def free(tmp_path):
    for kind, authors in PEOPLE.items():
        for number, author in enumerate(authors):
            put(tmp_path / "free" / kind / f"song{number}", author)
    return tmp_path / "free"


def test_reading_tells_whose_each_recording_is(free):
    put(free / "charted" / "last", "Fay", "GPL-2+", positions=(0,))
    found = read_free(free)
    assert [(one.kind, one.name) for one in found] == [
        ("metal", "song0"), ("metal", "song1"), *(("grid", f"song{n}") for n in range(4)), ("charted", "last")]
    assert [one.author for one in found] == [*PEOPLE["metal"], *PEOPLE["grid"], "Fay"]
    assert (found[0].licence, found[-1].licence) == ("CC BY 3.0", "GPL-2+")
    assert found[0].source == "repository a/b: c.ogg" and found[0].audio.exists()
    assert list(found[0].timeline.beats.positions[:5]) == [1, 2, 3, 4, 1]
    assert not found[-1].timeline.beats.positions.any() and len(found[-1].timeline.beats.times) > 3
    assert [one.name for one in read_free(free, ["charted"])] == ["last"]


@pytest.mark.parametrize(("missing", "message"), [("licence.txt", "no line `Author"),
                                                  ("audio.flac", "put the recording")])
def test_what_is_missing_is_named(free, missing, message):
    (free / "grid/song1" / missing).unlink()
    with pytest.raises(DataError, match=f"grid/song1.*{message}"):
        read_free(free)
    with pytest.raises(DataError, match="give the folder"):
        read_free(free / "metal")


def test_people_who_share_a_track_are_one_author():
    assert names_in("Krobonil & 0zoneOne feat. DJ Helium") == {"krobonil", "ozoneone", "djhelium"}
    assert names_in("Nexuiz project (Alientrap)") == {"nexuiz", "alientrap"}
    groups = author_groups(["A & B", "C", "B", "Ozone", "D, C", "0zone", "unknown author", "Nexuiz team", "A, Nexuiz"])
    assert groups == [0, 1, 0, 2, 1, 2, 3, 0, 0]


def made(seed):
    """A hundred recordings of thirty people who share some of them."""
    rng = np.random.default_rng(seed)
    for number in range(100):
        names = rng.choice([f"author{n}" for n in range(30)], 1 + int(rng.random() < 0.1), replace=False)
        yield CreditedRecording(f"{number:03d}", "", Timeline(float(rng.uniform(30, 300))), str(rng.choice(["a", "b"])),
                                " & ".join(names), "CC0")


@pytest.mark.parametrize("seed", range(5))
def test_nobody_is_in_two_folds_and_folds_are_alike_in_length(seed):
    items = list(made(seed))
    where = folds(items, 4)
    people = [set().union(*(names_in(one.author) for one, at in zip(items, where, strict=True) if at == fold))
              for fold in range(4)]
    assert sum(map(len, people)) == len(set().union(*people)) > 25
    durations = [one.timeline.duration for one in items]
    lengths = np.bincount(where, durations)
    longest = max(np.bincount(author_groups(one.author for one in items), durations))
    assert max(lengths) - min(lengths) < longest
    assert folds(items[::-1], 4) == where[::-1]


def test_a_corpus_credits_every_recording_and_so_does_the_card(free, tmp_path):
    found = read_free(free)
    found[2] = replace(found[2], licence="CC BY-SA 3.0", longest=1.0)
    corpus = write_credited(tmp_path / "corpus", found, "made up")
    assert corpus.audio(0).rate == corpus.audio(2).rate == 44_100
    assert corpus.audio(2).duration == pytest.approx(1.0) and corpus.audio(0).duration > 1.5
    np.testing.assert_array_equal(corpus.timeline(0).beats.times, found[0].timeline.beats.times)
    credits = describe(Corpus.open(corpus.folder))["credits"]
    assert credits[2] == {"name": "song0", "author": "Bob & Cy", "licence": "CC BY-SA 3.0",
                          "source": "repository a/b: c.ogg"}
    assert len(credits) == 6 and json.dumps(credits)
    assert corpus.description["licence"] == "CC BY 3.0, CC BY-SA 3.0" and corpus.kind(5) == "grid"


def test_recordings_under_permissive_licences_are_told():
    one = CreditedRecording("x", "", Timeline(1.0), "grid", "Ann", "CC BY 3.0")
    assert permissive_only([one, replace(one, licence="GPL-3")]) == [one]


def test_gathered_music_is_read_from_its_index(tmp_path):
    rows = (("# file", "author", "licence", "source"), ("a/x.ogg", "Ann", "GPL-2", "a: x"),
            ("b/y.ogg", "Bob", "CC0", "b: y"))
    (tmp_path / "index.tsv").write_text("\n".join(map("\t".join, rows)))
    found = read_gathered(tmp_path, longest=150.0)
    assert [(one.name, one.kind, one.author, one.licence, one.longest) for one in found] == [
        ("a/x", "a", "Ann", "GPL-2", 150.0), ("b/y", "b", "Bob", "CC0", 150.0)]
    assert [one.name for one in read_gathered(tmp_path, skip=["a"])] == ["b/y"]
    with pytest.raises(DataError, match="add some"):
        read_gathered(tmp_path, skip=["a", "b"])
    (tmp_path / "index.tsv").write_text("a/x.ogg\tAnn\n")
    with pytest.raises(DataError, match="columns file"):
        read_gathered(tmp_path)
    with pytest.raises(DataError, match="game_music"):
        read_gathered(tmp_path / "gone")


def test_an_index_that_is_no_text_or_empty_is_one_line(tmp_path):
    (tmp_path / "index.tsv").write_bytes(b"\xff\xfe\x00song")
    with pytest.raises(DataError, match="can be read"):
        read_gathered(tmp_path)
    (tmp_path / "index.tsv").write_text("# file\tauthor\tlicence\tsource\n")
    with pytest.raises(DataError, match="lists no recording"):
        read_gathered(tmp_path)
