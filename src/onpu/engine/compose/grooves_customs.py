"""Drum grooves of music whose beat is a custom: counted slower than it moves, or in threes; written as in `grooves`.

Here is what musicians play: the drop of dub on the third beat and its steppers, ska's early shuffle, dancehall's and
reggaeton's three against two, hi-hats that roll over a half-time snare, the chopped break of jungle, orchestras' and
brass bands' waltzes and polkas, pipe bands in six, and Brazil's parades and circles in two.
"""

from onpu.engine.compose.grooves import Groove

_NONE = "................"

CUSTOMS: dict[str, Groove] = {
    "dub drop": Groove(
        {
            "K": ("........X.......", "........X.....o."),
            "T": ("........X.......", "........x..o..o."),
            "H": ("x.xxx.xxx.xxx.xx", "x.o.x.o.x.o.x.xx", "..x...x...x.x.x."),
            "S": (_NONE, f"{_NONE}|{_NONE}|{_NONE}|......x..x..X..."),
            "A": (_NONE, "x.o.x.o.x.o.x.o."),
        }
    ),
    "dub steppers": Groove(
        {
            "K": "X...X...X...X...",
            "T": ("........x.......", "........x..x...."),
            "S": (_NONE, "........X......."),
            "H": ("x.xxx.xxx.xxx.xx", "..x...x...x...x.", "xoxoxoxoxoxoxoxo"),
        }
    ),
    "dub eighths": Groove(
        {
            "K": "x.x.x.x.x.x.x.x.",
            "S": ("........X.......", "........X..o...."),
            "H": ("x.x.x.x.x.x.x.x.", "x.x.x.xxx.x.x.x."),
        }
    ),
    "lovers": Groove(
        {
            "K": ("........x.....o.", "..o.....x......."),
            "T": "........x.......",
            "H": ("xoxoxoxoxoxoxoxo", "x.xox.xox.xox.xo"),
            "L": (_NONE, "......x.......x."),
        }
    ),
    "bluebeat": Groove(
        {
            "K": ("x.......x.......", "x...x...x...x..."),
            "T": ("....x.......x...", "....x.x.....x..."),
            "R": ("x.x.x.x.x.x.x.x.", "x...x.x.x...x.x."),
            "P": "..x...x...x...x.",
        }
    ),
    "ragga": Groove(
        {
            "K": ("x.....x.....x...", "x..x....x..x....", "x.......x......."),
            "S": ("......X.......X.", "...x..X....x..X."),
            "H": (_NONE, "x.x.x.x.x.x.x.x."),
            "2": (_NONE, f"{_NONE}|.............xxx"),
        }
    ),
    "perreo": Groove(
        {
            "K": ("X...X...X...X...", "X.......X......."),
            "S": ("...x..x....x..x.", "...x..x....x..xx"),
            "W": (_NONE, "......x.......x."),
            "H": (_NONE, "x.x.x.x.x.x.x.x.", "..x...x...x...x."),
        }
    ),
    "trap rolls": Groove(
        {
            "K": ("x..x......x.....", "x.........x..x..", "x.....x.....x...", "x.x.......x....."),
            "S": "........X.......",
            "W": ("........x.......", _NONE),
            "H": (
                "x.x.x.x.x.x.x.x.x.x.x.x.xxxxxxxx",
                "x.x.x.xxx.x.x.x.x.x.x.xxxxx.x.x.",
                "x.x.x.x.x.x.xxxxxxx.x.x.",
                "x.x.x.x.x.x.x.x.",
            ),
        }
    ),
    "drill": Groove(
        {
            "K": ("x.....x.........|..x.......x.....", "x..x............|x.....x...x....."),
            "S": "........X.....x.|........X..x....",
            "H": ("x..x..x.x..x..x.", "x..x..x.x..xxxx."),
        }
    ),
    "chopped break": Groove(
        {
            "K": ("x.x.......xx....|x.x.......x.....", "x.x.......x.....|..xx......x....."),
            "S": ("....X..o.o..X..o|....X..o.o....X.", "....X..o.o..X..o|.o..X..o.oX..o.o"),
            "R": ("x.x.x.x.x.x.x.x.", "x...x...x...x..."),
        }
    ),
    "vienna": Groove(
        {
            "F": ("x...........", "x...........|............"),
            "S": ("....o...o...", "............"),
            "C": (f"x...........|{_NONE[:12]}", "............"),
        },
        "3/4",
    ),
    "waltz ride": Groove(
        {
            "R": ("x...x.x.x...", "x...x...x.x.", "x...x.x.x.x."),
            "P": ("....x.......", "....x...x..."),
            "K": ("x...........", "......x.....", "............"),
            "S": ("......?...?.", "..?.......?.", "....o...o..."),
        },
        "3/4",
    ),
    "scherzo timpani": Groove(
        {
            "F": ("x...........|x...x...x...", "x...........|............|x...........|x...x...x..."),
            "C": ("............", "x...........|............|............|............"),
        },
        "3/4",
    ),
    "ländler": Groove(
        {
            "K": "x...........",
            "S": ("....x...x...", "....x...x.x."),
            "C": ("............", "x...........|............"),
        },
        "3/4",
    ),
    "power twelve": Groove(
        {
            "K": ("x.....x.....", "x....xx..x..", "x..x..x.....", "x.....x.x..."),
            "S": "...X.....X..",
            "H": ("x.xx.xx.xx.x", "xxxxxxxxxxxx", "x..x..x..x.."),
        },
        "12/8",
    ),
    "pipe six": Groove(
        {
            "S": ("x.xxxx", "xxx.xx", "x.xx.x|xxxxxx", "XooXox"),
            "K": ("x.....", "x..x.."),
            "F": ("x..x..", "x....."),
            "1": ("......", "..x..x"),
        },
        "6/8",
    ),
    "oompah": Groove(
        {
            "K": "x...x...",
            "S": ("..x...x.", "..x...xx", "..x.x.x."),
            "C": ("..o...o.", "........", "x.......|........"),
        },
        "2/4",
    ),
    "pagode": Groove(
        {
            "F": ("o...X...", "....X..x"),
            "M": ("XooxXoox", "XoxoXoxo"),
            "A": ("xoxxxoxx", "XoooXooo"),
            "L": ("..x..xx.", "x..x..x.|..x..x.x"),
            "Y": ("........", "x.xx.x.x|.x.xx.x."),
        },
        "2/4",
    ),
    "choro": Groove({"M": ("XooXXoox", "XoxoXoxo", "xooxXooX"), "F": ("....x...", "........")}, "2/4"),
    "marchinha": Groove(
        {
            "K": ("x...x...", "o...X..."),
            "S": ("x.xxx.xx", "xxx.xxx.", "..x...xx"),
            "C": ("........", "x...x..."),
            "M": ("........", "x.x.x.x."),
        },
        "2/4",
    ),
}
"""By name."""
