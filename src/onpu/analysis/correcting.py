"""What is decided anew around what a user has set right.

A correction is evidence: where a chord, a key, a boundary or a beat is known, the activations that the decoders see say
what a network would say that is sure of it, and the rest is decided from what was heard. So a corrected key respells
the chords, a corrected chord moves the edges of its neighbours, and a beat the beats around it. What is known of bars
moves bar lines as `onpu.music.rebarring` says, and chords change with them. At last what was set right is put in as it
is. Where nothing is corrected that touches the bars, these stay as they were.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from onpu.analysis.agreement import Prediction, agree, barred
from onpu.analysis.corrected_activations import BOUNDARY_SECONDS, corrected_activations
from onpu.analysis.corrections import BARS, FORM, HARMONY, Correction, corrections_of
from onpu.analysis.given import Hints
from onpu.decode.tasks.key import key_of
from onpu.errors import CorrectionError
from onpu.files import Json
from onpu.music import Beats, Chords, Drums, Keys, Melody, Metre, Notes, Tempo, Timeline, Voice
from onpu.music.barring import bars_shifted, counted_from
from onpu.music.bars import metre_at
from onpu.music.lyrics import with_words, without_words
from onpu.music.rebarring import bar_begins, between, nearest_beat, no_bar_begins, with_beat, without_beat
from onpu.music.sections import Sections
from onpu.music.silence import hushed
from onpu.music.splicing import (
    joined_at,
    spliced,
    split_at,
    with_hit,
    with_line,
    with_note,
    with_tone,
    without_hit,
    without_note,
)

Value = TypeVar("Value")
HARMONY_FIELDS = ("chords", "keys", "key", "sections")
CHORD_SLIVER = 0.3
"""Seconds beside a known chord in which no other is taken for one: edges are heard to about a tenth of a second."""
TEMPO_SLACK = 1.25
"""Factor by which tempi may lie outside those that were found, when beats are decided anew."""
TEMPO_LIMITS = 20.0, 400.0
"""Beats a minute that can be looked for."""


def corrected(before: Timeline, predictions: Sequence[Prediction], silences: np.ndarray,
              content: Sequence[Json]) -> Timeline:
    """The timeline that was decided `before`, set right.

    content: corrections, as `onpu.analysis.corrections` lists them, in their order. silences: (n, 2) seconds.

    Raises
    ------
    CorrectionError
        When a correction is none, or contradicts the recording.
    """
    corrections = corrections_of(content, before.duration)
    kinds = {each.kind for each in corrections}
    timeline = before
    if kinds & set(BARS):
        timeline = _bars(timeline, predictions, corrections)
    if kinds & {*BARS, *HARMONY, *FORM}:
        timeline = hushed(_harmony(timeline, predictions, corrections), silences)
    return _put_in(timeline, corrections)


def _bars(before: Timeline, predictions: Sequence[Prediction], corrections: Sequence[Correction]) -> Timeline:
    """With beats, metre and tempo as they are known, and decided around it."""
    metres = [each for each in corrections if each.kind == "metre"]
    signature = (metres[-1].numerator, metres[-1].denominator) if metres else None
    hints = Hints(metre=signature)
    if any(each.kind in ("beat", "no_beat", "metre", "tempo_octave") for each in corrections):
        factor = float(np.prod([each.factor for each in corrections if each.kind == "tempo_octave"]))
        wishes = hints.options() | _tempi(before.beats, factor)
        listening = [_wishing(corrected_activations(each, corrections, before), wishes) for each in predictions
                     if each.trained.decoder.label in ("beats", "chords")]
        before = barred(listening, before, hints)
    downbeats = next((each for each in predictions if each.trained.decoder.label == "beats"), None)
    beats, metre = _one_by_one(_needed(before, "beats", Beats), before.metre, corrections, downbeats)
    same = np.array_equal(beats.times, before.beats.times) if before.beats is not None else False
    return replace(before, beats=beats, metre=metre, tempo=before.tempo if same else Tempo.of_beats(beats.times))


def _tempi(beats: Beats | None, factor: float) -> dict[str, tuple[float, float]]:
    """The wish that tempi be those of the beats that were found, times a factor, so that no other correction changes
    the metrical level; none where there are no beats."""
    if beats is None or len(beats) < 3:
        return {}
    low, high = np.quantile(60 / np.diff(beats.times), (0.1, 0.9)) * factor
    low, high = np.clip((low / TEMPO_SLACK, high * TEMPO_SLACK), *TEMPO_LIMITS)
    return {"bpm_range": (float(low), float(high))} if low < high else {}


def _wishing(prediction: Prediction, wishes: Json) -> Prediction:
    """The prediction with those of the wishes that its listener knows."""
    known = {name: value for name, value in wishes.items() if hasattr(prediction.options, name)}
    return replace(prediction, options=replace(prediction.options, **known)) if known else prediction


def _one_by_one(beats: Beats, metre: Metre | None, corrections: Sequence[Correction],
                prediction: Prediction | None) -> tuple[Beats, Metre | None]:
    """Beats and bars as each correction has them, one after the other; prediction: of beats."""
    known = np.zeros(0)
    for each in corrections:
        if each.kind == "beat":
            beats = with_beat(beats, each.time)
        elif each.kind == "no_beat":
            beats = _without(beats, each.time)
        elif each.kind == "downbeat":
            here = nearest_beat(beats, each.time)
            in_bar = int(metre_at(beats.times[here : here + 1], beats.positions, metre).beats_in_bar()[0])
            beats = bar_begins(beats, each.time, known, in_bar, _downbeats_heard(prediction, beats))
            known = np.append(known, beats.times[here])
        elif each.kind == "no_downbeat":
            beats = no_bar_begins(beats, each.time)
            known = known[np.abs(known - each.time) > 1e-3]
        elif each.kind == "shift_beats":
            beats = between(beats, each.by)
        elif each.kind == "shift_bars":
            beats, metre = bars_shifted(beats, metre, each.beats)
            known = np.zeros(0)
        elif each.kind == "metre_here":
            here = nearest_beat(beats, each.start)
            beats, metre = counted_from(beats, metre, here, each.end, each.numerator, each.denominator)
            known = np.append(known, beats.times[here])
    return beats, metre


def _downbeats_heard(prediction: Prediction | None, beats: Beats) -> np.ndarray:
    """How much each beat (n,) sounds like a downbeat: the activation around it, at most 1."""
    if prediction is None or "downbeat" not in prediction.activations:
        return np.zeros(len(beats))
    downbeat = np.asarray(prediction.activations["downbeat"])
    at = np.rint(prediction.trained.clock.frames(beats.times)).astype(int)
    around = np.clip(at[:, None] + np.arange(-2, 3), 0, len(downbeat) - 1)
    highest: np.ndarray = downbeat[around].max(axis=1)
    return highest


def _without(beats: Beats, time: float) -> Beats:
    """Beats without one at a time, which may be gone already since the rest was decided anew."""
    try:
        return without_beat(beats, time)
    except CorrectionError:
        return beats


def _harmony(before: Timeline, predictions: Sequence[Prediction], corrections: Sequence[Correction]) -> Timeline:
    """With chords, keys and sections decided anew."""
    wishes = {"held": _keys([each for each in corrections if each.kind == "key"], before)}
    listening = [_wishing(corrected_activations(each, corrections, before), wishes) for each in predictions
                 if each.trained.decoder.label in HARMONY_FIELDS]
    fields = {name for each in listening for name in each.trained.decoder.fields} & set(HARMONY_FIELDS)
    kept = {name: value for name, value in before.found().items() if name not in fields}
    found = agree(listening, Timeline(before.duration, **kept)) if listening else before
    return replace(before, **{name: getattr(found, name) for name in fields})


def _keys(corrections: Sequence[Correction], before: Timeline) -> Keys:
    """The keys of corrections, one after the other."""
    spans = [_span(each, before) for each in corrections]
    return Keys(np.array([start for start, _ in spans]), np.array([end for _, end in spans]),
                np.array([each.label for each in corrections], dtype=np.str_), np.ones(len(spans)))


def _put_in(timeline: Timeline, corrections: Sequence[Correction]) -> Timeline:
    """With everything that is known as it is known."""
    for each in corrections:
        match each.kind:
            case "chord":
                chords = _needed(timeline, "chords", Chords)
                timeline = replace(timeline, chords=spliced(chords, *_span(each, timeline), each.label, CHORD_SLIVER))
            case "key":
                keys = spliced(_needed(timeline, "keys", Keys), *_span(each, timeline), each.label)
                timeline = replace(timeline, keys=keys, key=key_of(keys))
            case "section":
                sections = _needed(timeline, "sections", Sections)
                timeline = replace(timeline, sections=spliced(sections, *_span(each, timeline), each.label))
            case "boundary":
                sections = _needed(timeline, "sections", Sections)
                timeline = replace(timeline, sections=split_at(sections, each.time, BOUNDARY_SECONDS))
            case "no_boundary":
                sections = _needed(timeline, "sections", Sections)
                timeline = replace(timeline, sections=joined_at(sections, each.time, BOUNDARY_SECONDS))
            case "note":
                notes = _needed(timeline, "notes", Notes)
                timeline = replace(timeline, notes=with_note(notes, *_span(each, timeline), each.pitch or 0.0,
                                                             each.program, each.velocity))
            case "no_note":
                notes = _needed(timeline, "notes", Notes)
                timeline = replace(timeline, notes=without_note(notes, each.start, each.pitch or 0.0))
            case "melody":
                melody = _needed(timeline, "melody", Melody)
                timeline = replace(timeline, melody=with_tone(melody, *_span(each, timeline), each.pitch))
            case "melody_line":
                melody = _needed(timeline, "melody", Melody)
                timeline = replace(timeline, melody=with_line(melody, *_span(each, timeline), each.points))
            case "lyric":
                timeline = replace(timeline, voice=with_words(timeline.voice or Voice.empty(), *_span(each, timeline),
                                                              each.label))
            case "no_lyric":
                timeline = replace(timeline, voice=without_words(timeline.voice or Voice.empty(), each.start, each.end))
            case "drum":
                timeline = replace(timeline, drums=with_hit(_needed(timeline, "drums", Drums), each.time, each.drum))
            case "no_drum":
                timeline = replace(timeline, drums=without_hit(_needed(timeline, "drums", Drums), each.time, each.drum))
    return timeline


def _span(correction: Correction, timeline: Timeline) -> tuple[float, float]:
    return correction.start, min(correction.end, timeline.duration)


def _needed(timeline: Timeline, name: str, kind: type[Value]) -> Value:
    """The value of that name. Raises `CorrectionError` where it was not looked for."""
    value = getattr(timeline, name)
    if not isinstance(value, kind):
        raise CorrectionError(f"there are no {name} to be set right: they were not listened for")
    return value
