"""The W&B mirror: a real offline run read back, and that its trouble is never the run's."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio

from gan.config import Experiment, Logging, to_dict
from gan.data import sources
from gan.data.fixed import spread
from gan.grid import cut
from gan.runs import wandb_mirror
from gan.runs.folder import RunFolder
from gan.runs.mirror import Identity, Mirror
from gan.runs.wandb_mirror import PATIENCE, WandbMirror, start
from tests.support.command import Gan, environment_of_its_own
from tests.support.processes import below
from tests.support.wandb_records import check_media, of_type, records, stretches, summary

IDENTITY = Identity("abcd1234", "tiny/seed-0", "tiny", "tiny")
PICTURE = np.zeros((8, 8, 3), np.uint8)


def history(run: Path) -> dict[int, dict[str, Any]]:
    """Step -> what was logged."""
    return {record["item"]["step"]: record["item"] for record in of_type("history", records(run))}


SMALL = ("--data.size", "32", "--data.characters", "350", "--generator.width", "8", "--batch-size", "4")


def test_an_offline_run_reads_back(
    gan: Gan, experiments: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a person who has no account and says nothing."""
    monkeypatch.delenv("WANDB_MODE")
    words = ("--steps", "6", "--evaluation.every", "3", "--evaluation.pictures", "10", "--logging.every", "2")
    result = gan("train", experiments / "l1_hints.py", *SMALL, *words)
    assert result.returncode == 0, result.stderr
    run = tmp_path / "runs" / "l1_hints" / "seed-0"
    assert "W&B: offline, in runs/l1_hints/seed-0/wandb/offline-run-" in result.stderr
    assert not [line for line in result.stderr.splitlines() if line.startswith("wandb:")]  # nothing of its own
    logged = history(run)
    rows = rows_of(run)
    assert list(logged) == [row["step"] for row in rows] == [2, 3, 4, 6]
    for row in rows:
        for name, value in row.items():
            if name != "time":
                assert logged[row["step"]][name] == pytest.approx(value), name
    for step in (3, 6):
        for key in ("samples/grid", "samples/train_grid"):
            assert logged[step][f"{key}._type"] == "image-file"
            saved = next((run / "wandb").glob(f"offline-run-*/files/{logged[step][f'{key}.path']}"))
            grid = np.asarray(Image.open(run / "samples" / f"{step:06d}{'-train' if 'train' in key else ''}.png"))
            mirrored = np.asarray(Image.open(saved)).astype(int)
            assert mirrored.shape == grid.shape
            assert np.abs(mirrored - grid).mean() < 4
        assert logged[step]["samples/table._type"] == "table-file"
        assert logged[step]["samples/table.nrows"] == "8" or logged[step]["samples/table.nrows"] == 8
        assert "samples/draws.path" not in logged[step]
    found = records(run)
    (started,) = of_type("run", found)
    assert started["run_group"] == started["job_type"] == "l1_hints"
    assert started["display_name"] == "l1_hints/seed-0"
    environment = json.loads((run / "environment.json").read_text())
    assert started["run_id"] == environment["run_id"]
    assert {"tags", "notes"}.isdisjoint(started)
    assert of_code(started["config"]["update"]) == environment["starts"][0]["git"]
    named = check_media(run, found)
    assert len([name for name in named if name.startswith("media/images/samples/")]) == 2 * 2  # two grids, two steps
    assert len([name for name in named if "/samples/" not in name and name.endswith(".jpg")]) > 8  # the tables' cells

    curve_in_the_mirror(run, logged[6])
    summary_in_the_mirror(run, rows, summary(found))
    table_in_the_mirror(run, logged[6])


def of_code(config: dict[str, Any]) -> dict[str, Any] | None:
    """What a configuration says of the code, as environment.json has it."""
    code = {name.removeprefix("code/"): value for name, value in config.items() if name.startswith("code/")}
    return code or None


def summary_in_the_mirror(run: Path, rows: list[dict[str, float]], shown: dict[str, Any]) -> None:
    """A metric's own name is its last number, as ever; beside it are its extremes, and what best.pt is of."""
    evaluated = [row for row in rows if "val/mae" in row]
    for name in ("val/lpips", "val/psnr", "val/sepia_index", "val_hints/3/mae"):
        values = [row[name] for row in evaluated]
        best = {"val/psnr": max(values), "val/sepia_index": min(values, key=abs)}.get(name, min(values))
        expected = {name: values[-1], f"min/{name}": min(values), f"max/{name}": max(values), f"best/{name}": best}
        assert {key: shown[key] for key in expected} == pytest.approx(expected)
    for name in ("min/G/reconstruction", "min/val/sepia_index/hair", "best/val/ab_std"):
        assert name not in shown
    assert shown["distance/val/sepia_index"] == pytest.approx(abs(rows[-1]["val/sepia_index"]))
    best = torch.load(run / "checkpoints" / "best.pt", weights_only=True)["best"]
    assert shown["checkpoint/best_metric"] == f"val_hints/3/{best['metric']}"
    assert shown["checkpoint/best_step"] == best["step"]
    assert shown["checkpoint/best_value"] == pytest.approx(best["value"])
    chosen = next(row for row in rows if row["step"] == best["step"])
    assert chosen[shown["checkpoint/best_metric"]] == pytest.approx(best["value"])


def table_in_the_mirror(run: Path, logged: dict[str, Any]) -> None:
    """Which picture each row is of, and how far it is from its truth: of the very pictures in the grid."""
    (path,) = (run / "wandb").glob(f"offline-run-*/files/{logged['samples/table.path']}")
    table = json.loads(path.read_text())
    assert table["columns"][:5] == ["line", "hint", "fake", "color", "picture"]
    column = {name: [row[place] for row in table["data"]] for place, name in enumerate(table["columns"])}
    experiment = RunFolder(run).config
    val = sources.load(experiment).sides["val"]
    assert column["picture"] == [val.key(index) for index in spread(val, 8)]
    grid = cut(np.asarray(Image.open(run / "samples" / f"{logged['step']:06d}.png")), (32, 32))
    assert grid is not None
    fake, color = grid["fake"] / 255, grid["color"] / 255
    assert column["mae"] == pytest.approx(np.abs(fake - color).mean(axis=(1, 2, 3)), abs=0.003)
    for number in range(8):
        assert column["psnr"][number] == pytest.approx(
            peak_signal_noise_ratio(color[number], fake[number], data_range=1), abs=0.1
        )
    assert {"ssim", "lpips"} <= set(column)


@pytest.mark.slow
def test_a_samplers_draws_are_mirrored(gan: Gan, experiments: Path, tmp_path: Path) -> None:
    words = ("--steps", "2", "--evaluation.every", "1", "--evaluation.pictures", "4", "--discriminator.layers", "2")
    words += ("--logging.tags", "noise", "small", "--logging.notes", "why", "--logging.artifact", "last")
    result = gan("train", experiments / "sampler.py", *SMALL, *words, WANDB_MODE="offline")
    assert result.returncode == 0, result.stderr
    run = tmp_path / "runs" / "sampler" / "seed-0"
    found = records(run)
    check_media(run, found)
    (started,) = of_type("run", found)
    assert (started["tags"], started["notes"]) == (["noise", "small"], "why")
    (kept,) = [each for each in of_type("artifact", found) if each["type"] == "model"]
    assert (kept["name"], sorted(kept["aliases"])) == (f"checkpoint-{started['run_id']}", ["last", "latest"])
    assert json.loads(kept["metadata"]) == {"step": 2, "name": "sampler"}
    (content,) = kept["manifest"]["contents"]
    assert content["path"] == "last.pt"
    assert Path(content["local_path"]).read_bytes() == (run / "checkpoints" / "last.pt").read_bytes()
    logged = history(run)
    for step in (1, 2):
        assert logged[step]["samples/draws._type"] == "image-file"
        (saved,) = (run / "wandb").glob(f"offline-run-*/files/{logged[step]['samples/draws.path']}")
        grid = np.asarray(Image.open(run / "samples" / f"{step:06d}-draws.png"))
        assert grid.shape == (22 + 4 * 130 + 2, 9 * 130 + 2, 3)
        mirrored = np.asarray(Image.open(saved)).astype(int)
        assert mirrored.shape == grid.shape
        assert np.abs(mirrored - grid).mean() < 4


def curve_in_the_mirror(run: Path, logged: dict[str, Any]) -> None:
    """The curve over the number of hints: a table that agrees with the run folder, and two line plots of it."""
    (path,) = (run / "wandb").glob(f"offline-run-*/files/{logged['hints/table.path']}")
    table = json.loads(path.read_text())
    curve = json.loads((run / "hints-val.json").read_text())["hints"]
    assert table["columns"][:4] == ["hints", "sepia_index", "mae", "lpips"]
    assert [row[0] for row in table["data"]] == [0, 1, 2, 3] == [int(count) for count in curve]
    for row, metrics in zip(table["data"], curve.values(), strict=True):
        assert row[1:4] == pytest.approx([metrics.get(name) for name in ("sepia_index", "mae", "lpips")])
    shown = [record["config"]["update"] for record in records(run) if record["type"] == "config"]
    charts = {name: chart for update in shown for name, chart in update.items() if "visualize" in name}
    for line in ("mae", "sepia_index"):
        chart = charts[f"_wandb.visualize.hints/{line}"]["panel_config"]
        assert chart["panelDefId"] == "wandb/line/v0"
        assert (chart["fieldSettings"]["x"], chart["fieldSettings"]["y"]) == ("hints", line)


def rows_of(run: Path) -> list[dict[str, float]]:
    metrics = run / "metrics.jsonl"
    return [json.loads(line) for line in metrics.read_text().splitlines()] if metrics.exists() else []


@pytest.fixture
def training(experiments: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    words = ["train", experiments / "l1.py", *SMALL, "--steps", "400", "--logging.every", "10"]
    process = subprocess.Popen(
        [sys.executable, "-m", "gan", *map(str, words), "--evaluation.pictures", "4"],
        cwd=tmp_path,
        env=os.environ | {"WANDB_MODE": "offline"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_wandb_process_that_dies_does_not_stop_the_training(training: subprocess.Popen[str], tmp_path: Path) -> None:
    run = tmp_path / "runs" / "l1" / "seed-0"
    for _ in range(2400):  # characters are rendered first where none are in the cache
        if training.poll() is not None or len(rows_of(run)) > 2:
            break
        time.sleep(0.1)
    assert training.poll() is None, training.communicate()
    cores = [pid for pid, command in below(training.pid).items() if "wandb-core" in command]
    assert cores, below(training.pid)
    for pid in cores:
        os.kill(pid, signal.SIGKILL)
    out, err = training.communicate(timeout=240)
    assert training.returncode == 0, err
    assert out.strip() == "runs/l1/seed-0"
    assert "W&B" in err.split("offline, in", 1)[1]  # it is said
    rows = rows_of(run)
    assert rows[-1]["step"] == 400
    assert "val/mae" in rows[-1]


class FailingRun:
    """A run whose every call fails, as with a dead connection."""

    settings = SimpleNamespace(mode="offline")
    dir = "/somewhere/files"

    def __init__(self) -> None:
        self.calls = 0

    def log(self, *_: object, **__: object) -> None:
        self.calls += 1
        raise ConnectionError("gone\nand a long story")

    def finish(self, **_: object) -> None:
        self.calls += 1
        raise ConnectionError("gone")


def test_after_a_few_errors_the_mirror_is_dropped(caplog: pytest.LogCaptureFixture) -> None:
    import wandb

    caplog.set_level("INFO", "gan")
    run = FailingRun()
    mirror = WandbMirror(wandb, run)
    for step in range(10):
        mirror.log(step, {"x": 1.0}, {"grid": PICTURE})
    mirror.finish(0)
    said = caplog.messages
    assert run.calls == PATIENCE
    assert said[1] == "W&B log failed (gone)"
    assert "dropped" in said[-1]
    assert len(said) == 1 + PATIENCE + 1


def start_in(mode: str, folder: Path, tiny: Experiment) -> Mirror:
    return start(folder, Logging(wandb=mode), to_dict(tiny), IDENTITY)  # type: ignore[arg-type]


def test_disabled_by_option_or_environment(tiny: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(start_in("disabled", tmp_path, tiny)) is Mirror
    monkeypatch.setenv("WANDB_MODE", "disabled")
    assert type(start_in("auto", tmp_path, tiny)) is Mirror
    assert list(tmp_path.iterdir()) == []


def test_switched_off_elsewhere(tiny: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """WANDB_DISABLED, as other libraries read it; an option and WANDB_MODE are nearer."""
    monkeypatch.delenv("WANDB_MODE", raising=False)
    monkeypatch.setenv("WANDB_DISABLED", "true")
    assert type(start_in("auto", tmp_path, tiny)) is Mirror
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("WANDB_MODE", "offline")
    mirror = start_in("auto", tmp_path, tiny)
    assert isinstance(mirror, WandbMirror)
    mirror.finish(0)


SWITCHED_OFF = """
import os, sys, pathlib, logging
logging.basicConfig(level="INFO")
from gan.config import Logging
from gan.runs.wandb_mirror import Identity, start
folder = pathlib.Path("run"); folder.mkdir()
print(type(start(folder, Logging(wandb=sys.argv[1]), {}, Identity("abcd1234", "a", "a", "a"))).__name__)
"""


@pytest.mark.parametrize(("mode", "mirror"), [("auto", "Mirror"), ("offline", "WandbMirror")])
def test_wandb_disabled_holds_where_nothing_nearer_is_said(mode: str, mirror: str, tmp_path: Path) -> None:
    """The settings file is what the command `wandb disabled` writes."""
    (tmp_path / "wandb").mkdir()
    (tmp_path / "wandb" / "settings").write_text("[default]\nmode = disabled\n")
    environment = environment_of_its_own()
    environment.pop("WANDB_MODE", None)
    words = [sys.executable, "-c", SWITCHED_OFF, mode]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == mirror, done.stderr


def test_what_the_environment_says_goes_before_a_default(
    tiny: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"PROJECT": "mine", "NAME": "a name", "RUN_GROUP": "a group", "JOB_TYPE": "a type"}
    for name, value in said.items():
        monkeypatch.setenv(f"WANDB_{name}", value)
    for how, project in ((Logging(wandb="offline"), "mine"), (Logging(wandb="offline", project="near"), "near")):
        folder = tmp_path / project
        folder.mkdir()
        start(folder, how, to_dict(tiny), IDENTITY).finish(0)
        (run,) = [record["run"] for record in records(folder) if record["type"] == "run"]
        assert (run["project"], run["display_name"], run["run_group"], run["job_type"]) == (
            project,
            "a name",
            "a group",
            "a type",
        )


def test_a_run_that_goes_on_is_the_same_run(tiny: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offline, too: W&B uploads its stretches in their order as one run, whose extremes are of them all."""
    diff = tmp_path / "code.diff"
    diff.write_bytes(b"--- a\n+++ b\n")
    rows = [{"step": 1, "val/mae": 0.3}, {"step": 2, "val/mae": 0.1}, {"step": 3, "val/mae": 0.2}]
    for first, last, tags in ((0, 2, ("a", "b")), (2, 3, ("c",))):
        how = Logging(wandb="offline", tags=tags, notes="why")
        mirror = start(tmp_path, how, to_dict(tiny), IDENTITY, rows[:first])
        monkeypatch.setenv("WANDB_DISABLE_CODE", "true" if first else "")  # as W&B's own code saving is switched off
        mirror.code(diff)
        for row in rows[first:last]:
            mirror.log(int(row["step"]), row, {})
        mirror.finish(0)
        time.sleep(1.1)  # W&B's names of folders have seconds
    begun, resumed = stretches(tmp_path)
    for found, tags in ((begun, ["a", "b"]), (resumed, ["c"])):
        (run,) = of_type("run", found)
        assert (run["run_id"], run["resume"], run["tags"]) == ("abcd1234", True, tags)
        assert ([{"path": "code.diff"}] in [files["files"] for files in of_type("files", found)]) == (found is begun)
    shown = summary(begun) | summary(resumed)
    assert [shown[f"{way}/val/mae"] for way in ("min", "max", "best")] == [0.1, 0.3, 0.1]
    assert shown["val/mae"] == 0.2
    (copy,) = (tmp_path / "wandb").glob("offline-run-*/files/code.diff")
    assert copy.read_bytes() == diff.read_bytes()
    assert not copy.is_symlink()


def test_a_persons_own_run_goes_on(tiny: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Training from Python beside a run of one's own: neither is the other's, and the environment is as it was."""
    import wandb

    monkeypatch.setenv("WANDB_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("WANDB_DIR", raising=False)
    before = dict(os.environ)
    own = tmp_path / "own"
    own.mkdir()
    mine = wandb.init(project="thesis", mode="offline", dir=own, settings=wandb.Settings(console="off"))
    mirror = start_in("offline", tmp_path, tiny)
    mirror.log(1, {"x": 2.0}, {})
    mine.log({"y": 3.0, "step": 1})
    mirror.finish(0)
    assert {name: value for name, value in os.environ.items() if "SERVICE" not in name} == {
        name: value for name, value in before.items() if "SERVICE" not in name
    }
    mine.log({"y": 4.0, "step": 2})
    mine.finish()
    assert "x" in history(tmp_path)[1]
    assert "y" not in history(tmp_path)[1]
    assert [item["y"] for item in history(own).values()] == [3, 4]


def test_without_wandb_training_goes_on(
    tiny: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "wandb", None)
    assert type(start_in("offline", tmp_path, tiny)) is Mirror
    assert len(caplog.messages) == 1
    assert "no W&B mirror: wandb cannot be imported" in caplog.messages[0]


def test_an_online_start_that_fails_falls_back_to_offline_with_one_warning(
    tiny: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "gan")
    for name in ("WANDB_DIR", "WANDB_DATA_DIR"):
        monkeypatch.setenv(name, "")
    real = wandb_mirror._init

    def init(wandb: Any, mode: str, *rest: Any) -> Any:
        if mode == "online":
            raise TimeoutError("the host cannot be reached")
        return real(wandb, mode, *rest)

    monkeypatch.setattr(wandb_mirror, "_init", init)
    mirror = start_in("online", tmp_path, tiny)
    assert isinstance(mirror, WandbMirror)
    mirror.log(1, {"x": 2.0}, {"grid": PICTURE})
    mirror.finish(0)
    said = [line for line in caplog.messages if "W&B" in line]
    assert said[0] == "W&B could not start online (the host cannot be reached)"
    assert said[1].startswith("W&B: offline, in ")
    assert len(said) == 2
    assert history(tmp_path)[1]["x"] == 2


@pytest.mark.slow
def test_the_sweep_is_a_list_of_runs_that_train(tmp_path: Path) -> None:
    """The command as W&B's agent builds it, each with a folder of its own and the id that the agent gave out."""
    from wandb.sdk.launch.sweeps.utils import create_sweep_command, create_sweep_command_args

    root = Path(__file__).parents[2]
    sweep = yaml.safe_load((root / "experiments" / "sweep.yaml").read_text())
    args = {name: {"value": part["values"][0]} for name, part in sweep["parameters"].items()}
    given = create_sweep_command_args({"program": "none", "args": args})
    words = []
    for word in create_sweep_command(sweep["command"]):
        words += given[word[2:-1]] if word.startswith("${") else [word]
    shim = tmp_path / "gan"
    shim.write_text(
        f'#!/bin/sh\nexec {sys.executable} -m gan "$@" --steps 1 --data.size 32 --data.characters 350'
        " --discriminator.layers 2 --evaluation.pictures 8\n"
    )
    shim.chmod(0o755)
    environment = environment_of_its_own(
        PATH=f"{tmp_path}:{os.environ['PATH']}",
        WANDB_MODE="offline",
        WANDB_RUN_ID="abcd9876",
        WANDB_SWEEP_ID="sweep123",
    )
    words = [str(root / word) if word.endswith(".py") else word for word in words]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    run = tmp_path / "runs" / "sweep" / "abcd9876" / "pix2pix" / "seed-3"
    config = json.loads((run / "config.json").read_text())
    assert (config["reconstruction"]["weight"], config["optimizer"]["d_lr"]) == (1.0, 5e-5)
    goal = history(run)[1][sweep["metric"]["name"]]
    assert goal == pytest.approx(abs(rows_of(run)[-1]["val/sepia_index"]))
    found = next(record["run"] for record in records(run) if record["type"] == "run")
    assert (found["run_id"], found["run_group"]) == ("abcd9876", "pix2pix")
