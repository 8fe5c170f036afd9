"""From a figure and a section's harmony to notes: voicings, strums, bass notes, arpeggios."""

from functools import lru_cache

import numpy as np

from onpu.engine.compose.chord import Chord
from onpu.engine.compose.draw import pick
from onpu.engine.compose.figures import Figure
from onpu.engine.compose.pattern import Step, read
from onpu.engine.compose.sketch import Note, Sketch
from onpu.music.harte import QUALITIES

_ACCENT = {"X": 1.2, "o": 0.5, "u": 0.85, "B": 1.1, "b": 1.05}
_LOWEST = 26


def accompany(sketch: Sketch, figure: Figure, register: int, push: float, rng: np.random.Generator) -> list[Note]:
    """Play the figure over the section.

    register: pitch around which chords lie; bass notes lie about an octave and a half below it, or at it where it is
    below 48 (a bass player's). push: chance of striking a new chord an eighth ahead of its bar.
    """
    written, alternatives = next(iter(figure.patterns.items()))
    if sketch.signatures[0].name in figure.patterns:
        written, alternatives = sketch.signatures[0].name, figure.patterns[sketch.signatures[0].name]
    text = pick(rng, alternatives)
    low = register if register < 48 else max(36, register - 19)
    notes: list[Note] = []
    voicing: tuple[int, ...] = ()
    for bar, (start, signature) in enumerate(zip(sketch.starts[:-1], sketch.signatures, strict=True)):
        bars = read(text, written, signature)
        for step in bars[bar % len(bars)]:
            for offset, length, token in _struck_again(sketch, start, step):
                chord = sketch.at(offset)
                if token == "-":
                    chord, token = sketch.at(offset), "x" if register >= 48 else "b"
                if token in "xXsuo" and figure.voicing != "guitar":
                    voicing = voice(chord, figure.voicing, register, voicing)
                pitches = _pitches(sketch, chord, token, figure.voicing, register, low, voicing, offset)
                sounding = length * (0.4 if token in "so" else figure.legato)
                if push and offset == start and bar and offset == sketch.spans[sketch.index(offset)].start:
                    if rng.random() < push:
                        offset, sounding = offset - 0.5, sounding + 0.5
                accent = _ACCENT.get(token, 1.0)
                down = token == "u"
                notes += [Note(offset, sounding, pitch, accent, index - len(pitches) if down else index)
                          for index, pitch in enumerate(pitches)]
    return notes


def _struck_again(sketch: Sketch, start: float, step: Step) -> list[tuple[float, float, str]]:
    """The step on the section's time; a sound held over a change of chord is struck anew there."""
    first, end = start + step.offset, start + step.offset + step.length
    cuts = [first]
    if step.token in "xXbB" and step.length > 0.5:
        index = sketch.index(first) + 1
        while index < len(sketch.spans) and sketch.spans[index].start < end - 0.3:
            cuts.append(sketch.spans[index].start)
            index += 1
    return [(a, b - a, step.token) for a, b in zip(cuts, [*cuts[1:], end], strict=True)]


def _pitches(sketch: Sketch, chord: Chord, token: str, kind: str, register: int, low: int, voicing: tuple[int, ...],
             time: float) -> tuple[int, ...]:
    """What a token means over this chord, lowest pitch first."""
    bass = near(chord.lowest, low)
    if token in "xXso":
        return guitar(chord, register) if kind == "guitar" else voicing or voice(chord, kind, register, ())
    if token == "u":
        return guitar(chord, register)[-3:] if kind == "guitar" else voicing[-3:]
    if token == "b":
        return (bass,)
    if token == "B":
        return (bass - 12, bass) if bass - 12 >= _LOWEST - 5 else (bass, bass + 12)
    if token == "e":
        return (bass + 12,)
    if token in "fmhv":
        return (_degree(chord, token, bass),)
    if token == "n":
        return (approach(bass, near(sketch.after(time).lowest, low), sketch.key.scale),)
    return (ladder(chord, near(chord.lowest, low if register < 48 else register - 14))[int(token)],)


def _degree(chord: Chord, token: str, bass: int) -> int:
    """Fifth, third, sixth or seventh of the chord, near its bass and not under the lowest string."""
    tones = QUALITIES[chord.quality]
    third, fifth = (tones[1], tones[2]) if len(tones) > 2 else (tones[1], tones[1])
    step = {"f": fifth, "m": third, "h": 9, "v": 10}[token]
    pitch = bass - chord.bass + step
    return pitch - 12 if token == "f" and pitch - 12 >= _LOWEST + 2 else pitch


def near(pitch_class: int, centre: int) -> int:
    """The pitch of that class nearest to the centre."""
    return centre - 6 + (pitch_class - centre + 6) % 12


def approach(bass: int, goal: int, scale: tuple[int, ...]) -> int:
    """A step below or above the goal, from the side of the bass, within the scale if there is one."""
    side = -1 if bass <= goal else 1
    step = 2 if (goal + side) % 12 not in scale and (goal + 2 * side) % 12 in scale else 1
    return goal + step * side


@lru_cache(4096)
def ladder(chord: Chord, bass: int) -> tuple[int, ...]:
    """Ten chord tones from the bass note upwards."""
    classes = set(chord.classes[:4])
    rungs = [bass]
    pitch = bass
    while len(rungs) < 10:
        pitch += 1
        if pitch % 12 in classes:
            rungs.append(pitch)
    return tuple(rungs)


@lru_cache(4096)
def guitar(chord: Chord, register: int) -> tuple[int, ...]:
    """Five or six strings: bass, fifth or octave, then chord tones at least three semitones apart, up to high G."""
    bass = near(chord.lowest, 45 if register < 64 else 52)
    strings = [bass]
    fifth = next((pitch for pitch in range(bass + 5, bass + 13) if pitch % 12 in (chord.classes[-1], chord.root)),
        bass + 12)
    strings.append(fifth)
    wanted = set(chord.classes)
    while len(strings) < 6:
        options = [pitch for pitch in range(strings[-1] + 3, strings[-1] + 9) if pitch % 12 in wanted]
        if not options or options[0] > 79:
            break
        missing = [pitch for pitch in options if pitch % 12 not in {string % 12 for string in strings}]
        strings.append((missing or options)[0])
    return tuple(strings)


def voice(chord: Chord, kind: str, register: int, previous: tuple[int, ...]) -> tuple[int, ...]:
    """A voicing near the register that moves little from the previous one, lowest pitch first."""
    options = _voicings(chord, kind, register)
    if not previous:
        return options[0]
    return min(options, key=lambda pitches: _motion(pitches, previous, register))


def _motion(pitches: tuple[int, ...], previous: tuple[int, ...], register: int) -> float:
    moved = abs(pitches[-1] - previous[-1]) + abs(pitches[0] - previous[0])
    return moved + 0.6 * abs(sum(pitches) / len(pitches) - register)


@lru_cache(4096)
def _voicings(chord: Chord, kind: str, register: int) -> tuple[tuple[int, ...], ...]:
    """Ways of laying out the chord, the one nearest to the register first."""
    tones = QUALITIES[chord.quality]
    if kind == "power":
        root = near(chord.root, 45 if register >= 48 else register)
        return ((root, root + (tones[2] if len(tones) > 2 else 7), root + 12),)
    if kind == "octave":
        return tuple((pitch, pitch + 12) for pitch in sorted(
            (near((chord.root + tone) % 12, register - 6) for tone in tones[:3]), key=lambda p: abs(p - register + 6)))
    if kind == "shell" and len(tones) > 3:
        steps = [tone for tone in tones[:4] if tone != 7]
    elif kind == "rootless" and len(tones) > 3:
        steps = [tones[1], tones[3], *(tones[4:] or (14,) if chord.quality in ("min7", "maj7", "7") else tones[2:3])]
    else:
        steps = list(tones)
    classes = sorted({(chord.root + step) % 12 for step in steps})
    layouts = []
    for turn in range(len(classes)):
        for octave in (-12, 0):
            pitches = [near(classes[turn], register - 4) + octave]
            for other in classes[turn + 1 :] + classes[:turn]:
                pitches.append(pitches[-1] + ((other - pitches[-1]) % 12 or 12))
            if kind == "open" and len(pitches) > 2:
                pitches[1] += 12
            layouts.append(tuple(sorted(pitches)))
    return tuple(sorted(layouts, key=lambda pitches: abs(sum(pitches) / len(pitches) - register)))
