"""Recordings with labels that a user has set right -> a corpus to learn from, and one of what is kept out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np

from onpu.data.corpus import Corpus, Credit, import_corpus
from onpu.errors import DataError, OnpuError
from onpu.formats.audio import read_audio
from onpu.licensing import Terms, terms
from onpu.music import Audio, Timeline
from onpu.music.crop import crop

SONG_KEPT_OUT_EVERY = 4
"""One recording in so many is kept out, where there are as many; else the last part of each."""
SHARE_KEPT_OUT = 1 / 3
"""Part of what is known of a recording that is kept out where no whole recording is."""
LEAST_KEPT_SECONDS = 6.0
"""The shortest passage by which weights are judged."""
LEAST_SECONDS = 20.0
"""What has to be known to be learned from, in all."""
UNKNOWN_LICENCE = "the user's own choice of recordings; their licence is not known"


@dataclass(frozen=True, eq=False)
class CorrectedRecording:
    """A recording with labels that are right in some passages.

    name: its title. audio: the file. timeline: its labels. known: passages (n, 2) in seconds in which they are right,
    sorted, apart from each other. author: as far as it is known. licence: of the recording.
    """

    name: str
    audio: Path
    timeline: Timeline
    known: np.ndarray
    author: str = ""
    licence: str = UNKNOWN_LICENCE

    @property
    def seconds(self) -> float:
        """How much of it is known."""
        return float((self.known[:, 1] - self.known[:, 0]).sum())


def corpora_of(recordings: Sequence[CorrectedRecording], folder: Path) -> tuple[Corpus, Corpus]:
    """Store them as corpora below `folder`: what is learned from, and what is kept out.

    One recording in four is kept out, where there are four; with fewer, the last third of what is known of each, as
    recordings of their own. Both say of each recording whose it is, and its hash.

    Raises
    ------
    DataError
        When less than `LEAST_SECONDS` are known, or no passage of `LEAST_KEPT_SECONDS` can be kept out.
    """
    known = [one for one in recordings if len(one.known)]
    seconds = sum(one.seconds for one in known)
    if seconds < LEAST_SECONDS:
        raise DataError(f"only {seconds:.0f} s are corrected or confirmed; {LEAST_SECONDS:.0f} s at least are needed "
                        "to learn from")
    if len(known) >= SONG_KEPT_OUT_EVERY:
        out = known[SONG_KEPT_OUT_EVERY - 1 :: SONG_KEPT_OUT_EVERY]
        learned, kept = [one for one in known if one not in out], out
    else:
        pairs = [_parted(one) for one in known]
        learned, kept = [one for one, _ in pairs], [one for _, one in pairs]
    passages = [(one, span) for one in kept for span in _long_enough(one.known)]
    if not passages or not any(one.seconds for one in learned):
        raise DataError(f"no corrected passage is long enough to judge by, {LEAST_KEPT_SECONDS:.0f} s after what is "
                        "learned from; correct or confirm more of a recording")
    learned = [one for one in learned if one.seconds]
    return (_stored(folder / "learned", learned, [(one.name, partial(_whole, one.audio), one.timeline)
                                                  for one in learned], [one.known for one in learned]),
            _stored(folder / "kept-out", [one for one, _ in passages], list(_cut(passages))))


def _parted(one: CorrectedRecording) -> tuple[CorrectedRecording, CorrectedRecording]:
    """What is known of it in two: the earlier part, and the last `SHARE_KEPT_OUT`."""
    left, starts = SHARE_KEPT_OUT * one.seconds, one.known[::-1]
    for start, end in starts:
        if end - start >= left:
            border = end - left
            break
        left -= end - start
    before, after = one.known.copy(), one.known.copy()
    before[:, 1], after[:, 0] = np.minimum(before[:, 1], border), np.maximum(after[:, 0], border)
    return (replace(one, known=before[before[:, 1] > before[:, 0]]),
            replace(one, known=after[after[:, 1] > after[:, 0]]))


def _long_enough(known: np.ndarray) -> np.ndarray:
    kept: np.ndarray = known[known[:, 1] - known[:, 0] >= LEAST_KEPT_SECONDS]
    return kept


Entry = tuple[str, Callable[[], Audio], Timeline]


def _cut(passages: Sequence[tuple[CorrectedRecording, np.ndarray]]) -> Iterator[Entry]:
    """The passages as recordings of their own."""
    for one, (start, end) in passages:
        yield (f"{one.name} {start:.1f}-{end:.1f} s", partial(_passage, one.audio, float(start), float(end)),
               crop(one.timeline, float(start), float(end)))


def _whole(path: Path) -> Audio:
    return read_audio(path)


def _passage(path: Path, start: float, end: float) -> Audio:
    audio = read_audio(path)
    return Audio(audio.samples[:, round(start * audio.rate) : round(end * audio.rate)], audio.rate)


def _stored(folder: Path, recordings: Sequence[CorrectedRecording], entries: Sequence[Entry],
            known: Sequence[np.ndarray] = ()) -> Corpus:
    """A corpus of entries, or the same that was stored before."""
    origin = _origin(entries, recordings, known)
    try:
        stored = Corpus.open(folder)
        if stored.description.get("origin") == origin:
            return stored
    except DataError:
        pass
    credits = [Credit(entry[0], one.author or "not told", one.licence, f"sha256 {_hash(one.audio)}")
               for entry, one in zip(entries, recordings, strict=True)]
    free = all(terms(one.licence) is not Terms.CLOSED for one in recordings)
    return import_corpus(folder, entries, "; ".join(dict.fromkeys(one.licence for one in recordings)), free, origin,
                         credits=credits, known=known)


def _origin(entries: Sequence[Entry], recordings: Sequence[CorrectedRecording], known: Sequence[np.ndarray]) -> str:
    """A hash that changes when a recording, a label or what is known does."""
    whole = sha256()
    for (name, _, timeline), one in zip(entries, recordings, strict=True):
        whole.update(f"{name} {_hash(one.audio)}\n".encode())
        for field, column in timeline.arrays().items():
            whole.update(f"{field} {column.tolist()}\n".encode())
    whole.update(str([each.tolist() for each in known]).encode())
    return whole.hexdigest()


def _hash(path: Path) -> str:
    """SHA-256 of a file. Raises `OnpuError` where it cannot be read."""
    try:
        with path.open("rb") as file:
            whole = sha256()
            while block := file.read(2**20):
                whole.update(block)
            return whole.hexdigest()
    except OSError as error:
        raise OnpuError(f"{path}: cannot be read ({error.strerror})") from error
