"""The key of a recording, and where it changes.

Korzeniowski & Widmer, "Genre-agnostic key classification with convolutional neural networks" (ISMIR 2018): spectrum
with 24 bands an octave from 65 to 2100 Hz, five frames a second, all-convolutional network (`onpu.models.key_cnn`),
average over time.

    sound -> log spectrum, 105 bands -> log probabilities of 12 tonics * 6 modes and none, each frame
          + what the chords say, where they are known (`onpu.decode.degrees`)
          -> mean over the recording: key of the whole; Viterbi over windows: regions, which change on downbeats

Deviations: six modes are told apart in place of two, and their probabilities added up by the tonic's third for major
and minor (dorian and phrygian are minor, lydian and mixolydian major); a class for "no key"; frames are trained beside
their average, since the regions come from them; chords that were recognised have a say, above all on relative keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from onpu.decode.chain import best_path
from onpu.decode.degrees import evidence
from onpu.decode.grid import edge_times
from onpu.decode.targets import DOWNBEAT, UNKNOWN, metrical_positions
from onpu.engine.augment.labels import transposed
from onpu.engine.augment.spectrum import augment_spectrum
from onpu.layers.losses import cross_entropy
from onpu.metrics import key as metric
from onpu.models.key_cnn import KeyCnn
from onpu.music import Beats, Chords, Clock, Key, Keys, Timeline
from onpu.music.spelling import MINOR_MODES, key_label, parse_key
from onpu.recipe import Options, setting
from onpu.represent import Representation
from onpu.represent.filterbanks import LogFilterbank
from onpu.represent.tuning import shift_bins
from onpu.task import Listener, ListenerRecipe, Network

MODES = ("major", "minor", "dorian", "phrygian", "lydian", "mixolydian")
NO_KEY = 12 * len(MODES)
CLASSES = NO_KEY + 1
MAJOR_MINOR_CLASSES = 25
"""Major keys, minor keys, none."""
BINS_PER_OCTAVE = 24
MUL = 1000.0
FRAME_WEIGHT = 0.03
"""What a frame counts in a sequence, beside one that tells something new after its neighbours: frames overlap by 12 s,
five a second."""
CHANGE = {DOWNBEAT: 1e-3, UNKNOWN: 1.5e-4}
"""Chance of a change of key at a frame that begins a downbeat, and where beats are not known; elsewhere it is nil."""
NEAR = {0: 2.0, 7: 3.0, 5: 3.0, 9: 3.0, 3: 3.0, 2: 2.0, 10: 1.0, 1: 2.0, 11: 1.0, 8: 1.0, 4: 1.0, 6: 0.5}
"""How often music goes on in a key whose tonic lies so many semitones higher, relative to each other."""
MIN_MODE_SHARE = 0.6
"""Share of a tonic's probability that a mode beyond major and minor must have to be named."""
CHORD_WEIGHT, REGION_CHORD_WEIGHT = 4.0, 3.0
"""What the chords' mean log likelihood counts beside the network's: for the whole, and for regions."""
NO_KEY_PROBABILITY = 0.5
"""Probability of "no key" above which a recording has none."""
UNTOLD = 1.2
"""Probability of the best key, over that of each if all were alike, below which there is none: nothing tells one."""


@dataclass(frozen=True)
class KeyOptions(Options):
    """What is known of a recording: its beats, for keys change with bars, and its chords, which speak for keys."""

    beats: Beats | None = None
    chords: Chords | None = None


@dataclass(frozen=True)
class KeyRecipe(ListenerRecipe):
    """How a key network is trained."""

    width: int = setting(24, "channels of the first stage")
    dropout: float = setting(0.5, "dropout of channels after each stage", "[0, 1)")


def features() -> Representation:
    """105 bands, 5 frames a second, windows of 0.19 s."""
    return LogFilterbank(22050, 4096, 4410, BINS_PER_OCTAVE, 65.0, 2100.0, mul=MUL)


def network(recipe: KeyRecipe, features: Representation) -> nn.Module:
    """Untrained."""
    return KeyCnn(features.bins, CLASSES, recipe.width, recipe.dropout)


def augment(spectra: np.ndarray, labels: Timeline, rng: np.random.Generator,
         recipe: ListenerRecipe) -> tuple[np.ndarray, Timeline]:
    """Another recording of the same music in another key, up to 40 cents out of tune; of bands and scale as here."""
    semitones = int(rng.integers(-5, 7))
    bins = -(semitones + rng.uniform(-0.4, 0.4)) * BINS_PER_OCTAVE / 12
    spectra = shift_bins(torch.from_numpy(np.ascontiguousarray(spectra)), bins).numpy()
    return augment_spectrum(spectra, rng, MUL, shift=0), transposed(labels, semitones)


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """keys (73, frames): tonic * 6 + mode, or none, is 1; all 0 where chords are in no key."""
    keys, chords = _labelled(timeline), timeline.chords
    times = clock.seconds(np.arange(frames))
    out = np.zeros((CLASSES, frames), dtype=np.float32)
    for start, end, label in zip(keys.starts, keys.ends, keys.labels, strict=True):
        tonic, mode = parse_key(str(label))
        mode = mode if mode in MODES else "minor"  # locrian
        out[tonic * len(MODES) + MODES.index(mode), (times >= start) & (times < end)] = 1
    if len(keys.starts) or chords is None or all(label == "N" for label in chords.labels):
        out[NO_KEY, out.sum(axis=0) == 0] = 1
    return {"keys": out}


def _labelled(timeline: Timeline) -> Keys:
    """The regions; where only the key of the whole is labelled, it holds throughout."""
    if timeline.keys is not None or timeline.key is None:
        return timeline.require(Keys)
    label = timeline.key.labels[:1]
    return Keys(np.zeros(len(label)), np.full(len(label), np.inf), label, np.ones(len(label)))


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Cross-entropy of the average over time, and of the frames."""
    weight = mask / mask.sum(dim=1, keepdim=True).clamp(min=1)
    whole = (logits["keys"] * weight[:, None]).sum(dim=2)
    wanted = (targets["keys"] * weight[:, None]).sum(dim=2)
    told = (wanted.sum(dim=1) > 0.5).to(mask.dtype)
    return cross_entropy(whole[..., None], wanted[..., None], told[:, None]) + cross_entropy(
        logits["keys"], targets["keys"], mask)


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """keys (batch, 73, frames), probabilities."""
    return {"keys": torch.softmax(logits["keys"], dim=1)}


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: KeyOptions) -> dict[str, object]:
    """key: Key, up to three candidates; keys: Keys, regions with their runner-up."""
    modes = np.asarray(activations["keys"], dtype=np.float64)
    frames = modes.shape[1]
    plain = _plain(modes)
    said = np.zeros((MAJOR_MINOR_CLASSES, frames))
    if options.chords is not None:
        said[:-1] = evidence(options.chords, clock.seconds(np.arange(frames)))
    whole = _mean(plain, said, slice(None)) if frames else np.zeros(MAJOR_MINOR_CLASSES)
    if frames == 0 or whole[-1] > NO_KEY_PROBABILITY or whole[:-1].max() < UNTOLD / MAJOR_MINOR_CLASSES:
        return {"key": Key.empty(), "keys": _regions([], clock, frames, None)}
    path = _follow(plain, said, metrical_positions(options.beats, clock, frames))
    starts = np.flatnonzero(np.diff(path, prepend=-1)).tolist()
    rows = [(first, last, *_named(plain, said, modes, slice(first, last), int(path[first])))
            for first, last in zip(starts, [*starts[1:], frames], strict=True)]
    best = [int(number) for number in np.argsort(-whole[:-1])[:3]]
    names = [_label(modes, slice(None), number) for number in best]
    return {"key": Key(np.array(names), whole[best]), "keys": _regions(rows, clock, frames, options.beats)}


def _plain(modes: np.ndarray) -> np.ndarray:
    """Probabilities (25, frames) of twelve major and twelve minor keys and none."""
    out = np.zeros((MAJOR_MINOR_CLASSES, modes.shape[1]))
    for number in range(NO_KEY):
        tonic, mode = divmod(number, len(MODES))
        out[tonic + 12 * (MODES[mode] in MINOR_MODES)] += modes[number]
    out[-1] = modes[NO_KEY]
    return out


def _mean(plain: np.ndarray, said: np.ndarray, where: slice) -> np.ndarray:
    """Probabilities (25,) of a stretch: frames agree in the logarithm, as the network was trained to; said: log
    likelihood ratios (25, frames) of the chords."""
    level = (np.log(np.maximum(plain[:, where], 1e-6)) + CHORD_WEIGHT * said[:, where]).mean(axis=1)
    level = np.exp(level - level.max())
    return level / level.sum()


def _follow(plain: np.ndarray, said: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Most probable class of each frame."""
    moves = np.full((MAJOR_MINOR_CLASSES, MAJOR_MINOR_CLASSES), 1.0)
    for before in range(MAJOR_MINOR_CLASSES - 1):
        for after in range(MAJOR_MINOR_CLASSES - 1):
            moves[before, after] = NEAR[(after - before) % 12]
    np.fill_diagonal(moves, 0)
    change = np.zeros(len(place))
    for kind, chance in CHANGE.items():
        change[place == kind] = chance
    level = np.log(np.maximum(plain, 1e-6)) + REGION_CHORD_WEIGHT * said
    return best_path(FRAME_WEIGHT * level, change, moves / moves.sum(axis=1, keepdims=True))


def _label(modes: np.ndarray, where: slice, number: int) -> str:
    """Name of a plain key, with its mode where that is evident."""
    tonic, minor = number % 12, number >= 12
    share = np.log(np.maximum(modes[tonic * len(MODES) : (tonic + 1) * len(MODES), where], 1e-6)).mean(axis=1)
    own = [mode for mode in range(len(MODES)) if (MODES[mode] in MINOR_MODES) == minor]
    level = np.exp(share[own] - share[own].max())
    likeliest = int(level.argmax())
    evident = level[likeliest] / level.sum() > MIN_MODE_SHARE
    return key_label(tonic, MODES[own[likeliest]] if evident else "minor" if minor else "major")


def _named(plain: np.ndarray, said: np.ndarray, modes: np.ndarray, where: slice, number: int
           ) -> tuple[str, float, str, float]:
    """Label and confidence of a region, and of its runner-up."""
    share = _mean(plain, said, where)
    second = next(int(other) for other in np.argsort(-share) if other not in (number, MAJOR_MINOR_CLASSES - 1))
    label = "" if number == MAJOR_MINOR_CLASSES - 1 else _label(modes, where, number)
    return label, float(share[number]), _label(modes, where, second), float(share[second])


def _regions(rows: list[tuple[int, int, str, float, str, float]], clock: Clock, frames: int,
             beats: Beats | None) -> Keys:
    """Regions with a key."""
    if not rows:
        return Keys.empty()
    first, _, label, confidence, second, chance = (np.array(column) for column in zip(*rows, strict=True))
    edges = edge_times(first, np.zeros(0) if beats is None else beats.downbeats, clock, frames)
    kept = label != ""
    return Keys(edges[:-1][kept], edges[1:][kept], label[kept], confidence[kept], second[kept][:, None],
                chance[kept][:, None])


def key_of(keys: Keys) -> Key:
    """The key that holds for most of the time; major and minor alone."""
    total: dict[str, float] = {}
    for start, end, label in zip(keys.starts, keys.ends, keys.labels, strict=True):
        tonic, mode = parse_key(str(label))
        name = key_label(tonic, "minor" if mode in MINOR_MODES else "major")
        total[name] = total.get(name, 0.0) + end - start
    best = sorted(total, key=lambda name: -total[name])[:1]
    return Key(np.array(best, dtype=np.str_), np.ones(len(best)))


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Scores of the key of the whole; the reference's is the one that holds longest where it is not given."""
    truth = key_of(reference.require(Keys)) if reference.key is None else reference.key
    return metric.evaluate(truth, estimate.require(Key))


LISTENER = Listener(
    name="key",
    title="key of the whole, and regions of keys",
    paper="Korzeniowski & Widmer, Genre-agnostic key classification with convolutional neural networks, ISMIR 2018",
    label="key",
    fields=("key", "keys"),
    networks={"allconv": Network(features, network)},
    target=target,
    loss=loss,
    activate=activate,
    decode=decode,
    metric=evaluate,
    criterion=("MIREX score",),
    recipes={"small": KeyRecipe(width=10, dropout=0.1, crop_seconds=40.0, batch=16, steps=80, minutes=15.0,
                                learning_rate=2e-3),
             "paper": KeyRecipe(crop_seconds=20.0, batch=32, epochs=100, ema_decay=0.0)},
    options=KeyOptions(),
    reads=("chords",),
    needs=("keys", "key"),
    augment=augment,
)
