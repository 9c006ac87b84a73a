"""How long a study will take: from runs that are done, or from a few steps."""

from dataclasses import replace
from pathlib import Path

import pytest

from gan.config import Adversarial, Data, Evaluation, Experiment, Generator, Hints
from gan.data.fixed import EVALUATION_BATCH
from gan.study import Study, cell, duration
from gan.study.runs import runs_of
from tests.support.studies import made_up
from tests.support.study_runs import write_score

SMALL = Experiment(name="l1", steps=100, batch_size=2, data=Data(size=32, characters=350), generator=Generator(width=8))


def test_runs_of_a_cell_take_the_median_of_those_that_are_done(tmp_path: Path) -> None:
    runs = runs_of(Study("s", (1, 2, 3, 4, 5), (cell(SMALL),)), tmp_path)
    for run, seconds in zip(runs, (30, 10, 500), strict=False):
        write_score(run, made_up({"0/mae": 0.1}), seconds=seconds)
    assert duration.seconds_to_go(runs, at_once=1) == {runs[3]: 30, runs[4]: 30}


def test_the_same_network_is_timed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    timed: list[str] = []

    def time(experiment: Experiment, at_once: int) -> tuple[float, float]:
        timed.append(experiment.name)
        return 1.0, 0.0

    monkeypatch.setattr(duration, "_time", time)
    cells = (cell(SMALL), cell(replace(SMALL, name="longer", steps=300)), cell(replace(SMALL, name="b", batch_size=4)))
    runs = runs_of(Study("s", (1, 2), cells), tmp_path)
    assert [*duration.seconds_to_go(runs, at_once=1).values()] == [100, 100, 300, 300, 100, 100]
    assert timed == ["l1", "b"]


def test_the_whole_of_a_run_by_hand() -> None:
    """100 steps of 2 s; 4 evaluations and 3 for the test, of two batches of 5 s each."""
    evaluation = Evaluation(every=25, pictures=2 * EVALUATION_BATCH)
    plain = replace(SMALL, evaluation=evaluation)
    assert duration._total(plain, 2.0, 5.0) == pytest.approx(200 + 10 * (4 + 3))
    by_default = replace(SMALL, evaluation=replace(evaluation, every=0))  # ten evaluations on the way
    assert duration._total(by_default, 2.0, 5.0) == pytest.approx(200 + 10 * (10 + 3))
    hinted = replace(plain, hints=Hints(kind="regions"))  # 0 to 3 hints in the test, two numbers of them on the way
    assert duration._total(hinted, 2.0, 5.0) == pytest.approx(200 + 10 * (4 * 2 + 3 * 4))


SAMPLER = replace(SMALL, adversarial=Adversarial(game="lsgan"), generator=Generator(width=8, noise=2, colors=3))


FLOODED = replace(SMALL, adversarial=Adversarial(game="lsgan"), hints=Hints(kind="regions", flood="lines"))


@pytest.mark.parametrize("experiment", [SMALL, SAMPLER, FLOODED, replace(FLOODED, adversarial=Adversarial())])
def test_a_few_steps_are_timed_and_threads_are_as_before(experiment: Experiment) -> None:
    import torch

    before = torch.get_num_threads()
    step, evaluation = duration._time(experiment, at_once=1)
    assert 0 < step < 60
    assert 0 < evaluation < 60
    assert torch.get_num_threads() == before
