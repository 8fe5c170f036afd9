"""Where only soundfonts are wanted, nothing else plays."""

from dataclasses import replace

import numpy as np
import pytest

from onpu.engine.render import render, soundfonts
from onpu.engine.render.soundfont import library

SMALL = [path for path in soundfonts() if path.stat().st_size < 10e6] if library() is not None else []


@pytest.mark.skipif(not SMALL, reason="no libfluidsynth, or no small soundfont")
def test_neither_synthesiser_nor_voice_are_drawn(song, monkeypatch):
    for name in ("players.play", "stems.sing"):
        monkeypatch.setattr(f"onpu.engine.render.{name}", lambda *_, name=name: pytest.fail(f"{name} was called"))
    sung = replace(song, tracks=[replace(track, program=track.program if track.drums is not None else 53)
                                 for track in song.tracks])
    for seed in range(4):
        assert np.abs(render(sung, seed, 16_000, SMALL[:1], sampled=True).samples).max() > 0
