"""Notes between the notes of instruments: what one sounds like as a few numbers, mixed, and played at any key.

Engel et al., "Neural audio synthesis of musical notes with WaveNet autoencoders" (ICML 2017), the spectral autoencoder
of section 2.2, their baseline, in full:

    a note -> log-magnitude spectrum -> encoder -> z        (share by share) z, key -> decoder -> spectrum -> phases

The error is the mean square of log-magnitudes, whose weight falls from 10 at 0 Hz to 1 from 4 kHz on. Phases are found
by fast Griffin-Lim from those of a harmonic tone of the key on.

Measures, of a held-out item: *Error* is the root mean square of the decibels by which rebuilt spectra are off, in
[`DEPTH_DB` below full scale, full scale].

Deviations: in the small recipe the network sees a note along its partials (`onpu.models.partial_autoencoder`); the
paper's own is `onpu.models.nsynth`, at the published sizes in `paper` and smaller in `small-spectrum`. In the small
recipes notes of two seconds, frames twice as far apart, between which levels are interpolated before phases are sought,
AdamW with a falling rate. Ten families of soundfonts and own patches in place of NSynth's recordings; the WaveNet
autoencoder of the paper is not here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soxr
import torch
from torch import Tensor

from onpu.command import Command, MakerOptions, Piece, SoundInput
from onpu.data.plan import Plan
from onpu.data.scenes.notes import FAMILIES, KEYS, NoteScenes, parted
from onpu.data.scenes.sounds import AlignedSounds
from onpu.errors import AudioError, OnpuError
from onpu.formats.sampled import write_sf2, write_sfz
from onpu.formats.sound_grid import SoundGrid, write_grid
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.models.nsynth import NoteAutoencoder
from onpu.models.partial_autoencoder import PartialAutoencoder
from onpu.music import Audio, Timeline
from onpu.recipe import Recipe, choice, setting
from onpu.represent.note_pictures import DEPTH_DB, N_FFT, PEAK, RATE, at_peak, pictures_of, sounds_of
from onpu.represent.single_pitch import single_pitch

LOUD_WEIGHT, LOUD_HERTZ = 10.0, 4000.0
"""Weight of the error at 0 Hz, and where it has fallen to 1."""
LEAST_SECONDS = 0.1
GRID = 5
"""Sounds on each side of the square between four."""
CORNERS = 4
SAMPLED_KEYS = range(36, 85, 4)
"""Keys that a sampled instrument has a sound for."""


def spectrum(recipe: "NsynthRecipe") -> NoteAutoencoder:
    """The network of the paper, untrained."""
    return NoteAutoencoder(N_FFT // 2, recipe.frames, RATE / N_FFT, recipe.widths, recipe.top, recipe.size, recipe.told,
                           recipe.lines)


def partials(recipe: "NsynthRecipe") -> PartialAutoencoder:
    """The network that sees partials and bands, untrained."""
    return PartialAutoencoder(N_FFT // 2, recipe.frames, RATE / N_FFT, recipe.widths, recipe.top, recipe.size,
                              recipe.told, recipe.channels, recipe.hidden)


NETWORKS: dict[str, Callable[["NsynthRecipe"], NoteAutoencoder | PartialAutoencoder]] = {"partials": partials,
                                                                                        "spectrum": spectrum}


@dataclass(frozen=True)
class NsynthRecipe(Recipe):
    """What a note is, and how it is learned."""

    network: str = choice("partials", NETWORKS, "how a note is seen")
    seconds: float = setting(2.0, "length of a note in seconds", "(0, 10]")
    hop: int = setting(512, "samples from frame to frame", "[64, 1024]")
    widths: tuple[int, ...] = setting((24, 32, 48, 64, 96, 128), "channels of the strided convolutions: six of them "
                                                                 "for partials, nine for spectrum")
    top: int = setting(256, "channels of the layers beside z")
    size: int = setting(64, "numbers of z")
    told: int = setting(32, "size of the embedded key")
    channels: int = setting(12, "features of each partial and of each band (partials)")
    hidden: int = setting(32, "channels of the last layer but one (partials)")
    lines: bool = setting(True, "whether the harmonic tone of the key is shown to the last layers (spectrum)")
    notes: int = setting(10, "families whose notes are an example", f"[1, {len(FAMILIES)}]")

    @property
    def frames(self) -> int:
        """Of a picture: as many as the note has, up to a power of two."""
        return 1 << (round(self.seconds * RATE / self.hop) - 1).bit_length()


@dataclass(frozen=True)
class NsynthOptions(MakerOptions):
    """Which notes are mixed. notes: those at the corners of a square, row by row, of which those that are missing are
    the ones above or beside them; the first is needed. names: of the corners."""

    share: float = setting(0.0, "place from the first sound, 0, to the second, 1", "[0, 1]")
    down: float = setting(0.0, "place from the first two, 0, to the two below, 1", "[0, 1]")
    key: int | None = setting(None, f"key, a MIDI number, {KEYS.start} to {KEYS.stop - 1}; the default is the first "
                                    "sound's pitch")
    iterations: int = setting(64, "iterations of fast Griffin-Lim that find the phases", "[0, 1000]")
    notes: tuple[Audio | None, ...] = (None,) * CORNERS
    names: tuple[str, ...] = ("",) * CORNERS

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.key is not None and self.key not in KEYS:
            raise OnpuError(f"a key of {self.key}; give {KEYS.start} to {KEYS.stop - 1}")

    def corners(self) -> list[tuple[str, Audio]]:
        """Name and sound of the four corners, row by row."""
        found: list[tuple[str, Audio]] = []
        for number, (name, note) in enumerate(zip(self.names, self.notes, strict=True)):
            if note is None and not found:
                raise OnpuError("there is no note to begin with; give one, as in --from flute.wav")
            beside = 0 if number < 3 else 1 if self.notes[2] is None else 2
            found.append(found[beside] if note is None else (name, note))
        return found


Trained = TrainedMaker[NsynthRecipe, NsynthOptions]


def scenes(recipe: NsynthRecipe) -> NoteScenes:
    """Single notes by ten families."""
    return NoteScenes(Plan(seconds=recipe.seconds, rate=RATE, negatives=0.0))


def players(recipe: NsynthRecipe) -> dict[str, Player]:
    """The network."""
    return {"notes": Player(NETWORKS[recipe.network](recipe), distance)}


def shown(notes: np.ndarray, recipe: NsynthRecipe) -> Tensor:
    """Sounds (notes, samples) -> pictures (notes, 1, bins, frames) in [0, 1]."""
    return pictures_of(notes, recipe.hop, recipe.frames)


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


def encoded(trained: Trained, notes: np.ndarray, pitches: Sequence[float]) -> Tensor:
    """z (notes, size) of sounds (notes, samples) at `RATE` whose pitches are these MIDI numbers."""
    network = trained.network
    assert isinstance(network, NoteAutoencoder | PartialAutoencoder)
    return network.encode(shown(notes, trained.recipe).to(trained.device), torch.tensor(pitches, device=trained.device))


def sounding(trained: Trained, z: Tensor, keys: Sequence[int], iterations: int) -> np.ndarray:
    """Sounds (notes, samples) of z (notes, size) at these keys, as loud as the network says."""
    network, recipe = trained.network, trained.recipe
    assert isinstance(network, NoteAutoencoder | PartialAutoencoder)
    pictures = network.decode(z, torch.tensor(keys, device=trained.device)).cpu()
    return sounds_of(pictures, keys, recipe.hop, round(recipe.seconds * RATE), iterations)


def corners(trained: Trained, options: NsynthOptions) -> Tensor:
    """z (4, size) of the corners: from, to, below the one, below the other. A note in which no pitch is found is taken
    for one of the key that is played."""
    key = key_asked(options)
    found = [(note, single_pitch(note.samples[0], RATE)) for _, note in options.corners()]
    return torch.cat([encoded(trained, note.samples, [key if pitch is None else pitch]) for note, pitch in found])


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
    options = options if audio is None else with_corner(options, 0, "the sound", audio)
    z = mixed(corners(trained, options), options.share, options.down)
    return Audio(at_peak(sounding(trained, z, [key_asked(options)], options.iterations)), RATE)


def note_of(audio: Audio, name: str) -> Audio:
    """A recording as one channel at `RATE`, from where it sounds on, with `PEAK`. Raises `AudioError` for one too short
    or silent."""
    sound = soxr.resample(audio.samples.mean(axis=0), audio.rate, RATE, quality="HQ")
    loud = np.flatnonzero(np.abs(sound) > 1e-3 * np.abs(sound).max(initial=1e-4))
    sound = sound[loud[0] :] if len(loud) else sound[:0]
    if len(sound) < LEAST_SECONDS * RATE:
        raise AudioError(f"{name}: is silent or sounds for less than {LEAST_SECONDS:g} s; give the recording of a note")
    return Audio((sound * (PEAK / np.abs(sound).max())).astype(np.float32)[None], RATE)


def read_corner(number: int) -> Callable[[tuple[str, Audio], NsynthOptions], NsynthOptions]:
    """How the note of a corner is read."""
    return lambda file, options: with_corner(options, number, *file)


def with_corner(options: NsynthOptions, number: int, name: str, audio: Audio) -> NsynthOptions:
    """The options with a note at a corner."""
    notes, names = list(options.notes), list(options.names)
    notes[number], names[number] = note_of(audio, name), Path(name).stem
    return replace(options, notes=tuple(notes), names=tuple(names))


def around(trained: Trained, audio: Audio, options: NsynthOptions) -> Piece:
    """The note, the page of what lies between the corners, and the note as a sampled instrument."""
    z, key = corners(trained, options), key_asked(options)
    names = tuple(name for name, _ in options.corners())
    title = f"{', '.join(dict.fromkeys(names))}: key {key}"

    @torch.inference_mode()
    def grid() -> SoundGrid:
        places = np.linspace(0, 1, GRID)
        between = torch.cat([mixed(z, share, down) for down in places for share in places])
        sounds = at_peak(sounding(trained, between, [key] * len(between), options.iterations))
        return SoundGrid(title, RATE, sounds.reshape(GRID, GRID, -1), options.share, options.down, names)

    @torch.inference_mode()
    def samples() -> dict[int, np.ndarray]:
        keys = list(SAMPLED_KEYS)
        note = mixed(z, options.share, options.down).expand(len(keys), -1)
        return dict(zip(keys, at_peak(sounding(trained, note, keys, options.iterations)), strict=True))

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
             "small-spectrum": replace(SMALL, network="spectrum", widths=(8, 12, 16, 24, 32, 48, 64, 96, 128)),
             "paper": NsynthRecipe(network="spectrum", seconds=4.0, hop=256, lines=False, notes=1, size=1984, told=128,
                                   widths=(128, 128, 128, 256, 256, 256, 512, 512, 512), top=1024, optimiser="adam",
                                   learning_rate=1e-4, beta1=0.5, schedule="constant", weight_decay=0.0, warmup=0,
                                   batch=8, steps=1000, epochs=300)},
    options=NsynthOptions(),
    command=Command(
        "Play a note that lies between the notes of instruments; as a page, all that lies between them; as a sampled "
        "instrument, all its keys.", around=around, formats=("wav", "html", "sfz", "sf2"),
        inputs=(SoundInput("from", "note that is begun with", read_corner(0)),
                SoundInput("to", "note that is gone to", read_corner(1), needed_by=("share",)),
                SoundInput("below", "note below the first one, in a square", read_corner(2), needed_by=("down",)),
                SoundInput("across", "note below the second one", read_corner(3)))),
)
