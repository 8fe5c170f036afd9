"""`onpu listen`: what is heard while it sounds."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.errors import OnpuError, suggestion

if TYPE_CHECKING:
    import numpy as np

    from onpu.live import LiveEvent
    from onpu.live.outgoing import Output

OUT = "To other programs"
RAW = "Samples on the standard input"
"""Panels of the help."""
BEHIND_SECONDS = 0.5
"""Seconds behind the sound from which on it is said, and again at each doubling."""
KINDS = ("lines", "json")


def listen(
    source: Annotated[str | None, typer.Argument(help="A recording, which is heard in true time; - for raw samples on "
                                                      "the standard input; nothing for the microphone.")] = None,
    tasks: Annotated[str, typer.Option(help="What to listen for, by commas: beats, chords, onsets, notes, piano, "
                                            "tuner.")] = "beats,chords",
    format: Annotated[str, typer.Option(help="How events are printed: lines or json.")] = "lines",
    fast: Annotated[bool, typer.Option("--fast", help="Hear a recording as fast as it can be heard.")] = False,
    device: Annotated[str | None, typer.Option(help="Microphone: its number, or a part of its name.")] = None,
    devices: Annotated[bool, typer.Option("--devices", help="List the microphones.")] = False,
    osc: Annotated[str | None, typer.Option(metavar="HOST:PORT", help="Send events as Open Sound Control, each when it "
                                                                      "happens.", rich_help_panel=OUT)] = None,
    midi: Annotated[str | None, typer.Option(metavar="PORT", help="Send clock, start, stop and notes: a part of the "
                                                                  "port's name; virtual opens one.",
                                             rich_help_panel=OUT)] = None,
    rate: Annotated[int, typer.Option(help="Samples a second.", rich_help_panel=RAW)] = 44100,
    channels: Annotated[int, typer.Option(min=1, max=32, help="Channels.", rich_help_panel=RAW)] = 1,
    samples: Annotated[str, typer.Option(help="Format of a sample, little endian: s16, s32 or f32.",
                                         rich_help_panel=RAW)] = "s16",
    block: Annotated[int, typer.Option(min=16, help="Samples of a block at most.")] = 512,
    licence: Annotated[str, typer.Option(help="Of the weights: default or permissive.")] = "default",
) -> None:
    """Listen while it sounds: beats and downbeats before they happen, chords, onsets, notes and a tuner soon after.
    Times are seconds since the first sample. Ctrl-C ends it."""
    from onpu.licensing import checked
    from onpu.live import Stream, feeding
    from onpu.live.outgoing import Outgoing

    if devices:
        for line in feeding.devices():
            typer.echo(line)
        return
    if format not in KINDS:
        raise OnpuError(f"--format {format}: {suggestion(format, KINDS)}")
    if samples not in feeding.FORMATS:
        raise OnpuError(f"--samples {samples}: {suggestion(samples, feeding.FORMATS)}")
    if fast and source in (None, "-"):
        raise OnpuError("--fast is for recordings; give one, or leave it out")
    if fast and (osc or midi):
        raise OnpuError("--osc and --midi send events when they happen; leave out --fast")
    outputs = _outputs(osc, midi)
    with _feed(source, fast, device, rate, channels, samples, block) as (blocks, rate), Outgoing(outputs) as outgoing:
        stream = Stream(tuple(filter(None, tasks.split(","))), rate, licence=checked(licence))
        said = BEHIND_SECONDS
        for one in blocks:
            outgoing.block(stream.heard + one.shape[1] / rate)
            events = stream.push(one)
            outgoing.take(events)
            _print(events, format)
            if isinstance(blocks, feeding.Feed) and blocks.behind > said:
                typer.echo(f"onpu: {blocks.behind:.1f} s behind the sound; nothing is lost, but events come late: ask "
                           "for fewer tasks", err=True)
                said *= 2
        _print(stream.close(), format)


@contextmanager
def _feed(source: str | None, fast: bool, device: str | None, rate: int, channels: int, samples: str,
          block: int) -> "Iterator[tuple[Iterable[np.ndarray], int]]":
    """Blocks (channels, samples) of the sound that is asked for, and its rate."""
    from onpu.formats.audio import open_audio
    from onpu.live.feeding import Feed, in_true_time, microphone, raw

    if source is None:
        yield Feed(microphone(device, rate, block), rate), rate
    elif source == "-":
        yield Feed(raw(sys.stdin.buffer, channels, samples, block), rate), rate
    else:
        with open_audio(source) as file:
            blocks = file.blocks(block / file.rate)
            yield blocks if fast else Feed(in_true_time(blocks, file.rate), file.rate), file.rate


def _outputs(osc: str | None, midi: str | None) -> "list[Output]":
    """Where events go besides the terminal."""
    from onpu.live.midi import MidiOutput, midi_port
    from onpu.live.osc import OscOutput

    return [*([OscOutput(osc)] if osc else []), *([MidiOutput(midi_port(midi))] if midi else [])]


def _print(events: "list[LiveEvent]", format: str) -> None:
    """A line for each event."""
    for event in events:
        typer.echo(json.dumps(event.as_json()) if format == "json" else f"{event.time:9.3f}  {event.in_words()}")
    if events:
        sys.stdout.flush()
