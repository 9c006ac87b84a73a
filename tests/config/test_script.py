"""An experiment file run as a script says how to run it; a person's own script is left alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gan.config.script import _only_describes


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(
        [sys.executable, *map(str, words)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize(
    ("name", "sets", "verb"), [("pix2pix", "experiment", "train"), ("sepia_quick", "study", "study")]
)
def test_an_experiment_file_says_how_to_run_it(experiments: Path, name: str, sets: str, verb: str) -> None:
    file = experiments / f"{name}.py"
    done = run(file)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"gan: {file} does nothing by itself, it sets `{sets}`: run gan {verb} {file}\n"


BEGIN = "from gan.config import Experiment, to_dict\nexperiment = Experiment(name='x')\n"
ACTS = {
    "prints": "print(experiment.name)",
    "imports what trains": "from gan.training.loop import train",
    "trains where it assigns": "import gan.training.loop\noutcome = gan.training.loop.train",
    "starts a command": "import subprocess\ndone = subprocess.run(['true'])",
    "is guarded": "if __name__ == '__main__':\n    seed = experiment.seed",
    "loops": "for seed in range(2):\n    seeds = seed",
    "imports a file of its own": "import own",
    "imports beside it": "from . import own",
}


@pytest.mark.parametrize("act", ACTS)
def test_what_does_anything_is_left_alone(act: str) -> None:
    assert _only_describes(BEGIN)
    assert not _only_describes(BEGIN + ACTS[act])


@pytest.mark.parametrize(
    ("text", "status"),
    [(BEGIN + "print(experiment.name)\n", 0), (BEGIN + "fault = experiment.none\n", 1), ("experiment = 3\n", 0)],
)
def test_own_scripts_end_as_they_would(text: str, status: int, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import gan.config\n" + text)
    done = run(script)
    assert done.returncode == status
    assert "does nothing" not in done.stderr


def test_one_that_is_looked_into_may_be(experiments: Path) -> None:
    """`python -i`: whoever looks at an experiment at a prompt."""
    done = run("-i", experiments / "l1.py")
    assert "does nothing" not in done.stderr
    assert done.returncode == 0
