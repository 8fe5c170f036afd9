"""Drum grooves of electronic music and of scores for games, and of compound and uneven metres that people feel in few
beats; written as in `grooves`."""

from onpu.engine.compose.grooves import Groove

_FOUR = "X...X...X...X..."
_CLAP = "....X.......X..."
_OFF = "..x...x...x...x."
_NONE = "................"

ELECTRONIC: dict[str, Groove] = {
    "techno hard": Groove({
        "K": _FOUR, "O": (_OFF, _NONE), "R": (_NONE, "x...x...x...x...", "x.x.x.x.x.x.x.x."), "W": (_NONE, _CLAP),
        "1": (_NONE, "..........x..x.."), "2": (_NONE, "...x..x.........")}),
    "techno sparse": Groove({"K": _FOUR, "H": (_OFF, _NONE), "Y": (_NONE, "......x......x..", "..x..x....x..x..")}),
    "hardstyle": Groove({"K": _FOUR, "W": (_CLAP, _NONE), "O": _OFF, "C": ("x...............", _NONE)}),
    "trance roll": Groove({
        "K": f"{_FOUR}|{_FOUR}|{_FOUR}|X...X...X...X.xx",
        "W": f"{_CLAP}|{_CLAP}|{_CLAP}|....X.......X...",
        "O": _OFF,
        "C": f"x...............|{_NONE}|{_NONE}|{_NONE}"}),
    "snare build": Groove({
        "S": ("x...x...x...x...|x...x...x...x...|x.x.x.x.x.x.x.x.|xxxxxxxxxxxxxxxx",
              "x.x.x.x.x.x.x.x.|xxxxxxxxxxxxxxxx"),
        "K": (_NONE, _FOUR)}),
    "offbeat hats": Groove({"O": _OFF, "W": (_NONE, _CLAP)}),
    "ticks": Groove({"H": ("x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo", _OFF), "Y": (_NONE, "x......x........")}),
    "dubstep": Groove({
        "K": ("x...............", "x.....x.........", "x..x......x.....", "x.........x..x.."), "S": "........X.......",
        "H": ("x.x.x.x.x.x.x.x.", "x.xxx.xxx.xxx.xx", "..x...x...x...x.")}),
    "drum and bass half": Groove({"K": ("x.........x.....", "x......x........"), "S": "........X.......", "R": _FOUR}),
    "drum and bass two": Groove({
        "K": ("x.........x.....", "x.........x..x.."), "S": "....X.......X...", "O": (_NONE, _OFF),
        "H": ("x.x.x.x.x.x.x.x.", "xxxxxxxxxxxxxxxx")}),
    "synthwave": Groove({
        "K": (_FOUR, "x.......x.......", "x.....x.x......."), "S": "....X.......X...",
        "H": ("x.x.x.x.x.x.x.x.", "xxxxxxxxxxxxxxxx"), "1": (_NONE, f"{_NONE}|..............x."),
        "2": (_NONE, f"{_NONE}|...............x")}),
    "electro break": Groove({
        "K": ("x.....x...x.....", "x..x..x...x.....", "x.....x.....x..."), "S": "....X.......X...",
        "H": ("xxxxxxxxxxxxxxxx", "x.xxx.xxx.xxx.xx"), "G": (_NONE, "..x..x....x..x..")}),
    "chip rock": Groove({
        "K": ("x.......x.......", "x.....x.x.......", "x.x.....x.x....."), "S": "....X.......X...",
        "H": ("x.x.x.x.x.x.x.x.", "x.xxx.xxx.xxx.xx", "xxxxxxxxxxxxxxxx")}),
    "chip march": Groove({"K": "x...x...x...x...", "S": ("..x...x...x...x.", "....x..x....x.xx"), "H": (_NONE, _OFF)}),
    "impact": Groove({"C": f"X...............|{_NONE}|{_NONE}|{_NONE}",
                      "F": f"X...............|{_NONE}|{_NONE}|{_NONE}"}),
    "taiko": Groove({
        "F": ("X..x..x.X..x..x.", "X...o.o.X.o.o...", "X.oox.ooX.oox.oo", "X.......x...x.x."),
        "3": ("x.......x.......", "....x.......x...", "..........x.x.x."),
        "C": f"X...............|{_NONE}|{_NONE}|{_NONE}"}),
    "taiko six": Groove({"F": ("X..x..", "X.ox.o", "XooXoo"), "3": ("...x..", ".....x"),
                         "C": "x.....|......|......|......"},
                        "6/8"),
    "taiko twelve": Groove({"F": ("X..x..x..x..", "X.ox.oX.ox.o", "X..x.xX..x.x"), "3": ("...x.....x..",
                                                                                         "............"),
                            "C": "x...........|............"}, "12/8"),
    "taiko three": Groove({"F": ("X...x...x...", "X..x..x.x.x."), "3": ("....x...x...", "........x.x.")}, "3/4"),
    "taiko five": Groove({"F": ("X.....x.....x.......", "X..x..x.X...x...x..."), "3": "....x.......x...x..."}, "5/4"),
    "taiko seven": Groove({"F": ("X.x.x..", "X..x.x."), "3": ("..x.x..", "....x.x"),
                           "C": "x......|.......|.......|......."},
                          "7/8"),
    "hybrid": Groove({
        "K": ("x.....x.........", "x...............", "x.x.......x....."), "S": ("........X.......",
                                                                                 "....X.......X..."),
        "F": ("X.......x...x...", "X..x..x.X..x..x."), "H": (_NONE, "xxxxxxxxxxxxxxxx"),
        "C": f"X...............|{_NONE}|{_NONE}|{_NONE}"}),
    "frame drum": Groove({"Q": ("x...o.x.x...o...", "x..ox.o.x..ox.o."), "M": (_NONE, _CLAP)}),
    "frame drum six": Groove({"Q": ("x..o.o", "x.ox.o", "xooxoo"), "M": ("......", "...x..", "xooxoo")}, "6/8"),
    "frame drum three": Groove({"Q": ("x...o...o...", "x...x.o.x..."), "J": ("............", "x...........")}, "3/4"),
    "electro five": Groove({"K": ("X...X...X...X...X...", "x.....x.....x......."), "W": "....x.......x...x...",
                            "H": ("x.x.x.x.x.x.x.x.x.x.", "..x...x...x...x...x.")}, "5/4"),
    "electro seven": Groove({"K": ("x...x..", "x.x.x..", "x......"), "W": ("..x....", "....x.."), "H": "xxxxxxx"},
                            "7/8"),
    "electro seven four": Groove({"K": "X...X...X...X...X...X...X...", "W": "....x.......x.......x...x...",
                                  "H": "..x...x...x...x...x...x...x."}, "7/4"),
    "electro six": Groove({"K": ("X..X..", "x....x"), "W": "...x..", "H": ("xxxxxx", ".xx.xx", "x.xx.x")}, "6/8"),
    "electro twelve": Groove({"K": ("X..X..X..X..", "x.....x....x"), "W": "...x.....x..",
                              "H": ("x.xx.xx.xx.x", "xxxxxxxxxxxx")}, "12/8"),
}

FELT: dict[str, Groove] = {
    "slow eighths": Groove({
        "K": ("x.......x.......", "x.......x.x.....", "x.....x.x......."), "S": "....X.......X...",
        "H": ("x.x.x.x.x.x.x.x.", "X.x.X.x.X.x.X.x.")}),
    "slow sixteenths": Groove({
        "K": ("x.......x.x.....", "x......xx.......", "x.x.....x..x...."), "S": ("....X.......X...",
                                                                                 "....X..o.o..X..o"),
        "H": ("xxxxxxxxxxxxxxxx", "XoxoXoxoXoxoXoxo", "x.xxx.xxx.xxx.xx")}),
    "slow triplets": Groove({"K": ("x.....x.....", "x....xx....."), "S": "...X.....X..", "H": ("xxxxxxxxxxxx",
                                                                                               "XooXooXooXoo")}),
    "twelve eight rock": Groove({
        "K": ("x.....x.....", "x....xx.x...", "x.x...x....x"), "S": "...X.....X..",
        "H": ("x.xx.xx.xx.x", "xxxxxxxxxxxx", "x..x..x..x..")}, "12/8"),
    "twelve eight half": Groove({"K": ("x...........", "x....x......", "x.x........."), "S": "......X.....",
                                 "H": ("x..x..x..x..", "xxxxxxxxxxxx", "x.xx.xx.xx.x")}, "12/8"),
    "six eight rock": Groove({"K": ("x.....|x...x.", "x.x...", "x....x"), "S": "...X..", "H": ("xxxxxx", "x.xx.x",
                                                                                               "x..x..")},
                             "6/8"),
    "six eight sixteenths": Groove({"K": ("x...........", "x.........x.", "x...x......."), "S": "......X.....",
                                    "H": ("x.x.x.x.x.x.", "xoxoxoxoxoxo")}, "6/8"),
    "six eight swung": Groove({"K": ("x.....", "x....x"), "T": "...x..", "R": ("x..x..", "x.xx.x"), "P": "...x.."},
                              "6/8"),
    "nine eight rock": Groove({"K": ("x.....x..", "x..x....."), "S": ("...X.....", "......X.."), "H": ("x.xx.xx.x",
                                                                                                       "xxxxxxxxx")},
                              "9/8"),
    "bebop": Groove({
        "R": ("x...x.x.x...x.x.", "x...x...x...x...", "x...x...x...x.x."),
        "P": "....x.......x...",
        "S": ("......?...?.....", "..?.......?...?.", "............?..."),
        "K": (_NONE, "......?.......?.", "o...o...o...o...")}),
    "two beat": Groove({"K": "x.......x.......", "S": ("....x.......x...", "....x..o....x.o."),
                        "H": ("....x.......x...", _OFF)}),
    "off-beat drums": Groove({"H": ("..X...X...X...X.", _NONE), "T": "....x.......x...", "K": (_NONE,
                                                                                               "x.......x.......")}),
    "backbeat only": Groove({"W": ("....x.......x...", _NONE), "S": "....x.......x...", "A": (_NONE,
                                                                                              "x.x.x.x.x.x.x.x.")}),
}
"""Where the beat is easily taken for its half, its double, its third or its off-beat."""
