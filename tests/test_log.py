"""What is said while work goes on."""

import logging

import pytest

from gan import log


def test_long_work_speaks_now_and_then_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Four seconds an item, a line at most every ten."""
    now = iter(range(0, 1000, 4))
    monkeypatch.setattr(log.time, "monotonic", lambda: next(now))
    with caplog.at_level(logging.INFO, "gan"):
        assert list(log.counted(range(8), 8, "looking")) == [*range(8)]
    assert len(caplog.messages) in (2, 3)
    assert all(message.startswith("looking: ") and message.endswith(" of 8") for message in caplog.messages)


def test_short_work_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "gan"):
        assert list(log.counted("abc", 3, "looking")) == ["a", "b", "c"]
    assert caplog.messages == []
