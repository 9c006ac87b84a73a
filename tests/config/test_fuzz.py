"""Configurations that nobody would write: accepted, and then they hold what they promise, or refused in a sentence."""

import dataclasses
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gan.config import Experiment, from_dict, plain, to_dict
from gan.data import sources
from gan.data.loader import training_batches
from gan.errors import RequestError
from gan.training.state import create_state
from gan.training.step import train_step
from tests.support.experiments import SMALL

NUMBERS = (0, 1, 2, 3, 4, 8, 16, 32, 64)
SHARES = (0.0, 0.1, 0.5, 0.9, 1.0, 2.0, 10.0)
ODD: tuple[Any, ...] = (
    None,
    True,
    "",
    "x",
    -1,
    -0.5,
    10**30,
    1e308,
    math.nan,
    math.inf,
    [],
    [1, 2],
    {},
    "\udcff",
    "9" * 999,
)
"""What a field hardly ever is."""


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """What a field of that annotation may be; whether it breaks a rule is another matter."""
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    if get_origin(hint) is tuple:
        kind, *others = get_args(hint)
        least, most = (1, 4) if others == [...] else (2, 2)
        return st.lists(values_of(kind), min_size=least, max_size=most)
    if get_origin(hint) in (Union, UnionType):
        return st.one_of([values_of(option) for option in get_args(hint)])
    plain = {int: NUMBERS, float: SHARES, str: ("a", "lpips", "cpu"), bool: (True, False), type(None): (None,)}
    return st.sampled_from(plain[hint])


def some_fields(part: type, odd: bool, but: tuple[str, ...] = ()) -> st.SearchStrategy[dict[str, Any]]:
    """Up to four fields of a part, by name."""
    hints = {name: hint for name, hint in get_type_hints(part).items() if name not in but}
    hints = {name: hint for name, hint in hints.items() if not dataclasses.is_dataclass(hint)}

    def value(hint: Any) -> st.SearchStrategy[Any]:
        return st.one_of(values_of(hint), values_of(hint), st.sampled_from(ODD)) if odd else values_of(hint)

    optional = {name: value(hint) for name, hint in hints.items()}
    few = st.lists(st.sampled_from(sorted(optional)), max_size=4, unique=True)
    return few.flatmap(lambda names: st.fixed_dictionaries({name: optional[name] for name in names}))


PARTS = {name: hint for name, hint in get_type_hints(Experiment).items() if dataclasses.is_dataclass(hint)}


@st.composite
def configurations(draw: st.DrawFn) -> dict[str, Any]:
    """A configuration as JSON might have it."""
    values = draw(some_fields(Experiment, odd=True))
    for name in draw(st.lists(st.sampled_from(sorted(PARTS)), max_size=4, unique=True)):
        values[name] = draw(some_fields(PARTS[name], odd=True))  # type: ignore[arg-type]
    return values


@pytest.mark.slow
@given(configurations())
@settings(max_examples=600, deadline=None, derandomize=True, database=None)
def test_600_configurations_survive_json_or_are_refused_in_a_sentence(values: dict[str, Any]) -> None:
    try:
        experiment = from_dict(values, "config.json")
    except RequestError as refusal:
        said = str(refusal)
        assert said.startswith("config.json: ")
        assert "\n" not in said
        assert len(said) < 1500
        return
    written = json.dumps(to_dict(experiment), allow_nan=False)
    assert from_dict(json.loads(written), "config.json") == experiment


@st.composite
def trainable(draw: st.DrawFn) -> dict[str, Any]:
    """A configuration of small networks that is likely to be accepted."""
    values: dict[str, Any] = {"batch_size": draw(st.sampled_from((1, 2, 4))), "ema": draw(st.sampled_from((0.0, 0.9)))}
    small = {"width": draw(st.sampled_from((4, 8))), "keys": draw(st.sampled_from((0, 0, 4)))}
    noise = draw(st.sampled_from((0, 0, 2)))
    values["generator"] = draw(some_fields(PARTS["generator"], odd=False, but=("width", "keys", "noise", "colors")))  # type: ignore[arg-type]
    values["generator"] |= small | {"noise": noise, "colors": 3}
    values["discriminator"] = draw(some_fields(PARTS["discriminator"], odd=False, but=("width",))) | {"width": 8}  # type: ignore[arg-type]
    for name in ("adversarial", "reconstruction", "hints", "optimizer"):
        values[name] = draw(some_fields(PARTS[name], odd=False, but=("lr", "d_lr", "flood_size")))  # type: ignore[arg-type]
    values["data"] = {"alpha": draw(st.sampled_from((0.0, 0.5, 1.0)))}
    return values


@pytest.fixture
def accepted(picture_folder: Path) -> Iterator[list[int]]:
    """How many were: a rule that refuses nearly all would make this test empty."""
    counted: list[int] = []
    yield counted
    assert len(counted) > 20


@pytest.mark.slow
@given(values=trainable())
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_150_configurations_train_two_steps_or_are_refused_in_a_sentence(
    accepted: list[int], values: dict[str, Any]
) -> None:
    values["data"] = plain.to_dict(SMALL) | values["data"]
    try:
        experiment = from_dict(values, "config.json")
        data = sources.load(replace(experiment, steps=2))
    except RequestError:
        return
    state = create_state(experiment, torch.device("cpu"))
    for batch in training_batches(data.sides["train"], experiment, 0, 2):
        terms = train_step(state, batch, experiment)
        assert all(term.ndim == 0 and bool(term.isfinite()) for term in terms.values()), terms
    assert state.step == 2
    assert all(bool(value.isfinite().all()) for value in state.generator.state_dict().values())
    accepted.append(1)
