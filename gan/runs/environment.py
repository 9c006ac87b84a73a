"""What a run is made with: versions, the device, the git commit."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

from gan import __version__
from gan.config import Experiment
from gan.errors import RequestError, first_line

PACKAGES = (
    *("torch", "torchvision", "numpy", "opencv-python-headless", "albumentations", "pillow", "lpips", "wandb"),
    *("dicebear-core", "dicebear-styles", "resvg-py"),
)


def environment(experiment: Experiment, precision: str, ranks: int) -> dict[str, Any]:
    """What a run was made with: versions, device, resolved precision, processes, the git commit of this code."""
    versions: dict[str, str | None] = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = None
    device = pick_device(experiment.device)
    return {
        "gan": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "device": str(device),
        "precision": precision,
        "ranks": ranks,
        "device_name": torch.cuda.get_device_name(device) if device.type == "cuda" else platform.processor(),
        "cpu_count": os.cpu_count(),
        "packages": versions,
        "git": git_state(),
    }


MOST_DIFF = 256 * 1024
"""Bytes of the working tree's changes that are kept."""


def git_state() -> dict[str, Any] | None:
    """Commit of this code, and whether files differ from it; None where no repository has it.

    A repository that it is merely installed below, as in a person's own virtual environment, does not.
    """
    asked = (
        ["ls-files", "--error-unmatch", Path(__file__).name],
        ["rev-parse", "HEAD"],
        ["status", "--porcelain", "--untracked-files=no"],
    )
    try:
        _, commit, changes = (_git(*words).decode().strip() for words in asked)
    except (OSError, subprocess.SubprocessError):
        return None
    return {"commit": commit, "dirty": bool(changes)}


def git_diff() -> bytes:
    """How the files of the repository differ from its commit, as a patch; nothing where git cannot say.

    Cut at `MOST_DIFF`, with a last line that says so. For a repository that has this code (`git_state`).
    """
    try:
        diff = _git("diff", "HEAD", "--no-color", "--no-ext-diff", "--no-relative")
    except (OSError, subprocess.SubprocessError):
        return b""
    if len(diff) <= MOST_DIFF:
        return diff
    return diff[:MOST_DIFF] + f"\n# cut here: {len(diff)} bytes in all\n".encode()


def _git(*words: str) -> bytes:
    """What git says of the repository that this file lies in."""
    here = Path(__file__).parent
    return subprocess.run(["git", *words], cwd=here, capture_output=True, check=True, timeout=10).stdout


def pick_device(name: str) -> torch.device:
    """The device of that name; auto: a CUDA GPU, else Apple's, else the processor.

    Raises:
        RequestError: PyTorch does not know it, or it is not there.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise RequestError(f"device ({name}) cannot be used: {first_line(error)}") from error
    return device
