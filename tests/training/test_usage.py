"""What a training takes of its machine is what the system says of the process."""

import json
import os
import re
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from gan.config import Experiment
from gan.training import loop
from gan.training.usage import Usage


def test_cores_are_those_that_were_busy() -> None:
    usage = Usage(torch.device("cpu"))
    time.sleep(0.5)
    assert usage.values()["system/cpu"] < 0.3
    until = time.process_time() + 0.5
    started = time.perf_counter()
    while time.process_time() < until:
        pass
    passed = time.perf_counter() - started  # on a busy machine longer
    assert usage.values()["system/cpu"] == pytest.approx(0.5 / passed, rel=0.2)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_is_the_most_that_was_held() -> None:
    usage = Usage(torch.device("cpu"))
    held = np.ones(300_000_000, np.uint8)
    after = usage.values()["system/memory"]
    del held
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert told
    assert after == pytest.approx(int(told[1]) * 1024 / 1e9, rel=0.02)
    assert after > 0.3
    assert "system/gpu_memory" not in usage.values()


@pytest.mark.slow
def test_a_run_writes_it_down(tiny: Experiment, tmp_path: Path) -> None:
    run = loop.train(tiny, tmp_path, resume=False).run
    lines = [json.loads(line) for line in run.metrics.read_text().splitlines()]
    assert all(0 < line["system/cpu"] < 2 * (os.cpu_count() or 1) for line in lines)
    assert all(0.1 < line["system/memory"] < 100 for line in lines)
