"""Sample grids made small."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from gan.web.library import Library
from gan.web.report import embedded
from tests.support.fake_runs import draw_grid, noisy, write_run


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
