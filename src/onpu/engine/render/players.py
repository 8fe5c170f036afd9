"""Who plays a track: a recorded instrument, a soundfont or the own synthesiser, and through which amplifier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from onpu.engine.compose.draw import between
from onpu.engine.compose.song import Song, Track
from onpu.engine.render.amplifier import amplify, draw_amplifier
from onpu.engine.render.guitar import Player, play_bass, play_guitar
from onpu.engine.render.performance import drum_events, note_events, strokes
from onpu.engine.render.sampler import SampleSet, sampled_keys, sampled_kit
from onpu.engine.render.sampler.choice import BASSES, CLEAN_GUITARS, DRIVEN_GUITARS
from onpu.engine.render.sampler.keyboard import Keyboard, play_keys
from onpu.engine.render.sampler.kit import play_kit
from onpu.engine.render.soundfont import FILTER_CUTOFF, RELEASE, SoundFont, soundfont
from onpu.engine.render.synth import play
from onpu.engine.render.synth.drums import play_drums
from onpu.engine.render.synth.patches import patch

SYNTHESISED_CHANCE = 0.25
"""Chance that a track goes to the own synthesiser although soundfonts are there."""
PIANOS, SYNTHESISED_PIANO_CHANCE = range(4), 0.5
"""Programs of the piano, and that chance for them: soundfonts hold few pianos, the synthesiser any number."""
GUITARS = (*CLEAN_GUITARS, *DRIVEN_GUITARS)
CLEAN_GUITAR = 27
"""Program that stands for a driven guitar before its amplifier."""
AMPLIFIED = {26: 0.3, 27: 0.5, 28: 0.4, 29: 0.6, 30: 0.6, 33: 0.15, 34: 0.2, 16: 0.15, 18: 0.3, 4: 0.15}
"""Program -> chance of an own amplifier. Distorted guitars are played clean into it, so that chords intermodulate."""
DRIVEN_BASS_CHANCE = 0.5
"""Chance that a bass beside driven guitars is driven too."""
NAMED_KIT_CHANCE = 0.7
"""Chance that a soundfont plays the kit that the track asks for."""
BRIGHTNESS = (-3600, 600)
"""Cents by which the cutoff of a soundfont's filters is moved."""


@dataclass(frozen=True, eq=False)
class Studio:
    """What a song is played with. fonts, sets: soundfonts and sample sets. faithful: whether soundfonts play all that
    they can. heavy: whether there are driven guitars. samples: length; rate: Hz."""

    fonts: Sequence[Path]
    sets: Mapping[str, SampleSet]
    faithful: bool
    heavy: bool
    samples: int
    rate: int


def heavy(song: Song) -> bool:
    """Whether driven guitars play in a song."""
    return any(track.drums is None and track.program in DRIVEN_GUITARS for track in song.tracks)


def play_track(track: Track, studio: Studio, rng: np.random.Generator, own: np.random.Generator) -> np.ndarray:
    """(1 or 2, samples), at any level. own: draws all that concerns recorded instruments and guitars, so that the rest
    of a song is the same with and without them."""
    if track.drums is not None:
        return _drums(track, studio, rng, own)
    played = strokes(track)
    keys = sampled_keys(track.program, studio.sets, own)
    amplified = track.program in AMPLIFIED and rng.random() < AMPLIFIED[track.program]
    driven = track.program in DRIVEN_GUITARS
    if keys is not None:
        player = _recorded(keys, studio)
        amplified |= driven
    else:
        program = CLEAN_GUITAR if amplified and driven else track.program
        piano = track.program in PIANOS
        alone = not studio.faithful and rng.random() < (SYNTHESISED_PIANO_CHANCE if piano else SYNTHESISED_CHANCE)
        found = None if alone else _font_player(program, studio, rng)
        player = found or _synthesiser(program, studio, rng)
        amplified |= found is None and driven
    if track.program in BASSES and studio.heavy and not studio.faithful and own.random() < DRIVEN_BASS_CHANCE:
        return play_bass(played, player, studio.rate, own)
    if amplified and track.program in GUITARS:
        return play_guitar(played, track.role, player, driven, studio.samples, studio.rate, own)
    sound = player(played, rng if keys is None else own)
    if not amplified:
        return sound
    return amplify(sound.mean(axis=0), draw_amplifier(rng, False), studio.rate, rng)[None, :]


def _recorded(keys: Keyboard, studio: Studio) -> Player:
    """A recorded instrument."""
    return lambda part, draws: play_keys(keys, part, studio.samples, studio.rate, draws)


def _font_player(program: int, studio: Studio, rng: np.random.Generator) -> Player | None:
    """The first soundfont, in random order, that has the instrument; None where no one has."""
    for number in rng.permutation(len(studio.fonts)):
        font = soundfont(studio.fonts[number], studio.rate)
        if font.plays(program):
            colour = {FILTER_CUTOFF: between(rng, *BRIGHTNESS), RELEASE: between(rng, -600, 600)}
            return lambda part, _: font.play(program, False, note_events(part, studio.rate), studio.samples, colour)
    return None


def _synthesiser(program: int, studio: Studio, rng: np.random.Generator) -> Player:
    """A patch of the own synthesiser."""
    instrument = patch(program, rng)
    return lambda part, draws: play(part, instrument, studio.samples, studio.rate, draws)


def _drums(track: Track, studio: Studio, rng: np.random.Generator, own: np.random.Generator) -> np.ndarray:
    assert track.drums is not None
    recorded = sampled_kit(track.program, studio.heavy, studio.sets, studio.rate, own)
    if recorded is not None:
        return play_kit(recorded, track.drums, studio.samples, studio.rate, own)
    if studio.faithful or rng.random() >= SYNTHESISED_CHANCE:
        for number in rng.permutation(len(studio.fonts)):
            font = soundfont(studio.fonts[number], studio.rate)
            kit = _kit(font, track, rng)
            if kit is not None:
                return font.play(kit, True, drum_events(track, font, studio.rate), studio.samples, {})
    return play_drums(track.drums, studio.samples, studio.rate, rng)


def _kit(font: SoundFont, track: Track, rng: np.random.Generator) -> int | None:
    """The kit that the track names, or another of the soundfont; None where neither has all its drums."""
    assert track.drums is not None
    kits = font.kits()
    if not kits:
        return None
    drawn = int(rng.choice(kits))
    kit = track.program if track.program in kits and rng.random() < NAMED_KIT_CHANCE else drawn
    return kit if font.hits(kit) >= set(track.drums.pitches.tolist()) else None
