"""The main job: run the listeners over one recording and put what they find on one timeline."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeAlias, overload

from onpu.analysis.agreement import Prediction, agree
from onpu.analysis.given import Given, Hints, Named, ending, held
from onpu.device import Device, resolve_device
from onpu.errors import OnpuError, WeightsError, suggestion
from onpu.formats.audio_like import AudioLike, Like, ManyAudioLike, are_many, as_source, name_of, one_or_each
from onpu.inference.activations import predict_recording
from onpu.inference.precision import Precision, checked_precision
from onpu.licensing import Licence, checked
from onpu.listen import default_weights, load
from onpu.listen import tasks as known
from onpu.music import AudioSource, Timeline
from onpu.music.silence import Attended, hushed
from onpu.trained import TrainedListener
from onpu.weights import find, models

log = logging.getLogger(__name__)

Tasks: TypeAlias = str | Path | Sequence[str | Path]
"""Tasks or weights, by name or path: one or several."""


@overload
def analyze(recording: AudioLike, rate: int | None = None, *, tasks: Tasks | None = None,
            options: Mapping[str, Any] | None = None, given: Given | None = None,
            hold: str | Sequence[str] | None = None, hints: Hints | Named | None = None, device: Device = "auto",
            licence: Licence = "default", precision: Precision = "auto",
            progress: Callable[[float], None] | None = None) -> Timeline:
    """Of one recording; see below."""


@overload
def analyze(recording: ManyAudioLike[Like], rate: int | None = None, *, tasks: Tasks | None = None,
            options: Mapping[str, Any] | None = None, given: Given | None = None,
            hold: str | Sequence[str] | None = None, hints: Hints | Named | None = None, device: Device = "auto",
            licence: Licence = "default", precision: Precision = "auto",
            progress: Callable[[float], None] | None = None) -> Iterator[Timeline]:
    """Of several, one after the other; see below."""


def analyze(recording: AudioLike | ManyAudioLike[Any], rate: int | None = None, *, tasks: Tasks | None = None,
            options: Mapping[str, Any] | None = None, given: Given | None = None,
            hold: str | Sequence[str] | None = None, hints: Hints | Named | None = None, device: Device = "auto",
            licence: Licence = "default", precision: Precision = "auto",
            progress: Callable[[float], None] | None = None) -> Timeline | Iterator[Timeline]:
    """Find everything that can be told of a recording.

    Parameters
    ----------
    recording
        The path of a file, a binary file, the bytes of one, samples (samples,), (channels, samples) or (samples,
        channels), floats within ±1 or integers of full scale, as an array or a tensor, with their rate beside them or
        in a pair (samples, rate), or an `Audio`; or a list, a tuple or an iterator of these.
    rate
        Samples a second, in Hz; samples need it.
    tasks
        A name or several, of tasks or of shipped weights (`onpu models` lists them), or paths of weights; None: every
        task that has weights of its own. What several of them find is taken from the last.
    options
        What is known of the music, by name, as in the listeners' options: for beats `metres` (beats a bar that may
        occur), `bpm_range` (slowest and fastest tempo, None for either: no wish), `tempo_octave` (2: twice the tempo
        found).
    given
        What is known of the recording: a timeline, or a file of labels as `onpu.read` takes it (`.jams`, `.beats`,
        `.chords.lab`, `.mid` …), or several. It stands in the result exactly as it is given, and all else is decided
        around it: chords change on the beats that are given, bars begin where given chords change.
    hold
        The names of what is taken of `given`, such as "beats"; None: all of it.
    hints
        What is known of the music, by name: `key` ("A minor"), `metre` ("3/4"), `tempo` (beats a minute),
        `first_downbeat` (seconds at which a bar begins), `tuning` (of A4, in Hz), `shift_bars` (beats by which bars
        begin later).
    device
        auto (the fastest that is there), cpu, cuda, mps, or cuda:1.
    licence
        default, or permissive: weights that learned from composed music and sources that ask for credit at most, under
        Apache-2.0. Where `tasks` is None, tasks without such weights are left out, with a warning.
    precision
        Of the networks: float32, bfloat16, or auto, which is bfloat16 where the device multiplies it itself and the
        network is not recurrent, else float32.
    progress
        Called with the finished share of the recording, in [0, 1].

    Returns
    -------
    Timeline or iterator of Timeline
        Of several recordings an iterator, which analyses one whenever it is asked for the next. What is raised for one
        of them names it, and the iterator goes on with the one after it.

    Raises
    ------
    AudioError
        When the recording cannot be used.
    LabelError
        When labels that are given contradict each other, or go on after the recording's end.
    OnpuError
        When a name is not known, labels are given for several recordings, the device or the precision is not to be
        had, or a task that is named has no weights of that licence.

    Examples
    --------
    >>> import onpu
    >>> timeline = onpu.analyze("song.wav", tasks="beats")
    >>> round(timeline.duration), round(timeline.tempo.bpm[0])
    (20, 113)
    >>> for found in onpu.analyze(["song.wav", "song.wav"], tasks=["beats", "key"]):
    ...     print(sorted(found.found()))
    ['beats', 'key', 'keys', 'metre', 'tempo']
    ['beats', 'key', 'keys', 'metre', 'tempo']
    >>> corrected = onpu.Timeline.from_dict(timeline.to_dict())
    >>> again = onpu.analyze("song.wav", tasks=["beats", "key"], given=corrected, hints={"key": "F minor"})
    >>> again.beats.times.tolist() == timeline.beats.times.tolist(), again.key.labels.tolist()
    (True, ['F:minor'])
    """
    known = hints if isinstance(hints, Hints) else Hints.of(hints or {})
    labels = held(given, hold, known)
    if given is not None and are_many(recording):
        raise OnpuError("labels are given for one recording; analyse several one by one")
    chosen = [_tuned(trained, known) for trained in listeners(tasks, device, licence, precision)
              if labels is None or not _is_known(trained, labels)]
    wishes = resolve_options(chosen, _possible(chosen, known) | wished(options))

    def one(recording: AudioLike) -> Timeline:
        with as_source(recording, rate) as source:
            attended = Attended(source)
            heard, duration = _heard(chosen, wishes, attended, progress)
        if labels is None:
            return hushed(agree(heard, None, known), attended.silences).validate()
        sure = ending(labels, duration, name_of(recording))
        timeline = agree(heard, sure, known)
        kept = {name: value for name, value in timeline.found().items() if name in sure.found()}
        return replace(hushed(timeline, attended.silences), **kept).validate()

    return one_or_each(one, recording)


def _is_known(trained: TrainedListener, labels: Timeline) -> bool:
    """Whether what a listener finds is given; of beats whose bars are not, these are to be found."""
    given = labels.found()
    if trained.listener.label == "beats" and "beats" in given:
        return len(given["beats"]) == 0 or bool((given["beats"].positions == 1).any())
    return trained.listener.label in given


def _tuned(trained: TrainedListener, hints: Hints) -> TrainedListener:
    """The listener, told how the recording is tuned."""
    adapt = trained.listener.adapt
    if adapt is None or hints.tuning is None:
        return trained
    return replace(trained, listener=replace(trained.listener, adapt=partial(adapt, tuning=hints.cents())))


def _possible(chosen: Sequence[TrainedListener], hints: Hints) -> Named:
    """The wishes that the hints are, of which a listener knows."""
    names = {f.name for trained in chosen if trained.listener.options is not None
             for f in fields(trained.listener.options)}
    return {name: value for name, value in hints.options().items() if name in names}


def _heard(chosen: Sequence[TrainedListener], wishes: Sequence[Any], source: AudioSource,
           progress: Callable[[float], None] | None) -> tuple[list[Prediction], float]:
    """What the listeners hear in one pass, those that share weights together, and the recording's length in seconds."""
    nets = {_weights(trained): trained for trained in chosen}
    activations, duration = predict_recording(list(nets.values()), source, progress)
    by_weights = dict(zip(nets, activations, strict=True))
    return [Prediction(trained, by_weights[_weights(trained)], duration, wish)
            for trained, wish in zip(chosen, wishes, strict=True)], duration


def listeners(tasks: Tasks | None, device: Device, licence: Licence = "default",
              precision: Precision = "auto") -> list[TrainedListener]:
    """The trained listeners of these tasks or weights (None: of every task), loaded once a process.

    Raises
    ------
    OnpuError
        When weights, or such of that licence, the device or the precision are not to be had.
    """
    where = resolve_device(device)
    checked_precision(precision)
    if tasks is not None and not isinstance(tasks, Iterable | Path):
        raise OnpuError(f"tasks is {tasks!r}; give names of tasks or weights, one or several")
    wanted = [tasks] if isinstance(tasks, str | Path) else tasks
    names, missing = usual(licence) if wanted is None else ([name for task in wanted for name in _named(task)], [])
    if missing:
        log.warning(without(missing, licence))
    if not names:
        raise OnpuError("there is nothing to listen for: no task is named" if wanted is not None else
                        f"no {licence} weights are shipped with this copy of onpu; name your own: --tasks PATH")
    return [replace(_loaded(name, where, licence), precision=precision) for name in names]


def usual(licence: Licence) -> tuple[list[str | Path], list[str]]:
    """The weights that are used where no task is named, and the tasks that lack weights of that licence.

    Raises
    ------
    OnpuError
        When the licence is neither default nor permissive.
    """
    there, found, missing = models(), list[str | Path](), list[str]()
    checked(licence)
    for task in known().values():
        names = [name for name in default_weights(task) if name in there] if task.default and not task.weights else []
        try:
            found += [name for name in names if find(name, licence)]
        except WeightsError:
            missing.append(task.name)
    return found, missing


def without(missing: Sequence[str], licence: Licence) -> str:
    """What is told where tasks are left out for their licence."""
    return f"left out: {', '.join(missing)}, which have no {licence} weights; licence default finds them"


def _named(name: str | Path) -> tuple[str | Path, ...]:
    """The weights that a name stands for; a task with one set of weights stands for itself."""
    task = known().get(str(name))
    return task.shipped if task is not None and task.shipped else (name,)


def wished(options: Mapping[str, Any] | None) -> dict[str, Any]:
    """The options that the user has set. Raises `OnpuError` when they are no names with values."""
    if not isinstance(options, Mapping | None):
        raise OnpuError(f"options is {options!r}; give a dict, name -> value, such as {{'metres': (3, 4)}}")
    return dict(options or {})


def resolve_options(chosen: Sequence[TrainedListener], options: Mapping[str, Any]) -> list[Any]:
    """Each listener's decoding options, with what `options` says of them; None for a listener that has none.

    Raises
    ------
    OnpuError
        When no listener knows an option.
    """
    own = [trained.listener.options for trained in chosen]
    known = sorted({f.name for each in own if each is not None for f in fields(each)})
    for name in options:
        if name not in known:
            raise OnpuError(f"no listener has an option {name}; {suggestion(name, known)}")
    return [each if each is None else _changed(each, options) for each in own]


def _changed(default: Any, options: Mapping[str, Any]) -> Any:
    """The options with their new values; None inside a tuple keeps what stands there."""
    values = {}
    for name in {f.name for f in fields(default)} & set(options):
        value = options[name]
        before = getattr(default, name)
        if isinstance(value, tuple) and isinstance(before, tuple) and any(one is None for one in value):
            if len(value) != len(before):
                raise OnpuError(f"{name} is {value}; give {len(before)} values, None for those that stay")
            value = tuple(old if new is None else new for new, old in zip(value, before, strict=True))
        values[name] = value
    return replace(default, **values)


def _weights(trained: TrainedListener) -> str:
    """What tells weights apart: tasks that share them hear once."""
    return str(trained.card["sha256"])


@lru_cache(maxsize=32)
def _loaded(name: str | Path, where: str, licence: Licence) -> TrainedListener:
    return load(name, licence).to(where)
