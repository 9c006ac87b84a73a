"""Runs in a terminal: a line each, the best of them, and two side by side."""

import io
import time
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from gan.errors import RequestError
from gan.runs import overview
from tests.support.fake_runs import final, write_json, write_run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two done runs on the same data, one of other data, and one that has stopped half way."""
    for arm, seed, done in (("l1", 3, 20), ("l1", 10, 20), ("l1,alpha=0.5", 3, 20), ("pix2pix", 3, 10)):
        write_run(tmp_path / "runs" / arm / f"seed-{seed}", arm, seed, steps=20, done=done, every=2, rows=1)
    return tmp_path / "runs"


def drawn(table: Table, width: int = 200) -> list[str]:
    """The lines of a table."""
    file = io.StringIO()
    Console(file=file, width=width).print(table)
    return [line.rstrip() for line in file.getvalue().splitlines()]


def test_a_line_a_run(folder: Path) -> None:
    heading, *lines = drawn(overview.overview(folder, time.time() + 7200))
    assert heading.split() == ["run", "state", "step", "best", "age", "data"]
    assert [line.split()[0].removeprefix(f"{folder}/") for line in lines] == [
        *("l1/seed-3", "l1/seed-10", "l1,alpha=0.5/seed-3", "pix2pix/seed-3"),
    ]
    lpips = min((final("l1", 10, step / 20)["lpips"], step) for step in range(2, 21, 2))
    assert lines[1].split()[1:] == f"done 20/20 lpips {lpips[0]:.3f} at {lpips[1]} 2 h avatars 64 px".split()
    assert lines[2].endswith("avatars 64 px, alpha=0.5")
    assert lines[3].split()[1:3] == ["stopped", "10/20"]


def test_a_terminal_of_80_columns_loses_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    lines = drawn(overview.overview(Path("runs"), time.time() + 7200), 80)
    assert max(map(len, lines)) <= 80
    assert sum("20/20" in line and " at 20 " in line and "2 h" in line for line in lines) == 3


def test_a_broken_run_is_said_to_be(folder: Path) -> None:
    write_json(folder / "l1" / "seed-3" / "test.json", {"broken": "it did not move"})
    assert "done (broken)" in drawn(overview.overview(folder, time.time()))[1]


def test_what_cannot_be_read_is_left_out(folder: Path) -> None:
    (folder / "l1" / "seed-3" / "config.json").write_text("{")
    (folder / "l1" / "seed-10" / "metrics.jsonl").write_text("{\n[1]\n")
    _, first, second, *_ = drawn(overview.overview(folder, time.time()))
    assert "/?" in first
    assert " 0/20 " in second


def test_the_best_first_and_other_data_apart(folder: Path) -> None:
    tables = overview.ranking(folder, "sepia_index", time.time())
    assert [table.title for table in tables] == ["avatars 64 px", "avatars 64 px, alpha=0.5"]
    best = {
        name: min((abs(final(arm, seed, step / 20)["sepia_index"]), step) for step in range(2, done + 1, 2))
        for name, arm, seed, done in (
            *(("l1/seed-3", "l1", 3, 20), ("l1/seed-10", "l1", 10, 20), ("pix2pix/seed-3", "pix2pix", 3, 10)),
        )
    }
    rows = [line.removeprefix(f"{folder}/").split() for line in drawn(tables[0])[2:]]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        (name, f"{value:.4f}", str(step)) for name, (value, step) in sorted(best.items(), key=lambda each: each[1])
    ]


def test_more_is_better_where_the_catalogue_says_so(folder: Path) -> None:
    (table, _) = overview.ranking(folder, "test/psnr", time.time())
    values = [float(line.split()[1]) for line in drawn(table)[2:]]
    assert values == sorted((round(final("l1", seed)["psnr"], 4) for seed in (3, 10)), reverse=True)


@pytest.mark.parametrize("name", ["nonsense", "ab_std", "D/d_loss", "palette_hit"])
def test_a_metric_that_tells_no_best(folder: Path, name: str) -> None:
    with pytest.raises(RequestError, match=rf"METRIC \({name}\) .*: mae, psnr, ssim, lpips, ciede2000, sepia_index,"):
        overview.ranking(folder, name, time.time())


def test_no_runs(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="none is there"):
        overview.overview(tmp_path, 0)
    with pytest.raises(RequestError, match="no such folder"):
        overview.overview(tmp_path / "nowhere", 0)


def test_two_runs_side_by_side(folder: Path) -> None:
    compared = overview.compare([folder / "l1" / "seed-3", folder / "pix2pix" / "seed-3"], time.time() + 7200)
    fields = {line.split()[0]: line.split()[1:] for line in drawn(compared.fields)[1:]}
    assert fields == {"name": ["l1", "pix2pix"], "adversarial.game": ["none", "vanilla"]}
    assert "seed=3  steps=20" in compared.same
    assert compared.note == ""
    metrics = {line.split()[0]: line.split()[1:] for line in drawn(compared.metrics)[1:]}
    assert metrics["state"] == ["done", "stopped"]
    one, other = final("l1", 3)["sepia_index"], final("pix2pix", 3, 0.5)["sepia_index"]
    assert metrics["val/sepia_index"] == ["0", f"{one:.4f}", f"{other:.4f}*", f"{other - one:+.4f}"]
    assert "val/sepia_index/hair" not in metrics
    assert metrics["test/mae"] == ["v", f"{final('l1', 3)['mae']:.4f}"]  # the other has no score


def test_no_star_across_other_data(folder: Path) -> None:
    compared = overview.compare([folder / "l1" / "seed-3", folder / "l1,alpha=0.5" / "seed-3"], time.time())
    assert compared.note == (
        f"other data: {folder}/l1/seed-3: avatars 64 px; {folder}/l1,alpha=0.5/seed-3: avatars 64 px, alpha=0.5"
    )
    assert not any("*" in line for line in drawn(compared.metrics))


@pytest.mark.parametrize(("seconds", "words"), [(-3, "0 s"), (59, "59 s"), (60, "1 min"), (7200, "2 h"), (2e5, "2 d")])
def test_age(seconds: float, words: str) -> None:
    assert overview.age(seconds) == words
