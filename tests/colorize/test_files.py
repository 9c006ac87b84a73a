"""Where coloured drawings go, and what is never overwritten."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gan.colorize import files
from gan.errors import RequestError
from gan.hints.painted import Hint


@pytest.fixture
def drawings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Three drawings of 20x10, in the working folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b", "c"):
        Image.fromarray(np.full((10, 20), 255, np.uint8)).save(f"{name}.png")
    return [Path(f"{name}.png") for name in ("a", "b", "c")]


def named(*paths: Path | str) -> list[files.Drawing]:
    return [files.Drawing(Path(path)) for path in paths]


def outs(paths: list[Path], out: str | None) -> list[str]:
    return [str(job.out) for job in files.plan(named(*paths), None if out is None else Path(out))]


def test_where_results_go(drawings: list[Path]) -> None:
    assert outs(drawings[:2], None) == ["colored/a-color.png", "colored/b-color.png"]
    assert outs(drawings[:2], "there") == ["there/a-color.png", "there/b-color.png"]
    assert outs(drawings[:1], "x.png") == ["x.png"]
    Path("folder.png").mkdir()
    assert outs(drawings[:1], "folder.png") == ["folder.png/a-color.png"]


def test_where_variants_go(drawings: list[Path]) -> None:
    jobs = files.plan(named(*drawings[:2]), Path("there"), 2)
    assert [(job.drawing.name, job.out.name, job.variant) for job in jobs] == [
        ("a.png", "a-color-1.png", 0),
        ("a.png", "a-color-2.png", 1),
        ("b.png", "b-color-1.png", 0),
        ("b.png", "b-color-2.png", 1),
    ]
    with pytest.raises(RequestError, match=r"--out \(x.png\) must be a folder for --variants \(2\)"):
        files.plan(named(*drawings[:1]), Path("x.png"), 2)
    for count in (0, 1001):
        with pytest.raises(RequestError, match=rf"--variants \({count}\) must lie between 1 and 1000"):
            files.plan(named(*drawings[:1]), None, count)


@pytest.mark.parametrize(
    ("count", "out", "message"),
    [
        (2, "x.png", r"--out \(x\.png\) must be a folder for 2 drawings"),
        (1, "x.jpg", r"--out \(x\.jpg\) must end in \.png or be a folder"),
        (1, "b.png", r"b\.png exists and was not made by gan colorize"),
        (1, "a.png", r"a\.png is one of the drawings"),
        (1, "a.png/x.png", r"a\.png/x\.png cannot be written, for .*a\.png is a file"),
    ],
)
def test_where_results_do_not_go(drawings: list[Path], count: int, out: str, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        files.plan(named(*drawings)[:count], Path(out))


def test_drawings_that_differ_by_their_ending_alone(drawings: list[Path]) -> None:
    assert outs([Path("x.png"), Path("x.jpg"), Path("y.png")], "there") == [
        "there/x.png-color.png",
        "there/x.jpg-color.png",
        "there/y-color.png",
    ]
    with pytest.raises(RequestError, match=r"x\.png and x\.png\.png would both go to there/x\.png-color\.png"):
        outs([Path("x.png"), Path("x.jpg"), Path("x.png.png")], "there")


def test_a_result_is_no_folder_of_another(drawings: list[Path]) -> None:
    below = [files.Drawing(Path("a.png")), files.Drawing(Path("a-color.png/b.png"), Path("a-color.png"))]
    with pytest.raises(RequestError, match=r"a\.png would go to .*/colored/a-color\.png, below which"):
        files.plan(below, None)


def test_only_our_own_results_are_replaced(drawings: list[Path]) -> None:
    files.write(Path("colored/a-color.png"), np.zeros((2, 2, 3), np.uint8))
    assert outs(drawings[:1], None) == ["colored/a-color.png"]
    Path("colored/b-color.png").write_text("a person's notes")
    with pytest.raises(RequestError, match="was not made by gan colorize: move it, or choose another --out"):
        files.plan(named(*drawings), None)


def test_a_result_that_somebody_painted_on_is_not_ours(drawings: list[Path]) -> None:
    result = Path("colored/a-color.png")
    files.write(result, np.zeros((2, 2, 3), np.uint8))
    with Image.open(result) as picture:
        mark = PngInfo()
        mark.add_text(files.MARK, picture.info[files.MARK])
        painted = picture.copy()
    painted.putpixel((0, 0), (255, 0, 0))
    painted.save(result, pnginfo=mark)
    with pytest.raises(RequestError, match="was not made by gan colorize"):
        files.plan(named(*drawings[:1]), None)


def test_a_result_is_not_painted_over_when_it_is_a_drawing_too(drawings: list[Path]) -> None:
    files.write(Path("a-color.png"), np.zeros((2, 2, 3), np.uint8))
    with pytest.raises(RequestError, match=r"a-color\.png is one of the drawings: choose another --out"):
        files.plan(named(drawings[0], "a-color.png"), Path("."))


def test_names_that_cannot_be(drawings: list[Path]) -> None:
    with pytest.raises(RequestError, match=r"cannot be used: File name too long"):
        files.plan(named(*drawings), Path("x" * 300))


def test_one_bad_drawing_does_not_stop_the_others(drawings: list[Path]) -> None:
    Path("b.png").write_bytes(b"no picture")
    Path("c.png").unlink()
    written: list[Path] = []
    jobs = files.plan(named(*drawings, Path("a.png").rename("z.png")), Path("there"))[1:]
    Image.new("L", (30, 30)).save("refused.png")
    jobs += files.plan(named("refused.png"), Path("there"))

    def paint(drawing: NDArray[np.uint8], job: files.Job) -> NDArray[np.uint8]:
        if drawing.shape[0] == 30:
            raise RequestError("too large")
        return np.zeros((*drawing.shape[:2], 3), np.uint8)

    failed = files.color_all(jobs, paint, written.append)
    assert written == [Path("there/z-color.png")]
    assert failed == {
        Path("b.png"): "not a JPEG, PNG, WebP, TIFF or BMP picture",
        Path("c.png"): "No such file or directory",
        Path("refused.png"): "too large",
    }
    assert np.asarray(Image.open("there/z-color.png")).shape == (10, 20, 3)


def test_hints_are_checked_before_anything_is_colored(drawings: list[Path]) -> None:
    jobs = files.plan(named(*drawings), None)
    files.check_places(jobs, [Hint(19, 9, (0, 0, 0))], np.zeros((10, 20, 4), np.uint8))
    with pytest.raises(RequestError, match=r"a\.png: the hint at 20,9 must lie on the drawing, which has 20x10 pixels"):
        files.check_places(jobs, [Hint(20, 9, (0, 0, 0))], None)
    with pytest.raises(RequestError, match=r"--hint-image \(10x20\) must have the size of a\.png \(20x10\)"):
        files.check_places(jobs, [], np.zeros((20, 10, 4), np.uint8))


def test_a_turned_photograph_is_measured_upright(drawings: list[Path]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (20, 10)).save("turned.jpg", exif=exif)
    (job,) = files.plan(named("turned.jpg"), None)
    files.check_places([job], [Hint(9, 19, (0, 0, 0))], None)
    with pytest.raises(RequestError, match="which has 10x20 pixels"):
        files.check_places([job], [Hint(19, 9, (0, 0, 0))], None)


def test_hint_pictures(drawings: list[Path]) -> None:
    Image.new("RGBA", (20, 10), (255, 0, 0, 0)).save("hints.png")
    assert files.read_hint_image(Path("hints.png")).shape == (10, 20, 4)
    with pytest.raises(RequestError, match=r"--hint-image \(a\.png\) must be transparent where there is no hint"):
        files.read_hint_image(drawings[0])
    Image.new("RGBA", (20, 10), (255, 0, 0, 127)).save("faint.png")
    with pytest.raises(RequestError, match=r"--hint-image \(faint\.png\) must be at least half opaque where a hint is"):
        files.read_hint_image(Path("faint.png"))
    with pytest.raises(RequestError, match=r"--hint-image \(nowhere\.png\): No such file"):
        files.read_hint_image(Path("nowhere.png"))


def test_checks_and_flat_colours_need_no_pytorch() -> None:
    """Which takes seconds to load: a request that is wrong is told so at once."""
    script = "import sys, gan.cli, gan.colorize.files, gan.colorize.flat; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
