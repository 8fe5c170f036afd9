"""Scenes of sounds, whose events are known: a background that lasts, and what happens before it."""

from collections.abc import Callable

import numpy as np

from onpu.engine.compose.draw import between, pick
from onpu.engine.render import ambience, incidents
from onpu.engine.render.media import draw_carrier
from onpu.engine.render.negatives import held_tone
from onpu.engine.render.room import draw_room, impulse_response, reverberate
from onpu.music import Audio
from onpu.music.audio import rms
from onpu.music.events import Events

Sound = Callable[[int, int, np.random.Generator], np.ndarray]
"""(samples, rate, generator) -> (2, samples)."""
BACKGROUNDS: dict[str, Sound] = {
    "rain": ambience.rain, "wind": ambience.wind, "traffic": ambience.traffic, "water": incidents.water,
    "crowd": incidents.crowd, "": ambience.room_tone}
"""Label -> what lasts as long as the scene; the air of a room is no event."""
HAPPENINGS: dict[str, Sound] = {
    "speech": ambience.speech, "applause": ambience.applause, "birds": incidents.birds,
    "footsteps": incidents.footsteps, "typing": incidents.typing, "engine": incidents.engine, "tone": held_tone}
"""Label -> what happens for some seconds."""
LASTING_SECONDS = (1.0, 6.0)
FADE_SECONDS = 0.05
AUDIBLE = 0.03
"""Share of an event's largest level, in windows of `WINDOW_SECONDS`, from which on it is heard."""
WINDOW_SECONDS = 0.05
PAUSE_SECONDS = 1.0
"""Silence within an event, between two steps or words, that does not part it."""


def scene(seed: int, seconds: float, rate: int = 44_100) -> tuple[Audio, Events]:
    """A background and up to seven events, which may overlap, at 0 to 20 dB above it, in a room or outdoors; stereo,
    float32, within ±1, at a random level. Equal arguments give equal bytes."""
    rng = np.random.default_rng([seed, 0x5CE2E])
    samples = round(seconds * rate)
    label = pick(rng, list(BACKGROUNDS))
    out: np.ndarray = ambience.unit(BACKGROUNDS[label](samples, rate, rng))
    rows = [(0.0, samples / rate, label, 1.0)] if label and samples else []
    for _ in range(int(rng.integers(1, 8))):
        name = pick(rng, list(HAPPENINGS))
        length = min(samples, round(between(rng, *LASTING_SECONDS) * rate))
        start = int(rng.integers(samples - length + 1))
        sound = _faded(HAPPENINGS[name](length, rate, rng), rate)
        gain = np.float32(10 ** (between(rng, 0, 20) / 20) / max(float(rms(sound)), 1e-9))
        if any(  # two of one kind would be one event
                name == other and start / rate < end and begin < (start + length) / rate
                for begin, end, other, _ in rows):
            continue
        heard = heard_spans(sound, rate)
        out[:, start : start + length] += gain * sound
        rows += [(start / rate + begin, start / rate + end, name, 1.0) for begin, end in heard]
    if rng.random() < 0.4:
        out = out + np.float32(between(rng, 0.05, 0.5)) * reverberate(out, impulse_response(draw_room(rng), rate))
    out = draw_carrier(rng)(out, rate, rng)
    peak = float(np.abs(out).max(initial=0.0))
    if peak > 0:
        out = out * np.float32(10 ** (between(rng, -30, -1) / 20) / peak)
    return Audio(out.astype(np.float32, copy=False), rate), Events.of(rows)


def _faded(sound: np.ndarray, rate: int) -> np.ndarray:
    """The sound with soft edges."""
    length = sound.shape[1]
    ramp = np.minimum(np.arange(length), np.arange(length)[::-1]) / max(1.0, FADE_SECONDS * rate)
    return (sound * np.minimum(ramp, 1)).astype(np.float32)


def heard_spans(sound: np.ndarray, rate: int, pause: float = PAUSE_SECONDS) -> list[tuple[float, float]]:
    """Start and end in seconds of what of a sound (2, samples) is loud enough to be heard; pauses of up to so many
    seconds part nothing."""
    step = max(1, round(WINDOW_SECONDS * rate))
    count = -(-sound.shape[1] // step)
    padded = np.pad(sound, ((0, 0), (0, count * step - sound.shape[1])))
    level = np.sqrt((padded.reshape(2, count, step) ** 2).mean(axis=(0, 2)))
    loud = np.flatnonzero(level > AUDIBLE * level.max(initial=0.0))
    if not len(loud):
        return []
    first = np.flatnonzero(np.diff(loud, prepend=-10**9) > pause / WINDOW_SECONDS)
    last = np.append(first[1:], len(loud)) - 1
    end = sound.shape[1] / rate
    return [(loud[a] * step / rate, min((loud[b] + 1) * step / rate, end)) for a, b in zip(first, last, strict=True)]
