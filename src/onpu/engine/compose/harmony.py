"""Harmony of a section: a progression of the family, or a functional phrase with a cadence, laid over its bars."""

import numpy as np

from onpu.engine.compose.atonal import ATONAL
from onpu.engine.compose.chord import Chord, Tonality, roman
from onpu.engine.compose.draw import draw, pick
from onpu.engine.compose.metre import Signature
from onpu.engine.compose.progressions import FAMILIES
from onpu.engine.compose.progressions_colour import COLOURS, MODAL, SHOWN
from onpu.engine.compose.sampler import SAMPLER, sample_spans
from onpu.engine.compose.sketch import Sketch, Span
from onpu.music.harte import QUALITIES

Flow = dict[str, dict[str, float]]
"""Functional harmony: where each degree likes to go."""

_MAJOR_FLOW: Flow = {
    "I": {"IV": 3, "V": 3, "vi": 2, "ii": 2, "I/3": 1.5, "V7/3": 1, "iii": 0.4, "VI7/3": 0.4, "I7": 0.3},
    "I/3": {"IV": 3, "ii/3": 2, "viio": 0.5}, "IV": {"V": 3, "I": 2, "ii": 1, "I/5": 1.5, "viio": 0.5},
    "ii": {"V": 3, "V7": 2}, "ii/3": {"V": 2, "V7": 2, "I/5": 2}, "vi": {"ii/3": 2, "IV": 2, "II7/3": 1, "iii": 0.5},
    "V": {"I": 4, "vi": 1.5, "V7": 1, "I/3": 1}, "V7": {"I": 5, "vi": 1}, "V7/3": {"I": 4}, "V7/7": {"I/3": 4},
    "iii": {"vi": 2, "IV": 2}, "I/5": {"V": 2, "V7": 3}, "viio": {"I": 3, "iii": 0.5}, "II7/3": {"V": 4, "I/5": 1},
    "VI7/3": {"ii": 4}, "I7": {"IV": 4}, "bVI": {"I/5": 2, "V": 2}, "iv": {"I": 2, "V": 1},
}
_MINOR_FLOW: Flow = {
    "i": {"iv": 3, "V": 3, "bVI": 2, "V7/3": 1.5, "i/3": 1.5, "iih7": 1, "bVII": 0.7, "bIII": 0.7},
    "i/3": {"iv": 2, "iio/3": 2}, "iv": {"V": 3, "i": 1.5, "i/5": 1.5, "viio7": 0.7, "bVII": 0.7}, "bVII": {"bIII": 3},
    "iih7": {"V": 3, "V7": 2}, "iio/3": {"V": 3, "i/5": 2}, "bVI": {"iv": 2, "iio/3": 2, "bII/3": 0.7, "V": 1},
    "V": {"i": 4, "bVI": 1.5, "V7": 1}, "V7": {"i": 5, "bVI": 1}, "V7/3": {"i": 4}, "bIII": {"bVI": 2, "iv": 2, "V": 1},
    "i/5": {"V": 2, "V7": 3}, "viio7": {"i": 4}, "bII/3": {"V": 3, "i/5": 1, "viio7": 1},
}
_CADENCES = {
    "half": ("ii/3|V", "IV|V", "I|V", "II7/3|V", "vi|V"),
    "close": ("V7|I", "I/5 V7|I", "ii/3 V7|I", "IV V7|I"),
    "open": ("V7|vi", "IV|I", "V|I/3")}
_MINOR_NAMES = {"I": "i", "ii": "iio", "IV": "iv", "vi": "bVI", "I/3": "i/3", "I/5": "i/5", "ii/3": "iio/3"}


def compose_harmony(rng: np.random.Generator, family: str, key: Tonality, signature: Signature, bars: int, phrase: int,
                    enrich: float, pace: float) -> Sketch:
    """The bars and chords of a section.

    family: a name of `FAMILIES` or `COLOURS`, `functional` for phrases with half and full cadences, `SAMPLER` for
    unrelated chords, or `ATONAL`, whose chords nobody plays. phrase: bars a phrase. enrich: how readily plain triads
    gain sevenths, suspensions and other basses, in [0, 1]. pace: bars that one bar of a progression lasts (2: half as
    fast). In a mode other than major and minor only progressions that show the mode are played.
    """
    if family in (SAMPLER, ATONAL):
        return Sketch((signature,) * bars, tuple(sample_spans(rng, signature, bars)), key, phrase)
    if family == "functional" and key.mode not in SHOWN:
        numerals = _functional(rng, key, bars, phrase)
    else:
        numerals = _progression(rng, family, key, bars, phrase, pace)
    spans: list[Span] = []
    for bar, names in enumerate(numerals):
        chords = [roman(name, key.tonic) for name in names.split()]
        edges = _shares(signature, len(chords))
        for chord, start, end in zip(chords, edges, edges[1:], strict=False):
            spans.append(Span(bar * signature.length + start, bar * signature.length + end, chord))
    return Sketch((signature,) * bars, tuple(_merge(_enrich(rng, spans, key, enrich))), key, phrase)


def _progression(rng: np.random.Generator, family: str, key: Tonality, bars: int, phrase: int,
                 pace: float) -> list[str]:
    """Bars of a progression of the family, gone round until the section is full."""
    table = _table(family, key)
    loop = pick(rng, table).split("|")
    other = pick(rng, table).split("|") if rng.random() < 0.3 and len(loop) <= 4 else loop
    if pace > 1:
        loop, other = ([bar for bar in one for _ in range(round(pace))] for one in (loop, other))
    while pace < 1 and len(loop) % 2 == 0 and len(other) % 2 == 0 and all(bar.count(" ") < 2 for bar in loop + other):
        loop, other = ([f"{a} {b}" for a, b in zip(one[::2], one[1::2], strict=True)] for one in (loop, other))
        pace *= 2
    rows: list[str] = []
    while len(rows) < bars:
        rows += other if len(rows) // max(phrase, len(loop)) % 2 else loop
    return rows[:bars]


def _table(family: str, key: Tonality) -> tuple[str, ...]:
    """The progressions of a family that may be played in the key."""
    if family == "functional":
        return MODAL[key.mode]
    chosen = (FAMILIES | COLOURS)[family]
    table = chosen.minor if key.minor else chosen.major
    if key.mode not in SHOWN:
        return table
    shown, belied = (key.tonic + degree for degree in SHOWN[key.mode])
    kept = []
    for text in table:
        tones = {tone for name in text.replace("|", " ").split() for tone in roman(name, key.tonic).classes}
        if shown % 12 in tones and belied % 12 not in tones:
            kept.append(text)
    return tuple(kept) if len(kept) > 2 else (*kept, *MODAL[key.mode])


def _functional(rng: np.random.Generator, key: Tonality, bars: int, phrase: int) -> list[str]:
    """Phrases that wander by function and end in cadences: half in the middle, closed at the end."""
    minor = key.minor
    flow, tonic = (_MINOR_FLOW, "i") if minor else (_MAJOR_FLOW, "I")
    density = rng.random()
    rows: list[str] = []
    while len(rows) < bars:
        length = min(phrase, bars - len(rows))
        last = len(rows) + length >= bars
        kind = "close" if last else draw(rng, {"half": 0.6, "open": 0.2, "close": 0.2})
        cadence = pick(rng, _CADENCES[kind]).split("|")[-length:]
        if minor:
            cadence = [" ".join(_MINOR_NAMES.get(name, name) for name in bar.split()) for bar in cadence]
        chord = tonic
        for bar in range(length - len(cadence)):
            names = [chord]
            if rng.random() < density * (0.8 if bar else 0.4):
                names.append(draw(rng, flow[names[-1]]))
            stay = len(names) == 1 and rng.random() < 0.15
            chord = names[-1] if stay else draw(rng, flow[names[-1]])
            rows.append(" ".join(names))
        rows += cadence
    return rows


def _shares(signature: Signature, count: int) -> list[float]:
    """Edges of `count` chords in one bar: at accents where there are enough, else on beats, as even as they come."""
    if count == 1:
        return [0.0, signature.length]
    places = [*signature.accents, signature.length]
    if len(places) <= count:
        places = [index * signature.beat for index in range(signature.beats + 1)]
    if len(places) <= count:
        return [index * signature.length / count for index in range(count + 1)]
    return [places[round(index * (len(places) - 1) / count)] for index in range(count + 1)]


def _enrich(rng: np.random.Generator, spans: list[Span], key: Tonality, amount: float) -> list[Span]:
    """Give some triads a seventh, a suspension, a sixth or another bass; alike wherever the chord stands."""
    taste: dict[Chord, Chord] = {}
    enriched: list[Span] = []
    for span in spans:
        chord = span.chord
        if chord not in taste:
            coloured = _colour(rng, chord, key) if rng.random() < amount else chord
            belies = key.mode in SHOWN and not set(coloured.classes) <= {*chord.classes, *key.scale}
            taste[chord] = chord if belies else coloured
        chosen = taste[chord]
        if chosen.quality == "sus4" != chord.quality and span.end - span.start >= 2:
            middle = (span.start + span.end) / 2
            enriched += [Span(span.start, middle, chosen), Span(middle, span.end, chord)]
        else:
            enriched.append(Span(span.start, span.end, chosen))
    return enriched


def _colour(rng: np.random.Generator, chord: Chord, key: Tonality) -> Chord:
    if chord.bass or chord.quality not in ("maj", "min"):
        return _inverted(rng, chord) if not chord.bass and rng.random() < 0.12 else chord
    dominant = (chord.root - key.tonic) % 12 == 7
    if chord.quality == "maj":
        options = {"7": 3.0, "9": 0.6, "sus4": 1.6, "aug": 0.6, "inversion": 0.8} if dominant else {
            "maj7": 2.3, "maj6": 1.2, "sus2": 1.2, "sus4": 1.2, "maj9": 0.5, "aug": 0.1, "inversion": 1.6}
    else:
        options = {"min7": 3.0, "min9": 0.6, "min6": 0.6, "minmaj7": 0.3, "inversion": 1.2}
    choice = draw(rng, options)
    return _inverted(rng, chord) if choice == "inversion" else Chord(chord.root, choice)


def _inverted(rng: np.random.Generator, chord: Chord) -> Chord:
    """The chord over its third, now and then its fifth or seventh; power chords stay as they are."""
    if chord.quality == "5":
        return chord
    weights = dict(zip(QUALITIES[chord.quality][1:4], (3.0, 1.3, 1.0), strict=False))
    return Chord(chord.root, chord.quality, draw(rng, weights))


def _merge(spans: list[Span]) -> list[Span]:
    """Join neighbours that carry the same chord."""
    merged = spans[:1]
    for span in spans[1:]:
        if span.chord == merged[-1].chord:
            merged[-1] = Span(merged[-1].start, span.end, span.chord)
        else:
            merged.append(span)
    return merged
