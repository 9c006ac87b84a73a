"""A real server in a process of its own, and a real Chromium that may fail no request and never leave this machine."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support.fake_runs import write_run, write_study

QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
"""Chromium without services of its own; the sandbox needs rights that a container does not give."""
SECONDS = 30
expect.set_options(timeout=SECONDS * 1000)  # a machine that trains beside the tests is slow

Serve = Callable[[Path], str]
OpenPage = Callable[..., Page]


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[str]:
    """`gan serve` over a folder, at the address that it prints."""
    command = [sys.executable, "-m", "gan", "serve", str(folder), "--port", "0", *words]
    root = Path(__file__).parents[2]
    server = subprocess.Popen(
        command,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    try:
        address = server.stdout.readline().strip()
        if not address:
            raise AssertionError(f"gan serve ended: {server.communicate(timeout=SECONDS)[1]}")
        yield address.rstrip("/")
    finally:
        server.terminate()
        _, errors = server.communicate(timeout=SECONDS)
    assert "Traceback" not in errors, errors


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server over a folder; it ends with the test, which fails if the server printed a traceback."""
    open_servers: list[AbstractContextManager[str]] = []

    def start(folder: Path) -> str:
        server = serving(folder)
        address = server.__enter__()
        open_servers.append(server)
        return address

    yield start
    for server in open_servers:
        server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study and a run that trains; tests share it and change nothing in it."""
    folder = tmp_path_factory.mktemp("lab") / "runs"
    write_study(folder / "sepia", seeds=(3, 4), arms=("l1", "l1_hints"), steps=100, rows=3)
    write_run(folder / "pix2pix" / "seed-0", "pix2pix", 0, steps=100, done=50, rows=3)
    return folder


@pytest.fixture(scope="session")
def lab_address(lab: Path) -> Iterator[str]:
    """The address of a server over `lab`."""
    with serving(lab) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        words = "NOT RUN: tests in a real browser need Chromium (apt-get install chromium, or set CHROMIUM)"
        pytest.fail(words) if os.environ.get("CI") else pytest.skip(words)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open a page in a context of its own.

    The test fails on any console error, page error, failed request, or request that leaves this machine. Arguments:
    the address, then what `browser.new_context` takes (viewport, color_scheme, has_touch, ...). Faults that a test
    provokes on purpose are taken out of `page.faults`, the list of them.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def start(address: str, **options: Any) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
        context.set_default_timeout(SECONDS * 1000)
        contexts.append(context)
        page = context.new_page()
        page.faults = faults  # type: ignore[attr-defined]
        _watch(page, faults)
        page.goto(address)
        return page

    yield start
    for context in contexts:
        context.close()
    assert faults == []


def _watch(page: Page, faults: list[str]) -> None:
    inside = ("http://127.0.0.1:", "blob:http://127.0.0.1:", "blob:null", "data:", "file:", "about:")
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: request.url.startswith(inside) or faults.append(f"outside: {request.url}"))
    page.on("response", lambda answer: answer.status < 400 or faults.append(f"{answer.status}: {answer.url}"))
