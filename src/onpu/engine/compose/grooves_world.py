"""Drum grooves of jazz, soul, the Caribbean, Latin America, and of marches and folk music; written as in `grooves`."""

from onpu.engine.compose.grooves import BALLAD, DANCE, ROCK, Groove
from onpu.engine.compose.grooves_customs import CUSTOMS
from onpu.engine.compose.grooves_electronic import ELECTRONIC, FELT
from onpu.engine.compose.grooves_heavy import HEAVY

JAZZ: dict[str, Groove] = {
    "swing": Groove({
        "R": ("x...x.x.x...x.x.", "x...x.x.x...x...", "x...x...x...x.x."),
        "P": "....x.......x...",
        "K": ("................", "o...o...o...o...", "......?...?....."),
        "S": ("..........?.....", "......?.......?.", "...............?"),
        "T": ("................", "............?...")}),
    "swing hat": Groove({
        "O": "x.......x.......",
        "H": "....x.x.....x.x.",
        "K": ("x.......x.......", "x...x...x...x..."),
        "S": ("................", "....o.......o...")}),
    "brushes": Groove({
        "S": ("o...x.o.o...x.o.", "ooooxoooooooxooo", "o.o.x.o.o.o.x.o."),
        "P": "....x.......x...",
        "K": ("o.......o.......", "................")}),
    "big band": Groove({
        "R": "x...x.x.x...x.x.",
        "P": "....x.......x...",
        "K": "x...x...x...x...",
        "S": ("....x.......x...", "................", "............x..?")}),
    "hard bop": Groove({
        "R": "X...x.x.X...x.x.",
        "P": "....x.......x...",
        "S": (".......?..x...?.", "......x.......x."),
        "K": ("......?.....?...", "..?.......?.....")}),
    "bossa": Groove({
        "K": "x.....x.x.....x.",
        "T": ("x.....x.....x...|....x.....x.....", "..x.....x...x...|..x...x.....x..."),
        "H": "x.x.x.x.x.x.x.x.",
        "P": "....x.......x..."}),
    "samba": Groove({"K": "x..xx..x", "S": ("xoxxoxox", "x.xx.x.x"), "A": "XooXXooX", "P": "..x...x."}, "2/4"),
}

SOUL: dict[str, Groove] = {
    "motown": Groove({
        "K": ("x.....x.x.....x.", "x.x.....x.x.....", "x...x...x...x..."),
        "S": "X...X...X...X...",
        "H": "x.x.x.x.x.x.x.x.",
        "M": "....x.......x..."}),
    "soul": Groove({
        "K": ("x.x.......x.....", "x......xx.x.....", "x.x...x.x......."),
        "S": ("....X.......X...", "....X..o....X..o"),
        "H": "x.x.x.x.x.x.x.x."}),
    "funk": Groove({
        "K": ("x.x.......x..x..", "x..x..x...x.....", "x.x....x..x....."),
        "S": ("....X..o.o..X..o", ".o..X..o.o.oX...", "....X..o.X..o..X"),
        "H": ("xoxoxoxoxoxoxoxo", "x.x.x.x.x.x.x.x.", "X.xxX.x.X.xxX.x."),
        "O": ("................", "..............?.", "......?.........")}),
    "funk linear": Groove({"K": "x..x......x..x..", "S": ".o..X.o..o..X.o.", "H": "..x..x.xx..x...x"}),
    "neo soul": Groove({
        "K": ("x......x..x.....", "x.x....x........"),
        "T": "....x.......x...",
        "H": ("x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo")}),
    "gospel": Groove({
        "K": ("x....xx....x", "x.....x....."),
        "S": "...X.....X..",
        "W": ("...x.....x..", "............"),
        "H": "x.xx.xx.xx.x",
        "M": ("...x.....x..", "x.xx.xx.xx.x")}, "12/8"),
    "second line": Groove({"K": "x..x..x...x.....", "S": "x..xo.x..ox.x.xo"}),
}

LATIN: dict[str, Groove] = {
    "one drop": Groove({
        "K": "........X.......",
        "T": "........x.......",
        "H": ("x.x.x.x.x.x.x.x.", "..x...x...x...x.")}),
    "rockers": Groove({
        "K": "x...x...x...x...",
        "T": ("........x.......", "....x.......x..."),
        "H": "x.x.x.x.x.x.x.x."}),
    "ska": Groove({
        "K": ("x.......x.......", "x...x...x...x..."),
        "S": "....X.......X...",
        "H": ("..x...x...x...x.", "x.x.x.x.x.x.x.x.")}),
    "salsa": Groove({
        "I": ("x..x..x...x.x...", "..x.x...x..x..x."),
        "L": "..............xx",
        "U": "............xx..",
        "Q": "x...x...x...x...",
        "G": "x.......x.......",
        "A": "x.xxx.xxx.xxx.xx"}),
    "mambo": Groove({
        "G": "x..xx.x.x..xx.x.",
        "Q": "x...x.......x...",
        "U": "......xx......xx",
        "V": "....x.......x...",
        "K": "......x.......x."}),
    "cha cha": Groove({
        "G": "x...x...x...x...",
        "D": "X..xX..xX..xX..x",
        "Q": "x.o.x.o.x.o.x...",
        "U": "............x.x.",
        "K": "......x.......x."}),
    "bolero": Groove({"Z": "x.oox.o.x.o.x.o.", "A": "x.xxx.x.x.x.x.x.", "K": "x.........x.x..."}),
    "rumba": Groove({
        "I": "x..x...x..x.x...",
        "L": "....x.......x...",
        "U": "..........x...xx",
        "A": "x...x...x...x..."}),
    "latin rock": Groove({
        "K": "x.....x.x.....x.",
        "S": "....x.......x...",
        "G": "x...x...x...x...",
        "U": "............x.x.",
        "Q": "x.x.x.x.x.x.x.x."}),
    "calypso": Groove({"K": "x..x..x.x..x..x.", "S": "...x..x....x..x.", "A": "x.xxx.xxx.xxx.xx"}),
    "tango": Groove({"S": ("....x.......x.xx", "x.....x.x...x..."), "K": "x.......x......."}),
    "flamenco": Groove({"W": ("x...x...x...x...", "..x...x...x...x."), "3": "x.....x.x......."}),
    "baion": Groove({"K": "x..x....x..x....", "J": "x.o.x.o.x.o.x.o.", "S": "......x.......x."}),
    "afro six": Groove({"E": "x.xx.x", "K": "x..x..", "U": "..x..x", "L": ".x....", "A": "x.xx.x"}, "6/8"),
    "cumbia": Groove({"D": "X.xxX.xxX.xxX.xx", "K": "x...x...x...x...", "U": "..x...x...x...x."}),
    "merengue": Groove({"D": "X.xxX.xxX.xxX.xx", "K": "x...x...x...x...", "V": "x...x...x.xxx.xx"}),
}

FOLK: dict[str, Groove] = {
    "hands": Groove({"U": "x..x..x.x..x..x.", "L": "x.......x.......", "A": "x.x.x.x.x.x.x.x."}),
    "cajon": Groove({
        "F": ("x.......x.x.....", "x.....x.x......."),
        "Q": ("....x.......x...", "....x..o.o..x..o"),
        "A": ("................", "x.x.x.x.x.x.x.x.")}),
    "shaker": Groove({"A": ("XoxoXoxoXoxoXoxo", "x.x.x.x.x.x.x.x.")}),
    "tambourine": Groove({"M": ("....x.......x...", "x.x.x.x.x.x.x.x.")}),
    "stomp clap": Groove({"F": ("x.......x.......", "x.x.....x.x....."), "W": "....x.......x..."}),
    "bodhran reel": Groove({"F": "XoooXoooXoooXooo"}),
    "bodhran jig": Groove({"F": "XooXoo"}, "6/8"),
    "slip jig": Groove({"F": "XooXooXoo"}, "9/8"),
    "march": Groove({
        "K": "x...x...",
        "S": ("..x.x.xx", "xoxxxoxx", "x.xxx.x.", "x.x.x.xx"),
        "C": ("........", "x.......")}, "2/4"),
    "march six": Groove({"K": "x..x..", "S": ("x.xx.x", "x.xxxx", "xxxx.x"), "C": "x....."}, "6/8"),
    "street march": Groove({
        "K": "x.......x.......",
        "S": ("x.xxx.xxx.xxxxxx", "..x...x...x.x.xx"),
        "C": ("x.......x.......", "................")}),
    "polka": Groove({"K": "x...x...", "S": ("..x...x.", "..x.x.x."), "H": "..x...x."}, "2/4"),
    "tarantella": Groove({"M": "XooXoo", "K": "x..x.."}, "6/8"),
    "timpani": Groove({"F": ("x...............", "x.......x...x..."), "C": ("................", "x...............")}),
    "balkan": Groove({"F": ("x.x.x..", "x...x.."), "Q": ("..x.x.x", ".x.x.xx")}, "7/8"),
}

GROOVES: dict[str, Groove] = {**ROCK, **BALLAD, **DANCE, **JAZZ, **SOUL, **LATIN, **FOLK, **HEAVY, **ELECTRONIC, **FELT,
                             **CUSTOMS, "solo": Groove({})}
"""All grooves by name; a solo has no lines."""
