"""Drum grooves as text (see `pattern`), a line an instrument: `X` stressed, `x` played, `o` soft, `?` now and then,
`f` a flam. Alternatives in a tuple are drawn once a section.

Instruments: K bass drum, S snare, T side stick, H closed, O open, P pedal hi-hat, R ride, B its bell, C crash, 1 2 3
toms high to low, W clap, M tambourine, A shaker, G cowbell, I claves, L U Q conga low, open, muted, Z bongo, V timbale,
E agogo, D guiro, J triangle, Y wood block, F surdo, N china.
"""

from dataclasses import dataclass

Line = str | tuple[str, ...]


@dataclass(frozen=True)
class Groove:
    """Lines by instrument, written in `signature`. follows: an instrument that strikes with the section's palm-muted
    riff in place of its line, where there is one (see `chug`); empty for none. slowest: beats a minute below which it
    is not played, since what it strikes between the beats would then be felt as the beat."""

    lines: dict[str, Line]
    signature: str = "4/4"
    follows: str = ""
    slowest: float = 0.0


OFF_BEAT_SNARE = 168.0
"""Beats a minute from which a snare on every off-beat eighth is felt as one; slower, it is a backbeat."""


ROCK: dict[str, Groove] = {
    "rock": Groove({
        "K": (
            "x.......x.......", "x.......x.x.....", "x.....x.x.......", "x.x.....x.......", "x......xx.......",
            "x.....x.x.x.....", "x.........x.....", "x.x.....x.x.....", "x..x....x.x....."),
        "S": "....X.......X...",
        "H": ("X.x.X.x.X.x.X.x.", "x.x.x.x.x.x.x.x.", "x...x...x...x...", "X.o.X.o.X.o.X.o.")}),
    "rock sixteenths": Groove({
        "K": ("x.....x.x.......", "x..x..x...x.....", "x.......x.xx...."),
        "S": ("....X.......X...", "....X..o.o..X..o"),
        "H": ("xoxoxoxoxoxoxoxo", "x.xox.xox.xox.xo")}),
    "rock ride": Groove({
        "K": ("x.......x.x.....", "x.....x.x.......", "x.x...x.x......."),
        "S": "....X.......X...",
        "R": ("x.x.x.x.x.x.x.x.", "X.x.X.x.X.x.X.x.")}),
    "crash ride": Groove({
        "K": ("x.......x.x.....", "x.x.....x.x....."),
        "S": "....X.......X...",
        "C": ("X...X...X...X...", "X.x.X.x.X.x.X.x.")}),
    "beat group": Groove({
        "K": ("x.....x.x.......", "x.......x.x.....", "x.....x...x....."),
        "S": ("....X.......X...", "....X.X.....X...", "....X.......X.X."),
        "H": "x.x.x.x.x.x.x.x.",
        "M": ("....x.......x...", "................")}),
    "surf": Groove({
        "K": ("x.....x.x.....x.", "x.....x.........", "x.......x......."),
        "S": ("....X.......X...", "....X.X.....X...", "....X..x....X..."),
        "R": "x.x.x.x.x.x.x.x."}),
    "tom groove": Groove({
        "K": ("x.......x.......", "x.....x.x......."),
        "3": ("x.x...x.x.x...x.", "x..x..x.x..x..x."),
        "2": ("....x.......x...", "...x..x....x..x."),
        "S": ("....X.......X...", "............X..."),
        "M": "....?.......?..."}),
    "half time": Groove({
        "K": ("x...............", "x.....x.........", "x.........x.....", "x.x.......x.....", "x......x..x....."),
        "S": "........X.......",
        "H": ("x.x.x.x.x.x.x.x.", "x...x...x...x...", "X.x.x.x.X.x.x.x.")}),
    "heavy slow": Groove({
        "K": ("x.....x.x.x.....", "x..x..x.x.......", "x.x.....x.x....."),
        "S": ("....X.......X...", "....X..o....X...", "...oX..x.o..X..x"),
        "H": ("x.x.x.x.x.x.x.x.", "x...x...x...x..."),
        "O": ("................", "..............?.")}),
    "four snares": Groove({
        "K": ("x.......x.......", "x.x.....x.x.....", "x.....x.x......."),
        "S": "X...X...X...X...",
        "H": ("x.x.x.x.x.x.x.x.", "................"),
        "M": ("x.x.x.x.x.x.x.x.", "..x...x...x...x.")}),
    "punk": Groove({
        "K": ("x.....x.x...x.x.", "x.x...x.x.x...x.", "x.....x.x.....x.", "x.x.....x.x....."),
        "S": "....X.......X...",
        "H": ("X...X...X...X...", "x.x.x.x.x.x.x.x.")}),
    "fast two": Groove({
        "K": "x...x...x...x...",
        "S": "..X...X...X...X.",
        "H": ("x.x.x.x.x.x.x.x.", "x...x...x...x...")}, slowest=OFF_BEAT_SNARE),
    "d-beat": Groove({
        "K": "x..x.x..x..x.x..",
        "S": "..X...X...X...X.",
        "C": ("x...x...x...x...", "................"),
        "H": "x...x...x...x..."}, slowest=OFF_BEAT_SNARE),
    "punk ride": Groove({
        "K": ("x.x...x.x.x...x.", "x.......x.x....."),
        "S": "....X.......X...",
        "C": "X...x...X...x..."}),
    "double bass": Groove({
        "K": "xxxxxxxxxxxxxxxx",
        "S": ("....X.......X...", "........X......."),
        "R": ("x...x...x...x...", "x.x.x.x.x.x.x.x."),
        "C": ("................", "x...............")}),
    "gallop": Groove({"K": "x.xxx.xxx.xxx.xx", "S": "....X.......X...", "H": "x...x...x...x..."}),
    "blast": Groove({"K": "x.x.x.x.x.x.x.x.", "S": ".x.x.x.x.x.x.x.x", "R": "x.x.x.x.x.x.x.x."}),
    "metal syncopated": Groove({
        "K": ("x..x..x...x.x...", "xx.x..x.xx.x....", "x.xx..xx..x....."),
        "S": ("....X.......X...", "........X......."),
        "C": ("X...X...X...X...", "x.......x.......")}),
    "bo diddley": Groove({"K": "x..x..x...x.x...", "3": "X.oXo.X.o.XoX.oo", "A": "x.x.x.x.x.x.x.x."}),
    "train": Groove({"K": "x...x...x...x...", "S": ("o.ooX.ooo.ooX.oo", "ooXoooXoooXoooXo", "ooXoooXoooXoooXo")}),
    "country two": Groove({
        "K": "x.......x.......",
        "T": ("....x.......x...", "................"),
        "S": ("................", "....x.......x..."),
        "H": ("....x.......x...", "x...x...x...x...", "x.x.x.x.x.x.x.x.")}),
    "shuffle": Groove({
        "K": ("x.....x.....", "x.....x.....", "x....xx....."),
        "S": "...X.....X..",
        "H": ("x.xx.xx.xx.x", "x..x..x..x..")}),
    "texas shuffle": Groove({
        "K": ("x..x..x..x..", "x.....x....."),
        "S": ("o.oX.oo.oX.o", "...X.....X.."),
        "R": "x.xx.xx.xx.x"}),
    "half time shuffle": Groove({"K": ("x......x....", "x....x..x..."), "S": ".o..o.Xo.oo.", "H": "x.xx.xx.xx.x"}),
}

BALLAD: dict[str, Groove] = {
    "ballad": Groove({
        "K": ("x.......x.......", "x.........x.....", "x......xx......."),
        "T": "....x.......x...",
        "H": ("x.x.x.x.x.x.x.x.", "x...x...x...x...")}),
    "ballad snare": Groove({
        "K": ("x.......x.x.....", "x......xx......."),
        "S": "....X.......X...",
        "H": ("x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo")}),
    "six eight": Groove({
        "K": ("x.....", "x....x", "x.x..."),
        "S": "...X..",
        "H": ("xxxxxx", "XooXoo", "x.xx.x")}, "6/8"),
    "six eight ride": Groove({"K": ("x.....", "x....x"), "S": "...X..", "R": "xxxxxx"}, "6/8"),
    "slow blues": Groove({
        "K": ("x.....x.....", "x....xx....x", "x....xx....."),
        "S": "...X.....X..",
        "H": ("xxxxxxxxxxxx", "x.xx.xx.xx.x")}, "12/8"),
    "doo wop": Groove({
        "K": ("x.....x.....", "x....xx....."),
        "S": "...X.....X..",
        "R": ("xxxxxxxxxxxx", "x..x..x..x..")}, "12/8"),
    "nine eight": Groove({"K": "x........", "S": "......X..", "H": ("xxxxxxxxx", "x.xx.xx.x")}, "9/8"),
    "waltz": Groove({
        "K": "x...........",
        "S": ("....o...o...", "....x...x...", "........x..."),
        "H": ("....x...x...", "x...x...x...", "............")}, "3/4"),
    "rock waltz": Groove({
        "K": ("x...........", "x.........x."),
        "S": ("........X...", "....X...x...", "....X......."),
        "H": "x.x.x.x.x.x."}, "3/4"),
    "jazz waltz": Groove({
        "K": ("x.....", "x...?."),
        "P": "..x...",
        "R": ("x.xxx.", "x.x.xx"),
        "S": ("....?.", ".?..o.")}, "3/4"),
    "five four": Groove({
        "K": ("x.....x.....x.......", "x.........x.x......."),
        "S": ("........X.......X...", "....X...........X..."),
        "H": "x.x.x.x.x.x.x.x.x.x."}, "5/4"),
    "jazz five": Groove({"R": "x..x.xx..x..x.x", "P": "...x.....x..x..", "K": "x........x....."}, "5/4"),
    "seven eight": Groove({
        "K": ("x...x..", "x......", "x.x.x.."),
        "S": ("..X...x", "..X.X..", "....X.."),
        "H": ("xxxxxxx", "x.x.x.x")}, "7/8"),
    "seven four": Groove({
        "K": "x.......x.x.....x...........",
        "S": "....X.......X.......X...X...",
        "H": "x.x.x.x.x.x.x.x.x.x.x.x.x.x."}, "7/4"),
    "five eight": Groove({"K": ("x....", "x..x."), "S": ("..X..", "...X."), "H": "xxxxx"}, "5/8"),
}

DANCE: dict[str, Groove] = {
    "house": Groove({
        "K": "X...X...X...X...",
        "W": "....X.......X...",
        "O": "..x...x...x...x.",
        "H": ("x.xxx.xxx.xxx.xx", "................", "xoxoxoxoxoxoxoxo")}),
    "techno": Groove({
        "K": "X...X...X...X...",
        "H": ("xoxoxoxoxoxoxoxo", "..x...x...x...x."),
        "O": ("..X...X...X...X.", "................"),
        "W": ("................", "....x.......x..."),
        "2": ("................", "...?..?....?....")}),
    "trance": Groove({
        "K": "X...X...X...X...",
        "O": "..X...X...X...X.",
        "S": "....x.......x...",
        "H": "xoxoxoxoxoxoxoxo",
        "W": "....x.......x..."}),
    "disco": Groove({
        "K": "X...X...X...X...",
        "S": "....X.......X...",
        "O": "..X...X...X...X.",
        "H": ("x...x...x...x...", "xx..xx..xx..xx..")}),
    "kick only": Groove({"K": "X...X...X...X..."}),
    "euro": Groove({
        "K": "X...X...X...X...",
        "S": "....X.......X...",
        "H": "..x...x...x...x.",
        "M": ("................", "xoxoxoxoxoxoxoxo")}),
    "breakbeat": Groove({
        "K": ("x.x.......xx....", "x.x.......x..x..", "x..x..x...x....."),
        "S": ("....X..o.o..X..o", "....X..x.x..X...", "....X..o.x....X."),
        "H": ("x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo")}),
    "drum and bass": Groove({
        "K": ("x.........x.....", "x..x......x....."),
        "S": ("....X.......X...", "....X..o.o..X..o"),
        "H": ("x.x.x.x.x.x.x.x.", "x.xxx.x.xxx.x.x."),
        "R": ("................", "x...x...x...x...")}),
    "jungle": Groove({
        "K": "x.x.......xx....|x.x.......x.....",
        "S": "....X..x.x..X..x|....X..x.x....X.",
        "R": "x.x.x.x.x.x.x.x.|x.x.x.x.x.x.x.x."}),
    "hip hop": Groove({
        "K": ("x.....xx..x.....", "x..x....x.x.....", "x.x.......x..x..", "x......x.xx.....", "x..........x...."),
        "S": "....X.......X...",
        "H": ("x.x.x.x.x.x.x.x.", "x.xxx.x.x.xxx.x.")}),
    "trap": Groove({
        "K": ("x..x......x.....", "x.....x...x.....", "x.........xx...."),
        "W": "........X.......",
        "H": ("x.x.x.x.x.x.xxxx", "x.xxx.x.x.x.xxx.", "x.x.xxxxx.x.x.x."),
        "O": ("................", "..........?.....")}),
    "electro": Groove({
        "K": ("x.....x...x.....", "x..x..x...x....."),
        "W": "....X.......X...",
        "H": "x.x.x.x.x.x.x.x.",
        "G": ("................", "..x..x..x.x..x..")}),
    "synth pop": Groove({
        "K": ("x...x...x...x...", "x.....x.x......."),
        "S": "....X.......X...",
        "H": ("x.x.x.x.x.x.x.x.", "xxxxxxxxxxxxxxxx")}),
    "dembow": Groove({"K": "x...x...x...x...", "S": ("...x..x....x..x.", "...X..X....X..X.")}),
    "garage": Groove({"K": ("x.........x.....", "x......x..x....."), "S": "....X.......X...", "H": "..x..xx...x..x.x"}),
    "clicks": Groove({"H": ("x...x...x...x...", "x.x.x.x.x.x.x.x."), "K": ("x...............", "................")}),
}
