"""The server as a person starts it."""

from pathlib import Path

from tests.web.conftest import OpenPage, Serve


def test_the_page_opens(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(serve(tmp_path))
    assert page.title() == "Review · Colorization lab"
