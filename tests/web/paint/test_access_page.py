"""The paint page for people who do not see it: the rules of axe, on every control that there is."""

from pathlib import Path

import pytest

from tests.support.drawings import file_of
from tests.support.painters import sampling_runs
from tests.web.conftest import OpenPage
from tests.web.paint.test_page import load, paint, settle
from tests.web.paint.test_reference_page import flat, offered
from tests.web.review.test_access import axe, broken_rules

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

__all__ = ["axe"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sampling_runs(tmp_path_factory.mktemp("runs"))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_rules_of_axe(open_page: OpenPage, address: str, axe: str, width: int, scheme: str) -> None:
    page = open_page(address, viewport={"width": width, "height": 1600}, color_scheme=scheme)
    page.locator("#palette button").first.wait_for()
    assert broken_rules(page, axe) == []
    load(page)
    paint(page, (0.3, 0.3), (0.7, 0.35))
    settle(page)
    page.locator("#reference").set_input_files({"name": "r.png", "mimeType": "image/png", "buffer": file_of(flat())})
    assert len(offered(page, "r.png")) == 4
    page.locator("#keep-as-b").click()
    page.locator("#hints button").click()
    page.locator("summary").click()
    assert broken_rules(page, axe) == []
