"""Addresses of drum kits, and of a song's own drum part."""

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse

from onpu.files import Json
from onpu.music.drum_mix import DrumMix
from onpu.workbench.bodies import json_body
from onpu.workbench.kits import ACCEPTED, kit_kind
from onpu.workbench.service import WorkbenchService
from onpu.workbench.uploads import UploadError, receive


def add_drum_routes(app: FastAPI, service: WorkbenchService) -> None:
    """Add them."""
    _kits(app, service)
    _mixes(app, service)


def _kits(app: FastAPI, service: WorkbenchService) -> None:
    shelf, library = service.asked.kits, service.library

    @app.get("/api/drums")
    def table() -> JSONResponse:
        return JSONResponse(shelf.table())

    @app.post("/api/drums/kits")
    async def upload(request: Request) -> JSONResponse:
        received = await receive(request.stream(), request.headers.get("content-type", ""), library.incoming,
                                 service.limits, kit_kind, ACCEPTED)
        wrong = next((each for each in received if each.error), None)
        if wrong is not None:
            for each in received:
                each.path.unlink(missing_ok=True)
            raise UploadError(f"{wrong.name}: {wrong.error}", 422)
        return JSONResponse({"kits": await run_in_threadpool(shelf.add, received)}, 201)

    @app.delete("/api/drums/kits/{name}")
    def remove(name: str) -> JSONResponse:
        shelf.remove(name)
        return JSONResponse({})

    @app.get("/api/drums/kits/{name}")
    def hits(name: str) -> JSONResponse:
        return JSONResponse(shelf.hits(name))

    @app.get("/api/drums/kits/{name}/{row}/{layer}")
    def hit(name: str, row: str, layer: int) -> FileResponse:
        return FileResponse(shelf.hit(name, row, layer), media_type="audio/flac",
                            headers={"Cache-Control": "private, max-age=3600"})


def _mixes(app: FastAPI, service: WorkbenchService) -> None:
    asked = service.asked

    @app.get("/api/songs/{song}/drums")
    def look(song: str) -> JSONResponse:
        return JSONResponse({"mix": asked.drum_mix(song), "gain": asked.drum_gain(song)})

    @app.put("/api/songs/{song}/drums")
    async def keep(song: str, request: Request) -> JSONResponse:
        await run_in_threadpool(asked.keep_mix, song, await _mix(service, request))
        return JSONResponse({})

    @app.post("/api/songs/{song}/drumix")
    async def mixed(song: str, request: Request) -> JSONResponse:
        mix = await _mix(service, request)
        return JSONResponse({"job": await run_in_threadpool(asked.mix_drums, song, mix)}, 202)


async def _mix(service: WorkbenchService, request: Request) -> Json:
    """The mix of a request, as it is stored. Raises `FormatError`."""
    body = await json_body(request, service.limits.json_bytes)
    return DrumMix.of(body.get("mix")).json()
