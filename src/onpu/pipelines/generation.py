"""Makers of pieces as functions of a form: what they are told is JSON, what they make is a sound with its labels.

    options as JSON, music that is given -> trained maker -> piece -> sound and timeline
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, fields, replace
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Union, get_args, get_origin, get_type_hints

import numpy as np

from onpu.command import Command, FileInput, Playback
from onpu.device import Device, resolve_device
from onpu.errors import OnpuError, suggestion
from onpu.files import Json
from onpu.licensing import Licence
from onpu.make import load, makers
from onpu.maker import Maker, O, TrainedMaker
from onpu.music import Audio, Timeline
from onpu.music.bars import usual_beat
from onpu.music.instruments import SOUNDS
from onpu.weights import models

if TYPE_CHECKING:
    from onpu.engine.compose.song import Song

RATE = 44_100
TEMPI = (20.0, 300.0)
"""Quarter notes per minute."""
WORDED = ("score", "sung")
"""Inputs that need files with words, which recordings in a library have not."""
Given = Mapping[str, Sequence[tuple[str, Timeline]]]
"""Input -> (name, labels) of each music that is given."""


def maker_table() -> list[Json]:
    """Every maker of pieces as a form shows it: name, title, help, weights, options, inputs, sounds and bpm.

    An option has name, help, kind (whole, number, words, yes), several (whether it is a list), default and choices.
    """
    out = []
    for name, maker in makers().items():
        declared = maker.command
        weights = [shipped for shipped, card in models().items() if card["task"] == name]
        if declared is None or not weights or any(each.name in WORDED for each in declared.inputs):
            continue
        out.append({
            "name": name, "title": maker.title, "help": declared.help, "weights": weights,
            "options": _options(maker),
            "inputs": [_input(each) for each in declared.inputs if isinstance(each, FileInput)],
            "sounds": list(SOUNDS) if declared.sound else [], "sound": declared.sound, "bpm": declared.bpm})
    return out


def _options(maker: Maker) -> list[Json]:
    hints = get_type_hints(type(maker.options))
    return [{"name": each.name, "help": each.metadata["help"], "choices": list(each.metadata.get("choices") or ()),
             "default": _plain(getattr(maker.options, each.name))} | _kind(hints[each.name])
            for each in _declared(maker)]


def _declared(maker: Maker) -> list[Field]:
    return [each for each in fields(maker.options) if "help" in each.metadata]


def _kind(hint: object) -> Json:
    if get_origin(hint) in (Union, UnionType):
        hint = next(one for one in get_args(hint) if one is not NoneType)
    several = get_origin(hint) is tuple
    kind = get_args(hint)[0] if several else hint
    kinds: dict[object, str] = {int: "whole", float: "number", bool: "yes"}
    return {"kind": kinds.get(kind, "words"), "several": several}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _input(each: FileInput) -> Json:
    return {"name": each.name, "help": each.help, "files": each.files, "decides": list(each.decides),
            "needed_by": list(each.needed_by)}


def made(name: str, values: Json, given: Given, *, weights: str = "", sound: str = "", bpm: float | None = None,
         device: Device = "auto", licence: Licence = "default", progress: Callable[[float], None] | None = None
         ) -> tuple[Audio, Timeline | None]:
    """Have a maker make a piece.

    Parameters
    ----------
    name
        Of the maker.
    values
        Option -> value, as JSON; others are as usual.
    given
        Input -> the music for it.
    weights, device, licence
        As of `onpu.load`; empty weights: the maker's usual ones.
    sound, bpm
        Instrument that plays, and tempo; empty and None: as usual.
    progress
        Called with the finished share, in [0, 1].

    Returns
    -------
    Audio, Timeline or None
        The sound, and its labels, where the piece is not sound alone.

    Raises
    ------
    OnpuError
        When there is no such maker or option, a value is not as its option wants it, or the music does not serve.
    """
    found = {key: maker for key, maker in makers().items() if maker.command is not None}
    if name not in found:
        raise OnpuError(f"nothing is made by {name[:40]}; {suggestion(name[:40], found)}")
    maker = found[name]
    declared = maker.command
    assert declared is not None
    options = replace(maker.options, **_values(maker, values))
    trained = load(weights or name, licence).to(resolve_device(device))
    if trained.maker.name != name:
        raise OnpuError(f"{weights}: weights of {trained.maker.name}, not of {name}")
    options, bpm = _with_music(trained, declared, options, given, set(values), bpm)
    result = trained(options=options, progress=progress)
    playback = Playback(_tempo(bpm) or declared.bpm, _program(sound or declared.sound))
    if isinstance(result, Audio):
        result = declared.around(trained, result, options) if declared.around is not None else result
    elif declared.piece is not None:
        result = declared.piece(trained, result, options, playback)
    if isinstance(result, Audio):
        return result, None
    return result.sound or rendered(result.song, result.timeline), result.timeline


def _values(maker: Maker, values: Json) -> Json:
    names = [each.name for each in _declared(maker)]
    unknown = [name for name in values if name not in names]
    if unknown:
        raise OnpuError(f"{maker.name} has no option {str(unknown[0])[:40]}; {suggestion(str(unknown[0])[:40], names)}")
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


def _with_music(trained: TrainedMaker, declared: Command, options: O, given: Given, chosen: set[str],
                bpm: float | None) -> tuple[O, float | None]:
    """Options with the music that is given, and the tempo."""
    for each in declared.inputs:
        music = list(given.get(each.name, ()))
        if not music or not isinstance(each, FileInput):
            continue
        if len(music) != each.files:
            raise OnpuError(f"{each.name} takes {each.files} pieces of music, not {len(music)}")
        both = chosen & set(each.decides)
        if both:
            raise OnpuError(f"{min(both)} is decided by what is given as {each.name}; leave it out")
        options = each.read(trained, music, options)
        if bpm is None and each.keeps_tempo:
            beats = music[0][1].beats
            bpm = float(np.clip(60 / usual_beat(beats.times if beats is not None else np.zeros(0)), *TEMPI))
    return options, bpm


def _tempo(bpm: float | None) -> float | None:
    if bpm is not None and not TEMPI[0] <= bpm <= TEMPI[1]:
        raise OnpuError(f"a tempo of {bpm:g} quarter notes per minute; give {TEMPI[0]:g} to {TEMPI[1]:g}")
    return bpm


def _program(sound: str) -> int:
    if sound and sound not in SOUNDS:
        raise OnpuError(f"no instrument is called {sound[:40]}; {suggestion(sound[:40], SOUNDS)}")
    return SOUNDS.get(sound, 0)


def rendered(song: "Song | None", timeline: Timeline | None = None) -> Audio:
    """The sound of a song, of None: of a timeline's notes: of the first soundfont, or of the own synthesiser where
    there is none."""
    from onpu.engine.compose.ensemble import ensemble
    from onpu.engine.render import played, render
    from onpu.engine.render.soundfont import library

    if song is None:
        assert timeline is not None
        song = ensemble(timeline)
    fonts = played()[:1] if library() is not None else []
    stems = render(song, 0, RATE, fonts, sampled=True)
    return Audio(stems.samples.sum(axis=0), RATE)


def changed(weights: str, audio: Audio, progress: Callable[[float], None] | None = None) -> Audio:
    """A recording changed by a maker of sound: `convert-strings`, `enhance`. Raises `OnpuError`."""
    trained = load(weights)
    if trained.maker.name not in ("convert", "enhance"):
        raise OnpuError(f"{weights}: weights of {trained.maker.name}; give those of convert or enhance")
    result: Audio = trained.to(resolve_device("auto"))(audio.samples, audio.rate, progress=progress)
    return result
