"""Made-up photographs."""

import numpy as np


def random_picture(seed: int, height: int = 56, width: int = 48) -> np.ndarray:
    """(H, W, 3): three rectangles in random colours on a random ground."""
    rng = np.random.default_rng(seed)
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = rng.integers(0, 256, 3)
    for _ in range(3):
        top, left = rng.integers(0, height // 2), rng.integers(0, width // 2)
        picture[top : top + height // 2, left : left + width // 2] = rng.integers(0, 256, 3)
    return picture
