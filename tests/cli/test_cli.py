"""The real command in a process of its own: the main job, and every mistake that a person can make."""

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan.cli import main
from tests.support.command import Gan, Refused, only_line
from tests.support.fake_runs import write_run
from tests.support.pictures import random_picture
from tests.support.profiles import DISPLAY_P3, SRGB_CURVE, of_matrix

EXPERIMENT = """
from gan.config import Data, Evaluation, Experiment, Generator
experiment = Experiment(
    name="small",
    steps=3,
    batch_size=4,
    data=Data(size=32, characters=350),
    generator=Generator(width=8),
    evaluation=Evaluation(pictures=10, grid=2),
)
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.py"
    path.write_text(EXPERIMENT)
    return path


@pytest.fixture(scope="module")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which small.py has been trained, to be copied and not touched."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "small.py").write_text(EXPERIMENT)
    words = [sys.executable, "-m", "gan", "train", "small.py"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=200)
    return folder


@pytest.fixture
def trained(trained_once: Path, tmp_path: Path) -> Path:
    """A copy of the trained run, in the folder where the command runs."""
    shutil.copytree(trained_once / "runs", tmp_path / "runs")
    return tmp_path / "runs" / "small" / "seed-0"


def test_a_refusal_of_a_process(gan: Gan, experiments: Path, tmp_path: Path) -> None:
    """What the fixture `refused` sees is what a person sees."""
    ended = gan("train", experiments / "animeface.py", "--data.root", "nowhere")
    line = only_line(ended.returncode, ended.stdout, ended.stderr)
    assert "nowhere) must be a folder: none such" in line
    assert not (tmp_path / "runs").exists()


def test_train_evaluate_and_look(gan: Gan, small: Path, tmp_path: Path) -> None:
    trained = gan("train", small, "--seed", "3")
    assert trained.returncode == 0, trained.stderr
    assert trained.stdout == "runs/small/seed-3\n"
    assert "steps 0 to 3 on cpu, 245 training pictures" in trained.stderr

    evaluated = gan("evaluate", "runs/small/seed-3", "--json")
    assert evaluated.returncode == 0, evaluated.stderr
    result = json.loads(evaluated.stdout)
    assert (result["step"], result["split"], result["pictures"], result["weights"]) == (3, "test", 70, "raw")
    names = {"mae", "psnr", "ssim", "lpips", "ciede2000", "sepia_index", "sepia_index_px", "chroma_ratio", "to_median"}
    assert names <= set(result["metrics"])
    assert all(math.isfinite(value) for value in result["metrics"].values())
    assert set(result["closed_forms"]) == {"median", "mean", "sampler"}

    assert (result["broken"], evaluated.stderr) == ("", "")
    one_by_one = json.loads((tmp_path / "runs/small/seed-3/pictures-test.json").read_text())
    assert (one_by_one["of"], len(one_by_one["metrics"]["mae"]), one_by_one["split"]) == (70, 48, "test")

    table = gan("evaluate", "runs/small/seed-3", "--split", "val", "--checkpoint", "best", COLUMNS="120").stdout
    assert "L1 optimum" in table
    assert "\n│   hair " in table

    sheet = gan("data", small, "--out", "sheet.png")
    assert sheet.returncode == 0, sheet.stderr
    assert "245 train, 35 val, 70 test" in sheet.stdout
    assert "ink: " in sheet.stdout
    assert np.asarray(Image.open(tmp_path / "sheet.png")).shape[2] == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["runs", "sheet.png", "small.py"]


@pytest.mark.slow
def test_a_run_whose_weights_did_not_move_is_broken(gan: Gan, small: Path) -> None:
    """It is said while it trains, and in one line when it is evaluated; neither fails."""
    trained = gan("train", small, "--optimizer.lr", "1e-9")
    assert trained.returncode == 0, trained.stderr
    (alarm,) = [line for line in trained.stderr.splitlines() if line.startswith("gan: ")]
    assert alarm.startswith("gan: step 1: nothing moves: the generator's weights are those that it began with")
    evaluated = gan("evaluate", "runs/small/seed-0", "--json")
    assert evaluated.returncode == 0
    assert json.loads(evaluated.stdout)["broken"] == "its weights did not move"
    assert evaluated.stderr.splitlines()[-1] == (
        "gan: runs/small/seed-0 is broken, and gives no verdict: its weights did not move"
    )


@pytest.mark.slow
def test_a_persons_pictures(gan: Gan, experiments: Path, picture_folder: Path, tmp_path: Path) -> None:
    (picture_folder / "notes.txt").touch()
    (picture_folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a whole picture")
    words = ("--data.root", picture_folder, "--data.size", "32", "--generator.width", "8", "--epochs", "0.2")
    held = ("--data.val-fraction", "0.2", "--data.test-fraction", "0.2", "--data.line", "mix")
    trained = gan("train", experiments / "animeface.py", *words, *held, "--data.workers", "2", WANDB_MODE="offline")
    assert trained.returncode == 0, trained.stderr
    assert "1 skipped (broken.jpg: " in trained.stderr
    assert "1 other files (.txt 1)" in trained.stderr
    summary = json.loads((tmp_path / "runs/animeface/seed-0/data.json").read_text())
    assert sum(len(side) for side in summary["pictures"].values()) == 40
    assert list(summary["skipped"]) == ["broken.jpg"]


@pytest.mark.slow
def test_whatever_lies_in_a_folder_of_pictures(
    gan: Gan, experiments: Path, picture_folder: Path, tmp_path: Path
) -> None:
    """A FIFO, damaged metadata, a profile, and the folder of a run; nothing hangs, and everything is said."""
    picture = Image.fromarray(random_picture(200))
    os.mkfifo(picture_folder / "fifo.png")
    exif = b"Exif\0\0II*\0\x08\0\0\0\1\0\x28\1\7\0\1\0\0\0\2\0\0\0\0\0\0\0"  # a unit that is no number
    picture.save(picture_folder / "exif.jpg", exif=exif)
    picture.save(picture_folder / "p3.png", icc_profile=of_matrix(DISPLAY_P3, SRGB_CURVE))
    run = picture_folder / "runs" / "l1" / "seed-0"
    (run / "samples").mkdir(parents=True)
    picture.save(run / "samples" / "000100.png")
    for name in ("config.json", "metrics.jsonl"):
        (run / name).touch()
    held = ("--data.val-fraction", "0.2", "--data.test-fraction", "0.2", "--out", tmp_path / "sheet.png")
    told = gan("data", experiments / "animeface.py", "--data.root", picture_folder, *held)
    assert told.returncode == 0, told.stderr
    assert told.stderr == ""
    *_, unused, changed = told.stdout.splitlines()
    assert unused == (
        f"{picture_folder}: 1 skipped (fifo.png: cannot be read: not a regular file), 1 pictures left out (runs 1)"
    )
    assert changed == f"{picture_folder}: 1 pictures converted to sRGB, as their colour profiles or gammas say"


def test_no_folder_named(refused: Refused, experiments: Path) -> None:
    assert "data.root must name the folder of pictures" in refused("train", experiments / "animeface.py")


def test_an_empty_folder(refused: Refused, experiments: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    line = refused("train", experiments / "animeface.py", "--data.root", "empty")
    assert "empty) has 0 usable pictures and data.min_images is 20; nothing else is in it" in line


def test_a_folder_of_text_files(refused: Refused, experiments: Path, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    for number in range(3):
        (tmp_path / "texts" / f"{number}.txt").write_text("words")
    line = refused("train", experiments / "animeface.py", "--data.root", "texts")
    assert "0 usable pictures" in line
    assert "3 other files (.txt 3)" in line


def test_truncated_pictures(refused: Refused, experiments: Path, tmp_path: Path) -> None:
    folder = tmp_path / "half"
    folder.mkdir()
    Image.fromarray(random_picture(0, 200, 200)).save(folder / "a.jpg")
    (folder / "a.jpg").write_bytes((folder / "a.jpg").read_bytes()[:2000])
    line = refused("train", experiments / "animeface.py", "--data.root", "half")
    assert "1 skipped (a.jpg: cannot be read: image file is truncated" in line


def test_a_size_that_does_not_divide(refused: Refused, experiments: Path, tmp_path: Path) -> None:
    words = ("train", experiments / "l1.py", "--data.size", "100", "--generator.depth", "5")
    assert "data.size (100) must be a multiple of 2**generator.depth (32)" in refused(*words)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_option(refused: Refused, experiments: Path) -> None:
    line = refused("train", experiments / "l1.py", "--stepps", "5")
    assert "Unrecognized options: --stepps" in line
    assert "--steps" in line
    assert "unknown option --fast" in refused("evaluate", "runs", "--fast")


def test_a_value_of_the_wrong_kind(refused: Refused, experiments: Path) -> None:
    assert "--steps: invalid literal for int() with base 10: 'many'" in refused(
        "train", experiments / "l1.py", "--steps", "many"
    )
    assert "invalid choice 'lasso' for argument '--reconstruction.loss'" in refused(
        "train", experiments / "l1.py", "--reconstruction.loss", "lasso"
    )


@pytest.mark.slow
def test_an_unknown_field_in_a_saved_configuration(refused: Refused, small: Path, trained: Path) -> None:
    config = trained / "config.json"
    config.write_text(config.read_text().replace('"batch_size"', '"batchsize"'))
    for words in (("evaluate", "runs/small/seed-0"), ("train", small, "--resume")):
        line = refused(*words)
        assert "runs/small/seed-0/config.json: unknown field 'batchsize' of Experiment" in line


def test_an_experiment_file_that_is_wrong(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("experiment = = 1\n")
    assert "broken.py:1: SyntaxError" in refused("train", "broken.py")
    (tmp_path / "without.py").write_text("x = 1\n")
    assert "without.py must set `experiment`" in refused("train", "without.py")
    assert "absent.py must be a Python file: none such" in refused("data", "absent.py", "--out", "x.png")


@pytest.mark.slow
def test_an_output_folder_that_cannot_be_written(refused: Refused, small: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    line = refused("train", small, "--out", "file")
    assert "--out: file/small/seed-0 must be writable, and file is not a folder" in line
    assert (tmp_path / "file").read_text() == "in the way"
    assert "must be writable" in refused("train", small, "--out", "/proc/runs")
    assert "--out (file/x.png) must be a picture that can be written" in refused("data", small, "--out", "file/x.png")


def test_a_run_folder_with_another_configuration(refused: Refused, small: Path, trained: Path) -> None:
    before = (trained / "config.json").read_text()
    line = refused("train", small, "--optimizer.lr", "0.01", "--resume")
    assert "optimizer.lr is 0.0002 there and 0.01 here; choose another --name or --out" in line
    assert "go on with --resume" in refused("train", small)
    assert (trained / "config.json").read_text() == before


def test_what_is_no_run(refused: Refused, tmp_path: Path) -> None:
    assert "nowhere must be a run folder: none such" in refused("evaluate", "nowhere")
    (tmp_path / "folder").mkdir()
    assert "folder must be a run folder: no config.json in it" in refused("evaluate", "folder")


def test_what_was_meant_by_a_file(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "l1.py").write_text(EXPERIMENT)
    (tmp_path / "arms.py").write_text("study = 1")
    assert refused("train", "arms.py").endswith("and sets it to nothing; it sets `study`, for gan study arms.py")
    assert refused("study", "experiments/l1.py").endswith("it sets `experiment`, for gan train experiments/l1.py")
    for words in ("l1.py", "l1", "experiments/l1"):
        assert refused("train", words).endswith("must be a Python file: none such; experiments/l1.py is one")


def test_what_was_meant_by_a_run(refused: Refused, small: Path, tmp_path: Path) -> None:
    for seed in (2, 10):
        write_run(tmp_path / "runs" / "study" / "l1" / f"seed-{seed}", "l1", seed, steps=10, every=10, rows=1)
    for words, meant in (
        ("runs/study/l1", "no config.json in it; runs/study/l1/seed-2 is one, and 1 more are there"),
        ("study", "none such; runs/study/l1/seed-2 is one, and 1 more are there"),
        ("small.py", "it is a file"),
        ("runs/study/l1/seed-2/samples", "no config.json in it"),
    ):
        assert refused("evaluate", words) == f"gan: {words} must be a run folder: {meant}"


def test_a_picture_and_a_page_are_named_as_such(refused: Refused, small: Path, tmp_path: Path) -> None:
    assert refused("data", small, "--out", "x.txt") == "gan: --out (x.txt) must end in .png"
    assert refused("report", ".", "--out", "x.txt") == "gan: --out (x.txt) must end in .html"
    assert not (tmp_path / "x.txt").exists()


def test_verbs(gan: Gan, refused: Refused) -> None:
    assert "invalid choice: 'tarin'" in refused("tarin")
    assert "required: EXPERIMENT.py" in refused("train")
    shown = gan("--help")
    assert shown.returncode == 0
    assert all(verb in shown.stdout for verb in ("train", "evaluate", "colorize", "data", "doctor"))
    assert gan().stdout == shown.stdout
    assert gan("--version").stdout.startswith("gan 0.")


@pytest.mark.parametrize("words", [("data", "--help"), ("train", "-h"), ("train", "small.py", "--out", "x", "--help")])
def test_help_needs_nothing_else(gan: Gan, small: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    shown = gan(*words)
    assert shown.returncode == 0, shown.stderr
    assert "--data.alpha" in shown.stdout
    assert "(default: 3)" in shown.stdout or "small.py" not in words  # the file's own values
    assert [path.name for path in tmp_path.iterdir()] == ["small.py"]


def test_a_cache_that_cannot_be_written(gan: Gan, small: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = gan("train", small, GAN_CACHE=str(tmp_path / "file"))
    assert result.returncode == 2
    assert "must be writable" in result.stderr
    assert "set GAN_CACHE to another" in result.stderr
    assert not (tmp_path / "runs").exists()


@pytest.mark.slow
def test_pictures_that_have_been_moved(
    gan: Gan, refused: Refused, experiments: Path, picture_folder: Path, tmp_path: Path
) -> None:
    words = ("--data.size", "32", "--generator.width", "8", "--steps", "2", "--data.val-fraction", "0.3")
    trained = gan("train", experiments / "animeface.py", "--data.root", picture_folder.name, *words, "--epochs", "None")
    assert trained.returncode == 0, trained.stderr
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    there = gan("evaluate", tmp_path / trained.stdout.strip(), "--split", "val", "--json", cwd=elsewhere)
    assert there.returncode == 0, there.stderr
    assert json.loads(there.stdout)["closed_forms"] == {}
    assert "sepia_index" in json.loads(there.stdout)["metrics"]
    picture_folder.rename(elsewhere / "moved")
    assert "none such" in refused("evaluate", trained.stdout.strip(), "--split", "val")
    moved = gan("evaluate", trained.stdout.strip(), "--split", "val", "--data-root", elsewhere / "moved", "--json")
    assert json.loads(moved.stdout)["metrics"] == json.loads(there.stdout)["metrics"]


def test_a_device_that_is_not_there(refused: Refused, small: Path) -> None:
    assert "device (gpu9) cannot be used" in refused("train", small, "--device", "gpu9")


@pytest.mark.slow
def test_doctor(gan: Gan) -> None:
    result = gan("doctor", COLUMNS="160")
    assert result.returncode == 0, result.stderr
    for word in ("PyTorch", "device", "precision", "LPIPS", "0.813954", "W&B", "disabled, by WANDB_MODE", "cache"):
        assert word in result.stdout, word


@pytest.mark.slow
@pytest.mark.parametrize("there", [True, False])
def test_doctor_without_wandb(gan: Gan, tmp_path: Path, *, there: bool) -> None:
    """Where an offline run was made, a folder wandb/ lies, which can be imported and is not the package."""
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    if there:
        (blocked / "wandb").mkdir()
    (blocked / "sitecustomize.py").write_text(BLOCKED)
    result = gan("doctor", COLUMNS="160", PYTHONPATH=f"{blocked}:{os.environ.get('PYTHONPATH', '')}", WANDB_MODE="")
    assert result.returncode == 0, result.stderr
    assert "not installed: no mirror" in result.stdout


BLOCKED = """
import sys
from importlib.machinery import PathFinder
from pathlib import Path

class Elsewhere:
    def find_spec(self, name, path=None, target=None):
        if name == "wandb":
            found = PathFinder.find_spec(name, [str(Path(__file__).parent)])
            if found is None:
                raise ModuleNotFoundError("No module named 'wandb'", name="wandb")
            return found

sys.meta_path.insert(0, Elsewhere())
"""


def test_a_hidden_run_is_not_begun(refused: Refused, small: Path, tmp_path: Path) -> None:
    assert "name (.x) must not begin with a dot" in refused("train", small, "--name", ".x")
    assert not (tmp_path / "runs").exists()


HINTED = EXPERIMENT.replace('name="small"', 'name="hinted", hints=Hints(kind="regions", share=0.9)').replace(
    "Generator\n", "Generator, Hints\n"
)


@pytest.fixture(scope="module")
def hinted_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a hinted run has been trained, to be copied and not touched."""
    folder = tmp_path_factory.mktemp("hinted")
    (folder / "hinted.py").write_text(HINTED)
    words = [sys.executable, "-m", "gan", "train", "hinted.py"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=200)
    return folder


@pytest.fixture
def hinted(hinted_once: Path, tmp_path: Path) -> Path:
    """A copy of the hinted run, in the folder where the command runs."""
    shutil.copytree(hinted_once / "runs", tmp_path / "runs")
    return tmp_path / "runs" / "hinted" / "seed-0"


@pytest.mark.slow
def test_evaluate_by_number_of_hints(gan: Gan, hinted: Path, tmp_path: Path) -> None:
    (hinted / "hints-val.png").unlink()
    evaluated = gan("evaluate", "runs/hinted/seed-0", "--hints", "0", "3", "--split", "val", "--json")
    assert evaluated.returncode == 0, evaluated.stderr
    result = json.loads(evaluated.stdout)
    assert list(result["hints"]) == ["0", "3"]
    assert result["metrics"] == result["hints"]["0"]["metrics"]
    with_three = result["hints"]["3"]
    assert {"adherence", "response", "leakage", "placebo/mae", "hinted/mae", "lpips"} <= set(with_three["metrics"])
    assert with_three["closed_forms"]["median"]["mae"] < 1e-4 < result["closed_forms"]["median"]["mae"]
    assert with_three["closed_forms"]["watershed"]["fill"] > 0.5
    assert "watershed" not in result["closed_forms"]
    kept = json.loads((hinted / "hints-val.json").read_text())
    assert kept["hints"] == {count: row["metrics"] for count, row in result["hints"].items()}
    assert np.asarray(Image.open(hinted / "hints-val.png")).shape[1] == 1920  # four panels


@pytest.mark.slow
def test_evaluating_again_says_the_same_and_adds_to_the_curve(gan: Gan, hinted: Path) -> None:
    words = ("evaluate", "runs/hinted/seed-0", "--split", "val", "--json")
    first, again = (gan(*words, "--hints", "0", "2") for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout == again.stdout
    more = gan(*words, "--hints", "2", "3")
    assert list(json.loads(more.stdout)["hints"]) == ["2", "3"]
    assert list(json.loads((hinted / "hints-val.json").read_text())["hints"]) == ["0", "2", "3"]


def test_hints_of_a_run_that_has_learnt_none(refused: Refused, trained: Path) -> None:
    assert "--hints (3) must be 0 for a run that was trained without" in refused(
        "evaluate", "runs/small/seed-0", "--hints", "0", "3"
    )
    Image.new("L", (20, 10), 255).save(trained / "page.png")
    line = refused("colorize", "runs/small/seed-0", trained / "page.png", "--hint", "1,1,#ff0000")
    assert "hints need a run that was trained with them, and small was not" in line
    assert not (trained.parents[2] / "colored").exists()


@pytest.mark.slow
def test_colorize(gan: Gan, hinted: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    page = np.full((120, 200), 255, np.uint8)
    page[60, 20:180] = 0
    Image.fromarray(page).save(tmp_path / "in" / "one.png")
    Image.fromarray(255 - page).save(tmp_path / "in" / "two.png")
    (tmp_path / "in" / "three.png").write_bytes(b"no picture")
    words = ("runs/hinted/seed-0", "in/one.png", "in/two.png", "in/three.png", "--hint", "100,20,#3b6fd4")
    colored = gan("colorize", *words)
    assert colored.returncode == 1
    assert colored.stderr.splitlines() == ["gan: in/three.png: not a JPEG, PNG, WebP, TIFF or BMP picture"]
    assert colored.stdout.split() == ["colored/one-color.png", "colored/two-color.png"]
    one, two = (np.asarray(Image.open(tmp_path / name)) for name in colored.stdout.split())
    assert one.shape == (120, 200, 3)
    np.testing.assert_array_equal(one, two)  # white on black is the same drawing
    again = gan("colorize", "runs/hinted/seed-0", "in/one.png", *words[4:], "--out", "alone.png")
    assert again.returncode == 0, again.stderr
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "alone.png")), one)


def test_what_colorize_refuses(refused: Refused, tmp_path: Path) -> None:
    Image.new("L", (20, 10), 255).save(tmp_path / "page.png")
    Image.new("RGBA", (10, 10)).save(tmp_path / "other.png")
    (tmp_path / "taken.png").write_text("mine")
    for words, message in (
        (("--hint", "20,3,#ff0000"), "page.png: the hint at 20,3 must lie on the drawing, which has 20x10 pixels"),
        (("--hint", "2,3,bleu"), "--hint (2,3,bleu): the colour (bleu) must be #RRGGBB"),
        (("--hint-image", "other.png"), "--hint-image (10x10) must have the size of page.png (20x10)"),
        (("--hint-json", "none.json"), "--hint-json (none.json) must be a JSON file"),
        (("--out", "taken.png"), "taken.png exists and was not made by gan colorize"),
        (("--size", "3"), "--size (3) must lie between 16 and 4096"),
        ((), "runs/none must be a run folder: none such"),
    ):
        assert message in refused("colorize", "runs/none", "page.png", *words)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.png", "page.png", "taken.png"]


def test_flat_colours_need_no_run(gan: Gan, tmp_path: Path) -> None:
    page = np.full((60, 90), 255, np.uint8)
    page[:, 44:46] = 0
    Image.fromarray(page).save(tmp_path / "drawing.png")
    done = gan("colorize", "--flat", "drawing.png", "--hint", "20,30,#c23b3b", "--out", "flat.png")
    assert (done.returncode, done.stdout) == (0, "flat.png\n"), done.stderr
    picture = np.asarray(Image.open(tmp_path / "flat.png"))
    assert (picture[:, :40] == (0xC2, 0x3B, 0x3B)).all()
    assert (picture[:, 50:] == 255).all()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--flat", "drawing.png"], "--flat needs a hint"),
        (["--flat", "drawing.png", "--hint", "1,1,#000000", "--size", "64"], "--size is for a network"),
        (["--flat", "drawing.png", "--hint", "1,1,#000000", "--average"], "--average is for a network"),
        (["--flat", "drawing.png", "--hint", "1,1,#000000", "--checkpoint", "best"], "--checkpoint is for a network"),
        (["--flat", "drawing.png", "--hint", "1,1,#000000", "--device", "cpu"], "--device is for a network"),
        (["run"], "required: LINE.png"),
    ],
)
def test_what_flat_colours_refuse(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.fromarray(np.full((20, 30), 255, np.uint8)).save("drawing.png")
    assert main(["colorize", *words]) == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["drawing.png"]
