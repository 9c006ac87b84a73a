"""Sample grids cut up and made small."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gan.data.batch import Batch
from gan.grid import sample_grid
from gan.web.library import Library
from gan.web.report import embedded
from tests.support.fake_runs import write_run


@pytest.mark.parametrize("size", [32, 48, 128, 160])
def test_a_grid_is_cut_where_it_was_put_together(size: int) -> None:
    color, fake = torch.rand(2, 3, 3, size, size) * 2 - 1
    batch = Batch(line=torch.ones(3, 1, size, size), hint=torch.zeros(3, 4, size, size), color=color, regions=None)
    grid = embedded.cut(sample_grid(batch, fake), size)
    assert grid is not None
    assert (grid.cell, grid.rows, set(grid.columns)) == (size, 3, {"line", "hint", "fake", "color"})
    for name, pictures in (("fake", fake), ("color", color)):
        expected = ((pictures + 1) * 127.5).round().permute(0, 2, 3, 1).reshape(-1, size, 3).numpy()
        assert np.abs(grid.columns[name].astype(float) - expected).max() <= 1


def test_what_is_no_grid() -> None:
    assert embedded.cut(np.zeros((5, 5, 3), np.uint8), None) is None
    assert embedded.cut(np.zeros((5, 800, 3), np.uint8), 64) is None


def test_steps_are_thinned_from_the_end() -> None:
    assert embedded.thin([1, 2, 3, 4, 5, 6, 7]) == [1, 3, 5, 7]
    assert embedded.thin([1, 2, 3, 4, 5, 6]) == [1, 2, 4, 6]
    assert embedded.thin([1, 2, 3, 4]) == [1, 2, 3, 4]


def noisy(folder: Path) -> None:
    """Put noise on a run's grids, so that they do not become small."""
    rng = np.random.default_rng(0)
    for path in sorted((folder / "samples").glob("*0.png")):
        grid = np.asarray(Image.open(path)).astype(float)
        Image.fromarray((grid + rng.normal(0, 10, grid.shape)).clip(0, 255).astype(np.uint8)).save(path)


@pytest.mark.parametrize(("budget", "steps", "cell"), [(900_000, 10, 128), (90_000, 10, 128), (25_000, 4, 64)])
def test_the_budget_is_kept(
    budget: int, steps: int, cell: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noisy(write_run(tmp_path / "a" / "seed-0", "l1", 0, steps=100, rows=2))
    found = Library(tmp_path).runs()
    monkeypatch.setattr(embedded, "BUDGET", budget)
    (pictures,) = embedded.grids(found, dict.fromkeys(found, 128)).values()
    addresses = [*pictures["columns"].values(), *pictures["fakes"].values()]
    assert sum(map(len, addresses)) < 1.2 * budget
    assert (len(pictures["fakes"]), pictures["cell"]) == (steps, cell)
    assert {"10", "100"} <= set(pictures["fakes"])


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
