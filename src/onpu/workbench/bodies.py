"""Bodies of requests, and heads of answers."""

import json
from urllib.parse import quote

from starlette.requests import Request

from onpu.errors import FormatError
from onpu.files import Json
from onpu.workbench.uploads import UploadError


async def json_body(request: Request, most: int) -> Json:
    """The JSON object of a request. Raises `FormatError`, and `UploadError` where it has more than `most` bytes."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise UploadError("send JSON, with Content-Type: application/json", 415)
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > most:
            raise UploadError(f"the request has more than {most / 2**20:.0f} MB", 413)
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise FormatError("the request is no JSON") from None
    if not isinstance(body, dict):
        raise FormatError("the request is to be a JSON object")
    return body


def disposition(name: str) -> str:
    """The header under which a browser saves a file of this name."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_. ") else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
