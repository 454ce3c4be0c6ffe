"""The site as it is served: a process of its own, over HTTP."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from tests.site.conftest import Stranger, code_of, fined, registered


@pytest.fixture
def served(stranger: Stranger) -> Iterator[str]:
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "一号")])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "chengxin.cli.main", "serve", "--no-jobs", "--port", str(port)]
    server = subprocess.Popen([*command, "--site", str(stranger.desk.site.folder)], stdout=subprocess.DEVNULL)
    yield f"http://localhost:{port}"
    server.terminate()
    server.wait(30)


def opened(address: str) -> str:
    """The page, as soon as the server is there."""
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return str(answer.read().decode())
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.25)
    raise AssertionError("no server")


def test_a_subjects_page_is_served_by_a_process_whose_parent_worked_with_frames(served: str) -> None:
    assert "一号" in opened(f"{served}/subjects/{code_of(1)}/")
