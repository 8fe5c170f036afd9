"""What the page asks of Python: a worker of the browser runs this, by Pyodide (`static/package/worker.js`).

The modules are those that analyse everywhere else; only what a browser has not is replaced (`stand_ins`).
"""

import json
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from onpu.analysis import analyze
from onpu.formats.report.sound import measured
from onpu.formats.report.writing import filled
from onpu.inference.passing import Resampler, mono
from onpu.music import Audio, Timeline

Buffer: TypeAlias = bytes | memoryview | np.ndarray
"""What JavaScript hands over as a typed array."""
REPORT_RATE = 22_050
"""Of the sound whose outline and spectrum the report shows, in Hz."""


def heard(channels: Sequence[Buffer], rate: int, tasks: Sequence[str] | None, progress: Callable[[float], None]
          ) -> Timeline:
    """Analyse a recording.

    Parameters
    ----------
    channels
        Samples (samples,) of each, float32 within ±1, as an array or a buffer.
    rate
        In Hz.
    tasks
        Names of the listeners; None: all that the page has.
    progress
        Called with the share of the recording that has been heard, in [0, 1].

    Returns
    -------
    Timeline
        What `onpu.analyze` finds in the same samples by exported models.
    """
    return analyze(_audio(channels, rate), tasks=tasks, progress=progress)


def as_json(timeline: Timeline) -> str:
    """The timeline as `timeline.save("song.json")` writes it."""
    return json.dumps(timeline.to_dict(), allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def report(timeline: Timeline, channels: Sequence[Buffer], rate: int, title: str, stream: Buffer, mime: str) -> str:
    """The page that `onpu analyze` writes (`report.html`). channels, rate: as for `heard`. stream: the recording's
    file, of the kind `mime`, which the page plays."""
    cents = 0.0 if timeline.tuning is None or not len(timeline.tuning.cents) else float(timeline.tuning.cents[0])
    audio, resampler = _audio(channels, rate), Resampler(rate, REPORT_RATE)
    blocks = [*map(resampler.push, mono(audio)), resampler.push(np.zeros(0, np.float32), last=True)]
    return "".join(filled(timeline, title, measured(blocks, REPORT_RATE, audio.duration, cents, bytes(stream), mime)))


def _audio(channels: Sequence[Buffer], rate: int) -> Audio:
    return Audio(np.stack([np.frombuffer(each, np.float32) for each in channels]), rate)
