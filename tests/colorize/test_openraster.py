"""OpenRaster files, read back by the specification and by another library."""

import io
import zipfile
from xml.etree import ElementTree

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gan.colorize.layers import Layer, layers_of, merged
from gan.colorize.openraster import openraster
from gan.colorize.preparation import Prepared
from tests.support.drawings import sketch


def layers(size: int = 300) -> list[Layer]:
    line = sketch(size)[:, : size // 2]
    picture = (np.full((*line.shape, 3), (200, 120, 90)) * (line[:, :, None] / 255)).round().astype(np.uint8)
    return layers_of(picture, Prepared(line))


def picture(archive: zipfile.ZipFile, name: str) -> Image.Image:
    return Image.open(io.BytesIO(archive.read(name)))


def test_the_layout_of_a_file() -> None:
    """openraster.org: file layout, and layer stack."""
    content = openraster(layers())
    assert content[30:54] == b"mimetypeimage/openraster"  # so that it can be told by its first bytes
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type, archive.read(first)) == ("mimetype", 0, b"image/openraster")
    assert set(archive.namelist()) == {
        *("mimetype", "stack.xml", "data/lines.png", "data/colors.png", "data/flat.png"),
        *("mergedimage.png", "Thumbnails/thumbnail.png"),
    }
    image = ElementTree.fromstring(archive.read("stack.xml"))
    assert (image.tag, image.get("w"), image.get("h"), image.get("version")) == ("image", "150", "300", "0.0.5")
    (stack,) = image
    assert stack.tag == "stack"
    told = [[one.get(name) for name in ("name", "src", "x", "y", "visibility")] for one in stack]
    assert told == [  # the uppermost first
        ["Lines", "data/lines.png", "0", "0", "visible"],
        ["Colours", "data/colors.png", "0", "0", "visible"],
        ["Flat colours", "data/flat.png", "0", "0", "hidden"],
    ]
    assert {one.get("composite-op") for one in stack} == {"svg:src-over"}
    assert content == openraster(layers())


def test_the_pictures_in_it() -> None:
    parts = layers()
    info = PngInfo()
    info.add_text("by", "a test")
    archive = zipfile.ZipFile(io.BytesIO(openraster(parts, info)))
    for part in parts:
        assert np.array_equal(np.asarray(picture(archive, f"data/{part.name}.png")), part.pixels)
    whole = picture(archive, "mergedimage.png")
    assert np.array_equal(np.asarray(whole), merged(parts))
    assert whole.info["by"] == "a test"
    thumb = picture(archive, "Thumbnails/thumbnail.png")
    assert (thumb.size, thumb.mode, thumb.info.get("interlace")) == ((128, 256), "RGBA", None)
    small = zipfile.ZipFile(io.BytesIO(openraster(layers(80))))
    assert picture(small, "Thumbnails/thumbnail.png").size == (40, 80)  # never enlarged
