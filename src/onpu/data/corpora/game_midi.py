"""Rock, metal, jazz and country of free games as MIDI, played by the bands they were written for, drums included:
Freedoom (BSD-3-Clause) and OpenMSX (GPL-2.0). Only files whose drums confirm their bars.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from onpu.data.corpora.archive import Archive, open_archive
from onpu.data.corpora.barred import BarredScore, BarRow, ScorePart, read_barred
from onpu.data.corpora.drummed import drums_agree, on_grid, steady_row
from onpu.data.corpora.reading import ScoreBars, loosely, placed_phrases
from onpu.data.corpora.splice import Drumming
from onpu.data.corpora.splits import in_split
from onpu.data.corpora.staging import Stage, line_player, perform_stage, rng_for
from onpu.engine.compose.band import BandMember
from onpu.engine.compose.chord import Tonality
from onpu.engine.compose.draw import between, draw, pick
from onpu.engine.compose.metre import Signature
from onpu.engine.compose.sketch import Note
from onpu.engine.compose.song import Song
from onpu.engine.compose.style import Style
from onpu.engine.compose.tempo import BeatTimes
from onpu.errors import DataError

_ATTEMPTS = 40
"""Passages that are drawn until one is long enough."""
_LEAST_BARS, _PHRASE = 8, 8
_SPREAD = 0.15
"""Share by which the tempo may leave the file's."""
_BPM = (50.0, 230.0)
_TIMING = {"steady": 0.6, "human": 0.4}
_EXACT = 0.5
"""Chance that steady players are exact to the sample."""
_KITS = (0, 0, 0, 8, 16, 16, 32)
"""Programs of General MIDI's drum kits, as often as they are drawn."""
_DRUMS = (35, 81)
"""The lowest and the highest of General MIDI's drums."""
_EFFECTS = 112
"""Program from which on tracks are percussion and noises."""
_BASSES = range(32, 40)
_LOWEST = 43
"""Median pitch below which a part is a bass whatever its program."""
_OTHERS = 0.4
"""Chance that a part is played by another instrument, in every second song."""
_ALIKE = ((0, 1, 2, 3), (4, 5), (16, 17, 18, 19), (24, 25), (26, 27, 28), (29, 30), (32, 33, 34, 35), (36, 37),
          (38, 39), (40, 41, 110), (48, 49, 50, 51), (52, 53, 54), (56, 57, 59), (64, 65, 66, 67), (71, 68, 73),
          (80, 81, 62, 63), (88, 89, 90, 91, 92, 93, 94, 95))
"""Programs that stand for each other."""


@dataclass(frozen=True, eq=False)
class GameSong:
    """A file that can be played, and the row of its bars that is."""

    score: BarredScore
    row: BarRow
    signature: Signature


def freedoom(path: Path, seed: int, seconds: float = 60.0, split: str = "train") -> Song:
    """A stretch of a song of Freedoom, rock and metal, by its own band.

    path: the zip file game_midi.zip. seconds: about how long; less where the song is shorter. split: `train` or `test`,
    a tenth of the files. Bars, notes, drums and tempo changes are the file's; tempo (within 15 %), key, performance and
    drum kit are drawn, now and then other instruments of the same kind. Chords, keys, sections and melody are not
    labelled. Pure function of the file's content and the arguments. Raises `DataError` when the file is missing or
    something else.
    """
    return _game_song(path, "freedoom", seed, seconds, split)


def openmsx(path: Path, seed: int, seconds: float = 60.0, split: str = "train") -> Song:
    """As `freedoom`, of OpenMSX (jazz, blues, country, rock)."""
    return _game_song(path, "openmsx", seed, seconds, split)


@lru_cache(8)
def songs(archive: Archive, folder: str, split: str) -> tuple[GameSong, ...]:
    """The files of a split in this folder whose bars can be trusted. Raises `DataError` when the archive is another."""
    names = sorted(name for name in archive.names if name.split("/")[0] == folder and name.endswith(".mid"))
    if not names:
        raise DataError(f"{archive.path} holds no {folder}/*.mid; give game_midi.zip")
    found = (read_game_song(archive, name) for name in names if in_split(name.rsplit("/", 1)[-1], split))
    return tuple(song for song in found if song is not None)


def read_game_song(archive: Archive, name: str) -> GameSong | None:
    """A file whose drums keep to a grid and agree with its bars (4/4 where it names none), at 50 to 230 beats a minute;
    None for others."""
    score = on_grid(read_barred(archive, name))
    row = None if score is None else steady_row(score)
    if score is None or row is None or not any(map(_pitched, score.parts)):
        return None
    signature = score.signatures[row.first]
    assert signature is not None
    passage = ScoreBars(score, row.first, row.bars, 0.0)
    slowest, fastest = _BPM
    if not slowest <= _tempo(passage, signature)[0] <= fastest:
        return None
    agree = drums_agree(passage.rows(score.drums), signature, row.bars)
    return GameSong(score, row, signature) if agree else None


def _game_song(path: Path, folder: str, seed: int, seconds: float, split: str) -> Song:
    rng = rng_for(folder, seed, seconds)
    passage, signature = _passage(open_archive(path, "the MIDI files of games, game_midi.zip"), folder, split, seconds,
                                  rng)
    usual, marked = _tempo(passage, signature)
    bpm = loosely(usual, _SPREAD, rng)
    timing = draw(rng, _TIMING)
    human = 0.0 if timing == "steady" and rng.random() < _EXACT else between(rng, 0.3, 1.0)
    swap, others = int(rng.integers(-5, 7)), rng.random() < 0.5
    players: list[BandMember] = []
    written: dict[int, list[Note]] = {}
    for part in filter(_pitched, passage.score.parts):
        rows = passage.rows(part.notes)
        if len(rows):
            program = _another(part.program, rng) if others and rng.random() < _OTHERS else part.program
            written[len(players)] = passage.notes(rows, swap)
            players.append(line_player(_role(part), f"part {len(players) + 1}", program, human, 0.0, rng))
    rows = np.concatenate([passage.rows(part.notes) for part in passage.score.parts if _pitched(part)])
    lengths = [min(_PHRASE, passage.bars - bar) for bar in range(0, passage.bars, _PHRASE)]
    placed = placed_phrases(passage, lengths, rows[np.argsort(rows[:, 0], kind="stable")], Tonality(swap % 12, "major"),
                            rng)
    stage = Stage(Style("game", (bpm, bpm, bpm), (), {}, kits=_KITS), placed, bpm, timing, human, 0.0, players, written,
                  BeatTimes(marked.places, marked.times * usual / bpm))
    song = perform_stage(seed, f"{folder}/{signature.name}", stage, _drumming(passage, signature), rng,
                         listened=False)
    unknown = replace(song.timeline, sections=None, chords=None, keys=None, melody=None)
    return replace(song, timeline=unknown).validate()


def _passage(archive: Archive, folder: str, split: str, seconds: float, rng: np.random.Generator
             ) -> tuple[ScoreBars, Signature]:
    """A song and bars of it of about this length, in which drums and bars agree too; where all that were met are
    shorter, the longest."""
    choice = songs(archive, folder, split)
    best: tuple[float, ScoreBars, Signature] | None = None
    for _ in range(_ATTEMPTS if choice else 0):
        song = pick(rng, choice)
        row, starts = song.row, song.score.starts
        lasting = np.diff(song.score.tempo.seconds(starts[row.first : row.first + row.bars + 1]))
        wanted = max(_LEAST_BARS, round(seconds / float(np.median(lasting))))
        bars = min(row.bars, wanted)
        first = row.first + 4 * int(rng.random() * ((row.bars - bars) // 4 + 1))
        passage = ScoreBars(song.score, first, bars, 0.0)
        pitched = sum(len(passage.rows(part.notes)) for part in song.score.parts if _pitched(part))
        if pitched < bars or not drums_agree(passage.rows(song.score.drums), song.signature, bars):
            continue
        if best is None or bars / wanted > best[0]:
            best = bars / wanted, passage, song.signature
        if best[0] > 0.8:
            break
    if best is None:
        raise DataError(f"{archive.path}: holds no {split} song in {folder}/ whose drums confirm its bars; "
                        "fetch the zip file again")
    return best[1], best[2]


def _tempo(passage: ScoreBars, signature: Signature) -> tuple[float, BeatTimes]:
    """Counted beats a minute on the whole, and the file's tempo: seconds against quarters from the first bar."""
    length = passage.end - passage.start
    inner = passage.score.tempo.places - passage.start
    edges = np.unique(np.concatenate([[0.0, length], inner[(inner > 0) & (inner < length)]]))
    times = passage.seconds_of(edges)
    return float(60 * length / signature.beat / times[-1]), BeatTimes(edges, times)


def _drumming(passage: ScoreBars, signature: Signature) -> Drumming:
    """The drummer's part; strokes that two tracks share count once."""
    rows = passage.rows(passage.score.drums)
    rows = rows[(rows[:, 2] >= _DRUMS[0]) & (rows[:, 2] <= _DRUMS[1])]
    _, once = np.unique(np.round(np.column_stack((rows[:, 0] * 24, rows[:, 2]))), axis=0, return_index=True)
    rows = rows[np.sort(once)]
    return Drumming(signature, passage.bars, _PHRASE, rows[:, 0], rows[:, 2].astype(np.int64),
                    np.clip(rows[:, 3], 1, 127).astype(np.int64))


def _pitched(part: ScorePart) -> bool:
    """Whether the notes have the pitch that is written; sound effects do not."""
    return part.program < _EFFECTS


def _role(part: ScorePart) -> str:
    """`bass`, `chords`, or `counter` for a single line."""
    if part.program in _BASSES or np.median(part.notes[:, 2]) < _LOWEST:
        return "bass"
    together = np.mean(np.diff(part.notes[:, 0]) < 0.02) if len(part.notes) > 1 else 0.0
    return "chords" if together > 0.1 else "counter"


def _another(program: int, rng: np.random.Generator) -> int:
    """Another program of the same kind, where there is one."""
    alike = next((alike for alike in _ALIKE if program in alike), ())
    return pick(rng, [other for other in alike if other != program] or [program])
