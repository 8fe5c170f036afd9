"""What is asked before any request is answered: is it from this machine's own page, or does it know the token?

A page of another site that is open in the same browser can send requests to 127.0.0.1. It cannot choose the headers
`Host` and `Origin`: a name that was made to point here (DNS rebinding) shows in the former, a form or script of another
site in the latter, and in `Sec-Fetch-Site`.
"""

import base64
import hashlib
import ipaddress
import re
import secrets
from collections.abc import Iterable
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
SAFE_METHODS = ("GET", "HEAD")
COOKIE = "onpu_token"
API = "/api/"
POLICY = ("default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval' {scripts}; "
          "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
          "media-src 'self' blob:; font-src 'self' data:; connect-src 'self'; "
          "worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
"""Only a script that runs already can make a blob; the page loads the code of its sound worklet from one."""
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
           "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"}


def is_loopback(host: str) -> bool:
    """Whether an address or name is of this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def policy(pages: Iterable[str]) -> str:
    """The Content-Security-Policy under which the scripts inside these pages run, and no others."""
    scripts = [text for page in pages for text in re.findall(r"<script(?:\s[^>]*)?>(.*?)</script>", page, re.DOTALL)]
    hashes = (base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode() for text in scripts if text)
    return POLICY.format(scripts=" ".join(f"'sha256-{each}'" for each in dict.fromkeys(hashes)))


class Guard:
    """Refuses requests that come from elsewhere, and says to browsers what the page may do.

    names: hosts by which the server may be called, beside addresses where there is a token. token: what a request has
    to know, empty: nothing.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str], token: str, content_policy: str):
        self.app, self.names, self.token = app, {*names, *LOOPBACK_NAMES}, token
        self.headers = HEADERS | {"Content-Security-Policy": content_policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers[name] = value
                if scope["path"].startswith(API) and "cache-control" not in headers:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        refusal = self._refused(Request(scope))
        await (refusal or self.app)(scope, receive, protected)

    def _refused(self, request: Request) -> Response | None:
        headers = request.headers
        host = headers.get("host", "")
        if not self._known(_name(host)):
            return _refuse(421, "this name does not belong to the workbench; call it by its address")
        origin, fetched = headers.get("origin"), headers.get("sec-fetch-site", "none")
        inside = request.url.path.startswith(API)
        if request.method not in SAFE_METHODS or inside:
            foreign = origin is not None and origin not in (f"http://{host}", f"https://{host}")
            if foreign or fetched not in ("none", "same-origin"):
                return _refuse(403, "another site's page may not use the workbench; open it by its own address")
        return self._unknown(request) if self.token else None

    def _known(self, name: str) -> bool:
        if name in self.names:
            return True
        try:
            return bool(self.token) and bool(ipaddress.ip_address(name))
        except ValueError:
            return False

    def _unknown(self, request: Request) -> Response | None:
        """None where the request knows the token; a browser that brings it in the address keeps it as a cookie."""
        scheme, _, said = request.headers.get("authorization", "").partition(" ")
        bearer = said if scheme.lower() == "bearer" else ""
        if self._right(bearer) or self._right(request.cookies.get(COOKIE, "")):
            return None
        brought = parse_qs(request.url.query).get("token", [""])[0]
        if request.method in SAFE_METHODS and request.url.path == "/" and self._right(brought):
            answer = RedirectResponse("/", 303)
            answer.set_cookie(COOKIE, self.token, httponly=True, samesite="strict", path="/")
            return answer
        return _refuse(401, "the workbench asks for its token: open the address that onpu serve has printed")

    def _right(self, token: str) -> bool:
        return secrets.compare_digest(token.encode(), self.token.encode())


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _refuse(status: int, text: str) -> Response:
    return JSONResponse({"error": text}, status)
