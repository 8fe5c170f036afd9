"""Directions of sounds: rooms by the image method, the steered response, tracks, files."""

import json

import numpy as np
import pytest

from onpu.analysis.locating import ARRAYS, array, locate
from onpu.apps import cli
from onpu.data.scenes.array import ArrayScenes
from onpu.decode.bearings import best_turning
from onpu.engine.render.array import Shoebox, heard_by, response
from onpu.errors import AudioError, DataError, OnpuError
from onpu.formats.audio import write_audio
from onpu.metrics.bearings import evaluate
from onpu.music import Audio
from onpu.music.bearing import Bearings

RATE = 16_000
TETRAHEDRON = ARRAYS["tetrahedron"] * 0.06
OUTDOORS = Shoebox((20.0, 20.0, 20.0), 0.0)
MIDDLE = np.array([10.0, 10.0, 10.0])


def noise(seconds: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(round(seconds * RATE)).astype(np.float32)


def around(azimuth: float, elevation: float = 0.0, distance: float = 2.0) -> np.ndarray:
    across, up = np.radians([azimuth, elevation])
    return MIDDLE + distance * np.array([np.cos(across) * np.cos(up), np.sin(across) * np.cos(up), np.sin(up)])


def test_the_direct_sound_comes_when_it_must_and_as_loud():
    found = response(MIDDLE[None], OUTDOORS, MIDDLE + np.array([3.43, 0, 0]), RATE)[0]  # 10 ms away
    assert found.argmax() == 160 and found.max() == pytest.approx(1 / 3.43, rel=1e-3)
    assert np.abs(np.delete(found, 160)).max() < 1e-3


def test_a_wall_reflects_from_the_image_behind_it():
    room = Shoebox((8.0, 6.0, 4.0), 0.5, order=1)
    places, gains = room.images(np.array([1.0, 2.0, 3.0]))
    assert len(places) == 7 and sorted(gains)[-1] == 1
    assert {(-1.0, 2.0, 3.0), (15.0, 2.0, 3.0), (1.0, -2.0, 3.0), (1.0, 10.0, 3.0), (1.0, 2.0, -3.0), (1.0, 2.0, 5.0)
            } < {tuple(place) for place in places.tolist()}
    assert np.allclose(np.sort(gains)[:-1], room.reflection) and 0 < room.reflection < 1


def test_a_room_decays_as_it_was_told():
    room = Shoebox((6.0, 5.0, 4.0), 0.3, order=30)
    found = response(np.array([[2.0, 2.0, 1.5]]), room, np.array([4.0, 3.0, 2.0]), RATE)[0]
    power = np.cumsum(found[::-1] ** 2)[::-1]
    level = 10 * np.log10(power / power[0] + 1e-12)
    fall = np.interp(25.0, -level, np.arange(len(level)) / RATE) - np.interp(5.0, -level, np.arange(len(level)) / RATE)
    assert 3 * fall == pytest.approx(0.3, rel=0.35)  # Eyring's formula holds for diffuse sound


def test_who_stands_still_and_who_walks_on_the_spot_sound_alike():
    path = np.tile(around(40.0), (5, 1))
    still = heard_by(MIDDLE + TETRAHEDRON, OUTDOORS, noise(1.0), path[0], RATE)
    np.testing.assert_allclose(heard_by(MIDDLE + TETRAHEDRON, OUTDOORS, noise(1.0), path, RATE), still, atol=2e-3)


@pytest.mark.parametrize("azimuth, elevation", [(0, 0), (90, 30), (-135, -30), (175, 0), (-60, 45)])
def test_a_sound_outdoors_is_found_where_it_is(azimuth, elevation):
    sound = heard_by(MIDDLE + TETRAHEDRON, OUTDOORS, noise(1.0), around(azimuth, elevation), RATE)
    found = locate(Audio(sound, RATE), TETRAHEDRON).validate()
    assert len(found) > 25
    assert np.median(np.abs((found.azimuths - azimuth + 180) % 360 - 180)) <= 5
    assert np.median(np.abs(found.elevations - elevation)) <= 15


def test_a_pair_tells_left_from_right():
    pair = array("pair", 0.1)
    for azimuth in (-50.0, 0.0, 50.0):
        sound = heard_by(MIDDLE + pair, OUTDOORS, noise(1.0), around(azimuth), 44_100)
        assert abs(np.median(locate(Audio(sound, 44_100), pair).azimuths) - azimuth) <= 5


def test_who_walks_is_followed():
    angles = np.linspace(-90, 90, 16)
    sound = heard_by(MIDDLE + TETRAHEDRON, OUTDOORS, noise(4.0), np.stack([around(angle) for angle in angles]), RATE)
    found = locate(Audio(sound, RATE), TETRAHEDRON)
    inside = (found.times > 0.3) & (found.times < 3.7)
    assert np.abs(found.azimuths - np.interp(found.times, np.linspace(0, 4, 16), angles))[inside].max() <= 12


def test_pieces_of_a_recording_change_nothing(monkeypatch):
    sound = heard_by(MIDDLE + TETRAHEDRON, OUTDOORS, noise(3.0), around(70.0), RATE)
    whole = locate(Audio(sound, RATE), TETRAHEDRON)
    monkeypatch.setattr("onpu.analysis.locating.BLOCK_SECONDS", 0.5)
    pieces = locate(Audio(sound, RATE), TETRAHEDRON)
    np.testing.assert_array_equal(pieces.times, whole.times)
    np.testing.assert_array_equal(pieces.azimuths, whole.azimuths)


def test_single_sources_in_rooms_are_found_within_fifteen_degrees():
    scenes = ArrayScenes(tuple(map(tuple, TETRAHEDRON)), seed=7, seconds=4.0)
    scores = []
    for number in range(4):
        sound, truth = scenes.item(number)
        scores.append(evaluate(truth.validate(), locate(Audio(sound, RATE), TETRAHEDRON), 4.0))
    assert np.mean([score["DOA error"] for score in scores]) <= 15
    assert np.mean([score["Frame recall"] for score in scores]) >= 0.6


def test_silence_comes_from_nowhere():
    assert len(locate(Audio(np.zeros((4, RATE), np.float32), RATE), TETRAHEDRON)) == 0


def test_the_best_path_weighs_responses_against_turning():
    values = np.array([[1.0, 0.0, 1.0], [0.0, 0.5, 0.0]])
    cost = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert best_turning(values, cost).tolist() == [0, 0, 0]
    assert best_turning(values, 0 * cost).tolist() == [0, 1, 0]


def test_pairs_of_directions_are_those_of_the_least_angle():
    def at(*azimuths):
        count = len(azimuths)
        return Bearings(np.full(count, 0.05), np.array(azimuths), np.zeros(count), np.arange(count), np.ones(count))

    assert evaluate(at(0.0, 90.0), at(80.0, 10.0), 0.1) == {"DOA error": 10.0, "Frame recall": 1.0}
    assert evaluate(at(0.0, 90.0), at(80.0), 0.1) == {"DOA error": 10.0, "Frame recall": 0.0}
    assert evaluate(at(0.0), at(), 0.2) == {"DOA error": 180.0, "Frame recall": 0.5}


def test_the_command_writes_a_table_json_and_a_picture(tmp_path, capsys):
    sound = heard_by(MIDDLE + array("square", 0.05), OUTDOORS, noise(1.0), around(-90.0), RATE)
    write_audio(tmp_path / "walk.wav", Audio(0.1 * sound, RATE))
    with pytest.raises(SystemExit) as ended:
        cli.app(["locate", str(tmp_path / "walk.wav"), "--array", "square", "--radius", "0.05", "-o",
                 str(tmp_path / "out")])
    assert ended.value.code == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["walk.bearings.csv", "walk.bearings.json", "walk.bearings.svg"]
    lines = (tmp_path / "out" / names[0]).read_text().splitlines()
    assert lines[0] == "time,azimuth,elevation,track,confidence" and abs(float(lines[15].split(",")[1]) + 90) <= 5
    told = json.loads((tmp_path / "out" / names[1]).read_text())
    assert told["duration"] == 1.0 and len(told["bearings"]["times"]) == len(lines) - 1
    assert (tmp_path / "out" / names[2]).read_text().count("<circle") == len(lines) - 1


def test_what_cannot_be_is_refused(tmp_path):
    write_audio(tmp_path / "mono.wav", Audio(noise(0.5)[None], RATE))
    with pytest.raises(AudioError, match="1 channels for 2 microphones"):
        cli.app(["locate", str(tmp_path / "mono.wav")])
    with pytest.raises(OnpuError, match="no array is called squar; did you mean square"):
        array("squar", 0.1)
    with pytest.raises(OnpuError, match="--radius 0"):
        array("pair", 0.0)
    (tmp_path / "here.csv").write_text("0 0 0\n0 0 0\n")
    with pytest.raises(DataError, match="two microphones in different places"):
        array(str(tmp_path / "here.csv"), 0.1)
    (tmp_path / "here.csv").write_text("0,0.1,0\n0,-0.1,0\n")
    np.testing.assert_allclose(array(str(tmp_path / "here.csv"), 0.1), array("pair", 0.1))
    (tmp_path / "here.csv").write_text("left\nright\n")
    with pytest.raises(DataError, match="three numbers a line"):
        array(str(tmp_path / "here.csv"), 0.1)
    with pytest.raises(OnpuError, match="give 1 to 4"):
        locate(Audio(np.zeros((2, RATE), np.float32), RATE), array("pair", 0.1), 5)
