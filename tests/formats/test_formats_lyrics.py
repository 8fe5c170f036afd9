"""Words and their times come back from the files that singers have."""

import numpy as np
import pytest

import onpu
from onpu.errors import FormatError
from onpu.formats.lyrics import read_lrc, read_ultrastar

LRC = """[ti:A song]
[ar:Somebody]
[00:10.50]Where did we go?
[00:14.00][01:14.00]  Nowhere at all
[00:18.00]
[00:20.00]Once
"""
ULTRASTAR = """#TITLE:A song
#BPM:150,0
#GAP:2000
: 0 4 60 Where
: 4 4 62  did
: 8 2 64  mo
: 10 2 64 ~
* 12 4 65 ment
- 20
F 24 4 0 Hey
: 30 6 60  al
: 36 2 60 way
: 38 2 62 ~s
E
"""


def rows(voice):
    return [(round(float(start), 3), round(float(end), 3), str(label)) for start, end, label
            in zip(voice.starts, voice.ends, voice.labels, strict=True)]


def test_lines_last_until_the_next_and_may_come_twice(tmp_path):
    path = tmp_path / "song.lrc"
    path.write_text(LRC, encoding="utf-8")
    assert rows(read_lrc(path)) == [(10.5, 14.0, "Where did we go?"), (14.0, 18.0, "Nowhere at all"),
                                    (20.0, 32.0, "Once"), (74.0, 79.0, "Nowhere at all")]
    path.write_text("\ufeff[offset:+500]\n" + LRC, encoding="utf-8")
    assert rows(onpu.read(path).voice)[0] == (10.0, 13.5, "Where did we go?")


def test_words_may_have_times(tmp_path):
    path = tmp_path / "song.lrc"
    path.write_text("[00:01.00] <00:01.00> Où <00:01.50> did <00:02.25>\n[00:03]we", encoding="latin-1")
    assert rows(read_lrc(path)) == [(1.0, 1.5, "Où"), (1.5, 2.25, "did"), (3.0, 8.0, "we")]


def test_syllables_of_ultrastar(tmp_path):
    """A beat of the file is a quarter of one of the music: .1 s at 150 beats a minute."""
    path = tmp_path / "song.txt"
    path.write_text(ULTRASTAR, encoding="utf-8")
    found = rows(read_ultrastar(path))
    assert found == [(2.0, 2.4, "Where"), (2.4, 2.8, "did"), (2.8, 3.2, "mo-"), (3.2, 3.6, "ment"), (4.4, 4.8, "Hey"),
                     (5.0, 5.6, "al-"), (5.6, 6.0, "way")]
    assert rows(onpu.read(path).voice) == found
    relative = ULTRASTAR.replace("#GAP", "#RELATIVE:YES\n#GAP").replace("- 20", "- 20 20").replace(
        "F 24", "F 4").replace(": 30 6", ": 10 6").replace(": 36", ": 16").replace(": 38", ": 18")
    path.write_text(relative, encoding="utf-8")
    assert rows(read_ultrastar(path)) == found


@pytest.mark.parametrize(("suffix", "text", "said"), [
    (".lrc", "Where did we go?", "no line of words has a time"), (".lrc", "[00:01.00]", "no line of words"),
    (".txt", "Where did we go?", "is no song of UltraStar"), (".txt", "#BPM:0\n: 0 1 60 a", "a tempo of 0"),
    (".txt", "#BPM:fast\n: 0 1 60 a", "'fast' is no number"), (".lrc", "[offset:x]\n[00:01]a", "'x' is no number"),
    (".lrc", "a\0b", "is no text")])
def test_what_is_none_is_told(tmp_path, suffix, text, said):
    path = tmp_path / f"song{suffix}"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=said):
        onpu.read(path)


def test_missing_files_are_told(tmp_path):
    with pytest.raises(FormatError, match="cannot be read"):
        read_lrc(tmp_path / "none.lrc")


def test_times_never_overlap(tmp_path):
    path = tmp_path / "song.lrc"
    times = np.random.default_rng(0).uniform(0, 200, 60)
    path.write_text("\n".join(f"[{int(time // 60):02d}:{time % 60:05.2f}]word" for time in times))
    voice = read_lrc(path).validate()
    assert (voice.starts[1:] >= voice.ends[:-1]).all() and len(voice) > 50
