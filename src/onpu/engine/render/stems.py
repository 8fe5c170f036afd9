"""A song played: one stem a track, by a recorded instrument, a soundfont or the own synthesiser, balanced as an
engineer would begin."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import soxr
from threadpoolctl import threadpool_limits

from onpu.engine.compose.draw import between
from onpu.engine.compose.song import Song, Track
from onpu.engine.render.loudness import loudness
from onpu.engine.render.performed import performed
from onpu.engine.render.players import Studio, heavy, play_track
from onpu.engine.render.sampler import sample_sets
from onpu.engine.render.soundfont import library, soundfont, soundfonts
from onpu.engine.render.voice import Sung, sing
from onpu.music import Stems, Timeline

LEVELS = {"drums": -20.0, "bass": -21.0, "melody": -20.0, "chords": -23.0, "arpeggio": -24.0, "pad": -26.0,
          "counter": -24.0}
"""LUFS of a stem of each role in a balanced mix; other roles as chords."""
VOICES = (52, 53, 54, 85)
"""Programs of the human voice."""
SUNG = {"melody": 0.9, "counter": 0.7}
"""Role -> chance that such a track is sung although a soundfont has it."""
CHOIR_SUNG_CHANCE = 0.35
"""The chance in other roles: of choirs and backing voices."""
TOUCH = {True: (0.8, 1.3, 0.8, 1.0), False: (0.7, 1.6, 0.5, 1.05)}
"""Drums or not -> range of the exponent and of the factor with which an instrument answers to velocities."""
LOWEST_RATE = 32_000
"""Instruments are played at a multiple of the wanted rate that is at least this, so that they do not alias."""
HELD_OUT = "TimGM6mb.sf2"
"""Soundfont that is kept for tests of what was learned: it plays only where it is asked for by its path."""
HELD_OUT_RELATIVES = ("sf_GMbank.sf2",)
"""Soundfonts made of the samples of the one held out; they are left out with it."""


def played() -> list[Path]:
    """The soundfonts that are drawn from unless others are named: those of the system but `HELD_OUT` and its kin."""
    return [path for path in soundfonts() if path.name not in (HELD_OUT, *HELD_OUT_RELATIVES)]


def render(song: Song, seed: int, rate: int = 44_100, fonts: Sequence[Path] | None = None,
           sampled: bool = False, sounds: Path | None = None) -> Stems:
    """Play a song.

    Parameters
    ----------
    song
        What is played.
    seed
        Draws for each track the soundfont, or a patch of the own synthesiser.
    rate
        Samples a second, 8000 to 192000.
    fonts
        Soundfonts to draw from; None: those of `soundfonts()` but `HELD_OUT` and its kin, if libfluidsynth is there;
        empty: the own synthesiser only.
    sampled
        Whether soundfonts play all that they can; then neither the own synthesiser, nor the synthetic voice, nor a
        recorded instrument is drawn.
    sounds
        Folder of sample sets (drum kits, guitars, basses, a piano) that play a part of the tracks; None: no such.

    Returns
    -------
    Stems
        Stereo, (tracks, 2, round(song.duration * rate)), float32. Their sum is a balanced mix with a headroom of some
        decibels. Equal arguments (and equal soundfont files and text-to-speech programs) give equal bytes.

    Raises
    ------
    DataError
        When a soundfont or a sample set is missing or unreadable, or libfluidsynth is not installed and `fonts` are
        given.

    Examples
    --------
    >>> from onpu.engine.compose import compose
    >>> from onpu.engine.render import render
    >>> song = compose(1, "piano waltz", seconds=4)
    >>> stems = render(song, seed=1, rate=22050, fonts=[])
    >>> stems.names
    ('piano',)
    >>> stems.samples.shape == (len(stems.names), 2, round(song.duration * 22050))
    True
    """
    return perform(song, seed, rate, fonts, sampled, sounds)[0]


@threadpool_limits.wrap(limits=1, user_api="blas")  # matrix products round differently on several threads
def perform(song: Song, seed: int, rate: int = 44_100, fonts: Sequence[Path] | None = None,
            sampled: bool = False, sounds: Path | None = None) -> tuple[Stems, Timeline]:
    """Play a song, and tell what was played.

    Parameters
    ----------
    song, seed, rate, fonts, sampled, sounds
        As for `render`.

    Returns
    -------
    Stems and Timeline
        As `render` returns them, and the labels of this rendering: see `performed`.

    Raises
    ------
    DataError
        As `render` does.
    """
    engine_rate = rate * -(-LOWEST_RATE // rate)
    if fonts is None:
        fonts = played() if library() is not None else []
    for path in fonts:
        soundfont(path, engine_rate)
    samples = round(song.duration * rate)
    engine_samples = round(song.duration * engine_rate)
    studio = Studio(fonts, {} if sounds is None or sampled else sample_sets(sounds), sampled, heavy(song),
                    engine_samples, engine_rate)
    out = np.zeros((len(song.tracks), 2, samples), dtype=np.float32)
    sung: dict[int, Sung] = {}
    for index, track in enumerate(song.tracks):
        if not len(track.notes.onsets) and (track.drums is None or not len(track.drums.times)):
            continue
        rng = np.random.default_rng([seed, index])
        track = _touched(track, rng)
        if not sampled and _is_sung(track, rng):
            sung[index] = sing(track, song.timeline.chords, engine_samples, engine_rate, rng)
            sound = sung[index].sound
        else:
            sound = play_track(track, studio, rng, np.random.default_rng([seed, index, 0x50CD]))
        if engine_rate != rate:
            sound = np.ascontiguousarray(soxr.resample(sound.T, engine_rate, rate, quality="HQ").T)
        length = min(samples, sound.shape[1])
        level = LEVELS.get(track.role, LEVELS["chords"]) + track.gain
        out[index, :, :length] = balanced(sound[:, :length], level, track.pan, rate)
    return Stems(_unique([track.name for track in song.tracks]), out, rate), performed(song, sung)


def _is_sung(track: Track, rng: np.random.Generator) -> bool:
    """Whether a singer takes the track's part."""
    return (track.drums is None and track.program in VOICES and len(track.notes.onsets) > 0
            and rng.random() < SUNG.get(track.role, CHOIR_SUNG_CHANCE))


def _touched(track: Track, rng: np.random.Generator) -> Track:
    """The track as its instrument takes it: heavy or light, so that equal velocities differ in colour."""
    low, high, least, most = TOUCH[track.drums is not None]
    exponent, factor = between(rng, low, high), between(rng, least, most)

    def answer(velocities: np.ndarray) -> np.ndarray:
        return np.clip(np.rint(127 * factor * (velocities / 127) ** exponent), 1, 127)

    if track.drums is not None:
        return replace(track, drums=replace(track.drums, velocities=answer(track.drums.velocities)))
    return replace(track, notes=replace(track.notes, velocities=answer(track.notes.velocities)))


def balanced(sound: np.ndarray, level: float, pan: float, rate: int) -> np.ndarray:
    """(1 or 2, samples) as stereo at so many LUFS and a place in the panorama from -1 to 1 (constant power)."""
    sound = np.broadcast_to(sound, (2, sound.shape[1]))
    found = loudness(sound, rate)
    if not np.isfinite(found):
        peak = np.abs(sound).max(initial=0.0)
        return sound * np.float32(0.1 / peak if peak > 0 else 1.0)
    gain = 10 ** ((level - found) / 20)
    angle = (np.clip(pan, -1, 1) + 1) * np.pi / 4
    place = np.sqrt(2) * gain * np.array([[np.cos(angle)], [np.sin(angle)]])
    return sound * place.astype(np.float32)


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """A number behind every name that was there before."""
    out: list[str] = []
    for name in names:
        count, candidate = 1, name
        while candidate in out:
            count += 1
            candidate = f"{name} {count}"
        out.append(candidate)
    return tuple(out)
