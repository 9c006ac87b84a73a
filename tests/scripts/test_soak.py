"""What scripts/soak.py says of memory that leaks and of memory that does not, and the whole of it for some seconds."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from gan.data.avatars import Characters

PATH = Path(__file__).parents[2] / "scripts" / "soak.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("soak_script", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["soak_script"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


SECONDS = [5.0 * number for number in range(361)]
"""Half an hour."""


def test_growth_is_that_of_a_line_after_the_caches_have_filled(script: ModuleType) -> None:
    line = [300 + 0.01 * second for second in SECONDS]
    assert script.growth(SECONDS, line) == pytest.approx(0.01 * 1200)
    filling = [500 - 200 * max(0, 1 - second / 600) for second in SECONDS]
    assert script.growth(SECONDS, filling) == pytest.approx(0, abs=1e-9)
    noisy = (400 + np.random.default_rng(0).normal(0, 10, len(SECONDS))).tolist()
    assert abs(script.growth(SECONDS, noisy)) < 10


def test_what_leaks_is_not_flat(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    steady = [400.0] * len(SECONDS)
    few = [20.0] * len(SECONDS)
    leaking = [400 + 0.02 * second for second in SECONDS]  # 24 MB in 20 minutes
    opening = [20 + second / 200 for second in SECONDS]  # 6 files
    assert script.report(script.Track("a", SECONDS, steady, few))
    assert not script.report(script.Track("b", SECONDS, leaking, few))
    assert not script.report(script.Track("c", SECONDS, steady, opening))
    assert re.search(r"b +400 -> 436 +\+24\.0 +20 -> 20 +[+-]0\.0", capsys.readouterr().out)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_a_process_and_what_descends_from_it(script: ModuleType) -> None:
    inner = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", inner], stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "1\n"
        found = script.family("train", process.pid)
        assert list(found.values()) == ["train", f"train: {Path(sys.executable).name}"]
        track = script.Track("train")
        script.measure(process.pid, 1.0, track)
        assert track.memory[0] > 1
        assert track.files[0] >= 3
        process.communicate("\n")
    script.measure(process.pid, 2.0, track)
    assert track.seconds == [1.0]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_some_seconds_of_it(tmp_path: Path, small_characters: Characters) -> None:
    """Too short for a verdict: that every process is there, and that nothing failed."""
    command = [sys.executable, str(PATH), "0.05", "--every", "1"]
    environment = os.environ | {"PYTHONPATH": str(PATH.parents[1]), "TMPDIR": str(tmp_path)}
    made = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert made.returncode in (0, 1), made.stderr
    names = [re.split(r"  +", line)[0] for line in made.stdout.splitlines()[1:]]
    assert names[0] == "train"
    assert names.count("train: worker") >= 2
    assert "serve" in names
    assert made.stdout.splitlines()[-1].startswith(("flat", "NOT FLAT"))
    assert "Traceback" not in made.stderr
    assert list(tmp_path.glob("tmp*")) == []
