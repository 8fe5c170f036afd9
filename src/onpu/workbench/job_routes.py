"""Addresses of jobs in the background, and of stems."""

from fastapi import FastAPI
from starlette.responses import FileResponse, JSONResponse

from onpu.workbench.asked import STEMS
from onpu.workbench.bodies import disposition
from onpu.workbench.parting import segment, stems_of
from onpu.workbench.service import WorkbenchService


def add_job_routes(app: FastAPI, service: WorkbenchService) -> None:
    """Add them."""
    library, background = service.library, service.asked.jobs

    @app.get("/api/jobs")
    def listed() -> JSONResponse:
        return JSONResponse({"jobs": background.told()})

    @app.get("/api/jobs/{job}")
    def told(job: str) -> JSONResponse:
        return JSONResponse(background.job(job))

    @app.get("/api/jobs/{job}/file")
    def fetched(job: str) -> FileResponse:
        path, name = service.asked.made_file(job)
        return FileResponse(path, media_type="application/octet-stream",
                            headers={"Content-Disposition": disposition(name)})

    @app.post("/api/jobs/{job}/cancel")
    def cancel(job: str) -> JSONResponse:
        background.cancel(job)
        return JSONResponse({})

    @app.get("/api/songs/{song}/stems")
    def look(song: str) -> JSONResponse:
        place = library.place(library.song(song)["id"])
        return JSONResponse({"stems": stems_of(place), "job": background.newest(STEMS, song)})

    @app.post("/api/songs/{song}/stems")
    def separate(song: str) -> JSONResponse:
        return JSONResponse({"job": service.asked.take_apart(song)}, 202)

    @app.get("/api/songs/{song}/stems/{part}/{number}")
    def stem(song: str, part: str, number: int) -> FileResponse:
        place = library.place(library.song(song)["id"])
        return FileResponse(segment(place, part, number), media_type="audio/flac",
                            headers={"Cache-Control": "private, max-age=3600"})
