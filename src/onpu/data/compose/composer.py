"""The composer: a seed and a style in, a song with all its labels out."""

from dataclasses import dataclass, replace

import numpy as np

from onpu.data.compose import labels
from onpu.data.compose.band import Player, final_notes, part, seat_players, takes_part
from onpu.data.compose.chord import Chord, Key
from onpu.data.compose.draw import between, draw, pick
from onpu.data.compose.drummer import Drummer, Hit
from onpu.data.compose.form import Section, lay_out
from onpu.data.compose.grooves_world import GROOVES
from onpu.data.compose.harmony import compose_harmony
from onpu.data.compose.metre import SIGNATURES, Signature
from onpu.data.compose.perform import Score, empty_notes, make_hand, perform, perform_drums, vibrato
from onpu.data.compose.sketch import Note, Sketch, Span
from onpu.data.compose.song import Song, Track
from onpu.data.compose.style import Style
from onpu.data.compose.styles import STYLES
from onpu.data.compose.tempo import Grid, TempoMap, make_tempo
from onpu.errors import DataError
from onpu.music import Chords, Keys, Sections, Timeline

_GROOVES_OF = {
    "3/4": ("waltz", "rock waltz", "jazz waltz"), "6/8": ("six eight", "six eight ride"), "12/8": ("slow blues",
        "doo wop"),
    "5/4": ("five four", "jazz five"), "7/8": ("seven eight", "balkan"), "9/8": ("nine eight", "slip jig"),
    "5/8": ("five eight",), "7/4": ("seven four",),
}


@dataclass(frozen=True)
class Placed:
    """A section on the piece's time: where it begins, quarters, and its material."""

    section: Section
    start: float
    sketch: Sketch


def compose(seed: int, style: str | None = None, seconds: float = 60.0) -> Song:
    """Compose and perform a song.

    seed: any non-negative integer; equal arguments give equal songs. style: a name of `STYLES`; None draws one of those
    that are not held out. seconds: about how long (whole phrases are kept). Raises `DataError` for an unknown style.
    """
    if style is None:
        style = draw(np.random.default_rng([seed]), {name: s.weight for name, s in STYLES.items() if not s.held_out})
    if style not in STYLES:
        raise DataError(f"there is no style {style!r}; choose one of {', '.join(sorted(STYLES))}")
    rng = np.random.default_rng([seed, *style.encode()])
    return _compose(seed, style, STYLES[style], seconds, rng)


def _compose(seed: int, name: str, style: Style, seconds: float, rng: np.random.Generator) -> Song:
    signature = pick(rng, SIGNATURES[draw(rng, style.metres)])
    bpm = float(rng.triangular(*style.tempo)) * _pace(signature) / _pace(SIGNATURES[next(iter(style.metres))][0])
    timing = draw(rng, style.timing)
    human = 0.0 if timing == "steady" and rng.random() < 0.6 else between(rng, 0.5, 1.2)
    key = Key(int(rng.random() * 12), draw(rng, style.modes))
    placed = _place(style, signature, key, bpm, seconds, rng)
    players = seat_players(style, human, rng)
    notes, lead = _play(style, players, placed, rng)
    kits, count_in = _drum(style, placed, lead, rng)
    if count_in:
        lead = max(lead, placed[0].sketch.signatures[0].length)
    grid = _grid(placed, lead)
    tempo = make_tempo(grid, bpm, timing, _tempo_factors(style, placed, grid, rng), rng)
    score = _score(style, placed, tempo, human, rng)
    tracks = _perform(style, players, notes, kits, score, timing, rng)
    return _song(seed, name, style, placed, grid, tempo, tracks, rng)


def _pace(signature: Signature) -> float:
    """How fast the beats of a metre go, compared with quarters, at the same liveliness."""
    return 0.72 if signature.compound else 2.0 if signature.additive else 0.5 if signature.denominator == 2 else 1.0


def _place(style: Style, signature: Signature, key: Key, bpm: float, seconds: float,
    rng: np.random.Generator) -> list[Placed]:
    """Form, then harmony for each label, then everything in a row, with a last chord."""
    phrase = draw(rng, style.phrases)
    bars = max(phrase, round(seconds * bpm / 60 / signature.beats))
    family = draw(rng, style.harmony)
    fixed = phrase if phrase == 12 else 0
    sections = lay_out(draw(rng, style.forms), bars, phrase, fixed, style.modulates, rng)
    enrich = style.enrich * 2 * rng.random()
    pace = draw(rng, style.pace)
    sketches: dict[str, Sketch] = {}
    placed: list[Placed] = []
    start = 0.0
    for section in sections:
        if section.label not in sketches:
            metre, local = signature, key
            if sketches and rng.random() < style.changes:
                metre = pick(rng, SIGNATURES[draw(rng, {**style.metres, "3/4": 0.1, "4/4": 0.2, "2/4": 0.1})])
            if section.label in ("B", "C", "bridge", "D") and rng.random() < 0.4:
                local = key.transpose(pick(rng, (5, 7, 3, 9) if key.mode == "major" else (3, 5, 7)))
            other = draw(rng, style.harmony) if rng.random() < 0.3 else family
            sketches[section.label] = compose_harmony(rng, other, local, metre, section.bars, min(phrase, 8), enrich,
                pace)
        sketch = _fit(sketches[section.label], section.bars)
        placed.append(Placed(section, start, _transposed(sketch, section.transpose)))
        start += sketch.length
    if rng.random() < 0.75:
        placed.append(_last_chord(placed[-1], start))
    return placed


def _fit(sketch: Sketch, bars: int) -> Sketch:
    """The first bars of the material."""
    if bars == len(sketch.signatures):
        return sketch
    end = sketch.starts[bars]
    spans = tuple(Span(s.start, min(s.end, end), s.chord) for s in sketch.spans if s.start < end - 0.01)
    return replace(sketch, signatures=sketch.signatures[:bars], spans=spans)


def _transposed(sketch: Sketch, semitones: int) -> Sketch:
    if not semitones:
        return sketch
    spans = tuple(Span(s.start, s.end, s.chord.transpose(semitones)) for s in sketch.spans)
    return replace(sketch, spans=spans, key=sketch.key.transpose(semitones))


def _last_chord(last: Placed, start: float) -> Placed:
    """One more bar on the tonic."""
    key, signature = last.sketch.key, last.sketch.signatures[-1]
    quality = "min" if key.mode in ("minor", "dorian", "phrygian") else "maj"
    sketch = Sketch((signature,), (Span(0.0, signature.length, Chord(key.tonic, quality)),), key, 1)
    return Placed(Section("end", 1, last.section.energy, 0), start, sketch)


def _play(style: Style, players: list[Player], placed: list[Placed],
    rng: np.random.Generator) -> tuple[list[list[Note]], float]:
    """Each player's notes on the piece's time, and how long the upbeat is, quarters."""
    notes: list[list[Note]] = [[] for _ in players]
    pickup = 0.8 if rng.random() < style.anacrusis else 0.0
    for place in placed:
        if place.section.label == "end":
            for row, player in zip(notes, players, strict=True):
                row += [note._replace(start=note.start + place.start) for note in final_notes(player, place.sketch,
                    rng)]
            continue
        active = [takes_part(player, place.section, rng) for player in players]
        if not any(active):
            active[0] = True
        for row, player, plays in zip(notes, players, active, strict=True):
            if plays:
                shift = place.section.transpose
                written = part(player, place.section.label, _transposed(place.sketch, -shift), pickup, rng)
                end = place.sketch.length
                for note in written:
                    if note.start < end - 0.01:
                        row.append(Note(note.start + place.start, min(note.length, end - note.start + 0.5),
                            note.pitch + shift,
                                        note.accent, note.rank))
    earliest = min((note.start for row in notes for note in row), default=0.0)
    if pickup:
        beat = placed[0].sketch.signatures[0].beat
        return notes, beat * np.ceil(max(0.0, -earliest) / beat - 0.01)
    return [[note for note in row if note.start > -0.01] for row in notes], 0.0


def _drum(style: Style, placed: list[Placed], lead: float, rng: np.random.Generator) -> tuple[dict[str, list[Hit]],
    bool]:
    """The drummers' hits by track name, and whether they count in."""
    kits: dict[str, list[Hit]] = {}
    if not style.grooves or rng.random() >= style.drums:
        return kits, False
    main = Drummer(style.fills, rng)
    kits["drums"] = _drum_track(style, style.grooves, main, placed, rng)
    if style.percussion and rng.random() < 0.5:
        kits["percussion"] = _drum_track(style, style.percussion, Drummer(0.0, rng), placed, rng)
    count_in = rng.random() < style.count_in
    if count_in:
        signature = placed[0].sketch.signatures[0]
        stick = pick(rng, (37, 42, 31, 44))
        kits["drums"] += [Hit(beat * signature.beat - signature.length, stick, 0.9) for beat in range(signature.beats)]
    return kits, count_in


def _drum_track(style: Style, names: tuple[str, ...], drummer: Drummer, placed: list[Placed],
    rng: np.random.Generator) -> list[Hit]:
    hits: list[Hit] = []
    chosen: dict[str, str] = {}
    habit = pick(rng, names)
    playing = [place.section.energy > 0.5 or rng.random() < 0.5 for place in placed]
    for index, place in enumerate(placed):
        if place.section.label == "end":
            hits += [Hit(place.start, drummer.kit["C"], 1.1), Hit(place.start, drummer.kit["K"],
                1.1)] if playing[index] else []
            continue
        if not playing[index]:
            continue
        label = place.section.label
        if label not in chosen:
            chosen[label] = _suited(habit if rng.random() < 0.6 else pick(rng, names), place.sketch.signatures[0], rng)
        follows = index + 1 < len(placed) and playing[index + 1]
        stop = follows and rng.random() < style.breaks * 0.5
        written = drummer.play(place.sketch, GROOVES[chosen[label]], index > 0, follows, stop)
        hits += [hit._replace(start=hit.start + place.start) for hit in written]
    return hits


def _suited(groove: str, signature: Signature, rng: np.random.Generator) -> str:
    """The groove, or one of the metre's own where it was written for another kind of bar."""
    written = SIGNATURES[GROOVES[groove].signature][0]
    if written.name == signature.name or (signature.name not in _GROOVES_OF and not written.additive):
        return groove
    return pick(rng, _GROOVES_OF.get(signature.name, ("rock",)))


def _grid(placed: list[Placed], lead: float) -> Grid:
    """All counted beats, the upbeat's first."""
    rows: list[tuple[float, int, float, float, bool, int]] = []
    first = placed[0].sketch.signatures[0]
    count = round(lead / first.beat)
    for beat in range(count):
        rows.append((-lead + beat * first.beat,
            first.beats - (count - beat - 1 - (count - beat - 1) // first.beats * first.beats), first.beat, 0.0, False,
            0))
    for number, place in enumerate(placed):
        sketch = place.sketch
        for bar, (start, signature) in enumerate(zip(sketch.starts[:-1], sketch.signatures, strict=True)):
            closing = sketch.phrase_end(bar)
            for beat in range(signature.beats):
                phase = (bar % sketch.phrase + beat / signature.beats) / sketch.phrase
                rows.append((place.start + start + beat * signature.beat, beat + 1, signature.beat, phase, closing,
                    number))
    columns = zip(*rows, strict=True)
    places, positions, lengths, phase, closing, section = (np.array(column) for column in columns)
    return Grid(places.astype(np.float64), positions, lengths.astype(np.float64), phase.astype(np.float64), closing,
        section)


def _tempo_factors(style: Style, placed: list[Placed], grid: Grid, rng: np.random.Generator) -> np.ndarray:
    """Tempo of each beat over the song's: sections may be faster or slower where the style changes."""
    by_label = {place.section.label: 1.0 for place in placed}
    if rng.random() < style.changes * 2 and len(by_label) > 2:
        by_label[pick(rng, list(by_label)[1:])] = draw(rng, {0.8: 1.0, 0.9: 1.0, 1.12: 1.0, 1.25: 1.0})
    factors = np.array([by_label[place.section.label] for place in placed])[grid.section]
    return factors


def _score(style: Style, placed: list[Placed], tempo: TempoMap, human: float, rng: np.random.Generator) -> Score:
    """Swing, accents and dynamics of the piece."""
    share = between(rng, *style.swing)
    bars = [place.start + start for place in placed for start in place.sketch.starts[:-1]]
    accents = [start + place.start + accent for place in placed
               for start, signature in zip(place.sketch.starts[:-1], place.sketch.signatures,
                   strict=True) for accent in signature.accents]
    places, levels = [], []
    swell = between(rng, -0.15, 0.25)
    for place in placed:
        count = len(place.sketch.signatures)
        for bar, start in enumerate(place.sketch.starts[:-1]):
            places.append(place.start + start)
            levels.append(float(np.clip(place.section.energy + swell * (bar / count - 0.5), 0.05, 1.0)))
    return Score(tempo, share, style.swing_unit, np.array(bars), np.array(accents), (np.array(places),
        np.array(levels)), human)


def _perform(style: Style, players: list[Player], notes: list[list[Note]], kits: dict[str, list[Hit]], score: Score,
             timing: str, rng: np.random.Generator) -> list[Track]:
    """Play all parts; hands of one player come together on one track; the music begins at 0 s with the first beat."""
    tracks: list[Track] = []
    rows: dict[str, tuple[Player, list[Note]]] = {}
    for player, row in zip(players, notes, strict=True):
        if player.name in rows:
            rows[player.name][1].extend(row)
        elif row:
            rows[player.name] = player, list(row)
    nothing = np.zeros((0, 2))
    for name, (player, row) in rows.items():
        played = perform(row, player.hand, score, player.program, rng)
        bends = vibrato(played, player.program, player.seat.sung, rng) if player.seat.role in ("melody",
            "counter") else nothing
        tracks.append(Track(name, player.seat.role, player.program, played, None, player.seat.gain + float(rng.normal(0,
            1.5)), player.pan,
                            nothing, bends))
    kit = pick(rng, style.kits)
    for name, hits in kits.items():
        if hits:
            drums = perform_drums(hits, make_hand(score.human, 0, rng), score, rng)
            tracks.append(Track(name, "drums", kit, empty_notes(), drums, float(rng.normal(0, 2.0)), 0.0, nothing,
                nothing))
    return tracks


def _song(seed: int, name: str, style: Style, placed: list[Placed], grid: Grid, tempo: TempoMap, tracks: list[Track],
          rng: np.random.Generator) -> Song:
    """Shift everything to begin after a moment of silence, and label it."""
    silence = draw(rng, {0.0: 2.0, 0.3: 1.0, 1.0: 1.0}) * rng.random() + 0.03
    onsets = np.concatenate([t.drums.times if t.drums else t.notes.onsets for t in tracks])
    shift = round(silence - onsets.min(), 6)
    tempo = TempoMap(tempo.places, tempo.times + shift)
    tracks = [_later(track, shift) for track in tracks]
    first, last = onsets.min() + shift, onsets.max() + shift
    end = max([last + 0.5] + [track.notes.offsets.max() for track in tracks if len(track.notes.offsets)])
    duration = round(float(end + 0.3 + rng.random()), 6)
    beats = labels.beat_labels(grid, tempo, first, last)
    changes: list[tuple[float, Signature]] = []
    chords, keys, sections = [], [], []
    for place in placed:
        signature = place.sketch.signatures[0]
        begin, finish = tempo.seconds(np.array([place.start, place.start + place.sketch.length])).tolist()
        if not changes or changes[-1][1].name != signature.name:
            changes.append((begin if changes else 0.0, signature))
        keys.append((begin, finish, place.sketch.key.label))
        sections.append((begin, finish, place.section.label))
        spans = place.sketch.spans
        edges = tempo.seconds(np.array([place.start + span.start for span in spans] + [place.start + spans[-1].end])).tolist()
        chords += [(a, b, span.chord.label(place.sketch.key)) for a, b, span in zip(edges, edges[1:], spans,
            strict=False)]
    chords = labels.silent_as_n([(0.0, chords[0][0], "N"), *chords], tracks)
    chords, keys, sections = ([(max(a, 0.0), min(b, duration), text) for a, b, text in rows] for rows in (chords, keys,
        sections))
    chords.append((chords[-1][1], duration, "N"))
    melodies = [track for track in tracks if track.role == "melody"]
    words = [f"genre:{style.genre}", f"style:{name}", *(f"mood:{mood}" for mood in style.moods),
        *(f"instrument:{t.role}" for t in tracks)]
    timeline = Timeline(
        duration, beats, labels.metre_labels(changes), labels.tempo_labels(beats), labels.segment_labels(Keys, keys),
        labels.segment_labels(Chords, chords), labels.melody_labels(melodies, duration), labels.all_notes(tracks),
            labels.all_drums(tracks),
        labels.voice_labels([]), labels.segment_labels(Sections, sections), labels.tag_labels(words))
    return Song(seed, name, tuple(tracks), timeline)


def _later(track: Track, shift: float) -> Track:
    """The track, so many seconds later."""
    notes = replace(track.notes, onsets=np.round(track.notes.onsets + shift, 6),
        offsets=np.round(track.notes.offsets + shift, 6))
    drums = replace(track.drums, times=np.round(track.drums.times + shift, 6)) if track.drums else None
    move = np.array([shift, 0.0])
    return replace(track, notes=notes, drums=drums, pedal=track.pedal + shift, bends=track.bends + move)
