"""A whole recording in one strip of HTML and SVG, without scripts: what notebooks show of a timeline.

    facts     Eb major · 4/4 · 120 beats a minute · 3:05 · rock · tense
    sections  | verse      | chorus      |
    keys      | Eb major                 |
    chords    |Eb |Cm7|Ab  |Bb7 |Eb      |    coloured by the root, as on the page
    bars      |   |   |   |   |   |   |  |    beats between them where there is room
    notes     how many are struck, and so of drum hits
    voice     where somebody sings
    guitar    where it plays, and so each other instrument
"""

from collections.abc import Callable, Iterator
from html import escape

import numpy as np

from onpu.errors import LabelError
from onpu.formats.report.pitch_colours import colour_of
from onpu.music import Instruments, Timeline, harte, spelling
from onpu.music.bars import bars
from onpu.music.segments import Segments
from onpu.music.symbols import symbol
from onpu.music.words import in_words

LEFT, WIDTH = 56.0, 904.0
"""Units of the drawing that the captions take, and the recording."""
GAP, TALL, LOW = 4.0, 20.0, 12.0
"""Units between rows, and how high those with texts and those without are."""
LETTER = 6.6
"""Units that a letter takes, at most on average."""
LEAST = 0.5
"""Units that a box takes at least; of several that begin within them the first is drawn."""
APART = 3.0
"""Units from which on boxes are parted by a gap, beats are drawn between bars, and each bar is drawn."""
BINS = 226
"""Stretches of the recording in which notes and hits are counted."""
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)
MOST_MARKS = 10
"""Seconds between marks of time, and marks at most."""
QUIET, SUNG, PLAYED, HIT = "#8a93a3", "#d77fa1", "#5a7be0", "#a9774f"
INK_ON_COLOUR = "#1b1f27"


def overview(timeline: Timeline) -> str:
    """The strip; rows of what was not looked for are left out."""
    rows: list[tuple[str, float, str]] = []

    def add(name: str, height: float, shapes: Iterator[str]) -> None:
        top = GAP + sum(tall + GAP for _, tall, _ in rows)
        drawn = "".join(shapes) or f'<text y="{height / 2 + 4:g}" opacity=".5">none</text>'
        rows.append((name, height, f'<g transform="translate({LEFT} {top:g})">{drawn}</g>'))

    scale = WIDTH / max(timeline.duration, 1e-3)
    for name, found, colour, text in (
            ("sections", timeline.sections, _plain, str), ("keys", timeline.keys, _tonic, _key_name),
            ("chords", timeline.chords, _root, _chord_name)):
        if found is not None:
            add(name, TALL, _boxes(found, scale, colour, text))
    if timeline.beats is not None:
        add("bars", LOW, _ticks(timeline, scale))
    if timeline.notes is not None:
        add("notes", TALL, _density(timeline.notes.onsets, timeline.duration, PLAYED))
    if timeline.drums is not None:
        add("drums", TALL, _density(timeline.drums.times, timeline.duration, HIT))
    if timeline.voice is not None:
        add("voice", LOW, _boxes(timeline.voice, scale, lambda label: SUNG, lambda label: ""))
    if timeline.instruments is not None:
        for name in timeline.instruments.names():
            own = timeline.instruments.select(timeline.instruments.labels == name)
            add(escape(name), LOW, _boxes(own, scale, lambda label: PLAYED, lambda label: ""))
    facts = f'<div style="font:600 13px system-ui,sans-serif;margin:4px 0">{escape(_facts(timeline))}</div>'
    if not rows:
        return facts
    bottom = GAP + sum(height + GAP for _, height, _ in rows)
    captions, top = [], GAP
    for name, height, _ in rows:
        captions.append(f'<text x="0" y="{top + height / 2 + 4:g}" opacity=".7">{name}</text>')
        top += height + GAP
    shapes = "".join(drawn for _, _, drawn in rows)
    size = f"width:100%;max-width:{LEFT + WIDTH:g}px;height:auto;font:11px system-ui,sans-serif"
    return (f'{facts}<svg viewBox="0 0 {LEFT + WIDTH:g} {bottom + 14:g}" style="{size}" fill="currentColor" role="img" '
            f'aria-label="Overview">'
            f'{"".join(captions)}{shapes}{"".join(_marks(timeline.duration, bottom))}</svg>')


def _facts(timeline: Timeline) -> str:
    """Key, metre, tempo, length and tags, as the page has them in its head."""
    key, metre, tempo = timeline.key, timeline.metre, timeline.tempo
    parts = []
    if key is not None and len(key.labels):
        parts.append(_key_name(str(key.labels[0])))
    if metre is not None and len(metre.times):
        parts.append(f"{metre.numerators[0]}/{metre.denominators[0]}")
    if tempo is not None and len(tempo.bpm):
        parts.append(f"{tempo.bpm[0]:.0f} beats a minute")
    parts.append(_clock(timeline.duration))
    if timeline.tags is not None and len(timeline.tags):
        parts.append(in_words(timeline.tags))
    return " · ".join(part for part in parts if part)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _boxes(found: Segments | Instruments, scale: float, colour: Callable[[str], str], text: Callable[[str], str]
           ) -> Iterator[str]:
    """A box a segment, with its text where there is room for it, and in the hint."""
    drawn = -1
    for start, end, label in zip(found.starts.tolist(), found.ends.tolist(), map(str, found.labels), strict=True):
        x, width, said = start * scale, max((end - start) * scale, LEAST), escape(text(label))
        if int(x / LEAST) == drawn:
            continue
        drawn = int(x / LEAST)
        wide, tall = width - 0.5 * (width > APART), TALL if said else LOW
        yield (f'<rect x="{x:.1f}" width="{wide:.1f}" height="{tall:g}" fill="{colour(label)}">'
               f"<title>{said or escape(label)} {_clock(start)}–{_clock(end)}</title></rect>")
        if said and len(said) * LETTER < width - 3:
            yield f'<text x="{x + 3:.1f}" y="14" fill="{INK_ON_COLOUR}" pointer-events="none">{said}</text>'


def _ticks(timeline: Timeline, scale: float) -> Iterator[str]:
    """Bars, every second, fourth … where they stand too close, and beats where they do not."""
    found = bars(timeline)
    grid, starts = found.grid[:-1] * scale, found.starts * scale
    if not len(grid):
        return
    bar = WIDTH / max(len(starts), 1)
    rows = [(starts[:: 2 ** max(0, int(np.ceil(np.log2(APART / bar))))], 1.2, LOW)]
    if len(grid) > 1 and np.median(np.diff(grid)) >= APART:
        rows.append((grid, 0.6, LOW / 2))
    for places, width, height in rows:
        lines = "".join(f"M{place:.1f} 0v{height:g}" for place in places.tolist() if place <= WIDTH)
        yield f'<path d="{lines}" stroke="currentColor" stroke-width="{width}" opacity=".7"/>'


def _density(times: np.ndarray, duration: float, colour: str) -> Iterator[str]:
    """How many there are in each stretch of the recording, over the most of any."""
    if not len(times):
        return
    counts, edges = np.histogram(times, BINS, (0, max(duration, 1e-3)))
    heights = TALL * counts / max(counts.max(), 1)
    steps = "".join(f"V{TALL - height:.1f}H{(i + 1) * WIDTH / BINS:.1f}" for i, height in enumerate(heights.tolist()))
    most = counts.max() / (edges[1] - edges[0])
    yield (f'<path d="M0 {TALL:g}{steps}V{TALL:g}Z" fill="{colour}"><title>{len(times)} in all, '
           f"{most:.1f} a second at most</title></path>")


def _marks(duration: float, top: float) -> Iterator[str]:
    """Times along the bottom."""
    step = next((step for step in STEPS if duration / step <= MOST_MARKS), STEPS[-1])
    for time in range(0, int(duration) + 1, step):
        x = LEFT + time * WIDTH / max(duration, 1e-3)
        if x < LEFT + WIDTH - 20:
            yield f'<text x="{x:.1f}" y="{top + 10:g}" opacity=".7" font-size="10">{_clock(time)}</text>'


def _plain(label: str) -> str:
    return QUIET


def _tonic(label: str) -> str:
    try:
        return colour_of(spelling.parse_key(label)[0])
    except LabelError:
        return colour_of(None)


def _key_name(label: str) -> str:
    return label.replace(":", " ")


def _root(label: str) -> str:
    try:
        root = harte.parse(label).root
    except LabelError:
        root = -1
    return colour_of(root if root >= 0 else None)


def _chord_name(label: str) -> str:
    try:
        return symbol(label) if label != "N" else "N"
    except LabelError:
        return label
