"""Free recordings -> a corpus whose description says of each whose it is."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import soxr

from onpu.data.corpora.credited import CreditedRecording
from onpu.data.corpus import Corpus, Credit, import_corpus
from onpu.formats.audio import read_audio
from onpu.music import Audio

RATE = 44_100
"""Samples a second of what is stored."""


def write_credited(folder: Path, recordings: Sequence[CreditedRecording], origin: str) -> Corpus:
    """Store recordings as a corpus, mono, `RATE` samples a second, whose description credits each of them.

    origin: what tells these recordings from others. Raises what `import_corpus` raises.
    """
    items = ((one.name, partial(stored_audio, one.audio, one.longest), one.timeline) for one in recordings)
    return import_corpus(folder, items, ", ".join(sorted({one.licence for one in recordings})), True, origin,
                         [one.kind for one in recordings],
                         [Credit(one.name, one.author, one.licence, one.source) for one in recordings])


def stored_audio(path: Path, longest: float | None = None) -> Audio:
    """The first `longest` seconds of a recording, mono, `RATE` samples a second."""
    audio = read_audio(path, seconds=longest)
    samples = audio.mono()
    if audio.rate != RATE:
        samples = soxr.resample(samples, audio.rate, RATE)
    return Audio(np.ascontiguousarray(samples, dtype=np.float32)[None], RATE)
