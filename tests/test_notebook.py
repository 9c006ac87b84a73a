"""The notebook of the documentation, cell by cell in a real kernel, with a few steps."""

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat import read
from PIL import Image

ROOT = Path(__file__).parent.parent
STEPS = 8


def outputs(cell: Any) -> dict[str, str]:
    """Type -> what a cell shows of it."""
    return {kind: value for each in cell.outputs for kind, value in each.get("data", {}).items()}


def picture(cell: Any) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(outputs(cell)["image/png"]))).convert("RGB")


def test_it_is_kept_without_outputs() -> None:
    """What is shown is what a person's own machine has made."""
    cells = [cell for cell in read(ROOT / "docs" / "first_steps.ipynb", 4).cells if cell.cell_type == "code"]
    assert [cell.outputs for cell in cells] == [[]] * len(cells)
    assert {cell.execution_count for cell in cells} == {None}


@pytest.mark.slow
def test_it_trains_evaluates_and_shows(tmp_path: Path) -> None:
    notebook = read(ROOT / "docs" / "first_steps.ipynb", 4)
    (settings,) = (cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ()))
    settings.source += f"\nSTEPS = {STEPS}"
    NotebookClient(notebook, timeout=900, resources={"metadata": {"path": str(tmp_path)}}).execute()
    cells = {cell.source.partition("\n")[0]: cell for cell in notebook.cells if cell.cell_type == "code"}
    (train,) = (cell for cell in cells.values() if "import train" in cell.source)
    said = "".join(each.get("text", "") for each in train.outputs)
    assert f"step {STEPS}: sepia_index" in said
    assert "\x1b" not in said  # a notebook moves no cursor
    grids = [picture(cell) for cell in cells.values() if "samples/" in cell.source]
    for grid, name in zip(grids, ("l1", "l1_lines"), strict=True):
        kept = Image.open(tmp_path / "runs" / "notebook" / name / "seed-0" / "samples" / f"{STEPS:06d}.png")
        assert np.array_equal(np.array(grid), np.array(kept.convert("RGB")))
    (table,) = (outputs(cell)["text/markdown"] for cell in cells.values() if "Markdown(" in cell.source)
    rows = {line.split("|")[1].strip(): line.split("|")[2:-1] for line in table.splitlines()[2:]}
    assert float(rows["sepia_index"][3]) == pytest.approx(1, abs=0.01)  # the median of everything is one tint
    (plot,) = (picture(cell) for cell in cells.values() if "matplotlib" in cell.source)
    assert np.array(plot).std() > 10
    (colored,) = (picture(cell) for cell in cells.values() if "Colorizer" in cell.source)
    assert colored.size == (512, 512)
    assert np.abs(np.array(colored)[150, 260].astype(int) - (59, 111, 212)).max() < 8  # the hint's own place
