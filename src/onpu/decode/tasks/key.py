"""Key of the whole and regions of keys, of what `onpu.listen.key` hears."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onpu.decode.chain import best_path
from onpu.decode.decoder import Decoder
from onpu.decode.degrees import evidence
from onpu.decode.grid import edge_times
from onpu.decode.targets import DOWNBEAT, UNKNOWN, metrical_positions
from onpu.music import Beats, Chords, Clock, Key, Keys
from onpu.music.spelling import MINOR_MODES, key_label, parse_key
from onpu.music.splicing import spliced
from onpu.recipe import Options

MODES = ("major", "minor", "dorian", "phrygian", "lydian", "mixolydian")
NO_KEY = 12 * len(MODES)
MAJOR_MINOR_CLASSES = 25
"""Major keys, minor keys, none."""
FRAME_WEIGHT = 0.03
"""What a frame counts in a sequence, beside one that tells something new after its neighbours: frames overlap by 12 s,
five a second."""
CHANGE = {DOWNBEAT: 1e-3, UNKNOWN: 1.5e-4}
"""Chance of a change of key at a frame that begins a downbeat, and where beats are not known; elsewhere it is nil."""
HELD_CHANGE = 0.5
"""The same where a stretch begins or ends whose key is known."""
IMPOSSIBLE = -1e6
"""Log likelihood of all other keys there."""
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
    """What is known of a recording: its beats, for keys change with bars, its chords, which speak for keys, and keys
    that hold in their stretches, whatever was heard."""

    beats: Beats | None = None
    chords: Chords | None = None
    held: Keys | None = None


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: KeyOptions) -> dict[str, object]:
    """key: Key, up to three candidates; keys: Keys, regions with their runner-up."""
    modes = np.asarray(activations["keys"], dtype=np.float64)
    frames = modes.shape[1]
    plain = _plain(modes)
    said = np.zeros((MAJOR_MINOR_CLASSES, frames))
    if options.chords is not None:
        said[:-1] = evidence(options.chords, clock.seconds(np.arange(frames)))
    whole = _mean(plain, said, slice(None)) if frames else np.zeros(MAJOR_MINOR_CLASSES)
    held = Keys.empty() if options.held is None else options.held
    untold = whole[-1] > NO_KEY_PROBABILITY or whole[:-1].max() < UNTOLD / MAJOR_MINOR_CLASSES
    if frames == 0 or (untold and not len(held)):
        return {"key": Key.empty(), "keys": _regions([], clock, frames, None)}
    path = _follow(plain, said, metrical_positions(options.beats, clock, frames), _held(held, clock, frames))
    starts = np.flatnonzero(np.diff(path, prepend=-1)).tolist()
    rows = [(first, last, *_named(plain, said, modes, slice(first, last), int(path[first])))
            for first, last in zip(starts, [*starts[1:], frames], strict=True)]
    best = [int(number) for number in np.argsort(-whole[:-1])[:3]]
    names = [_label(modes, slice(None), number) for number in best]
    key, keys = Key(np.array(names), whole[best]), _regions(rows, clock, frames, options.beats)
    for start, end, label in zip(held.starts, held.ends, held.labels, strict=True):
        keys = spliced(keys, float(start), float(end), str(label), 1 / clock.fps)  # exactly there, and as it is spelled
    return {"key": key_of(keys) if len(held) else key, "keys": keys}


def _held(known: Keys, clock: Clock, frames: int) -> np.ndarray:
    """The class of each frame (frames,) that lies in a stretch whose key is known; -1 elsewhere."""
    held, times = np.full(frames, -1), clock.seconds(np.arange(frames))
    for start, end, label in zip(known.starts, known.ends, known.labels, strict=True):
        tonic, mode = parse_key(str(label))
        held[(times >= start) & (times < end)] = tonic + 12 * (mode in MINOR_MODES)
    return held


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
    likely: np.ndarray = level / level.sum()
    return likely


def _follow(plain: np.ndarray, said: np.ndarray, place: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Most probable class of each frame. held: the classes that are known, or -1; a key may change where one begins or
    ends."""
    moves = np.full((MAJOR_MINOR_CLASSES, MAJOR_MINOR_CLASSES), 1.0)
    for before in range(MAJOR_MINOR_CLASSES - 1):
        for after in range(MAJOR_MINOR_CLASSES - 1):
            moves[before, after] = NEAR[(after - before) % 12]
    np.fill_diagonal(moves, 0)
    change = np.zeros(len(place))
    for kind, chance in CHANGE.items():
        change[place == kind] = chance
    change[1:][held[1:] != held[:-1]] = HELD_CHANGE
    level = np.log(np.maximum(plain, 1e-6)) + REGION_CHORD_WEIGHT * said
    level[:, held >= 0] = IMPOSSIBLE
    level[held[held >= 0], held >= 0] = 0
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


DECODER = Decoder(
    name="key",
    title="key of the whole, and regions of keys",
    paper="Korzeniowski & Widmer, Genre-agnostic key classification with convolutional neural networks, ISMIR 2018",
    label="key",
    fields=("key", "keys"),
    decode=decode,
    options=KeyOptions(),
)
