"""Where the runs of a report come from, and the plots of its studies."""

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from gan.study.report import _plots
from gan.web.report import about


def run(name: str, seconds: list[float], **made: Any) -> dict[str, Any]:
    """As much of a run as is asked for."""
    made_with = {"gan": "0.1.0", "torch": "2.11.0", "device": "x86_64", "commit": "abc"} | made
    details = {"config": {"data": {"source": "faces", "size": [64, 48]}}, "made_with": made_with}
    return {"id": name, "details": details, "axes": [[[1, 2, 3], seconds]]}


def test_runs_that_agree_share_a_line() -> None:
    day = 86400.0
    runs = [run("a", [day, 2 * day, 4 * day]), run("b", [3 * day, 5 * day, 6 * day]), run("c", [], commit=None)]
    sides = {"train": [{"digest": "1"}, {"digest": "2"}], "val": [{"digest": "3"}], "test": []}
    data: dict[str, dict[str, Any]] = {"a": {"pictures": sides}, "b": {"pictures": sides}, "c": {}}
    first, second = about.origins(runs, data)
    assert first["runs"] == 2
    assert first["data"] == "faces, 64 x 48 px: 2 train, 1 val, 0 test pictures"
    assert (first["machine"], first["version"], first["commit"]) == ("x86_64", "gan 0.1.0, torch 2.11.0", "abc")
    ends = first["trained"].split(" to ")
    assert np.datetime64(ends[1]) - np.datetime64(ends[0]) == np.timedelta64(5, "D")  # in whichever time zone
    assert second["runs"] == 1
    assert (second["data"], second["commit"], second["trained"]) == ("faces, 64 x 48 px", *["not recorded"] * 2)


def test_a_damaged_run_says_nothing() -> None:
    damaged = run("a", [], gan=None, torch=None, device=None) | {"axes": []}
    damaged["details"]["config"] = {"data": 3}
    (line,) = about.origins([damaged], {"a": {"pictures": 7}})
    assert (line["data"], line["machine"], line["version"]) == ("not recorded",) * 3


def test_plots_are_those_of_the_folder(tmp_path: Path) -> None:
    assert about.plots("sepia", tmp_path) == []
    (tmp_path / "plots").mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (30, 20, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "plots" / "dose.png")
    Image.fromarray(pixels).save(tmp_path / "plots" / "own.png")
    (tmp_path / "plots" / "psnr.png").write_bytes(b"\x89PNG half")
    assert [each["words"] for each in about.plots("sepia", tmp_path)] == ["dose", "own"]
    (tmp_path / "report.md").write_text("# sepia\n\n" + "\n\n".join(_plots(tmp_path)) + "\n")
    dose, own = about.plots("sepia", tmp_path)
    assert (dose["study"], dose["words"]) == ("sepia", "Sepia index against the dose of ambiguity")
    assert own["words"] == "own"
    kept = Image.open(io.BytesIO(base64.b64decode(dose["address"].split(",")[1])))
    assert np.array_equal(np.asarray(kept.convert("RGB")), pixels)
