"""Several colourings of one drawing, by a run that draws."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan.cli.main import main
from gan.colorize import Colorizer
from gan.config import Evaluation, Experiment
from gan.training import loop


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    drawing = np.full((40, 40), 255, np.uint8)
    drawing[20, 5:35] = 0
    Image.fromarray(drawing).save("page.png")
    return Path("page.png")


def trained(experiment: Experiment) -> Path:
    short = replace(experiment, steps=1, evaluation=Evaluation(pictures=2, grid=1))
    return loop.train(short, Path("runs"), resume=False).run.path


def test_each_variant_is_another_picture_and_the_same_again(tiny: Experiment, page: Path) -> None:
    run = trained(replace(tiny, generator=replace(tiny.generator, noise=4)))
    assert main(["colorize", str(run), str(page), "--variants", "3"]) == 0
    made = [np.asarray(Image.open(f"colored/page-color-{number}.png")) for number in (1, 2, 3)]
    assert len({picture.tobytes() for picture in made}) == 3
    alone = Colorizer.load(run).color(np.asarray(Image.open(page)), variant=1)
    assert np.array_equal(made[1], alone)
    assert main(["colorize", str(run), str(page)]) == 0  # without a number it is the first
    assert np.array_equal(np.asarray(Image.open("colored/page-color.png")), made[0])


def test_one_variant_alone(tiny: Experiment, page: Path) -> None:
    run = trained(replace(tiny, generator=replace(tiny.generator, noise=4)))
    colorizer, drawing = Colorizer.load(run), np.asarray(Image.open(page))
    assert main(["colorize", str(run), str(page), "--variant", "3"]) == 0
    assert main(["colorize", str(run), str(page), "--variant", "2", "--out", "mine.png"]) == 0
    assert [path.name for path in Path("colored").iterdir()] == ["page-color-3.png"]
    for path, variant in (("colored/page-color-3.png", 2), ("mine.png", 1)):
        assert np.array_equal(np.asarray(Image.open(path)), colorizer.color(drawing, variant=variant))


@pytest.mark.parametrize("option", ["--variants", "--variant"])
def test_a_run_without_noise_has_one_answer(
    tiny: Experiment, page: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    run = trained(tiny)
    capsys.readouterr()
    assert main(["colorize", str(run), str(page), option, "2"]) == 2
    assert capsys.readouterr().err == f"gan: {option} (2) needs a run with generator.noise, and {run} has none\n"
    assert not Path("colored").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", "page.png", "--variant", "0"], "--variant (0) must lie between 1 and 1000"),
        (["run", "page.png", "--variant", "1001"], "--variant (1001) must lie between 1 and 1000"),
        (
            ["run", "page.png", "--variant", "2", "--variants", "3"],
            "--variants (3) and --variant (2) exclude each other",
        ),
        (["--flat", "page.png", "--variant", "2"], "--variant is for a network, and --flat uses none"),
    ],
)
def test_wrong_numbers(page: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str) -> None:
    assert main(["colorize", *words]) == 2
    assert capsys.readouterr().err == f"gan: {sentence}\n"
