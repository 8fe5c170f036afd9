"""The PJS corpus as recordings to learn phonemes from: each alone, and once more over accompaniment that is composed.

Licence CC BY-SA 4.0 (`onpu.data.corpora.published.PJS`). The songs whose number four divides are kept for tests; those
that are one more than a multiple of twenty choose weights.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from onpu.data.corpora.pjs import PjsSong, accompanied, held_out
from onpu.engine.compose import compose
from onpu.engine.compose.draw import between
from onpu.music import Audio, Timeline, Voice
from onpu.music.audio import rms
from onpu.music.phonemes import PHONEMES

RATE = 24_000
LEVEL = (-2.0, 12.0)
"""dB of the voice over its accompaniment."""
SEED = 1
PARTS = ("learn", "choose", "test")
DOUBTFUL = ("pjs001", "pjs016", "pjs082")
"""Songs whose phonemes do not lie where they are sung: what a vocoder finds voiced goes with labelled vowels at a
correlation of at most .53 (median of all songs .73)."""


def part(number: int) -> str:
    """What a song serves for, one of `PARTS`."""
    return "test" if held_out(number) else "choose" if number % 20 == 1 else "learn"


def labelled(song: PjsSong) -> Timeline:
    """Each phoneme a passage; pauses are none."""
    rows = [row for row in song.phonemes if row[2] in PHONEMES and row[1] > row[0]]
    starts, ends = (np.array([row[i] for row in rows], np.float64) for i in (0, 1))
    ends = np.minimum(ends, np.append(starts[1:], np.inf))
    voice = Voice(starts, ends, np.array([row[2] for row in rows], np.str_), np.ones(len(rows)))
    return Timeline(max(song.audio().duration, float(ends.max(initial=0.0))), voice=voice)


def items_of(songs: list[PjsSong], over_music: bool) -> Iterator[tuple[str, Callable[[], Audio], Timeline]]:
    """Name, recording and labels of each song alone and, where it is wanted, over music."""
    for song in songs:
        yield song.folder.name, song.audio, labelled(song)
        if over_music:
            yield f"{song.folder.name} over music", partial(_over_music, song), labelled(song)


def _over_music(song: PjsSong) -> Audio:
    """A song over the accompaniment of another, which depends on its number alone."""
    rng = np.random.default_rng([SEED, song.number])
    sung = song.audio()
    stems, _ = accompanied(compose(int(rng.integers(2**31)), seconds=sung.duration + 1), song.number, RATE, None, None)
    music = stems.samples.sum(axis=0).mean(axis=0)[: sung.samples.shape[1]]
    music = np.pad(music, (0, sung.samples.shape[1] - len(music)))
    gain = rms(sung.samples) / max(float(rms(music)), 1e-6) * 10 ** (-between(rng, *LEVEL) / 20)
    mixed = sung.samples + gain * music[None]
    return Audio((0.9 * mixed / max(0.9, float(np.abs(mixed).max()))).astype(np.float32), RATE)
