"""The files of the pages, from memory."""

import re

import pytest
from starlette.requests import Request

from gan.web.assets import STATIC, Assets
from gan.web.refused import Refused


def asked(name: str, tag: str = "") -> Request:
    """A request for a file, by somebody who has the version of that tag."""
    headers = [(b"if-none-match", tag.encode())] if tag else []
    return Request({"type": "http", "method": "GET", "headers": headers, "path_params": {"name": name}})


def test_a_file_is_answered_once() -> None:
    assets = Assets()
    answer = assets.get("review/main.js", asked("review/main.js"))
    assert answer.body == (STATIC / "review" / "main.js").read_bytes()
    again = assets.get("review/main.js", asked("review/main.js", answer.headers["etag"]))
    assert (again.status_code, again.body) == (304, b"")


def test_what_is_not_there() -> None:
    with pytest.raises(Refused, match=re.escape("there is no '../app.py'")):
        Assets().get("../app.py", asked("../app.py"))


@pytest.mark.parametrize("page", ["review/review.html", "paint/paint.html"])
def test_pages_name_files_that_are_there_and_nothing_inline(page: str) -> None:
    text = (STATIC / page).read_text()
    named = re.findall(r'(?:src|href)="/static/([^"]+)"', text)
    assert len(named) > 3
    assert set(named) <= set(Assets().files)
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|https?://", text)


def test_modules_of_the_review_page_are_all_preloaded() -> None:
    modules = {f"review/{path.name}" for path in (STATIC / "review").glob("*.js")} | {"shared/elements.js"}
    page = (STATIC / "review" / "review.html").read_text()
    preloaded = set(re.findall(r'modulepreload" href="/static/([^"]+)"', page))
    assert modules - preloaded == {"review/main.js"}
    assert preloaded <= modules
