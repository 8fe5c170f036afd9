"""Speed of the renderer: composed songs with a small soundfont, with all soundfonts, with the own synthesiser.

    python -m benchmarks.engine.render_speed [--songs 12] [--seconds 60] [--rate 44100] [--results FOLDER] [--dry]

Figures are seconds of music for a second of processor time of all cores, after one song that loads what stays loaded.
Table: benchmarks/results/render_speed.md.
"""

from pathlib import Path

import numpy as np

from benchmarks.report import parser, run, save, table
from benchmarks.timing import timed
from onpu.engine.augment.audio import speed, stretch, transpose
from onpu.engine.compose import compose
from onpu.engine.compose.song import Song
from onpu.engine.render import HELD_OUT, negative, produce, render, soundfonts
from onpu.music import Audio


def race(songs: list[Song], fonts: list[Path] | None, rate: int) -> tuple[float, float, float]:
    """Times real time of rendering, of production, and of both."""
    render(songs[0], 0, rate, fonts)
    rendering = production = 0.0
    for seed, song in enumerate(songs):
        stems, took = timed(render, song, seed, rate, fonts)
        rendering += took.processor
        production += timed(produce, stems, seed)[1].processor
    seconds = sum(song.duration for song in songs)
    return seconds / rendering, seconds / production, seconds / (rendering + production)


def effects(rate: int, seconds: float) -> list[list[str]]:
    """Rows for augmentation and for recordings without a beat."""
    audio = Audio(np.random.default_rng(0).standard_normal((2, round(seconds * rate))).astype(np.float32) * 0.1, rate)
    song = compose(1, seconds=seconds)
    spent = {"speed change": timed(speed, audio, song.timeline, 1.1)[1],
             "time stretch": timed(stretch, audio, song.timeline, 1.1)[1],
             "pitch shift": timed(transpose, audio, song.timeline, 2)[1]}
    rows = [[name, "", "", f"{audio.duration / each.processor:.0f}"] for name, each in spent.items()]
    took = sum(timed(negative, seed, seconds, rate)[1].processor for seed in range(12))
    return [*rows, ["not music (12 draws)", "", "", f"{12 * seconds / took:.0f}"]]


def main() -> None:
    """Measure and write render_speed.md."""
    options = parser(__doc__)
    options.add_argument("--songs", type=int, default=12)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--rate", type=int, default=44_100)
    given = options.parse_args()
    songs = [compose(seed, seconds=given.seconds) for seed in range(given.songs)]
    small = [path for path in soundfonts() if path.name == HELD_OUT]
    contenders: dict[str, list[Path] | None] = {"own synthesiser": [], "all soundfonts and own": None}
    if small:
        contenders = {f"{HELD_OUT} ({small[0].stat().st_size / 1e6:.0f} MB) and own": small, **contenders}
    rows = [[name, *(f"{figure:.0f}" for figure in race(songs, fonts, given.rate))]
            for name, fonts in contenders.items()]
    rows += effects(given.rate, given.seconds)
    tracks = np.mean([len(song.tracks) for song in songs])
    title = (f"{len(songs)} songs, {sum(song.duration for song in songs) / 60:.1f} minutes, {tracks:.1f} tracks each, "
             f"{given.rate} Hz stereo")
    text = table(["instruments", "render", "produce", "both, x real time a core"], rows)
    save(given, "render_speed", "Speed of the renderer", [title + ".\n", text])


if __name__ == "__main__":
    run(main)
