"""Every kind of picture file that people have."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from gan.data.picture import SUFFIXES, UnusablePicture, cover, read_rgb
from tests.support.pictures import random_picture

MANY = 10**8


def saved(path: Path, picture: Image.Image, **options: object) -> Path:
    picture.save(path, **options)  # type: ignore[arg-type]
    return path


def test_grey_palette_and_truecolor(tmp_path: Path) -> None:
    rgb = random_picture(0)
    picture = Image.fromarray(rgb)
    for name in ("a.png", "a.webp"):
        assert (read_rgb(saved(tmp_path / name, picture, lossless=True), MANY) == rgb).all()
    grey = picture.convert("L")
    assert (read_rgb(saved(tmp_path / "grey.png", grey), MANY) == np.asarray(grey)[:, :, None]).all()
    palette = picture.quantize(8)
    assert (read_rgb(saved(tmp_path / "p.png", palette), MANY) == np.asarray(palette.convert("RGB"))).all()
    jpeg = read_rgb(saved(tmp_path / "a.jpg", picture, quality=95, subsampling=0), MANY)
    assert np.abs(jpeg.astype(int) - rgb).mean() < 3


def test_16_bit_grey_is_scaled_and_not_clipped(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 64 * 48).reshape(48, 64).astype(np.uint16)
    rgb = read_rgb(saved(tmp_path / "deep.png", Image.fromarray(ramp)), MANY)
    assert (rgb == (ramp // 257)[:, :, None]).all()
    assert rgb.max() == 255


def test_transparency_is_laid_on_white(tmp_path: Path) -> None:
    rgba = np.zeros((4, 4, 4), np.uint8)
    rgba[:2] = [255, 0, 0, 255]
    rgba[2] = [0, 0, 255, 128]
    rgb = read_rgb(saved(tmp_path / "a.png", Image.fromarray(rgba)), MANY)
    assert rgb[0, 0].tolist() == [255, 0, 0]
    assert rgb[2, 0].tolist() == pytest.approx([127, 127, 255], abs=1)
    assert rgb[3, 0].tolist() == [255, 255, 255]
    palette = Image.new("P", (4, 4), 1)
    palette.putpalette([0, 0, 0, 9, 9, 9])
    assert (read_rgb(saved(tmp_path / "p.png", palette, transparency=1), MANY) == 255).all()


def test_exif_rotation_is_applied(tmp_path: Path) -> None:
    rgb = random_picture(1, height=32, width=64)
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate by 90 degrees clockwise to see it upright
    upright = read_rgb(saved(tmp_path / "a.png", Image.fromarray(rgb), exif=exif), MANY)
    assert (upright == np.rot90(rgb, -1)).all()


def test_cmyk_jpeg(tmp_path: Path) -> None:
    rgb = np.zeros((32, 32, 3), np.uint8)
    rgb[:, 16:] = 255
    decoded = read_rgb(saved(tmp_path / "a.jpg", Image.fromarray(rgb).convert("CMYK"), quality=95), MANY)
    assert decoded.shape == (32, 32, 3)
    assert decoded[:, :8].max() < 30
    assert decoded[:, 24:].min() > 225


def test_a_large_jpeg_is_decoded_smaller_but_not_too_small(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", Image.new("RGB", (1600, 1200), "red"))
    assert min(read_rgb(path, MANY, least=(64, 64)).shape[:2]) in range(64, 400)
    assert read_rgb(path, MANY, least=(64, 500)).shape == (600, 800, 3)  # a half: a quarter would be 400 wide
    assert read_rgb(path, MANY).shape == (1200, 1600, 3)


def test_tiff_bmp_and_jfif(tmp_path: Path) -> None:
    rgb = random_picture(2)
    picture = Image.fromarray(rgb)
    for name, options in (("a.tif", {"compression": "tiff_lzw"}), ("a.tiff", {}), ("a.bmp", {})):
        assert Path(name).suffix in SUFFIXES
        assert (read_rgb(saved(tmp_path / name, picture, **options), MANY) == rgb).all()
    jpeg = saved(tmp_path / "a.jpg", picture)
    assert (read_rgb(jpeg.rename(tmp_path / "a.jfif"), MANY) == np.asarray(Image.open(tmp_path / "a.jfif"))).all()
    saved(tmp_path / "two.tif", picture, save_all=True, append_images=[picture.rotate(180)])
    assert (read_rgb(tmp_path / "two.tif", MANY) == rgb).all()


def test_16_bit_tiff_whichever_of_its_ends_is_white(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 64 * 48).reshape(48, 64).astype(np.uint16)
    for name, kind, shown in (("black", "minisblack", ramp // 257), ("white", "miniswhite", 255 - ramp // 257)):
        tifffile.imwrite(tmp_path / f"{name}.tif", ramp, photometric=kind)
        assert (read_rgb(tmp_path / f"{name}.tif", MANY) == shown[:, :, None]).all()
    for numbers in (ramp.astype(np.float32), ramp.astype(np.int16), ramp.astype(np.int32)):
        tifffile.imwrite(tmp_path / "other.tif", numbers)
        with pytest.raises(UnusablePicture, match="what is white is not known"):
            read_rgb(tmp_path / "other.tif", MANY)


def test_the_trouble_of_the_machine_is_not_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path / "a.png", Image.fromarray(random_picture(0)))

    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("gan.data.picture.to_srgb", full)
    with pytest.raises(OSError, match="not enough memory"):
        read_rgb(path, MANY)


def test_truncated_and_foreign_files_are_refused(tmp_path: Path) -> None:
    whole = saved(tmp_path / "a.jpg", Image.fromarray(random_picture(0, 200, 200)))
    (tmp_path / "half.jpg").write_bytes(whole.read_bytes()[:1500])
    with pytest.raises(UnusablePicture, match="truncated"):
        read_rgb(tmp_path / "half.jpg", MANY)
    (tmp_path / "text.png").write_text("not a picture")
    with pytest.raises(UnusablePicture, match="not a JPEG, PNG, WebP, TIFF or BMP"):
        read_rgb(tmp_path / "text.png", MANY)
    (tmp_path / "empty.webp").touch()
    with pytest.raises(UnusablePicture, match="not a JPEG, PNG, WebP, TIFF or BMP"):
        read_rgb(tmp_path / "empty.webp", MANY)
    gif = saved(tmp_path / "gif.png", Image.new("P", (8, 8)), format="GIF")
    with pytest.raises(UnusablePicture):
        read_rgb(gif, MANY)


def test_a_decompression_bomb_is_not_decoded(tmp_path: Path) -> None:
    path = saved(tmp_path / "bomb.png", Image.new("1", (20_000, 20_000)))
    assert path.stat().st_size < 100_000
    with pytest.raises(UnusablePicture, match=r"data\.max_pixels \(100000000\)"):
        read_rgb(path, MANY)
    with pytest.raises(UnusablePicture, match=r"48x56 is more than data\.max_pixels \(1000\)"):
        read_rgb(saved(tmp_path / "small.png", Image.fromarray(random_picture(0))), 1000)


@pytest.mark.parametrize(("height", "width"), [(48, 64), (200, 100), (64, 64), (7, 900)])
@pytest.mark.parametrize("shape", [(64, 64), (64, 96), (150, 64)])
def test_a_picture_just_covers_and_keeps_its_aspect(height: int, width: int, shape: tuple[int, int]) -> None:
    fitted = cover(random_picture(0, height, width), shape).shape[:2]
    assert min(got - asked for got, asked in zip(fitted, shape, strict=True)) == 0
    assert min(fitted) >= min(shape)
    assert fitted[1] / fitted[0] == pytest.approx(width / height, rel=0.02)


def test_shrinking_averages() -> None:
    checker = np.indices((128, 128)).sum(axis=0) % 2 * 255
    assert (cover(checker.astype(np.uint8), (64, 64)) == 128).all()
