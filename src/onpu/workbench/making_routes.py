"""Addresses of making."""

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from onpu.workbench.bodies import json_body
from onpu.workbench.service import WorkbenchService


def add_making_routes(app: FastAPI, service: WorkbenchService) -> None:
    """Add them."""
    asked = service.asked

    @app.get("/api/makers")
    def makers() -> JSONResponse:
        return JSONResponse(asked.making.table())

    @app.post("/api/make")
    async def make(request: Request) -> JSONResponse:
        body = await json_body(request, service.limits.json_bytes)
        return JSONResponse({"job": await run_in_threadpool(asked.making.make, asked.jobs, body)}, 202)

    @app.post("/api/songs/{song}/change")
    async def change(song: str, request: Request) -> JSONResponse:
        body = await json_body(request, service.limits.json_bytes)
        return JSONResponse({"job": await run_in_threadpool(asked.making.change, asked.jobs, song, body)}, 202)
