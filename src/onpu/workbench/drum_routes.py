"""Addresses of drum kits, and of a song's own drum part."""

import json

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse

from onpu.files import Json, replacing
from onpu.music.drum_mix import DrumMix
from onpu.workbench.bodies import disposition, json_body
from onpu.workbench.kits import ACCEPTED, kit_kind
from onpu.workbench.service import WorkbenchService
from onpu.workbench.uploads import UploadError, receive


def add_drum_routes(app: FastAPI, service: WorkbenchService) -> None:
    """Add them."""
    _kits(app, service)
    _mixes(app, service)


def _kits(app: FastAPI, service: WorkbenchService) -> None:
    shelf, library = service.kits, service.library

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
    library = service.library

    @app.get("/api/songs/{song}/drums")
    def look(song: str) -> JSONResponse:
        return JSONResponse({"mix": service.drum_mix(song), "gain": service.drum_gain(song)})

    @app.put("/api/songs/{song}/drums")
    async def keep(song: str, request: Request) -> JSONResponse:
        mix = await _mix(service, request)
        place = library.place(library.song(song)["id"])

        def written() -> None:
            with replacing(place / service.MIX) as temporary:
                temporary.write_text(json.dumps(mix), encoding="utf-8")

        await run_in_threadpool(written)
        return JSONResponse({})

    @app.post("/api/songs/{song}/drumix")
    async def mixed(song: str, request: Request) -> JSONResponse:
        mix = await _mix(service, request)
        return JSONResponse({"job": await run_in_threadpool(service.mix_drums, song, mix)}, 202)

    @app.get("/api/jobs/{job}/file")
    def fetched(job: str) -> FileResponse:
        path, name = service.made_file(job)
        return FileResponse(path, media_type="application/octet-stream",
                            headers={"Content-Disposition": disposition(name)})


async def _mix(service: WorkbenchService, request: Request) -> Json:
    """The mix of a request, as it is stored. Raises `FormatError`."""
    body = await json_body(request, service.limits.json_bytes)
    return DrumMix.of(body.get("mix")).json()
