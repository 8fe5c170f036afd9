"""Accompaniment figures as text (see `pattern`): what bass, guitar, keyboard and strings do to a chord in a bar.

Attacks: `x` the chord, `X` stressed, `s` short, `o` muted, `u` its upper notes struck downwards (an upstroke), `b` the
bass note, `B` the bass in octaves, `f` the fifth below or above it, `e` the bass an octave up, `m` the third, `h` the
sixth, `v` the minor seventh over the bass, `n` a step towards the next chord's bass,
    `0` to `9` the chord's tones from the
bass upwards.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Patterns by signature (others are translated from the first), the voicing of the full chord (`close`, `open`,
    `guitar`, `power`, `shell`, `rootless`, `octave`), and how much of its written length a note sounds."""

    patterns: dict[str, tuple[str, ...]]
    voicing: str = "close"
    legato: float = 0.92


def _four(*patterns: str, voicing: str = "close", legato: float = 0.92) -> Figure:
    return Figure({"4/4": patterns}, voicing, legato)


BASS: dict[str, Figure] = {
    "bass whole": _four("b---------------", "b-------b-------", legato=0.97),
    "bass quarters": _four("b---b---b---b---", "b---b---e---f---", "b---b---f---n---", legato=0.8),
    "bass eighths": _four("b.b.b.b.b.b.b.b.", "b-b-b-b-b-b-b-b-", "b-b-b-b-b-b-b-n-", "b-b-b-b-b-b-e-b-", legato=0.95),
    "bass rock": _four(
        "b-----b-b-------", "b---..b-b-----n-", "b-----b-b---b-b-", "b-b---b-..b-b---", "b---b-b---b-b-n-",
        "b-----b-..b-b---|b-----b-b---n-n-"),
    "bass two": Figure({
        "4/4": ("b---....f---....", "b---....f---n---", "b-------f-------", "b---....f---....|b---....f-n-m-n-"),
        "3/4": ("b---........", "b-------f---"),
        "6/8": ("b--f--", "b-.f-."),
        "2/4": ("b---f---", "b---f-n-")}, legato=0.75),
    "bass disco": _four("b.e.b.e.b.e.b.e.", "b-e-b-e-b-e-b-e-", "b.e.b.e.b.eeb.e.", "b..eb..eb..eb..e", legato=0.8),
    "bass offbeat": _four("..b...b...b...b.", "..b-..b-..b-..b-", "..bb..bb..bb..bb", legato=0.8),
    "bass rolling": _four(".bbb.bbb.bbb.bbb", "..bb..bb..bb..be", legato=0.7),
    "bass funk": _four(
        "b..b....e.b...n.", "b--..b.ve...b-..|b--..bv.e.b.m.n.", "b...b..v.e.b.v..", "b-.eb...b-.e.bvn",
        "b.b...vb..f.b.v.", "b-----.vb...m-n-", legato=0.7),
    "bass motown": _four("b--.b-.fe-.h.f..", "b-.bm-.f..h-f-n-", "b--bf-.b..bbh-n-", "b-.m.f-.h-f-m-n-", legato=0.8),
    "bass boogie": _four(
        "b-m-f-h-v-h-f-m-", "b-b-f-f-h-h-f-f-", "b-e-m-f-h-f-m-n-", "b---m---f---h---|v---h---f---m---"),
    "bass latin": _four(
        "......f-....e---|......f-....b---", "......f-....b---", "b-----f-......e-|b-----f-b---....",
        "b-----f-....b---"),
    "bass bossa": _four("b-----fb-.....f-", "b-----f-f-----b-", "b-----f-b-----f-", legato=0.9),
    "bass samba": Figure({"2/4": ("b-..f-.n", "b-.bf-.."), "4/4": ("b-..f-.nb-..f-..",)}),
    "bass tango": _four("b-----b-b---b---", "b-----f-e---f---", "b---f---b---f---", legato=0.75),
    "bass reggae": _four(
        "b---..b-m-f-....", "....b-b-..f---b-", "b-----b-..b-f---|....b-m-f---....", "b-b-..f-b-....m-",
        "....b-b-b---....", legato=0.85),
    "bass ska": _four("b---m---f---h---", "b-b-m-m-f-f-h-h-", "b---f---e---f---", legato=0.7),
    "bass waltz": Figure({
        "3/4": ("b---........", "b-----------", "b---........|f---........", "b---..f-....")}, legato=0.8),
    "bass ballad": Figure({
        "4/4": ("b-----b-b-------", "b---------b-b---", "b-------b---n---", "b-----f-b-------"),
        "6/8": ("b----b", "b--b-b"),
        "12/8": ("b-----b----b", "b----fb-----"),
        "3/4": ("b-----------", "b-------b---")}),
    "bass slow rock": Figure({
        "12/8": ("b-----b--f--", "b--b--b--b--", "b--b-bb--n--", "b-----b--b-n"),
        "6/8": ("b-----", "b--b-b")}),
    "bass sub": _four("b--------------.", "b-----....b-....", "b--...b-........", "b--b--....b-...b", legato=0.95),
    "bass dnb": _four("b-------........|....b-----..b-..", "b-----..b-......", "b---------b---e-"),
    "bass gallop": _four("b-bbb-bbb-bbb-bb", "b-bbb-bbb-bbb-bb|b-bbb-bbe-eebnbb", legato=0.8),
    "bass sixteenths": _four("bbbbbbbbbbbbbbbb", "b-bbb-bbb-bbbbbb", legato=0.75),
    "bass tuba": Figure({
        "4/4": ("b-..f-..b-..f-..", "b...f...b...f.n."),
        "2/4": ("b-..f-..",),
        "6/8": ("b..f..",),
        "3/4": ("b-..........",)}, legato=0.7),
    "bass dembow": _four("b-----b-....b-..", "b-....b.b-....b.", legato=0.8),
    "bass push": _four("b-----b-----b---", "b-----b-----b-b-", "b--b--b---b-b---", "-.b---b-b-----b-|--....b-b-----b-"),
    "pedal point": _four("b---------------", "b-b-b-b-b-b-b-b-"),
    "bass galloped": _four("b-bbb-bbb-bbb-bb", "bb-bbb-bbb-bbb-b", legato=0.7),
    "bass octaves": _four("b-e-b-e-b-e-b-e-", "b.beb.beb.beb.be", "b-b-e-b-b-b-e-b-", legato=0.8),
    "bass wobble": _four("b-bbb-b-b-b-bbbb", "b---b-b-bbb-b-b-", "b-b-b-b-bbbbbbbb", "b-----bbb-b-b---", legato=0.95),
    "bass threes": Figure({
        "12/8": ("b-bb-bb-bb-b", "b--b--b--b--", "bbbbbbbbbbbb", "b-fb-eb-fb-n"),
        "6/8": ("b-bb-b", "b--b--", "bbbbbb", "b-fe-f"),
        "9/8": ("b-bb-bb-b", "b--f--e--"),
        "4/4": ("b-bb-bb-bb-b",)}, legato=0.85),
    "cello line": _four("b-------n-------", "b---m---f---n---", "b-------------n-", "b-----n-b-------"),
}

COMP: dict[str, Figure] = {
    "hold": _four("x---------------", legato=0.98),
    "halves": _four("x-------x-------", legato=0.95),
    "quarters": _four("x---x---x---x---", "X---x---X---x---", legato=0.75),
    "quarters short": _four("s...s...s...s...", "X...s...X...s..."),
    "eighths": _four("x-x-x-x-x-x-x-x-", "X-x-x-x-X-x-x-x-", "x.x.x.x.x.x.x.x.", legato=0.85),
    "strum pop": _four(
        "x---x-u-..u-x-u-", "x---x-u-x---x-u-", "x-----u-..u-x-u-", "x---X-u-..u-X-u-", "x-ooX-uo-ouoX-u-",
        voicing="guitar"),
    "strum folk": Figure({
        "4/4": ("b---x-u-f---x-u-", "b---x---f---x---", "b---x-u-b---x-u-", "x---x-u-x-u-x-u-"),
        "3/4": ("b---x-u-x-u-", "b---x---x---", "x---x-u-x-u-"),
        "6/8": ("x--x-u", "x-xx-u", "b-xx-u"),
        "2/4": ("b---x---", "b---x-u-")}, "guitar"),
    "strum eighths": _four("x-x-x-x-x-x-x-x-", "x-u-X-u-x-u-X-u-", "x-u-x-u-x-u-xuxu", voicing="guitar"),
    "strum sixteenths": _four("x-uux-uux-uux-uu", "x-ouXuo-.uxuXuou", "x--ux-uoX-.uxuou", voicing="guitar"),
    "strum slow": _four(
        "x-------x-----u-", "x---------------", "x-------x---x---", "x-----x-----x-u-", voicing="guitar"),
    "boom chick": Figure({
        "4/4": ("b---x-..f---x-..", "b---X-u-f---X-u-", "b...s...f...s..."),
        "2/4": ("b---s---", "b-s-f-s-", "b-x-f-xu"),
        "3/4": ("b---x---x---", "b...s...s..."),
        "6/8": ("b-xf-x", "b.sf.s")}, legato=0.6),
    "backbeat": _four("....s.......s...", "....x-......x-..", "....X...........|....X.....o.s...", voicing="open"),
    "offbeats": _four("..s...s...s...s.", "..X...s...X...s.", "..su..su..su..su", voicing="open"),
    "reggae chop": _four("....s.......s...", "....su......su..", "..s...s...s...s.", voicing="close", legato=0.6),
    "organ bubble": _four("..x.x.x...x.x.x.", ".xsx.xsx.xsx.xsx", legato=0.6),
    "funk scratch": _four(
        "o.XooXo.ooXo.oXo", "X.oo.oXoo.XooooX", "oXo.ooXoo.oXo.Xo", "X.....X.....oXoo", "..oXo.ooX.oXo.oo", legato=0.5),
    "stabs": _four(
        "x-....x-........", "s..s..s.....s...", "......x-....s...", "X-....s...x-....", "s.........s..s..",
        "......X---......", legato=0.8),
    "charleston": _four(
        "x---..x-........", "x---..x---......|..x-....x-......", "......x-......x-", "..x-..x-....x---",
        voicing="rootless", legato=0.7),
    "jazz comp": _four(
        "......x-....s...|..x---....s.....", "x-....s.......x-|-.....x---..s...", "....s.......s-..",
        "..s.......x-....", "x-------......s.|......s.....x---", voicing="rootless", legato=0.8),
    "freddie green": _four("s...s...s...s...", "s...X...s...X...", voicing="shell", legato=0.9),
    "bossa comp": _four("x---..x-....x---|....x-....x-....", "x-..s..x-...x-..", voicing="guitar", legato=0.8),
    "samba comp": Figure({"2/4": ("s.s.ss.s", "s.ss.s.s|.s.ss.s."), "4/4": ("s.s..s.ss.s..s.s",)}, legato=0.7),
    "montuno": _four(
        "0.24.42.0.4.2.4.", "x.2.x.2.x..2.x2.", "0.x..x0..x..0.x.|.x.0.x.0x..0.x..", voicing="octave", legato=0.7),
    "tresillo": _four("x-----x-----x---", "x--x--x-x--x--x-", "s.....s.....s...", legato=0.8),
    "dembow chords": _four("...s..s....s..s.", "x-----x-....x---"),
    "house piano": _four("x--x--x---x--x--", "X--x--x-..x--x-.", "..x-..x---x-..x-", legato=0.7),
    "power eighths": _four("xxxxxxxx", "XxxxXxxx", "Xxxxxxxx|XxxxxxXx", voicing="power", legato=0.8),
    "power muted": _four("Xooxooxo", "XoooXooo", "XoXooXoo", "X-oooooo", voicing="power", legato=0.75),
    "power hold": _four(
        "X---------------", "X-------X-------", "X-----------X-x-", "X---X---X-----X-", voicing="power", legato=0.95),
    "power gallop": _four("XoxxXoxxXoxxXoxx", "X-ooX-ooX-ooX-xx", "ooooooooooooooxx", voicing="power", legato=0.7),
    "power sixteenths": _four("XxxxXxxxXxxxXxxx", "Xxoxxoxxoxxoxxoo", voicing="power", legato=0.7),
    "power syncopated": _four(
        "X--X--X---x-x---", "X-----x-..x-X---", "X-x-..x-.x--X-x-", "..X-..X-..X-X-X-", "X-..X-.XX-..X---",
        voicing="power"),
    "blues shuffle": _four("x-x-x-x-x-x-x-x-", "0-0-2-2-3-3-2-2-", "b-b-b-b-b-b-b-b-", voicing="power", legato=0.8),
    "waltz chords": Figure({
        "3/4": ("....x---x---", "....s...s...", "....x-x-x-..", "....x-------"),
        "6/8": (".xx.xx", "..x..x")}, legato=0.6),
    "slow triplets": Figure({
        "12/8": ("xxxxxxxxxxxx", "Xxxxxxxxxxxx", "x-xx-xx-xx-x"),
        "6/8": ("xxxxxx", "x-xxxx"),
        "4/4": ("xxxxxxxxxxxx",)}, legato=0.85),
    "polka chords": Figure({
        "2/4": ("..s...s.", "..s.ss.."),
        "4/4": ("..s...s...s...s.", "....s.......s..."),
        "6/8": (".ss.ss", "..s..s")}, legato=0.5),
    "tango chords": _four("s...s...s...s...", "s.....s.s...s...", "X...s...s...s.ss", legato=0.6),
    "tremolo": _four("xxxxxxxxxxxxxxxx", legato=1.0),
    "pulse": _four("x-x-x-x-x-x-x-x-", "x-----x-----x---", legato=0.9),
    "rhodes": _four(
        "x-----x---------", "x--x------x-----", "x---------------|......x---------", "..x-------x-----",
        voicing="rootless"),
    "choir swell": Figure({"4/4": ("x---------------", "x-------x-------")}, "open", 1.0),
    "mandolin chop": Figure({
        "4/4": ("....s.......s...", "..s...s...s...s."),
        "2/4": ("..s...s.",),
        "3/4": ("....s...s...",),
        "6/8": ("...s..",)}, legato=0.4),
    "brass stabs": _four(
        "X-..............|......X-........", "X..X..X.........", "............s.X-",
        "s.s.....X---....|................", "......s.X-......"),
    "gate": _four("x.xx.xx.x.xx.xx.", "xx.xx.x.xx.xx.x.", "x.x.xxx.x.x.xxx.", "xxxxxxxxxxxxxxxx", legato=0.6),
    "ostinato": Figure({
        "4/4": ("XxxxXxxxXxxxXxxx", "X-xxX-xxX-xxX-xx", "X-x-xxX-x-xxX-x-", "X-X-xxxxX-X-xxxx"),
        "6/8": ("XxxXxx", "Xxxxxx", "X-xX-x", "XxXxXx"),
        "12/8": ("XxxXxxXxxXxx", "X-xX-xX-xX-x"),
        "3/4": ("XxxxXxxxXxxx", "X-x-x-"),
        "5/4": ("X-xxX-xxX-xxX-x-X-x-", "X-x-x-X-x-X-x-x-X-x-"),
        "7/8": ("XxXxXxx", "XxxXxXx"),
        "9/8": ("XxxXxxXxx",)}, legato=0.6),
    "fanfare": _four("X-XXX---X-------", "X---X-XXX-------", "X-----X-X---X---", legato=0.8),
    "swells": _four("x---------------|----------------", "x-----------x---", legato=1.0),
    "threes": Figure({
        "12/8": ("X-xX-xX-xX-x", "X--x--X--x--", "XxxXxxXxxXxx", "X-xx-xX-xx-x"),
        "6/8": ("X-xX-x", "X--x--", "Xxxxxx", "X-xx-x"),
        "9/8": ("X-xX-xX-x", "X--x--x--"),
        "4/4": ("X-xX-xX-xX-x", "XxxXxxXxxXxx")}, "guitar", 0.85),
    "power threes": Figure({
        "12/8": ("XxxXxxXxxXxx", "X-xX-xX-xX-x", "XooXooXooXoo", "X-----X--X-x"),
        "6/8": ("XxxXxx", "X-xX-x", "XooXoo", "X--X-x"),
        "9/8": ("XxxXxxXxx", "X-oX-oX-o"),
        "4/4": ("XxxXxxXxxXxx", "XooXooXooXoo")}, "power", 0.8),
    "off-beat chops": _four("..s...s...s...s.", "..s...ss..s...ss", "..x-..x-..x-..x-", voicing="guitar", legato=0.6),
    "bell": _four("x-----------....", "x-------....x---"),
}

ARPEGGIO: dict[str, Figure] = {
    "alberti": Figure({
        "4/4": ("1-3-2-3-1-3-2-3-", "1323132313231323"),
        "3/4": ("132323", "1-3-2-3-2-3-"),
        "2/4": ("1-3-2-3-", "13231323"),
        "6/8": ("123232", "132321"),
        "12/8": ("123232123232",),
        "9/8": ("123232323",)}, legato=1.0),
    "broken": Figure({
        "4/4": ("0-1-2-3-2-1-2-1-", "0123212123432121", "01230123"),
        "3/4": ("0-1-2-3-2-1-", "012321"),
        "6/8": ("012321", "024542"),
        "12/8": ("012321012321", "024542024542"),
        "9/8": ("012321212",),
        "2/4": ("01232121",)}, legato=1.0),
    "nocturne": Figure({
        "4/4": ("0-2-4-5-4-2-4-2-", "0-2-3-4-5-4-3-2-", "024542024542"),
        "6/8": ("024642", "024542"),
        "12/8": ("024642024642", "024545424242"),
        "3/4": ("0-2-4-5-4-2-", "0-3-4-6-4-3-"),
        "9/8": ("024546424",),
        "2/4": ("0-2-4-2-", "024242")}, legato=1.1),
    "sweep": Figure({
        "4/4": ("0246864202468642", "0123456765432121", "024686024686"),
        "3/4": ("024686420242", "012345654321"),
        "6/8": ("024686", "0-2-4-6-8-6-"),
        "2/4": ("02468642",),
        "12/8": ("024686864202", "012345654321")}, legato=1.1),
    "travis": _four("0-4-2-5-0-4-2-4-", "0---2-4-0---2-5-", "0-5-2-4-0-4-2-5-", "0-4-2-4-0-5-2-4-", legato=1.2),
    "picked": Figure({
        "4/4": ("0-2-3-4-5-4-3-2-", "0-3-4-5-4-3-4-3-", "0---3-4-5---4-3-"),
        "3/4": ("0-3-4-5-4-3-", "0---3-4-5-4-"),
        "6/8": ("034543", "023432"),
        "12/8": ("034543034543",)}, legato=1.3),
    "sixteenths up": _four("2345234523452345", "3454345434543454", "2346234623462346", "5432543254325432", legato=0.7),
    "eighths up": _four("23452345", "24352435", "34543454", legato=0.8),
    "trance": _four("3.4.5.4.3.4.6.4.", "3453645334536453", "3..4..5..3..4.5.", legato=0.6),
    "three three two": _four("3--4--5-3--4--5-", "3--5--4-3--5--6-", legato=0.9),
    "chip": _four("2342342342342342", "2345234523452345", "2424242424242424", "234234234234234234234234", legato=0.8),
    "arpeggio threes": Figure({
        "12/8": ("234234234234", "345435345435", "2-32-32-32-3"),
        "6/8": ("234543", "345345", "234234"),
        "9/8": ("234345456", "234543234"),
        "4/4": ("234345234345", "345435345435")}, legato=0.8),
    "harp": Figure({
        "4/4": ("0123456787654321", "0-2-4-6-8-6-4-2-"),
        "3/4": ("0-2-4-6-5-4-", "012345678765")}, legato=1.3),
    "banjo roll": _four("3453453435345345", "3546354635463546", "5343534553435345", legato=0.6),
    "repeated": Figure({
        "4/4": ("1-x-x-x-1-x-x-x-", "0-x-x-x-x-x-x-x-"),
        "3/4": ("0-x-x-x-x-x-",),
        "6/8": ("0xxxxx", "0xx0xx"),
        "2/4": ("0-x-x-x-",),
        "12/8": ("0xx0xx0xx0xx",)}, legato=0.7),
}

PIANO: dict[str, Figure] = {
    "after beats": Figure({
        "4/4": ("..x-..x-..x-..x-", "....x-......x-..", "b-x-b-x-b-x-b-x-"),
        "2/4": ("..x-..x-", ".x.x.x.x", "b-x-b-x-"),
        "3/4": ("..x-..x-..x-", "....x---x---"),
        "6/8": (".x-.x-", ".xx.xx"),
        "3/8": (".xx", ".x-")}, legato=0.7),
    "syncopation": Figure({
        "4/4": ("..x---x---x---x-|--x---x---x---x-", "x-x---x---x---x-"),
        "2/4": ("..x---x-|--x---x-", ".x-x-x-x"),
        "3/4": ("..x---x---x-|--x---x---x-", "x-x---x---x-"),
        "6/8": (".x-.x-", "xx-xx-")}, legato=0.95),
    "triplets": Figure({
        "4/4": ("024242024242", "0xx0xx0xx0xx", "042042042042"),
        "2/4": ("024242", "0xx0xx"),
        "3/4": ("024242424", "0xx0xx0xx"),
        "6/8": ("024242", "0-2-4-2-4-2-"),
        "9/8": ("024242424",),
        "12/8": ("024242024242",)}, legato=1.05),
    "hemiola": Figure({
        "3/4": ("b---x---b---|x---b---x---", "b---x---x---|b---x---x---|b---x---b---|x---b---x---"),
        "4/4": ("b---x---b---x---",)}, legato=0.8),
    "left waltz": Figure({
        "3/4": ("b---x---x---", "B...x...x...", "b---x---x---|f---x---x---", "b...s...s...")}, legato=0.8),
    "left stride": Figure({
        "4/4": ("B---x---f---x---", "b...s...f...s...", "B...x...B...x..."),
        "2/4": ("b-s-f-s-", "B-x-f-x-"),
        "2/2": ("B---x---f---x---",)}, legato=0.75),
    "left march": Figure({
        "4/4": ("b...s...b...s...", "B---x---B---x-x-"),
        "2/4": ("b-s-f-s-", "b...s.s."),
        "6/8": ("b-sf-s",)}, legato=0.7),
    "left octaves": _four("B-------B-------", "B---B---B---B---", "B---------------", "B---0-2-4---2-1-"),
    "left ballad": Figure({
        "4/4": ("b-2-4-------2-4-", "b-------f---x---", "b---x---b---x---", "B-----f-x---f---"),
        "6/8": ("b-24-2", "b--x--"),
        "12/8": ("b-24--b-24-2",),
        "3/4": ("b---x-------", "b-2-4-------")}, "open", 1.1),
    "block ballad": Figure({
        "4/4": ("x---x---x---x---", "x-------x---x---", "X---x-x-x---x-x-"),
        "6/8": ("x--x--", "x-xx-x"),
        "3/4": ("x---x---x---",)}, legato=0.95),
    "rag chords": Figure({"2/4": (".xx-.xx-", "x.xx.xx.")}, legato=0.8),
}
