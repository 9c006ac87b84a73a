"""A picture's file without its metadata, for a decoder that stumbles over them: the pixels are the same.

PNG (third edition, section 5), JPEG (ITU T.81, annex B) and TIFF 6.0 (section 2) keep their metadata in parts that can
be taken out without touching the rest. WebP keeps them so, too, but no decoder reads them unasked.
"""

import struct
from collections.abc import Callable, Iterator

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_PIXELS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
JPEG_METADATA = {*range(0xE0, 0xEE), 0xEF, 0xFE}
"""Markers of application segments and comments; all but APP14, which tells how colours are stored."""
SCAN, EXIF, ADOBE = 0xDA, 0xE1, 0xEE
WHOLE_ADOBE = 14
"""Least length of APP14, for libjpeg, too; a shorter one tells nothing."""
TIFF_PIXELS = {*range(254, 260), 262, 266, 273, 274, *range(277, 281), 284, 317, *range(320, 326), 338, 339, 347}
"""Tags of how the pixels are stored, and of how they are turned."""
TIFF_PIXELS |= {530, 531, 532}


def without_metadata(content: bytes) -> Iterator[bytes]:
    """The file again with its EXIF metadata alone, and then without any; nothing where that is the file itself."""
    last = content
    for keep_exif in (True, False):
        try:
            bare = _stripper(content)(content, keep_exif)
        except (struct.error, IndexError):  # it ends within one of its parts
            return
        if bare != last:
            yield bare
            last = bare


def _stripper(content: bytes) -> Callable[[bytes, bool], bytes]:
    if content.startswith(PNG_SIGNATURE):
        return _png
    if content.startswith(b"\xff\xd8"):
        return _jpeg
    if content[:4] in (b"II*\0", b"MM\0*"):
        return _tiff
    return lambda whole, _: whole


def _png(content: bytes, keep_exif: bool) -> bytes:
    kept, start = [PNG_SIGNATURE], len(PNG_SIGNATURE)
    while start < len(content):
        length, kind = struct.unpack_from(">I4s", content, start)
        end = start + 12 + length  # its length, its kind and its checksum
        if kind in PNG_PIXELS or (keep_exif and kind == b"eXIf"):
            kept.append(content[start:end])
        start = end
    return b"".join(kept)


def _jpeg(content: bytes, keep_exif: bool) -> bytes:
    kept, start = [content[:2]], 2
    while True:
        mark, marker, length = struct.unpack_from(">BBH", content, start)
        if mark != 0xFF or marker == SCAN:
            return b"".join([*kept, content[start:]])
        end = start + 2 + length
        told = marker not in JPEG_METADATA and not (marker == ADOBE and length < WHOLE_ADOBE)
        if told or (keep_exif and marker == EXIF):
            kept.append(content[start:end])
        start = end


def _tiff(content: bytes, keep_exif: bool) -> bytes:  # noqa: ARG001 -- of EXIF metadata the orientation is always kept
    """The first directory with fewer entries, at its place."""
    order = "<" if content.startswith(b"II") else ">"
    (start,) = struct.unpack_from(order + "I", content, 4)
    (count,) = struct.unpack_from(order + "H", content, start)
    entries = [content[at : at + 12] for at in range(start + 2, start + 2 + 12 * count, 12)]
    kept = [entry for entry in entries if struct.unpack_from(order + "H", entry)[0] in TIFF_PIXELS]
    directory = struct.pack(order + "H", len(kept)) + b"".join(kept) + bytes(4)  # and no other one follows
    return content[:start] + directory + content[start + len(directory) :]
