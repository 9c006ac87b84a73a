"""What the tests of the paint page share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.conftest import serving
from tests.web.paint.test_page import wake


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Of the page over a module's own `folder` of runs."""
    with serving(folder) as address:
        wake(address)
        yield f"{address}/paint"
