"""One recording of an archive: fetched if it is far away, analysed, and told in a row."""

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from onpu.archive.manifest import Entry
from onpu.archive.rows import OK, failed, summary_of
from onpu.errors import AudioError, OnpuError, told_of
from onpu.files import Json
from onpu.licensing import Licence
from onpu.version import __version__

MOST_FETCHED = 2**31
"""Bytes of a recording that is fetched."""


@dataclass(frozen=True)
class ArchiveJob:
    """What is done with every recording. tasks: None: all. threads: of torch. jams: whether its JAMS are kept."""

    tasks: tuple[str, ...] | None = None
    licence: Licence = "default"
    device: str = "auto"
    threads: int = 1
    jams: bool = False
    weights: tuple[str, ...] = ()

    @property
    def asked(self) -> Json:
        """What the rows depend on."""
        return {"onpu": __version__, "tasks": self.tasks, "licence": self.licence, "weights": self.weights,
                "jams": self.jams}


def analysed(entry: Entry, work: ArchiveJob) -> Json:
    """The row of a recording; whatever goes wrong is told in it."""
    import torch

    from onpu.analysis import analyze

    torch.set_num_threads(work.threads)
    begun = time.monotonic()
    try:
        with _local(entry) as path:
            timeline = analyze(path, tasks=work.tasks, licence=work.licence, device=work.device)
            row: Json = {"file": entry.name, "status": OK, "error": None, "attempts": 1, "onpu": __version__,
                         "weights": list(work.weights), **summary_of(timeline)}
            content = timeline.to_dict()
            del content["duration"]
            json.dumps(content, allow_nan=False)  # raises where it cannot be kept
            row |= content
            if work.jams:
                row["jams"] = _jams(timeline, path)
    except Exception as error:
        return failed(entry.name, told_of(error, entry.name, entry.place), 1, time.monotonic() - begun)
    return row | {"seconds": time.monotonic() - begun}


@contextmanager
def _local(entry: Entry) -> Iterator[Path]:
    """The recording as a file, which is taken away again where it was fetched."""
    if not entry.remote:
        yield Path(entry.place)
        return
    try:
        import fsspec
    except ImportError:
        raise OnpuError(f"{entry.name}: addresses are opened by fsspec; pip install 'onpu[archive]'") from None
    with tempfile.TemporaryDirectory(prefix="onpu-") as folder:
        path = Path(folder) / (Path(entry.place.rpartition("/")[2]).name or "recording")
        try:
            with fsspec.open(entry.place, "rb") as source, path.open("wb") as target:
                while block := source.read(2**20):
                    target.write(block)
                    if target.tell() > MOST_FETCHED:
                        raise AudioError(f"{entry.name}: is larger than {MOST_FETCHED // 2**30} GiB; cut it")
        except OnpuError:
            raise
        except Exception as error:
            raise AudioError(f"{entry.name}: cannot be fetched ({type(error).__name__}: {error})") from error
        yield path


def _jams(timeline: "object", path: Path) -> Json:
    """JAMS of a timeline as an object."""
    from onpu.formats.about import read_about
    from onpu.formats.jams import write_jams
    from onpu.music import Timeline

    assert isinstance(timeline, Timeline)
    about = read_about(path)
    with tempfile.TemporaryDirectory(prefix="onpu-") as folder:
        (written,) = write_jams(timeline, Path(folder) / "row.jams", title=about.title, artist=about.artist)
        found: Json = json.loads(written.read_text(encoding="utf-8"))
    return found
