"""A page about an archive: how much of it is done, lengths, tempi, keys, metres, what went wrong."""

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import numpy as np

from onpu.archive.merging import last_rows
from onpu.archive.rows import ERROR
from onpu.archive.store import read_description
from onpu.files import Json, write_text

COLUMNS = ["status", "error", "seconds", "duration", "tempo_bpm", "key_label", "time_signature"]
SHOWN_ERRORS, SHOWN_KEYS, SHOWN_METRES = 200, 24, 12
WIDTH, HEIGHT = 640, 160
STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#222}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}svg{width:100%;height:auto}rect{fill:#3b6ea5}
text{font-size:11px;fill:currentColor}table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left;
vertical-align:top;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}rect{fill:#7fb0e6}}"""


def write_archive_report(folder: Path, path: Path) -> None:
    """Write the page. Raises `DataError` where the folder holds no archive, `FormatError` where the page cannot be
    written, `OnpuError` without pyarrow."""
    described = read_description(folder)
    write_text(path, page(described, list(last_rows(folder, COLUMNS))))


def page(described: Json, rows: Sequence[Json]) -> str:
    """The page of these rows, HTML without scripts."""
    failures = [row for row in rows if row["status"] == ERROR]
    lengths = [row["duration"] for row in rows if row["duration"] is not None]
    tempi = [row["tempo_bpm"] for row in rows if row["tempo_bpm"] is not None]
    took = sum(row["seconds"] or 0.0 for row in rows)
    facts = [("recordings", f"{len(rows):,} of {described['count']:,}"), ("failed", f"{len(failures):,}"),
             ("sound", f"{sum(lengths) / 3600:,.1f} hours"), ("work", f"{took / 3600:,.1f} hours of a worker"),
             ("times real time, a worker", f"{sum(lengths) / took:.1f}" if took else "-"),
             ("tasks", ", ".join(described["tasks"] or ["all"])), ("licence", str(described["licence"])),
             ("onpu", str(described["onpu"]))]
    parts = ["<h1>Archive</h1>", _table(facts)]
    if lengths:
        parts += ["<h2>Lengths</h2>", _histogram(np.array(lengths) / 60, "minutes")]
    if tempi:
        parts += ["<h2>Tempi</h2>", _histogram(np.array(tempi), "beats a minute")]
    for title, name, shown in (("Keys", "key_label", SHOWN_KEYS), ("Time signatures", "time_signature", SHOWN_METRES)):
        counted = Counter(str(row[name]).replace(":", " ") for row in rows if row[name])
        if counted:
            parts += [f"<h2>{title}</h2>", _bars(counted.most_common(shown))]
    if failures:
        parts += ["<h2>Failed</h2>", _table((row["file"], row["error"] or "") for row in failures[:SHOWN_ERRORS])]
        if len(failures) > SHOWN_ERRORS:
            parts.append(f"<p>and {len(failures) - SHOWN_ERRORS:,} more</p>")
    return (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Archive</title>'
            f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>\n<body>\n'
            + "\n".join(parts) + "\n</body></html>\n")


def _table(rows: Iterable[tuple[str, str]]) -> str:
    cells = (f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in rows)
    return f"<table>{''.join(cells)}</table>"


def _histogram(values: np.ndarray, unit: str) -> str:
    """Counts of values in up to forty classes between the first and the 99th percentile."""
    low, high = np.percentile(values, [0, 99])
    counts, edges = np.histogram(np.clip(values, low, high), bins=min(40, max(1, len(set(values.tolist())))))
    wide = WIDTH / len(counts)
    bars = "".join(f'<rect x="{wide * place:.1f}" width="{max(wide - 1, 0.5):.1f}" y="{HEIGHT * (1 - share):.1f}" '
                   f'height="{HEIGHT * share:.1f}"><title>{edges[place]:.1f} to {edges[place + 1]:.1f}: {count}</title>'
                   "</rect>" for place, (count, share) in enumerate(zip(counts, counts / counts.max(), strict=True)))
    marks = "".join(f'<text x="{WIDTH * share:.0f}" y="{HEIGHT + 16}" text-anchor="{anchor}">'
                    f"{low + share * (high - low):.1f}</text>" for share, anchor in
                    ((0.0, "start"), (0.5, "middle"), (1.0, "end")))
    return (f'<svg viewBox="0 0 {WIDTH} {HEIGHT + 36}" role="img" aria-label="counts by {escape(unit)}">{bars}{marks}'
            f'<text x="{WIDTH / 2:.0f}" y="{HEIGHT + 32}" text-anchor="middle">{escape(unit)}</text></svg>')


def _bars(counted: Sequence[tuple[str, int]]) -> str:
    """Counts by name, a line each."""
    most = max(count for _, count in counted)
    lines = "".join(f'<text x="0" y="{20 * row + 14}">{escape(name)}</text>'
                    f'<rect x="110" y="{20 * row + 3}" height="14" width="{(WIDTH - 180) * count / most:.1f}"/>'
                    f'<text x="{115 + (WIDTH - 180) * count / most:.1f}" y="{20 * row + 14}">{count:,}</text>'
                    for row, (name, count) in enumerate(counted))
    return f'<svg viewBox="0 0 {WIDTH} {20 * len(counted) + 4}" role="img" aria-label="counts">{lines}</svg>'
