"""Sample grids made small."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan.web.library import Library
from gan.web.report import embedded
from tests.support.fake_runs import draw_draws, draw_grid, noisy, write_run


def test_steps_are_left_out_evenly_and_never_the_ends() -> None:
    steps = list(range(10, 101, 10))
    assert embedded.Setting(50).steps(steps) == steps
    assert embedded.Setting(50, share=1 / 2).steps(steps) == [10, 30, 50, 80, 100]
    assert embedded.Setting(50, share=1 / 8).steps(steps) == [10, 40, 70, 100]
    assert embedded.Setting(50, share=1 / 8).steps([5, 9]) == [5, 9]


@pytest.mark.parametrize(("budget", "steps", "cell"), [(900_000, 10, 128), (90_000, 10, 128), (25_000, 4, 64)])
def test_the_budget_is_kept(
    budget: int, steps: int, cell: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noisy(write_run(tmp_path / "a" / "seed-0", "l1", 0, steps=100, rows=2))
    found = Library(tmp_path).runs()
    monkeypatch.setattr(embedded, "BUDGET", budget)
    (pictures,) = embedded.grids(found, dict.fromkeys(found, (128, 128))).values()
    addresses = [*pictures["columns"].values(), *pictures["fakes"].values()]
    assert sum(map(len, addresses)) < 1.2 * budget
    assert (len(pictures["fakes"]), pictures["wide"]) == (steps, cell)
    assert {"10", "100"} <= set(pictures["fakes"])


def test_a_grid_of_another_layout_than_the_last_is_left_out(tmp_path: Path) -> None:
    run = write_run(tmp_path / "a" / "seed-0", "l1", 0, steps=100, rows=2)
    draw_grid(run, "l1", 0, 10, 100, rows=3)
    (pictures,) = embedded.grids(Library(tmp_path).runs(), {}).values()
    assert list(pictures["fakes"]) == [str(step) for step in range(20, 101, 10)]


def test_of_a_samplers_draws_the_newest_are_written(tmp_path: Path) -> None:
    run = write_run(tmp_path / "a" / "seed-0", "l1", 0, steps=100, rows=3)
    found = Library(tmp_path).runs()
    (pictures,) = embedded.grids(found, {}).values()
    assert pictures["draws"] == {}
    for step in (90, 100):
        draw_draws(run, step)
    (pictures,) = embedded.grids(found, {}).values()
    assert list(pictures["draws"]) == ["100"]
    with Image.open(run / "samples" / "000100-draws.png") as whole:
        grid = np.asarray(whole)
    for column, address in enumerate(pictures["draws"]["100"].values()):
        strip = np.asarray(Image.open(io.BytesIO(base64.b64decode(address.split(",")[1]))).convert("RGB"))
        assert strip.shape == (2 * 128, 128, 3)
        assert np.array_equal(strip[128:], grid[154:282, 2 + 130 * column :][:, :128]), column
    (run / "samples" / "000100-draws.png").write_bytes(b"\x89PNG half")
    (pictures,) = embedded.grids(found, {}).values()
    assert (pictures["draws"], "100" in pictures["fakes"]) == ({}, True)


def test_draws_are_part_of_what_the_budget_is_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = write_run(tmp_path / "a" / "seed-0", "l1", 0, steps=100, rows=3)
    draw_draws(run, 100)
    noisy(run)
    monkeypatch.setattr(embedded, "BUDGET", 400_000)
    (pictures,) = embedded.grids(Library(tmp_path).runs(), {}).values()
    parts = [pictures["columns"], pictures["fakes"], pictures["draws"]["100"]]
    assert sum(len(address) for part in parts for address in part.values()) < 1.2 * 400_000


def test_pictures_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    run = write_run(tmp_path / "a" / "seed-0", "l1", 0, steps=100, rows=2)
    (run / "samples" / "000100.png").write_bytes(b"\x89PNG half")
    (run / "samples" / "000090.png").write_bytes(b"")
    found = Library(tmp_path).runs()
    (pictures,) = embedded.grids(found, {}).values()
    assert list(pictures["fakes"]) == [str(step) for step in range(10, 90, 10)]
    kind, data = pictures["fakes"]["10"].split(",")
    assert kind == "data:image/webp;base64"
    assert Image.open(io.BytesIO(base64.b64decode(data))).size == (128, 256)
    for path in (run / "samples").iterdir():
        path.unlink()
    assert embedded.grids(found, {}) == {}
