"""The main job: run the listeners over one recording and put what they find on one timeline."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, overload

from onpu.analysis.agreement import agree
from onpu.analysis.given import Given, Hints, Named, ending, held
from onpu.analysis.hearing import HeardRecording, hear, listened
from onpu.analysis.selecting import Tasks, listeners, possible, resolve_options, usual, wished, without
from onpu.called import AnyHearing
from onpu.device import Device
from onpu.errors import OnpuError
from onpu.formats.audio_like import AudioLike, Like, ManyAudioLike, are_many, name_of, one_or_each
from onpu.inference.precision import Precision
from onpu.licensing import Licence
from onpu.music import Timeline
from onpu.music.silence import hushed

__all__ = ["HeardRecording", "Tasks", "analyze", "hear", "listeners", "resolve_options", "usual", "without"]


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
    wishes = resolve_options(chosen, possible(chosen, known.options()) | wished(options))

    def one(recording: AudioLike) -> Timeline:
        heard, duration, silences = listened(chosen, wishes, recording, rate, progress)
        if labels is None:
            return hushed(agree(heard, None, known), silences).validate()
        sure = ending(labels, duration, name_of(recording))
        timeline = agree(heard, sure, known)
        kept = {name: value for name, value in timeline.found().items() if name in sure.found()}
        return replace(hushed(timeline, silences), **kept).validate()

    return one_or_each(one, recording)


def _is_known(trained: AnyHearing, labels: Timeline) -> bool:
    """Whether what a listener finds is given; of beats whose bars are not, these are to be found."""
    given = labels.found()
    if trained.decoder.label == "beats" and "beats" in given:
        return len(given["beats"]) == 0 or bool((given["beats"].positions == 1).any())
    return trained.decoder.label in given


def _tuned(trained: AnyHearing, hints: Hints) -> AnyHearing:
    """The listener, told how the recording is tuned."""
    return trained if hints.tuning is None else trained.tuned(hints.cents())
