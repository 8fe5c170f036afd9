"""Who plays: the players of one song, what each does in a section, and the notes that come of it."""

from dataclasses import dataclass, field

import numpy as np

from onpu.engine.compose.accompany import near
from onpu.engine.compose.draw import draw, pick
from onpu.engine.compose.form import Section
from onpu.engine.compose.perform import Hand, make_hand
from onpu.engine.compose.plan import BREAK, END, Placed, untransposed
from onpu.engine.compose.sketch import Note, Sketch
from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.textures import play

VOCAL = {52, 53, 54, 85}
"""Programs that sound like a voice: a singer's part on another one is an instrument's."""

_MELODY_IN = {"intro": 0.3, "outro": 0.4, "breakdown": 0.4, "build": 0.6}
_PEDALLED = set(range(6))


@dataclass
class BandMember:
    """One player: the seat taken, the instrument, habits, where the pedal changes, and the parts by section label."""

    seat: Seat
    name: str
    program: int
    register: int
    hand: Hand
    push: float
    enters: float
    pan: float
    texture: str
    pedals: bool
    changes: np.ndarray = field(default_factory=lambda: np.zeros(0))
    parts: dict[str, list[Note]] = field(default_factory=dict)

    @property
    def sings(self) -> bool:
        """Whether this is a voice."""
        return self.seat.sung and self.program in VOCAL

    @property
    def solo(self) -> bool:
        """Whether this is a single line."""
        return self.seat.role in ("melody", "counter")


def seat_players(style: Style, human: float, rng: np.random.Generator) -> list[BandMember]:
    """The players of one song. human: 0 for a sequencer, about 1 for people."""
    players: list[BandMember] = []
    common: dict[str, tuple[int, Hand, float, bool]] = {}
    push = style.push if rng.random() < 0.5 else 0.0
    for number, seat in enumerate(style.seats):
        if rng.random() >= seat.chance and (players or number + 1 < len(style.seats)):
            continue
        if seat.track not in common:
            program = pick(rng, seat.programs)
            pan = 0.0 if seat.role in ("bass", "melody") else float(np.clip(0.4 * rng.standard_normal(), -0.9, 0.9))
            pedals = program in _PEDALLED and rng.random() < style.pedal
            common[seat.track] = program, make_hand(human, program, rng), round(pan, 3), pedals
        program, hand, pan, pedals = common[seat.track]
        name = "lead" if seat.sung and program not in VOCAL else seat.track
        register = seat.register + (0 if seat.role == "bass" else pick(rng, (-3, 0, 0, 2)))
        enters = seat.enters + 0.08 * rng.standard_normal() if seat.enters else 0.0
        players.append(BandMember(seat, name, program, register, hand, 0.0 if seat.role == "melody" else push, enters,
                                  pan, pick(rng, seat.plays), pedals))
    return players


def play_all(style: Style, players: list[BandMember], placed: list[Placed],
             rng: np.random.Generator) -> tuple[list[list[Note]], float]:
    """Each player's notes on the piece's time, and the length of the upbeat, quarters."""
    notes: list[list[Note]] = [[] for _ in players]
    pickup = 0.8 if rng.random() < style.anacrusis else 0.0
    changes = np.array([place.start + span.start for place in placed for span in place.sketch.spans] + [placed[-1].end])
    for player in players:
        player.changes = changes
    for place in placed:
        if place.section.label == END:
            written = [_final(player, place.sketch, rng) for player in players]
        else:
            written = [[] for _ in players]
            for index in [] if place.section.label == BREAK else _active(players, place.section, rng):
                part = _part(players[index], place, pickup, rng)
                written[index] = _within(part, players[index], place, rng)
        for row, part in zip(notes, written, strict=True):
            row += [note._replace(start=note.start + place.start) for note in part]
    earliest = min((note.start for row in notes for note in row), default=0.0)
    if not pickup:
        return [[note for note in row if note.start > -0.01] for row in notes], 0.0
    beat = placed[0].sketch.signatures[0].beat
    return notes, beat * float(np.ceil(max(0.0, -earliest) / beat - 0.01))


def _active(players: list[BandMember], section: Section, rng: np.random.Generator) -> list[int]:
    """Numbers of those who play in a section: one leads, others as the energy asks."""
    leads = [index for index, player in enumerate(players) if player.seat.role == "melody"]
    singers = [index for index in leads if players[index].seat.sung]
    others = [index for index in leads if index not in singers]
    active = [index for index, player in enumerate(players) if index not in leads and section.energy >= player.enters]
    instrumental = section.label in ("solo", "intro", "outro", "bridge") and others and rng.random() < 0.7
    choice = others if instrumental or not singers else singers
    if choice and (section.label == "solo" or rng.random() < _MELODY_IN.get(section.label, 0.97)):
        chosen = choice[0] if rng.random() < 0.7 else pick(rng, choice)
        active += [chosen, *(index for index in others if index != chosen and rng.random() < 0.12)]
    return sorted(active) if active or not players else [0]


def _part(player: BandMember, place: Placed, pickup: float, rng: np.random.Generator) -> list[Note]:
    """What the player does with the section's material: worked out once, now and then anew."""
    label = place.section.label
    if label not in player.parts or rng.random() < 0.12:
        texture = player.texture if rng.random() < 0.6 else pick(rng, player.seat.plays)
        upbeat = pickup if player.seat.role == "melody" else 0.0
        player.parts[label] = play(untransposed(place), texture, player.register, player.push, upbeat, rng)
    return player.parts[label]


def _within(part: list[Note], player: BandMember, place: Placed, rng: np.random.Generator) -> list[Note]:
    """The part in the section's key and length, with its stops and entries."""
    end, shift = place.sketch.length, place.section.transpose
    begin, last = -np.inf, end
    if place.stops and player.seat.role != "melody":
        last = place.sketch.starts[-2] + 0.05
    if player.seat.role not in ("melody", "bass") and len(place.sketch.signatures) >= 8 and rng.random() < 0.1:
        begin = place.sketch.starts[4] - 0.05
    cut = end + 0.5 if last == end else last + place.sketch.signatures[-1].beat
    return [Note(note.start, min(note.length, cut - note.start), note.pitch + shift, note.accent, note.rank)
            for note in part if begin <= note.start < last - 0.01]


def _final(player: BandMember, sketch: Sketch, rng: np.random.Generator) -> list[Note]:
    """The last chord of the piece."""
    if player.seat.role == "bass":
        return play(sketch, "bass whole", player.register, 0.0, 0.0, rng)
    if player.seat.role == "melody":
        goal = near(sketch.key.tonic, player.register)
        return [Note(0.0, sketch.length * draw(rng, {0.9: 2.0, 0.3: 1.0}), goal, 1.0, 0)]
    return play(sketch, "hold", max(50, player.register), 0.0, 0.0, rng)
