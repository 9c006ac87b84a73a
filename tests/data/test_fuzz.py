"""Damaged pictures and metadata that nobody wrote: read, or refused in a sentence, and never a traceback."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from gan.data.picture import FORMATS, UnusablePicture, read, read_picture, upright_size
from tests.support.damage import damaged
from tests.support.drawings import file_of
from tests.support.refusals import check_sentence

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
"""Pillow warns of metadata that it leaves out."""
PIXELS = np.random.default_rng(0).integers(0, 256, (14, 20, 4), np.uint8)
EXIF = Image.Exif()
EXIF[0x0112], EXIF[0x010E], EXIF[0x8769] = 6, "a picture", {0x9003: "2020:01:01 00:00:00", 0xA002: 20}
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
TOLD: dict[str, Any] = {"exif": EXIF.tobytes(), "icc_profile": PROFILE}
WHOLE = [
    file_of(PIXELS[:, :, :3], "PNG", **TOLD),
    file_of(PIXELS, "PNG"),
    file_of(PIXELS[:, :, 0].astype(np.uint16) * 257, "PNG"),  # type: ignore[arg-type]
    file_of(PIXELS[:, :, :3], "JPEG", **TOLD),
    file_of(PIXELS[:, :, 0], "JPEG", exif=EXIF.tobytes()),
    file_of(PIXELS[:, :, :3], "WEBP", lossless=True, **TOLD),
    file_of(PIXELS, "WEBP"),
    file_of(PIXELS[:, :, :3], "TIFF", **TOLD),
    file_of(PIXELS, "TIFF", compression="tiff_lzw"),
    file_of(PIXELS[:, :, :3], "BMP"),
]
RANDOM = st.binary(max_size=60)


def changed_a_little(content: bytes) -> st.SearchStrategy[bytes]:
    return st.one_of(RANDOM, RANDOM, damaged(st.just(content)))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG with another chunk after its head."""
    whole = file_of(PIXELS[:, :, :3])
    return whole[:33] + chunk(kind, data) + whole[33:]


def with_checksums(content: bytes) -> bytes:
    """A damaged PNG whose checksums are right: the damage is met where its content is used."""
    whole, start = bytearray(content), 8
    while start + 12 <= len(content):
        end = start + 8 + int.from_bytes(content[start : start + 4])
        if end + 4 > len(content):
            break
        whole[end : end + 4] = struct.pack(">I", zlib.crc32(content[start + 4 : end]))
        start = end + 4
    return bytes(whole)


GAMMA = st.one_of(st.integers(0, 2**32 - 1).map(lambda gamma: struct.pack(">I", gamma)), RANDOM)
ZIPPED = changed_a_little(PROFILE).map(lambda profile: b"sRGB\0\0" + zlib.compress(profile))
METADATA = st.one_of(
    st.builds(with_chunk, st.just(b"eXIf"), changed_a_little(EXIF.tobytes()[6:])),
    st.builds(with_chunk, st.just(b"gAMA"), GAMMA),
    st.builds(with_chunk, st.just(b"iCCP"), st.one_of(ZIPPED, RANDOM)),
    st.builds(with_chunk, st.sampled_from((b"cHRM", b"sRGB", b"tEXt", b"iTXt", b"zTXt", b"pHYs")), RANDOM),
    st.builds(
        lambda kind, exif, profile: file_of(PIXELS[:, :, :3], kind, exif=exif, icc_profile=profile),
        st.sampled_from(("JPEG", "WEBP", "PNG")),
        changed_a_little(EXIF.tobytes()).map(lambda exif: exif if exif.startswith(b"Exif\0\0") else b"Exif\0\0" + exif),
        changed_a_little(PROFILE),
    ),
)


def either(look: Callable[[], Any]) -> Any:
    """What is read; or None, where it was refused in one line."""
    try:
        return look()
    except UnusablePicture as refusal:
        check_sentence(refusal, 300)
        return None


def looked_at(path: Path) -> bool:
    """Whether a file is read, and then it is by all that read pictures, as one of the same size."""
    shown = either(lambda: read(path, 10_000))
    kept, size = either(lambda: read_picture(path, 10_000)), either(lambda: upright_size(path, 10_000))
    if shown is None or kept is None:
        assert shown is kept is None
        return False
    assert shown.pixels.dtype == kept.dtype == np.uint8
    assert shown.pixels.shape == (*kept.shape[:2], 3)
    assert kept.shape[2] in (3, 4)
    assert size == kept.shape[1::-1]
    return True


@pytest.fixture
def counted() -> Iterator[list[bool]]:
    """Which files were read: were it all or none, the test would say little."""
    were_read: list[bool] = []
    yield were_read
    assert 20 < sum(were_read) < len(were_read)


FUZZED = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(content=st.one_of(damaged(st.sampled_from(WHOLE)), damaged(st.sampled_from(WHOLE[:3])).map(with_checksums)))
@settings(FUZZED, max_examples=500)
def test_500_damaged_pictures_are_read_or_refused_in_a_sentence(
    tmp_path: Path, counted: list[bool], content: bytes
) -> None:
    path = tmp_path / "picture"
    path.write_bytes(content)
    counted.append(looked_at(path))


@given(content=METADATA)
@settings(FUZZED, max_examples=300)
def test_300_pictures_with_metadata_that_nobody_wrote_are_read(tmp_path: Path, content: bytes) -> None:
    """For they cost no picture: its pixels are whole."""
    path = tmp_path / "picture"
    path.write_bytes(content)
    assert looked_at(path)


def test_whole_pictures_are_read(tmp_path: Path) -> None:
    """So that what is damaged above was none before."""
    for number, content in enumerate(WHOLE):
        path = tmp_path / str(number)
        path.write_bytes(content)
        assert looked_at(path)
    assert {Image.open(io.BytesIO(content)).format for content in WHOLE} == set(FORMATS)
