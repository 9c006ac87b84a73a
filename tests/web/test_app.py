"""The server as a person starts and stops it."""

import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.support.command import Gan
from tests.web.conftest import SECONDS, serving


def test_it_says_where_it_listens_and_ends_in_peace(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "gan", "serve", str(tmp_path), "--port", "0"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=pipe, stderr=pipe, text=True) as server:
        assert server.stdout
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        assert httpx.get(address).text.startswith("<!doctype html>")
        server.send_signal(signal.SIGINT)
        rest, errors = server.communicate(timeout=SECONDS)
    assert (server.returncode, rest, errors) == (0, "", "")


LOADS_FOR_LONG = """
import time
from gan.cli import main
from gan.web.paint import routes
routes._studio_of = lambda folder: print("loading", flush=True) or time.sleep(4)
raise SystemExit(main())
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("signals", "status"), [((signal.SIGTERM,), -15), ((signal.SIGINT,), 0), ((signal.SIGINT, signal.SIGINT), 0)]
)
def test_stopped_while_the_painter_loads(tmp_path: Path, signals: tuple[signal.Signals, ...], status: int) -> None:
    command = [sys.executable, "-c", LOADS_FOR_LONG, "serve", str(tmp_path), "--port", "0"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=pipe, stderr=pipe, text=True) as server:
        assert server.stdout
        address = server.stdout.readline().strip()
        asking = threading.Thread(target=lambda: _ask(f"{address}api/paint/models"))
        asking.start()
        assert server.stdout.readline() == "loading\n"
        for each in signals:
            server.send_signal(each)
            time.sleep(0.5)
        _, errors = server.communicate(timeout=SECONDS)
        asking.join()
    assert (server.returncode, errors) == (status, "")


def _ask(address: str) -> None:
    with suppress(httpx.HTTPError):
        httpx.get(address, timeout=SECONDS)


def test_a_port_that_is_taken(gan: Gan, tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = gan("serve", "--port", str(port))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        f"gan: 127.0.0.1:{port} cannot be served at: Address already in use; choose another --port\n"
    )


def test_what_is_refused(gan: Gan, tmp_path: Path) -> None:
    for words, message in (
        (("nowhere",), "nowhere must be a folder of runs: none such; gan train makes one"),
        ((".", "--port", "70000"), "--port (70000) must lie between 0 and 65535"),
        ((".", "--host", "no.such.host.invalid"), "--host (no.such.host.invalid) must be an address of this machine"),
    ):
        result = gan("serve", *words)
        assert (result.returncode, result.stdout) == (2, "")
        assert message in result.stderr
        assert len(result.stderr.splitlines()) == 1


def test_open_to_others_it_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "gan", "serve", str(tmp_path), "--port", "0", "--host", "0.0.0.0"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout
        port = server.stdout.readline().strip().rstrip("/").rpartition(":")[2]
        assert httpx.get(f"http://127.0.0.1:{port}/api/runs").json()["runs"] == []
        server.terminate()
        errors = server.communicate(timeout=SECONDS)[1]
    assert (
        errors == "gan: --host 0.0.0.0: everybody who reaches this machine can see these runs and use its processor\n"
    )


def test_two_servers_beside_each_other(tmp_path: Path) -> None:
    with serving(tmp_path) as one, serving(tmp_path) as other:
        assert one != other
        assert httpx.get(other).status_code == httpx.get(one).status_code == 200
