"""What a run goes on from: saved and restored to the bit, and refused in a line where it is anything else."""

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from gan.config import Adversarial, Experiment, Generator
from gan.errors import RequestError
from gan.files import replacing
from gan.training import checkpoint, pending
from gan.training.checkpoint import Best
from gan.training.pending import Losses, Pending
from gan.training.ranks import SOLE
from gan.training.state import TrainState, create_state, set_learning_rate

CPU = torch.device("cpu")
BEST = Best("mae", 0.25, 3)
PENDING = Pending({"G/reconstruction": torch.tensor([0.5, 0.25])}, 1.5)
NAN = float("nan")


@pytest.fixture
def game(tiny: Experiment) -> Experiment:
    return replace(tiny, adversarial=Adversarial(game="lsgan"), ema=0.9)


def trained(experiment: Experiment) -> TrainState:
    """A state after one step by made-up gradients."""
    state = create_state(experiment, CPU)
    for optimizer in (state.g_optimizer, state.d_optimizer):
        assert optimizer is not None
        for weight in optimizer.param_groups[0]["params"]:
            weight.grad = torch.randn_like(weight)
        set_learning_rate(optimizer, 1e-5)
        optimizer.step()
    state.step = 5
    return state


def saved(experiment: Experiment, folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    path = folder / "last.pt"
    checkpoint.save(path, trained(experiment), experiment, BEST, pending=PENDING)
    stored = torch.load(path, weights_only=True)
    change(stored)
    torch.save(stored, path)
    return path


def test_all_of_it_comes_back(game: Experiment, tmp_path: Path) -> None:
    state, path = trained(game), tmp_path / "checkpoints" / "last.pt"
    checkpoint.save(path, state, game, BEST, pending=PENDING)
    again = create_state(game, CPU)
    best, left = checkpoint.restore(path, again, game)
    assert (best, again.step, left.seconds) == (BEST, 5, 1.5)
    assert torch.equal(left.losses["G/reconstruction"], PENDING.losses["G/reconstruction"])
    for name in ("generator", "discriminator", "average"):
        mine, theirs = (getattr(each, name).state_dict() for each in (again, state))
        assert mine.keys() == theirs.keys()
        assert all(torch.equal(mine[key], theirs[key]) for key in mine)
    for name in ("g_optimizer", "d_optimizer"):
        mine, theirs = (getattr(each, name).state_dict() for each in (again, state))
        assert mine["param_groups"] == theirs["param_groups"]
        assert mine["state"].keys() == theirs["state"].keys() != set()
        for number, moments in theirs["state"].items():
            assert all(torch.equal(mine["state"][number][key], moments[key]) for key in moments)


def test_one_of_before_has_nothing_pending(game: Experiment, tmp_path: Path) -> None:
    path = saved(game, tmp_path, lambda stored: [stored.pop(name) for name in ("pending", "precision")])
    state = create_state(game, CPU)
    assert checkpoint.restore(path, state, game) == (BEST, Pending())
    assert state.precision == "fp32"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda stored: stored.pop("d_optimizer"), r"must be a whole checkpoint, and has no d_optimizer"),
        (lambda stored: stored.pop("average"), r"must be a whole checkpoint, and has no average"),
        (lambda stored: stored.update(average=None), r"must hold the weights of this run's average"),
        (lambda stored: stored["discriminator"].popitem(), r"weights of this run's discriminator: .* Missing key"),
        (
            lambda stored: next(iter(stored["discriminator"].values())).fill_(NAN),
            r"finite weights, and .* of this run's discriminator",
        ),
        (lambda stored: stored["experiment"].update(seed=1), r"another configuration: seed is 1 there and 0 here"),
        (lambda stored: stored.update(precision="fp8"), r"its precision must be fp32 or bf16"),
        (lambda stored: stored.update(precision=[]), r"its precision must be fp32 or bf16"),
        (lambda stored: stored.update(g_optimizer=3), r"its g_optimizer must hold moments"),
        (lambda stored: stored["g_optimizer"].update(state=[]), r"its g_optimizer must hold moments"),
        (
            lambda stored: stored["g_optimizer"].update(param_groups=[]),
            r"its g_optimizer must hold moments and a",
        ),
        (lambda stored: stored["g_optimizer"]["param_groups"][0].update(lr=-1.0), r"must hold a learning rate from 0"),
        (lambda stored: stored["g_optimizer"]["state"].update({99: {}}), r"its g_optimizer must hold moments"),
        (lambda stored: stored["d_optimizer"]["state"][0].pop("step"), r"its d_optimizer must hold finite moments"),
        (
            lambda stored: stored["d_optimizer"]["state"][0].update(exp_avg=torch.ones(3)),
            r"its d_optimizer must hold finite moments of shape \(.*\) for weight 0",
        ),
        (lambda stored: stored["g_optimizer"]["state"][1]["exp_avg_sq"].fill_(NAN), r"finite moments of shape .* 1$"),
        (
            lambda stored: stored.update(best={"metric": "mae"}),
            r"its best evaluation must have a metric, a value",
        ),
        (lambda stored: stored["best"].update(metric="maee"), r"its best evaluation must be of a metric"),
        (lambda stored: stored["best"].update(metric=[]), r"its best evaluation must be of a metric"),
        (lambda stored: stored["best"].update(value=NAN), r"its best evaluation must be of a metric, with a finite"),
        (lambda stored: stored["best"].update(step=-1), r"its best evaluation must be of a metric"),
        (lambda stored: stored.update(pending=[]), r"its pending losses must be"),
        (lambda stored: stored["pending"].update(seconds=-1.0), r"its pending losses must be"),
        (lambda stored: stored["pending"].update(losses=[]), r"its pending losses must be"),
        (lambda stored: stored["pending"].update(losses={"G/a": 3}), r"its pending losses must be"),
        (lambda stored: stored["pending"]["losses"].update({"G/b": torch.ones(1)}), r"its pending losses must be"),
        (lambda stored: stored["pending"].update(losses={"G/a": torch.ones(6)}), r"its pending losses must be"),
    ],
)
def test_each_fault_is_a_line(
    game: Experiment, tmp_path: Path, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    path = saved(game, tmp_path, change)
    with pytest.raises(RequestError, match=message) as caught:
        checkpoint.restore(path, create_state(game, CPU), game)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_that_of_another_network_is_a_line(game: Experiment, tmp_path: Path) -> None:
    path = saved(game, tmp_path, lambda stored: None)
    wider = replace(game, generator=Generator(width=16))
    with pytest.raises(RequestError, match=r"holds another configuration: generator\.width is 8 there and 16 here"):
        checkpoint.restore(path, create_state(wider, CPU), wider)


def test_a_checkpoint_that_cannot_be_written_leaves_the_one_before(
    game: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a full disk raises in the middle of the file is what is raised, not PyTorch's words for it."""
    path = saved(game, tmp_path, lambda stored: None)
    before = path.read_bytes()

    class Full:
        def __init__(self, real: Any) -> None:
            self.real = real

        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *_: object) -> None:
            self.real.close()

        def write(self, data: bytes) -> int:
            if self.real.tell() > 5000:
                raise OSError(28, "No space left on device")
            return int(self.real.write(data))

        def flush(self) -> None:
            self.real.flush()

    with monkeypatch.context() as patch:
        real = Path.open
        patch.setattr(Path, "open", lambda path, mode="r": Full(real(path, mode)) if mode == "wb" else real(path, mode))
        with pytest.raises(OSError, match="No space left on device"):
            checkpoint.save(path, trained(game), game, BEST)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["last.pt"]


def test_a_file_is_on_the_disk_before_its_name_and_its_name_before_what_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, rename = os.fsync, os.replace
    kinds = {True: "folder", False: "file"}
    monkeypatch.setattr(os, "fsync", lambda opened: (done.append(kinds[_is_folder(opened)]), sync(opened))[1])
    monkeypatch.setattr(os, "replace", lambda *names: (done.append("rename"), rename(*names))[1])
    with replacing(tmp_path / "a.txt") as draft:
        draft.write_text("whole")
    assert done == ["file", "rename", "folder"]


def _is_folder(opened: int) -> bool:
    return stat.S_ISDIR(os.fstat(opened).st_mode)


def test_pending_losses_make_the_same_line() -> None:
    """Three steps and then two, from a checkpoint in between, as five without; one term is new since."""
    terms = [{"G/a": torch.tensor(1 / (3 + step)), "D/b": torch.tensor(float(step))} for step in range(5)]
    whole, first = Losses(10, Pending(), CPU), Losses(10, Pending(), CPU)
    whole.terms.extend(terms)
    first.terms.extend(terms[:3])
    second = Losses(13, first.pending(SOLE), CPU)
    assert second.first == 10
    second.terms.extend({**each, "G/new": torch.tensor(0.0)} for each in terms[3:])
    expected, found = whole.pending(SOLE).losses, second.pending(SOLE).losses
    assert list(found) == list(expected)
    assert all(torch.equal(found[name], column) for name, column in expected.items())
    second.written()
    assert (second.first, second.terms) == (15, [])


def test_seconds_go_on_where_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(pending.time, "monotonic", lambda: now)
    losses = Losses(2, PENDING, CPU)
    now = 103.0
    assert losses.pending(SOLE).seconds == 4.5
    losses.written()
    now = 104.0
    assert losses.pending(SOLE).seconds == 1.0
