"""Metadata that no reader can read: they cost no picture, and the orientation holds where it can be read."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gan.data.picture import UnusablePicture, read, read_picture, upright_size
from tests.support.pictures import random_picture

MANY = 10**8
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL", "ignore::RuntimeWarning:PIL")
PICTURE = random_picture(5, 32, 48)
TURNED = np.rot90(PICTURE, -1)
"""As orientation 6 shows it."""
Entry = tuple[int, int, int, bytes]
"""Tag, type, count and the four bytes of the value."""
ORIENTATION: Entry = (274, 3, 1, struct.pack("<HH", 6, 0))
WRONG: dict[str, Entry] = {
    "resolution as text": (282, 2, 3, b"72\0\0"),
    "resolution as a byte": (282, 1, 1, b"\0\0\0\0"),
    "unit as bytes": (296, 7, 1, b"\2\0\0\0"),
    "width as a float": (256, 11, 1, struct.pack("<f", 0.5)),
    "a type that is none": (283, 99, 1, b"abcd"),
    "a text without end": (270, 2, 2**31, b"abcd"),
    "a directory that is text": (34665, 2, 4, b"abc\0"),
    "a directory beyond the end": (34665, 4, 1, struct.pack("<I", 10**6)),
    "a directory before the beginning": (34665, 9, 1, struct.pack("<i", -5)),
    "a directory in itself": (34853, 4, 1, struct.pack("<I", 8)),
}


def directory(entries: list[Entry]) -> bytes:
    """A TIFF file's header, and one directory."""
    packed = b"".join(struct.pack("<HHI", *entry[:3]) + entry[3] for entry in sorted(entries))
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + packed + bytes(4)


def saved(kind: str, **options: Any) -> bytes:
    file = BytesIO()
    lossless: dict[str, dict[str, Any]] = {"JPEG": {"quality": 100, "subsampling": 0}, "WEBP": {"lossless": True}}
    Image.fromarray(PICTURE).save(file, kind, **lossless.get(kind, {}), **options)
    return file.getvalue()


def tiff(*more: Entry) -> bytes:
    """The picture itself as a TIFF file, turned."""
    height, width = PICTURE.shape[:2]
    short = {256: width, 257: height, 259: 1, 262: 2, 277: 3, 278: height}
    entries: list[Entry] = [(tag, 3, 1, struct.pack("<HH", value, 0)) for tag, value in short.items()]
    entries = [each for each in entries if each[0] not in {tag for tag, *_ in more}] + [ORIENTATION, *more]
    end = 8 + 2 + 12 * (len(entries) + 3) + 4
    entries.append((258, 3, 3, struct.pack("<I", end)))
    entries += [(273, 4, 1, struct.pack("<I", end + 6)), (279, 4, 1, struct.pack("<I", PICTURE.nbytes))]
    return directory(entries) + struct.pack("<HHH", 8, 8, 8) + PICTURE.tobytes()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_with(*chunks: bytes) -> bytes:
    whole = saved("PNG")
    return whole[:33] + b"".join(chunks) + whole[33:]


def jpeg_with(marker: int, content: bytes) -> bytes:
    """With a segment at its beginning, and EXIF metadata after it."""
    whole = saved("JPEG", exif=b"Exif\0\0" + directory([ORIENTATION]))
    return whole[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + whole[2:]


def close(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and float(np.abs(one.astype(int) - other).mean()) < 3


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_orientation_holds_beside_an_entry_that_is_wrong(kind: str, wrong: str) -> None:
    exif = directory([ORIENTATION, WRONG[wrong]])
    content = saved(kind, exif=exif if kind == "PNG" else b"Exif\0\0" + exif)
    assert close(read(BytesIO(content), MANY).pixels, TURNED)
    assert close(read_picture(BytesIO(content), MANY), TURNED)


@pytest.mark.parametrize("wrong", [wrong for wrong in WRONG if wrong != "width as a float"])
def test_tiff_too(wrong: str) -> None:
    assert np.array_equal(read(BytesIO(tiff(WRONG[wrong])), MANY).pixels, TURNED)


def test_orientation_of_a_whole_tiff(tmp_path: Any) -> None:
    (tmp_path / "a.tif").write_bytes(tiff())
    assert np.array_equal(read(tmp_path / "a.tif", MANY).pixels, TURNED)
    assert upright_size(tmp_path / "a.tif", MANY) == (32, 48)


@pytest.mark.parametrize("exif", [b"MM\0*\0", b"II*\0", b"", b"hello", directory([ORIENTATION])[:15]])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_metadata_of_which_nothing_can_be_read(kind: str, exif: bytes) -> None:
    content = saved(kind, exif=exif if kind == "PNG" else b"Exif\0\0" + exif)
    assert close(read(BytesIO(content), MANY).pixels, PICTURE)


TURN = chunk(b"eXIf", directory([ORIENTATION]))


@pytest.mark.parametrize(
    "make",
    [
        lambda: png_with(TURN, chunk(b"iCCP", b"name\0\7" + zlib.compress(b"profile"))),
        lambda: png_with(TURN, chunk(b"iCCP", b"name\0\0" + zlib.compress(bytes(3_000_000)))),
        lambda: png_with(TURN, chunk(b"iCCP", b"name")),
        lambda: png_with(TURN, chunk(b"gAMA", b"\0")),
        lambda: png_with(TURN, chunk(b"cHRM", b"\0\0")),
        lambda: png_with(TURN, chunk(b"tEXt", b"a\0b")[:-1] + b"!"),
        lambda: jpeg_with(0xE0, b"JFIF\0"),
        lambda: jpeg_with(0xEE, b"Adobe"),
        lambda: jpeg_with(0xED, b"Photoshop 3.0\x008BIM\4\4"),
        lambda: tiff((700, 4, 1, b"abcd")),
    ],
    ids=["compression", "bomb", "short", "gamma", "chromaticities", "checksum", "jfif", "adobe", "photoshop", "xmp"],
)
def test_what_stops_the_decoder_is_left_out_and_said(make: Callable[[], bytes]) -> None:
    found = read(BytesIO(make()), MANY)
    assert close(found.pixels, TURNED)
    assert found.note == "its metadata are damaged, and left out"
    assert not found.converted


def test_a_profile_that_is_no_zlib_stream_is_said() -> None:
    found = read(BytesIO(png_with(chunk(b"iCCP", b"name\0\0abc"))), MANY)
    assert np.array_equal(found.pixels, PICTURE)
    assert found.note.startswith("its colour profile cannot be used")


def test_damaged_pixels_stay_damaged() -> None:
    for content in (saved("PNG")[:-40], saved("JPEG")[:-300], tiff()[:-100], saved("WEBP")[:-20], saved("BMP")[:-9]):
        with pytest.raises(UnusablePicture, match="cannot be read"):
            read(BytesIO(content), MANY)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP"])
def test_no_byte_of_any_value_raises_anything_else(kind: str) -> None:
    """500 files with one to four bytes changed anywhere."""
    options = {} if kind == "BMP" else {"exif": b"Exif\0\0" + directory([ORIENTATION, WRONG["unit as bytes"]])}
    whole, rng = saved(kind, **({} if kind == "TIFF" else options)), np.random.default_rng(7)
    whole = tiff(WRONG["unit as bytes"]) if kind == "TIFF" else whole
    read_at_all = 0
    for _ in range(500):
        changed = bytearray(whole)
        for place in rng.integers(0, min(len(whole), 600), rng.integers(1, 5)):
            changed[place] = rng.integers(0, 256)
        try:
            assert read(BytesIO(bytes(changed)), MANY).pixels.ndim == 3
            read_at_all += 1
        except UnusablePicture:
            continue
    assert read_at_all > 50
