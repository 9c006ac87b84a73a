"""Training from Python: a script without a main guard, a thread, a notebook's process; each in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gan.runs.folder import RunFolder
from tests.support.command import environment_of_its_own

EXPERIMENT = """
from pathlib import Path
from gan.config import Data, Evaluation, Experiment, Generator, Logging
from gan.training.loop import train

print("begun", flush=True)
data = Data(source="folder", root="pictures", line="canny", size=32, val_fraction=0.2, test_fraction=0.2, workers=2)
experiment = Experiment(
    name="mine", steps=4, batch_size=4, data=data, generator=Generator(width=8),
    evaluation=Evaluation(pictures=4, grid=2, best="mae"), logging=Logging(every=1, wandb="disabled"),
)
"""
TRAIN = "outcome = train(experiment, Path('runs'), resume=False)\nprint(outcome.step, outcome.signal)\n"
THREAD = """
import signal, threading
from dataclasses import replace

before = signal.getsignal(signal.SIGTERM)
experiment = replace(experiment, logging=Logging(every=1, wandb="offline"))
ends = []
thread = threading.Thread(target=lambda: ends.append(train(experiment, Path("runs"), resume=False)))
thread.start()
thread.join()
print(ends[0].step, ends[0].signal, signal.getsignal(signal.SIGTERM) is before)
"""
NOTEBOOK = """
import asyncio, builtins, sys, types

class ZMQInteractiveShell: ...

builtins.get_ipython = ZMQInteractiveShell  # by which others know a notebook
sys.modules["__main__"] = notebook = types.ModuleType("__main__")

async def run(cells):
    for number, cell in enumerate(cells):
        exec(compile(cell, f"<cell {number}>", "exec"), notebook.__dict__)

asyncio.new_event_loop().run_until_complete(run(sys.argv[1:]))
"""
"""What ipykernel does: a main module without a file, whose cells are run inside a loop of events."""


def start(cwd: Path, *words: str) -> subprocess.Popen[str]:
    environment = environment_of_its_own(PYTHONPATH=str(Path(__file__).parents[2]))
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, *words], cwd=cwd, env=environment, stdout=pipe, stderr=pipe, text=True)


def said(process: subprocess.Popen[str]) -> list[str]:
    """The lines of a process that ends well."""
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert "ipywidgets" not in err
    return out.splitlines()


@pytest.mark.slow
def test_a_script_without_a_main_guard(picture_folder: Path) -> None:
    cwd = picture_folder.parent
    (cwd / "script.py").write_text(EXPERIMENT + TRAIN)
    assert said(start(cwd, "script.py")) == ["begun", "4 None"]
    assert [row["step"] for row in RunFolder(cwd / "runs/mine/seed-0").rows()] == [1, 2, 3, 4]


@pytest.mark.slow
def test_in_a_thread(picture_folder: Path) -> None:
    cwd = picture_folder.parent
    (cwd / "script.py").write_text(EXPERIMENT + THREAD)
    assert said(start(cwd, "script.py")) == ["begun", "4 None True"]


@pytest.mark.slow
def test_in_a_notebook(picture_folder: Path) -> None:
    """Interrupted, which is a SIGINT, it saves; the next cell goes on."""
    cwd = picture_folder.parent
    longer = "from dataclasses import replace\nlonger = replace(experiment, steps=100000)\n"
    stopped = longer + TRAIN.replace("experiment", "longer")
    resumed = "longer = replace(longer, steps=outcome.step + 1)\n" + stopped.removeprefix(longer).replace(
        "False", "True"
    )
    alone = EXPERIMENT.replace("workers=2", "workers=0")
    process = start(cwd, "-c", NOTEBOOK, alone, stopped, resumed)
    run = RunFolder(cwd / "runs/mine/seed-0")
    for _ in range(2400):
        if process.poll() is not None or len(run.rows()) > 2:
            break
        time.sleep(0.1)
    os.kill(process.pid, signal.SIGINT)
    lines = said(process)
    step = int(lines[1].split()[0])
    assert step > 2
    assert lines == ["begun", f"{step} {int(signal.SIGINT)}", f"{step + 1} None"]
