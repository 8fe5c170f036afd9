"""Clock, notes and messages at their times, in the bytes that other programs read."""

import socket
import struct
from itertools import pairwise

import mido
import pytest

from onpu.errors import OnpuError
from onpu.live import BeatEvent, ChordEvent, NoteOff, NoteOn, OnsetEvent, PitchEvent
from onpu.live.midi import MidiOutput
from onpu.live.osc import OscOutput, osc_message, osc_of
from onpu.live.outgoing import SoundClock


def sent(beats: list[tuple[float, int, float]], until: float, step: float = 0.005) -> list[tuple[float, str]]:
    """Type of each message and when it was sent; beats: time, position, bpm, each told a tenth of a second before."""
    now, found = 0.0, []
    out = MidiOutput(lambda message: found.append((now, mido.Message.from_bytes(message).type)))
    waiting = [BeatEvent(time, time - 0.1, 1.0, position, 4, bpm) for time, position, bpm in beats]
    while now < until:
        while waiting and waiting[0].heard <= now:
            out.take(waiting.pop(0))
        out.due(now)
        now += step
    out.close()
    return found


@pytest.mark.parametrize("lengths", [[0.5] * 8, [0.5, 0.46, 0.55, 0.6, 0.42, 0.5, 0.5, 0.48]])
def test_every_beat_has_its_ticks_though_the_next_comes_otherwise_than_expected(lengths):
    times = [1.0]
    for length in lengths:
        times.append(times[-1] + length)
    found = sent([(time, number % 4 + 1, 120.0) for number, time in enumerate(times)], times[-1] - 0.01)
    assert found[0] == (pytest.approx(1.0, abs=0.006), "start")
    ticks = [time for time, kind in found if kind == "clock"]
    for before, after in pairwise(times):
        assert sum(before - 1e-9 <= tick < after - 1e-9 for tick in ticks) == pytest.approx(24, abs=1)
    assert len(ticks) == 24 * len(lengths)


def test_the_clock_starts_on_a_downbeat_and_stops_with_the_beats():
    found = sent([(1.0, 3, 120.0), (1.5, 4, 120.0), (2.0, 1, 120.0), (2.5, 2, 120.0)], 6.0)
    kinds = [kind for _, kind in found]
    assert kinds == ["start", *["clock"] * 48, "stop"]
    assert found[0][0] == pytest.approx(2.0, abs=0.006) and found[-1][0] == pytest.approx(3.5, abs=0.006)


def test_notes_are_sent_and_none_is_left_sounding():
    found = []
    out = MidiOutput(found.append, channel=3)
    for event in (NoteOn(0.1, 0.4, 1.0, 60, 90), NoteOn(0.2, 0.4, 1.0, 64, 80), NoteOff(0.3, 0.4, 1.0, 60)):
        out.take(event)
    out.due(0.5)
    out.close()
    assert [str(mido.Message.from_bytes(message)) for message in found] == [
        "note_on channel=2 note=60 velocity=90 time=0", "note_on channel=2 note=64 velocity=80 time=0",
        "note_off channel=2 note=60 velocity=0 time=0", "note_off channel=2 note=64 velocity=0 time=0"]


def test_messages_are_those_of_the_specification():
    assert osc_message("/oscillator/4/frequency", 440.0) == bytes.fromhex(  # examples of OSC 1.0
        "2f6f7363696c6c61746f722f342f6672657175656e637900" "2c660000" "43dc0000")
    assert osc_message("/foo", 1000, -1, "hello", 1.234, 5.678) == bytes.fromhex(
        "2f666f6f00000000" "2c69697366660000" "000003e8" "ffffffff" "68656c6c6f000000" "3f9df3b6" "40b5b22d")


@pytest.mark.parametrize("event", [
    BeatEvent(1.0, 0.9, 0.8, 2, 4, 120.0), OnsetEvent(1.0, 1.1, 0.5), ChordEvent(1.0, 1.5, 0.5, "A:min7"),
    NoteOn(1.0, 1.3, 0.5, 60, 100), NoteOff(1.0, 1.3, 0.5, 60), PitchEvent(1.0, 1.1, 0.5, 69, 2.0, 440.5)])
def test_every_event_has_a_message_that_another_library_reads(event):
    osc = pytest.importorskip("pythonosc.osc_message")
    read = osc.OscMessage(osc_of(event))
    assert read.address.startswith("/onpu/") and len(read.params) >= 1


def test_an_expected_event_is_sent_when_it_happens():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(5)
        out = OscOutput(f"127.0.0.1:{receiver.getsockname()[1]}")
        out.take(BeatEvent(2.0, 1.9, 1.0, 1, 4, 120.0))
        out.take(OnsetEvent(1.0, 1.1, 0.5))
        out.due(1.95)
        assert receiver.recv(100) == osc_message("/onpu/onset", 0.5)
        receiver.setblocking(False)
        with pytest.raises(BlockingIOError):
            receiver.recv(100)
        receiver.settimeout(5)
        out.due(2.0)
        assert receiver.recv(100)[-4:] == struct.pack(">f", 120.0)
        out.close()
    for address in ("host", "host:0", "host:port", "host:70000"):
        with pytest.raises(OnpuError, match="--osc host"):
            OscOutput(address)


def test_the_time_of_the_sound_follows_blocks_that_come_unevenly():
    clock = SoundClock()
    assert clock.sound(5.0) < 0
    for number in range(1, 400):
        clock.block(0.01 * number, 100 + 0.01 * number + (0.004 if number % 2 else -0.004))
    assert clock.sound(104.0) == pytest.approx(4.0, abs=0.001)
