"""Several processes that train one run against one process that does, by the real command."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from gan import seeds
from gan.config import Adversarial, Discriminator, Experiment, Generator
from gan.errors import RequestError
from gan.runs.folder import RunFolder, reserved
from gan.runs.weights import read
from gan.training import ranks as ranks_module
from gan.training.ranks import SOLE, Ranks, joined
from gan.training.state import create_state
from gan.training.step import train_step
from tests.support.command import Gan
from tests.support.equal_runs import CLOCK
from tests.support.first_step import first_step
from tests.support.processes import left_after
from tests.support.ranks import by_hand, start_rank, torchrun, two_places
from tests.training.test_step import batch_of, flat

CPU, CUDA = torch.device("cpu"), torch.device("cuda")
TWO = Ranks(0, 2)


@pytest.mark.slow
def test_two_ranks_take_the_step_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Different pictures, which are those of one process; the same weights; its gradients, clipped as one.

    Rank 0 is this process, for PyTorch takes seconds to start.
    """
    here, there = two_places()
    child = start_rank(["-m", "tests.support.first_step", tmp_path / "other.pt"], tmp_path, there)
    for name, value in here.items():
        monkeypatch.setenv(name, value)
    with joined("cpu") as ranks:
        one = first_step(ranks)
        assert "gloo" in threads()
    assert "gloo" not in threads(), "Python may abort when it ends before they do"
    assert child.wait(60) == 0, child.communicate()
    other, whole = torch.load(tmp_path / "other.pt"), first_step()
    for name, part in whole["batch"].items():
        assert torch.equal(torch.cat([one["batch"][name], other["batch"][name]]), part), name
    assert not torch.equal(one["batch"]["color"], other["batch"]["color"])
    for kind in ("gradients", "weights", "average"):
        for name, value in whole[kind].items():
            assert torch.equal(one[kind][name], other[kind][name]), name
            if kind == "gradients":
                torch.testing.assert_close(one[kind][name], value, atol=1e-6, rtol=0, msg=name)
    for name, term in whole["terms"].items():
        shared = name.endswith("grad_norm")  # of the mean of the ranks' gradients
        assert (one["terms"][name] == other["terms"][name]) == shared, name
        if name != "G/pointing":  # of which a part that no weight changes depends on the batch's number of colours
            torch.testing.assert_close((one["terms"][name] + other["terms"][name]) / 2, term)
    norms = {
        network: float(torch.cat([part.flatten() for name, part in one["gradients"].items() if network in name]).norm())
        for network in ("generator", "discriminator")
    }
    assert norms["generator"] == pytest.approx(2.0, rel=1e-4)
    assert norms["discriminator"] < 2.0


def threads() -> str:
    """The names of this process's threads."""
    return " ".join(name.read_text().strip() for name in Path("/proc/self/task").glob("*/comm"))


def test_dropout_differs_by_rank_and_is_that_of_one_process_on_rank_0(tiny: Experiment) -> None:
    assert seeds.integer(3, "step", 7, 0) == seeds.integer(3, "step", 7)
    experiment = replace(tiny, generator=Generator(width=8, dropout=0.5))
    made = {}
    for name, ranks in {"alone": SOLE, "0": Ranks(0), "1": Ranks(1), "1 again": Ranks(1)}.items():
        state = create_state(experiment, CPU, ranks)
        train_step(state, batch_of(0), experiment)
        made[name] = flat(state.generator)
    assert torch.equal(made["0"], made["alone"])
    assert torch.equal(made["1"], made["1 again"])
    assert not torch.equal(made["1"], made["0"])


def test_a_batch_must_be_shared_equally(tiny: Experiment) -> None:
    experiment = replace(tiny, batch_size=6, generator=Generator(width=8, norm="group"))
    for count in (1, 2, 3, 6):
        Ranks(0, count).check(experiment, CPU)
    with pytest.raises(RequestError, match=r"^batch_size \(6\) must be a multiple of the number of ranks \(4\)$"):
        Ranks(0, 4).check(experiment, CPU)


def test_batch_norm_on_a_processor_is_for_one_process(tiny: Experiment) -> None:
    """By name of the network whose norm it is; on a GPU it is synchronised, and every other norm is a picture's own."""
    game = Adversarial(game="lsgan")
    for norm, critic, fault in [
        ("batch", "group", "generator"),
        ("group", "batch", "discriminator"),
        ("group", "spectral", None),
        ("instance", "none", None),
        ("none", "instance", None),
    ]:
        experiment = replace(
            tiny,
            adversarial=game,
            generator=Generator(width=8, norm=norm),  # type: ignore[arg-type]
            discriminator=Discriminator(width=8, norm=critic),  # type: ignore[arg-type]
        )
        SOLE.check(experiment, CPU)
        TWO.check(experiment, CUDA)
        if fault is None:
            TWO.check(experiment, CPU)
        else:
            with pytest.raises(RequestError, match=rf"^{fault}\.norm \(batch\) must be group, instance or none for 2"):
                TWO.check(experiment, CPU)
    without = replace(tiny, generator=Generator(width=8, norm="none"), discriminator=Discriminator(norm="batch"))
    TWO.check(without, CPU)  # there is no discriminator


def test_batch_norms_of_several_ranks_are_synchronised() -> None:
    def network() -> nn.Module:
        return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Sequential(nn.BatchNorm2d(2)), nn.ReLU())

    converted, plain = TWO.synchronized(network()), SOLE.synchronized(network())
    assert [type(part) for part in plain.modules() if "Norm" in type(part).__name__] == [nn.BatchNorm2d] * 2
    assert [type(part) for part in converted.modules() if "Norm" in type(part).__name__] == [nn.SyncBatchNorm] * 2
    assert converted.state_dict().keys() == plain.state_dict().keys()


def test_each_rank_has_its_own_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks_module, "pick_device", lambda name: torch.device("cuda" if name == "auto" else name))
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    for rank, local in enumerate((0, 1, 0, 1)):
        assert Ranks(rank, 4, local).device("auto") == torch.device("cuda", local)
    assert Ranks(1, 2, 1).device("cpu") == CPU
    assert SOLE.device("cuda:1") == torch.device("cuda:1")
    assert SOLE.device("mps") == torch.device("mps")
    for name in ("cuda:1", "mps"):
        with pytest.raises(RequestError, match=rf"^device \({name}\) must be cuda or cpu for 2 ranks"):
            Ranks(1, 2, 1).device(name)
    with pytest.raises(RequestError, match=r"at most the number of GPUs of the machine \(2\)"):
        Ranks(2, 4, 2).device("auto")


@dataclass(frozen=True)
class Threads(Ranks):
    """Ranks that are threads of one process, and meet at a barrier; `group`: where they meet, and what each says."""

    def gather(self, value: Any) -> list[Any]:
        barrier, said = self.group
        said[self.rank] = value
        barrier.wait(20)
        heard = list(said)
        barrier.wait(20)
        return heard


def together(work: Callable[[Ranks], Any], machines: int = 1) -> list[Any]:
    """What each of four ranks returns or raises."""
    group = threading.Barrier(4), [None] * 4
    ranks = [Threads(rank, 4, rank % (4 // machines), group) for rank in range(4)]
    with ThreadPoolExecutor(4) as pool:
        ends = [pool.submit(work, each) for each in ranks]
    return [end.exception() or end.result() for end in ends]


def test_the_first_rank_of_each_machine_fills_the_cache_for_the_others() -> None:
    done: list[int] = []

    def work(ranks: Ranks) -> int:
        def once() -> int:
            time.sleep(0.02 * (4 - ranks.rank))  # whoever does not wait is sooner
            done.append(ranks.rank)
            return ranks.rank

        return ranks.in_turn(once)

    assert together(work, machines=2) == [0, 1, 2, 3]
    assert sorted(done[:2]) == [0, 2]
    done.clear()
    together(work)
    assert done[0] == 0


def test_what_one_rank_refuses_all_refuse() -> None:
    for faulty in (0, 3):

        def work(ranks: Ranks, faulty: int = faulty) -> None:
            def refuse() -> None:
                if ranks.rank == faulty:
                    raise RequestError(f"no such folder on rank {faulty}")

            ranks.in_turn(refuse)

        errors = together(work)
        assert [type(error) for error in errors] == [RequestError] * 4
        assert {str(error) for error in errors} == {f"no such folder on rank {faulty}"}


def test_ranks_that_differ_are_named() -> None:
    assert together(lambda ranks: ranks.require_same(7, "steps must be the same")) == [None] * 4
    errors = together(lambda ranks: ranks.require_same(ranks.rank // 2, "steps must be the same"))
    assert {str(error) for error in errors} == {"steps must be the same: 0 on rank 0, 1 on rank 2"}
    assert all(isinstance(error, RequestError) for error in errors)


WORDS = [
    *("--steps", "8", "--batch-size", "4", "--data.size", "32", "--data.characters", "350", "--optimizer.decay", "0"),
    *("--generator.width", "8", "--generator.norm", "group", "--discriminator.width", "8"),
    *("--discriminator.norm", "group", "--discriminator.layers", "1", "--ema", "0.9"),
    *("--evaluation.every", "4", "--evaluation.pictures", "6", "--evaluation.grid", "2", "--logging.every", "2"),
    *("--optimizer.lr", "5e-4"),
]
"""A small run at a constant rate, so that a longer one begins as a shorter one."""


def finish(process: subprocess.Popen[str]) -> tuple[str, list[str]]:
    """What it printed, and the lines on stderr that are not torchrun's."""
    out, err = process.communicate(timeout=300)
    return out, [line for line in err.splitlines() if line.startswith("gan: ")]


def assert_near(found: Path, expected: Path, networks: tuple[str, ...]) -> None:
    """Every weight within 1e-4 that has a gradient above its rounding, and all of them on average within 1e-7.

    Adam divides a gradient by its own size: of one that is nothing but rounding it makes a whole step.
    """
    one, other = read(found), read(expected)
    assert one["step"] == other["step"] == 8
    moments = {"generator": "g_optimizer", "average": "g_optimizer", "discriminator": "d_optimizer"}
    for network in networks:
        states = other[moments[network]]["state"]
        for number, (name, value) in enumerate(other[network].items()):
            difference = (one[network][name] - value).abs()
            sure = states[number]["exp_avg_sq"].sqrt() > 1e-7
            assert float(difference[sure].max()) < 1e-4, (network, name)
            assert float(difference.mean()) < 1e-7, (network, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["l1", "pix2pix_hints"])
def test_runs_of_two_ranks_and_of_one_are_the_same(name: str, experiments: Path, tmp_path: Path, gan: Gan) -> None:
    """Whole, and interrupted after four steps to go on with the other number of ranks."""
    words = ["train", experiments / f"{name}.py", *WORDS]
    half = [*words, "--steps", "4"]
    for run in ([*words, "--name", "one"], [*half, "--name", "one-two"], [*words, "--name", "two-one", "--resume"]):
        if "two-one" in run:
            _train_two(*half, "--name", "two-one", cwd=tmp_path)
        result = gan(*run, OMP_NUM_THREADS="1")
        assert result.returncode == 0, result.stderr
    _train_two(*words, "--name", "two", cwd=tmp_path)
    _train_two(*words, "--name", "one-two", "--resume", cwd=tmp_path)

    networks = ("generator", "average") + (("discriminator",) if name != "l1" else ())
    runs = {run: RunFolder(tmp_path / "runs" / run / "seed-0") for run in ("one", "two", "one-two", "two-one")}
    expected = runs["one"].rows()
    assert [row["step"] for row in expected] == [2, 4, 6, 8]
    for other, counts in {"two": [2], "one-two": [1, 2], "two-one": [2, 1]}.items():
        assert_near(runs[other].last, runs["one"].last, networks)
        starts = json.loads((runs[other].path / "environment.json").read_text())["starts"]
        assert [start["ranks"] for start in starts] == counts
        _assert_same_rows(runs[other].rows(), expected)


def _train_two(*words: str | Path, cwd: Path) -> None:
    process = torchrun(*words, cwd=cwd)
    out, lines = finish(process)
    assert (process.returncode, lines) == (0, [])
    assert out == f"runs/{words[words.index('--name') + 1]}/seed-0\n"


def _assert_same_rows(rows: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    """Losses and metrics; the last evaluation of a run that was to end sooner has more of them."""
    for found, row in zip(rows, expected, strict=True):
        assert row.keys() <= found.keys()
        for key, value in row.items():
            if key not in CLOCK:
                assert found[key] == pytest.approx(value, rel=1e-3, abs=2e-3), (row["step"], key)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (["--batch-size", "3"], "batch_size (3) must be a multiple of the number of ranks (2)"),
        (["--generator.norm", "batch"], "generator.norm (batch) must be group, instance or none for 2 ranks"),
        (["--out", "file"], "--out: file/l1/seed-0 must be writable"),
        (["--stepz", "3"], "--stepz"),
        (["--name", "there"], "holds this run already: go on with --resume"),
        (["--name", "held"], "is being trained into by another process"),
    ],
)
def test_a_refusal_is_one_line_and_status_2_on_every_rank(
    changes: list[str], fault: str, experiments: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    if "there" in changes:
        _train_two("train", experiments / "l1.py", *WORDS, "--steps", "1", *changes, cwd=tmp_path)
    with reserved(RunFolder(tmp_path / "runs" / "held" / "seed-0")):
        before = sorted(tmp_path.rglob("*"))
        ended = by_hand(["-m", "gan", "train", experiments / "l1.py", *WORDS, "--steps", "1", *changes], tmp_path)
    assert [each.returncode for each in ended] == [2, 2]
    said = [line for each in ended for line in each.stderr.splitlines()]
    (line,) = [line for line in said if not line.startswith("rendering characters")]  # where none are in the cache
    assert line.startswith("gan: ")
    assert fault in line
    assert [each.stdout for each in ended] == ["", ""]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.fixture
def endless(experiments: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run of two ranks, some steps in."""
    long = ["--steps", "100000", "--evaluation.every", "50000", "--logging.every", "1", "--name", "endless"]
    process = torchrun("train", experiments / "pix2pix.py", *WORDS, *long, cwd=tmp_path)
    run = RunFolder(tmp_path / "runs" / "endless" / "seed-0")
    for _ in range(3000):
        if process.poll() is not None or (run.metrics.exists() and len(run.rows()) > 3):
            break
        time.sleep(0.1)
    yield process
    process.terminate()
    process.communicate()


def _ranks_of(process: subprocess.Popen[str]) -> dict[int, int]:
    """Rank -> process, of those that a torchrun has started."""
    words = ["ps", "-o", "pid=", "--ppid", str(process.pid)]
    found = [int(pid) for pid in subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()]
    names = {pid: Path(f"/proc/{pid}/environ").read_text().split("\0") for pid in found}
    return {int(name[5:]): pid for pid, its in names.items() for name in its if name.startswith("RANK=")}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="a process's environment is read from /proc")
@pytest.mark.parametrize("killed", [0, 1])
def test_a_killed_rank_ends_all_with_one_line(endless: subprocess.Popen[str], killed: int) -> None:
    ranks = _ranks_of(endless)
    assert sorted(ranks) == [0, 1]
    os.kill(ranks[killed], signal.SIGKILL)
    started = time.monotonic()
    out, lines = finish(endless)
    assert time.monotonic() - started < 60
    assert endless.returncode == 1
    assert out == ""
    (line,) = lines
    assert line.startswith("gan: another rank has ended; go on with --resume (")
    assert not any(Path(f"/proc/{pid}").exists() for pid in ranks.values())


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="a process's environment is read from /proc")
@pytest.mark.parametrize("to", ["torchrun", "rank 1"])
def test_all_ranks_stop_at_one_step_and_save(endless: subprocess.Popen[str], to: str, tmp_path: Path) -> None:
    """Whoever receives the signal: torchrun, which hands it on, or one of them alone."""
    os.kill(endless.pid if to == "torchrun" else _ranks_of(endless)[1], signal.SIGTERM)
    out, lines = finish(endless)
    run = RunFolder(tmp_path / "runs" / "endless" / "seed-0")
    step = read(run.last)["step"]
    assert step == run.rows()[-1]["step"] >= 3
    assert lines == [f"gan: stopped at step {step}; go on with --resume"]
    assert out == "runs/endless/seed-0\n"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="a process's environment is read from /proc")
def test_ranks_whose_torchrun_is_killed_save_and_end(endless: subprocess.Popen[str], tmp_path: Path) -> None:
    ranks = _ranks_of(endless)
    assert sorted(ranks) == [0, 1]
    endless.kill()
    assert left_after(60, ranks.values()) == []
    run = RunFolder(tmp_path / "runs" / "endless" / "seed-0")
    assert read(run.last)["step"] == run.rows()[-1]["step"] >= 3
