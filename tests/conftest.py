"""What tests share: a cache of their own, no W&B account, and small avatars that are rendered once."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gan.config import Data, Experiment, Generator, Logging
from gan.data import avatars
from gan.data.avatars import Characters

SMALL = Data(size=32, characters=350)
"""350 characters of 32 px: 245 train, 35 val, 70 test."""


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


def random_picture(seed: int, height: int = 56, width: int = 48) -> np.ndarray:
    """(H, W, 3): three rectangles in random colours on a random ground."""
    rng = np.random.default_rng(seed)
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = rng.integers(0, 256, 3)
    for _ in range(3):
        top, left = rng.integers(0, height // 2), rng.integers(0, width // 2)
        picture[top : top + height // 2, left : left + width // 2] = rng.integers(0, 256, 3)
    return picture


def environment_of_its_own(**changes: str) -> dict[str, str]:
    """The environment of a process that shares no W&B service with the tests: a run logged to theirs is not written."""
    return {name: value for name, value in os.environ.items() if name != "WANDB_SERVICE"} | changes


Gan = Callable[..., subprocess.CompletedProcess[str]]


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


def with_data(experiment: Experiment, **changes: object) -> Experiment:
    """An experiment with other data."""
    return replace(experiment, data=replace(experiment.data, **changes))  # type: ignore[arg-type]
