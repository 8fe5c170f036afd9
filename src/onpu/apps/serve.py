"""`onpu serve`: the workbench, a page to collect, see, hear and correct recordings."""

import secrets
import socket
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from onpu.errors import OnpuError

DEFAULT_LIBRARY = Path("onpu-library")
PORT = 8765
CLOSING_SECONDS = 1


def serve(
    folder: Annotated[Path, typer.Argument(help="Folder of the library; it is made if need be.")] = DEFAULT_LIBRARY,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0: any that is free.")] = PORT,
    host: Annotated[str, typer.Option(
        help="Address to listen at. Other than this machine's own, it needs a token, which is printed.")] = "127.0.0.1",
    token: Annotated[str, typer.Option(
        envvar="ONPU_TOKEN", help="What requests have to know; default: a new one where --host is not this machine "
        "alone, else none.")] = "",
    kit: Annotated[list[Path] | None, typer.Option(
        help="Drum kits for Drumix: a soundfont, an .sfz file, or a folder of them; may be given several "
        "times.")] = None,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Open the workbench in a browser: recordings are dropped into it, analysed, played, corrected and exported.

    Everything stays in the folder and on this machine. Ctrl-C ends it; what was being analysed goes on next time.
    """
    try:
        import uvicorn

        from onpu.workbench.guard import is_loopback
        from onpu.workbench.routes import application
        from onpu.workbench.service import WorkbenchService
    except ModuleNotFoundError as error:
        if error.name not in ("fastapi", "starlette", "uvicorn", "python_multipart"):
            raise
        raise OnpuError(f"the workbench needs {error.name}; install it: pip install 'onpu[web]'") from None

    from onpu.engine.render.drumkits.kits import kit_files

    alone = is_loopback(host)
    token = token or ("" if alone else secrets.token_urlsafe(24))
    place = _bound(host, port)
    service = WorkbenchService(folder, kits=kit_files(kit or []))
    address = f"http://{_shown(host)}:{place.getsockname()[1]}/" + (f"?token={token}" if token else "")
    typer.echo(f"onpu: {folder} is open at {address} (Ctrl-C ends)")
    if not alone:
        typer.echo("onpu: others in this network can reach it; who knows the token can change and delete all. It is "
                   "sent unencrypted", err=True)
    if open_page:
        webbrowser.open(address)
    config = uvicorn.Config(application(service, (host,), token), log_level="warning", access_log=False,
                            timeout_graceful_shutdown=CLOSING_SECONDS, server_header=False)
    uvicorn.Server(config).run(sockets=[place])


def _bound(host: str, port: int) -> socket.socket:
    """A socket at the address. Raises `OnpuError`."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        place = socket.socket(family, kind)
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind(address)
        place.listen(512)
    except OSError as error:
        raise OnpuError(f"{host}:{port}: {error.strerror or error}; choose another --port or --host") from error
    return place


def _shown(host: str) -> str:
    """A host as it stands in addresses."""
    named = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)
    return f"[{named}]" if ":" in named else named
