"""A user's corrections -> weights that are better on music like theirs.

    recordings with labels that were set right -> `onpu.training.from_corrections`, a task after the other
    -> a folder of weights (`onpu.weight_store`), which `onpu.analyze` takes for the shipped ones
"""

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from onpu.data.corpus import write_corpus
from onpu.data.corrected import UNKNOWN_LICENCE, CorrectedRecording
from onpu.data.plan import Plan
from onpu.errors import OnpuError, suggestion
from onpu.formats.loading import read
from onpu.listen import default_weights, load, tasks
from onpu.music import Timeline
from onpu.weight_store import LearnedWeights

if TYPE_CHECKING:
    from onpu.training.from_corrections import Material, Verdict

Corrected: TypeAlias = tuple[str | os.PathLike[str], Timeline | str | os.PathLike[str]]
"""A recording, and its labels or a file of them."""
LEARNABLE = {"beats": "beats", "chords": "chords", "key": "keys", "structure": "sections", "melody": "melody",
             "notes": "notes", "drums": "drums", "voice": "voice"}
"""Task -> the field of a timeline from which it learns."""
UNLEARNABLE = {"lyrics": "it learns from phonemes, which composed songs lack, so nothing would tell what it forgets; "
                         "words that were set right teach where somebody sings: --tasks voice"}
"""Task -> why it does not, where that has to be said."""
LIBRARIES = ("lightning", "tensorboard")
"""What training needs beside onpu's own dependencies."""
MINUTES = 3.0
SEED, JUDGING_SEED = 71, 72
LEARNED_SONGS, JUDGING_SONGS, SONG_SECONDS = 16, 24, 24.0
LONG_TASKS, LONG_SONGS, LONG_SECONDS = ("structure",), 8, 120.0
"""Tasks that look at whole songs, and the songs composed for them."""
COMPOSED, RUNS = "composed", "runs"
COMPOSING = 0.3
"""Share of the progress of a task that composing takes, where songs have still to be composed."""


def learn(recordings: Sequence[Corrected], tasks: str | Sequence[str], out: str | os.PathLike[str] = "learned", *,
          minutes: float = MINUTES, licence: str = UNKNOWN_LICENCE,
          progress: Callable[[str, float], None] | None = None) -> "list[Verdict]":
    """Learn from recordings whose labels were set right.

    Parameters
    ----------
    recordings
        Pairs of the path of a recording and its labels: a `Timeline`, or a file that `onpu.read` takes. What they hold
        of a task counts as right from beginning to end.
    tasks
        What is learned: a name or several of beats, chords, drums, key, melody, notes, structure, voice.
    out
        Folder of learned weights, made if need be. The weights in use there are what learning starts from; what is
        better is used from then on: `onpu.analyze(song, tasks=out)`.
    minutes
        Of learning, for each task; preparing and judging come on top.
    licence
        Of the recordings, as the card of the weights is to say it.
    progress
        Called with the name of the task and its finished share, in [0, 1].

    Returns
    -------
    list of Verdict
        What each task came to; weights that are no better are not kept.

    Raises
    ------
    OnpuError
        When a task is not known, a recording lacks its labels, or too little is known to learn from.

    Examples
    --------
    >>> import onpu
    >>> onpu.learn([("song.wav", "song.jams"), ("other.wav", "other.jams")], "beats")  # doctest: +SKIP
    [Verdict(task='beats', kept=True, ...)]
    """
    given = [(Path(path), labels if isinstance(labels, Timeline) else read(labels)) for path, labels in recordings]
    verdicts = []
    for task in checked_tasks(tasks):
        field = LEARNABLE[task]
        whole = [CorrectedRecording(path.stem, path, labels, np.array([[0.0, labels.duration]]), "", licence)
                 for path, labels in given if getattr(labels, field) is not None]
        if not whole:
            raise OnpuError(f"{task}: none of the recordings has {field} in its labels; leave it out")
        verdicts.append(learn_one(task, whole, LearnedWeights(out), minutes,
                                  None if progress is None else partial(progress, task)))
    return verdicts


def checked_tasks(names: str | Iterable[str]) -> list[str]:
    """Tasks that can learn. Raises `OnpuError`."""
    chosen = [names] if isinstance(names, str) else list(names)
    for name in chosen:
        if name in UNLEARNABLE:
            raise OnpuError(f"{name} cannot learn from corrections: {UNLEARNABLE[name]}")
        if name not in LEARNABLE:
            raise OnpuError(f"{name} cannot learn from corrections; {suggestion(name, LEARNABLE)}")
    return chosen


def learn_one(task: str, recordings: Sequence[CorrectedRecording], weights: LearnedWeights, minutes: float = MINUTES,
              advanced: Callable[[float], None] | None = None) -> "Verdict":
    """Learn one task and store what it came to; learning that was broken off is gone on with.

    weights: the folder where its weights, those in use before and the songs composed for it lie. The rest, and what is
    raised: see `onpu.training.from_corrections.learn_task`.
    """
    require_training()
    from onpu.training.from_corrections import learn_task

    tell = advanced or (lambda share: None)
    name = weights_of(task)
    number = weights.following(name)
    parent = load(weights.in_use().get(name, name))
    material = composed(weights.folder / COMPOSED, task in LONG_TASKS, lambda share: tell(COMPOSING * share))
    run = weights.folder / RUNS / f"{name}-{number}-{fingerprint(recordings, minutes)}"
    verdict = learn_task(parent, recordings, material, run, weights.path(name, number), minutes,
                         lambda share: tell(COMPOSING + (1 - COMPOSING) * share))
    weights.add(name, number, verdict.told())
    shutil.rmtree(run, ignore_errors=True)
    return verdict


def fingerprint(recordings: Sequence[CorrectedRecording], minutes: float) -> str:
    """Eight hexadecimal digits that tell one learning from another, so that none goes on with another's run."""
    said = [(one.name, one.audio.name, one.known.tolist()) for one in recordings]
    return sha256(repr((said, minutes)).encode()).hexdigest()[:8]


def require_training() -> None:
    """Raise `OnpuError` where what training needs is not installed."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise OnpuError(f"learning needs {' and '.join(missing)}, not installed here; pip install 'onpu[train]'")


def weights_of(task: str) -> str:
    """The name of the weights that a task learns: of several the first."""
    return default_weights(tasks()[task])[0]


def composed(folder: Path, long: bool, advanced: Callable[[float], None]) -> "Material":
    """Songs composed by onpu with what this machine has of soundfonts: once, the same for all learning.

    long: whole songs, for tasks that look at form.
    """
    from onpu.training.from_corrections import Material

    learned, judging, seconds = (LONG_SONGS, LONG_SONGS, LONG_SECONDS) if long else (
        LEARNED_SONGS, JUDGING_SONGS, SONG_SECONDS)
    name = "long-" if long else ""
    whole = learned + judging
    own = write_corpus(folder / f"{name}learned", Plan(SEED, seconds), learned, 1,
                       lambda done, of: advanced((learned - of + done) / whole))
    fixed = write_corpus(folder / f"{name}judging", Plan(JUDGING_SEED, seconds, negatives=0.0), judging, 1,
                         lambda done, of: advanced((whole - of + done) / whole))
    return Material(own, fixed)

