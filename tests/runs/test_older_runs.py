"""A run of an earlier commit (tests/fixtures) is read, resumed, evaluated, compared and used as that commit did it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan.colorize import Colorizer, Hint
from gan.config import differences
from gan.errors import RequestError
from gan.evaluation.run import of_run
from gan.runs.folder import RunFolder
from gan.runs.going_on import check_folder
from gan.training import loop

FIXTURE = Path(__file__).parents[1] / "fixtures" / "run_971df36"
CLOCK = {"time", "train/steps_per_second"}


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A copy of the run: runs/tiny/seed-0."""
    shutil.copytree(FIXTURE / "seed-0", tmp_path / "tiny" / "seed-0")
    return tmp_path / "tiny" / "seed-0"


def lines(path: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def flat(values: object, name: str = "") -> dict[str, float]:
    """Nested numbers by their path."""
    if isinstance(values, dict):
        return {path: each for key, value in values.items() for path, each in flat(value, f"{name}.{key}").items()}
    return {name: values} if isinstance(values, int | float) else {}


def test_it_is_evaluated_to_the_same_numbers(older: Path) -> None:
    measured = of_run(older, "test", "last").to_json()
    expected = json.loads((FIXTURE / "evaluated.json").read_text("utf-8"))
    assert expected.keys() <= measured.keys()
    found, known = flat(measured), flat(expected)
    assert len(known) > 100
    assert known.keys() <= found.keys()
    assert {name: found[name] for name in known} == pytest.approx(known, rel=2e-3, abs=2e-4)


def test_it_colours_a_drawing_as_it_did(older: Path) -> None:
    """But for a few pixels beside lines: colours have been enlarged along them since."""
    drawing = np.asarray(Image.open(FIXTURE / "drawing.png"))
    hints = [Hint(15, 20, (0x3B, 0x6F, 0xD4)), Hint(30, 20, (0xC2, 0x3B, 0x3B), 4)]
    made = Colorizer.load(older, device="cpu").color(drawing, hints)
    known = np.asarray(Image.open(FIXTURE / "colored.png"), int)
    assert (np.abs(made - known) <= 1).mean() > 0.98
    assert np.abs(made - known).mean() < 0.2


def test_it_goes_on_as_that_commit_went_on(older: Path) -> None:
    loop.train(replace(RunFolder(older).config, steps=8), older.parents[1], resume=True)
    rows, known = lines(older / "metrics.jsonl"), lines(FIXTURE / "resumed.jsonl")
    assert [row["step"] for row in rows] == [row["step"] for row in known] == list(range(1, 9))
    for row, expected in zip(rows, known, strict=True):
        names = expected.keys() - CLOCK
        assert names <= row.keys()
        assert {name: row[name] for name in names} == pytest.approx(
            {name: expected[name] for name in names}, rel=2e-3, abs=2e-4
        )


def test_its_configuration_is_compared_field_by_field(older: Path) -> None:
    """Fields that came later have their defaults, which are the old behaviour."""
    run = RunFolder(older)
    assert differences(run.config, replace(run.config, seed=1)) == {"seed": (0, 1)}
    check_folder(run, run.config, resume=True)
    with pytest.raises(RequestError, match=r"holds another configuration: batch_size is 4 there and 5 here"):
        check_folder(run, replace(run.config, batch_size=5), resume=True)
