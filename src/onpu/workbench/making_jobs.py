"""What is made in a process of its own (`onpu.workbench.process`): pieces, and passages of songs as other sounds."""

from collections.abc import Callable
from pathlib import Path

from onpu.errors import OnpuError
from onpu.files import Json
from onpu.formats.audio import read_audio, write_audio
from onpu.formats.jams import read_jams, write_jams
from onpu.music import Timeline
from onpu.music.crop import crop

Progress = Callable[[float], None]
MAKING = 0.7
"""Share of the work that making is; the rest is playing."""
LABELS = ".jams"


def table(progress: Progress) -> Json:
    """The makers as forms."""
    from onpu.pipelines.generation import maker_table

    return {"makers": maker_table()}


def make(maker: str, weights: str, options: Json, given: dict[str, list[Json]], sound: str, bpm: float | None, out: str,
         progress: Progress) -> Json:
    """Write a piece as a sound, and as JAMS beside it where it is more than sound. given: input -> passages
    {labels, name, start, end}, of which end may be None."""
    from onpu.pipelines.generation import made

    music = {name: [(each["name"], _passage(each)) for each in passages] for name, passages in given.items()}
    audio, timeline = made(maker, options, music, weights=weights, sound=sound, bpm=bpm,
                           progress=lambda share: progress(MAKING * share))
    write_audio(out, audio, "PCM_16")
    if timeline is not None:
        write_jams(timeline, Path(out + LABELS))
    return {"labels": timeline is not None}


def _passage(told: Json) -> Timeline:
    """The labels of a passage, in seconds from its beginning."""
    whole = read_jams(Path(told["labels"]))
    end = whole.duration if told["end"] is None else min(told["end"], whole.duration)
    if told["start"] >= end:
        raise OnpuError(f"{told['name']}: there is nothing from {told['start']:g} s on; it has {whole.duration:.1f} s")
    return crop(whole, told["start"], end) if (told["start"], end) != (0, whole.duration) else whole


def change(weights: str, path: str, name: str, start: float, end: float | None, out: str, progress: Progress) -> Json:
    """Write a passage of a recording as other instruments, or without its noise."""
    from onpu.pipelines.generation import changed

    audio = read_audio(path, start, None if end is None else end - start)
    if not audio.samples.shape[1]:
        raise OnpuError(f"{name}: there is nothing from {start:g} s on")
    write_audio(out, changed(weights, audio, progress), "PCM_16")
    return {"labels": False}
