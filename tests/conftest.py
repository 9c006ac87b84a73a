"""What tests share: a cache of their own, no W&B account, and small avatars that are rendered once."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from gan.config import Adversarial, Evaluation, Experiment, Generator, Hints, Logging, Optimizer
from gan.data import avatars
from gan.data.avatars import Characters
from tests.support.command import Gan, environment_of_its_own
from tests.support.experiments import SMALL
from tests.support.pictures import random_picture


@pytest.fixture(scope="session", autouse=True)
def private_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes a person's cache, account or network."""
    patch = pytest.MonkeyPatch()
    patch.setenv("GAN_CACHE", str(tmp_path_factory.mktemp("cache")))
    patch.setenv("WANDB_MODE", "disabled")
    for name in ("WANDB_API_KEY", "WANDB_DIR", "WANDB_DATA_DIR"):
        patch.delenv(name, raising=False)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def small_characters() -> Characters:
    return avatars.load(SMALL)


@pytest.fixture
def tiny() -> Experiment:
    """An experiment that trains a step in milliseconds."""
    return Experiment(
        name="tiny",
        steps=6,
        batch_size=4,
        data=SMALL,
        generator=Generator(width=8),
        logging=Logging(every=2, wandb="disabled"),
    )


@pytest.fixture
def picture_folder(tmp_path: Path) -> Path:
    """40 pictures of 48x56 with edges in them, as PNG."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(40):
        Image.fromarray(random_picture(number)).save(folder / f"{number:02d}.png")
    return folder


@pytest.fixture
def gan(tmp_path: Path) -> Gan:
    """Run the real command in an empty folder."""

    def run(*words: str | Path, cwd: Path = tmp_path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "gan", *map(str, words)],
            cwd=cwd,
            env=environment_of_its_own(**environment),
            capture_output=True,
            text=True,
            timeout=1200,
            stdin=subprocess.DEVNULL,
        )

    return run


@pytest.fixture
def experiments() -> Path:
    """The folder of the project's experiments."""
    return Path(__file__).parent.parent / "experiments"


@pytest.fixture(autouse=True)
def two_threads() -> None:
    torch.set_num_threads(2)


@pytest.fixture
def whole(tiny: Experiment) -> Experiment:
    """A GAN with an average, noise and hints, evaluated twice in six steps."""
    return replace(
        tiny,
        generator=replace(tiny.generator, noise=3, keys=4),
        hints=Hints(kind="regions", counts=(0, 1, 3)),
        adversarial=Adversarial(game="lsgan"),
        ema=0.9,
        evaluation=Evaluation(every=3, pictures=20, grid=2),
        optimizer=Optimizer(lr=1e-3),
    )
