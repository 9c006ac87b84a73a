"""Cells and studies."""

from dataclasses import replace

import pytest

from gan.config import Adversarial, Data, Experiment
from gan.errors import RequestError
from gan.study import Study, cell, vary
from gan.study.rules import Claim, Difference, Measured, Number, Rule, Slope

L1 = Experiment(name="l1")


def test_vary_names_what_differs() -> None:
    cells = vary(L1, "data.alpha", 0.0, 1.0, 0.75)
    assert [each.name for each in cells] == ["l1,alpha=0", "l1", "l1,alpha=0.75"]
    assert [each.experiment.data.alpha for each in cells] == [0.0, 1.0, 0.75]
    assert [dict(each.differences) for each in cells] == [{"data.alpha": 0.0}, {}, {"data.alpha": 0.75}]
    assert {each.arm for each in cells} == {"l1"}
    (game,) = vary(L1, "adversarial.game", "hinge")
    assert game.experiment == replace(L1, name="l1,game=hinge", adversarial=Adversarial(game="hinge"))


def test_vary_refuses_what_is_no_field_or_breaks_a_rule() -> None:
    with pytest.raises(RequestError, match=r"data\.alfa must be a field"):
        vary(L1, "data.alfa", 1)
    with pytest.raises(RequestError, match=r"data\.alpha \(2\) must lie between 0 and 1"):
        vary(L1, "data.alpha", 2.0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seeds": ()}, "seeds must name a seed"),
        ({"seeds": (1, 1)}, r"seeds \(1, 1\) must differ"),
        ({"cells": ()}, "cells must name an experiment"),
        ({"cells": (cell(L1), cell(L1))}, "l1 is there twice"),
        ({"name": "a/b"}, "must be usable as a folder's name"),
    ],
)
def test_a_study_is_checked_when_built(changes: dict[str, object], message: str) -> None:
    whole: dict[str, object] = {"name": "s", "seeds": (1,), "cells": (cell(L1),)}
    with pytest.raises(RequestError, match=message):
        Study(**whole | changes)  # type: ignore[arg-type]


STUDY = Study("s", (3, 4, 5), vary(L1, "data.alpha", 0.0, 1.0))


def test_the_first_seeds() -> None:
    assert STUDY.first_seeds(2).seeds == (3, 4)
    assert STUDY.first_seeds(None) is STUDY
    for count in (0, 4):
        with pytest.raises(RequestError, match=rf"--seeds \({count}\) must lie between 1 and 3"):
            STUDY.first_seeds(count)


def test_only_some_cells_in_their_order() -> None:
    assert [each.name for each in STUDY.only("l1", "l1,alpha=0").cells] == ["l1", "l1,alpha=0"]
    with pytest.raises(RequestError, match="no cell 'l2'; there are l1,alpha=0, l1"):
        STUDY.only("l2")


def test_fields_for_every_run_but_not_those_that_the_study_sets() -> None:
    larger = STUDY.with_fields(lambda each: replace(each, steps=9, data=replace(each.data, size=128)))
    assert [(each.experiment.steps, each.experiment.data.size) for each in larger.cells] == [(9, 128)] * 2
    assert [each.experiment.data.alpha for each in larger.cells] == [0.0, 1.0]
    with pytest.raises(RequestError, match=r"--data\.alpha \(0\.5\) is set by study s itself"):
        STUDY.with_fields(lambda each: replace(each, data=Data(alpha=0.5)))
    both = replace(STUDY, cells=(cell(L1), cell(replace(L1, name="g", adversarial=Adversarial(game="hinge")))))
    with pytest.raises(RequestError, match=r"--adversarial\.game \(hinge\) is set by study s itself: its cells differ"):
        both.with_fields(lambda each: replace(each, adversarial=Adversarial(game="hinge")))
    with pytest.raises(RequestError, match=r"--seed \(7\) is set by study s itself: give --seeds"):
        STUDY.with_fields(lambda each: replace(each, seed=7))


def test_what_a_study_itself_sets() -> None:
    assert STUDY.varied == ("seed", "name", "data.alpha", "name")
    assert Study("s", (1,), (cell(L1),)).varied == ("seed", "name")


GAMUT = replace(L1, data=Data(colors="gamut"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (Measured("l1", "sepia_index"), "sepia index of l1"),
        (Measured("l1", "unhinted/sepia_index_px/hair", 2), "unhinted.sepia_index_px.hair"),
        (Measured("l1", "mae", form="median"), "MAE of the L1 optimum for l1"),
        (Slope("l1", "sepia_index", 3), "change by a hint of sepia index"),
        (Difference(Measured("l1", "mae"), Measured("l1", "to_median")), "dE00 to L1 optimum"),
    ],
)
def test_free_colours_have_no_sepia_index_and_no_closed_form(number: Number, words: str) -> None:
    message = rf"study s: data\.colors \(gamut\) of l1 must be palette for the .*{words}"
    claims = Claim(number, most=1), Claim(Measured("l1", "mae"), most=1, provided=Claim(number, most=1))
    for claim in claims:
        with pytest.raises(RequestError, match=message):
            Study("s", (1,), (cell(GAMUT),), rules=(Rule("H", "?", (claim,)),))
    with pytest.raises(RequestError, match=message):
        Study("s", (1,), (cell(GAMUT),), reported=(number,))
    palette = Study("s", (1,), (cell(L1),), reported=(number,))
    with pytest.raises(RequestError, match=message):
        palette.with_fields(lambda experiment: replace(experiment, data=Data(colors="gamut")))


def test_free_colours_can_be_judged_by_what_holds_for_them() -> None:
    numbers = (
        Measured("l1", "fill", 3),
        Difference(Measured("l1", "mae", 3), Measured("l1", "mae", 3, form="watershed")),
        Measured("other", "sepia_index"),
    )
    other = replace(L1, name="other")
    assert Study("s", (1,), (cell(GAMUT), cell(other)), reported=numbers).reported == numbers
