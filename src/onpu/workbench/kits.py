"""Drum kits of the library: those that come with onpu, those named when the server was started, those uploaded.

    kits/ID/kit.sf2, or kit.sfz with samples; title.txt     uploaded
    kits/rendered/KEY/ROW-LAYER.flac, rows.json             hits as the page fetches them
"""

import hashlib
import json
import secrets
import shutil
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from onpu.files import Json
from onpu.version import __version__
from onpu.workbench import drum_jobs
from onpu.workbench.library import ConflictError, UnknownSongError
from onpu.workbench.limits import Limits
from onpu.workbench.process import WorkerProcess
from onpu.workbench.uploads import Received, kind_of

RENDERED = "rendered"
ACCEPTED = "is no drum kit; send a soundfont (.sf2), or an .sfz file together with its samples"
SOUNDFONT, HEAD_BYTES = b"sfbk", 2**16


class KitShelf:
    """The kits. own: name -> soundfont or .sfz file named at the start."""

    def __init__(self, folder: Path, own: Mapping[str, Path], worker: WorkerProcess, limits: Limits):
        self.folder, self.named, self.worker, self.limits = folder, dict(own), worker, limits
        self._table: tuple[str, Json] = "", {}
        self._lock = threading.Lock()
        for path in folder.glob("**/.onpu-*"):
            shutil.rmtree(path, ignore_errors=True)

    def own(self) -> dict[str, str]:
        """Name -> path of the user's kits."""
        uploaded = {path.parent.name: path for path in sorted(self.folder.glob(f"*/{drum_jobs.KIT}.*"))}
        return {name: str(path) for name, path in (self.named | uploaded).items()}

    def table(self) -> Json:
        """Patterns, kits, and how hits are played."""
        own = self.own()
        key = json.dumps(own)
        with self._lock:
            if self._table[0] != key:
                self._table = key, self.worker.call(drum_jobs.told, {"own": own}, self.limits.answer_seconds)
        found = self._table[1]
        return found | {"kits": [self._entry(each) for each in found["kits"]]}

    def _entry(self, kit: Json) -> Json:
        """A kit of the table; uploaded ones have the name of their file as title, and can be removed."""
        identity, _, program = kit["name"].partition(":")
        title = self.folder / identity / drum_jobs.TITLE
        if not title.is_file():
            return kit | {"own": False}
        return kit | {"own": True, "title": title.read_text(encoding="utf-8") + (f", {program}" if program else "")}

    def hits(self, name: str) -> Json:
        """Row -> number of layers of a kit, whose hits are written where need be. Raises `UnknownSongError`."""
        rows = self._place(name) / drum_jobs.ROWS
        if not rows.is_file():
            return self.worker.call(drum_jobs.hits, {"name": name, "own": self.own(), "folder": str(rows.parent)},
                                    self.limits.answer_seconds)
        return {"rows": json.loads(rows.read_text(encoding="utf-8"))}

    def hit(self, name: str, row: str, layer: int) -> Path:
        """The file of a hit. Raises `UnknownSongError` where there is none."""
        if not 0 <= layer < self.hits(name)["rows"].get(row, 0):
            raise UnknownSongError("the kit has no such hit")
        return self._place(name) / f"{row}-{layer}.flac"

    def _place(self, name: str) -> Path:
        """Where the hits of a kit lie. Raises `UnknownSongError` where there is no such kit."""
        if name not in {each["name"] for each in self.table()["kits"]}:
            raise UnknownSongError("there is no such drum kit; it may have been removed")
        path = self.own().get(name.partition(":")[0])
        changed = Path(path).stat().st_mtime if path is not None else 0
        key = hashlib.sha256(json.dumps([name, path, changed, __version__]).encode("utf-8")).hexdigest()[:24]
        return self.folder / RENDERED / key

    def add(self, received: Sequence[Received]) -> list[Json]:
        """A kit of uploaded files, which are taken away; its entries of the table. Raises `DataError`."""
        try:
            if len(self.own()) - len(self.named) >= self.limits.kits:
                raise ConflictError(f"the library has {self.limits.kits} drum kits, the most; remove some")
            identity = secrets.token_hex(8)
            title = next((each.name for each in received if each.suffix in (".sf2", drum_jobs.SFZ)), "")
            self.worker.call(drum_jobs.install, {
                "files": [[str(each.path), each.name, each.suffix] for each in received],
                "folder": str(self.folder / identity), "title": title}, self.limits.answer_seconds)
            return [each for each in self.table()["kits"] if each["name"].partition(":")[0] == identity]
        finally:
            for each in received:
                each.path.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Take an uploaded kit away. Raises `UnknownSongError` where there is none."""
        identity = name.partition(":")[0]
        if identity not in self.own() or identity in self.named:
            raise UnknownSongError("only uploaded drum kits can be removed, and there is none of this name")
        shutil.rmtree(self.folder / identity, ignore_errors=True)


def kit_kind(path: Path) -> str:
    """The suffix for a soundfont, an .sfz file or a sample, by the first bytes; empty for anything else."""
    with open(path, "rb") as file:
        head = file.read(HEAD_BYTES)
    if head[:4] == b"RIFF" and head[8:12] == SOUNDFONT:
        return ".sf2"
    if b"<region>" in head and b"\0" not in head:
        return drum_jobs.SFZ
    return kind_of(path)

