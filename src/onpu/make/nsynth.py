"""Notes between the notes of instruments: what one sounds like as a few numbers, mixed, and played at any key.

Engel et al., "Neural audio synthesis of musical notes with WaveNet autoencoders" (ICML 2017), the spectral autoencoder
of section 2.2, their baseline, in full:

    a note -> log-magnitude spectrum -> encoder -> z        (share by share) z, key -> decoder -> spectrum -> phases

The error is the mean square of log-magnitudes, whose weight falls from 10 at 0 Hz to 1 from 4 kHz on. Phases are found
by fast Griffin-Lim from those of a harmonic tone of the key on.

Measures, of a held-out item: *Error* is the root mean square of the decibels by which rebuilt spectra are off, in
[`DEPTH_DB` below full scale, full scale].

Deviations: those of `onpu.models.nsynth`; in the small recipe notes of two seconds, frames twice as far apart, between
which levels are interpolated before phases are sought, AdamW with a falling rate; ten families of soundfonts and own
patches in place of NSynth's recordings; the WaveNet autoencoder of the paper is not here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import soxr
import torch
from torch import Tensor

from onpu.command import Command, MakerOptions, Piece, SoundInput
from onpu.data.plan import Plan
from onpu.data.scenes.notes import FAMILIES, KEYS, RATE, NoteScenes, parted
from onpu.data.scenes.sounds import AlignedSounds
from onpu.errors import AudioError, OnpuError
from onpu.formats.sampled import write_sf2, write_sfz
from onpu.formats.sound_grid import SoundGrid, write_grid
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.models.nsynth import NoteAutoencoder
from onpu.music import Audio, Timeline
from onpu.recipe import Recipe, setting
from onpu.represent import Stft, invert
from onpu.represent.picture import amplitudes, picture
from onpu.represent.single_pitch import single_pitch

N_FFT, PHASE_HOP = 1024, 128
"""Of the spectra; samples from frame to frame when phases are sought."""
DEPTH_DB = 80.0
"""dB from full scale to what is silent."""
LOUD_WEIGHT, LOUD_HERTZ = 10.0, 4000.0
"""Weight of the error at 0 Hz, and where it has fallen to 1."""
PEAK = 0.8
LEAST_SECONDS = 0.1
GRID = 5
"""Sounds on each side of the square between four."""
CORNERS = ("start", "end", "below", "across")
SAMPLED_KEYS = range(36, 85, 4)
"""Keys that a sampled instrument has a sound for."""


@dataclass(frozen=True)
class NsynthRecipe(Recipe):
    """What a note is, and how it is learned."""

    seconds: float = setting(2.0, "length of a note in seconds", "(0, 10]")
    hop: int = setting(512, "samples from frame to frame", "[64, 1024]")
    widths: tuple[int, ...] = setting((8, 12, 16, 24, 32, 48, 64, 96, 128), "channels of the nine strided convolutions")
    top: int = setting(256, "channels of the layers beside z")
    size: int = setting(64, "numbers of z")
    told: int = setting(32, "size of the embedded key")
    lines: bool = setting(True, "whether the harmonic tone of the key is shown to the last layers")
    notes: int = setting(10, "families whose notes are an example", f"[1, {len(FAMILIES)}]")

    @property
    def frames(self) -> int:
        """Of a picture: as many as the note has, up to a power of two."""
        return 1 << (round(self.seconds * RATE / self.hop) - 1).bit_length()


@dataclass(frozen=True)
class NsynthOptions(MakerOptions):
    """Which notes are mixed. start, end, below, across: the corners of a square, a note each; those that are missing
    are the ones above or beside them. names: of the corners."""

    share: float = setting(0.0, "place from the first sound, 0, to the second, 1", "[0, 1]")
    down: float = setting(0.0, "place from the first two, 0, to the two below, 1", "[0, 1]")
    key: int | None = setting(None, f"key, a MIDI number, {KEYS.start} to {KEYS.stop - 1}; the default is the first "
                                    "sound's pitch")
    iterations: int = setting(64, "iterations of fast Griffin-Lim that find the phases", "[0, 1000]")
    start: Audio | None = None
    end: Audio | None = None
    below: Audio | None = None
    across: Audio | None = None
    names: tuple[str, str, str, str] = ("", "", "", "")

    def corners(self) -> list[tuple[str, Audio]]:
        """Name and sound of the four corners, row by row."""
        if self.start is None:
            raise OnpuError("there is no note to begin with; give one, as in --from flute.wav")
        start = (self.names[0], self.start)
        end = start if self.end is None else (self.names[1], self.end)
        below = start if self.below is None else (self.names[2], self.below)
        beside = end if self.below is None else below
        return [start, end, below, beside if self.across is None else (self.names[3], self.across)]

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.key is not None and self.key not in KEYS:
            raise OnpuError(f"a key of {self.key}; give {KEYS.start} to {KEYS.stop - 1}")


Trained = TrainedMaker[NsynthRecipe, NsynthOptions]


def scenes(recipe: NsynthRecipe) -> NoteScenes:
    """Single notes by ten families."""
    return NoteScenes(Plan(seconds=recipe.seconds, rate=RATE, negatives=0.0))


def players(recipe: NsynthRecipe) -> dict[str, Player]:
    """The network."""
    return {"notes": Player(NoteAutoencoder(N_FFT // 2, recipe.frames, RATE / N_FFT, recipe.widths, recipe.top,
                                            recipe.size, recipe.told, recipe.lines), distance)}


@lru_cache
def front(hop: int) -> Stft:
    """The spectrum of which pictures are made, of amplitudes."""
    return Stft(RATE, N_FFT, hop, amplitude=True)


def shown(notes: np.ndarray, recipe: NsynthRecipe) -> Tensor:
    """Sounds (notes, samples) -> pictures (notes, 1, bins, frames) in [0, 1], cut or continued with silence."""
    length = recipe.frames * recipe.hop
    sound = np.pad(notes[:, :length], ((0, 0), (0, max(0, length - notes.shape[1])))).astype(np.float32)
    levels = picture(front(recipe.hop).spectrum(torch.from_numpy(sound)).abs(), DEPTH_DB)
    return (levels[:, None, :, : recipe.frames] + 1) / 2


def example(sounds: AlignedSounds, rng: np.random.Generator, recipe: NsynthRecipe) -> dict[str, np.ndarray]:
    """notes (notes, 1, bins, frames): pictures of notes of an item; keys (notes,): their MIDI numbers."""
    notes, keys = parted(sounds.item(sounds.numbers[int(rng.integers(len(sounds)))]))
    chosen = rng.permutation(len(FAMILIES))[: recipe.notes]
    return {"notes": shown(notes[chosen], recipe).numpy(), "keys": keys[chosen]}


def distance(networks: Networks, batch: Batch, recipe: NsynthRecipe) -> dict[str, Tensor]:
    """The weighted mean square error."""
    pictures, keys = batch["notes"].flatten(0, 1), batch["keys"].flatten().long()
    hertz = torch.arange(pictures.shape[2], device=pictures.device) * RATE / N_FFT
    weights = LOUD_WEIGHT + (1 - LOUD_WEIGHT) * (hertz / LOUD_HERTZ).clamp(max=1)
    apart = (networks["notes"](pictures, keys) - pictures).square()
    return {"spectrum": (apart * (weights / weights.mean())[:, None]).mean()}


@torch.no_grad()
def evaluate(trained: Trained, rows: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """See the module; `Likeness`, by which weights are chosen, is minus the error."""
    notes, keys = parted(rows)
    pictures = shown(notes, trained.recipe).to(trained.device)
    rebuilt = trained.network(pictures, torch.from_numpy(keys).to(trained.device))
    errors = DEPTH_DB * (rebuilt - pictures).square().mean(dim=(1, 2, 3)).sqrt()
    mean = float(errors.mean())
    return {"Error": mean, "Likeness": -mean, **{f"Error of {name}": float(error)
                                                 for name, error in zip(FAMILIES, errors, strict=True)}}


def encoded(trained: Trained, notes: np.ndarray) -> Tensor:
    """z (notes, size) of sounds (notes, samples) at `RATE`."""
    network = trained.network
    assert isinstance(network, NoteAutoencoder)
    return network.encode(shown(notes, trained.recipe).to(trained.device))


def sounding(trained: Trained, z: Tensor, keys: Sequence[int], iterations: int) -> np.ndarray:
    """Sounds (notes, samples) of z (notes, size) at these keys, with `PEAK`."""
    network, recipe = trained.network, trained.recipe
    assert isinstance(network, NoteAutoencoder)
    pictures = network.decode(z, torch.tensor(keys, device=trained.device)).cpu()
    samples = round(recipe.seconds * RATE)
    frames = samples // PHASE_HOP + 1
    times = np.minimum(np.arange(frames) * PHASE_HOP / recipe.hop, recipe.frames - 1)
    low = np.floor(times).astype(int)
    later, over = np.minimum(low + 1, recipe.frames - 1), torch.from_numpy(times - low).float()
    dense = pictures[..., low] * (1 - over) + pictures[..., later] * over
    stft = front(PHASE_HOP)
    magnitude = amplitudes(2 * dense - 1, DEPTH_DB)
    tones = np.stack([tone(key, samples) for key in keys])
    start = stft.spectrum(torch.from_numpy(tones))
    made = np.concatenate([invert(stft, magnitude[one : one + 1], samples, iterations=iterations,
                                  start=start[one : one + 1]).numpy() for one in range(len(keys))])
    peaks = np.abs(made).max(axis=1, keepdims=True)
    louder: np.ndarray = made * (PEAK / np.maximum(peaks, 1e-9))
    return louder.astype(np.float32)


def tone(key: int, samples: int) -> np.ndarray:
    """A harmonic tone of a key, float32 (samples,), of all partials below half the rate."""
    pitch = 440 * 2 ** ((key - 69) / 12)
    times = np.arange(samples) / RATE
    partials = np.arange(1, int(RATE / 2 / pitch) + 1)
    found: np.ndarray = sum(np.sin(2 * np.pi * number * pitch * times) / number for number in partials)
    return found.astype(np.float32)


def corners(trained: Trained, options: NsynthOptions) -> Tensor:
    """z (4, size) of the corners: from, to, below the one, below the other."""
    return torch.cat([encoded(trained, note.samples) for _, note in options.corners()])


def mixed(z: Tensor, share: float, down: float) -> Tensor:
    """Between the corners (4, size): (1, size), linear in each direction."""
    above, below = ((1 - share) * z[row] + share * z[row + 1] for row in (0, 2))
    return ((1 - down) * above + down * below)[None]


def key_asked(options: NsynthOptions) -> int:
    """The key that is played: as asked, or as the first sound has it, in the nearest octave that is there."""
    if options.key is not None:
        return options.key
    name, start = options.corners()[0]
    pitch = single_pitch(start.samples[0], RATE)
    if pitch is None:
        raise AudioError(f"{name}: no pitch is found in it; say which key is played, as in --key 60")
    key = round(pitch)
    while key not in KEYS:
        key += 12 if key < KEYS.start else -12
    return key


def apply(trained: Trained, audio: Audio | None, options: NsynthOptions,
          progress: Callable[[float], None] | None) -> Audio:
    """The note between the corners; a recording is the first corner."""
    if audio is not None:
        options = replace(options, start=note_of(audio, "the sound"), names=("the sound", *options.names[1:]))
    z = mixed(corners(trained, options), options.share, options.down)
    return Audio(sounding(trained, z, [key_asked(options)], options.iterations), RATE)


def note_of(audio: Audio, name: str) -> Audio:
    """A recording as one channel at `RATE`, from where it sounds on, with `PEAK`. Raises `AudioError` for one too short
    or silent."""
    sound = soxr.resample(audio.samples.mean(axis=0), audio.rate, RATE, quality="HQ")
    loud = np.flatnonzero(np.abs(sound) > 1e-3 * np.abs(sound).max(initial=1e-4))
    sound = sound[loud[0] :] if len(loud) else sound[:0]
    if len(sound) < LEAST_SECONDS * RATE:
        raise AudioError(f"{name}: is silent or sounds for less than {LEAST_SECONDS:g} s; give the recording of a note")
    return Audio((sound * (PEAK / np.abs(sound).max())).astype(np.float32)[None], RATE)


def read_corner(number: int) -> Callable[[Trained, Sequence[tuple[str, Audio]], NsynthOptions], NsynthOptions]:
    """How the note of a corner is read."""
    def read(trained: Trained, files: Sequence[tuple[str, Audio]], options: NsynthOptions) -> NsynthOptions:
        ((name, audio),) = files
        one, two, three, four = (Path(name).stem if place == number else before
                                 for place, before in enumerate(options.names))
        return replace(options, names=(one, two, three, four), **{CORNERS[number]: note_of(audio, name)})

    return read


def around(trained: Trained, audio: Audio, options: NsynthOptions) -> Piece:
    """The note, the page of what lies between the corners, and the note as a sampled instrument."""
    z, key = corners(trained, options), key_asked(options)
    title = f"A note of key {key} between sounds"

    @torch.inference_mode()
    def grid() -> SoundGrid:
        places = np.linspace(0, 1, GRID)
        between = torch.cat([mixed(z, share, down) for down in places for share in places])
        sounds = sounding(trained, between, [key] * len(between), options.iterations)
        names = tuple(name for name, _ in options.corners())
        return SoundGrid(title, RATE, sounds.reshape(GRID, GRID, -1), options.share, options.down, names)

    @torch.inference_mode()
    def samples() -> dict[int, np.ndarray]:
        keys = list(SAMPLED_KEYS)
        note = mixed(z, options.share, options.down).expand(len(keys), -1)
        return dict(zip(keys, sounding(trained, note, keys, options.iterations), strict=True))

    return Piece(title, Timeline(audio.duration), {
        "html": lambda path: write_grid(grid(), path), "sfz": lambda path: write_sfz(samples(), RATE, path),
        "sf2": lambda path: write_sf2(samples(), RATE, path)}, sound=audio)


SMALL = NsynthRecipe(learning_rate=2e-3, warmup=50, weight_decay=0.0, batch=2, steps=100, epochs=1000, minutes=20.0,
                     patience=1000, ema_decay=0.99, workers=0)
MAKER = Maker(
    name="nsynth",
    title="notes between the notes of instruments",
    paper="Engel et al., Neural audio synthesis of musical notes with WaveNet autoencoders, ICML 2017",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Likeness",),
    recipes={"small": SMALL,
             "paper": NsynthRecipe(seconds=4.0, hop=256, widths=(128, 128, 128, 256, 256, 256, 512, 512, 512), top=1024,
                                   size=1984, told=128, lines=False, notes=1, optimiser="adam", learning_rate=1e-4,
                                   beta1=0.5, schedule="constant", weight_decay=0.0, warmup=0, batch=8, steps=1000,
                                   epochs=300)},
    options=NsynthOptions(),
    command=Command(
        "Play a note that lies between the notes of instruments; as a page, all that lies between them; as a sampled "
        "instrument, all its keys.", around=around, formats=("wav", "html", "sfz", "sf2"),
        inputs=(SoundInput("from", "note that is begun with", read_corner(0)),
                SoundInput("to", "note that is gone to", read_corner(1), needed_by=("share",)),
                SoundInput("below", "note below the first one, in a square", read_corner(2), needed_by=("down",)),
                SoundInput("across", "note below the second one", read_corner(3)))),
)
