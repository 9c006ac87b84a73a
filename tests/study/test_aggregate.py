"""From runs to a result, by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from gan.config import Adversarial, Experiment, Reconstruction, to_dict
from gan.study import Claim, Difference, Measured, Rule, Study, cell, vary
from gan.study.aggregate import aggregate
from gan.study.report import markdown
from gan.study.results import CellResult, StudyResult
from gan.study.runs import StudyRun, runs_of
from tests.support.studies import made_up
from tests.support.study_runs import write_score

L1 = Experiment(name="l1")
STUDY = Study(
    "s",
    (1, 2),
    (*vary(L1, "data.alpha", 0.0, 1.0), cell(replace(L1, name="gan", adversarial=Adversarial(game="hinge")))),
    rules=(Rule("H1", "it errs", (Claim(Measured("l1", "mae"), least=0.15),)),),
    reported=(
        Difference(Measured("gan", "mae"), Measured("l1", "mae")),
        Difference(Measured("gan", "mae"), Measured("l1,alpha=0", "mae")),
    ),
)


@pytest.fixture
def runs(tmp_path: Path) -> list[StudyRun]:
    """Both seeds of l1, the later one first, and one seed of gan; l1,alpha=0 was not run."""
    runs = runs_of(STUDY, tmp_path)
    _, _, first, second, gan, _ = runs
    there, form = {"0/mae_scored": 0.2}, {"mae_scored": 0.2}
    late = made_up({"0/mae": 0.4, "0/lpips": 0.5} | there, {"mae": 0.3} | form)
    early = made_up({"0/mae": 0.2, "3/mae": 0.1} | there, {"mae": 0.1, "lpips": 9} | form)
    write_score(second, late, seconds=20, steps=8)
    write_score(first, early, seconds=10, steps=6)
    score = made_up({"0/mae": 0.5})
    write_score(gan, replace(score, closed={0: {"median": {"mae": 1}, "sampler": {"mae": 0.6}}}))
    return runs


def test_means_over_the_seeds_that_have_a_metric(runs: list[StudyRun]) -> None:
    absent, l1, gan = aggregate(STUDY, runs).cells
    assert (l1.seeds, l1.steps, l1.seconds) == ((1, 2), {1: 6, 2: 8}, {1: 10, 2: 20})
    assert l1.configuration == to_dict(L1)
    error, lpips = l1.measured("mae"), l1.measured("lpips")
    assert error is not None
    assert lpips is not None
    assert (error.values, error.mean, error.closed) == ({1: 0.2, 2: 0.4}, pytest.approx(0.3), pytest.approx(0.2))
    assert error.low is not None
    assert (lpips.values, lpips.low, lpips.closed) == ({2: 0.5}, None, None)  # seed 1 has a closed form, but no value
    assert [*l1.hints] == [0, 3]
    assert (absent.hints, absent.seeds, absent.differences) == ({}, (), {"data.alpha": 0.0})
    by_critic = gan.measured("mae")
    assert by_critic is not None
    assert by_critic.closed == 0.6  # a sampler's, and not the median's


def test_a_run_far_from_its_closed_form_is_not_counted(runs: list[StudyRun]) -> None:
    """Through the whole of it: what the study's cells aim at is asked of what their runs scored."""
    far = made_up({"0/mae": 0.4, "0/mae_scored": 0.5}, {"mae_scored": 0.2})
    write_score(runs[3], far)
    (verdict,) = aggregate(STUDY, runs).verdicts
    assert [number.state for number in verdict.numbers] == ["undertrained"]
    gate = "0.9 <= error of l1 over error of the L1 optimum for l1 <= 1.1"
    assert verdict.reason.endswith(f"undertrained, not judged, for not {gate} (seed 2: 2.500)")


def test_what_else_a_result_says(runs: list[StudyRun]) -> None:
    result = aggregate(STUDY, runs)
    assert result.missing == ("l1,alpha=0/seed-1", "l1,alpha=0/seed-2", "gan/seed-2")
    (verdict,) = result.verdicts
    assert (verdict.name, verdict.claim, verdict.verdict, verdict.gate) == ("H1", "it errs", "inconclusive", False)
    (number,) = verdict.numbers
    assert (number.text, number.state) == ("MAE of l1 >= 0.15", "open")
    (difference,) = result.differences  # of l1,alpha=0 there is none
    assert difference.measured is not None
    assert difference.measured.values == {1: pytest.approx(0.3)}


def test_what_stays_from_one_result_to_the_next(runs: list[StudyRun]) -> None:
    first = aggregate(STUDY, runs)
    assert (first.baselines, first.baselines_of) == ({}, None)
    constant = {"mean picture": {"mae": 0.3}}
    second = aggregate(STUDY, runs, first, constant)
    assert (second.id, second.baselines) == (first.id, constant)
    assert second.baselines_of == to_dict(STUDY.cells[0].experiment)["data"]
    third = aggregate(STUDY, runs, second)
    assert (third.id, third.baselines, third.baselines_of) == (first.id, constant, second.baselines_of)
    assert aggregate(STUDY, runs).id != first.id


def test_what_aims_at_no_closed_form_is_measured_without_one(runs: list[StudyRun]) -> None:
    classes = Study("s", (1, 2), (cell(replace(L1, reconstruction=Reconstruction(loss="classes"))),))
    (found,) = aggregate(classes, runs).cells
    error = found.measured("mae")
    assert error is not None
    assert error.mean == pytest.approx(0.3)
    assert (found.closed_form, error.closed) == ("none", None)


def test_the_watershed_of_the_same_hints_stands_in_the_result_and_the_report(runs: list[StudyRun]) -> None:
    """By hand: two seeds with 3 hints; and what is written is read back, also by a version that knew no watershed."""
    _, _, first, second, *_ = runs
    for run, error in ((first, 0.02), (second, 0.04)):
        score = made_up({"0/mae_scored": 0.2, "3/mae_scored": 0.1, "3/fill": 0.8})
        rival = {"watershed": {"mae_scored": error, "fill": 0.9}}
        write_score(run, replace(score, closed={0: score.closed[0], 3: {**score.closed[3], **rival}}))
    result = aggregate(STUDY, runs)
    _, l1, gan = result.cells
    assert [*l1.watershed] == [3]
    assert l1.watershed[3]["mae_scored"].mean == pytest.approx(0.03)
    assert l1.watershed[3]["fill"].values == {1: 0.9, 2: 0.9}
    assert gan.watershed == {}
    values = l1.to_json()
    assert CellResult.from_json(values) == l1
    del values["watershed"]
    assert CellResult.from_json(values) == replace(l1, watershed={})
    rows = [line for line in markdown(result, Path()).splitlines() if line.startswith("| 3")]
    assert rows == ["| 3 | 0.100 | 0.800 |", "| 3, watershed | 0.030 | 0.900 |"]


def test_a_broken_run_is_left_out_of_every_number_and_named(runs: list[StudyRun]) -> None:
    """Seed 2 of l1: what is left is seed 1, as if seed 2 had not been run, but for what is said."""
    _, _, first, second, *_ = runs
    write_score(second, made_up({"0/mae": 0.4}), broken="its weights did not move")
    result = aggregate(STUDY, runs)
    l1 = result.cells[1]
    assert (l1.seeds, l1.steps) == ((1,), {1: 6})
    error = l1.measured("mae")
    assert error is not None
    assert error.values == {1: 0.2}
    assert result.missing == ("l1,alpha=0/seed-1", "l1,alpha=0/seed-2", "gan/seed-2")  # it was done
    assert result.broken == {"l1/seed-2": "its weights did not move"}
    (verdict,) = result.verdicts
    assert verdict.verdict == "indicative"
    assert verdict.reason.endswith("; broken: l1/seed-2 (its weights did not move)")
    report = markdown(result, Path())
    assert "Seeds 1, 2; 3 of 6 runs done; " in report
    assert "**Not run**: `l1,alpha=0`. **Missing or failed**: `gan/seed-2`.\n" in report
    assert (
        report.index("## Verdicts") < report.index("`l1/seed-2`: its weights did not move.") < report.index("## Cells")
    )
    assert StudyResult.from_json(result.to_json()) == result

    write_score(first, made_up({"0/mae": 0.2}), broken="x")
    write_score(second, made_up({"0/mae": 0.4}), broken="")
    assert aggregate(STUDY, runs).broken == {"l1/seed-1": "x"}
    write_score(second, made_up({"0/mae": 0.4}), broken="y")
    whole = markdown(aggregate(STUDY, runs), Path())
    assert "**Not run**: `l1,alpha=0`." in whole
    assert "`l1/seed-1`: x; `l1/seed-2`: y." in whole


def test_a_study_of_before_names_no_broken_run(runs: list[StudyRun]) -> None:
    result = aggregate(STUDY, runs)
    values = result.to_json()
    assert "broken" not in values
    assert StudyResult.from_json(values).broken == {}
    assert "Broken" not in markdown(result, Path())
