"""Recordings taken apart: SI-SDR improvements of voice, drums, bass and the rest, beside methods of librosa.

    python -m benchmarks.making.separation [--weights stems] [--only composed,mdb] [--songs 16] [--each]
        [--results FOLDER] [--dry]

composed: songs in the styles, and from the soundfont, that are held out of all training, 30 s, in four parts; the voice
is a singer's recording laid over them (PJS, songs that training never uses; others of his are in it). mdb: the six
multitrack recordings, the sum of their stems as the mixture, and, in a table of its own, the mixture as it was
published, which differs from the sum by -18 dB and more. Speed is that of three minutes of stereo. Table:
benchmarks/results/separation.md.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import librosa
import numpy as np
import soxr
import torch

from benchmarks.paths import Missing, data
from benchmarks.recordings import fonts, held_out_style
from benchmarks.report import parser, run, save, table
from benchmarks.timing import timed
from onpu.data.corpora.pjs import held_out, recordings
from onpu.data.scenes.stems import PARTS, parts_of
from onpu.engine.compose import compose
from onpu.engine.render import perform
from onpu.engine.render.parts import parted
from onpu.engine.render.stems import VOICES
from onpu.formats.audio import read_audio
from onpu.make import load
from onpu.make.stems import StemOptions
from onpu.metrics import separation as metric

RATE, SECONDS, SEED = 44_100, 30.0, 3_600_000
VOICE_LEVEL = 0.05
"""Root mean square of the singer's recordings."""
Sounds = dict[str, np.ndarray]
Separator = Callable[[np.ndarray], Sounds]
Item = tuple[str, Sounds, np.ndarray]
"""Name, parts (channels, samples), mixture."""


def composed(count: int) -> Iterator[Item]:
    """Songs that training never saw, with a recording of a singer that it never heard."""
    unheard = fonts()
    singer = [song for song in recordings(data("real/pjs")) if held_out(song.number)]
    for number in range(count):
        song = compose(SEED + number, held_out_style(number), SECONDS)
        song = replace(song, tracks=tuple(track for track in song.tracks if track.program not in VOICES
                                          or track.drums is not None))
        stems, _ = perform(song, song.seed, RATE, unheard, sampled=True)
        parts = dict(zip(PARTS, parted(stems, parts_of(song, stems), PARTS, song.seed).samples, strict=True))
        voice = singer[number % len(singer)].audio()
        sung = soxr.resample(voice.mono(), voice.rate, RATE)[: stems.samples.shape[2]]
        sung = np.pad(sung, (0, stems.samples.shape[2] - len(sung)))
        level = np.sqrt(np.mean(sung[np.abs(sung) > 0.01] ** 2))
        parts["vocals"] = np.tile(np.float32(VOICE_LEVEL / level) * sung, (2, 1))
        yield f"{song.style} {number}", parts, np.sum(list(parts.values()), axis=0)


def mdb(published: bool) -> Iterator[Item]:
    """Multitrack recordings; the mixture is the sum of the stems, or what was published."""
    for folder in sorted(data("real/mdb").glob("*/")):
        parts = {name: read_audio(folder / f"{name}.flac").samples for name in PARTS
                 if (folder / f"{name}.flac").exists()}
        length, channels = (min(sound.shape[side] for sound in parts.values()) for side in (1, 0))
        parts = {name: sound[:channels, :length] for name, sound in parts.items()}
        yield folder.name, parts, (read_audio(folder / "mix.flac").samples[:channels, :length] if published
                                   else np.sum(list(parts.values()), axis=0))


def separator(weights: str, wiener: int) -> Separator:
    """The network with these weights, as a separator."""
    made, options = load(weights), StemOptions(wiener=wiener)
    return lambda mixture: dict(zip(PARTS, made(mixture, RATE, options=options).samples, strict=True))


def hpss(mixture: np.ndarray) -> Sounds:
    """Harmonic-percussive separation of librosa (Fitzgerald 2010): the percussive part for the drums."""
    return {"drums": librosa.effects.percussive(mixture, margin=1.0)}


def repet(mixture: np.ndarray) -> Sounds:
    """Nearest-neighbour filtering of librosa (Rafii & Pardo 2012), as its gallery has it: the foreground for the
    voice."""
    out = []
    for channel in mixture:
        spectrum = librosa.stft(channel)
        magnitude = np.abs(spectrum)
        background = librosa.decompose.nn_filter(magnitude, aggregate=np.median, metric="cosine",
                                                 width=int(librosa.time_to_frames(2, sr=RATE)))
        background = np.minimum(magnitude, background)
        mask = librosa.util.softmask(magnitude - background, 10 * background, power=2)
        out.append(librosa.istft(mask * spectrum, length=mixture.shape[1]))
    return {"vocals": np.stack(out)}


def scores(items: list[Item], separate: Separator) -> list[dict[str, float]]:
    """Improvements of each item, part by part."""
    rows = []
    for _, parts, mixture in items:
        found = separate(mixture)
        row = {}
        for name, truth in parts.items():
            before = metric.si_sdr(truth, mixture)
            if name in found and np.mean(truth**2) > metric.SILENT_POWER and before < metric.ALONE_SI_SDR_DB:
                row[name] = metric.si_sdr(truth, found[name]) - before
        rows.append(row)
    return rows


def speed(separate: Separator) -> float:
    """Times real time, three minutes of stereo."""
    noise = np.random.default_rng(0).standard_normal((2, 180 * RATE)).astype(np.float32) * np.float32(0.1)
    return 180 / timed(separate, noise)[1].seconds


def _mean(rows: list[dict[str, float]], name: str) -> float:
    values = [row[name] for row in rows if name in row]
    return float(np.mean(values)) if values else float("nan")


def main() -> None:
    """Measure, print and write the tables."""
    options = parser(__doc__)
    options.add_argument("--weights", default="stems", help="by names or paths, by commas")
    options.add_argument("--only", default="composed,mdb,published", help="sets, by commas")
    options.add_argument("--songs", type=int, default=16, help="composed ones")
    options.add_argument("--each", action="store_true", help="a line a recording too")
    options.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    given = options.parse_args()
    contenders: dict[str, Separator] = {}
    for weights in given.weights.split(","):
        contenders |= {f"onpu {Path(weights).stem}": separator(weights, 0),
                       f"onpu {Path(weights).stem}, with Wiener filter": separator(weights, 1)}
    if given.peers:
        contenders |= {"librosa, percussive part": hpss, "librosa, nearest neighbours": repet}
    sets: dict[str, Callable[[], Iterator[Item]]] = {
        "composed": lambda: composed(given.songs), "mdb": lambda: mdb(False), "published": lambda: mdb(True)}
    titles = {"composed": "composed songs, held-out styles, soundfont and songs of a singer",
              "mdb": "multitrack recordings (MDB Drums), the sum of their stems",
              "published": "the same, the mixture that was published"}
    parts = []
    for name in given.only.split(","):
        try:
            items = list(sets[name]())
        except Missing as error:
            parts.append(f"{name} left out: {error}\n")
            continue
        parts.append(f"## {len(items)} {titles[name]}\n")
        found = {contender: scores(items, separate) for contender, separate in contenders.items()}
        parts.append(table(("SI-SDR improvement, dB", *PARTS), [
            [contender, *(_mean(rows, part) for part in PARTS)] for contender, rows in found.items()]))
        if given.each:
            first = next(iter(found.values()))
            parts.append(table(("recording", *PARTS), [[item[0], *(row.get(part, float("nan")) for part in PARTS)]
                                                       for item, row in zip(items, first, strict=True)]))
    if not given.dry:
        parts.append(table(("three minutes of stereo", "x real time"),
                           [[contender, speed(separate)] for contender, separate in contenders.items()]))
    parts.append(f"{torch.get_num_threads()} threads. Improvement over the mixture taken for the part; librosa's "
                 "methods answer for one part each.\n")
    save(given, "separation", "Recordings taken apart", parts)


if __name__ == "__main__":
    run(main)
