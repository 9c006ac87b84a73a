"""Which runs lie below a folder, and how far they are; what a page asks is tested with the pages."""

from pathlib import Path

from gan.runs import found
from gan.runs.found import natural, total_steps
from tests.support.fake_runs import write_json, write_run


def test_so_many_levels_are_looked_through(tmp_path: Path) -> None:
    run = write_run(tmp_path / "study" / "l1" / "seed-0", "l1", 0, steps=10, every=10, rows=1)
    write_json(tmp_path / "study" / "study.json", {})
    assert found.look(tmp_path).runs == [(run, tmp_path / "study")]
    assert found.look(tmp_path).studies == [tmp_path / "study"]
    assert found.look(tmp_path, depth=3).runs == found.look(tmp_path).runs
    assert found.look(tmp_path, depth=2).runs == []
    assert found.look(run, depth=0).runs == [(run, None)]
    assert found.look(tmp_path / "nowhere") == found.Found()


def test_epochs_become_steps() -> None:
    assert total_steps({"steps": 5, "epochs": None}, dict) == 5
    config = {"steps": 5, "epochs": 1.5, "batch_size": 4}
    assert total_steps(config, lambda: {"characters": {"train": 10}}) == 4
    assert total_steps(config, lambda: {"pictures": {"train": {"a": 1, "b": 2}}}) == 1
    assert total_steps(config, dict) is None
    assert total_steps({}, dict) is None


def test_numbers_are_sorted_as_numbers() -> None:
    assert sorted(["seed-10", "seed-9", "a"], key=natural) == ["a", "seed-9", "seed-10"]
