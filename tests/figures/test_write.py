"""Figures for a paper: the very numbers and pixels of the runs, text that stays text, and nothing half-written."""

import base64
import csv
import io
import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from PIL import Image
from scipy import stats

from gan.config import Data, Experiment, to_dict
from gan.errors import RequestError
from gan.figures import arms, draw, write
from gan.figures.arms import HUES, Arm, comparisons
from gan.grid import cut
from gan.study import results
from gan.study.results import CellResult, StudyResult
from gan.study.statistics import Measurement, mean_over_seeds
from gan.web.paths import STATIC
from gan.web.report.page import gather
from tests.support.command import Gan
from tests.support.fake_runs import write_json, write_run, write_study

pytestmark = pytest.mark.slow  # Matplotlib draws every figure of a paper

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
SEEDS = (3, 4)
ARMS = ("l1", "l1,alpha=0.5", "l1_hints")


def cell(arm: str, **metrics: Measurement) -> CellResult:
    dose = 0.5 if "alpha" in arm else 1.0
    return CellResult(
        name=arm,
        arm=arm.split(",")[0],
        differences={"data.alpha": dose} if "alpha" in arm else {},
        closed_form="median",
        seeds=SEEDS,
        steps=dict.fromkeys(SEEDS, 100),
        seconds={},
        hints={0: metrics},
        configuration=to_dict(Experiment(data=Data(alpha=dose))),
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of three arms over two seeds, and a run that stands alone."""
    folder = tmp_path_factory.mktemp("figures") / "runs"
    study = write_study(folder / "sepia", seeds=SEEDS, arms=ARMS, steps=100, rows=2)
    measured = {"sepia_index": mean_over_seeds({3: 0.9, 4: 1.0}, closed=1.0), "psnr": mean_over_seeds({3: 12.5, 4: 13})}
    result = StudyResult(
        *(
            "id",
            "sepia",
            "Why?",
            "",
            SEEDS,
            0.95,
            (),
            tuple(cell(arm, **measured) for arm in ARMS),
            (),
            {},
            None,
            ("l1/seed-5",),
        ),
    )
    results.save(result, study)
    write_run(folder / "alone" / "pix2pix" / "seed-0", "pix2pix", 0, steps=100, rows=2)
    return folder


@pytest.fixture(scope="module")
def out(runs: Path) -> Path:
    """The figures of them all."""
    folder = runs.parent / "paper"
    write.write([runs], folder)
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text())))


def hints_of(runs: Path, arm: str) -> dict[int, dict[str, dict[str, dict[str, float]]]]:
    """Seed -> what test.json has by number of hints."""
    paths = runs.glob(f"*/{arm}/*/test.json")
    return {int(path.parent.name.removeprefix("seed-")): json.loads(path.read_text())["hints"] for path in paths}


def test_the_numbers_of_a_table_are_those_of_the_runs(runs: Path, out: Path) -> None:
    rows = rows_of(out / "table.csv")
    scores = {
        arm: {
            int(path.parent.name[5:]): json.loads(path.read_text())["hints"]
            for path in runs.glob(f"*/{arm}/*/test.json")
        }
        for arm in ("l1", "l1_hints", "pix2pix")
    }
    expected = {
        (arm, count, name): {seed: hints[count]["metrics"][name] for seed, hints in by_seed.items()}
        for arm, by_seed in scores.items()
        for count, row in next(iter(by_seed.values())).items()
        for name in row["metrics"]
    }
    assert {(row["arm"], row["hints"], row["metric"]) for row in rows} == expected.keys()
    for row in rows:
        values = expected[row["arm"], row["hints"], row["metric"]]
        assert {
            int(name[5:]): float(value) for name, value in row.items() if name.startswith("seed") and value
        } == values
        assert int(row["n"]) == len(values)
        assert float(row["mean"]) == pytest.approx(np.mean([*values.values()]))
        if len(values) == 1:
            assert row["low"] == row["high"] == ""
        else:
            half = stats.t.ppf(0.975, len(values) - 1) * np.std([*values.values()], ddof=1) / len(values) ** 0.5
            ends = float(row["mean"]) - half, float(row["mean"]) + half
            assert (float(row["low"]), float(row["high"])) == pytest.approx(ends)


def test_a_studys_cells_are_those_of_study_json(runs: Path, out: Path) -> None:
    cells = {cell["name"]: cell["hints"] for cell in json.loads((runs / "sepia" / "study.json").read_text())["cells"]}
    rows = rows_of(out / "sepia-cells.csv")
    assert len(rows) == 2 * len(cells) == 6
    for row in rows:
        measured = cells[row["arm"]][row["hints"]][row["metric"]]
        for column, name in (("mean", "mean"), ("low", "low"), ("high", "high"), ("closed form", "closed")):
            assert (float(row[column]) if row[column] else None) == measured[name]
        assert [float(row[f"seed {seed}"]) for seed in SEEDS] == [measured["values"][str(seed)] for seed in SEEDS]


def test_a_table_in_latex(out: Path) -> None:
    lines = (out / "sepia-cells.tex").read_text().splitlines()
    assert lines[3] == r"arm & hints & $n$ & sepia index $\to 0$ & PSNR (dB) $\uparrow$ \\"
    half = stats.t.ppf(0.975, 1) * 0.05  # of .9 and 1, whose standard error is .05
    assert lines[5] == rf"l1 & 0 & 2 & $0.950 \pm {half:.3f}$ & $12.75 \pm {5 * half:.2f}$ \\"
    assert r"l1\_hints & 3 & 2 & " in (out / "table.tex").read_text()
    assert r"pix2pix & 0 & 1 & $0.2" in (out / "table.tex").read_text()
    for path in out.glob("*.tex"):
        rows = re.findall(r"^.* & .*$", path.read_text(), re.MULTILINE)
        assert len({len(row.split(" & ")) for row in rows}) == 1


def test_the_pictures_of_a_grid_are_those_of_the_runs(runs: Path, out: Path) -> None:
    root = ElementTree.parse(out / "grid.svg").getroot()
    pictures = [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(image.attrib[HREF].partition(",")[2]))).convert("RGB"))
        for image in root.iter(f"{SVG}image")
    ]
    columns = {}
    for arm, run in (
        ("pix2pix", "alone/pix2pix/seed-0"),
        ("l1", "sepia/l1/seed-3"),
        ("l1_hints", "sepia/l1_hints/seed-3"),
    ):
        sheet = np.asarray(Image.open(runs / run / "samples" / "000100.png"))
        columns[arm] = cut(sheet, (64, 64))
    hinted = columns["l1_hints"]
    expected = [
        *(hinted["line"], columns["pix2pix"]["fake"], columns["l1"]["fake"]),
        *(hinted["hint"], hinted["fake"], hinted["color"]),
    ]
    assert np.array_equal(np.stack(pictures), np.concatenate(expected))


def test_text_stays_text(out: Path) -> None:
    for path in out.glob("*.svg"):
        said = {text.text for text in ElementTree.parse(path).getroot().iter(f"{SVG}text")}
        assert said, path
        if path.name == "grid.svg":
            assert said == {"line", "hints", "pix2pix", "l1", "l1_hints", "color"}
        if path.name == "curves.svg":
            assert {"pix2pix", "l1", "l1_hints", "Sepia index", "LPIPS (AlexNet)", "step"} <= said
        if path.name == "curves-2.svg":
            assert "l1,alpha=0.5" in said
            assert "l1" not in said
    assert {path.stem for path in out.glob("*.pdf")} == {path.stem for path in out.glob("*.svg")}
    for path in out.glob("*.pdf"):
        content = path.read_bytes()
        assert content.startswith(b"%PDF-")
        assert b"/FontFile2" in content  # embedded TrueType
        assert b"/CIDFontType2" in content
        assert b"/Type3" not in content
        assert b"CreationDate" not in content


def arms_of(runs: Path) -> list[Arm]:
    return [arm for each in comparisons(gather([runs])[0]) for arm in each.arms]


def test_curves_are_means_over_the_seeds_with_their_interval(runs: Path) -> None:
    figure = draw.curves([arm for arm in arms_of(runs) if arm.label == "l1"], ("lpips", "bleed", "psnr"), {})
    assert figure is not None
    panels: dict[str, Axes] = {axes.get_title(): axes for axes in figure.axes if axes.get_title()}
    assert list(panels) == ["LPIPS (AlexNet)", "PSNR (dB)"]  # nothing was measured of the other
    columns = [
        {row["step"]: row["val/lpips"] for row in map(json.loads, path.read_text().splitlines()) if "val/lpips" in row}
        for path in sorted(runs.glob("sepia/l1/*/metrics.jsonl"))
    ]
    values = np.array([[column[step] for step in columns[0]] for column in columns])
    (line,) = panels["LPIPS (AlexNet)"].lines
    steps, means = line.get_data()
    assert list(steps) == list(columns[0]) == [*range(10, 101, 10)]
    assert means == pytest.approx(values.mean(axis=0))
    low, high = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    (band,) = panels["LPIPS (AlexNet)"].collections
    corners = band.get_paths()[0].vertices
    assert corners[:, 1].min() == pytest.approx(low.min())
    assert corners[:, 1].max() == pytest.approx(high.max())


def test_a_hinted_arm_has_a_second_line_with_the_most_hints(tmp_path: Path) -> None:
    run = write_run(tmp_path / "l1_hints" / "seed-0", "l1_hints", 0, steps=100, done=0, rows=1)
    rows = [{"step": step, "val/mae": 0.2, **{f"val_hints/{n}/mae": 0.1 / n for n in (1, 3)}} for step in (50, 100)]
    (run / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    write.write([run], tmp_path / "paper")
    said = {text.text for text in ElementTree.parse(tmp_path / "paper" / "curves.svg").getroot().iter(f"{SVG}text")}
    assert {"l1_hints", "l1_hints, 3 hints"} <= said
    assert "Dotted: the same networks with hints (l1_hints: 3)." in (tmp_path / "paper" / "captions.md").read_text()
    figure = draw.curves(arms_of(tmp_path), ("mae",), {"l1_hints": 3})
    assert figure is not None
    plain, hinted = figure.axes[0].lines
    assert plain.get_ydata() == pytest.approx([0.2, 0.2])
    assert hinted.get_ydata() == pytest.approx([0.1 / 3, 0.1 / 3])


def test_without_a_score_the_table_is_of_the_last_evaluation(tmp_path: Path) -> None:
    for seed in (0, 1):
        write_run(tmp_path / "l1" / f"seed-{seed}", "l1", seed, steps=100, done=60, rows=1)
    write.write([tmp_path / "l1"], tmp_path / "paper")
    (row,) = (row for row in rows_of(tmp_path / "paper" / "table.csv") if row["metric"] == "psnr")
    for seed in (0, 1):
        last = json.loads((tmp_path / "l1" / f"seed-{seed}" / "metrics.jsonl").read_text().splitlines()[-1])
        assert float(row[f"seed {seed}"]) == last["val/psnr"]
    assert (row["steps"], row["hints"], row["n"]) == ("60", "0", "2")
    text = (tmp_path / "paper" / "captions.md").read_text()
    assert "last evaluation, on 35 validation pictures, by number of hints. No run is scored on test pictures." in text


def test_steps_that_not_every_seed_has_are_left_out(tmp_path: Path) -> None:
    for seed, done in ((0, 60), (1, 100)):
        write_run(tmp_path / "l1" / f"seed-{seed}", "l1", seed, steps=100, done=done, rows=1)
    (arm,) = arms_of(tmp_path)
    assert list(arm.curve("val/mae")) == [10, 20, 30, 40, 50, 60]
    assert [run.seed for run in arm.scored] == [1]


def test_runs_of_other_data_are_not_beside_each_other(out: Path) -> None:
    text = (out / "captions.md").read_text()
    assert {row["arm"] for row in rows_of(out / "table-2.csv")} == {"l1,alpha=0.5"}
    first, second = (re.search(rf"## grid{suffix}\.pdf.*\n\n(.+)", text) for suffix in ("", "-2"))
    assert first
    assert second
    assert "pix2pix (seed 0, step 100), l1 (seed 3, step 100), l1_hints (seed 3, step 100)" in first[1]
    assert "l1,alpha=0.5 (seed 3, step 100)" in second[1]
    assert "alpha = 0.5" in second[1]
    assert "alpha" not in first[1]


def test_captions_say_what_it_is(out: Path) -> None:
    text = (out / "captions.md").read_text()
    names = {name for line in re.findall("^## (.+)$", text, re.MULTILINE) for name in line.split(", ")}
    assert {path.name for path in out.iterdir()} == names | {"captions.md"}
    curves = next(part for part in text.split("## ") if part.startswith("curves.pdf"))
    table = next(part for part in text.split("## ") if part.startswith("table.tex"))
    dose = next(part for part in text.split("## ") if part.startswith("sepia-dose.pdf"))
    for words in (
        "35 fixed validation pictures without hints",
        "bands 95 % intervals of Student's t for the mean over seeds",
        "l1: n = 2 seeds (3, 4), to step 100.",
        "pix2pix: n = 1 seed (0), to step 100.",
        "245 train, 35 val, 70 test characters",
    ):
        assert words in curves
    for words in (
        "210 test pictures",
        "raw weights of the last step",
        "l1: n = 2 (3, 4), step 100",
        "± is half of the 95 %",
    ):
        assert words in table
    assert "Left out: l1/seed-5 (not done)." in next(
        part for part in text.split("## ") if part.startswith("sepia-cells")
    )
    for words in ("Study sepia: Why?", "bars 95 % intervals", "l1,alpha=0.5: n = 2", "test pictures"):
        assert words in dose
    assert "Code of the runs: 0123456." in text


def test_the_same_runs_give_the_same_bytes(runs: Path, out: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    write.write([runs], again)
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in out.iterdir()
    }


def test_a_run_without_a_verdict_or_of_other_colours_is_left_out_and_named(runs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    shutil.copytree(runs / "sepia" / "l1", folder / "l1")
    write_run(folder / "pix2pix" / "seed-3", "pix2pix", 3, steps=100, rows=3)  # other drawings
    score = json.loads((folder / "l1" / "seed-4" / "test.json").read_text())
    write_json(folder / "l1" / "seed-4" / "test.json", score | {"broken": "it is one colour"})
    write.write([folder], tmp_path / "paper")
    text = (tmp_path / "paper" / "captions.md").read_text()
    assert "Left out: pix2pix (other colours)." in text
    assert "Left out, for want of a score: l1/seed-4 (broken)." in text
    assert {row["n"] for row in rows_of(tmp_path / "paper" / "table.csv")} == {"1"}


def test_other_files_stay_and_ours_are_written_over(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper, one = tmp_path / "paper", [runs / "sepia" / "l1" / "seed-3"]
    paper.mkdir()
    (paper / "thesis.tex").write_text("mine")
    write.write(one, paper)
    (paper / "table.csv").write_text("spoilt")
    write.write(one, paper)
    assert rows_of(paper / "table.csv")
    assert (paper / "thesis.tex").read_text() == "mine"
    before = {path.name: path.read_bytes() for path in paper.iterdir()}

    def broken(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(draw, "curves", broken)
    with pytest.raises(MemoryError):
        write.write([runs], paper)
    assert {path.name: path.read_bytes() for path in paper.iterdir()} == before


def test_what_is_refused(runs: Path, tmp_path: Path) -> None:
    one = [runs / "sepia" / "l1" / "seed-3"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "grid.pdf").write_text("mine")
    for out, message in (
        (tmp_path / "mine", "grid.pdf exists and was not made by gan report; choose another --figures"),
        (tmp_path / "mine" / "grid.pdf", "must be a folder, and is a file"),
        (tmp_path / "mine" / "grid.pdf" / "below", "must be writable"),
    ):
        with pytest.raises(RequestError, match=re.escape(message)):
            write.write(one, out)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["grid.pdf"]


def test_an_arm_has_one_colour_in_all_figures(runs: Path, out: Path) -> None:
    colors = {arm.label: arm.color for arm in arms_of(runs)}
    assert len(set(colors.values())) == 4
    for name, arm in (("curves", "l1"), ("curves", "pix2pix"), ("sepia-dose", "l1"), ("sepia-psnr", "l1_hints")):
        assert colors[arm] in (out / f"{name}.svg").read_text()


ODD = (None, "x", -1, 1e308, True, [], [3], {}, {"0": 3}, {"x": {"metrics": []}})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_is_damaged_is_left_out(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    """Some value of a run's files is another."""
    folder = tmp_path_factory.mktemp("damaged")
    run = write_run(folder / "l1" / "seed-0", "l1", 0, steps=20, every=2, rows=1)
    path = run / data.draw(st.sampled_from(("config.json", "data.json", "environment.json", "test.json")))
    values = place = json.loads(path.read_text())
    while True:
        name = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[name], dict) or not place[name] or data.draw(st.booleans()):
            break
        place = place[name]
    place[name] = data.draw(st.sampled_from(ODD))
    write_json(path, values)
    monkeypatch.setattr(draw, "encode", lambda figure: {"svg": b""})  # which takes long
    written = write.write([folder], folder / "paper")
    assert "curves.svg" in [each.name for each in written]


def test_the_colours_are_those_of_the_pages() -> None:
    css = (STATIC / "review" / "review.css").read_text()
    light = dict(re.findall(r"--hue-(\d): (#[0-9a-f]{6});", css.partition("@media")[0]))
    assert [light[str(number)] for number in range(10)] == list(HUES)
    assert (arms._digest("a"), arms._digest("foobar")) == (0xE40C292C, 0xBF9CF968)  # of the hash's authors
    used = [*arms._hues([f"sepia/arm {number}" for number in range(13)]).values()]
    assert len(set(used[:10])) == 10  # each once before any twice
    assert used[0] == HUES[arms._digest("sepia/arm 0") % 10]


def test_the_command(gan: Gan, runs: Path, tmp_path: Path) -> None:
    done = gan("report", runs / "sepia" / "l1" / "seed-3", "--figures", tmp_path / "paper")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        str(tmp_path / "paper" / name)
        for name in (
            "captions.md",
            "grid.pdf",
            "grid.svg",
            "curves.pdf",
            "curves.svg",
            "table.tex",
            "table.csv",
        )
    ]
    refused = gan("report", runs)
    assert refused.returncode == 2
    assert refused.stderr == "gan: gan report needs --out report.html, --figures FOLDER, or both\n"
