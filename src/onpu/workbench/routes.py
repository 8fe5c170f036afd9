"""The addresses of the workbench, below /api; `docs/workbench.md` lists them."""

import json
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial
from importlib.resources import files
from typing import Annotated, Literal

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from onpu import formats
from onpu.errors import FormatError, OnpuError, suggestion
from onpu.files import Json
from onpu.workbench.adding import add_uploads
from onpu.workbench.answers import opened, songs_json
from onpu.workbench.bodies import disposition, json_body
from onpu.workbench.drum_routes import add_drum_routes
from onpu.workbench.guard import Guard, policy
from onpu.workbench.job_routes import add_job_routes
from onpu.workbench.learning_routes import add_learning
from onpu.workbench.library import ConflictError, UnknownSongError
from onpu.workbench.likeness import likely_json, split_query
from onpu.workbench.making_routes import add_making_routes
from onpu.workbench.process import BusyError
from onpu.workbench.service import TAGGED, WorkbenchService
from onpu.workbench.uploads import UploadError

PAGE = "page.html"
UNBUILT = "<!doctype html><title>onpu</title><p>The page of the workbench is not built; run: make web"
FORMATS = sorted([*formats.WRITERS, TAGGED])
STATUS = ((UnknownSongError, 404), (ConflictError, 409), (BusyError, 503))
"""Kinds of errors -> the status of their answer; 422 for others that can be mended."""
TYPES = {".wav": "audio/wav", ".mp3": "audio/mpeg", ".flac": "audio/flac", ".ogg": "audio/ogg", ".opus": "audio/ogg",
         ".m4a": "audio/mp4", ".webm": "audio/webm"}
KEPT_SECONDS = 0.5
"""How long the answer to a search may be given again while songs are analysed."""
LONGEST_TEXT = 500
"""Characters of who corrected, and of a note."""


def application(service: WorkbenchService, names: tuple[str, ...] = (), token: str = "") -> Guard:
    """The server's application over an open library. names, token: as of `Guard`."""
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service.start()
        yield
        await run_in_threadpool(service.close)

    app = FastAPI(title="onpu", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    page = _page()
    shown = page.encode("utf-8")
    _errors(app)
    add_uploads(app, service)
    _songs(app, service)
    _labels(app, service)
    add_learning(app, service, partial(json_body, most=service.limits.json_bytes))
    add_job_routes(app, service)
    add_drum_routes(app, service)
    add_making_routes(app, service)

    @app.get("/")
    async def index() -> HTMLResponse:
        return HTMLResponse(shown, headers={"Cache-Control": "no-cache"})

    @app.get("/api/state")
    def state() -> JSONResponse:
        limits = asdict(service.limits)
        return JSONResponse({"jobs": len(service.analyses.left()), "songs": service.library.count(),
                             "free_bytes": shutil.disk_usage(service.library.folder).free, "limits": limits,
                             "formats": FORMATS})

    return Guard(app, names, token, policy([page]))


def _page() -> str:
    page = files("onpu.workbench").joinpath(PAGE)
    return page.read_text(encoding="utf-8") if page.is_file() else UNBUILT


def _errors(app: FastAPI) -> None:
    """Every error is one line of JSON."""
    @app.exception_handler(OnpuError)
    def told(request: Request, error: Exception) -> JSONResponse:
        if isinstance(error, UploadError):
            return _error(error.status, str(error), {"Connection": "close"})
        return _error(next((status for kind, status in STATUS if isinstance(error, kind)), 422), str(error))

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return _error(error.status_code, "there is nothing at this address" if error.status_code == 404
                      else str(error.detail))

    @app.exception_handler(RequestValidationError)
    def wrong(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        return _error(422, f"{'.'.join(map(str, first['loc'][1:]))}: {first['msg']}")

    @app.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> JSONResponse:
        return _error(500, f"unforeseen {type(error).__name__}; please report it")


def _songs(app: FastAPI, service: WorkbenchService) -> None:
    """Songs: searching, cancelling, deleting, playing."""
    library, analyses = service.library, service.analyses
    kept: dict[tuple[object, ...], tuple[float, bytes]] = {}

    @app.get("/api/songs")
    def search(q: str = "", sort: str = "added", limit: Annotated[int, Query(ge=1, le=1000)] = 500,
               offset: Annotated[int, Query(ge=0)] = 0) -> Response:
        like, by, rest = split_query(q)
        if like:
            told, about = service.asked.likeness.like(service.asked.jobs, like, by, rest)
            return _json(likely_json(told, songs_json(analyses, [row for row, _ in told], service.age()), about))
        asked = (q, sort, limit, offset, library.revision)
        until, body = kept.get(asked, (0.0, b""))
        if time.monotonic() > until:
            body = json.dumps({"songs": songs_json(analyses, library.search(q, sort, limit, offset), service.age())},
                              ensure_ascii=False).encode("utf-8")
            if len(kept) > 100:
                kept.clear()
            kept[asked] = time.monotonic() + KEPT_SECONDS, body
        return _json(body)

    @app.delete("/api/songs/{song}")
    def delete(song: str) -> JSONResponse:
        if library.song(song)["state"] in ("waiting", "analysing"):
            analyses.cancel(song)
        library.delete(song)
        return JSONResponse({})

    @app.post("/api/songs/{song}/cancel")
    def cancel(song: str) -> JSONResponse:
        analyses.cancel(song)
        return JSONResponse({})

    @app.post("/api/songs/{song}/retry")
    def retry(song: str) -> JSONResponse:
        library.retry(song)
        analyses.wake()
        return JSONResponse({})

    @app.get("/api/songs/{song}/audio")
    def audio(song: str) -> FileResponse:
        row = library.song(song)
        path = library.place(row["id"]) / (row["playable"] or f"sound{row['suffix']}")
        return FileResponse(path, media_type=TYPES.get(path.suffix, "application/octet-stream"),
                            headers={"Cache-Control": "private, max-age=3600"})


def _labels(app: FastAPI, service: WorkbenchService) -> None:
    """What was found of a song: looking, deciding anew, versions, exports."""
    library = service.library

    @app.get("/api/songs/{song}")
    def look(song: str, version: int | None = None) -> Response:
        row = library.song(song)
        said = songs_json(service.analyses, [row], service.age())[0]
        if not row["version"]:
            return JSONResponse({"song": said, "contents": None, "version": 0, "versions": [], "corrections": []})
        service.warm(row["id"])
        return _json(opened(library, said, library.version(song, version), library.versions(song)))

    @app.post("/api/songs/{song}/decide")
    async def decide(song: str, request: Request) -> Response:
        corrections = _corrections(service, await json_body(request, service.limits.json_bytes))
        contents = await run_in_threadpool(service.decide, song, corrections)
        return _json(b'{"contents":' + contents + b"}")

    @app.post("/api/songs/{song}/versions")
    async def save(song: str, request: Request) -> JSONResponse:
        body = await json_body(request, service.limits.json_bytes)
        corrections = _corrections(service, body)
        base, who, note = body.get("base"), body.get("who", ""), body.get("note", "")
        if not isinstance(base, int) or not isinstance(who, str) or not isinstance(note, str):
            raise FormatError("base is the number of the version that was corrected; who and note are texts")
        confirmed = body.get("confirmed", [])
        if not isinstance(confirmed, list) or not all(isinstance(each, str) for each in confirmed):
            raise FormatError("confirmed is a list of names, such as beats and chords")
        number = await run_in_threadpool(service.save, song, base, corrections, who[:LONGEST_TEXT],
                                         note[:LONGEST_TEXT], confirmed)
        return JSONResponse({"version": number}, 201)

    @app.post("/api/songs/{song}/versions/{number}/restore")
    def restore(song: str, number: int) -> JSONResponse:
        return JSONResponse({"version": service.restore(song, number)}, 201)

    @app.get("/api/songs/{song}/sheets")
    def sheets(song: str, version: int | None = None, narrow: bool = False) -> Response:
        return _json(service.sheets(song, version, narrow))

    @app.get("/api/songs/{song}/export/{form}")
    def export(song: str, form: str, version: int | None = None,
               sheet: Literal["", "score", "lead"] = "") -> FileResponse:
        if form not in FORMATS:
            raise FormatError(f"no format is called {form[:40]}; {suggestion(form[:40], FORMATS)}")
        path, name = service.export(song, version, form, sheet)
        return FileResponse(path, media_type="application/octet-stream",
                            headers={"Content-Disposition": disposition(name)},
                            background=BackgroundTask(shutil.rmtree, path.parent, True))


def _corrections(service: WorkbenchService, body: Json) -> list[Json]:
    """The corrections of a request. Raises `FormatError` where they are none."""
    found = body.get("corrections", [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise FormatError("corrections is a list of JSON objects")
    if len(found) > service.limits.corrections:
        raise FormatError(f"more than {service.limits.corrections} corrections of one song")
    return found


def _error(status: int, text: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": " ".join(text.split())[:1000]}, status, headers)


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")
