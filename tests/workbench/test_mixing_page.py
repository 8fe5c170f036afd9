"""Stems, click, Drumix and making on the page, in a headless Chromium whose sound is recorded."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
from browser import InPlace
from headless import require_browser
from scipy.signal import butter, sosfilt
from test_page import Unheard, listening

from benchmarks.paths import CHROMIUM, NODE, ROOT
from benchmarks.soak import unheard
from onpu.workbench import jobs
from onpu.workbench.limits import Limits
from onpu.workbench.service import WorkbenchService

RATE = 22_050
BEAT = 0.5
"""Seconds, as of `benchmarks.soak.unheard.timeline`."""


def recording(path: Path) -> None:
    """Bursts of 5 kHz on the beats, over a low tone."""
    samples = 0.02 * np.sin(2 * np.pi * 110 * np.arange(8 * RATE) / RATE)
    for beat in np.arange(0, 8, BEAT):
        at = round(beat * RATE)
        samples[at : at + 200] += 0.8 * np.exp(-np.arange(200) / 40) * np.cos(2 * np.pi * 5000 * np.arange(200) / RATE)
    soundfile.write(path, samples, RATE)


@pytest.fixture(scope="module")
def used(tmp_path_factory) -> dict:
    """What a user saw and heard; see tests/web/mixing.mjs."""
    require_browser("axe-core")
    folder = tmp_path_factory.mktemp("mixing")
    recording(folder / "song.wav")
    service = WorkbenchService(folder / "library", Limits(), unheard.analyse, part=unheard.part)
    asked = service.asked
    service._deciding = service._exporting = service.analyses.worker = InPlace()
    asked.sounding = asked.jobs.worker = asked.kits.worker = asked.making.worker = InPlace()
    with pytest.MonkeyPatch.context() as patch, listening(service) as address:
        patch.setattr(jobs, "_first", lambda *names: (Unheard(), unheard.timeline(8.0)))
        done = subprocess.run([NODE, ROOT / "tests/web/mixing.mjs", CHROMIUM, address, folder / "song.wav"],
                              capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def onsets(heard: dict, low: float, high: float, share: float = 0.3) -> np.ndarray:
    """Seconds at which something sets in between two frequencies."""
    samples = np.array(heard["samples"]) / 1e4
    band = np.abs(sosfilt(butter(4, [low, high], "band", fs=heard["rate"], output="sos"), samples))
    loud = np.flatnonzero(band > share * band.max()) / heard["rate"]
    return loud[np.concatenate([[True], np.diff(loud) > 0.1])] if len(loud) else loud


def test_the_song_is_taken_apart_into_strips_and_a_lane(used):
    assert used["parts"][:4] == ["Voice", "Drums", "Bass", "The rest"] and used["lane"] == 1


def test_notes_fall_onto_a_keyboard(used):
    assert used["falling"] > 4, "background, white and black keys, notes"


def test_the_bar_that_sounds_is_marked_in_the_score(used):
    pytest.importorskip("verovio")
    assert used["sheets"][-1] == [4, 1]


def test_pages_of_a_sheet_turn_with_the_player(used):
    pytest.importorskip("verovio")
    if not used["sheets"] and used["unengraved"]:
        pytest.skip(f"the sheet was not engraved in time: {used['unengraved']}")
    assert used["pages"] == ["Page 1 of 2", "Page 2 of 2", "Page 1 of 2"]


@pytest.mark.parametrize("source", ["plain", "clicked"])
def test_the_click_is_heard_with_the_sound(used, source):
    beats, clicks = onsets(used[source], 4500, 5500), onsets(used[source], 900, 1800, 0.15)
    assert len(beats) >= 4 and (source == "plain" or used[source]["rate"] == RATE)
    away = [np.abs(clicks - beat).min() for beat in beats]
    # of parts every one; the recording itself may falter for a moment where the machine is busy
    assert (max(away) if source == "clicked" else np.median(away)) < 0.005


def test_new_drums_lie_on_the_beats_while_the_song_plays(used):
    samples = np.array(used["beaten"]["samples"]) / 1e4
    envelope = np.abs(samples)
    begins = onsets(used["beaten"], 20, 9000, 0.08)[1:]  # the first may be where the sound is taken up again
    assert used["drawn"] == "drawn" and envelope.max() > 0.05 and len(begins) >= 3
    steps = np.diff(begins) / (BEAT / 2)
    assert np.abs(steps - np.round(steps)).max() * BEAT / 2 < 0.01, "eighths apart, as the rock pattern has them"


def test_muted_drums_are_silent(used):
    assert np.abs(used["silent"]["samples"]).max() <= 5


def test_the_song_is_written_with_its_new_drums(used):
    assert used["written"] == ["song-drumix.wav", "RIFF"]


def test_a_melody_is_made_of_a_passage(used):
    assert used["given"] and used["bad"].startswith("bars is 0")
    assert sorted(used["songs"]) == ["Made <img src=x onerror=window.injected=1>", "song"]
    assert used["injected"] is None


def test_it_fits_a_phone_and_has_no_serious_fault(used):
    assert used["small"] == [] and max(used["overflow"]) <= 0
    assert used["faults"] == {"mixing": [], "making": []}
    assert [each for each in used["complaints"] if "422" not in each] == []
