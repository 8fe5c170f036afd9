"""Figures of music whose beat is a custom (`styles.customs`), written as in `figures`; and all of them by name."""

from onpu.engine.compose.figures import ARPEGGIO, BASS, COMP, PIANO, Figure


def _four(*patterns: str, voicing: str = "close", legato: float = 0.92) -> Figure:
    return Figure({"4/4": patterns}, voicing, legato)


CUSTOMS: dict[str, Figure] = {
    "dub bass": _four(
        "b-----..f-..b---|....b-f-h-f-....",
        "..b-b-..f---....",
        "b-b-b-..........|..f-f-..h-f-....",
        "b---....b-..n---|....m-f-b---....",
        "b-..b-..b-..f-m-",
        legato=0.85,
    ),
    "steppers bass": _four("b-b-..b-b-..f-..", "b---b---b-b-f-m-|b---b-f-b---....", "b-..b-b-f-..e-f-", legato=0.8),
    "dub chop": _four("....s.......s...", "....s..o....s..o", "....X..o..o.X..o", "....ss......ss..", legato=0.4),
    "shuffled organ": _four("..xs..xs..xs..xs", ".xs..xs..xs..xs.", "..x..xs...x..xs.", legato=0.5),
    "ragga bass": _four("b--b--b---......", "b--b--b-b-..n---", "b.....b.....b...|b--b--b-..m-n---", legato=0.8),
    "ragga keys": _four("...s..s....s..s.", "s.....s.....s...", "x--x--x-........|....s...x-......", legato=0.6),
    "perreo plucks": _four("...s..s....s..s.", "s..s..s.s..s..s.", "..s...s..s..s...|..s...s..s....s.", legato=0.5),
    "drill bass": _four("b-----b-----..e-|..b---....b-e-n-", "b-----..e-..b---|..b-..n---......", legato=0.95),
    "vienna chords": Figure(
        {"3/4": (".......s........s.......", ".......s-.......s-......", "....s...s...")}, legato=0.5
    ),
    "waltz comp": Figure(
        {
            "3/4": (
                "x-....x-....",
                "......x-..s.|x-....s.....",
                "..s...x-....|....x---....",
                "x-........s.|....s.....x-",
            )
        },
        "rootless",
        0.7,
    ),
    "pompe in three": Figure({"3/4": ("s...s...s...", "b...s...s...|b...s...s.s.", "s...X...s...")}, "shell", 0.5),
    "scherzo chords": Figure(
        {"3/4": ("s...s...s...", "....s...s...|s...........", "X...........|....s...s...", "s.s.s.s.s.s.")}, legato=0.5
    ),
    "oompah horns": Figure(
        {"2/4": ("..s...s.", "..s.s.s.", "..s...ss"), "3/4": ("....s...s...", "....s.s.s...")}, legato=0.5
    ),
    "cavaquinho": Figure({"2/4": ("s.ss.s.s|.s.ss.s.", ".ss.s.ss|s.s.ss.s", "s.s.ss.s")}, "guitar", 0.5),
    "choro guitar": Figure({"2/4": ("b-s.f-ss", "b-ss.sf.", "b..sf.s.")}, "guitar", 0.6),
    "choro bass": Figure({"2/4": ("b-..f-.n", "b-m-f-hn", "b---fhfm", "b-..b-f-")}, legato=0.8),
    "parade horns": Figure({"2/4": ("..s...s.", "s.ss..s.", "X-s.s.s.")}, legato=0.6),
}

FIGURES: dict[str, Figure] = {**BASS, **COMP, **ARPEGGIO, **PIANO, **CUSTOMS}
"""All figures, by name."""
