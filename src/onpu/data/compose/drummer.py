"""A drummer: a groove with variations, ghost notes, fills before new phrases, crashes after them, and breaks."""

from typing import NamedTuple

import numpy as np

from onpu.data.compose.draw import draw, pick
from onpu.data.compose.grooves import Groove
from onpu.data.compose.pattern import read
from onpu.data.compose.sketch import Sketch

PITCHES: dict[str, tuple[int, ...]] = {
    "K": (36, 35), "S": (38, 40), "T": (37,), "H": (42,), "O": (46,), "P": (44,), "R": (51, 59), "B": (53,),
    "C": (49, 57), "1": (50, 48), "2": (47, 48), "3": (43, 41, 45), "W": (39,), "M": (54,), "A": (70, 69, 82),
    "G": (56,), "I": (75,), "L": (64,), "U": (63,), "Q": (62,), "Z": (60, 61), "V": (65, 66), "E": (67, 68),
    "D": (73, 74), "J": (81, 80), "Y": (76, 77), "F": (41, 43),
}
"""Instrument letter -> General MIDI percussion numbers to choose from."""

_LOUDNESS = {"X": 1.15, "x": 0.9, "o": 0.45, "f": 1.1, "?": 0.7}


class Hit(NamedTuple):
    """A written hit: quarters from the section's start, General MIDI number, loudness about 1."""

    start: float
    pitch: int
    accent: float


class Drummer:
    """One drummer's habits in one song: which of two like drums, how busy, how the fills go."""

    def __init__(self, fills: float, rng: np.random.Generator):
        self.kit = {letter: pick(rng, options) for letter, options in PITCHES.items()}
        self.fills = fills
        self.loose = rng.random() * 0.12
        self.crashes = draw(rng, {0.9: 3, 0.5: 1, 0.0: 1})
        self.rng = rng

    def play(self, sketch: Sketch, groove: Groove, entering: bool, leads_on: bool, stop: bool) -> list[Hit]:
        """Hits of a section.

        entering: the section begins something new (a crash may mark it). leads_on: another section with drums follows
        (a fill may lead there). stop: the last bar has a break, only its first beat is played.
        """
        rng = self.rng
        lines = {letter: line if isinstance(line, str) else pick(rng, line) for letter, line in groove.lines.items()}
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
                bars = read(text, groove.signature, signature)
                for step in bars[bar % len(bars)]:
                    if start + step.offset < cut:
                        self._hit(hits, letter, start + step.offset, step.token, signature.beat)
            if marked:
                hits.append(Hit(start, self.kit["C"], 1.1))
            marked = False
            if cut > start + 0.02 and cut < end:
                hits += self._fill(cut, end, signature.beat, signature.compound)
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
        if letter == "H" and chance > 1 - 0.3 * self.loose:
            letter = "O"
        hits.append(Hit(time, self.kit[letter], accent))
        if letter == "K" and chance > 1 - self.loose:
            hits.append(Hit(time + beat / 2, self.kit["K"], 0.8))

    def _fill_length(self, bar: float, beat: float, great: bool) -> float:
        options = {beat: 3.0, 2 * beat: 3.0 if great else 1.0, bar: 1.0 if great else 0.1}
        return min(bar, draw(self.rng, options))

    def _fill(self, start: float, end: float, beat: float, compound: bool) -> list[Hit]:
        """Runs over snare and toms in eighths, sixteenths or triplets, or a few strong strokes."""
        rng = self.rng
        fine = max(beat, 1.0)
        step = beat / 3 if compound else draw(rng, {fine / 4: 4.0, fine / 2: 2.0, fine / 3: 1.0, fine / 6: 0.2})
        path = pick(rng, ("SSSS", "S123", "SS13", "1123", "S3S3", "S1S2", "SSS3", "3333"))
        holes = rng.random() * 0.35
        count = max(1, round((end - start) / step))
        hits = []
        for index in range(count):
            if index and rng.random() < holes:
                continue
            letter = path[min(3, index * 4 // count)]
            accent = 0.75 + 0.4 * index / count + 0.1 * (index % 2 == 0)
            hits.append(Hit(start + index * step, self.kit[letter], accent))
        if rng.random() < 0.6:
            beats = max(1, round((end - start) / beat))
            hits += [Hit(start + index * beat, self.kit["K"], 0.9) for index in range(beats)]
        return hits
