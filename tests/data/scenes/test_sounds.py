"""Corpora of aligned sounds: exact, resumable, drawn from at random; songs in four parts that sum to their mixture."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from onpu.data.plan import Plan
from onpu.data.scenes.sounds import AlignedSounds, write_sounds
from onpu.data.scenes.stems import PARTS, StemScenes
from onpu.errors import DataError


@dataclass(frozen=True)
class Ramps:
    """Two sounds: sample i of item n is i / 1000, and its negative plus n / 100."""

    seed: int = 0
    names: tuple[str, ...] = ("up", "down")
    rate: int = 8000
    licence: str = "CC0-1.0"

    def of(self, plan):
        return replace(self, seed=plan.seed)

    def named(self):
        return {"seed": self.seed}

    def soundfonts(self):
        return []

    def sample_sets(self):
        return []

    def item(self, number):
        up = np.arange(500, dtype=np.float32) / 1000
        return np.stack([up, number / 100 - up])


def test_sounds_come_back_as_they_were_and_a_corpus_is_finished_and_extended(tmp_path):
    folder = tmp_path / "ramps"
    sounds = write_sounds(folder, Ramps(), 3)
    assert sounds.names == ("up", "down") and len(sounds) == 3
    (folder / "sounds" / "00001.flac").unlink()
    with pytest.raises(DataError, match="1 of 3 items are still missing"):
        AlignedSounds.open(folder)
    again = write_sounds(folder, Ramps(), 4)
    for number in range(4):
        np.testing.assert_allclose(again.item(number), Ramps().item(number), atol=1 / 32768)
    with pytest.raises(DataError, match="holds another corpus"):
        write_sounds(folder, Ramps(seed=1), 3)
    with pytest.raises(DataError, match="no corpus of sounds"):
        AlignedSounds.open(tmp_path)


def test_what_is_drawn_is_a_piece_of_an_item_and_depends_on_the_generator_alone(tmp_path):
    sounds = write_sounds(tmp_path / "ramps", Ramps(), 3).only((1, 2))
    drawn = [sounds.draw(np.random.default_rng(seed), 100) for seed in (1, 1, *range(2, 12))]
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert len({float(piece[0, 0]) for piece in drawn}) > 5
    for piece in drawn:
        np.testing.assert_allclose(np.diff(piece[0]), 0.001, atol=1e-4)
        assert round(float(piece.sum(axis=0)[50]) * 100) in (1, 2)
    long = sounds.draw(np.random.default_rng(0), 600)
    assert long.shape == (2, 600) and not long[:, 500:].any()


def test_which_items_a_sound_is_heard_in_is_known_and_only_they_are_drawn(tmp_path):
    @dataclass(frozen=True)
    class Gaps(Ramps):
        def item(self, number):
            return super().item(number) * np.array([[number > 1], [number != 1]], np.float32)

    sounds = write_sounds(tmp_path / "gaps", Gaps(), 4)
    assert sounds.heard == {"up": (2, 3), "down": (0, 2, 3)}
    drawn = [sounds.draw(np.random.default_rng(seed), 100, sounds.heard["up"]) for seed in range(12)]
    assert {round(float(piece.sum(axis=0)[50]) * 100) for piece in drawn} == {2, 3}


def test_songs_in_parts_have_their_instruments_where_they_belong():
    scenes = StemScenes().of(Plan(seed=3, seconds=10, styles=("rock",), fonts=()))
    song = scenes.plan.song(0)
    parts = scenes.item(0)
    np.testing.assert_array_equal(parts, scenes.item(0))
    assert parts.shape[0] == len(PARTS) and np.abs(parts).max() > 0.01
    roles = {track.role for track in song.tracks}
    assert {"drums", "bass"} <= roles
    drums = np.abs(parts[PARTS.index("drums")])
    hits = np.concatenate([track.drums.times for track in song.tracks if track.drums is not None])
    first = round(float(hits.min()) * scenes.rate)
    assert drums[: max(0, first - 50)].max(initial=0) < 1e-4 < drums[first : first + 5000].max()
    spectrum = np.abs(np.fft.rfft(parts[PARTS.index("bass")]))
    low = round(1000 * parts.shape[1] / scenes.rate)
    assert (spectrum[:low] ** 2).sum() > 5 * (spectrum[low:] ** 2).sum()
