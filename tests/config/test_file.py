"""Experiment files: their neighbours, their mistakes, and that they leave no trace."""

import sys
from pathlib import Path

import pytest

from gan.config import file
from gan.config.options import override
from gan.errors import RequestError
from gan.study.file import load_study, load_with

BASE = 'from gan.config import Experiment\nexperiment = Experiment(name="{}")\n'
VARIANT = (
    "from dataclasses import replace\nfrom l1 import experiment as baseline\nexperiment = replace(baseline, steps=7)\n"
)


def test_two_folders_may_each_have_an_l1(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "l1.py").write_text(BASE.format(folder))
        (tmp_path / folder / "variant.py").write_text(VARIANT)
    path, modules = list(sys.path), set(sys.modules)
    for folder in ("one", "other", "one"):
        experiment = file.load(tmp_path / folder / "variant.py")
        assert (experiment.name, experiment.steps) == (folder, 7)
    assert sys.path == path
    assert "l1" not in sys.modules
    assert not {name for name in set(sys.modules) - modules if "variant" in name or "experiment" in name}
    assert not list(tmp_path.rglob("*.pyc"))


def test_modules_that_were_there_before_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kept.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    import kept  # type: ignore[import-not-found]

    (tmp_path / "a.py").write_text("import kept\n" + BASE.format("a"))
    file.load(tmp_path / "a.py")
    assert sys.modules.pop("kept") is kept


def test_libraries_below_the_folder_stay_loaded(tmp_path: Path) -> None:
    """A project's own .venv lies below its experiments: what is imported from it must not be forgotten."""
    library = tmp_path / ".venv" / "lib" / "site-packages"
    library.mkdir(parents=True)
    (library / "somelibrary.py").write_text("")
    (tmp_path / "a.py").write_text(
        f"import sys\nsys.path.append({str(library)!r})\nimport somelibrary\n" + BASE.format("a")
    )
    file.load(tmp_path / "a.py")
    sys.path.remove(str(library))
    assert sys.modules.pop("somelibrary")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = = 3\n", r"e\.py:1: SyntaxError: invalid syntax"),
        ("import math\nmath.sqrt(-1)\n", r"e\.py:2: ValueError"),
        ("import not_there_at_all\n", r"e\.py:1: ModuleNotFoundError: No module named 'not_there_at_all'"),
        ("x = 1\n", r"must set `experiment` to a gan\.config\.Experiment, and sets it to nothing"),
        ("experiment = 5\n", r"sets it to a int"),
        ("from gan.config import Data\nData(size=3)\n", r"e\.py: data\.size \(3\) must be at least 32"),
        (
            "from gan.config import Data\nData(size=(480, 640))\n",
            r"e\.py: data\.size \(480 640\) must be one number for data\.source=avatars",
        ),
        ("from gan.config import Data\nData(sise=3)\n", r"e\.py:2: TypeError: .*'sise'"),
    ],
)
def test_mistakes_name_the_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "e.py").write_text(text)
    with pytest.raises(RequestError, match=message):
        file.load(tmp_path / "e.py")
    assert str(tmp_path) not in sys.path


STUDIES = ("sampling", "faces", "sepia", "sepia_quick", "sepia_real")


def test_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="none such"):
        file.load(tmp_path / "no.py")
    with pytest.raises(RequestError, match="it is a folder"):
        file.load(tmp_path)


def test_the_projects_own_experiments(experiments: Path) -> None:
    files = [path for path in sorted(experiments.glob("*.py")) if path.stem not in STUDIES]
    loaded = {path.stem: file.load(path) for path in files}
    assert {"l1", "l2", "pix2pix", "animeface"} <= set(loaded)
    for name, experiment in loaded.items():
        assert experiment.name == name
    assert loaded["l2"].data == loaded["l1"].data
    assert loaded["pix2pix"].adversarial.game != "none"
    assert loaded["animeface"].data.canny_high == 200


def test_the_projects_own_studies(experiments: Path) -> None:
    """Their question is the first line of the file, and runs of one have equal steps, or equal time."""
    loaded = {name: load_study(experiments / f"{name}.py") for name in STUDIES}
    for name, study in loaded.items():
        assert study.name == name
        lengths = {(each.experiment.steps, each.experiment.epochs) for each in study.cells}
        assert len(lengths) == (3 if name == "faces" else 1)
    assert loaded["sepia"].question == "Does colour ambiguity cause sepia, and what cures it?"
    assert not {0, 1, 2} & set(loaded["sepia"].seeds)  # they served to find the settings
    assert not {0, 1, 2, 3, 4} & set(loaded["sampling"].seeds)
    assert [each.name for each in loaded["sepia_quick"].cells] == ["l1,alpha=0", "l1", "pix2pix", "l1_lines"]


def test_a_file_without_a_study(tmp_path: Path) -> None:
    path = tmp_path / "none.py"
    path.write_text("study = 3")
    with pytest.raises(RequestError, match=r"must set `study` to a gan\.study\.Study, and sets it to a int"):
        load_study(path)


def test_a_folder_beside_the_file_is_meant_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What no folder beside the file has is looked for where the command runs, as an option's is."""
    (tmp_path / "experiments" / "faces").mkdir(parents=True)
    (tmp_path / "faces").mkdir()
    (tmp_path / "others").mkdir()
    path = tmp_path / "experiments" / "e.py"
    monkeypatch.chdir(tmp_path)
    for root, meant in (("faces", "experiments/faces"), ("others", "others"), (str(tmp_path / "faces"), "faces")):
        path.write_text(
            "from gan.config import Data, Experiment\n"
            f"experiment = Experiment(data=Data(source='folder', line='canny', root={root!r}))\n"
        )
        assert override(file.load(path), [], "gan train").data.root == str(tmp_path / meant)
        assert override(file.load(path), ["--data.root", "faces"], "gan train").data.root == str(tmp_path / "faces")
    path.write_text(
        '"""Which?"""\nfrom gan.config import Data, Experiment\nfrom gan.study import Study, cell\n'
        "experiment = Experiment(data=Data(source='folder', line='canny', root='faces'))\n"
        "study = Study('s', (1,), (cell(experiment),))\n"
    )
    for words in ([], ["--steps", "7"]):
        (only,) = load_with(path, words, "gan study").cells
        assert only.experiment.data.root == str(tmp_path / "experiments" / "faces")
