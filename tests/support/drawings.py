"""Drawings as people upload them, made on the spot."""

import io
import struct
import zlib

import cv2
import numpy as np
from PIL import Image

from gan.arrays import Pixels


def sketch(size: int = 300, width: int = 3) -> Pixels:
    """(size, size) black shapes on white."""
    page = np.full((size, size), 255, np.uint8)
    cv2.circle(page, (size // 2, size // 2), size // 3, 0, width, cv2.LINE_AA)
    cv2.line(page, (size // 5, size // 5), (size // 2, size // 2), 0, width, cv2.LINE_AA)
    return page


def figure() -> Pixels:
    """(120, 120, 4): a white disc with a black outline and a soft edge, on nothing."""
    body = np.zeros((120, 120), np.uint8)
    cv2.circle(body, (60, 60), 44, 255, -1, cv2.LINE_AA)
    page = np.full((120, 120), 255, np.uint8)
    cv2.circle(page, (60, 60), 40, 0, 3, cv2.LINE_AA)
    return np.dstack([page, page, page, body])


def on(page: Pixels, ink: tuple[int, int, int], paper: tuple[int, int, int]) -> Pixels:
    """The sketch in an ink on a paper, (H, W, 3)."""
    share = page[:, :, None] / 255
    return (np.array(ink) * (1 - share) + np.array(paper) * share).round().astype(np.uint8)


def file_of(picture: Pixels, kind: str = "PNG", **options: object) -> bytes:
    """A picture as the content of a file."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, kind, **options)
    return file.getvalue()


def bomb(side: int) -> bytes:
    """A PNG of side x side pixels that says so in its header and has none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts
