"""ICC profiles written byte by byte (ICC.1:2022; the older tables of ICC.1:2001-04), from published numbers."""

import struct

import numpy as np

D50 = (0.9642, 1.0, 0.8249)
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
"""XYZ of red, green and blue relative to D50 (Adobe RGB (1998) Color Image Encoding, version 2005-05, 4.3.2)."""
ADOBE_GAMMA = 2 + 51 / 256
DISPLAY_P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
"""g, a, b, c, d of IEC 61966-2-1, as a parametric curve of type 3."""


def of_matrix(colorants: tuple[tuple[float, ...], ...], curve: float | tuple[float, ...]) -> bytes:
    """A profile of RGB: the XYZ of its primaries, and a gamma or the five numbers of a curve, one for all three."""
    tags = {b"wtpt": _xyz(D50)}
    for name, xyz in zip((b"r", b"g", b"b"), colorants, strict=True):
        tags |= {name + b"XYZ": _xyz(xyz), name + b"TRC": _curve(curve)}
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags)


def of_grey(gamma: float) -> bytes:
    """A profile of grey."""
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"wtpt": _xyz(D50), b"kTRC": _curve(gamma)})


def of_inks(lab: np.ndarray) -> bytes:
    """A profile of CMYK: (2, 2, 2, 2, 3) Lab of no ink and of full ink of each; between them it is linear."""
    ramp = bytes(range(256))
    scaled = lab.reshape(-1, 3) * [255 / 100, 1, 1] + [0, 128, 128]
    table = struct.pack(">4x4B9i", 4, 3, 2, 0, *(65536 * np.eye(3, dtype=int)).ravel().tolist())
    table += ramp * 4 + scaled.round().astype(np.uint8).tobytes() + ramp * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"wtpt": _xyz(D50), b"A2B0": b"mft1" + table})


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += struct.pack(">4sII", name, start + len(data), len(content))
        data += content + bytes(-len(content) % 4)
    header = struct.pack(">I4xI", start + len(data), 0x02400000) + kind + space + connection + bytes(12) + b"acsp"
    white = struct.pack(">3i", *_fixed(D50))
    return header.ljust(68, b"\0") + white.ljust(60, b"\0") + table + data


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *_fixed(values))


def _curve(curve: float | tuple[float, ...]) -> bytes:
    if isinstance(curve, tuple):
        return b"para" + bytes(4) + struct.pack(">HH5i", 3, 0, *_fixed(curve))
    return b"curv" + bytes(4) + struct.pack(">IHxx", 1, round(curve * 256))


def _fixed(values: tuple[float, ...]) -> list[int]:
    return [round(value * 65536) for value in values]
