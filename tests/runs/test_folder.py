"""The run folder: lines that are damaged, what is none of ours, and one training at a time."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gan import files
from gan.config import Evaluation, Experiment
from gan.errors import RequestError
from gan.runs.folder import RunFolder, read_json, reserved
from gan.training import loop
from tests.support.experiments import with_data


@pytest.fixture
def run(tmp_path: Path, tiny: Experiment) -> RunFolder:
    """A folder of a run that has begun."""
    folder = RunFolder(tmp_path / "tiny" / "seed-0")
    folder.begin(tiny, {}, 0)
    return folder


DAMAGED = [
    *(b"123", b"null", b"[1]", b'"step"', b"{}", b"", b"\x00\xff\xfe", b"[" * 200_000),
    *(b'{"step": true}', b'{"step": 2.5}', b'{"step": 2, "a": "b"}', b'{"step": ' + b"9" * 5000 + b"}"),
    *(b'{"step": 3, "a": NaN}', b'{"step": 3, "a": 1e999}', b'{"step": 3, "\xff": 1}', b'{"step": 3, "val'),
]


def test_damaged_lines_are_left_out_and_counted(run: RunFolder, tiny: Experiment) -> None:
    for step in (1, 2, 3):
        run.append(step, {"val/mae": 0.1 + step})
    sound = run.metrics.read_bytes().splitlines()
    run.metrics.write_bytes(b"\n".join([sound[0], *DAMAGED[:5], sound[1], *DAMAGED[5:-1], sound[2], DAMAGED[-1]]))
    assert [(row["step"], row["val/mae"]) for row in run.rows()] == [(1, 1.1), (2, 2.1), (3, 3.1)]
    (note,) = run.begin(tiny, {}, 2)
    assert note == f"{run.metrics}: left out {len(DAMAGED)} damaged or unfinished lines"
    assert run.metrics.read_bytes().splitlines() == sound[:2]
    assert run.begin(tiny, {}, 2) == []


def test_what_is_pending_is_logged_again(run: RunFolder, tiny: Experiment) -> None:
    for step in (2, 4, 6):
        run.append(step, {})
        (run.path / "samples" / f"00000{step}.png").touch()
    run.begin(tiny, {}, 6, pending=2)
    assert [row["step"] for row in run.rows()] == [2, 4]
    assert sorted(path.name for path in (run.path / "samples").iterdir()) == ["000002.png", "000004.png"]


@pytest.mark.parametrize("values", [{}, {"run_id": 3, "starts": []}, {"run_id": "a", "starts": 1}, {"run_id": "a"}])
def test_an_environment_that_is_none_is_a_line(run: RunFolder, tiny: Experiment, values: dict[str, object]) -> None:
    run.save_json("environment", values)
    for ask in (lambda: run.begin(tiny, {}, 0), lambda: run.run_id):
        with pytest.raises(RequestError, match=r"environment\.json must hold a run_id and a list of starts"):
            ask()


def put(path: Path, how: str) -> None:
    """Something else in place of a file or folder."""
    (path.rmdir if path.is_dir() else path.unlink)()
    if how == "folder":
        path.mkdir()
    elif how == "pipe":
        os.mkfifo(path)
    else:
        path.write_bytes(b"[" * 200_000 if how == "deep" else b"\xff\xfe\x00")


@pytest.mark.parametrize("name", ["config.json", "environment.json", "data.json"])
@pytest.mark.parametrize("how", ["folder", "pipe", "deep", "binary"])
def test_something_else_in_place_of_a_file_is_a_line(run: RunFolder, tiny: Experiment, name: str, how: str) -> None:
    put(run.path / name, how)
    with pytest.raises(RequestError) as caught:
        run.begin(run.config, {}, 2)
    assert str(run.path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "how"), [("metrics.jsonl", "folder"), ("samples", "pipe"), ("checkpoints", "binary")])
def test_something_else_in_its_place_cannot_be_written(run: RunFolder, tiny: Experiment, name: str, how: str) -> None:
    put(run.path / name, how)
    with pytest.raises(RequestError, match="must be writable"):
        run.begin(tiny, {}, 2)


@pytest.mark.parametrize("how", ["pipe", "deep", "binary"])
def test_something_else_in_place_of_the_lines_is_replaced(run: RunFolder, tiny: Experiment, how: str) -> None:
    put(run.metrics, how)
    run.begin(tiny, {}, 2)
    run.append(3, {"val/mae": 0.5})
    assert [row["step"] for row in run.rows()] == [3]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.json")
    with pytest.raises(RequestError, match=r"config\.json must be a file"):
        read_json(tmp_path / "config.json")


HOLD = """
import sys
from pathlib import Path
from gan.runs.folder import RunFolder, reserved
with reserved(RunFolder(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process, which trains into a folder."""
    words = [sys.executable, "-c", HOLD, str(tmp_path / "tiny" / "seed-0")]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_one_training_at_a_time(holder: "subprocess.Popen[str]", tiny: Experiment, tmp_path: Path) -> None:
    """Whoever is killed holds the folder no longer; a folder that is only held is empty."""
    tiny = replace(tiny, steps=2, evaluation=Evaluation(every=2, pictures=2, grid=1))
    with pytest.raises(RequestError, match=r"seed-0 is being trained into by another process; wait for it, or choose"):
        loop.train(tiny, tmp_path, resume=False)
    assert [path.name for path in (tmp_path / "tiny" / "seed-0").iterdir()] == [".lock"]
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert loop.train(tiny, tmp_path, resume=False).step == 2


def test_also_within_a_process(tiny: Experiment, tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "a")
    with reserved(run):
        with pytest.raises(RequestError, match="is being trained into"), reserved(run):
            pass
        with reserved(RunFolder(tmp_path / "b")):
            pass
    with reserved(run):
        pass


def test_who_finds_the_run_begun_meanwhile_is_refused(
    tiny: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another has trained into the folder, and ended, while the pictures were looked at."""
    real = loop.sources.load

    def load(experiment: Experiment, *rest: object, **how: object) -> object:
        RunFolder(tmp_path / "tiny" / "seed-0").begin(with_data(experiment, split="hash"), {}, 0)
        return real(experiment, *rest, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(loop.sources, "load", load)
    with pytest.raises(RequestError, match=r"holds this run already: go on with --resume"):
        loop.train(tiny, tmp_path, resume=False)


def test_a_folder_that_cannot_be_locked_is_trained_into_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(files.fcntl, "flock", refuse)
    with reserved(RunFolder(tmp_path)):
        pass
    assert "cannot be locked (No locks available)" in caplog.text
