"""The pitch of one instrument, as a tuner shows it (de Cheveigné & Kawahara's YIN, `onpu.represent.single_pitch`)."""

from collections.abc import Iterator

import numpy as np

from onpu.live.events import PitchEvent
from onpu.represent.single_pitch import single_pitch

RATE = 22050
"""Samples a second."""
STEP_SECONDS, WINDOW_SECONDS = 0.05, 0.12
"""How often the pitch is found, and in how much of the sound."""
AUDIBLE_LEVEL = 1e-3
"""Root mean square from which on there is something to be heard, -60 dB below full scale."""


class Tuner:
    """The sound at `rate` Hz, in consecutive pieces -> its pitch, twenty times a second while there is one."""

    def __init__(self, reference: float = 440.0) -> None:
        self.rate, self.reference = RATE, reference
        self.step, self.window = round(STEP_SECONDS * RATE), round(WINDOW_SECONDS * RATE)
        self.held, self.samples, self.due = np.zeros(0, np.float32), 0, self.window
        self.pitched = False

    def push(self, samples: np.ndarray) -> Iterator[PitchEvent]:
        """Hear the next samples; yields the pitches that are due, and once that there is none."""
        self.held = np.concatenate([self.held, samples])
        self.samples += len(samples)
        while self.samples >= self.due:
            end = len(self.held) - (self.samples - self.due)
            event = self._pitch(self.held[end - self.window : end], self.due / self.rate)
            if self.pitched or event.pitch:
                yield event
            self.pitched, self.due = bool(event.pitch), self.due + self.step
        self.held = self.held[-(self.window + self.step) :]

    def _pitch(self, sound: np.ndarray, now: float) -> PitchEvent:
        """Of the last moments; its time is their middle."""
        time = now - WINDOW_SECONDS / 2
        loud = float(np.sqrt(np.mean(np.square(sound)))) >= AUDIBLE_LEVEL
        number = single_pitch(sound, self.rate) if loud else None
        if number is None:
            return PitchEvent(time, now, 1.0, 0, 0.0, 0.0)
        frequency = 440 * 2 ** ((number - 69) / 12)
        number += 12 * np.log2(440 / self.reference)
        nearest = round(number)
        return PitchEvent(time, now, 1.0, nearest, float(100 * (number - nearest)), float(frequency))
