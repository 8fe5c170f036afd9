"""Drum grooves of metal, hardcore and punk; written as in `grooves`, with N for a china cymbal."""

from onpu.engine.compose.grooves import OFF_BEAT_SNARE, Groove

_BACKBEAT = "....X.......X..."
_HALF = "........X......."
_QUARTERS = ("X...X...X...X...", "x...x...x...x...")
_EIGHTHS = ("x.x.x.x.x.x.x.x.", "X.x.X.x.X.x.X.x.")
_NONE = "................"

HEAVY: dict[str, Groove] = {
    "double bass crash": Groove({"K": "xxxxxxxxxxxxxxxx", "S": (_BACKBEAT, _HALF), "C": _QUARTERS}),
    "double bass eighths": Groove({"K": "x.x.x.x.x.x.x.x.", "S": (_BACKBEAT, _HALF), "R": (*_EIGHTHS, *_QUARTERS)}),
    "double bass offbeat": Groove({"K": "xxxxxxxxxxxxxxxx", "S": "..X...X...X...X.", "R": "x...x...x...x..."}),
    "double bass triplets": Groove({"K": "xxxxxxxxxxxx", "S": ("...X.....X..", "......X....."), "R": "x..x..x..x.."}),
    "double bass bursts": Groove({
        "K": ("xxxx....xxxx....", "x.x.xxxxx...xxxx", "xxxxxxxx........", "xx..xx..xxxxxx..", "x...x...xxxxxxxx",
              "xxx.xxx.xxx.xxx.", "x.....x.xxxx..x."),
        "S": (_BACKBEAT, _HALF),
        "H": ("x...x...x...x...", *_EIGHTHS)}),
    "double bass gallop": Groove({
        "K": ("x.xxx.xxx.xxx.xx", "xxx.xxx.xxx.xxx."), "S": (_BACKBEAT, _HALF), "R": _QUARTERS}),
    "blast traditional": Groove({
        "K": "x.x.x.x.x.x.x.x.", "S": ".x.x.x.x.x.x.x.x", "C": ("x...x...x...x...", "x.......x.......")}),
    "blast together": Groove({"K": _EIGHTHS[0], "S": _EIGHTHS[0], "R": _EIGHTHS[0]}),
    "blast bomb": Groove({"K": "xxxxxxxxxxxxxxxx", "S": "x.x.x.x.x.x.x.x.", "R": "x...x...x...x..."}),
    "blast quarters": Groove({"K": ("x.x.x.x.x.x.x.x.", "xxxxxxxxxxxxxxxx"), "S": "X...X...X...X...", "R": _QUARTERS}),
    "skank": Groove({
        "K": ("x...x...x...x...", "x..xx...x..xx...", "x...x..xx...x..x"),
        "S": "..X...X...X...X.",
        "H": ("x.x.x.x.x.x.x.x.", "x...x...x...x...", _NONE),
        "R": (_NONE, "x...x...x...x...")}, slowest=OFF_BEAT_SNARE),
    "skank backbeat": Groove({"K": ("x.x...x.x.x...x.", "x...x.x.x...x.x."), "S": _BACKBEAT, "C": _QUARTERS}),
    "d-beat crash": Groove({
        "K": ("x..x.x..x..x.x..", "x..x.x.xx..x.x.x"),
        "S": "..X...X...X...X.",
        "C": ("x...x...x...x...", "x.x.x.x.x.x.x.x.")}, slowest=OFF_BEAT_SNARE),
    "breakdown": Groove({
        "K": ("x..x..x.........", "x.xx..x.....x.xx", "xx.x..x.x.......", "x...........x.xx", "x.....xx.x......"),
        "S": _HALF,
        "N": ("X...X...X...X...", "X.......X.......")}, follows="K"),
    "breakdown crash": Groove({
        "K": ("x..x..x...x.....", "x.....x.....x...", "xxx...xxx.......", "x......xx......."),
        "S": (_HALF, "........X.....X."),
        "C": ("X...X...X...X...", "x.......x.......")}, follows="K"),
    "chug kick": Groove({
        "K": ("x..x..x...x.x...", "xx.x..x.xx.x....", "x.xx..xx..x....."),
        "S": (_BACKBEAT, _HALF),
        "H": ("x...x...x...x...", _EIGHTHS[0], _NONE),
        "N": (_NONE, "x...x...x...x...")}, follows="K"),
    "chug ride": Groove({
        "K": ("x.x...x.x.x.....", "x..x..x..x..x..."), "S": _BACKBEAT, "R": (*_EIGHTHS, *_QUARTERS)}, follows="K"),
    "chug china": Groove({
        "K": ("x..x..x...x.x...", "xx.x..x.xx.x...."), "S": (_HALF, _BACKBEAT), "N": _EIGHTHS}, follows="K"),
    "march toms": Groove({
        "K": ("x.......x.......", "x...x...x...x..."),
        "3": ("x.xxx.x.x.xxx.x.", "x..x..x.x..x..x."),
        "S": ("................", "....x.......x...")}),
    "doom": Groove({
        "K": ("x...............", "x.............x.", "x.....x.........", "x.x.......x....."),
        "S": (_HALF, "........X......o"),
        "C": ("X...X...X...X...", "x.......x......."),
        "O": (_NONE, "x...x...x...x...")}),
    "crash quarters": Groove({
        "K": ("x.......x.x.....", "x.x...x.x.......", "x.....x.x.x...x."), "S": _BACKBEAT, "C": "X...X...X...X..."}),
    "nu metal": Groove({
        "K": ("x.....x...x.....", "x..x..x..x......", "x.x......xx.....", "x......x..x..x.."),
        "S": (_BACKBEAT, "....X.....o.X..."),
        "O": ("x...x...x...x...", _NONE),
        "H": (_NONE, "x.x.x.x.x.x.x.x.")}),
    "industrial": Groove({
        "K": "X...X...X...X...", "S": _BACKBEAT, "H": ("xxxxxxxxxxxxxxxx", "..x...x...x...x."),
        "1": (_NONE, "......x..x......")}),
    "heavy twelve": Groove({
        "K": ("x.....x.....", "x.x...x.x...", "x....xx....x"), "S": "...X.....X..", "C": ("x..x..x..x..",
                                                                                          "............"),
        "R": "x.xx.xx.xx.x"}, "12/8"),
    "heavy twelve double": Groove({
        "K": ("xxxxxxxxxxxx", "x.xx.xx.xx.x"), "S": ("...X.....X..", "......X....."), "R": "x..x..x..x.."}, "12/8"),
    "heavy six": Groove({
        "K": ("x....x", "x.x...", "x.x..x"), "S": "...X..", "C": ("x..x..", "......"), "R": ("x..x..", "xxxxxx")},
        "6/8"),
    "heavy six double": Groove({
        "K": ("xxxxxxxxxxxx", "x.x.x.x.x.x."), "S": "......X.....", "C": "x.....x....."}, "6/8"),
    "blast six": Groove({"K": "x.x.x.x.x.x.", "S": (".x.x.x.x.x.x", "x.x.x.x.x.x."), "R": "x.x.x.x.x.x."}, "6/8"),
    "heavy waltz": Groove({"K": ("x...........", "x.....x.....", "xxxxxxxxxxxx"), "S": "....X...X...",
                           "C": "x...x...x..."}, "3/4"),
    "heavy nine": Groove({"K": ("x..x.....", "x.x...x.."), "S": ("......X..", "...X....."), "R": "x..x..x.."}, "9/8"),
    "heavy five": Groove({
        "K": ("x.....x.....x.......", "xxxxxxxxxxxxxxxxxxxx", "x..x..x...x.x......."),
        "S": ("....X.......X...X...", "........X.......X..."),
        "C": "x...x...x...x...x..."}, "5/4", "K"),
    "heavy seven": Groove({
        "K": ("x.....x.......", "x..x..x...x...", "xxxxxxxxxxxxxx"),
        "S": ("....X.......X.", "........X....."),
        "R": ("x.x.x.x.x.x.x.", "x...x...x.x...")}, "7/8", "K"),
    "heavy seven four": Groove({
        "K": ("x.......x.x.....x.........x.", "x..x..x...x.x...x..x..x....."),
        "S": "....X.......X.......X...X...",
        "N": "x...x...x...x...x...x...x..."}, "7/4", "K"),
}
