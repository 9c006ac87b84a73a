"""Layers as an OpenRaster file (.ora), which Krita, GIMP and MyPaint open: a ZIP of PNG pictures and their order.

Baseline of the specification 0.0.5 (openraster.org): `mimetype` first and not compressed, `stack.xml` with the
uppermost layer first, a picture of all of it, and a thumbnail.
"""

import io
import zipfile
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gan.colorize.layers import Layer, merged

MERGED = "mergedimage.png"
THUMBNAIL = 256
"""Most pixels of a thumbnail's side."""
NAMES = {"lines": "Lines", "colors": "Colours", "flat": "Flat colours"}


def openraster(layers: Sequence[Layer], info: PngInfo | None = None) -> bytes:
    """The content of a file; equal layers make equal files.

    Args:
        layers: the uppermost first, all of one size.
        info: texts of the picture of all of it.
    """
    whole = Image.fromarray(merged(layers))
    image = Element("image", version="0.0.5", w=str(whole.width), h=str(whole.height))
    stack = SubElement(image, "stack")
    files: dict[str, bytes] = {"mimetype": b"image/openraster", "stack.xml": b""}
    for layer in layers:
        path = f"data/{layer.name}.png"
        seen = {"visibility": "visible" if layer.shown else "hidden", "opacity": "1.0", "composite-op": "svg:src-over"}
        SubElement(stack, "layer", {"name": NAMES[layer.name], "src": path, "x": "0", "y": "0"} | seen)
        files[path] = _png(Image.fromarray(layer.pixels))
    files["stack.xml"] = tostring(image, encoding="UTF-8", xml_declaration=True)
    files[MERGED] = _png(whole, info)
    whole.thumbnail((THUMBNAIL, THUMBNAIL))
    files["Thumbnails/thumbnail.png"] = _png(whole)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


def _png(picture: Image.Image, info: PngInfo | None = None) -> bytes:
    file = io.BytesIO()
    picture.save(file, format="PNG", pnginfo=info, compress_level=3)
    return file.getvalue()
