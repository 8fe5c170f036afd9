"""What the networks heard of a recording, kept, so that it can be decided again and again without hearing it anew.

Hearing takes a 25th of the recording's length, deciding about a second. What was heard fits into one file of arrays,
without pickles: activations as they are, those of wide heads in the 65,536 steps in which they are held anyway, so that
what is read decides exactly as what was written.
"""

import json
import os
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from onpu.analysis.agreement import Prediction, agree
from onpu.analysis.correcting import corrected
from onpu.analysis.corrections import FIELDS, TASKS
from onpu.analysis.given import Named
from onpu.analysis.piano_alone import hardly_but_piano, heard_later, tells_instruments
from onpu.analysis.selecting import Tasks, listeners, names_of, resolve_options
from onpu.called import AnyHearing
from onpu.device import Device
from onpu.errors import DataError, FormatError
from onpu.files import DAMAGED_ZIP, Json, replacing
from onpu.formats.audio_like import AudioLike, as_source
from onpu.inference.collecting import COMPACT_STEPS, COMPACT_VALUES_PER_SECOND
from onpu.inference.passing import pass_over
from onpu.inference.precision import Precision
from onpu.licensing import Licence
from onpu.music import Beats, Notes, Timeline
from onpu.music.silence import Attended, hushed

MOST_HEARD_BYTES = 2**33
"""Of what was heard in hours of music, unpacked."""
SAYS = "onpu"
"""Entry of the file that says what it holds."""
FIRST_PASS_SHARE = 0.85
"""Of the progress that is told, where a second pass over the recording may be needed."""
HELD = "held."
"""How the entries of labels that are held begin."""


@dataclass(frozen=True, eq=False)
class HeardRecording:
    """What the networks heard of one recording.

    predictions: of each listener that was needed. duration: of the recording, in seconds. silences: (n, 2) starts and
    ends in seconds. names: the listeners as they were asked for, and their licence, by which they are found again.
    held: labels that are known and stand in what is decided as they are; None: none.
    """

    predictions: tuple[Prediction, ...]
    duration: float
    silences: np.ndarray
    names: tuple[str, ...]
    licence: Licence = "default"
    held: Timeline | None = None

    @property
    def weights(self) -> dict[str, str]:
        """Name of each listener's weights, or of their file -> their hash."""
        return {Path(name).name: _weights(each.trained)
                for name, each in zip(self.names, self.predictions, strict=True)}

    def decide(self, corrections: Sequence[Json] = (), before: Timeline | None = None) -> Timeline:
        """The timeline on which everything agrees.

        corrections: what the user has set right, in this order (`onpu.analysis.corrections` lists the kinds); it stands
        in the result as it is, and the rest is decided anew around it. before: what `decide()` without corrections
        returned, where it is known, which saves its time.

        Raises
        ------
        CorrectionError
            When a correction is none, or contradicts the recording.
        """
        first = before or self._agreed()
        if not len(corrections):
            return first
        timeline = corrected(first, self.predictions, self.silences, corrections)
        return replace(timeline, **self._held_beside({each["kind"] for each in corrections})).validate()

    def _held_beside(self, kinds: set[str]) -> Named:
        """The labels that are held, but for those about which there are corrections of these kinds."""
        touched = {field for task, own in TASKS.items() if kinds & set(own) for field in FIELDS[task]}
        return {name: value for name, value in ({} if self.held is None else self.held.found()).items()
                if name not in touched}

    def _agreed(self) -> Timeline:
        """What is decided where nothing is corrected."""
        timeline = hushed(agree(list(self.predictions), self.held), self.silences)
        return replace(timeline, **self._held_beside(set())).validate()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write one file, some megabytes a minute. Raises `FormatError` where the place cannot be written to."""
        arrays, heads = {"silences": self.silences}, []
        for number, each in enumerate(self.predictions):
            heads.append(sorted(each.activations))
            for name in heads[-1]:
                arrays[f"{number}.{name}"] = _stored(each.activations[name], self.duration)
        said = {"names": self.names, "licence": self.licence, "duration": self.duration, "heads": heads,
                "weights": [_weights(each.trained) for each in self.predictions]}
        for name, column in ({} if self.held is None else self.held.arrays()).items():
            arrays[f"{HELD}{name}"] = column
        arrays[SAYS] = np.frombuffer(json.dumps(said).encode("utf-8"), np.uint8)
        with (replacing(path) as temporary,
              zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file):
            for name, values in arrays.items():
                with file.open(f"{name}.npy", "w", force_zip64=True) as entry:
                    np.lib.format.write_array(entry, np.asanyarray(values), allow_pickle=False)

    @staticmethod
    def load(path: str | os.PathLike[str], device: Device = "auto",
             weights: str | os.PathLike[str] | None = None) -> "HeardRecording":
        """Inverse of `save`. weights: the folder in which a user's weights are looked for that are no longer where
        they were.

        Raises
        ------
        FormatError
            When the file is damaged.
        DataError
            When it was heard by other weights than those of today: then the recording has to be heard again.
        """
        path = Path(path)
        arrays = _read(path)
        said = _said(path, arrays)
        names = [_found_again(name, weights) for name in said["names"]]
        chosen = listeners(names, device, said["licence"])
        if [_weights(trained) for trained in chosen] != said["weights"]:
            raise DataError(f"{path}: was heard by other weights than this version's; analyse the recording again")
        wishes = resolve_options(chosen, {})
        try:
            predictions = tuple(
                Prediction(trained, {name: _restored(arrays[f"{number}.{name}"]) for name in said["heads"][number]},
                           said["duration"], wish)
                for number, (trained, wish) in enumerate(zip(chosen, wishes, strict=True)))
            held = {name.removeprefix(HELD): column for name, column in arrays.items() if name.startswith(HELD)}
            return HeardRecording(predictions, said["duration"], arrays["silences"], tuple(map(str, names)),
                                  said["licence"], Timeline.from_arrays(held) if held else None)
        except (KeyError, IndexError) as error:
            raise FormatError(f"{path}: lacks {error}; analyse the recording again") from error


def hear(recording: AudioLike, rate: int | None = None, *, tasks: Tasks | None = None, device: Device = "auto",
         licence: Licence = "default", precision: Precision = "auto",
         progress: Callable[[float], None] | None = None) -> HeardRecording:
    """Run the networks over a recording and keep what they hear; parameters and errors are those of `onpu.analyze`.

    Returns
    -------
    HeardRecording
        `hear(recording).decide()` is what `onpu.analyze(recording)` returns.
    """
    names = names_of(tasks, licence)
    chosen = listeners(names, device, licence, precision)
    predictions, duration, silences = listened(chosen, resolve_options(chosen, {}), recording, rate, progress)
    heard = [each.trained for each in predictions]
    of_them = tuple(str(name) for name, trained in zip(names, chosen, strict=True) if trained in heard)
    return HeardRecording(tuple(predictions), duration, silences, of_them, licence)


def listened(chosen: Sequence[AnyHearing], wishes: Sequence[object], recording: AudioLike, rate: int | None,
             progress: Callable[[float], None] | None) -> tuple[list[Prediction], float, np.ndarray]:
    """What the listeners hear, the recording's length in seconds, and its silences (n, 2).

    Those that share weights hear together, and all in one pass, but for those that are needed only where a piano plays
    alone (`onpu.analysis.piano_alone`): these hear in a second one, or are left out of what is returned. Those that
    hear beat by beat come last.
    """
    later = heard_later(chosen)
    asked = list(zip(chosen, wishes, strict=True))
    first = [each for each in asked if each[0] not in later and not each[0].beatwise]
    second = [each for each in asked if each[0] in later]
    until = FIRST_PASS_SHARE if second else 1.0
    with as_source(recording, rate) as source:
        attended = Attended(source)
        heard, duration = _in_one_pass(first, attended, _part_of(progress, 0.0, until))
        if second and any(tells_instruments(each.trained) and hardly_but_piano(each.decode().require(Notes))
                          for each in heard):
            heard += _in_one_pass(second, attended, _part_of(progress, until, 1.0))[0]
            heard.sort(key=lambda each: chosen.index(each.trained))
        elif second and progress is not None:
            progress(1.0)
        for trained, wish in asked:
            if trained.beatwise:
                told = [each.decode().require(Beats) for each in heard if each.trained.decoder.label == "beats"]
                paced = trained.along(told[0]) if told else trained
                heard.append(replace(_in_one_pass([(paced, wish)], attended, None)[0][0], trained=trained))
    return heard, duration, attended.silences


def _in_one_pass(asked: Sequence[tuple[AnyHearing, object]], source: Attended,
                 progress: Callable[[float], None] | None) -> tuple[list[Prediction], float]:
    """What listeners with these wishes hear, and the recording's length in seconds."""
    nets = {_weights(trained): trained for trained, _ in asked}
    activations, duration = asked[0][0].predictions(list(nets.values()), source, progress) if asked else (
        [], pass_over(source, [], progress))
    by_weights = dict(zip(nets, activations, strict=True))
    return [Prediction(trained, by_weights[_weights(trained)], duration, wish) for trained, wish in asked], duration


def _part_of(progress: Callable[[float], None] | None, start: float, end: float) -> Callable[[float], None] | None:
    """What tells the progress of a part, which goes from `start` to `end` of the whole."""
    return None if progress is None else lambda share: progress(start + (end - start) * share)


def _found_again(name: str, weights: str | os.PathLike[str] | None) -> str:
    """The path of a user's weights, which may have moved into another folder."""
    moved = None if weights is None else Path(weights) / Path(name).name
    return str(moved) if moved is not None and not Path(name).exists() and moved.is_file() else name


def _weights(trained: AnyHearing) -> str:
    """What tells weights apart: tasks that share them hear once."""
    return str(trained.card["sha256"])


def _stored(values: np.ndarray, duration: float) -> np.ndarray:
    """A head as it is stored: in steps where it is held so in memory (`onpu.inference.collecting`)."""
    wide = values.ndim == 2 and values.dtype == np.float32 and values.size > COMPACT_VALUES_PER_SECOND * duration
    steps = np.rint(values * COMPACT_STEPS) if wide else values
    exact = wide and np.array_equal((steps / COMPACT_STEPS).astype(np.float32), values)
    return steps.astype(np.uint16) if exact else values


def _restored(values: np.ndarray) -> np.ndarray:
    """Inverse of `_stored`."""
    return (values.astype(np.float32) / COMPACT_STEPS).astype(np.float32) if values.dtype == np.uint16 else values


def _read(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a file. Raises `FormatError`."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > MOST_HEARD_BYTES:
            raise FormatError(f"{path}: would take {size / 2**30:.0f} GiB of memory; it was not written by onpu")
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, *DAMAGED_ZIP) as error:
        raise FormatError(f"{path}: what was heard cannot be read ({error}); analyse the recording again") from error


def _said(path: Path, arrays: Mapping[str, np.ndarray]) -> Json:
    """What a file says of itself. Raises `FormatError`."""
    try:
        said: Json = json.loads(arrays[SAYS].tobytes())
        return {name: said[name] for name in ("names", "licence", "duration", "heads", "weights")}
    except (KeyError, ValueError, TypeError) as error:
        raise FormatError(f"{path}: does not say what was heard; analyse the recording again") from error
