"""Composed bands on a grid: melody, bass, drums and chords of songs that do not swing."""

import numpy as np

from onpu.engine.compose.composer import compose
from onpu.engine.compose.style import Style
from onpu.engine.compose.styles import STYLES
from onpu.music import Chords, Notes
from onpu.music.bars import Bars, bars
from onpu.music.chorale import STEPS
from onpu.music.passage import BAR, LINES, QUARTERS, Passage, longest_chords, struck, written

SONG_SECONDS = 75.0
MAX_SWING = 0.55
"""Styles that swing more than this are left out: their notes are on no grid of sixteenths."""
FILLED = 2


def straight() -> dict[str, Style]:
    """Styles of `STYLES` in 4/4 that do not swing, with drums and players."""
    return {name: style for name, style in STYLES.items() if not style.held_out and style.swing[1] <= MAX_SWING
            and "4/4" in style.metres and style.grooves and style.seats}


def composed_passage(seed: int) -> Passage | None:
    """A composed song's melody, bass and drums; None where it has not all of them, or is not in 4/4 throughout."""
    styles = straight()
    names = list(styles)
    rng = np.random.default_rng([seed, 0x7210])
    weights = np.array([styles[name].weight for name in names])
    song = compose(seed, names[int(rng.choice(len(names), p=weights / weights.sum()))], SONG_SECONDS)
    by_role = {track.role: track for track in reversed(song.tracks)}
    metre = song.timeline.metre
    if not {*LINES, "drums"} <= by_role.keys() or metre is None or any(metre.numerators != QUARTERS) or any(
            metre.denominators != 4):
        return None
    grid = bars(song.timeline)
    whole = np.flatnonzero((grid.numbers > 0) & (grid.beats == QUARTERS))
    first, steps = int(grid.firsts[whole[0]]), len(whole) * BAR
    drums = by_role["drums"].drums
    if drums is None or (np.diff(whole) != 1).any():
        return None
    parts = {part: _line(by_role[part].notes, grid, first, steps, part == "melody") for part in LINES}
    parts["drums"] = struck(_steps(grid, drums.times, first), drums.pitches, steps)
    named = song.timeline.require(Chords)
    starts, ends = (grid.beats_at(column) - first for column in (named.starts, named.ends))
    chords = longest_chords(starts, ends, named.labels.tolist(), len(whole))
    return Passage(parts, chords, f"{song.style} {seed}").validate()


def _steps(grid: Bars, seconds: np.ndarray, first: int) -> np.ndarray:
    """Steps of the grid from beat `first` on that are nearest to these times."""
    return np.rint(STEPS * (grid.beats_at(seconds) - first)).astype(np.int64)


def _line(notes: Notes, grid: Bars, first: int, steps: int, highest: bool) -> np.ndarray:
    starts, ends = _steps(grid, notes.onsets, first), _steps(grid, notes.offsets, first)
    return written(starts, ends, np.rint(notes.pitches).astype(np.int64), steps, FILLED, highest)
