"""A timeline as a score: its notes and drum hits on the grid of its beats, a part an instrument."""

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from onpu.formats.general_midi import PROGRAMS
from onpu.formats.musicxml.chord_symbol import chord_symbol
from onpu.formats.musicxml.dynamics import dynamic_mark, dynamics
from onpu.formats.musicxml.measures import attributes, close, divisions_of, measure, tempo_mark
from onpu.formats.musicxml.notation import Head, Place, Spelling, voice_notes, whole_rest
from onpu.formats.musicxml.parts import KIT_PLACES, UNKNOWN_DRUM, Part, instruments, kit, renamed
from onpu.formats.musicxml.rhythm import Bar, triplets
from onpu.formats.musicxml.tab import staff_details, tablature, technical
from onpu.formats.musicxml.voices import Event
from onpu.formats.musicxml.words import words_at, write_words
from onpu.music.arrays import Booleans
from onpu.music.bars import Bars, bars, lengthened, usual_beat
from onpu.music.drums import Drums
from onpu.music.instruments import VOICES
from onpu.music.lead import FAST_BEAT_SECONDS
from onpu.music.notes import Notes
from onpu.music.playable import playable_hits, playable_notes
from onpu.music.players import players, with_voice
from onpu.music.printed import PLACES, Symbol, by_bar, printed_chords
from onpu.music.quantise import SUNG_SECONDS, TICKS, Grid, quantise
from onpu.music.sheet import AS_USUAL, SheetOptions
from onpu.music.signatures import keys_of
from onpu.music.spelling import key_label, parse_key
from onpu.music.timeline import Timeline

VOICES_A_STAFF = 4
"""Numbers of voices that a staff has for itself, as most programs count them."""


def score(timeline: Timeline, options: SheetOptions = AS_USUAL) -> list[tuple[Element, Element]]:
    """The `score-part` and the `part` of each player, the voice first, then in the order of General MIDI, drums last;
    none where there are no notes or hits, or no beats. What was heard and is doubtful is left out (`playable`).

    Raises `LabelError` where a label is no chord or key, or a time signature cannot be written.
    """
    notes = playable_notes(timeline.notes, options.simplify) if timeline.notes is not None else Notes.empty()
    drums = playable_hits(timeline.drums, options.simplify) if timeline.drums is not None else Drums.empty()
    if not len(notes) + len(drums):
        return []
    last = max(notes.onsets.max(initial=0.0), drums.times.max(initial=0.0))
    found = lengthened(bars(timeline), last)
    keys = keys_of(found, timeline)
    notes = with_voice(notes, timeline, found, keys)
    starts, ends, swing = _placed(notes, drums, found, options.grid)
    kept = _sung_singly(notes, starts[: len(notes)], ends[: len(notes)])
    notes = notes.select(kept)
    starts, ends = (np.concatenate([ticks[: len(kept)][kept], ticks[len(kept) :]]) for ticks in (starts, ends))
    count = len(notes)

    parts = instruments(notes, players(notes, PROGRAMS), starts[:count], ends[:count], timeline.pedal,
                        options.transposition, _lengths(notes, found)) if count else []
    if options.tab:
        parts = _with_tabs(parts)
    if len(drums):
        parts.append(kit(drums, starts[count:], len(parts) + 1))
    symbols = by_bar(printed_chords(found, timeline.chords, keys)) if timeline.chords is not None else {}
    rehearsals = _rehearsals(timeline, found)
    out = []
    sung = np.isin(notes.programs, VOICES)
    words = words_at(timeline.voice, found, starts[:count][sung], ends[:count][sung])
    for number, part in enumerate(parts):
        element = Element("part", id=part.declared.get("id", ""))
        top = number == 0
        element.extend(list(measures_of(part, found, keys, symbols if top else {}, rehearsals if top else {},
                                        swing and top)))
        if part.program in VOICES and not part.drums and not part.lines:
            write_words(element, found, divisions_of(found), words)
        out.append((part.declared, element))
    return out


def _rehearsals(timeline: Timeline, found: Bars) -> dict[int, str]:
    """Index of the bar -> name of the section that begins there."""
    sections = timeline.sections
    if sections is None:
        return {}
    nearest = np.abs(found.starts[:, None] - sections.starts[None, :]).argmin(axis=0) if len(sections.starts) else []
    return {int(bar): str(label) for bar, label in zip(nearest, sections.labels, strict=True) if str(label).strip()}


def _placed(notes: Notes, drums: Drums, found: Bars, grid: Grid) -> tuple[np.ndarray, np.ndarray, bool]:
    """Ticks at which notes and then hits begin and end, and whether the music swings. Singers are early and late, so
    what the others play decides how their beats are divided, and fast beats of theirs are divided by two alone."""
    onsets, offsets = np.concatenate([notes.onsets, drums.times]), np.concatenate([notes.offsets, drums.times])
    grid = grid.suiting(bool((notes.confidence >= 1).all()))
    placed = quantise(onsets, offsets, found, grid)
    swing, placed = placed.swings, placed.evened()
    starts, ends = placed.starts.copy(), placed.ends.copy()
    voice = np.flatnonzero(np.isin(notes.programs, VOICES) & (notes.confidence < 1))
    if len(voice):
        coarse = min(grid.finest or 2, 2) if usual_beat(found.grid) < FAST_BEAT_SECONDS else grid.finest
        own = quantise(notes.onsets[voice], notes.offsets[voice], found, replace(grid, finest=coarse), heard=onsets,
                       timing_seconds=SUNG_SECONDS).evened()
        starts[voice], ends[voice] = own.starts, own.ends
    end = TICKS * int(found.firsts[-1])
    starts = np.clip(starts, 0, end - 1)
    return starts, np.maximum(np.minimum(ends, end), starts + 1), swing


def _sung_singly(notes: Notes, starts: np.ndarray, ends: np.ndarray) -> Booleans:
    """Which notes (n,) are written: all, but of sung ones that were heard on one place only the longest."""
    kept = np.ones(len(notes), bool)
    voice = np.flatnonzero(np.isin(notes.programs, VOICES) & (notes.confidence < 1))
    voice = voice[np.lexsort((starts[voice] - ends[voice], starts[voice]))]
    kept[voice[1:][np.diff(starts[voice]) == 0]] = False
    return kept


def _lengths(notes: Notes, found: Bars) -> np.ndarray:
    """Ticks that notes sound (n,), not rounded; NaN for those that were heard, which end too soon."""
    sounding = TICKS * (found.beats_at(notes.offsets) - found.beats_at(notes.onsets))
    return np.where(notes.confidence < 1, np.nan, sounding)


def measures_of(part: Part, found: Bars, keys: list[str], symbols: dict[int, list[Symbol]], rehearsals: dict[int, str],
                swing: bool) -> Iterator[Element]:
    """The bars of a part, with chord symbols and names of sections by the index of their bar."""
    divisions = divisions_of(found)
    keys = [""] * len(keys) if part.drums or part.lines else [_written(key, part.transposition.fifths) for key in keys]
    marks = dynamics(np.searchsorted(found.firsts * TICKS, _starts(part), side="right") - 1, part.velocities, len(keys)
                     ) if len(part.velocities) else {}
    last = len(found.numbers) - 1
    for i, first in enumerate((found.firsts[:-1] * TICKS).tolist()):
        element = measure(found, i)
        said = attributes(found, keys, i, divisions, part.clefs)
        if i == 0:
            said[0].extend(_of_instrument(part))
        element.extend(said)
        if i in rehearsals:
            direction = SubElement(element, "direction", placement="above")
            SubElement(SubElement(direction, "direction-type"), "rehearsal").text = rehearsals[i]
        if part.declared.get("id") == "P1":
            element.extend(tempo_mark(found, i))
        if swing and i == 0:
            direction = SubElement(element, "direction", placement="above")
            SubElement(SubElement(direction, "direction-type"), "words").text = "Swing"
        tick = round(found.quarters[i] * divisions) // TICKS
        for symbol in symbols.get(i, []):
            element.extend(chord_symbol(symbol.label, symbol.sure, symbol.place * TICKS * tick // PLACES))
        if i in marks:
            element.append(dynamic_mark(marks[i]))
        element.extend(_bar(part, first, int(found.beats[i]), float(found.quarters[i]), keys[i], tick))
        if i == last:
            close(element)
        yield element


def _bar(part: Part, first: int, beats: int, quarters: float, key: str, tick: int) -> Iterator[Element]:
    """The voices of all staves, one after the other."""
    plain = Bar(beats, quarters)
    back = Element("backup")
    SubElement(back, "duration").text = str(plain.end * tick)
    for staff, staff_voices in enumerate(part.staves):
        here = [[e for e in voice if e.start < first + plain.end and e.end > first] for voice in staff_voices]
        sounding = [(number, events) for number, events in enumerate(here) if events] or [(0, [])]
        for rank, (number, events) in enumerate(sounding):
            stem = ("up", "down")[number] if len(sounding) > 1 else ""
            place = Place(1 + VOICES_A_STAFF * staff + number, staff + 1 if len(part.staves) > 1 else 0, stem, tick,
                          rank == 0)
            if staff or rank:
                yield back
            if not events:
                yield whole_rest(plain, place)
                continue
            bar = replace(plain, triplets=triplets(_places(events, first, plain), quarters))
            yield from voice_notes(events, first, bar, _head(part, key), place)


def _places(events: list[Event], first: int, bar: Bar) -> Iterator[int]:
    """Where notes begin and end inside a bar."""
    for event in events:
        yield from (place - first for place in (event.start, event.end) if 0 <= place - first < bar.end)


def _head(part: Part, key: str) -> Head:
    """What stands for a note of the part in one bar."""
    if part.drums:
        return lambda member, tied: _struck(part.declared.get("id", ""), int(part.pitches[member]))
    if part.lines:
        return lambda member, tied: [*Spelling("")(int(part.pitches[member]), True), technical(part.frets[member])]
    spelling, shift = Spelling(key), part.transposition.semitones

    def head(member: int, tied: bool) -> list[Element]:
        held = [Element("fermata")] if member in part.held and not tied else []
        return [*spelling(int(part.pitches[member]) - shift, tied), *held]

    return head


def _starts(part: Part) -> np.ndarray:
    """(n,) ticks at which the notes of a part begin; of notes that are not written, those of the bar before all."""
    starts = np.full(len(part.pitches), -1)
    for event in (event for staff in part.staves for voice in staff for event in voice):
        starts[event.members] = event.start
    return starts


def _written(key: str, fifths_higher: int) -> str:
    """The key that is written where `key` sounds."""
    if not key or not fifths_higher:
        return key
    tonic, mode = parse_key(key)
    return key_label((tonic + 7 * fifths_higher) % 12, mode)


def _of_instrument(part: Part) -> Iterator[Element]:
    """What attributes say of the instrument alone: its strings, its transposition."""
    if part.lines:
        yield staff_details(part.lines)
    if part.transposition.semitones:
        transpose = Element("transpose")
        SubElement(transpose, "diatonic").text = str(part.transposition.steps)
        SubElement(transpose, "chromatic").text = str(part.transposition.semitones)
        yield transpose


def _with_tabs(parts: list[Part]) -> list[Part]:
    """Parts, those with frets each followed by its tablature, numbered in their order."""
    out: list[Part] = []
    for part in parts:
        out.append(replace(part, declared=renamed(part.declared, f"P{len(out) + 1}")))
        tab = tablature(part, len(out) + 1)
        out += [tab] if tab is not None else []
    return out


def _struck(part: str, sound: int) -> list[Element]:
    line, head = KIT_PLACES.get(sound, UNKNOWN_DRUM)
    unpitched = Element("unpitched")
    SubElement(unpitched, "display-step").text, SubElement(unpitched, "display-octave").text = line[0], line[1]
    elements = [unpitched, Element("instrument", id=f"{part}-I{sound + 1}")]
    if head:
        notehead = Element("notehead")
        notehead.text = head
        elements.append(notehead)
    return elements
