"""The files of the pages."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from gan.web.app import build
from gan.web.paths import STATIC


def test_a_file_is_answered_once(tmp_path: Path) -> None:
    client = TestClient(build(tmp_path), base_url="http://127.0.0.1")
    answer = client.get("/static/review/main.js")
    assert answer.content == (STATIC / "review" / "main.js").read_bytes()
    assert answer.headers["cache-control"] == "no-cache"
    again = client.get("/static/review/main.js", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_not_there(tmp_path: Path) -> None:
    client = TestClient(build(tmp_path), base_url="http://127.0.0.1")
    answer = client.get("/static/%2e%2e/app.py")
    assert (answer.status_code, answer.json()) == (404, {"error": "there is no '../app.py'"})
    assert client.post("/static/review/main.js").json() == {"error": "this page takes no such method"}


@pytest.mark.parametrize("page", ["review/review.html", "paint/paint.html"])
def test_pages_name_files_that_are_there_and_nothing_inline(page: str) -> None:
    text = (STATIC / page).read_text()
    named = re.findall(r'(?:src|href)="/static/([^"]+)"', text)
    assert len(named) > 3
    assert [name for name in named if not (STATIC / name).is_file()] == []
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|https?://", text)


def test_modules_of_the_review_page_are_all_preloaded() -> None:
    modules = {f"review/{path.name}" for path in (STATIC / "review").glob("*.js")} | {"shared/elements.js"}
    page = (STATIC / "review" / "review.html").read_text()
    preloaded = set(re.findall(r'modulepreload" href="/static/([^"]+)"', page))
    assert modules - preloaded == {"review/main.js"}
    assert preloaded <= modules
