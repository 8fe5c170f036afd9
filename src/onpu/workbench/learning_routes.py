"""The addresses of learning from corrections, and of hearing songs anew."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from onpu.errors import FormatError
from onpu.files import Json
from onpu.workbench.service import WorkbenchService

MINUTES = 3.0
LEAST_MINUTES, MOST_MINUTES = 0.05, 60.0


def add_learning(app: FastAPI, service: WorkbenchService, body: Callable[[Request], Awaitable[Json]]) -> None:
    """Add them. body: reads a request's JSON."""
    learning, library = service.learning, service.library

    @app.get("/api/learning")
    def look() -> JSONResponse:
        return JSONResponse(learning.told() | {"older": service.older()})

    @app.post("/api/learning")
    async def begin(request: Request) -> JSONResponse:
        asked = await body(request)
        tasks, minutes = asked.get("tasks"), asked.get("minutes", MINUTES)
        if tasks is not None and not (isinstance(tasks, list) and all(isinstance(task, str) for task in tasks)):
            raise FormatError("tasks is a list of names, such as beats and chords")
        if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not (
                LEAST_MINUTES <= minutes <= MOST_MINUTES):
            raise FormatError(f"minutes is a number from {LEAST_MINUTES:g} to {MOST_MINUTES:g}")
        await run_in_threadpool(learning.ask, tasks, float(minutes))
        return JSONResponse({}, 202)

    @app.post("/api/learning/cancel")
    def cancel() -> JSONResponse:
        learning.cancel()
        return JSONResponse({})

    @app.post("/api/learning/weights")
    async def use(request: Request) -> JSONResponse:
        asked = await body(request)
        name, number = asked.get("name"), asked.get("number")
        if not isinstance(name, str) or isinstance(number, bool) or not isinstance(number, int):
            raise FormatError("name is that of weights, such as beats, and number which of them")
        await run_in_threadpool(learning.use, name, number)
        return JSONResponse({})

    @app.post("/api/songs/{song}/again")
    def again(song: str) -> JSONResponse:
        library.want_again(song)
        service.analyses.wake()
        return JSONResponse({})

    @app.post("/api/learning/again")
    def all_again() -> JSONResponse:
        songs = service.older()
        for song in songs:
            library.want_again(song)
        service.analyses.wake()
        return JSONResponse({"songs": songs})
