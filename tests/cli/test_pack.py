"""`gan pack`, and training from what it wrote, by the real command."""

import json
import shutil
from pathlib import Path

import pytest
import torch

from gan.cli import main
from gan.runs.weights import load_generator
from tests.support.command import Gan, Refused


@pytest.mark.slow
def test_pack_and_what_is_refused(
    gan: Gan, refused: Refused, experiments: Path, picture_folder: Path, tmp_path: Path
) -> None:
    packed = gan("pack", picture_folder, "shards", "--data.val-fraction", "0.2")
    assert packed.returncode == 0, packed.stderr
    assert packed.stdout == f"{tmp_path / 'shards'}\n"
    assert f"{picture_folder}: 40 pictures, nothing else is in it" in packed.stderr
    assert "test-000000.tar: " in packed.stderr
    assert ", 40 in all" in packed.stderr
    before = {path: path.read_bytes() for path in (tmp_path / "shards").iterdir()}
    assert "must be empty or not there" in refused("pack", picture_folder, "shards")
    words = ("train", experiments / "animeface.py", "--data.source", "shards", "--data.root", "shards")
    options = "--data.val-fraction 0.2 --data.test-fraction 0.2"
    assert refused(*words).endswith(f"must be as {tmp_path / 'shards'} was packed: {options}")
    assert {path: path.read_bytes() for path in (tmp_path / "shards").iterdir()} == before
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (("nowhere", "new"), "nowhere) must be a folder: none such"),
        ((".", "new", "--megabytes", "0"), "--megabytes (0) must be at least 1"),
        ((".", "new", "--data.val-fraction", "2"), "data.val_fraction (2) must lie between 0 and 1"),
        ((".",), "the following arguments are required: SHARDS; see gan pack --help"),
    ],
)
def test_mistakes(words: tuple[str, ...], rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", *words]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert rule in line
    assert not Path("new").exists()


@pytest.mark.slow
def test_a_resumed_run_on_shards_is_the_uninterrupted_run_on_the_folder(
    gan: Gan, refused: Refused, experiments: Path, picture_folder: Path, tmp_path: Path
) -> None:
    held = ("--data.val-fraction", "0.2", "--data.test-fraction", "0.2")
    small = ("--data.size", "32", "--generator.width", "8", "--epochs", "None", "--batch-size", "4")
    words = ("train", experiments / "animeface.py", *small, "--optimizer.decay", "0", *held)
    assert gan("pack", picture_folder, "shards", *held).returncode == 0
    folder = gan(*words, "--data.root", picture_folder, "--steps", "9")
    assert folder.returncode == 0, folder.stderr
    shards = (*words, "--data.source", "shards", "--data.root", "shards", "--name", "packed", "--data.workers", "2")
    for steps in ("5", "9"):  # five steps of four leave the first epoch of 25 or so unfinished
        trained = gan(*shards, "--steps", steps, "--resume")
        assert trained.returncode == 0, trained.stderr
        assert "other pictures" not in trained.stderr
    weights = [
        load_generator(tmp_path / run.stdout.strip() / "checkpoints" / "last.pt", average=False)[0].state_dict()
        for run in (folder, trained)
    ]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])
    scores = [json.loads(gan("evaluate", run.stdout.strip(), "--json").stdout)["metrics"] for run in (folder, trained)]
    assert scores[0] == scores[1]
    shutil.rmtree(tmp_path / "shards")
    assert "shards) must be a folder: none such" in refused("evaluate", trained.stdout.strip())
