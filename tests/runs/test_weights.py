"""A checkpoint for use: every way in which it can be wrong is one line with its path."""

import os
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from gan.config import Experiment, Reconstruction
from gan.errors import RequestError
from gan.runs.weights import load_generator, read
from gan.training import checkpoint
from gan.training.state import create_state

Change = Callable[[dict[str, Any]], object]
FIRST = "down.0.1.weight"


def saved(experiment: Experiment, folder: Path, change: Change) -> Path:
    """A checkpoint of step 0, changed."""
    path = folder / "last.pt"
    checkpoint.save(path, create_state(experiment, torch.device("cpu")), experiment, None)
    stored = torch.load(path, weights_only=True)
    change(stored)
    torch.save(stored, path)
    return path


def test_a_sound_one(tiny: Experiment, tmp_path: Path) -> None:
    generator, experiment, step = load_generator(saved(tiny, tmp_path, lambda stored: None))
    expected = create_state(tiny, torch.device("cpu")).generator
    assert (experiment, step, generator.training) == (tiny, 0, False)
    assert all(torch.equal(*pair) for pair in zip(generator.parameters(), expected.parameters(), strict=True))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda stored: stored.pop("experiment"), "must be a whole checkpoint, and has no experiment"),
        (lambda stored: stored.pop("generator"), "must be a whole checkpoint, and has no generator"),
        (lambda stored: stored["generator"].pop(FIRST), r"generator: .* Missing key.* \"down\.0\.1\.weight\""),
        (lambda stored: stored["generator"].update(more=torch.ones(1)), r"generator: .* Unexpected key.* \"more\""),
        (lambda stored: stored["generator"].update({FIRST: torch.ones(2)}), r"generator: .* size mismatch"),
        (lambda stored: stored.update(generator=[1, 2]), r"must hold the weights of its configuration's generator"),
        (lambda stored: stored["generator"].update({FIRST: "text"}), r"must hold the weights of its configuration's"),
        (
            lambda stored: stored["generator"].update({FIRST: stored["generator"][FIRST].double()}),
            r"generator: down\.0\.1\.weight is torch\.float64, not torch\.float32",
        ),
        (lambda stored: stored["experiment"]["generator"].update(width=2**20), r"generator: .* size mismatch"),
        (lambda stored: stored["experiment"].update(bathc_size=3), r"unknown field 'bathc_size' of Experiment"),
        (lambda stored: stored["experiment"].update(seed=torch.ones(2)), r"its experiment must hold plain values"),
        (lambda stored: stored["experiment"].update(seed=10**30), r"its experiment must hold plain values"),
        (lambda stored: stored.update(experiment=[[[[[]]]]]), r"its experiment must hold plain values"),
        (lambda stored: stored.update(experiment=["l1"]), r"Experiment must be an object"),
        (lambda stored: stored.update(step=-5), r"its step must be a whole number from 0 on"),
        (lambda stored: stored.update(step=torch.tensor(5)), r"its step must be a whole number from 0 on"),
        (lambda stored: stored.update(format=2), r"must be a checkpoint of format 1, not 2"),
        (lambda stored: stored.update(format=10**30), r"must be a checkpoint of format 1, not another"),
        (lambda stored: stored.clear(), r"must be a checkpoint of format 1, not None"),
        (lambda stored: stored["generator"][FIRST].fill_(float("nan")), r"must hold finite weights"),
        (lambda stored: stored["generator"][FIRST][0, 0].fill_(float("inf")), r"must hold finite weights"),
    ],
)
def test_each_fault_is_a_line(tiny: Experiment, tmp_path: Path, change: Change, message: str) -> None:
    path = saved(tiny, tmp_path, change)
    with pytest.raises(RequestError, match=message) as caught:
        load_generator(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_classifier_is_loaded(tiny: Experiment, tmp_path: Path) -> None:
    """Its shapes are looked at before it is made, and its colours are values."""
    path = saved(replace(tiny, reconstruction=Reconstruction(loss="classes")), tmp_path, lambda stored: None)
    generator, _, _ = load_generator(path)
    assert generator.get_buffer("colors").isfinite().all()


def test_200_files_with_flipped_bytes_load_as_they_were_or_are_a_line(tiny: Experiment, tmp_path: Path) -> None:
    path, rng = saved(tiny, tmp_path, lambda stored: None), random.Random(3)
    sound, expected = path.read_bytes(), read(path)
    refused = 0
    for _ in range(200):
        damaged = bytearray(sound)
        for _ in range(2):
            damaged[rng.randrange(len(sound))] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        found: dict[str, Any] | str
        try:
            found = read(path)
        except RequestError as error:
            found = str(error)
        if isinstance(found, str):
            assert found.startswith(f"{path} must be a checkpoint: ")
            assert "\n" not in found
            refused += 1
        else:  # between the parts of the archive
            assert found["experiment"] == expected["experiment"]
            assert all(torch.equal(found["generator"][name], value) for name, value in expected["generator"].items())
    assert refused > 150


@pytest.mark.parametrize("size", [0, 1, 1000, 50_000])
def test_a_file_that_ends_too_soon_or_in_zeros(tiny: Experiment, tmp_path: Path, size: int) -> None:
    path = saved(tiny, tmp_path, lambda stored: None)
    sound = path.read_bytes()
    for damaged in (sound[:size], sound[:size] + bytes(len(sound) - size), b"\x80\x02" + b"]" * size, b"PK" * size):
        path.write_bytes(damaged)
        with pytest.raises(RequestError, match="must be a checkpoint: ") as caught:
            load_generator(path)
        assert str(caught.value).startswith(str(path))


def test_a_bomb_is_refused_by_what_it_claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packed zeros; and one part that is in the archive's list a thousand times."""
    monkeypatch.setattr(torch, "load", lambda *_, **__: pytest.fail("it was read"))
    monkeypatch.setattr(zipfile.ZipFile, "testzip", lambda *_: pytest.fail("it was read"))
    packed, repeated = tmp_path / "packed.pt", tmp_path / "repeated.pt"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", bytes(50_000_000))
    with zipfile.ZipFile(repeated, "w") as archive:
        archive.writestr("archive/data.pkl", bytes(10_000))
        archive.filelist *= 1000
    for path in (packed, repeated):
        assert path.stat().st_size < 200_000
        with pytest.raises(RequestError, match="its parts claim to be larger than the file"):
            read(path)


def test_deep_nesting_is_a_line(tmp_path: Path) -> None:
    path = tmp_path / "last.pt"
    torch.save({"format": 1, "step": 0, "generator": {}, "experiment": {"name": 7}}, path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    (pickled,) = (name for name in parts if name.endswith("data.pkl"))
    deep = b"]" * 100_000 + b"a" * 99_999
    parts[pickled] = parts[pickled].replace(b"K\x07", deep)
    assert len(parts[pickled]) > 200_000
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    with pytest.raises(RequestError, match="its experiment must hold plain values"):
        load_generator(path)


def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, message in {
        "pipe": "not a regular file",
        ".": "not a regular file",
        "none.pt": "none such",
    }.items():
        with pytest.raises(RequestError, match=f"must be a checkpoint: {message}"):
            read(tmp_path / name)
