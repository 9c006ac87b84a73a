"""What is made once: made again only when something that shapes it changes."""

import resource
from pathlib import Path

import numpy as np
import pytest

from gan.data.cache import arrays_of, on_all_cores
from gan.errors import RequestError


def test_arrays_are_made_once_for_everything_that_shapes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAN_CACHE", str(tmp_path))
    made: list[int] = []

    def make(size: int) -> dict[str, np.ndarray]:
        made.append(size)
        return {"numbers": np.arange(size)}

    for size in (3, 4, 3, 4):
        assert arrays_of("rows", [size], lambda size=size: make(size))["numbers"].tolist() == list(range(size))
    assert made == [3, 4]
    assert len(list(tmp_path.glob("rows-*.npz"))) == 2


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GAN_CACHE", str(tmp_path / "file" / "below"))
    with pytest.raises(RequestError, match="must be writable"):
        arrays_of("rows", [1], dict)


def test_a_full_disk_is_named_and_nothing_half_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a file that may not grow as large as it would."""
    monkeypatch.setenv("GAN_CACHE", str(tmp_path))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(RequestError, match=f"{tmp_path} must be writable: File too large; set GAN_CACHE to"):
            arrays_of("rows", [1], lambda: {"numbers": np.arange(100_000)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []
    assert len(arrays_of("rows", [1], lambda: {"numbers": np.arange(100_000)})["numbers"]) == 100_000


def test_work_on_all_cores_keeps_its_order() -> None:
    assert on_all_cores(abs, [*range(-40, 0)]) == [*range(40, 0, -1)]
