"""How what listens is called, whether torch or onnxruntime computes it.

What hears a recording (`onpu.trained`, `onpu.exported`) says what its activations are; here they are asked for, decoded
and freed of what lies in silence.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, Self, TypeAlias, overload

import numpy as np

from onpu.decode.decoder import Decoder, O
from onpu.formats.audio_like import AudioLike, Like, ManyAudioLike, as_source, one_or_each
from onpu.inference.collecting import Activations
from onpu.music import AudioSource, Beats, Clock, Timeline
from onpu.music.silence import Attended, hushed

OneOrMany: TypeAlias = AudioLike | ManyAudioLike[Any]
Heads: TypeAlias = dict[str, np.ndarray]
"""Activations: name of a head -> (frames,), (classes, frames) or (classes,), in [0, 1], float32."""


class HearingSystem(ABC, Generic[O]):
    """What is called with a recording.

    `system(audio)` returns the value that the task is named after, `system.timeline(audio)` all that it decodes,
    `system.activations(audio)` what the decoder sees. Memory is bounded whatever the length of the recording.

    card: what is known of the weights (see `onpu.weights`).
    """

    card: Mapping[str, object]

    @property
    @abstractmethod
    def decoder(self) -> Decoder[O]:
        """What makes music of the activations."""

    @property
    @abstractmethod
    def clock(self) -> Clock:
        """Where the frames of the activations lie."""

    @abstractmethod
    def tuned(self, cents: float) -> Self:
        """The same, told how far the recording lies above A = 440 Hz; itself, where it does not adapt to that."""

    @property
    def beatwise(self) -> bool:
        """Whether it hears beat by beat, and so must be told the beats."""
        return False

    def along(self, beats: Beats) -> Self:
        """The same, told the beats of the recording; itself, where it does not hear beat by beat."""
        return self

    @abstractmethod
    def predictions(self, systems: "Sequence[AnyHearing]", source: AudioSource,
                    progress: Callable[[float], None] | None = None) -> tuple[list[Activations], float]:
        """Activations of several systems of its kind from one pass over a recording, and its length in seconds.
        Raises `AudioError`."""

    def __call__(self, audio: OneOrMany, rate: int | None = None, *, options: O | None = None,
                 progress: Callable[[float], None] | None = None) -> Any:
        """Find the value that the task is named after, such as `Chords`.

        Parameters
        ----------
        audio
            A recording in any form that `onpu.analyze` takes, or several.
        rate
            Samples a second, in Hz; samples need it.
        options
            What is known of the music, in the class of `decoder.options`; None: these.
        progress
            Called with the finished share of the recording, in [0, 1].

        Returns
        -------
        value or iterator of values
            The field `decoder.label` of what `timeline` returns; of several recordings one after the other, as they
            are asked for.

        Raises
        ------
        AudioError
            When a recording cannot be used.

        Examples
        --------
        >>> import onpu
        >>> key = onpu.load("key", device="cpu")("song.wav")
        >>> key.labels[0]
        np.str_('F:minor')
        """
        return one_or_each(lambda one: getattr(self._decided(one, rate, options, progress), self.decoder.label), audio)

    @overload
    def timeline(self, audio: AudioLike, rate: int | None = None, *, options: O | None = None,
                 progress: Callable[[float], None] | None = None) -> Timeline:
        """Of one recording; see below."""

    @overload
    def timeline(self, audio: ManyAudioLike[Like], rate: int | None = None, *, options: O | None = None,
                 progress: Callable[[float], None] | None = None) -> Iterator[Timeline]:
        """Of several, one after the other; see below."""

    def timeline(self, audio: OneOrMany, rate: int | None = None, *, options: O | None = None,
                 progress: Callable[[float], None] | None = None) -> Timeline | Iterator[Timeline]:
        """Find all that the listener decodes.

        Parameters
        ----------
        audio, rate, options, progress
            As for `__call__`, which raises the same.

        Returns
        -------
        Timeline or iterator of Timeline
            The fields `decoder.fields`; of several recordings one after the other, as they are asked for.

        Examples
        --------
        >>> import onpu
        >>> found = onpu.load("beats", device="cpu").timeline("song.wav")
        >>> sorted(found.found()), round(found.duration)
        (['beats', 'metre', 'tempo'], 20)
        """
        return one_or_each(lambda one: self._decided(one, rate, options, progress), audio)

    @overload
    def activations(self, audio: AudioLike, rate: int | None = None, *,
                    progress: Callable[[float], None] | None = None) -> Heads:
        """Of one recording; see below."""

    @overload
    def activations(self, audio: ManyAudioLike[Like], rate: int | None = None, *,
                    progress: Callable[[float], None] | None = None) -> Iterator[Heads]:
        """Of several, one after the other; see below."""

    def activations(self, audio: OneOrMany, rate: int | None = None, *,
                    progress: Callable[[float], None] | None = None) -> Heads | Iterator[Heads]:
        """Compute what the decoder sees.

        Parameters
        ----------
        audio, rate, progress
            As for `__call__`, which raises the same.

        Returns
        -------
        dict or iterator of dict
            Head -> (frames,), (classes, frames) or (classes,), in [0, 1], float32; frame i is centred on second
            `clock.seconds(i)`. Of several recordings one after the other, as they are asked for.

        Examples
        --------
        >>> import onpu
        >>> system = onpu.load("beats", device="cpu")
        >>> heads = system.activations("song.wav")
        >>> sorted(heads), heads["beat"].shape, system.clock.fps
        (['beat', 'downbeat', 'flux', 'tempo'], (984,), 50.0)
        """
        return one_or_each(lambda one: self._heard(one, rate, progress)[0], audio)

    def _heard(self, audio: AudioLike, rate: int | None,
               progress: Callable[[float], None] | None) -> tuple[Heads, float, np.ndarray]:
        """Activations, the length in seconds that was really there, and its silences (n, 2)."""
        with as_source(audio, rate) as source:
            attended = Attended(source)
            (heard,), duration = self.predictions([self], attended, progress)
            return dict(heard), duration, attended.silences

    def _decided(self, audio: AudioLike, rate: int | None, options: O | None,
                 progress: Callable[[float], None] | None) -> Timeline:
        """What is decoded, without what lies in silence."""
        heard, duration, silences = self._heard(audio, rate, progress)
        return hushed(self.decode(heard, duration, options), silences)

    def decode(self, activations: Mapping[str, np.ndarray], duration: float, options: O | None = None) -> Timeline:
        """Decode activations.

        Parameters
        ----------
        activations
            As `activations` returns them.
        duration
            Length of the recording in seconds.
        options
            As for `__call__`.

        Returns
        -------
        Timeline
            The fields `decoder.fields`.

        Examples
        --------
        >>> import onpu
        >>> system = onpu.load("beats", device="cpu")
        >>> round(system.decode(system.activations("song.wav"), duration=19.68).tempo.bpm[0])
        113
        """
        chosen = self.decoder.options if options is None else options
        return Timeline(duration, **self.decoder.decode(activations, self.clock, chosen))


AnyHearing: TypeAlias = HearingSystem[Any]
"""Whatever its options are."""
