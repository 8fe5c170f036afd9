"""Passages as material: read, written, drawn, held out, composed."""

import numpy as np
import pytest
from passage_files import passage, write_passages

from onpu.data.corpora.passages import COMPOSED_BANDS, FILE, SIDES, Passages, PassageSource, composed, eventful
from onpu.engine.compose.bands import composed_passage
from onpu.errors import DataError
from onpu.music.passage import BAR, HOLD, PARTS, Passage


def test_a_file_gives_back_what_was_written(tmp_path):
    path = write_passages(tmp_path / FILE, 12, 4)
    found = Passages.open(tmp_path)
    for number, back in enumerate(found.passages, 1):
        given = passage(number, 4)
        assert back.chords == given.chords and back.name == given.name
        assert all(np.array_equal(back.parts[part], given.parts[part]) for part in PARTS)
    found.write(tmp_path / "again.json.gz")
    assert (tmp_path / "again.json.gz").read_bytes() == path.read_bytes()


def test_what_is_for_tests_is_in_neither_half_of_the_split(tmp_path):
    found = Passages.open(write_passages(tmp_path / FILE, 20, 2))
    learned, judged = found.split()
    tested = found.side("test")
    assert set(learned.numbers) | set(judged.numbers) == set(found.numbers)
    assert not set(found.numbers) & set(tested.numbers) and not set(learned.numbers) & set(judged.numbers)
    assert [len(found.side(side)) for side in SIDES] == [16, 2, 2] and len(judged) == 2
    without = found.only(learned.numbers)
    assert len(without.split()[1]) == 2  # where nothing is held out, a tenth is


def test_only_bars_where_something_happens_are_drawn(tmp_path):
    events = passage(1, 8).parts["melody"].copy()
    events[: 2 * BAR] = events[4 * BAR : 6 * BAR] = HOLD
    rested = Passage({"melody": events})
    assert eventful(rested, 2, ("melody",)) == [2, 3, 6]
    assert eventful(rested, 4, ("melody",)) == []
    found = Passages.open(write_passages(tmp_path / FILE, 3, 4))
    drawn = found.draw(np.random.default_rng(0), 2, PARTS)
    again = found.draw(np.random.default_rng(0), 2, PARTS)
    assert drawn.bars == 2 and all(np.array_equal(drawn.parts[part], again.parts[part]) for part in PARTS)
    with pytest.raises(DataError, match="64 bars"):
        found.draw(np.random.default_rng(0), 64, PARTS)


def test_composed_bands_have_all_parts_and_are_kept(tmp_path):
    found = composed(tmp_path / "bands", 2)
    assert len(found.passages) == 2 and found.description["commercial_use"] and COMPOSED_BANDS > 100
    for band in found.passages:
        assert set(band.parts) == set(PARTS) and len(band.chords) == band.bars
        assert all((band.parts[line] >= 0).any() for line in ("melody", "bass")) and band.parts["drums"].any()
    before = (tmp_path / "bands" / FILE).stat().st_mtime_ns
    composed(tmp_path / "bands", 2)
    assert (tmp_path / "bands" / FILE).stat().st_mtime_ns == before
    whole = next(band for band in map(composed_passage, range(20)) if band is not None)
    assert whole.validate().bars > 8


def test_what_lacks_a_part_is_refused(tmp_path):
    drums = Passages.of([(Passage({"drums": passage(1, 2).parts["drums"]}), "train")], {"source": "Groove"})
    for supply, said in ((PassageSource(("melody",)), "melody"), (PassageSource(("drums",), chords=True), "chords")):
        with pytest.raises(DataError, match=f"^Groove: has no {said}"):
            supply.check(drums)
    PassageSource(("drums",)).check(drums)
    with pytest.raises(DataError, match="no passages"):
        PassageSource(("drums",)).check(object())
    (tmp_path / FILE).write_bytes(b"no")
    for path in (tmp_path, tmp_path / "absent.json.gz", tmp_path / "absent.zip"):
        with pytest.raises(DataError) as error:
            Passages.open(path)
        assert str(path) in str(error.value) and "\n" not in str(error.value)
