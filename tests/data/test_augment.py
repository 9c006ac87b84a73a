"""Augmentation: one geometry for all, draws that are a function of their generator, lines that survive."""

import numpy as np
import pytest

from gan.config import Augment
from gan.data import augment as augmentation

GEOMETRY = Augment(flip=0.5, crop=0.25, rotate=15, scale=0.1)


def marked(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A picture whose green channel is its drawing, and coverage whose last map is."""
    rng = np.random.default_rng(seed)
    line = (rng.random((50, 40)) > 0.8).astype(np.uint8) * 255
    color = rng.integers(0, 256, (50, 40, 3), dtype=np.uint8)
    color[:, :, 1] = line
    return color, line, np.stack([255 - line, line], axis=2)


@pytest.mark.parametrize(("augment", "tolerance"), [(Augment(flip=0.5, crop=0.25), 0), (GEOMETRY, 8)])
@pytest.mark.parametrize("seed", range(8))
def test_line_color_and_regions_get_the_same_geometry(seed: int, augment: Augment, tolerance: int) -> None:
    """OpenCV interpolates one channel and three with other roundings, hence the tolerance."""
    color, line, regions = marked(seed)
    changed = augmentation.same_geometry(augment, (32, 32), np.random.default_rng(seed), color, line, regions)
    assert changed[0].shape == (32, 32, 3)
    assert changed[1].shape == (32, 32)
    assert changed[2] is not None
    drawn = changed[1].astype(int)
    assert np.abs(changed[0][:, :, 1] - drawn).max() <= tolerance
    assert np.abs(changed[2][:, :, 1] - drawn).max() <= tolerance


def test_geometry_is_a_function_of_its_generator() -> None:
    color, line, _ = marked(0)

    def draw(seed: int) -> bytes:
        return augmentation.same_geometry(GEOMETRY, (32, 32), np.random.default_rng(seed), color, line)[0].tobytes()

    assert draw(1) == draw(1)
    assert len({draw(seed) for seed in range(8)}) == 8


def test_crop_reaches_every_place_and_flip_its_share() -> None:
    ramp = np.arange(40, dtype=np.uint8)[None, :].repeat(40, axis=0)
    color = ramp[:, :, None].repeat(3, axis=2)
    lefts, flips = set(), 0
    for seed in range(200):
        _, line, _ = augmentation.same_geometry(Augment(flip=0.5), (32, 32), np.random.default_rng(seed), color, ramp)
        flipped = line[0, 0] > line[0, -1]
        flips += flipped
        lefts.add(int(line[0, -1] if flipped else line[0, 0]))
    assert lefts == set(range(9))
    assert 70 < flips < 130


def test_no_augmentation_is_the_picture_itself() -> None:
    color, line, _ = marked(1)
    same = augmentation.same_geometry(Augment(), (40, 40), np.random.default_rng(0), color[:40], line[:40])
    assert (same[0] == color[:40]).all()
    assert (augmentation.jitter_line(Augment(), np.random.default_rng(0), line) == line).all()


def test_load_shape() -> None:
    assert augmentation.load_shape((256, 256), Augment(crop=0.117)) == (286, 286)
    assert augmentation.load_shape((64, 96), Augment(crop=0.25)) == (80, 120)
    assert augmentation.load_shape((64, 64), Augment()) == (64, 64)


def test_centre_crop() -> None:
    picture = np.arange(6 * 8).reshape(6, 8).astype(np.uint8)
    assert (augmentation.centre_crop((4, 4), picture) == picture[1:5, 2:6]).all()
    assert (augmentation.centre_crop((2, 7), picture) == picture[2:4, 0:7]).all()


@pytest.mark.parametrize(
    "augment",
    [Augment(line_thickness=1), Augment(line_dropout=1), Augment(line_noise=0.2), Augment(line_grey=0.8)],
    ids=["thickness", "dropout", "noise", "grey"],
)
def test_jitter_changes_the_line_and_keeps_most_of_it(augment: Augment) -> None:
    line = np.full((64, 64), 255, np.uint8)
    line[::8] = 0
    changed = 0
    for seed in range(20):
        jittered = augmentation.jitter_line(augment, np.random.default_rng(seed), line)
        again = augmentation.jitter_line(augment, np.random.default_rng(seed), line)
        assert (jittered == again).all()
        assert jittered.dtype == np.uint8
        changed += (jittered != line).any()
        ink, before = (255.0 - jittered)[::8].sum(), (255.0 - line)[::8].sum()
        assert ink > 0.15 * before
    assert changed >= 15


def test_thickness_by_a_pixel() -> None:
    line = np.full((16, 16), 255, np.uint8)
    line[8] = 0
    seen = {
        tuple(augmentation.jitter_line(Augment(line_thickness=1), np.random.default_rng(seed), line)[:, 5])
        for seed in range(20)
    }
    inked = sorted(sum(255 - int(value) for value in column) for column in seen)
    assert inked[0] == pytest.approx(127, abs=1)  # thinner: half of the ink is left
    assert inked[-1] == 2 * 255  # thicker: two pixels wide
