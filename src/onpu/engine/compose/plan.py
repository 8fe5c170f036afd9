"""The plan of a piece: its sections in a row, each with its bars and harmony."""

from dataclasses import dataclass, replace

import numpy as np

from onpu.engine.compose.atonal import ATONAL
from onpu.engine.compose.chord import Chord, Tonality
from onpu.engine.compose.draw import draw, pick
from onpu.engine.compose.form import Section, lay_out
from onpu.engine.compose.harmony import compose_harmony
from onpu.engine.compose.metre import SIGNATURES, Signature
from onpu.engine.compose.progressions_colour import COLOURS
from onpu.engine.compose.sampler import SAMPLER
from onpu.engine.compose.sketch import Shared, Sketch, Span
from onpu.engine.compose.style import Style

END = "end"
"""Label of the last chord's bar."""

BREAK = "break"
"""Label of bars in which only drummers play, or nobody."""

_AWAY = ("B", "C", "D", "bridge")
_UNCOLOURED = {"punk", "metal", "riff", "drone", SAMPLER, ATONAL}
_COLOURED = 0.17
_PACES = {1.0: 1.0, 4.0: 0.05, 0.25: 0.04}
_FASTEST_QUARTER = 132
_BREAKS, _REST = 0.09, 0.02
_ANTICIPATED = 0.07
_LAST_MOMENT = 0.04


@dataclass(frozen=True)
class Placed:
    """A section on the piece's time: where it begins, quarters, its material, and whether the band stops after the
    first beat of its last bar."""

    section: Section
    start: float
    sketch: Sketch
    stops: bool

    @property
    def end(self) -> float:
        """Where it ends, quarters."""
        return self.start + self.sketch.length


def liveliness(signature: Signature) -> float:
    """Counted beats of a metre for every quarter of a 4/4 bar at the same liveliness."""
    if signature.compound:
        return 0.72
    if signature.additive:
        return 2.0
    return 0.5 if signature.denominator == 2 else 1.0


def make_plan(style: Style, signature: Signature, key: Tonality, bpm: float, seconds: float,
              rng: np.random.Generator) -> list[Placed]:
    """Form, harmony for each label, then everything in a row, mostly with a last chord."""
    phrase = draw(rng, style.phrases)
    bars = round(seconds * bpm / 60 / signature.beats)
    if phrase == 8 and bars < 12:
        phrase = 4
    bars = max(phrase, bars)
    sections = lay_out(draw(rng, style.forms), bars, phrase, 12 if phrase == 12 else 0, style.modulates, rng)
    family = draw(rng, style.harmony)
    if family not in _UNCOLOURED and rng.random() < _COLOURED:
        family = draw(rng, {"chromatic": 0.6, "stepwise bass": 0.3, "pedal": 0.1})
    enrich, pace = 2 * style.enrich * rng.random(), draw(rng, style.pace)
    change = draw(rng, _PACES)
    if change > 1 or bpm < _FASTEST_QUARTER:
        pace *= change
    anticipated = signature.beat == 1 and rng.random() < _ANTICIPATED
    sketches: dict[str, Sketch] = {}
    placed: list[Placed] = []
    start = 0.0
    for section in sections:
        if section.label not in sketches:
            metre, local = signature, key
            if sketches and rng.random() < style.changes:
                metre = pick(rng, SIGNATURES[draw(rng, {"3/4": 0.1, "4/4": 0.2, "2/4": 0.1, **style.metres})])
            if rng.random() < (0.4 if section.label in _AWAY else 0.04 if sketches else 0.0):
                local = key.transpose(pick(rng, (5, 7, 3, 9) if key.mode == "major" else (3, 5, 7)))
            chosen = draw(rng, style.harmony) if rng.random() < (0.15 if family in COLOURS else 0.3) else family
            span = 4 if phrase == 12 else phrase
            sketch = compose_harmony(rng, chosen, local, metre, section.bars, span, enrich, pace)
            if anticipated and metre.beat == 1:
                sketch = _anticipated(sketch)
            if rng.random() < 0.4 * style.changes and not metre.additive:
                sketch = _odd_bar(sketch, rng)
            sketches[section.label] = sketch
        sketch = _transposed(_fit(sketches[section.label], section.bars), section.transpose)
        stops = section is not sections[-1] and rng.random() < 0.4 * style.breaks
        placed.append(Placed(section, start, sketch, stops))
        start += sketch.length
        if section is not sections[-1] and rng.random() < (_BREAKS if style.grooves else _REST) / len(sections) * 3:
            placed.append(_break(placed[-1], draw(rng, {1: 1.0, 2: 1.0, 4: 0.7}) if style.grooves else 1))
            start += placed[-1].sketch.length
    if rng.random() < 0.75:
        shift = draw(rng, {1: 2.0, 2: 2.0, 3: 1.0, 5: 0.5, -1: 0.5, -3: 0.5}) if rng.random() < _LAST_MOMENT else 0
        placed.append(_last_chord(placed[-1], shift))
    return placed


def _break(before: Placed, bars: int) -> Placed:
    """Bars without harmony; the key stays what it was."""
    signature = before.sketch.signatures[-1]
    silent = Span(0.0, bars * signature.length, Chord(before.sketch.key.tonic, "5"))
    sketch = Sketch((signature,) * bars, (silent,), before.sketch.key, bars)
    return Placed(Section(BREAK, bars, 1.0, 0), before.end, sketch, False)


def _anticipated(sketch: Sketch) -> Sketch:
    """Chords of bars come an eighth early, for everybody."""
    bars = set(sketch.starts[1:-1])
    edges = [span.start - (0.5 if span.start in bars else 0.0) for span in sketch.spans] + [sketch.length]
    if min(np.diff(edges)) < 0.75:
        return sketch
    return replace(sketch, spans=tuple(Span(a, b, span.chord) for a, b, span in
                                       zip(edges, edges[1:], sketch.spans, strict=False)))


def _odd_bar(sketch: Sketch, rng: np.random.Generator) -> Sketch:
    """A shorter or longer bar at the section's end, its last chord held on."""
    usual = sketch.signatures[-1]
    options = ("6/8", "9/8", "12/8") if usual.compound else ("2/4", "3/4", "4/4")
    extra = SIGNATURES[pick(rng, [name for name in options if name != usual.name])][0]
    last = sketch.spans[-1]
    return replace(sketch, signatures=(*sketch.signatures, extra),
                   spans=(*sketch.spans[:-1], Span(last.start, last.end + extra.length, last.chord)), shared=Shared())


def _fit(sketch: Sketch, bars: int) -> Sketch:
    """The first bars of the material, all of it where there are only a few more."""
    if len(sketch.signatures) - bars < 2:
        return sketch
    end = sketch.starts[bars]
    spans = tuple(Span(s.start, min(s.end, end), s.chord) for s in sketch.spans if s.start < end - 0.01)
    return replace(sketch, signatures=sketch.signatures[:bars], spans=spans)


def _transposed(sketch: Sketch, semitones: int) -> Sketch:
    if not semitones:
        return sketch
    spans = tuple(Span(s.start, s.end, s.chord.transpose(semitones)) for s in sketch.spans)
    return replace(sketch, spans=spans, key=sketch.key.transpose(semitones))


def untransposed(place: Placed) -> Sketch:
    """The section's material in the key in which it was first heard."""
    return _transposed(place.sketch, -place.section.transpose)


def _last_chord(last: Placed, shift: int) -> Placed:
    """One more bar on the tonic, of another key where it is shifted by semitones."""
    key, signature = last.sketch.key.transpose(shift), last.sketch.signatures[-1]
    chord = Chord(key.tonic, "min" if key.minor else "maj")
    sketch = Sketch((signature,), (Span(0.0, signature.length, chord),), key, 1)
    return Placed(Section(END, 1, last.section.energy, 0), last.end, sketch, False)
