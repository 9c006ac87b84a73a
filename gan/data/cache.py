"""What is made once of the embedded characters, and kept between runs."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gan.data.processes import CONTEXT
from gan.data.render import EXCLUDED, FORMAT, definition
from gan.errors import RequestError
from gan.files import cache_folder, remove_drafts, replacing
from gan.log import counted

Job = TypeVar("Job")
Made = TypeVar("Made")
Arrays = dict[str, NDArray[Any]]


def arrays_of(
    kind: str, shaping: Iterable[Any], make: Callable[[], dict[str, NDArray[Any]]]
) -> dict[str, NDArray[Any]]:
    """Arrays from the cache; made first where they are not there.

    Args:
        kind: begins the file's name.
        shaping: everything that shapes them, besides the characters' own style and its renderer.
        make: makes them.

    Raises:
        RequestError: the cache cannot be written, or its disk is full.
    """
    style = hashlib.sha256(json.dumps(definition(), sort_keys=True).encode()).hexdigest()
    every = [FORMAT, *shaping, style, version("resvg-py"), version("dicebear-core"), EXCLUDED]
    path = cache_folder() / f"{kind}-{hashlib.sha256(repr(every).encode()).hexdigest()[:16]}.npz"
    if not path.exists():
        with _writable(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            remove_drafts(path.parent)
        arrays = make()
        with _writable(path.parent), replacing(path) as draft:
            np.savez(draft, allow_pickle=False, **arrays)
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    """Say in a line that the cache cannot be written, be it that the disk is full."""
    try:
        yield
    except OSError as error:
        raise RequestError(f"{folder} must be writable: {error.strerror}; set GAN_CACHE to another") from error


def on_all_cores(work: Callable[[Job], Made], jobs: Sequence[Job]) -> list[Made]:
    """Work on many characters, in order."""
    with ProcessPoolExecutor(os.cpu_count(), mp_context=CONTEXT) as pool:
        return list(counted(pool.map(work, jobs, chunksize=16), len(jobs), "rendering characters"))
