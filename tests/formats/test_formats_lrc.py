"""Words with their times, written for singers, come back as they were."""

import numpy as np

import onpu
from onpu.music import Timeline, Voice


def song(*rows):
    starts, ends, labels = zip(*rows, strict=True)
    return Timeline(90.0, voice=Voice(np.array(starts), np.array(ends), np.array(labels, np.str_), np.ones(len(rows))))


ROWS = [(1.0, 1.5, "Où"), (1.5, 2.25, "mo-"), (2.25, 3.0, "ment"), (10.5, 14.0, "Where did we go?"),
        (14.0, 18.0, "Nowhere at all"), (74.126, 79.0, "Once")]


def test_lines_and_words_come_back(tmp_path):
    song(*ROWS).save(tmp_path / "song.lrc")
    found = onpu.read(tmp_path / "song.lrc").voice
    expected = song(*ROWS).voice
    assert found.labels.tolist() == expected.labels.tolist()
    np.testing.assert_allclose(found.starts, expected.starts, atol=0.005)
    np.testing.assert_allclose(found.ends, expected.ends, atol=0.005)


def test_it_is_written_as_players_read_it(tmp_path):
    onpu.formats.write(song(*ROWS), tmp_path, "song", ["lrc"], about=onpu.formats.About("A song", "Somebody"))
    assert (tmp_path / "song.lrc").read_text(encoding="utf-8") == (
        "[ti:A song]\n[ar:Somebody]\n[00:01.00] <00:01.00> Où <00:01.50> mo- <00:02.25> ment <00:03.00>\n[00:03.00]\n"
        "[00:10.50]Where did we go?\n[00:14.00]Nowhere at all\n[00:18.00]\n[01:14.13]Once\n[01:19.00]\n")


def test_nothing_is_written_where_no_words_are_known(tmp_path):
    assert onpu.formats.write(song((0.0, 1.0, "")), tmp_path, "song", ["lrc"]) == []
    assert onpu.formats.write(Timeline(1.0), tmp_path, "song", ["lrc"]) == []
