"""Key signatures as a sheet has them: one a song, unless the key really changes.

A listener follows every turn of the harmony; a sheet does not change its key signature for four bars. Wanted is the
path of signatures through the bars whose price is least: each bar costs as much as the key that was found there and the
chords that sound there disagree with its signature, each change costs `CHANGE_COST`, and none holds for less than
`SHORTEST_BARS`, or `CLOSING_BARS` if the song ends in it, for which it costs `CLOSING_COST`. Signatures a fifth from
those of keys that were heard are tried too, since a key is easily taken for the one a fifth away, while its chords tell
the scale.
"""

import numpy as np

from onpu.music.arrays import Floats
from onpu.music.bars import Bars
from onpu.music.chords import Chords
from onpu.music.harte import parse
from onpu.music.key import Keys
from onpu.music.spelling import MODES, key_label, parse_key, written_signature
from onpu.music.timeline import Timeline

SHORTEST_BARS = 8
"""Bars for which a key signature holds at least."""
CLOSING_BARS = 4
"""The same of the last one: a song that ends in another key has changed it."""
CHANGE_COST = 6.0
"""Price of a change, in bars whose key is another one."""
CLOSING_COST = 4.5
"""The same of the last change."""
PARALLEL_COST = 0.6
"""What a bar costs whose key has the same tonic in another mode, which power chords do not tell apart."""
NEIGHBOUR_COST = 0.35
"""What a bar costs whose key has a sharp more or less than a signature that no key has which was found."""
FOREIGN_COST = 3.0
"""What a bar costs all of whose chord tones are foreign to the scale."""
LEADING_COST = 0.5
"""Of that the share for the raised seventh of the relative minor key."""


def keys_of(found: Bars, timeline: Timeline) -> list[str]:
    """Key label of each bar, such that its signature changes only where the key really does.

    Between two changes it is the label, among the regions with this signature, of the one that holds longest; if none
    has it, the major or minor key whose tonic chord sounds longer. Where no region is known it is the key of the whole,
    and empty where no key is. Raises `LabelError` where a label is no key or chord.
    """
    whole, regions = timeline.key, timeline.keys
    label = str(whole.labels[0]) if whole is not None and len(whole) else ""
    if not len(found.numbers):
        return []
    regions = regions.select(regions.labels != "N") if regions is not None else Keys.empty()
    if not len(regions):
        return [label] * len(found.numbers)
    shares = _shares(found, regions.starts, regions.ends)  # (bars, regions)
    sharps = np.array([written_signature(str(key)) for key in regions.labels])
    doubtful = timeline.chords is not None and bool((regions.confidence < 1).any())
    states = np.unique([(sharps + step) % 12 for step in ((-1, 0, 1) if doubtful else (0,))])
    price = _region_prices(shares * regions.confidence, regions, states)
    if timeline.chords is not None:
        price += FOREIGN_COST * _foreign(found, timeline.chords, states)
    labels: list[str] = []
    for first, last, state in _path(price):
        held = shares[first:last].sum(axis=0) * (sharps % 12 == states[state])
        if held.any() or timeline.chords is None:
            here = str(regions.labels[int(held.argmax())])
        else:
            here = _by_chords(int(states[state]), timeline.chords, found.starts[first], found.ends[last - 1])
        labels += [here] * (last - first)
    return labels


def _by_chords(state: int, chords: Chords, start: float, end: float) -> str:
    """The major or minor key of a signature, whichever tonic chord sounds longer between two times."""
    sounding = np.maximum(np.minimum(chords.ends, end) - np.maximum(chords.starts, start), 0)
    keys = [(7 * state % 12, "major"), ((7 * state + 9) % 12, "minor")]

    def home(tonic: int, mode: str) -> float:
        triad = {(tonic + step) % 12 for step in (0, 3 if mode == "minor" else 4, 7)}
        return float(sum(seconds for seconds, label in zip(sounding, chords.labels, strict=True)
                         if seconds and triad <= set(parse(str(label)).classes)))

    return key_label(*max(keys, key=lambda key: home(*key)))


def _shares(found: Bars, starts: np.ndarray, ends: np.ndarray) -> Floats:
    """Share of each bar that lies in each stretch, (bars, stretches)."""
    shared = np.minimum(found.ends[:, None], ends) - np.maximum(found.starts[:, None], starts)
    shares: Floats = np.maximum(shared, 0) / (found.ends - found.starts)[:, None]
    return shares


def _region_prices(shares: np.ndarray, regions: Keys, states: np.ndarray) -> Floats:
    """(bars, states): how much of each bar has a key of another signature."""
    keys = [parse_key(str(label)) for label in regions.labels]
    own = np.array([written_signature(str(label)) % 12 for label in regions.labels])
    tonics = np.array([tonic for tonic, _ in keys])
    apart = np.ones((len(keys), len(states)))
    for number, state in enumerate(states):
        related = tonics[own == state]
        if not len(related):
            apart[np.isin((own - state) % 12, (1, 11)), number] = NEIGHBOUR_COST
        apart[np.isin(tonics, related), number] = PARALLEL_COST
        apart[own == state, number] = 0
    prices: Floats = shares @ apart
    return prices


def _foreign(found: Bars, chords: Chords, states: np.ndarray) -> Floats:
    """(bars, states): how many of the chord tones of each bar are foreign to the scale of each signature."""
    price = np.zeros((len(states), 12))
    for number, state in enumerate(states):
        tonic = 7 * int(state) % 12
        scale = [(tonic + step) % 12 for step in MODES["major"]]
        price[number] = ~np.isin(np.arange(12), scale)
        price[number, (tonic + 8) % 12] = LEADING_COST
    rows = []
    for label in chords.labels:
        tones = sorted(parse(str(label)).classes)
        rows.append(price[:, tones].mean(axis=1) if tones else np.zeros(len(states)))
    prices: Floats = _shares(found, chords.starts, chords.ends) @ np.array(rows).reshape(-1, len(states))
    return prices


def _path(price: np.ndarray) -> list[tuple[int, int, int]]:
    """From bar, to bar, number of the state: the path of least price (bars, states) whose stretches are not short."""
    bars = len(price)
    summed = np.concatenate([np.zeros((1, price.shape[1])), np.cumsum(price, axis=0)])
    best, came = np.full(bars + 1, np.inf), np.zeros((bars + 1, 2), np.int64)
    best[0] = 0.0
    for end in range(min(SHORTEST_BARS, bars), bars + 1):
        firsts = np.arange(max(end - (CLOSING_BARS if end == bars else SHORTEST_BARS), 0) + 1)
        change = CLOSING_COST if end == bars else CHANGE_COST
        total = (best[firsts] + change * (firsts > 0))[:, None] + summed[end] - summed[firsts]
        came[end] = np.unravel_index(int(total.argmin()), total.shape)
        best[end] = total.min()
    stretches, end = [], bars
    while end > 0:
        first, state = came[end].tolist()
        stretches.append((first, end, state))
        end = first
    return stretches[::-1]
