"""Figures are honest: each set has one role, folds are heard by networks that do not know them, and scores say what the
benchmark's README says of them."""

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import composed, folds
from benchmarks.listening import beats, beats_data, choosing, harmony, notes_data
from benchmarks.listening.beats_scores import BEAT, DOWNBEAT, METRE, METRE_TIME, OCTAVES, octave, score
from benchmarks.listening.beats_tables import Compared, first_table, means, set_part
from benchmarks.listening.calibration import beat_calibration, calibration_error
from benchmarks.recordings import Item
from benchmarks.roles import ROLES, ULTRASTAR_REPORTED, Role
from benchmarks.tools import Answer, Tool
from onpu.errors import OnpuError
from onpu.music import Beats, Metre, Tempo, Timeline

README = (Path(__file__).parents[1] / "benchmarks" / "README.md").read_text(encoding="utf-8")


def timeline(beat=0.5, seconds=20.0, positions=4, metre=((0.0, 4, 4),), sure=1.0, late=0.0):
    """Beats at a constant tempo; positions: beats a bar, 0: not known. metre: rows (time, numerator, denominator)."""
    times = np.arange(0.5, seconds, beat) + late
    places = np.arange(len(times)) % positions + 1 if positions else np.zeros(len(times), int)
    rows = np.array(metre, float).reshape(-1, 3)
    return Timeline(seconds, beats=Beats(times, places, np.full(len(times), sure)),
                    metre=Metre(rows[:, 0], rows[:, 1].astype(int), rows[:, 2].astype(int), np.ones(len(rows))),
                    tempo=Tempo(np.array([60 / beat]), np.ones(1), np.zeros(0), np.zeros(0)))


def test_the_readme_has_the_roles():
    rows = dict(re.findall(r"^\| ([\w-]+) \| (teach|choose|report by folds|report) \|", README, re.MULTILINE))
    assert rows == {name: role.value for name, role in ROLES.items()}


def test_every_set_that_is_scored_has_a_role_that_does_not_teach():
    scored = {*beats_data.SETS, *notes_data.SETS, *harmony.SETS}
    assert scored <= set(ROLES) and Role.TEACH not in {ROLES[name] for name in scored}


def test_songs_that_report_do_not_choose(monkeypatch, tmp_path):
    """Each song of the karaoke set is in one of its two halves, the two that report apart."""
    names = ("A", *ULTRASTAR_REPORTED)
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "voice.lab").write_text("0 1 1\n1 2 0\n", encoding="utf-8")
    monkeypatch.setattr(notes_data, "real", lambda name: [(tmp_path / one, tmp_path / one) for one in names])
    monkeypatch.setattr(notes_data, "labelled", lambda path, **values: Timeline(2.0, **values))
    halves = {name: [item.name for item in notes_data.READERS[name]()] for name in ("ultrastar", "ultrastar-reported")}
    assert halves == {"ultrastar": ["A"], "ultrastar-reported": list(ULTRASTAR_REPORTED)}


def tool(name, answer=None, learned=()):
    """A tool that gives its name as the answer, with a card that credits these recordings."""
    card = {"data": [{"credits": [{"name": one} for one in learned]}, {"plan": {}}]}
    return Tool(name, lambda path: answer or name, ("beats",), SimpleNamespace(card=card))


def test_a_recording_is_heard_by_the_network_of_its_fold():
    networks = [tool(f"network {fold}") for fold in range(4)]
    one = folds.by_folds("beats by folds", networks, {"a": 2, "b": 0})
    assert [one.call(Path(f"/{name}/audio.opus")) for name in ("a", "b")] == ["network 2", "network 0"]


def test_a_network_that_learned_from_its_fold_is_refused(monkeypatch):
    monkeypatch.setattr(folds, "fold_of_all", lambda: {"a": 0, "b": 1, "c": 2, "d": 3})
    cards = {"p0": "bcd", "p1": "acd", "p2": "abd", "p3": "abc"}
    monkeypatch.setattr(folds, "listener", lambda name, path: tool(path, learned=cards[path]))
    assert folds.folds_tool("beats=p0,p1,p2,p3").call(Path("/c/audio.opus")) == "p2"
    with pytest.raises(OnpuError, match="the network of fold 1 has learned from b"):
        folds.folds_tool("beats=p0,p2,p1,p3")
    with pytest.raises(OnpuError, match="for each of 4 folds"):
        folds.folds_tool("beats=p0,p1,p2")


def test_shipped_weights_are_marked_where_they_learned():
    songs = [Item("a", Path("a"), timeline())]
    assert beats.marks(songs, [tool("one", learned="xa"), tool("two", learned="x")]) == {"one": beats.LEARNED}


def test_octaves_and_bars_are_told_apart():
    truth = timeline()
    double, late = score(truth, timeline(0.25)), score(truth, timeline(late=0.25))
    assert double[BEAT] == pytest.approx(2 / 3, abs=0.01) and double["CMLt"] == 0 and double[OCTAVES] > 0.95
    assert (octave(truth, timeline(0.25)), octave(truth, timeline(1.0)), octave(truth, truth)) == ("2", "1/2", "1")
    assert late[BEAT] == 0 and late[OCTAVES] > 0.95
    assert (octave(truth, timeline(0.41)), octave(truth, timeline(seconds=0.6))) == ("?", "")
    for one, other in ((timeline(positions=0), truth), (truth, timeline(positions=0))):
        assert np.isnan(score(one, other)[DOWNBEAT]) and score(one, other)[BEAT] == 1


def test_a_metre_is_right_with_both_numbers():
    truth = timeline(metre=((0.0, 6, 8), (15.0, 4, 4)))
    assert composed.main_metre(truth) == "6/8"
    for metre, whole, share in ((((0.0, 6, 8),), 1, 0.75), (((0.0, 6, 4),), 0, 0), (((0.0, 4, 4),), 0, 0.25)):
        found = score(truth, timeline(metre=metre))
        assert found[METRE] == whole and found[METRE_TIME] == pytest.approx(share, abs=0.03)
    assert np.isnan(score(truth, Timeline(20.0, beats=truth.beats, tempo=truth.tempo))[METRE])


def test_songs_have_the_metres_that_are_asked_for(monkeypatch, tmp_path):
    monkeypatch.setattr(composed, "CACHE", tmp_path)
    pieces = composed.of_all_metres(3, seconds=6.0)
    kinds = [composed.kind_of_metre(composed.main_metre(piece.song().timeline)) for piece in pieces]
    assert kinds == ["compound", "odd", "simple"] and len({piece.seed for piece in pieces}) == 3
    assert composed.of_all_metres(3, seconds=6.0) == pieces
    assert [composed.kind_of_metre(name) for name in ("12/8", "3/4", "7/8", "5/4", "2/2")] == [
        "compound", "simple", "odd", "odd", "simple"]


def test_confidence_is_held_against_what_is_right():
    rng = np.random.default_rng(1)
    sure = rng.random(200_000)
    assert calibration_error(sure, rng.random(200_000) < sure) < 0.01
    assert calibration_error(np.full(1000, 0.9), np.arange(1000) < 500) == pytest.approx(0.4)
    truth = timeline().beats
    assert beat_calibration([(truth, timeline(sure=0.7).beats)]) == pytest.approx(0.3)
    assert beat_calibration([(truth, timeline(sure=0.7, late=0.2).beats)]) == pytest.approx(0.7)
    assert np.isnan(beat_calibration([(truth, Timeline(1.0, beats=Beats.empty()).beats)]))


def test_the_first_table_says_role_interval_and_what_was_before(tmp_path):
    truths = [timeline(), timeline(), timeline(positions=0)]
    answers = [timeline(sure=0.9), timeline(0.25, sure=0.9), timeline(sure=0.9)]
    compared = Compared("grid", [Item(str(n), Path(str(n)), truth) for n, truth in enumerate(truths)],
                        {"onpu": [Answer(answer, 0.5) for answer in answers]}, {"onpu": beats.LEARNED})
    beats.write_means(tmp_path / "before.tsv", "onpu old", {"grid": {BEAT: 0.4321}})
    earlier, before = beats.read_means(tmp_path / "before.tsv")
    text = first_table([compared], before, earlier)
    mean = means(compared)["onpu"][BEAT]
    assert mean == pytest.approx((2 + 2 / 3) / 3, abs=0.01)
    assert re.search(rf"\| grid \| report by folds \| 3 \| beat F \| 0\.432 \| {mean:.3f} \[0\.\d+, 1\.000\] \|", text)
    assert "| n | measure | onpu old | onpu |" in text and re.search(r"\| 2 \| downbeat F \|", text)
    part = set_part(compared)
    assert "(learned from these: not a test)" in part and "role: report by folds" in part
    assert re.search(r"\| 1 \| 0\.66\d / 0\.\d+ / 0\.9\d+ \(×2\) \|", part) and "| 2 | 1.000 / - / 1.000 |" in part


def test_kinds_of_the_corpus_that_chooses():
    """Six kinds; styles that are held out or drawn by nobody are not asked for; the tempo of a song that keeps it has
    the range 1, whatever its beat."""
    assert set(choosing.SHARES) >= {*choosing.GENRES, *choosing.RECORDED.values()} and len(choosing.SHARES) == 6
    assert sum(choosing.SHARES.values()) == pytest.approx(1)
    assert all(choosing.styles_of(kind) for kind in choosing.SHARES)
    assert [choosing.tempo_range(timeline(beat)) for beat in (0.5, 1.0)] == pytest.approx([1, 1])
    slower = np.concatenate([np.arange(20) * 0.5, 10 + np.arange(20) * 0.6])
    assert choosing.tempo_range(Timeline(30.0, beats=Beats.of(slower, np.zeros(40)))) == pytest.approx(1.2)
    heavy = choosing.pieces("heavy", 3, 10.0)
    assert len({piece.seed for piece in [*heavy, *choosing.pieces("electronic", 3, 10.0)]}) == 6
