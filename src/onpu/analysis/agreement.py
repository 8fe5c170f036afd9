"""One decision from what the listeners hear: beats, bars, chords and keys that agree.

Wanted are the bars B, chords C and keys K that are most probable together,

    log P(B | beats heard) + log P(C | chords heard, B) + log P(K | keys heard, B, C),

where the terms meet in B and C: chords change where bars and beats begin, keys where bars begin, and chords speak for
keys. It is found in one round trip (`docs/agreement.md` has the derivation):

    beats -> chances of a chord change at each beat, whatever the bars -> what they say for a downbeat there
          -> bars, from downbeats heard and this -> chords, from what was heard and the bars
          -> keys, from what was heard, the bars and the chords -> spelling
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np

from onpu.analysis.compound import as_felt
from onpu.analysis.given import NO_HINTS, Hints, Named, chord_changes
from onpu.analysis.one_band import one_band
from onpu.analysis.one_line import with_melody
from onpu.analysis.piano_alone import hardly_but_piano
from onpu.analysis.stacking import retold, said_alone
from onpu.analysis.wording import worded
from onpu.called import AnyHearing
from onpu.decode.evidence import Evidence
from onpu.decode.tasks.chords import downbeat_evidence
from onpu.inference.memory import give_back
from onpu.music import Beats, Chords, Keys, Notes, Timeline, harte
from onpu.music.segments import RankedSegments

S = TypeVar("S", bound=RankedSegments)
DRUM_HITS_PER_SECOND, SUNG_SHARE = 0.5, 0.1
"""Drum hits a second, and share of the time that is sung, from which on it is not."""


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a listener heard of a recording: activations, its length in seconds, and the wishes for decoding."""

    trained: AnyHearing
    activations: Mapping[str, np.ndarray]
    duration: float
    options: Any

    def decode(self, **known: object) -> Timeline:
        """What it makes of it; known: options to set, where the listener has them and no other was wished."""
        options = self.options
        if options is not None:
            default = self.trained.decoder.options
            free = {f.name for f in fields(options) if getattr(options, f.name) == getattr(default, f.name)}
            options = replace(options, **{name: value for name, value in known.items() if name in free})
        return self.trained.decode(self.activations, self.duration, options)


def agree(heard: list[Prediction], held: Timeline | None = None, hints: Hints = NO_HINTS) -> Timeline:
    """The timeline on which everything agrees. Of what several listeners find the last one's is taken.

    held: labels that are known; they stand as they are, and all else is decided around them. hints: where bars begin.

    The list is emptied: what was heard of an hour takes much memory, and goes as soon as it is decoded.
    """
    known: Named = {} if held is None else held.found()
    found = dict(known)
    duration = heard[0].duration if heard else held.duration if held is not None else 0.0
    alone = said_alone([(each.trained.decoder, each.activations, each.options) for each in heard])
    transcribed = _transcribed(heard)
    for _, timeline in transcribed:
        found |= timeline.found() | known
    bars = [each for each in heard if each.trained.decoder.label == "beats"]
    harmony = [each for each in heard if each.trained.decoder.label == "chords"]
    for each in bars:
        found |= _bars(each, harmony, known) | {name: value for name, value in known.items() if name != "beats"}
    if found.get("beats") is not None:
        found["beats"], found["metre"] = hints.rebarred(found["beats"], found.get("metre"))
        known |= {name: found[name] for name in ("beats", "metre") if name in known}
    heard[:] = sorted((each for each in heard if each not in bars), key=lambda each: each not in harmony)
    bars, harmony = [], []
    while heard:
        each = heard.pop(0)
        timeline = each.decode(beats=found.get("beats"), chords=found.get("chords"))
        found |= timeline.found() | known
        del each  # what it heard goes with it, and is then given back
        give_back()
    if transcribed and "notes" not in known:
        found |= notes_of(transcribed, accompanied(found, duration)).found() | known
    if found.get("notes") is not None and found.get("melody") is not None and "notes" not in known:
        found["notes"] = with_melody(found["notes"], found["melody"])
    timeline = replace(Timeline(duration), **found)
    settled: Named = {} if "metre" in known else {"metre": as_felt(timeline)}
    if timeline.chords is not None and "chords" not in known:
        settled["chords"] = to_the_end(spelled(timeline) or timeline.chords, duration)
    if timeline.keys is not None and "keys" not in known:
        settled["keys"] = to_the_end(timeline.keys, duration)
    return retold(one_band(worded(replace(timeline, **settled), known), known), alone, known)


def barred(heard: Sequence[Prediction], beside: Timeline, hints: Hints = NO_HINTS) -> Timeline:
    """The timeline `beside` with beats, metre and tempo as `agree` decides them from what was heard, and nothing else
    decided anew."""
    found = beside.found()
    harmony = [each for each in heard if each.trained.decoder.label == "chords"]
    for each in heard:
        if each.trained.decoder.label == "beats":
            found |= _bars(each, harmony, {})
    if found.get("beats") is not None:
        found["beats"], found["metre"] = hints.rebarred(found["beats"], found.get("metre"))
    timeline = replace(Timeline(beside.duration), **found)
    return replace(timeline, metre=as_felt(timeline))


def _transcribed(heard: list[Prediction]) -> list[tuple[bool, Timeline]]:
    """What note listeners find, and whether each tells instruments apart. They need to know of nothing else, and hold
    more than others: so they are taken out of the list, decoded before all others, and what they heard is freed."""
    found = []
    listening = [each for each in heard if each.trained.decoder.label == "notes"]
    heard[:] = [each for each in heard if each not in listening]
    while listening:
        each = listening.pop(0)
        found.append(("family" in each.activations, each.decode()))
        del each
        give_back()
    return found


def _bars(each: Prediction, harmony: list[Prediction], known: Named) -> Named:
    """Beats, metre and tempo, with what is heard or known of the harmony."""
    given: Beats | None = known.get("beats")
    chords: Chords | None = known.get("chords")
    if not harmony and chords is None:
        return each.decode(given=given).found()
    draft = given if given is not None else each.decode(draft=True).beats
    if draft is None or len(draft.times) < 2:
        return each.decode(given=given).found()
    said = chord_changes(chords, draft) if chords is not None else downbeat_evidence(
        harmony[-1].activations, draft, harmony[-1].trained.clock)
    return each.decode(harmony=Evidence(*said), given=given).found()


def accompanied(found: Mapping[str, Any], duration: float) -> bool:
    """Whether there are drums or a singer."""
    drums, voice = found.get("drums"), found.get("voice")
    hits = 0 if drums is None else len(drums.times)
    sung = 0.0 if voice is None else float((voice.ends - voice.starts).sum())
    return hits > DRUM_HITS_PER_SECOND * duration or sung > SUNG_SHARE * duration


def notes_of(transcribed: Sequence[tuple[bool, Timeline]], accompanied: bool) -> Timeline:
    """What is taken of the notes that several networks find: the last one's, unless one of them tells instruments apart
    and another knows pianos alone. The latter hears a piano better, and takes everything else for one; so its notes and
    pedal count where those of the former are almost all a piano's (`onpu.analysis.piano_alone`), and no drums or singer
    were found.

    transcribed: of each network whether it tells instruments apart, and its notes.
    """
    by_kind = dict(transcribed)
    if len(by_kind) < 2:
        return transcribed[-1][1]
    if accompanied:
        return by_kind[True]
    return by_kind[not hardly_but_piano(by_kind[True].require(Notes))]


def spelled(timeline: Timeline) -> Chords | None:
    """Chords with roots spelled as in the key that holds where they begin: Ab in Eb major, G# in E major."""
    chords, keys = timeline.chords, timeline.keys
    if chords is None or keys is None or not len(keys.starts):
        return chords
    here = [_key_at(keys, (start + end) / 2) for start, end in zip(chords.starts, chords.ends, strict=True)]
    labels = np.array([harte.transposed(str(label), 0, key) for label, key in zip(chords.labels, here, strict=True)],
                      dtype=np.str_)
    others = [[harte.transposed(str(other), 0, key) for other in row]
              for row, key in zip(chords.alternatives, here, strict=False)]
    return replace(chords, labels=labels, alternatives=np.array(others, dtype=np.str_).reshape(chords.chances.shape))


def _key_at(keys: Keys, time: float) -> str:
    """The key that holds at a time, or the next one to it."""
    distance = np.maximum(keys.starts - time, 0) + np.maximum(time - keys.ends, 0)
    return str(keys.labels[int(distance.argmin())])


def to_the_end(segments: S, duration: float) -> S:
    """The last segment ends where the recording ends, which frames tell only roughly."""
    if not len(segments.ends):
        return segments
    ends = np.minimum(segments.ends, duration)
    ends[-1] = duration if duration - ends[-1] < 0.5 else ends[-1]
    return replace(segments, ends=ends).select(ends > segments.starts + 1e-6)
