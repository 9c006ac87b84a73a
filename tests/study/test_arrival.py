"""What an L1 or L2 run must have reached before a verdict counts it."""

from dataclasses import replace

import pytest

from gan.config import Adversarial, Data, Experiment, Generator, Reconstruction
from gan.study.arrival import arrival, arrivals, closed_form_of
from tests.support.studies import made_up

L1 = Experiment(name="arm")
L2 = replace(L1, reconstruction=Reconstruction(loss="l2"))
GAN = replace(L1, adversarial=Adversarial(game="lsgan"))
CLASSES = replace(L1, reconstruction=Reconstruction(loss="classes"))
DRAWN = replace(
    L1,
    generator=Generator(noise=8, choice="odds"),
    reconstruction=Reconstruction(loss="fitted", palette=0.3),
)


def test_what_an_experiment_aims_at() -> None:
    forms = ["median", "mean", "sampler", "none", "sampler"]
    assert [closed_form_of(each) for each in (L1, L2, GAN, CLASSES, DRAWN)] == forms


@pytest.mark.parametrize(("experiment", "form"), [(L1, "median"), (L2, "mean")])
def test_the_error_is_near_that_of_the_closed_form_of_the_loss(experiment: Experiment, form: str) -> None:
    claim = arrival(experiment)
    assert claim is not None
    assert (claim.least, claim.most) == (0.9, 1.1)
    run = made_up({"0/mae_scored": 0.3}, {"mae_scored": 0.2})
    run = replace(run, closed={0: {form: {"mae_scored": 0.2}, "sampler": {"mae_scored": 9.0}}})
    assert claim.number.of({"arm": {4: run}}) == {4: pytest.approx(1.5)}


def test_where_the_lines_tell_every_color_it_is_a_distance() -> None:
    """The closed form's error is 0 there, and nothing can be a share of it."""
    claim = arrival(replace(L2, data=Data(alpha=0.0)))
    assert claim is not None
    assert claim.most == 3
    assert claim.number.of({"arm": {4: made_up({"0/to_mean": 2.0, "0/to_median": 9.0})}}) == {4: 2.0}


def test_what_has_no_closed_form_is_not_asked_for_it() -> None:
    folder = replace(L1, name="folder", data=Data(source="folder", root="x", line="canny"))
    free = replace(L1, name="free", data=Data(colors="gamut", alpha=1.0))
    assert arrivals([L1, folder, free, GAN, CLASSES, DRAWN]).keys() == {"arm"}
