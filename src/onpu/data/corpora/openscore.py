"""Lieder and string quartets of the OpenScore corpora (CC0; Gotham, Jonas et al., "The OpenScore Lieder Corpus", Music
Encoding Conference 2021), performed: the scores' notes and bars, with rubato, held phrase ends, dynamics and pedal.
"""

import csv
import io
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from onpu.data.corpora.archive import Archive, open_archive
from onpu.data.corpora.barred import ScorePart, scores
from onpu.data.corpora.keys import heard_key
from onpu.data.corpora.reading import ScoreBars, held, loosely, natural_bpm, phrases, placed_phrases, with_fermatas
from onpu.data.corpora.splits import in_split
from onpu.data.corpora.staging import Stage, line_player, perform_stage, rng_for
from onpu.engine.compose.band import BandMember
from onpu.engine.compose.draw import between, draw, pick
from onpu.engine.compose.sketch import Note
from onpu.engine.compose.song import Song
from onpu.engine.compose.style import Style
from onpu.engine.compose.tempo import BeatTimes
from onpu.errors import DataError

_ATTEMPTS = 60
"""Passages that are drawn until one is long enough."""
_BPM, _COMPOUND_BPM = (36.0, 200.0), (26.0, 140.0)
"""Plausible tempi, counted beats a minute, in simple and in compound metres."""
_SPREAD = 0.18
"""Share by which the tempo may leave the score's."""
_NOTES_A_SECOND = (0.8, 16.0)
"""Attacks a second with which a marked tempo is plausible."""
_LEAST_BARS = 6
_FERMATAS = 0.3
"""Share of the held ends of phrases that are held longer."""
_TIMING = {"rubato": 0.7, "human": 0.3}
_KEYBOARD = re.compile(r"pian|klav|clav|harpsi|cembal|harmonium", re.IGNORECASE)
_INSTRUMENT = re.compile(r"flu|flö|travers|viol|cell|obo|fagott|bassoon|guit|harp|harfe|orgue|organ", re.IGNORECASE)
_TRANSPOSING = re.compile(r"clarin|klarin|horn|cor |trump|tromp|sax", re.IGNORECASE)
_VOICES = (52, 53, 54)
_SOLOISTS = (40, 41, 42, 56, 60, 64, 65, 66, 68, 69, 70, 71, 73, 74, 22, 11, 0)
_PIANOS = {0: 0.62, 1: 0.1, 2: 0.04, 3: 0.04, 6: 0.03, 19: 0.02, 24: 0.06, 46: 0.05, 4: 0.04}
"""Programs that play the piano's part -> weight."""
_QUARTETS: dict[str, tuple[float, tuple[int, ...]]] = {
    "strings": (0.55, (40, 40, 41, 42)), "sections": (0.1, (48, 48, 48, 48)), "slow sections": (0.04, (49, 49, 49, 49)),
    "winds": (0.1, (73, 68, 71, 70)), "saxophones": (0.04, (64, 65, 66, 67)), "brass": (0.05, (56, 56, 60, 57)),
    "piano": (0.07, (0,)), "organ": (0.03, (19,)), "voices": (0.02, (52, 52, 52, 52)),
}
"""Who plays a quartet -> how likely, programs from the highest part down; one program: one player plays all parts."""


def lieder(path: Path, seed: int, seconds: float = 60.0, split: str = "train") -> Song:
    """A stretch of a song for voice and piano, sung or played by another soloist, with piano or what stands for it.

    path: the zip file openscore_lieder.zip. seconds: about how long; less where the piece is short. split: `train` or
    `test`, a tenth of the songs and cycles. Bars, beats (dotted in compound metres), upbeats and notes are the score's,
    metronome marks give the tempo; key, tempo (within 18 %), fermatas and performance are drawn. Chords and sections
    are not labelled, the key where the notes bear the signature out, the melody where there is one soloist. Pure
    function of the file's content and the arguments. Raises `DataError` when the file is missing or something else.
    """
    rng = rng_for("lieder", seed, seconds)
    passage = _passage(open_archive(path, "the OpenScore Lieder, openscore_lieder.zip"), split, seconds, rng)
    human, swap = between(rng, 0.5, 1.2), int(rng.integers(-4, 5))
    sung, keyboard = rng.random() < 0.6, draw(rng, _PIANOS)
    players: list[BandMember] = []
    written: dict[int, list[Note]] = {}
    soloists = [part for part in passage.score.parts if _role(part) == "voice"]
    lead = np.concatenate([np.zeros((0, 4)), *(passage.rows(part.notes) for part in soloists[:1])])
    for number, part in enumerate(passage.score.parts):
        role, rows = _role(part), passage.rows(part.notes)
        if not len(rows):
            continue
        if role == "piano":
            player = line_player("chords", "piano", keyboard, human, 0.0, rng)
        else:
            programs = _VOICES if role == "voice" and sung else _SOLOISTS
            player = line_player("melody", f"solo {number + 1}", pick(rng, programs), human, 0.0, rng)
        written[len(players)] = passage.notes(rows, swap)
        players.append(player)
    name = "lieder/sung" if sung else "lieder/played"
    song = _performed(name, passage, lead, players, written, swap, human, seed, rng)
    melody = song.timeline.melody if len(soloists) == 1 and sum(player.solo for player in players) == 1 else None
    return replace(song, timeline=replace(song.timeline, melody=melody)).validate()


def quartets(path: Path, seed: int, seconds: float = 60.0, split: str = "train") -> Song:
    """A stretch of a string quartet by strings, or by winds, sections, a piano; otherwise as `lieder`."""
    rng = rng_for("quartets", seed, seconds)
    passage = _passage(open_archive(path, "the OpenScore string quartets, openscore_quartets.zip"), split, seconds, rng)
    human, swap = between(rng, 0.5, 1.2), int(rng.integers(-4, 5))
    kind = draw(rng, {name: weight for name, (weight, _) in _QUARTETS.items()})
    programs = _QUARTETS[kind][1]
    players: list[BandMember] = []
    written: dict[int, list[Note]] = {}
    for number, part in enumerate(passage.score.parts):
        rows = passage.rows(part.notes)
        if not len(rows):
            continue
        program = programs[min(number, len(programs) - 1)]
        role = "chords" if len(programs) == 1 else "bass" if number == 3 else "counter"
        name = kind if len(programs) == 1 else f"part {number + 1}"
        written[len(players)] = passage.notes(rows, swap)
        players.append(line_player(role, name, program, human, 0.0, rng))
    lead = passage.rows(passage.score.parts[0].notes)
    song = _performed(f"quartet/{kind}", passage, lead, players, written, swap, human, seed, rng)
    return replace(song, timeline=replace(song.timeline, melody=None)).validate()


@lru_cache(8)
def pieces(archive: Archive, split: str) -> tuple[str, ...]:
    """MIDI files of a split, cycles kept together. Raises `DataError` when the archive is another."""
    table = next((name for name in archive.names if name.endswith("index.tsv")), None)
    if table is None:
        raise DataError(f"{archive.path} holds no index.tsv; give the zip file of an OpenScore corpus")
    folder = table.removesuffix("index.tsv")
    rows = list(csv.reader(io.StringIO(archive.text(table)), delimiter="\t", quoting=csv.QUOTE_NONE))
    files = [(row[0], "/".join(row[1:3] if row[2] not in ("", "_") else row[1:4])) for row in rows
             if len(row) > 3 and row[0].endswith(".mid")]
    return tuple(folder + name for name, group in files if in_split(group, split) and folder + name in archive.names)


@dataclass(frozen=True)
class _Found:
    """A passage, and how long it is of what was wanted, at most 1."""

    passage: ScoreBars
    share: float


def _passage(archive: Archive, split: str, seconds: float, rng: np.random.Generator) -> ScoreBars:
    """A piece and bars of it of about this length; where all that were met are shorter, the longest."""
    names = pieces(archive, split)
    best: _Found | None = None
    for _ in range(_ATTEMPTS if names else 0):
        score = scores(archive, pick(rng, names), True)
        runs = [run for run in score.runs if run.bars >= _LEAST_BARS]
        if not runs or not score.parts or any(_TRANSPOSING.search(part.name) for part in score.parts):
            continue
        run = runs[int(rng.choice(len(runs), p=np.array([r.bars for r in runs]) / sum(r.bars for r in runs)))]
        lengths = np.diff(score.tempo.seconds(score.starts[run.first : run.first + run.bars + 1]))
        wanted = max(_LEAST_BARS, round(seconds / float(np.median(lengths))))
        bars = min(run.bars, wanted)
        offset = 0 if rng.random() < 0.4 else int(rng.random() * (run.bars - bars + 1))
        first = score.signatures[run.first + offset]
        assert first is not None
        upbeat = run.upbeat if offset == 0 else first.beat * draw(rng, {0: 0.7, 1: 0.3})
        passage = ScoreBars(score, run.first + offset, bars, upbeat)
        if not _playable(passage):
            continue
        if best is None or bars / wanted > best.share:
            best = _Found(passage, bars / wanted)
        if best.share >= 0.6:
            break
    if best is None:
        raise DataError(f"{archive.path}: holds no {split} piece with {_LEAST_BARS} regular bars; fetch the file again")
    return best.passage


def _playable(passage: ScoreBars) -> bool:
    """Whether something sounds in most bars."""
    rows = np.concatenate([np.zeros((0, 4)), *(passage.rows(part.notes) for part in passage.score.parts)])
    edges = passage.score.starts[passage.first : passage.first + passage.bars + 1] - passage.start
    sounding = np.histogram(rows[:, 0], edges)[0] > 0
    return bool(sounding.mean() > 0.7 and len(rows) > passage.bars)


def _role(part: ScorePart) -> str:
    """`piano`, `voice` or `instrument`."""
    together = np.mean(np.diff(part.notes[:, 0]) == 0) if len(part.notes) > 1 else 0.0
    if _KEYBOARD.search(part.name) or together > 0.2:
        return "piano"
    return "instrument" if _INSTRUMENT.search(part.name.strip()) else "voice"


def _performed(name: str, passage: ScoreBars, lead: np.ndarray, players: list[BandMember],
               written: dict[int, list[Note]], swap: int, human: float, seed: int, rng: np.random.Generator) -> Song:
    """Phrases, tempo and fermatas; then everybody plays."""
    rows = np.concatenate([passage.rows(part.notes) for part in passage.score.parts])
    rows = rows[np.lexsort((rows[:, 2], rows[:, 0]))]
    lengths = phrases(passage, lead if len(lead) else rows)
    key = heard_key(passage.score.key_at(passage.start), rows)
    spelled = (key or passage.score.key_at(passage.start)).transpose(swap)
    placed = placed_phrases(passage, lengths, rows, spelled, rng)
    bpm, marked = _tempo(passage, rows, rng)
    timing = draw(rng, _TIMING)
    signature = placed[0].sketch.signatures[0]
    holds = [hold for hold in held(rows, [place.end for place in placed], signature.beat) if rng.random() < _FERMATAS]
    if timing == "rubato" and holds:
        marked = with_fermatas(marked, holds, [between(rng, 1.3, 2.6) for _ in holds])
    upbeat = signature.beat * float(np.ceil(max(0.0, -float(rows[0, 0])) / signature.beat - 0.01))
    style = Style("classical", (bpm, bpm, bpm), (), {}, timing=_TIMING)
    stage = Stage(style, placed, bpm, timing, human, upbeat, players, written, marked)
    song = perform_stage(seed, name, stage, None, rng, listened=False)
    changes = {passage.score.key_at(place.start + passage.start) for place in placed}
    keys = song.timeline.keys if key is not None and len(changes) == 1 else None
    return replace(song, timeline=replace(song.timeline, sections=None, chords=None, keys=keys))


def _tempo(passage: ScoreBars, rows: np.ndarray, rng: np.random.Generator) -> tuple[float, BeatTimes]:
    """Counted beats a minute at first, and the marked tempo: that of the score where it has a plausible one."""
    signature = passage.score.signatures[passage.first]
    assert signature is not None
    edges = np.unique(np.concatenate([[-passage.upbeat, 0.0], passage.score.tempo.places - passage.start,
                                      [passage.end - passage.start]]))
    edges = edges[(edges >= -passage.upbeat) & (edges <= passage.end - passage.start)]
    times = passage.seconds_of(edges)
    onsets = len(np.unique(np.round(rows[:, 0], 3)))
    lasting = float(times[-1] - times[0])
    usual = 60 * (edges[-1] - edges[0]) / signature.beat / lasting
    slowest, fastest = _COMPOUND_BPM if signature.compound else _BPM
    plausible = (passage.score.marked and slowest <= usual <= fastest
                 and _NOTES_A_SECOND[0] <= onsets / lasting <= _NOTES_A_SECOND[1])
    wanted = loosely(usual, _SPREAD, rng) if plausible else natural_bpm(
        onsets * signature.beat / (edges[-1] - edges[0]), rng)
    if not plausible:
        return wanted, BeatTimes(edges, edges / signature.beat * 60 / wanted)
    return wanted, BeatTimes(edges, times * usual / wanted)
