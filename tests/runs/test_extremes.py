"""The least, greatest and best so far: against Python's own, and by the direction of the catalogue."""

from hypothesis import given
from hypothesis import strategies as st

from gan.runs.extremes import Extremes, distances

NUMBERS = st.floats(-5, 5)
ROWS = st.lists(
    st.fixed_dictionaries({"val/lpips": NUMBERS, "val/psnr": NUMBERS, "val/sepia_index": NUMBERS}), min_size=1
)


@given(ROWS, st.data())
def test_as_python_says_also_where_a_run_goes_on(rows: list[dict[str, float]], data: st.DataObject) -> None:
    begun = data.draw(st.integers(0, len(rows)))
    extremes = Extremes(rows[:begun])
    for row in rows[begun:]:
        assert extremes.add(row)
    for name in rows[0]:
        values = [row[name] for row in rows]
        assert extremes.values[f"min/{name}"] == min(values)
        assert extremes.values[f"max/{name}"] == max(values)
    assert extremes.values["best/val/lpips"] == min(row["val/lpips"] for row in rows)
    assert extremes.values["best/val/psnr"] == max(row["val/psnr"] for row in rows)
    nearest = min((row["val/sepia_index"] for row in rows), key=abs)  # 0 is what it should be near
    assert extremes.values["best/val/sepia_index"] == nearest
    assert len(extremes.values) == 9


def test_what_has_no_extremes() -> None:
    """Losses, rates, and one kind of region; what has no better way has no best."""
    extremes = Extremes()
    assert not extremes.add({"step": 1, "G/reconstruction": 1.0, "train/lr": 0.1, "val/sepia_index/hair": 0.2})
    assert extremes.values == {}
    assert extremes.add({"val/ab_std": 2.0, "val_hints/3/hinted/mae": 0.1, "val_average/mae": 0.3})
    assert extremes.values == {
        "min/val/ab_std": 2.0,
        "max/val/ab_std": 2.0,
        **{f"{way}/val_hints/3/hinted/mae": 0.1 for way in ("min", "max", "best")},
        **{f"{way}/val_average/mae": 0.3 for way in ("min", "max", "best")},
    }


def test_distances_count_on_either_side() -> None:
    row = {"val/sepia_index": -0.25, "val/chroma_ratio": 1.5, "val/mae": 0.1, "val_hints/3/sepia_index": 0.5}
    assert distances(row) == {"distance/val/sepia_index": 0.25, "distance/val/chroma_ratio": 0.5}
    assert distances({"val/chroma_ratio": 0.5}) == {"distance/val/chroma_ratio": 0.5}
