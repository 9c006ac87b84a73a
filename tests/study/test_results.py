"""study.json, typed: a result that was published is read and written back, and makes the same report again."""

import json
import re
from pathlib import Path

import pytest

from gan.errors import RequestError
from gan.study import report, results
from gan.study.results import NumberResult, StudyResult
from gan.study.statistics import Measurement

SEPIA = Path(__file__).parents[2] / "experiments" / "results" / "sepia"


@pytest.fixture(scope="module")
def sepia_result() -> StudyResult:
    return results.load(SEPIA)


def test_a_published_study_is_written_back_equal(sepia_result: StudyResult, tmp_path: Path) -> None:
    results.save(sepia_result, tmp_path)
    assert (tmp_path / "study.json").read_text("utf-8") == (SEPIA / "study.json").read_text("utf-8")


def test_its_report_comes_out_the_same(sepia_result: StudyResult) -> None:
    assert report.markdown(sepia_result, SEPIA) == (SEPIA / "report.md").read_text("utf-8")


def test_a_report_links_only_what_is_there(sepia_result: StudyResult, tmp_path: Path) -> None:
    (tmp_path / "plots").mkdir()
    (tmp_path / "plots" / "psnr.png").touch()
    linked = re.findall(r"!\[.*?\]\((.*?)\)", report.markdown(sepia_result, tmp_path))
    assert linked == ["plots/psnr.png"]


def test_what_a_published_study_says(sepia_result: StudyResult) -> None:
    cells = {cell.name: cell for cell in sepia_result.cells}
    assert cells["l1,alpha=0.5"].experiment.data.alpha == 0.5
    index = cells["l1"].measured("sepia_index")
    assert index is not None
    assert [*index.values] == [3, 4, 5]
    assert (round(index.mean, 3), index.closed) == (0.999, 1)
    assert cells["l1"].measured("sepia_index", 3) is None
    assert [*cells["l1_hints"].curve("placebo/mae")] == [1, 2, 3]
    assert not cells["pix2pix,weight=1"].hints
    assert len(sepia_result.measured_cells) == 8
    assert [verdict.line.partition(".")[0] for verdict in sepia_result.verdicts][3] == (
        "H3, a GAN restores colour without information, at a larger error: supported (colour restored)"
    )


def test_a_number_that_was_not_tested_has_no_values() -> None:
    number = NumberResult("sepia index of l1 >= 0.8", None, "not tested")
    assert number.to_json() == {"text": "sepia index of l1 >= 0.8", "state": "not tested"}
    assert NumberResult.from_json(number.to_json()) == number


def test_one_seed_has_null_bounds() -> None:
    measured = Measurement({7: 0.4}, 0.4, None, None, 0.3)
    plain = {"values": {"7": 0.4}, "mean": 0.4, "low": None, "high": None, "closed": 0.3}
    assert json.loads(json.dumps(measured.to_json())) == plain
    assert Measurement.from_json(plain) == measured


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}'])
def test_what_cannot_be_read_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "study.json").write_text(text)
    with pytest.raises(RequestError, match=r"study\.json must be a study's results, and cannot be read"):
        results.load(tmp_path)
    with pytest.raises(RequestError, match="cannot be read"):
        results.load(tmp_path / "nowhere")
