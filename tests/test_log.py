"""What is said while work goes on."""

import logging
from types import SimpleNamespace

import pytest

from gan import log


def test_long_work_speaks_now_and_then_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The clock is asked once an item and once a line, and four seconds have gone by each time."""
    now = iter(range(0, 1000, 4))
    monkeypatch.setattr(log, "time", SimpleNamespace(monotonic=lambda: next(now)))
    with caplog.at_level(logging.INFO, "gan"):
        assert list(log.counted(range(8), 8, "looking")) == [*range(8)]
    assert caplog.messages == ["looking: 2 of 8", "looking: 5 of 8"]


def test_short_work_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "gan"):
        assert list(log.counted("abc", 3, "looking")) == ["a", "b", "c"]
    assert caplog.messages == []
