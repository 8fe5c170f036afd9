"""A drummer: a groove with variations, ghost notes, fills before new phrases, crashes after them, and breaks."""

import numpy as np

from onpu.engine.compose.draw import draw, pick
from onpu.engine.compose.fills import fill, solo
from onpu.engine.compose.grooves import Groove
from onpu.engine.compose.hits import Hit
from onpu.engine.compose.metre import Signature
from onpu.engine.compose.pattern import read
from onpu.engine.compose.sketch import Sketch

PITCHES: dict[str, tuple[int, ...]] = {
    "K": (36, 35), "S": (38, 40), "T": (37,), "H": (42,), "O": (46,), "P": (44,), "R": (51, 59), "B": (53,),
    "C": (49, 57), "1": (50, 48), "2": (47, 48), "3": (43, 41, 45), "W": (39,), "M": (54,), "A": (70, 69, 82),
    "G": (56,), "I": (75,), "L": (64,), "U": (63,), "Q": (62,), "Z": (60, 61), "V": (65, 66), "E": (67, 68),
    "D": (73, 74), "J": (81, 80), "Y": (76, 77), "F": (41, 43),
}
"""Instrument letter -> General MIDI percussion numbers to choose from."""

CHINA = {"N": 52}
"""A cymbal of which every kit has one."""

_LOUDNESS = {"X": 1.15, "x": 0.9, "o": 0.45, "f": 1.1, "?": 0.7}


_LEADS = {"H": 7.0, "R": 1.6, "O": 0.8, "C": 0.7, "3": 0.4, "B": 0.2}
"""What a section's hi-hat is played on instead -> weight."""


class Drummer:
    """One drummer's habits in one song: which of two like drums, how busy, how the fills go."""

    def __init__(self, fills: float, rng: np.random.Generator):
        self.kit = {letter: pick(rng, options) for letter, options in PITCHES.items()} | CHINA
        self.fills = min(1.0, fills * draw(rng, {0.5: 1.0, 0.9: 2.0, 1.4: 0.6}))
        self.loose = rng.random() * 0.12
        self.crashes = draw(rng, {0.9: 3, 0.5: 1, 0.0: 1})
        self.ghosts = max(0.0, 0.3 * rng.random() - 0.1)
        self.opens = draw(rng, {0.0: 2.0, 0.05: 1.0, 0.2: 1.0})
        self.foot = draw(rng, {0: 2.0, 1: 1.0, 2: 1.0})
        self.doubles = max(0.0, 0.25 * rng.random() - 0.12)
        self.rng = rng

    def play(self, sketch: Sketch, groove: Groove, entering: bool, leads_on: bool, stop: bool) -> list[Hit]:
        """Hits of a section; a groove without lines is a solo.

        entering: the section begins something new (a crash may mark it). leads_on: another section with drums follows
        (a fill may lead there). stop: the last bar has a break, only its first beat is played.
        """
        rng = self.rng
        if not groove.lines:
            beat = sketch.signatures[0]
            return solo(self.kit, 0.0, sketch.starts[-2] if stop else sketch.length, beat.beat, beat.compound, rng)
        lead = draw(rng, _LEADS) if "H" in groove.lines and not {"R", "C"} & set(groove.lines) else "H"
        lines = {letter: line if isinstance(line, str) else pick(rng, line) for letter, line in groove.lines.items()}
        riff = sketch.shared.chug if groove.follows else []
        hits: list[Hit] = []
        last = len(sketch.signatures) - 1
        marked = entering and rng.random() < self.crashes
        for bar, (start, signature) in enumerate(zip(sketch.starts[:-1], sketch.signatures, strict=True)):
            end = start + signature.length
            cut = end
            if stop and bar == last:
                cut = start + 0.01
            elif sketch.phrase_end(bar) and (bar < last or leads_on):
                chance = self.fills * (1.0 if bar == last else 0.5)
                if rng.random() < chance:
                    cut = end - self._fill_length(signature.length, signature.beat, bar == last)
            for letter, text in lines.items():
                if riff and letter == groove.follows:
                    hits += [Hit(start + stroke.offset, self.kit[letter], 1.05 if stroke.accented else 0.85)
                             for stroke in riff[bar % len(riff)] if start + stroke.offset < cut - 0.01]
                    continue
                bars = read(text, groove.signature, signature)
                for step in bars[bar % len(bars)]:
                    if start + step.offset < cut:
                        self._hit(hits, lead if letter == "H" else letter, start + step.offset, step.token,
                                  signature.beat)
            hits += self._extras(start, min(cut, end), signature, "H" not in lines or lead != "H")
            if marked:
                hits.append(Hit(start, self.kit["C"], 1.1))
            marked = False
            if cut > start + 0.02 and cut < end:
                hits += fill(self.kit, cut, end, signature.beat, signature.compound, rng)
                marked = rng.random() < self.crashes * 0.7
        return hits

    def _hit(self, hits: list[Hit], letter: str, time: float, token: str, beat: float) -> None:
        """One written attack, with the drummer's freedom: a soft note more or less, an extra bass drum."""
        if token == "?" and self.rng.random() < 0.6:
            return
        chance = self.rng.random()
        if token == "o" and chance < 2 * self.loose:
            return
        accent = _LOUDNESS.get(token, 0.9)
        if token == "f":
            hits.append(Hit(time - 0.06, self.kit[letter], 0.4))
        if letter == "H" and (chance > 1 - 0.3 * self.loose or (time % beat > 0.4 * beat and chance < self.opens)):
            letter = "O"
        hits.append(Hit(time, self.kit[letter], accent))
        if letter == "K" and chance > 1 - self.loose:
            hits.append(Hit(time + beat / 2, self.kit["K"], 0.8))
        elif letter == "K" and chance < self.doubles:
            hits.append(Hit(time + beat / 4, self.kit["K"], 0.85))

    def _extras(self, start: float, end: float, signature: Signature, free: bool) -> list[Hit]:
        """Ghost notes of the snare between the beats, and the foot on the hi-hat where no hand plays it."""
        step = signature.beat / (3 if signature.compound else 4)
        hits = [Hit(time, self.kit["S"], 0.3) for time in np.arange(start + step, end - 0.01, 2 * step).tolist()
                if self.ghosts and self.rng.random() < self.ghosts]
        if free and self.foot:
            beats = np.arange(start, end - 0.01, signature.beat)[self.foot - 1 :: self.foot]
            hits += [Hit(time, self.kit["P"], 0.6) for time in beats.tolist()]
        return hits

    def _fill_length(self, bar: float, beat: float, great: bool) -> float:
        options = {beat: 3.0, 2 * beat: 3.0 if great else 1.0, bar: 1.0 if great else 0.1}
        return min(bar, draw(self.rng, options))
