"""The embedded data set: its promises, measured on the renders themselves."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from gan import seeds
from gan.config import Augment, Data
from gan.data import SPLITS, avatars, render
from gan.data.avatars import AvatarPictures, Characters
from gan.data.palette import PALETTES, REGIONS, SKIN5, WARM7, colors_of, paint
from gan.errors import RequestError
from gan.files import cache_folder
from tests.support.experiments import SMALL


@pytest.mark.parametrize("size", [64, pytest.param(128, marks=pytest.mark.slow)])
def test_a_character_is_flat_fills_under_ink(size: int) -> None:
    """pixel = base - sum_k coverage_k (white - color_k), within 2/255, on 100 characters."""
    rng = np.random.default_rng(size)
    variants = render.hair_variants()
    worst = 0
    for number in range(100):
        seed, hair = f"test-{number}", variants[number % len(variants)]
        base, _, coverage = render.render((seed, hair, size))
        indices = np.array([rng.integers(7), rng.integers(5), rng.integers(7)])
        fills = dict(zip(REGIONS, (WARM7[indices[0]], SKIN5[indices[1]], WARM7[indices[2]]), strict=True))
        rendered = render.render_color(seed, hair, size, fills).transpose(2, 0, 1)
        painted = (paint(base / 255, coverage / 255, colors_of(indices)) * 255).round()
        worst = max(worst, int(np.abs(painted - rendered).max()))
    assert worst <= 2


def test_the_line_is_grey_and_does_not_know_the_colors() -> None:
    for number, hair in enumerate(render.hair_variants()):
        line = render.render_line(f"grey-{number}", hair, 64).astype(int)
        assert (line.max(axis=2) - line.min(axis=2)).max() == 0
        assert line.min() < 60
        assert line.max() == 255


def test_literal_fills_are_white_in_the_line() -> None:
    assert "#" in str(render.definition()["components"]["details"])
    fills = {text.split("'")[0] for text in str(render.whitened(render.definition())).split("'fill': '")[1:]}
    assert {fill for fill in fills if fill.startswith("#")} == {"#ffffff"}


def test_35_variants_and_uniform_canonical_colors() -> None:
    variants = render.hair_variants()
    assert len(variants) == len(set(variants)) == 35
    assert not set(variants) & set(render.EXCLUDED)
    assert list(variants) != sorted(variants)
    chosen = [avatars.canonical_colors(variant) for variant in range(35)]
    for region, palette in enumerate(PALETTES):
        counts = Counter(colors[region] for colors in chosen)
        assert sorted(counts) == list(range(len(palette)))
        assert set(counts.values()) == {35 // len(palette)}
    assert len({(hair, skin) for hair, skin, _ in chosen}) == 35


def test_faces_do_not_cross_the_split_and_variants_are_on_every_side(small_characters: Characters) -> None:
    faces = {split: {small_characters.face[index] for index in small_characters.of(split)} for split in SPLITS}
    assert not faces["train"] & faces["test"]
    assert not faces["train"] & faces["val"]
    assert not faces["val"] & faces["test"]
    assert {split: len(side) for split, side in faces.items()} == {"train": 245, "val": 35, "test": 70}
    for split in SPLITS:
        counts = Counter(small_characters.variant[small_characters.of(split)].tolist())
        assert len(counts) == 35
        assert len(set(counts.values())) == 1


def test_more_characters_move_none_across() -> None:
    few, many = avatars._sides(10, SMALL), avatars._sides(40, SMALL)
    assert many[:10] == few
    assert Counter(many) == {"train": 28, "val": 4, "test": 8}


def test_core_areas_are_those_of_the_protocol(small_characters: Characters) -> None:
    """About .14, .11 and .58 of a picture at 64 px; at 32 px more of it is edge."""
    areas = (small_characters.coverage >= 0.98 * 255).mean(axis=(0, 2, 3))
    assert areas == pytest.approx((0.11, 0.09, 0.56), abs=0.03)
    assert (small_characters.coverage.astype(int).sum(axis=1) <= 255 + 3).all()


def test_the_cache_is_used(small_characters: Characters) -> None:
    again = avatars.load(SMALL)
    assert (again.base == small_characters.base).all()
    assert again.face == small_characters.face
    assert [path.name for path in cache_folder().glob("avatars-32px-350-*.npz")] != []


def test_a_killed_render_leaves_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAN_CACHE", str(tmp_path))

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(avatars, "_render_all", lambda _: {"base": np.zeros(3)})
    monkeypatch.setattr(np, "savez", killed)
    with pytest.raises(KeyboardInterrupt):
        avatars.load(SMALL)
    assert list(tmp_path.rglob("*")) == []


def test_samples_are_a_function_of_their_generator(small_characters: Characters) -> None:
    pictures = AvatarPictures(small_characters, "train", 1.0, Augment())
    one, same, other = (pictures.samples([5], [seeds.rng(0, "x", draw)], training=True)[0] for draw in (1, 1, 2))
    assert (one.color == same.color).all()
    assert not (one.color == other.color).all()
    assert (one.line == other.line).all()
    assert one.line.shape == (1, 32, 32)
    assert one.color.shape == (3, 32, 32)
    assert one.regions is not None
    assert one.regions.shape == (3, 32, 32)
    assert -1 <= one.color.min() < one.color.max() <= 1
    assert one.line.max() == 1


def test_augmented_samples_keep_line_color_and_regions_together(small_characters: Characters) -> None:
    still = AvatarPictures(small_characters, "train", 0.0, Augment())
    mirrored = AvatarPictures(small_characters, "train", 0.0, Augment(flip=1.0))
    one, other = (side.samples([7], [seeds.rng(0)], training=True)[0] for side in (still, mirrored))
    assert one.regions is not None
    assert other.regions is not None
    for left, right in ((one.line, other.line), (one.color, other.color), (one.regions, other.regions)):
        assert (left.flip(2) == right).all()
    held_out = mirrored.samples([7], [seeds.rng(0)], training=False)[0]
    assert (held_out.line == one.line).all()


def test_closed_forms_are_the_truth_without_ambiguity(small_characters: Characters) -> None:
    pictures = AvatarPictures(small_characters, "test", 0.0, Augment())
    sample = pictures.samples([3], [seeds.rng(0)], training=False)[0]
    for name, picture in pictures.closed_forms(3, seeds.rng(1)).items():
        assert (picture - sample.color).abs().max() < 1e-5, name


def test_too_few_characters_for_every_side() -> None:
    with pytest.raises(RequestError, match=r"35.*1 characters, none of them for val"):
        avatars.load(Data(characters=35))
