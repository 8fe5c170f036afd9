"""General MIDI programs by family, and seats that many styles share."""

from onpu.engine.compose.style import Seat

PIANO = (0, 0, 1, 2, 3)
GRAND = (0, 0, 0, 1)
RHODES = (4, 5)
KEYS = (0, 1, 2, 4, 5)
ORGAN = (16, 17, 18, 19, 20)
ACCORDION = (21, 21, 23)
MALLETS = (8, 9, 10, 11, 12, 13, 14)
HARPSICHORD = (6,)
NYLON = (24,)
STEEL = (25,)
ACOUSTIC = (24, 25, 25)
JAZZ_GUITAR = (26,)
CLEAN = (27, 27, 26)
TWANG = (27, 27, 26, 25)
DRIVE = (29, 30)
UPRIGHT = (32,)
E_BASS = (33, 33, 34, 35)
SLAP = (36, 37, 33)
SYNTH_BASS = (38, 39, 87)
VIOLIN = (40,)
SOLO_STRINGS = (40, 41, 42)
STRINGS = (48, 49, 44, 50, 51)
PIZZICATO = (45,)
HARP = (46,)
CHOIR = (52, 53, 54)
BRASS = (56, 57, 60, 61)
SYNTH_BRASS = (62, 63)
HORNS = (61, 56, 57, 66)
TUBA = (58, 57)
SAX = (64, 65, 66, 67)
WOODWIND = (68, 70, 71, 72, 73)
WHISTLE = (72, 74, 78, 79)
SYNTH_LEAD = (80, 81, 82, 83, 84, 85, 86, 87)
PADS = (88, 89, 90, 91, 92, 93, 94, 95)
BANJO = (105,)
VOICE = (52, 53, 54, 85, 52, 53, 54, 85, 53, 65, 73, 80, 40)
"""Stand-ins for a singer: voices, and what carries a line like one."""


def singer(plays: tuple[str, ...] = ("sung",), chance: float = 0.95, register: int = 66) -> Seat:
    """A lead voice."""
    return Seat("melody", plays, VOICE, chance, 0.0, register, 2.0, "voice", sung=True)


def bass(*plays: str, programs: tuple[int, ...] = E_BASS, chance: float = 0.97, enters: float = 0.3,
    register: int = 36) -> Seat:
    """A bass player."""
    return Seat("bass", plays, programs, chance, enters, register, 1.0, "bass")


def pad(chance: float = 0.3, programs: tuple[int, ...] = (*PADS, *STRINGS), enters: float = 0.0, plays: tuple[str,
    ...] = ("hold",)) -> Seat:
    """Held chords in the background."""
    return Seat("pad", plays, programs, chance, enters, 64, -5.0, "pad")


def backing(chance: float = 0.25, programs: tuple[int, ...] = CHOIR, enters: float = 0.7) -> Seat:
    """Backing voices."""
    return Seat("pad", ("choir swell", "hold", "alto"), programs, chance, enters, 66, -4.0, "backing")
