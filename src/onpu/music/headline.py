"""What is said of a piece in a line: its tempo, its key, its time signatures."""

from onpu.music.timeline import Timeline


def main_tempo(timeline: Timeline) -> float | None:
    """The likeliest tempo in beats a minute; None where there is none."""
    return float(timeline.tempo.bpm[0]) if timeline.tempo is not None and len(timeline.tempo.bpm) else None


def main_key(timeline: Timeline) -> str | None:
    """The label of the likeliest key, such as `F:minor`; None where there is none."""
    return str(timeline.key.labels[0]) if timeline.key is not None and len(timeline.key.labels) else None


def time_signatures(timeline: Timeline) -> list[str]:
    """Its time signatures, each once, in the order in which they come: `3/4`, `4/4`."""
    if timeline.metre is None:
        return []
    pairs = zip(timeline.metre.numerators, timeline.metre.denominators, strict=True)
    return list(dict.fromkeys(f"{above}/{below}" for above, below in pairs))
