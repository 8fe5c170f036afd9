"""Beats, downbeats, metre and tempo, of what `onpu.listen.beats` hears."""

from collections.abc import Mapping

import numpy as np

from onpu.decode.beat_decision import BeatOptions, decide, decide_given, stretches
from onpu.decode.beginning import first_onset
from onpu.decode.decoder import Decoder
from onpu.decode.evidence import weighed
from onpu.decode.pulse import TEMPI, HeardPulse
from onpu.decode.signature import metre_of
from onpu.decode.tempo import tempo_of
from onpu.music import Beats, Clock
from onpu.music.steady import straightened

TARGET_SPREAD_FRAMES = 0.85  # standard deviation of a target's peak in frames of 20 ms: its neighbours have 0.5
LATE_FRAMES = 0.15  # by which found beats are moved: the networks answer early to attacks sharper than most music's


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: BeatOptions) -> dict[str, object]:
    """beats: Beats, metre: Metre, tempo: Tempo of beat and downbeat activations (frames,) in [0, 1].

    Music is cut where nothing like a beat is heard for some seconds. Of each stretch the metrical level is chosen by
    `onpu.decode.levels`, which also looks at the activations tempo and flux where there are any. A stretch without
    signs of beats (`onpu.decode.belief`), as noise or speech, has none, unless metres or tempo are the user's wish.
    Beats that lie within their jitter of one line are put on it (`onpu.music.steady`).
    """
    beat = np.asarray(activations["beat"], dtype=np.float64)
    downbeat, odds = np.minimum(activations["downbeat"], beat), None
    if options.harmony is not None and len(options.harmony.times):
        odds = options.harmony.around(len(beat), clock)
        downbeat = weighed(beat, downbeat, odds)
    heads = {"tempo": activations.get("tempo"), "flux": activations.get("flux"), "odds": odds}
    start = None if heads["flux"] is None else first_onset(heads["flux"].sum(axis=0))
    whole = HeardPulse(beat, downbeat, clock.fps, tempi=TEMPI, **heads, start=start)
    found = [decide_given(whole, options, clock)] if options.given is not None else [
        decide(whole.part(a, b), options, a) for a, b in stretches(beat, clock.fps)]
    frames, positions, confidence = (np.concatenate(x) for x in zip(*((f, p, c) for f, p, c, _ in found), strict=True)
                                     ) if found else (np.zeros(0) for _ in range(3))
    times = straightened(clock.seconds(frames + LATE_FRAMES)) if options.given is None else options.given.times
    beats = Beats(times, positions.astype(int), confidence)
    signatures = [signature for *_, each in found for signature in each]
    bpm = (options.bpm_range[0] * min(options.tempo_octave, 1), options.bpm_range[1] * max(options.tempo_octave, 1))
    return {"beats": beats, "metre": metre_of(beats, np.array(signatures, int).reshape(-1, 3), downbeat, clock),
            "tempo": tempo_of(beats.times, beat, clock.fps, bpm)}


DECODER = Decoder(
    name="beats",
    title="beats, downbeats, metre and tempo",
    paper="Böck & Davies, Deconstruct, analyse, reconstruct, ISMIR 2020; Böck, Krebs & Widmer, ISMIR 2016",
    label="beats",
    fields=("beats", "metre", "tempo"),
    decode=decode,
    options=BeatOptions(),
)
