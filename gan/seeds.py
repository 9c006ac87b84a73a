"""Every random draw is a function of the seed and of what the draw is for.

A draw that is addressed by its purpose does not depend on how many workers there are, on what was drawn before it, or
on whether the run was interrupted (NVlabs/edm2 seeds each step in the same way).
"""

import zlib

import numpy as np
from numpy.typing import NDArray


def sequence(seed: int, *purpose: str | int) -> np.random.SeedSequence:
    """The seed sequence of one purpose, such as `sequence(0, "augment", epoch, index)`.

    Args:
        seed: the experiment's seed, >= 0.
        purpose: names and non-negative numbers, the general before the particular.
    """
    words = [seed, *(zlib.crc32(part.encode()) if isinstance(part, str) else part for part in purpose)]
    # an array of words is taken as it is, where a list of them takes twice as long to the same state
    return np.random.SeedSequence(np.array(words, np.uint32) if max(words) < 2**32 else words)


def rng(seed: int, *purpose: str | int) -> np.random.Generator:
    """A numpy generator for one purpose."""
    return np.random.Generator(np.random.PCG64(sequence(seed, *purpose)))


def normal(count: int, seed: int, *purpose: str | int) -> NDArray[np.float32]:
    """(count,) float32 numbers from N(0, 1) for one purpose."""
    return rng(seed, *purpose).standard_normal(count, np.float32)


def integer(seed: int, *purpose: str | int) -> int:
    """A 63-bit integer for one purpose, for `torch.manual_seed`."""
    return int(sequence(seed, *purpose).generate_state(1, np.uint64)[0] >> np.uint64(1))
