"""Pictures that are no squares, through the real command."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan.grid import HEADING, PADDING
from tests.support.command import Gan

SMALL = ("--data.size", "32", "48", "--generator.width", "8", "--discriminator.width", "8", "--batch-size", "4")
HINTED = ("--hints.kind", "points", "--hints.flood", "lines", "--hints.counts", "0", "2", "--adversarial.game", "lsgan")
FEW = ("--data.val-fraction", "0.2", "--data.test-fraction", "0.2", "--evaluation.grid", "3", "--epochs", "None")


@pytest.mark.slow
def test_a_rectangle_from_training_to_colouring(
    gan: Gan, experiments: Path, picture_folder: Path, tmp_path: Path
) -> None:
    words = ("train", experiments / "animeface.py", "--data.root", picture_folder, *SMALL, *HINTED, *FEW)
    trained = gan(*words, "--steps", "2")
    assert trained.returncode == 0, trained.stderr
    run = tmp_path / "runs/animeface/seed-0"
    assert json.loads((run / "config.json").read_text())["data"]["size"] == [32, 48]
    cells = Image.open(run / "samples" / "000002.png").size
    assert cells == (4 * (48 * 4 + PADDING) + PADDING, HEADING + 3 * (32 * 4 + PADDING) + PADDING)

    resumed = gan(*words, "--steps", "4", "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert "steps 2 to 4" in resumed.stderr
    turned = gan(*words, "--steps", "4", "--resume", "--data.size", "48", "32")
    assert turned.returncode == 2
    assert "data.size" in turned.stderr

    evaluated = gan("evaluate", run, "--json")
    assert evaluated.returncode == 0, evaluated.stderr
    assert all(math.isfinite(value) for value in json.loads(evaluated.stdout)["metrics"].values())

    page = np.full((90, 250), 255, np.uint8)
    page[20:70, 100:104] = 0
    Image.fromarray(page).save(tmp_path / "wide.png")
    Image.fromarray(page.T).save(tmp_path / "tall.png")
    colored = gan("colorize", run, "wide.png", "tall.png", "--hint", "50,50,#c23b3b", "--out", "out")
    assert colored.returncode == 0, colored.stderr
    sizes = [Image.open(tmp_path / "out" / f"{name}-color.png").size for name in ("wide", "tall")]
    assert sizes == [(250, 90), (90, 250)]

    sheet = gan("data", *words[1:], "--out", "sheet.png")
    assert sheet.returncode == 0, sheet.stderr
    assert "training pictures of 32 x 48 px" in sheet.stdout


def test_characters_are_square(gan: Gan, experiments: Path, tmp_path: Path) -> None:
    result = gan("train", experiments / "l1.py", "--data.size", "32", "48")
    assert (result.returncode, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert "data.size (32 48) must be one number for data.source=avatars, whose characters are square" in line
    assert not (tmp_path / "runs").exists()
