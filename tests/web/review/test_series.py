"""Curves of bounded size out of files that grow, shrink and break."""

import json
import time
from pathlib import Path

import numpy as np
import pytest

from gan.web.review.series import STRETCHES, Metrics, Series, parse, thinned, to_json
from tests.support.fake_runs import write_long

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py


def points(values: np.ndarray) -> np.ndarray:
    """(N, 3) at steps 1, 2, ..."""
    steps = np.arange(1, len(values) + 1, dtype=np.float64)
    return np.stack([steps, steps / 10, values], axis=1)


def test_few_points_are_all_kept() -> None:
    series, given = Series(), points(np.sin(np.arange(500)))
    for start in range(0, 500, 7):
        series.add(given[start : start + 7])
    np.testing.assert_array_equal(series.points(), given)


@pytest.mark.parametrize("piece", [1000, 977, 100_000])
def test_many_points_keep_every_spike_and_the_ends(piece: int) -> None:
    values = np.random.default_rng(0).normal(size=100_000)
    spikes = {12_345: 99.0, 77_777: -99.0}
    for index, value in spikes.items():
        values[index] = value
    series, given = Series(), points(values)
    for start in range(0, len(given), piece):
        series.add(given[start : start + piece])
    kept = series.points()
    assert 2 * STRETCHES <= len(kept) <= 4 * STRETCHES + 3
    assert series.count == 100_000
    assert (np.diff(kept[:, 0]) > 0).all()
    assert {tuple(point) for point in kept} <= {tuple(point) for point in given}
    for index, value in spikes.items():
        assert (index + 1, value) in {(point[0], point[2]) for point in kept}
    np.testing.assert_array_equal(kept[-1], given[-1])
    assert np.diff(kept[:, 0]).max() < 4 * 100_000 / STRETCHES  # evenly spread


def test_thinned() -> None:
    given = points(np.random.default_rng(0).normal(size=3_999))
    few = thinned(given, 300)
    assert 200 < len(few) <= 300
    assert few[:, 2].max() == given[:, 2].max()
    np.testing.assert_array_equal(few[-1], given[-1])
    assert thinned(given, 4_000) is given


def test_broken_lines_are_left_out() -> None:
    assert parse(b'{"step": 1, "a": 2}\nnot json\n[1]\n{"step": 2}\n\n') == [{"step": 1, "a": 2}, {"step": 2}]


def lines(path: Path, steps: range, **values: object) -> None:
    """Append lines."""
    with path.open("a") as file:
        for step in steps:
            file.write(json.dumps({"step": step, "time": 100.0 + step, "loss": step / 2, **values}) + "\n")


def test_a_file_that_grows(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    metrics = Metrics(path)
    metrics.read(1)
    assert metrics.series == {}
    lines(path, range(1, 4))
    with path.open("a") as file:
        file.write('{"step": 4, "time": 104.0, "lo')  # as far as it has been written
    metrics.read(1)
    assert to_json(metrics.series["loss"].points()) == {
        "step": [1, 2, 3],
        "time": [101.0, 102.0, 103.0],
        "value": [0.5, 1.0, 1.5],
    }
    with path.open("a") as file:
        file.write('ss": 2}\n')
    lines(path, range(5, 6), other=float("nan"), flag=True, text="x", none=None)
    metrics.read(1)
    assert metrics.last == {"loss": (5, 2.5)}
    assert metrics.series["loss"].count == 5


def test_a_file_that_was_replaced_is_read_afresh(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    metrics = Metrics(path)
    lines(path, range(1, 10))
    metrics.read(1)
    lines(tmp_path / "new", range(1, 30), more=1)
    (tmp_path / "new").replace(path)  # longer than before, and another file: the run was resumed
    metrics.read(1)
    assert metrics.series["loss"].count == 29
    path.write_text("")
    metrics.read(1)
    assert metrics.series == {}
    path.unlink()
    metrics.read(1)
    assert metrics.series == {}


def test_a_line_longer_than_a_piece_is_no_line_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 1, "x": "' + "y" * 2_000_000 + '"}\n')
    lines(path, range(2, 4))
    metrics = Metrics(path)
    metrics.read(5)
    assert metrics.whole
    assert metrics.last["loss"] == (3, 1.5)


def test_100_000_lines(tmp_path: Path) -> None:
    run = write_long(tmp_path / "long", 100_000)
    metrics = Metrics(run / "metrics.jsonl")
    start = time.monotonic()
    metrics.read(0.05)
    assert time.monotonic() - start < 2
    assert not metrics.whole
    metrics.read(60)
    assert metrics.whole
    curve = metrics.series["G/reconstruction"]
    assert curve.count == 100_000
    assert curve.points()[:, 2].max() == pytest.approx(9.3)
    lines(run / "metrics.jsonl", range(100_001, 100_002))
    start = time.process_time()
    metrics.read(60)
    assert time.process_time() - start < 0.1  # what was read before is not read again
    assert metrics.last["loss"] == (100_001, 50_000.5)
