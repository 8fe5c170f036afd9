"""Drumix: a song's drums taken out, and others put in their place, on its own beats.

Yoshii, Goto, Komatani, Ogata & Okuno, "Drumix: an audio player with real-time drum-part rearrangement functions
for active music listening" (IPSJ Journal 48(3), 2007): volume, timbre and pattern of each drum are changed while the
rest of the song stays as it is. Here the drums are a part of the separated recording, patterns lie on the beats that
were heard, and kits are sets of single hits (`onpu.engine.render.drumkits`).
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from onpu.device import Device, resolve_device
from onpu.engine.render.drumkits import OneShotKit, fitting_gain, render_drums
from onpu.engine.render.drumkits.kits import NONE, kit_source, kit_sources
from onpu.engine.render.drumkits.mixing import CHOKE_SECONDS, CHOKES, EXPONENT, FULL
from onpu.engine.render.drumkits.oneshots import LEAD_SECONDS
from onpu.engine.render.drumkits.sfz import rewritten
from onpu.errors import OnpuError
from onpu.files import Json
from onpu.formats.audio import write_audio
from onpu.licensing import Licence
from onpu.music import Audio, Beats, Drums, Stems, Timeline
from onpu.music.drum_mix import DrumMix
from onpu.music.drum_patterns import DRUMS, VELOCITIES, drum_patterns, row_of

if TYPE_CHECKING:
    from onpu.formats.audio_like import AudioLike

__all__ = ["beats_of", "drum_part", "drumix", "drumixed", "kit_table", "rewritten", "rules", "with_drums", "write_kit"]

DRUM_PART = "drums"
HIT_LEVEL = 0.25
"""By which hits are multiplied in files, since they may exceed full scale."""
NO_DRUMS = Drums(np.zeros(0), np.zeros(0, int), np.zeros(0), np.zeros(0))
TASKS = ("beats", "drums")
SEPARATING = 0.7
"""Share of the work that taking the song apart is."""


def drumix(recording: "AudioLike", mix: DrumMix, *, given: Timeline | None = None, kits: Mapping[str, Path] = NONE,
           device: Device = "auto", licence: Licence = "default",
           progress: Callable[[float], None] | None = None) -> Audio:
    """A song with other drums.

    Parameters
    ----------
    recording
        A file of sound, or what else `onpu.load("stems")` takes.
    mix
        What each drum plays on what, and how loud.
    given
        Beats and drum hits of the recording; None: they are heard.
    kits
        Name -> soundfont or .sfz file, beside the kits that are there.
    device, licence
        As of `onpu.analyze`.
    progress
        Called with the finished share, in [0, 1].

    Returns
    -------
    Audio
        At the recording's rate, of its channels and length; it may exceed ±1.

    Raises
    ------
    OnpuError
        When the recording cannot be read or no beats are heard in it, or there is no such kit.
    """
    from onpu.analysis import analyze
    from onpu.make import load

    trained = load("stems", licence).to(resolve_device(device))
    stems: Stems = trained(recording, progress=progress and (lambda share: progress(SEPARATING * share)))
    heard = given or analyze(stems.mixture().samples, stems.rate, tasks=TASKS, device=device, licence=licence)
    return drumixed(stems, heard, mix, kits)


def drumixed(stems: Stems, heard: Timeline, mix: DrumMix, kits: Mapping[str, Path] = NONE) -> Audio:
    """The same of a song that is taken apart already, and in which beats and hits were heard."""
    others = np.stack([stems[name].samples for name in stems.names if name != DRUM_PART])
    rest = others.sum(axis=0, dtype=np.float32)
    return with_drums(rest, stems[DRUM_PART], heard, mix, kits)


def with_drums(rest: np.ndarray, own: Audio, heard: Timeline, mix: DrumMix, kits: Mapping[str, Path] = NONE) -> Audio:
    """The rest of a song (channels, samples) with a drum part. own: the song's drums, for their level."""
    part = drum_part(mix, beats_of(heard), heard.drums or NO_DRUMS, own.samples, rest, own.rate, kits)
    if len(rest) == 1:
        part = part.mean(axis=0, keepdims=True)
    out = rest.astype(np.float32)
    out[: len(part)] += part[:, : out.shape[1]]
    if mix.original is not None:
        out += np.float32(10 ** (mix.original / 20)) * own.samples[:, : out.shape[1]]
    return Audio(out, own.rate)


def drum_part(mix: DrumMix, beats: Beats, heard: Drums, drums: np.ndarray, rest: np.ndarray, rate: int,
              kits: Mapping[str, Path] = NONE) -> np.ndarray:
    """What is put in the place of the song's drums, (2, samples), as loud as they are. drums, rest: the song's sounds
    (channels, samples)."""
    @cache
    def kit(name: str) -> OneShotKit:
        return kit_source(name, kits).load(rate)

    return render_drums(mix, beats, heard, kit, drums.shape[1], rate, fitting_gain(drums, rest, heard, rate))


def beats_of(heard: Timeline) -> Beats:
    """The beats of a song. Raises `OnpuError` where there are none."""
    if heard.beats is None or len(heard.beats.times) < 2:
        raise OnpuError("no beats were heard in the recording, on which drums could play; give them (--given)")
    return heard.beats


def rules() -> Json:
    """What a player has to know to play hits as they are played here: rows of the drums, and how loud and long hits
    are."""
    return {"drums": {name: list(rows) for name, rows in DRUMS.items()},
            "rows": {number: row_of(number) for number in range(128) if row_of(number)},
            "velocities": VELOCITIES, "exponent": EXPONENT, "full": FULL, "lead": LEAD_SECONDS,
            "chokes": list(CHOKES), "choke": CHOKE_SECONDS, "level": HIT_LEVEL,
            "patterns": [each.json() for each in drum_patterns().values()]}


def kit_table(own: Mapping[str, Path] = NONE) -> list[Json]:
    """Name, title and credit of every kit. Raises `DataError` where one of the user cannot be used."""
    return [{"name": each.name, "title": each.title, "credit": each.credit} for each in kit_sources(own).values()]


def write_kit(name: str, own: Mapping[str, Path], folder: Path, rate: int) -> dict[str, int]:
    """Write the hits of a kit as FOLDER/ROW-LAYER.flac, multiplied by `HIT_LEVEL`; row -> how many layers it has.
    Raises `DataError`."""
    kit = kit_source(name, own).load(rate)
    for row, layers in kit.rows.items():
        for number, sound in enumerate(layers):
            write_audio(folder / f"{row}-{number}.flac", Audio(np.float32(HIT_LEVEL) * sound, rate))
    return {row: len(layers) for row, layers in kit.rows.items()}
