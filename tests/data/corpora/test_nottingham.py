"""Folk tunes over accompaniments: metres, upbeats, chords, swing; on tunes that nobody wrote."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny_corpora import midi, written

from onpu.data.corpora.archive import open_archive
from onpu.data.corpora.nottingham import nottingham, read_tune, tunes
from onpu.data.plan import Plan
from onpu.errors import DataError
from onpu.licensing import Terms, terms
from onpu.music.harte import parse

CHORDS = ((50, 54, 57), (55, 59, 62), (57, 61, 64), (50, 54, 57))
"""D, G, A, D."""
BARS = 16


def tune(numerator: int, denominator: int, upbeat: float = 0.0, late: float = 0.0) -> bytes:
    """Eighths in D major, a chord a bar, `late` quarters after its beginning; an upbeat makes up the first bar."""
    length = 4 * numerator / denominator
    begin = length if upbeat else 0.0
    scale = (74, 76, 78, 79, 81, 78, 74, 69)
    melody = [(begin - upbeat, 0.5, 69, 90)] if upbeat else []
    melody += [(begin + bar * length + eighth / 2, 0.45, scale[(3 * bar + eighth) % 8], 90)
               for bar in range(BARS) for eighth in range(round(2 * length))]
    chords = [(begin + bar * length + late, length - late - 0.1, pitch, 70) for bar in range(BARS)
              for pitch in CHORDS[bar % 4]]
    return midi({"piano": melody, "chords": chords}, 120, key="D", numerator=numerator, denominator=denominator)


FILES = {"jigs": tune(6, 8, upbeat=0.5), "reels": tune(4, 4), "hpps": tune(4, 4), "waltz": tune(3, 4, upbeat=1.0),
         "slip": tune(9, 8)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Zip files of one tune each, under a name that is learned from."""
    place = tmp_path_factory.mktemp("nottingham")
    for name, content in FILES.items():
        files = {f"nottingham/MIDI/{name}{number}.mid": content for number in range(4)}
        written(place / f"{name}.zip", files)
    return place


@pytest.mark.parametrize("name, metre, beats, upbeat", [("jigs", (6, 8), 2, 1 / 3), ("reels", (4, 4), 4, 0.0),
                                                        ("waltz", (3, 4), 3, 1.0), ("slip", (9, 8), 3, 0.0)])
def test_beats_are_those_of_the_tune(folder, name, metre, beats, upbeat):
    """Jigs have two dotted beats a bar; an upbeat of so many beats comes before the first bar."""
    for seed in range(4):
        line = nottingham(folder / f"{name}.zip", seed, 20.0).timeline
        assert (line.metre.numerators.tolist(), line.metre.denominators.tolist()) == ([metre[0]], [metre[1]])
        steps = np.diff(line.beats.positions)
        assert line.beats.positions.max() == beats and set(steps.tolist()) <= {1, 1 - beats}
        first = int(np.argmax(line.beats.positions == 1))
        assert first == (upbeat == 1.0)
        begun = line.beats.times[first] - line.notes.onsets[0]
        assert begun / np.diff(line.beats.times)[first] == pytest.approx(upbeat, abs=0.12)
        gaps = np.abs(line.notes.onsets[:, None] - line.beats.times[None]).min(axis=0)
        assert np.mean(gaps[first:] < 0.05) > 0.95


def test_chords_begin_with_the_bars_and_move_alike(folder):
    keys = set()
    for seed in range(6):
        line = nottingham(folder / "jigs.zip", seed, 20.0).timeline
        named = [(start, parse(label)) for start, label in zip(line.chords.starts.tolist(), line.chords.labels.tolist(),
                                                               strict=True) if label != "N"]
        bars = line.beats.times[line.beats.positions == 1]
        assert all(np.abs(bars - start).min() < 0.001 for start, _ in named)
        roots = [chord.root for _, chord in named[:3]]
        assert [(root - roots[0]) % 12 for root in roots] == [0, 5, 7]
        assert all(chord.quality == "maj" for _, chord in named)
        (label,) = line.keys.labels.tolist()
        assert label.endswith(":major") and parse(label.replace("major", "maj")).root == roots[0]
        keys.add(roots[0])
    assert len(keys) > 2


def halves(path: Path, seed: int) -> float:
    """Share of the beat that the first of two eighths of the tune has."""
    song = nottingham(path, seed, 20.0)
    beats, onsets = song.timeline.beats.times, song.tracks[0].notes.onsets
    index = np.clip(np.searchsorted(beats, onsets + 0.02) - 1, 0, len(beats) - 2)
    share = (onsets - beats[index]) / (beats[index + 1] - beats[index])
    return float(np.median(share[(share > 0.25) & (share < 0.85)]))


def test_hornpipes_swing_and_reels_do_not(folder):
    swung = [halves(folder / "hpps.zip", seed) for seed in range(8)]
    assert sum(share > 0.565 for share in swung) >= 4
    assert all(0.47 < halves(folder / "reels.zip", seed) < 0.58 for seed in range(8))


def test_tunes_go_round_until_they_are_long_enough(folder):
    for wanted in (30.0, 60.0, 90.0):
        assert all(0.9 < nottingham(folder / "slip.zip", seed, wanted).duration / wanted < 1.6 for seed in range(3))


def test_equal_seeds_are_equal_songs(folder):
    one, two = (nottingham(folder / "reels.zip", 5, 20.0).timeline.arrays() for _ in range(2))
    assert one.keys() == two.keys() and all(np.array_equal(one[name], two[name]) for name in one)


def test_tunes_whose_chords_deny_the_bars_are_left_out(tmp_path):
    files = {"MIDI/late.mid": tune(4, 4, late=0.5), "MIDI/right.mid": tune(4, 4)}
    archive = open_archive(written(tmp_path / "x.zip", files), "x")
    assert read_tune(archive, "MIDI/late.mid") is None
    found = read_tune(archive, "MIDI/right.mid")
    assert found is not None and found[0].bars == BARS and len(found[1]) == BARS


def test_permissive_plans_leave_what_is_under_the_gpl_out(folder):
    plan = Plan(nottingham="nottingham.zip", openmsx="game_midi.zip", freedoom="game_midi.zip", lieder="lieder.zip")
    assert plan.permissive() == replace(plan, nottingham="", openmsx="")
    assert terms(plan.licence) is Terms.SHARE_ALIKE and terms(plan.permissive().licence) is Terms.PERMISSIVE


def test_plans_arrange_from_the_tunes(folder):
    plan = Plan(seed=2, seconds=10.0, negatives=0.0, arranged=1.0, nottingham=str(folder / "jigs.zip"))
    song = plan.song(0)
    assert song is not None and song.style == "nottingham/6/8"


def test_what_is_no_corpus_is_said_in_a_line(tmp_path):
    for path in (written(tmp_path / "other.zip", {"readme": "x"}), tmp_path / "missing.zip"):
        with pytest.raises(DataError, match="zip") as error:
            nottingham(path, 0)
        assert "\n" not in str(error.value)


def test_real_tunes(real):
    path = real / "scores" / "nottingham.zip"
    if not path.exists():
        pytest.skip(f"no {path}")
    archive = open_archive(path, "x")
    train, test = tunes(archive, "train"), tunes(archive, "test")
    assert not {*train} & {*test} and 0.07 < len(test) / len(train) < 0.16
    read = [read_tune(archive, name) for name in test[:30]]
    assert sum(found is not None for found in read) > 20
    for seed in range(3):
        line = nottingham(path, seed, 20.0).validate().timeline
        gaps = np.abs(line.notes.onsets[:, None] - line.beats.times[None]).min(axis=0)
        assert np.mean(gaps < 0.05) > 0.8 and np.mean(gaps[line.beats.positions == 1] < 0.05) > 0.9
