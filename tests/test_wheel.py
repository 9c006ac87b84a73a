"""What `pip install` of a wheel gives, in an environment that has the dependencies and no checkout."""

import shutil
import subprocess
import sys
import sysconfig
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import gan
from tests.support.command import environment_of_its_own

ROOT = Path(__file__).parent.parent
CHARACTERS = ("--data.characters", "350")
SMALL = (*CHARACTERS, "--data.size", "32", "--batch-size", "4", "--evaluation.pictures", "4", "--data.workers", "0")


def test_on_windows_it_says_that_it_cannot() -> None:
    """Before anything is imported that is not there."""
    code = "import sys; sys.platform = 'win32'; sys.modules['fcntl'] = None; import gan.cli"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "is Windows: run it in WSL 2" in ended.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from what a commit holds."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in ("gan", "experiments"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "results"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--wheel-dir", str(folder), str(source)], check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; its dependencies are those of the tests, without their link to the checkout."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True)
    (packages,) = folder.glob("lib/*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def run(python: Path, folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    command = [str(python.parent / "gan"), *map(str, words)]
    return subprocess.run(command, cwd=folder, env=outside(), capture_output=True, text=True, check=False)


def outside(**changes: str) -> dict[str, str]:
    """The environment of a person who has no checkout."""
    return {name: value for name, value in environment_of_its_own(**changes).items() if name != "PYTHONPATH"}


@pytest.fixture
def server(python: Path, tmp_path: Path) -> Iterator[str]:
    """Its address, without a slash at the end."""
    command = [str(python.parent / "gan"), "serve", ".", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, env=outside(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip().removesuffix("/")
        process.terminate()


@pytest.mark.slow
def test_what_a_checkout_has_is_in_the_wheel(wheel: Path) -> None:
    """Modules, pages and experiments, and nothing else: no tests, no results."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    shared = f"gan_colorization-{gan.__version__}.data/data/share/gan-colorization/"
    command = ["git", "ls-files", "gan", "experiments/*.py"]
    tracked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    expected = {name if name.startswith("gan/") else shared + name for name in tracked}
    assert names == expected


@pytest.mark.slow
def test_a_newcomer_with_a_wheel(python: Path, tmp_path: Path) -> None:
    """Copies the experiments, trains one, scores it, and makes the page of it."""
    where = subprocess.run(
        [str(python), "-c", "import gan; print(gan.__file__)"],
        cwd=tmp_path,
        env=outside(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(python.parents[1]))
    assert run(python, tmp_path, "experiments", "--out", "experiments").returncode == 0
    trained = run(python, tmp_path, "train", "experiments/l1_hints.py", "--steps", 2, *SMALL)
    assert trained.returncode == 0, trained.stderr
    assert (tmp_path / "runs" / "l1_hints" / "seed-0" / "checkpoints" / "last.pt").exists()
    planned = run(python, tmp_path, "study", "experiments/sepia_quick.py", "--dry-run", *CHARACTERS)
    assert planned.returncode == 0, planned.stderr
    made = run(python, tmp_path, "report", "runs", "--out", "report.html")
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "report.html").stat().st_size > 100_000


@pytest.mark.slow
def test_the_pages_are_served_from_it(server: str) -> None:
    for page, holds in (("/", b"<title>"), ("/paint", b"<title>"), ("/static/paint/main.js", b"import")):
        with urllib.request.urlopen(server + page) as answer:
            assert holds in answer.read()
