"""`onpu serve`: what it says when it cannot begin, and what it asks for at other addresses."""

import socket
import sys

import pytest

pytest.importorskip("fastapi")


@pytest.fixture
def served(monkeypatch):
    """Applications that would be served, without serving them."""
    import uvicorn

    found = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: found.append((self.config.app, sockets[0])))
    return found


def test_it_listens_on_this_machine_alone_and_says_where(onpu, served, tmp_path):
    answer = onpu("serve", tmp_path / "library", "--port", 0)
    app, place = served[0]
    host, port = place.getsockname()
    assert answer.code == 0 and f"http://127.0.0.1:{port}/ " in answer.out and host == "127.0.0.1" and app.token == ""
    assert (tmp_path / "library" / "library.sqlite").is_file()
    place.close()


def test_other_addresses_have_a_token(onpu, served, tmp_path):
    answer = onpu("serve", tmp_path / "library", "--port", 0, "--host", "0.0.0.0")
    app, place = served[0]
    assert len(app.token) >= 32 and f"?token={app.token}" in answer.out and "unencrypted" in answer.err
    place.close()


def test_a_port_that_is_taken_is_told_in_one_line(onpu, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = onpu("serve", tmp_path / "library", "--port", taken.getsockname()[1])
    assert answer.code == 2 and "choose another --port" in answer.err and answer.err.count("\n") == 1


def test_a_folder_that_is_a_file_is_told_in_one_line(onpu, tmp_path):
    (tmp_path / "library").write_text("")
    answer = onpu("serve", tmp_path / "library", "--port", 0)
    assert answer.code == 2 and "cannot be used as a library" in answer.err and answer.err.count("\n") == 1


def test_without_the_extra_one_line_names_it(onpu, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("onpu.workbench.routes")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fastapi", None)
    answer = onpu("serve", tmp_path / "library")
    assert answer.code == 2 and "pip install 'onpu[web]'" in answer.err and answer.err.count("\n") == 1
