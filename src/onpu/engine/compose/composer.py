"""The composer: a seed and a style in, a song with all its labels out."""

import numpy as np

from onpu.engine.compose.band import BandMember, play_all, seat_players
from onpu.engine.compose.chord import Tonality
from onpu.engine.compose.draw import between, draw, pick
from onpu.engine.compose.drummer import Drummer
from onpu.engine.compose.edges import WHOLE, draw_edges
from onpu.engine.compose.grooves_world import GROOVES
from onpu.engine.compose.hits import Hit
from onpu.engine.compose.labels import label
from onpu.engine.compose.metre import SIGNATURES, Signature
from onpu.engine.compose.perform import Score, make_hand, perform, perform_drums
from onpu.engine.compose.pitch import bend, detuned, draw_tuning, press_pedal
from onpu.engine.compose.plan import END, Placed, liveliness, make_plan
from onpu.engine.compose.sketch import Note
from onpu.engine.compose.song import Song, Track
from onpu.engine.compose.style import Style
from onpu.engine.compose.styles import STYLES
from onpu.engine.compose.tempo import BeatGrid, BeatTimes, make_tempo
from onpu.errors import DataError
from onpu.music import Notes

_GROOVES_OF = {
    "3/4": ("waltz", "rock waltz", "jazz waltz"), "6/8": ("six eight", "six eight ride"), "7/4": ("seven four",),
    "12/8": ("slow blues", "doo wop"), "5/4": ("five four", "jazz five"), "7/8": ("seven eight", "balkan"),
    "9/8": ("nine eight", "slip jig"), "5/8": ("five eight",), "3/8": ("waltz",), "6/4": ("waltz", "rock waltz"),
}
"""For metres in which a groove of 4/4 makes no sense."""

_STICKS = (37, 42, 31, 44)
_BPM = (40.0, 300.0)
_UNEVEN_BPM = 250.0
"""Fastest in metres that are counted in eighths."""
_DRUMMER = 118
"""Program whose players have the hands of a drummer."""


def compose(seed: int, style: str | None = None, seconds: float = 60.0) -> Song:
    """Compose and perform a song.

    Parameters
    ----------
    seed
        Any non-negative integer; equal arguments give equal songs, bit by bit.
    style
        A name of `STYLES`; None draws one of those that are not held out, by weight.
    seconds
        About how long; phrases are kept whole.

    Returns
    -------
    Song
        Its tracks, and in `timeline` every label, exact.

    Raises
    ------
    DataError
        When there is no such style, or `seed` or `seconds` is negative.

    Examples
    --------
    >>> from onpu.engine.compose import compose
    >>> song = compose(7, "jazz trio", seconds=20)
    >>> song.timeline.chords.labels[:3].tolist()
    ['N', 'G#:hdim7', 'C#:7']
    >>> len(song.timeline.notes.onsets) > 50
    True
    """
    if seed < 0 or not 0 < seconds < 36_000:
        raise DataError(f"seed {seed} and {seconds} seconds cannot be composed; give a seed from 0 on and 1 to 36000 s")
    if style is None:
        style = draw(np.random.default_rng([seed]), {name: s.weight for name, s in STYLES.items() if not s.held_out})
    if style not in STYLES:
        raise DataError(f"there is no style {style!r}; choose one of {', '.join(sorted(STYLES))}")
    return _compose(seed, style, STYLES[style], seconds, np.random.default_rng([seed, *style.encode()]))


def _compose(seed: int, name: str, style: Style, seconds: float, rng: np.random.Generator) -> Song:
    signature = pick(rng, SIGNATURES[draw(rng, style.metres)])
    usual = SIGNATURES[next(iter(style.metres))][0]
    bpm = float(np.clip(rng.triangular(*style.tempo) * liveliness(signature) / liveliness(usual), _BPM[0],
                        _UNEVEN_BPM if signature.additive else _BPM[1]))
    timing = draw(rng, style.timing)
    human = 0.0 if timing == "steady" and rng.random() < 0.6 else between(rng, 0.5, 1.2)
    key = Tonality(int(rng.random() * 12), draw(rng, style.modes))
    placed = make_plan(style, signature, key, bpm, seconds, rng)
    players = seat_players(style, human, rng)
    notes, lead = play_all(style, players, placed, rng)
    kits, count_in = drum_hits(style, placed, bpm, rng)
    grid = beat_grid(placed, max(lead, signature.length if count_in else 0.0))
    tempo = make_tempo(grid, bpm, timing, _tempo_factors(style, placed, grid, rng), rng)
    tracks = play_tracks(style, players, notes, kits, score_of(style, placed, tempo, human, rng), rng)
    edges = WHOLE if style.held_out else draw_edges(grid, tempo, np.random.default_rng([seed, *b"edges"]))
    return label(seed, name, style, placed, grid, tempo, tracks, rng, edges=edges)


def drum_hits(style: Style, placed: list[Placed], bpm: float,
              rng: np.random.Generator) -> tuple[dict[str, list[Hit]], bool]:
    """The drummers' hits by track name, and whether they count in."""
    kits: dict[str, list[Hit]] = {}
    if not style.grooves or rng.random() >= style.drums:
        return kits, False
    kits["drums"] = _drum_track(style.grooves, Drummer(style.fills, rng), placed, bpm, not style.seats, rng)
    if style.percussion and rng.random() < 0.5:
        kits["percussion"] = _drum_track(style.percussion, Drummer(0.0, rng), placed, bpm, False, rng)
    count_in = rng.random() < style.count_in
    if count_in:
        signature = placed[0].sketch.signatures[0]
        stick = pick(rng, _STICKS)
        kits["drums"] += [Hit(beat * signature.beat - signature.length, stick, 0.9) for beat in range(signature.beats)]
    return kits, count_in


def _drum_track(names: tuple[str, ...], drummer: Drummer, placed: list[Placed], bpm: float, always: bool,
                rng: np.random.Generator) -> list[Hit]:
    """One drummer through the piece: a habitual groove, others for some sections, silence in some quiet
    ones unless there is nobody else (`always`)."""
    hits: list[Hit] = []
    chosen: dict[str, str] = {}
    habit = pick(rng, names)
    playing = [place.section.energy > 0.5 or always or rng.random() < 0.5 for place in placed]
    for index, place in enumerate(placed):
        if not playing[index]:
            continue
        if place.section.label == END:
            hits += [Hit(place.start, drummer.kit["C"], 1.1), Hit(place.start, drummer.kit["K"], 1.1)]
            continue
        section = place.section.label
        if section not in chosen:
            groove = habit if rng.random() < 0.6 else pick(rng, names)
            chosen[section] = _suited(groove, names, place.sketch.signatures[0], bpm, rng)
        follows = index + 1 < len(placed) and playing[index + 1]
        written = drummer.play(place.sketch, GROOVES[chosen[section]], index > 0, follows, place.stops)
        hits += [hit._replace(start=hit.start + place.start) for hit in written]
    return hits


def _suited(groove: str, names: tuple[str, ...], signature: Signature, bpm: float, rng: np.random.Generator) -> str:
    """The groove, or where it was written for another kind of bar one of the metre's own, first of those named; where
    it was written for faster music another of those named."""
    if bpm < GROOVES[groove].slowest:
        groove = pick(rng, tuple(name for name in names if bpm >= GROOVES[name].slowest) or ("rock",))
    written = SIGNATURES[GROOVES[groove].signature][0]
    if written.name == signature.name or (signature.name not in _GROOVES_OF and not written.additive):
        return groove
    own = tuple(name for name in names if GROOVES[name].signature == signature.name)
    return pick(rng, own or _GROOVES_OF.get(signature.name, ("rock",)))


def beat_grid(placed: list[Placed], lead: float) -> BeatGrid:
    """All counted beats, those of an upbeat or count-in of `lead` quarters first."""
    first = placed[0].sketch.signatures[0]
    count = round(lead / first.beat)
    rows: list[tuple[float, int, float, float, bool, int]] = [
        ((beat - count) * first.beat, (beat - count) % first.beats + 1, first.beat, 0.0, False, 0)
        for beat in range(count)]
    for number, place in enumerate(placed):
        sketch = place.sketch
        for bar, (start, signature) in enumerate(zip(sketch.starts[:-1], sketch.signatures, strict=True)):
            closing = sketch.phrase_end(bar)
            for beat in range(signature.beats):
                phase = (bar % sketch.phrase + beat / signature.beats) / sketch.phrase
                rows.append((place.start + start + beat * signature.beat, beat + 1, signature.beat, phase, closing,
                             number))
    places, positions, lengths, phases, closings, sections = (np.array(column) for column in zip(*rows, strict=True))
    return BeatGrid(places, positions, lengths, phases, closings, sections)


def _tempo_factors(style: Style, placed: list[Placed], grid: BeatGrid, rng: np.random.Generator) -> np.ndarray:
    """Tempo of each beat over the song's: a section may be faster or slower, the whole may speed up or slow down."""
    by_label = {place.section.label: 1.0 for place in placed}
    if rng.random() < 2 * style.changes and len(by_label) > 2:
        by_label[pick(rng, list(by_label)[1:])] = draw(rng, {0.8: 1.0, 0.9: 1.0, 1.12: 1.0, 1.25: 1.0, 1.5: 0.2})
    factors = np.array([by_label[place.section.label] for place in placed])[grid.section]
    if rng.random() < 0.3 * style.changes:
        factors = factors * np.linspace(1.0, between(rng, 0.85, 1.3), len(factors))
    return factors


def score_of(style: Style, placed: list[Placed], tempo: BeatTimes, human: float, rng: np.random.Generator) -> Score:
    """Swing, accents and dynamics of the piece."""
    bars, accents, levels = [], [], []
    swell = between(rng, -0.15, 0.25)
    for place in placed:
        count = len(place.sketch.signatures)
        for bar, (start, signature) in enumerate(zip(place.sketch.starts[:-1], place.sketch.signatures, strict=True)):
            bars.append(place.start + start)
            accents += [place.start + start + accent for accent in signature.accents]
            levels.append(float(np.clip(place.section.energy + swell * (bar / count - 0.5), 0.05, 1.0)))
    return Score(tempo, between(rng, *style.swing), style.swing_unit, np.array(bars), np.array(accents),
                 np.array(levels), human)


def play_tracks(style: Style, players: list[BandMember], notes: list[list[Note]], kits: dict[str, list[Hit]],
                score: Score, rng: np.random.Generator) -> list[Track]:
    """Play all parts; the hands of one player come together on one track."""
    rows: dict[str, tuple[BandMember, list[Note]]] = {}
    for player, row in zip(players, notes, strict=True):
        rows.setdefault(player.name, (player, []))[1].extend(row)
    nothing = np.zeros((0, 2))
    tracks: list[Track] = []
    tuning = draw_tuning(rng)
    for name, (player, row) in rows.items():
        if not row:
            continue
        played = perform(row, player.hand, score, player.program, rng)
        bends = bend(played, player.program, player.sings, rng) if player.solo else nothing
        pedal = press_pedal(score.tempo.seconds(player.changes), rng) if player.pedals else nothing
        gain = round(player.seat.gain + float(rng.normal(0, 1.5)), 2)
        tracks.append(Track(name, player.seat.role, player.program, played, None, gain, player.pan, pedal,
                            detuned(bends, tuning)))
    kit = pick(rng, style.kits)
    for name, hits in kits.items():
        if hits:
            drums = perform_drums(hits, make_hand(score.human, _DRUMMER, rng), score, rng)
            gain = round(float(rng.normal(0, 2.0)), 2)
            tracks.append(Track(name, "drums", kit, Notes.empty(), drums, gain, 0.0, nothing, nothing))
    return tracks
