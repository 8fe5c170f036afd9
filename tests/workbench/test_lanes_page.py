"""Melody, drums, notes and metre corrected in a headless Chromium, by mouse, touch and keys."""

import json
import subprocess
from dataclasses import replace

import numpy as np
import pytest
from browser import InPlace, sound
from headless import require_browser
from test_page import listening

from benchmarks.paths import CHROMIUM, NODE, ROOT
from benchmarks.soak import unheard
from onpu.analysis.correcting import corrected
from onpu.music import Drums, Melody, Timeline
from onpu.workbench import jobs
from onpu.workbench.limits import Limits
from onpu.workbench.service import WorkbenchService

PLAIN = unheard.timeline
FPS = 100
TONES = [(1.0, 2.0, 62), (2.0, 3.0, 64), (3.5, 4.5, 60), (5.0, 6.0, 60)]
"""Start, end and pitch; the first two in one breath."""


def timeline(duration: float) -> Timeline:
    """That of `benchmarks.soak.unheard` with a melody and drums."""
    times = np.arange(0, round(duration * FPS)) / FPS
    frequencies = np.zeros(len(times))
    for start, end, pitch in TONES:
        frequencies[(times >= start) & (times < end)] = 440 * 2 ** ((pitch - 69) / 12)
    melody = Melody(times, frequencies, np.full(len(times), 0.6))
    drums = Drums(np.array([0.0, 1.0, 2.0, 3.0]), np.array([36, 36, 38, 36]), np.full(4, 90.0), np.full(4, 0.9))
    return replace(PLAIN(duration), melody=melody, drums=drums).validate()


class Sung:
    """What is known of it."""

    def decide(self, corrections=(), before: Timeline | None = None) -> Timeline:
        found = before or timeline(8.0)
        return corrected(found, (), np.zeros((0, 2)), corrections) if corrections else found


@pytest.fixture(scope="module")
def used(tmp_path_factory) -> dict:
    """The corrections that were made; see tests/web/lanes.mjs."""
    require_browser("axe-core")
    folder = tmp_path_factory.mktemp("lanes")
    (folder / "song.wav").write_bytes(sound())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "_first", lambda *names: (Sung(), timeline(8.0)))
        patch.setattr(unheard, "timeline", timeline)
        service = WorkbenchService(folder / "library", Limits(), unheard.analyse)
        service._deciding = service._exporting = service.analyses.worker = InPlace()
        with listening(service) as address:
            done = subprocess.run([NODE, ROOT / "tests/web/lanes.mjs", CHROMIUM, address, folder / "song.wav"],
                                  capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_tones_are_moved_with_their_curve_by_mouse_and_touch(used):
    (line,) = used["higher"]
    assert line["kind"] == "melody_line" and (line["start"], line["end"]) == pytest.approx((1.0, 1.995), abs=0.02)
    assert {round(pitch, 1) for _, pitch in line["points"][:-1]} == {64.0}
    silent, line = used["later"]
    assert (silent["kind"], silent["pitch"]) == ("melody", None)
    assert (silent["start"], silent["end"]) == pytest.approx((3.5, 4.502), abs=0.02)
    assert (line["start"], line["end"]) == pytest.approx((4.0, 5.002), abs=0.02)


def test_tones_are_made_longer_split_joined_and_taken_away(used):
    (line,) = used["longer"]
    assert (line["start"], line["end"]) == pytest.approx((3.5, 4.75), abs=0.02)
    assert used["title"] == "C4, 0:03.5 to 0:04.5"
    assert used["offered"][:6] == ["Nothing is sung here", "Right as it is", "Semitone up", "Semitone down",
                                   "Octave up", "Octave down"]
    (gap,) = used["split"]
    assert gap == {"kind": "melody", "start": pytest.approx(3.97), "end": pytest.approx(4.03), "pitch": None}
    (bridge,) = used["joined"]
    assert bridge["start"] < 3.97 < 4.03 < bridge["end"] and [pitch for _, pitch in bridge["points"]] == [60, 60]
    (gone,) = used["gone"]
    assert (gone["start"], gone["end"], gone["pitch"]) == (pytest.approx(5.0), pytest.approx(6.0, abs=0.02), None)


def test_what_is_sung_is_drawn_and_an_octave_is_set_right_by_keys(used):
    (drawn,) = used["drawn"]
    assert drawn == {"kind": "melody", "start": pytest.approx(6.5, abs=0.02), "end": pytest.approx(7.0, abs=0.02),
                     "pitch": 63}
    (lower,) = used["byKeys"]
    assert lower["start"] == pytest.approx(1.0, abs=0.02) and lower["points"][0][1] == 50


def test_a_hit_goes_to_another_drum_and_hits_are_added_by_keys(used):
    gone, hit = used["hit"]
    assert gone == {"kind": "no_drum", "time": 1, "drum": 36}
    assert hit == {"kind": "drum", "time": pytest.approx(1.5), "drum": 38}
    assert used["hits"][0] == "Add Kick" and used["crash"] == [{"kind": "drum", "time": 1.5, "drum": 49}]


def test_a_note_is_made_longer_and_the_metre_changes_by_keys(used):
    gone, note = used["note"]
    assert gone["kind"] == "no_note" and (note["start"], note["end"]) == (0, pytest.approx(1.125))
    assert used["metre"] == [{"kind": "metre_here", "start": 2, "end": 8, "numerator": 3, "denominator": 4}]
    assert used["listed"] == ["Metre 3/4, 0:02.0 to 0:08.0"]


def test_panels_fit_a_thumb_and_no_fault_is_serious(used):
    assert used["small"] == [] and used["faults"] == [[], [], [], []] and used["complaints"] == []
