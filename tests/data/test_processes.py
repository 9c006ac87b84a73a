"""Processes that prepare pictures: they end with the main one, and leave its script alone."""

import pickle
import subprocess
import sys
import time
from multiprocessing.spawn import get_preparation_data
from pathlib import Path
from types import SimpleNamespace

import pytest

from gan.data.processes import _main_hidden
from tests.support.processes import below, left_after

SCRIPT = """
import time
from gan.data.cache import on_all_cores
print("begun", flush=True)
on_all_cores(time.sleep, [60] * 40)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_killed_process_leaves_none_and_none_runs_its_script_again(tmp_path: Path) -> None:
    """Without a main guard; what renders characters starts as what loads pictures does."""
    (tmp_path / "script.py").write_text(SCRIPT)
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    with (tmp_path / "said").open("w") as said:
        main = subprocess.Popen([sys.executable, tmp_path / "script.py"], env=environment, stdout=said)
    started: dict[int, str] = {}
    for _ in range(300):  # the server of forks, one worker at least, and what tracks their resources
        started = below(main.pid)
        if main.poll() is not None or len(started) > 2:
            break
        time.sleep(0.1)
    time.sleep(1)
    started |= below(main.pid)
    main.kill()
    main.wait()
    assert (tmp_path / "said").read_text() == "begun\n"
    assert len(started) > 2, started
    assert left_after(10, started) == []


class Mine:
    """What a script might define."""


def test_the_main_module_is_hidden_from_new_processes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """While one starts, another thread may pickle what the script defines."""
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "__file__", "/a/script.py", raising=False)
    monkeypatch.setattr(main, "__spec__", None)
    monkeypatch.setattr(main, "Mine", Mine, raising=False)
    monkeypatch.setattr(Mine, "__module__", "__main__")
    assert get_preparation_data("one")["init_main_from_path"] == "/a/script.py"
    for spec in (None, SimpleNamespace(name="a.module")):
        monkeypatch.setattr(main, "__spec__", spec)
        with _main_hidden():
            assert not [name for name in get_preparation_data("one") if "main" in name]
            assert isinstance(pickle.loads(pickle.dumps(Mine())), Mine)
    assert sys.modules["__main__"] is main
