"""A soundfont that stays loaded remembers nothing: a part sounds the same whatever was played before it."""

import numpy as np
import pytest

from onpu.engine.render.soundfont import SoundFont, library, soundfonts

SMALL = [path for path in soundfonts() if path.stat().st_size < 20e6 and "GM" in path.name]
PART = [(700 * i, "noteon", 40 + 7 * i % 40, 40 + 13 * i % 80) for i in range(12)]


@pytest.mark.skipif(library() is None or not SMALL, reason="no libfluidsynth, or no small soundfont")
def test_a_part_does_not_depend_on_what_was_played_before():
    rng = np.random.default_rng(0)
    first, second = SoundFont(SMALL[0], 22_050), SoundFont(SMALL[0], 22_050)
    for program in (0, 4, 48, 80):
        fresh = first.play(program, False, PART, 12_000, {})
        assert np.abs(fresh).max() > 1e-3
        for _ in range(3):
            other = [(500 * i, "noteon", int(rng.integers(30, 90)), 90) for i in range(20)]
            second.play(int(rng.integers(128)), False, other, 12_000, {})
            again = second.play(program, False, PART, 12_000, {})
            np.testing.assert_array_equal(again, fresh)
