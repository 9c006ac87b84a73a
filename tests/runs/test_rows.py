"""The lines of metrics.jsonl: what is read, and which is best."""

import pytest

from gan.runs import rows
from gan.runs.rows import At

ROWS = [
    {"step": 2, "G/g_loss": 3.0, "val/lpips": 0.5, "val/psnr": 20.0, "val/sepia_index": 0.3, "val_hints/3/lpips": 0.4},
    {"step": 4, "G/g_loss": 1.0},
    {"step": 6, "val/lpips": 0.2, "val/psnr": 30.0, "val/sepia_index": -0.2, "val_hints/3/lpips": 0.6},
    {"step": 8, "val/lpips": 0.2, "val/psnr": 25.0, "val/sepia_index": 0.9, "val_hints/1/lpips": 0.1},
]


@pytest.mark.parametrize(
    ("name", "value", "step"),
    [
        ("val/lpips", 0.2, 6),  # the least, and the first of equals
        ("val/psnr", 30.0, 6),  # the greatest
        ("val/sepia_index", -0.2, 6),  # the nearest to 0
        ("val_hints/3/lpips", 0.4, 2),
    ],
)
def test_best_is_by_the_metrics_own_direction(name: str, value: float, step: int) -> None:
    assert rows.best(ROWS, name) == At(name, value, step)


@pytest.mark.parametrize("name", ["G/g_loss", "step", "val/nothing", "val/mae"])
def test_there_is_no_best_without_a_direction_or_a_number(name: str) -> None:
    assert rows.best(ROWS, name) is None


def test_a_checkpoint_is_chosen_with_the_most_hints() -> None:
    assert rows.chosen(ROWS, "lpips") == At("val_hints/3/lpips", 0.4, 2)
    assert rows.chosen(ROWS[1:2], "lpips") is None


def test_a_checkpoint_is_chosen_by_mae_where_lpips_is_absent() -> None:
    assert rows.chosen([{"step": 1, "val/mae": 0.3}, {"step": 2, "val/mae": 0.2}], "lpips") == At("val/mae", 0.2, 2)


@pytest.mark.parametrize("line", [b'{"step": 1, "val/m', b"[1]", b'{"step": 1.5}', b'{"step": 1, "a": NaN}', b"\xff"])
def test_what_is_no_line_of_ours(line: bytes) -> None:
    assert rows.parse(line) is None
    assert rows.parse(b'{"step": 1, "a": 0.5}') == {"step": 1, "a": 0.5}
