"""Who plays: the players of one song, what each does in a section, and the notes that come of it."""

from dataclasses import dataclass, field

import numpy as np

from onpu.data.compose.draw import draw, pick
from onpu.data.compose.form import Section
from onpu.data.compose.perform import Hand, make_hand
from onpu.data.compose.sketch import Note, Sketch
from onpu.data.compose.style import Seat, Style
from onpu.data.compose.textures import play

_NO_MELODY = {"intro": 0.25, "outro": 0.4, "breakdown": 0.4, "build": 0.6, "coda": 0.8}


@dataclass
class Player:
    """One player: the seat taken, the instrument, habits, and the parts worked out so far by section label."""

    seat: Seat
    name: str
    program: int
    register: int
    hand: Hand
    push: float
    enters: float
    pan: float
    texture: str
    parts: dict[str, list[Note]] = field(default_factory=dict)


def seat_players(style: Style, human: float, rng: np.random.Generator) -> list[Player]:
    """The players of one song; at least one of the seats is always taken."""
    players: list[Player] = []
    hands: dict[str, tuple[int, Hand, float]] = {}
    push = style.push if rng.random() < 0.5 else 0.0
    for number, seat in enumerate(style.seats):
        if rng.random() >= seat.chance and not (number == len(style.seats) - 1 and not players):
            continue
        name = seat.track or f"{seat.role} {1 + sum(player.seat.role == seat.role for player in players)}"
        if name not in hands:
            program = pick(rng, seat.programs)
            pan = 0.0 if seat.role in ("bass", "melody") else float(np.clip(0.4 * rng.standard_normal(), -0.9, 0.9))
            hands[name] = program, make_hand(human, program, rng), round(pan, 3)
        program, hand, pan = hands[name]
        register = seat.register + (0 if seat.role == "bass" else pick(rng, (-3, 0, 0, 2)))
        enters = seat.enters + 0.08 * rng.standard_normal() if seat.enters else 0.0
        players.append(Player(seat, name, program, register, hand, push if seat.role != "melody" else 0.0, enters, pan,
                              pick(rng, seat.plays)))
    return players


def takes_part(player: Player, section: Section, rng: np.random.Generator) -> bool:
    """Whether a player is heard in a section."""
    if player.seat.role == "melody":
        if player.seat.sung and section.label == "solo":
            return False
        return rng.random() < _NO_MELODY.get(section.label, 1.0)
    return section.energy >= player.enters


def part(player: Player, label: str, sketch: Sketch, pickup: float, rng: np.random.Generator) -> list[Note]:
    """What the player does with the material of that label: worked out once, now and then anew."""
    if label not in player.parts or rng.random() < 0.12:
        texture = player.texture if rng.random() < 0.6 else pick(rng, player.seat.plays)
        melodic = player.seat.role == "melody"
        player.parts[label] = play(sketch, texture, player.register, player.push, pickup if melodic else 0.0, rng)
    return player.parts[label]


def final_notes(player: Player, sketch: Sketch, rng: np.random.Generator) -> list[Note]:
    """The last chord of the piece."""
    if player.seat.role == "bass":
        return play(sketch, "bass whole", player.register, 0.0, 0.0, rng)
    if player.seat.role == "melody":
        goal = [pitch for pitch in range(player.register - 6, player.register + 7) if pitch % 12 == sketch.key.tonic]
        return [Note(0.0, sketch.length * draw(rng, {0.9: 2.0, 0.3: 1.0}), goal[0], 1.0, 0)]
    return play(sketch, "hold", max(50, player.register), 0.0, 0.0, rng)
