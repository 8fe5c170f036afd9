"""Files that come from the page: recordings into the library, those of words beside them or onto a song."""

from collections.abc import Iterable
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from onpu.errors import FormatError, OnpuError
from onpu.files import Json
from onpu.workbench import words
from onpu.workbench.bodies import json_body
from onpu.workbench.service import WorkbenchService
from onpu.workbench.uploads import Received, UploadError, kind_of, receive

LONGEST_TEXT = 20_000
"""Letters of the words of a song."""
BROKEN_OFF = "the upload broke off before its end; send it again"
ALONE = "has words, and no recording of that name came with it; give both together, or drop it onto the open song"


def add_uploads(app: FastAPI, service: WorkbenchService) -> None:
    """Add the addresses to which files are sent."""
    library = service.library

    @app.post("/api/songs")
    async def upload(request: Request) -> JSONResponse:
        if await run_in_threadpool(library.count) >= service.limits.songs:
            raise UploadError(f"the library has {service.limits.songs} songs, the most; delete some", 507)
        try:
            received = await receive(request.stream(), request.headers.get("content-type", ""), library.incoming,
                                     service.limits, lambda path: kind_of(path) or words.kind_of_words(path))
        except ClientDisconnect:
            raise UploadError(BROKEN_OFF, 400) from None
        told = await run_in_threadpool(_added, service, received)
        service.analyses.wake()
        return JSONResponse({"songs": told}, 201 if any("id" in each for each in told) else 422)

    @app.post("/api/songs/{song}/words")
    async def read_words(song: str, request: Request) -> JSONResponse:
        await run_in_threadpool(library.ready, song)
        try:
            received = await receive(request.stream(), request.headers.get("content-type", ""), library.incoming,
                                     service.limits, words.kind_of_words, words.ACCEPTED)
        except ClientDisconnect:
            raise UploadError(BROKEN_OFF, 400) from None
        try:
            good = [each for each in received if not each.error]
            if not good:
                return JSONResponse({"error": f"{received[0].name}: {received[0].error}"}, 422)
            return JSONResponse({"corrections": await run_in_threadpool(
                service.words, song, good[0].path, good[0].suffix, good[0].name)})
        finally:
            _swept(each.path for each in received)


    @app.post("/api/songs/{song}/placed")
    async def place_words(song: str, request: Request) -> JSONResponse:
        lines = (await json_body(request, service.limits.json_bytes)).get("lines")
        if not isinstance(lines, list) or not lines or not all(isinstance(line, str) for line in lines):
            raise FormatError("lines is a list of texts: what is sung, line by line")
        if sum(map(len, lines)) > LONGEST_TEXT:
            raise FormatError(f"more than {LONGEST_TEXT} letters; give the words of one song")
        return JSONResponse({"job": await run_in_threadpool(service.asked.place_words, song, lines)}, 202)


def _added(service: WorkbenchService, received: list[Received]) -> list[Json]:
    """Take over the recordings among files that have come, each with the words that came under its name; what is told
    of each file."""
    labels: dict[Path, Path] = {}
    try:
        sounds = {each.name: each for each in received if not each.error and each.suffix not in words.READERS}
        for each in received:
            if not each.error and each.suffix in words.READERS:
                _read(service, each, sounds.get(each.name), labels)
        good = [each for each in received if not each.error and each.suffix not in words.READERS]
        ids = dict(zip((each.path for each in good), service.library.add(
            [(each.path, each.name, each.suffix) for each in good], labels), strict=True))
    except BaseException:
        _swept(each.path for each in received)
        raise
    finally:
        _swept(labels.values())
        _swept(each.path for each in received if each.suffix in words.READERS)
    return [{"name": each.name, "error": f"{each.name}: {each.error}"} if each.error
            else {"name": each.name, "id": ids[each.path], "state": "waiting"}
            for each in received if each.error or each.path in ids]


def _read(service: WorkbenchService, file: Received, sound: Received | None, labels: dict[Path, Path]) -> None:
    """Have the words of a file among the labels of its recording; what is wrong with it becomes its error."""
    if sound is None:
        file.error = ALONE
        return
    out = file.path.with_suffix(".jams")
    try:
        service.words_as_labels(file.path, file.suffix, file.name, out)
        labels[sound.path] = out
    except OnpuError as error:
        file.error = str(error).removeprefix(f"{file.name}: ")


def _swept(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
