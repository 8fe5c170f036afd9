"""The page of the workbench in a headless Chromium, with a server behind it whose networks hear nothing."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from browser import InPlace, sound

from benchmarks.soak.unheard import analyse, hear_again, learn, timeline

pytest.importorskip("uvicorn")
import uvicorn
from headless import require_browser

from benchmarks.paths import CHROMIUM, NODE, ROOT
from onpu.analysis.correcting import corrected
from onpu.music import Timeline
from onpu.workbench import jobs, lessons
from onpu.workbench.library import Library
from onpu.workbench.limits import Limits
from onpu.workbench.routes import application
from onpu.workbench.service import WorkbenchService

WICKED = "Autumn <img src=x onerror=window.injected=1> leaves"


class Unheard:
    """What is known of a recording in which nothing was heard: what was decided, and what is set right."""

    def decide(self, corrections=(), before: Timeline | None = None) -> Timeline:
        found = before or timeline(8.0)
        return corrected(found, (), np.zeros((0, 2)), corrections) if corrections else found


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server over a library, which ends with the block."""
    service = WorkbenchService(folder, Limits(), analyse, hear_again, learn)
    service._deciding = service._exporting = service.learning.answering = InPlace()
    with listening(service) as address:
        yield address


@contextmanager
def listening(service: WorkbenchService) -> Iterator[str]:
    """The same over a library that is open."""
    server = uvicorn.Server(uvicorn.Config(application(service), port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def used(tmp_path_factory) -> dict:
    """What a user saw before and after a restart; see tests/web/workbench.mjs."""
    require_browser("axe-core")
    for last in (False, True):  # rarely, a page that is closing tells of an error: it is tried once more
        done, out = visited(tmp_path_factory.mktemp("workbench"))
        if last or (done.returncode == 0 and not any(part["complaints"] for part in out.values())):
            assert done.returncode == 0, done.stderr
            return out
    raise AssertionError


def visited(folder: Path) -> tuple[subprocess.CompletedProcess[str], dict]:
    """The last run of the browser, and what it saw in each part."""
    (folder / "song.wav").write_bytes(sound(title=WICKED, artist="Kosma"))
    (folder / "song.lrc").write_text("[00:01.00]<00:01.00>Au- <00:02.00>tumn <00:03.00>\n[00:04.00]leaves again\n")
    (folder / "broken.wav").write_bytes(b"<script>alert(1)</script>")
    out: dict = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "_first", lambda folder, heard: (Unheard(), timeline(8.0)))
        patch.setattr(lessons, "ENOUGH_SECONDS", 5.0)
        for part in ("first", "again"):
            if part == "again":  # other weights are in use meanwhile
                library = Library(folder / "library")
                library.set_heard_by(library.search()[0]["id"], {"chords": "0" * 64})
                library.close()
            with served(folder / "library") as address:
                done = subprocess.run([NODE, ROOT / "tests/web/workbench.mjs", CHROMIUM, address, folder, part],
                                      capture_output=True, text=True, timeout=900)
            if done.returncode:
                break
            out[part] = json.loads(done.stdout)
    return done, out


def test_a_song_is_loaded_and_found_and_what_is_none_is_refused(used):
    first = used["first"]
    assert first["empty"] == "Drop a song here" and first["songs"] == [WICKED] and first["unfound"] == []
    assert len(first["refused"]) == 1 and "broken" in first["refused"][0]
    assert first["facts"][:3] == ["C major", "120 bpm", "4/4"]
    assert first["injected"] is None, "no markup of a title is run"


def test_a_chord_is_corrected_and_undone(used):
    first = used["first"]
    assert first["before"]["chords"] == ["Dm7", "G7", "Cmaj7", "Cmaj7"]
    assert first["invalid"] == [True, "Not a chord. Write it as Am7, F♯m7♭5, G/B or N.C."]
    assert first["corrected"] == ["Dm7", "B♭m7/A♭", "Cmaj7", "Cmaj7"] and first["confirmed"] == 1
    assert first["undone"]["chords"] == first["corrected"] and first["original"] == first["before"]["chords"]


def test_bar_lines_are_moved_and_moved_back(used):
    first = used["first"]
    assert first["before"]["bars"] == ["1", "2", "3", "4"] == first["undone"]["bars"]
    assert first["shifted"] == ["0", "1", "2", "3", "4"]


def test_beats_key_and_sections_are_corrected(used):
    known = used["first"]["known"]
    assert known["beat"] == "Beat 2, 0:02" and known["gone"] == ["Decided anew: 2 beats"]
    assert known["bars"] == ["0", "1", "2", "3", "4"]
    assert known["key"] == ["A minor"] and known["sections"] == ["verse"]
    assert known["listed"][:4] == ["Section verse, 0:00.0 to 0:08.0", "Section verse, 0:00.0 to 0:04.0",
                                   "Key A minor, 0:00.0 to 0:08.0", "Bar begins at 0:03.0"]


def test_a_note_is_drawn_where_there_is_none(used):
    assert used["first"]["drawn"] == "Note E♭4 at 0:01.2" and used["first"]["note"] == ["D4, 0:00"]


def test_words_of_a_file_are_sung_and_corrected(used):
    assert used["first"]["words"] == {
        "lane": ["Au-", "tumn", "leaves again"], "line": "Autumn ", "next": "leaves again", "typed": "Auleaf",
        "listed": "Nothing is sung, 0:00.0 to 0:08.0 · Words “Au-”, 0:01.0 to 0:02.0 · "
                  "Words “tumn”, 0:02.0 to 0:03.0 · Words “leaves again”, 0:04.0 to 0:08.0", "left": []}


def test_a_dragged_edge_comes_to_lie_on_a_beat(used):
    assert used["first"]["listed"] == ["Chord B♭m7/A♭, 0:02.0 to 0:04.5 · Chord Cmaj7, 0:04.5 to 0:06.0",
                                       "Chord B♭m7/A♭, 0:02.0 to 0:04.0"]


def test_what_the_server_refuses_is_said_and_taken_back(used):
    assert used["first"]["impossible"] == ["this cannot be", "2 corrections", True]


def test_versions_are_saved_and_taken_away(used):
    first = used["first"]
    assert first["dirty"] == "Save" and len(first["versions"]) == 2
    assert "Ann <img" in first["versions"][0] and "second chord" in first["versions"][0]
    name, jams = first["exports"]["jams"]
    chords = next(each for each in json.loads(jams)["annotations"] if each["namespace"] == "chord")["data"]
    assert name.endswith(".jams")
    assert [(each["time"], each["duration"], each["value"]) for each in chords][1] == (2.0, 2.5, "Bb:min7/b7")
    assert first["exports"]["midi"][1] == "MThd"


def test_what_is_not_saved_is_asked_about_and_kept(used):
    first = used["first"]
    assert first["asked"] == "Leave without saving?" and first["stayed"] and first["resumed"] == "Em"


def test_after_a_restart_all_is_there_and_can_be_had_back_and_deleted(used):
    again = used["again"]
    assert again["songs"] == [WICKED] and again["chords"][:2] == ["Dm7", "B♭m7/A♭"]
    assert again["restored"] == ["Dm7", "G7", "Cmaj7", "Cmaj7"]
    assert again["asked"].startswith("Delete Autumn") and again["left"] == []


def test_what_was_set_right_is_learned_from_and_given_up_and_taken_back(used):
    learning = used["first"]["learning"]
    assert learning["confirmable"] == ["Beats and bars", "Chords", "Keys", "Sections", "Notes"]
    assert learning["tasks"] == ["Beats and bars\n0:08 set right", "Chords\n0:08 set right"]
    assert learning["running"] == "Learning: Beats and bars" and learning["stopped"] == 0
    assert learning["verdict"].startswith("Beats and bars better")
    assert "On what was kept out 71.2% before, 83.4% after; on composed songs 90.5% before" in learning["verdict"]
    assert learning["back"] == 0 and used["again"]["learned"] == ["Beats and bars"]
    assert learning["overflow"] <= 0 and learning["small"] == [] and learning["faults"] == [[], [], []]


def test_it_fits_a_phone_in_the_dark_and_speaks_japanese(used):
    first = used["first"]
    assert first["overflow"] <= 0 and first["small"] == []
    assert first["japanese"] == "修正"


def test_no_fault_is_serious_and_the_browser_has_nothing_to_complain_about(used):
    first = used["first"]
    assert first["faults"] == {place: [] for place in ("library", "song", "panel", "dark")}
    refused = [each for each in first["complaints"] if "422" not in each]
    assert refused == [] and used["again"]["complaints"] == []
