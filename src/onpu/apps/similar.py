"""`onpu index`, `onpu similar`, `onpu playlist`, `onpu recommend`: songs that are like others."""

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps import flags
from onpu.apps.recordings import InputFile, recordings
from onpu.errors import OnpuError, suggestion

if TYPE_CHECKING:
    from onpu.similar.describing import Descriptors
    from onpu.similar.index import Index
    from onpu.similar.search import By

DEFAULT_INDEX = Path("music.index")
Where = Annotated[Path, typer.Option("--index", "-i", help="Folder of the index, as onpu index wrote it.")]
DeviceFlag = Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
WayFlag = Annotated[str, typer.Option(help="timbre: instruments, density and colour; cover: the course of harmony and "
                                           "melody, whatever key, tempo and instruments.")]


def index(
    files: Annotated[list[str], typer.Argument(help="Recordings, folders of recordings, patterns or @list.txt.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the index; named again, it goes on.",
                                      callback=flags.no_file)
                   ] = DEFAULT_INDEX,
    device: DeviceFlag = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Listen to recordings once and keep what songs are compared by. What is there already is left out.

    A recording that cannot be read does not stop the others; the exit code is then 1.
    """
    from rich.console import Console
    from rich.progress import Progress

    from onpu.similar.describing import describe, systems
    from onpu.similar.index import IndexWriter

    items = recordings(files, Path("."))
    chosen = systems(device)
    recipe = chosen.cover.recipe
    sizes = {"timbre": chosen.timbre.recipe.size, "cover": recipe.size, "code": recipe.bits // 8}
    failures: list[str] = []
    added = 0
    console = Console(stderr=True)
    with IndexWriter(out, chosen.hashes, sizes) as writer, Progress(
            console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        work = bar.add_task("listening", total=len(items))
        for item in items:
            try:
                facts = item.path.stat()
                if not writer.has(item.path, facts.st_size, facts.st_mtime_ns):
                    writer.add(item.path, facts.st_size, facts.st_mtime_ns, describe(item.path, device=device))
                    added += 1
            except OnpuError as error:
                failures.append(str(error) if item.name in str(error) else f"{item.name}: {error}")
            except OSError as error:
                failures.append(f"{item.name}: {error.strerror or error}")
            bar.advance(work)
    for failure in failures:
        typer.echo(f"onpu: {failure}", err=True)
    if not quiet:
        typer.echo(f"{out}: {added} recordings listened to, {len(items) - added - len(failures)} were there, "
                   f"{len(failures)} failed")
    if failures:
        raise typer.Exit(1)


def similar(
    file: Annotated[str, typer.Argument(help="A recording, in the index or not.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many songs.")] = 10,
    by: WayFlag = "timbre",
    where: Where = DEFAULT_INDEX,
    as_json: JsonFlag = False,
    device: DeviceFlag = "auto",
) -> None:
    """The songs of an index that are most like a recording. As covers, other arrangements of it are found."""
    from onpu.similar.search import nearest

    opened, way = _opened(where), _way(by)
    row = opened.row(Path(file))
    found = _described(opened, file, device) if row is None else opened.descriptors(row)
    matches = nearest(opened, found, count, way, () if row is None else (row,))
    if as_json:
        typer.echo(json.dumps([{"file": match.file, "similarity": round(match.similarity, 4),
                                "semitones": match.semitones, "same": match.same} for match in matches],
                              ensure_ascii=False))
        return
    if not matches:
        typer.echo(f"{file}: nothing to compare; it is silent, or too short, or the index holds nothing else")
        return
    _table(("similarity", "key" if way == "cover" else "", "", "song"),
           [(f"{match.similarity:.2f}", "" if match.semitones is None else f"{match.semitones:+d}",
             "same song" if match.same else "", match.file) for match in matches])


def playlist(
    first: Annotated[str, typer.Argument(help="The song it begins with, in the index.")],
    last: Annotated[str, typer.Argument(help="The song it leads to, in the index.")],
    count: Annotated[int, typer.Option("--count", "-n", min=2, help="How many songs, both included.")] = 8,
    by: WayFlag = "timbre",
    where: Where = DEFAULT_INDEX,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write it as a playlist (.m3u8).",
                                             callback=flags.no_folder)] = None,
    as_json: JsonFlag = False,
) -> None:
    """Songs that lead from one to another in small steps."""
    from onpu.files import write_text
    from onpu.similar.playlist import path

    opened = _opened(where)
    rows = path(opened, _row(opened, first), _row(opened, last), count, _way(by))
    names = [opened.file(row) for row in rows]
    if out is not None:
        seconds = [round(float(opened.place[row]["seconds"])) for row in rows]
        lines = [f"#EXTINF:{length},{Path(name).stem}\n{Path(name).absolute()}"
                 for length, name in zip(seconds, names, strict=True)]
        write_text(out, "#EXTM3U\n" + "\n".join(lines) + "\n")
    typer.echo(json.dumps(names, ensure_ascii=False) if as_json else "\n".join(names))


def recommend(
    plays: Annotated[Path, typer.Argument(help="Table of plays: user,song,count a line; songs as the index names "
                                               "them.")],
    user: Annotated[str, typer.Option(help="For whom.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many songs.")] = 10,
    where: Where = DEFAULT_INDEX,
    as_json: JsonFlag = False,
) -> None:
    """Songs that a listener has not played and may like: from who played what, and from how they sound."""
    from onpu.similar.recommend import Plays
    from onpu.similar.recommend import recommend as recommended

    opened = _opened(where)
    names = [opened.file(int(row)) for row in opened.rows]
    found = recommended(Plays.read(plays), user, names, opened.vectors["timbre"], count)
    if as_json:
        typer.echo(json.dumps([{"file": names[place], "liking": round(liking, 4), "played_by_others": played}
                               for place, liking, played in found], ensure_ascii=False))
        return
    _table(("liking", "", "song"), [(f"{liking:.2f}", "" if played else "by its sound", names[place])
                                    for place, liking, played in found])


def _opened(folder: Path) -> "Index":
    from onpu.similar.index import Index

    return Index.open(folder)


def _way(by: str) -> "By":
    from onpu.similar.search import WAYS

    for way in WAYS:
        if way == by:
            return way
    raise OnpuError(f"--by {by}: {suggestion(by, WAYS)}")


def _row(opened: "Index", file: str) -> int:
    row = opened.row(Path(file))
    if row is None:
        raise OnpuError(f"{file}: not in {opened.folder}; name it as onpu index was given it, or add it there")
    return row


def _described(opened: "Index", file: str, device: str) -> "Descriptors":
    """Descriptors of a recording that is not in the index. Raises `OnpuError` where it was made with others."""
    from onpu.similar.describing import describe, systems

    if systems(device).hashes != opened.about.get("weights"):
        raise OnpuError(f"{opened.folder}: was made with other weights; make it anew with onpu index")
    with tempfile.TemporaryDirectory(prefix="onpu-") as folder:
        items: list[InputFile] = recordings([file], Path("."), Path(folder))
        if len(items) != 1:
            raise OnpuError(f"{file}: {len(items)} recordings; give one")
        return describe(items[0].path, device=device)


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for heading in headings:
        table.add_column(heading, justify="right" if heading in ("similarity", "liking", "key") else "left")
    for row in rows:
        table.add_row(*row)
    Console().print(table, markup=False)
