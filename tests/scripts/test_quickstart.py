"""The quickstart: its length, its verdicts and what it leaves behind; shortened, and whole."""

import json
import runpy
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from gan import cli
from gan.config import Experiment
from gan.study import Claim, Measured, Rule, Study, cell
from gan.study.execute import verdict_lines
from gan.study.outputs import write_study_json
from gan.study.runs import runs_of
from tests.support.studies import made_up
from tests.support.study_runs import write_score

ROOT = Path(__file__).parents[2]
CELLS = ("l1,alpha=0", "l1", "pix2pix", "l1_lines")


def quickstart(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "scripts/quickstart.py", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1800)


def test_verdicts_and_broken_runs_are_printed_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """With scores that no run has made, and a study that prints what the real one does."""
    rule = Rule("H1", "it errs", (Claim(Measured("l1", "mae"), least=0.15),))
    study = Study("sepia_quick", (1, 2), (cell(Experiment(name="l1")),), rules=(rule,))
    runs = runs_of(study, tmp_path)
    write_score(runs[0], made_up({"0/mae": 0.4, "0/lpips": 0.5}))
    write_score(runs[1], made_up({"0/mae": 0.4, "0/lpips": 0.5}), broken="every picture is one colour")
    (tmp_path / "sepia_quick" / "report.md").touch()

    def command(words: Sequence[str]) -> int:
        if words[0] == "study":
            write_study_json(study, runs)
            print(*verdict_lines(tmp_path / "sepia_quick"), sep="\n")
        else:
            print(words[-1])
        return 0

    monkeypatch.setattr(cli, "main", command)
    script = runpy.run_path(str(ROOT / "scripts" / "quickstart.py"))
    assert script["main"](["--out", str(tmp_path)]) == 0
    printed = "".join(capsys.readouterr())
    for said in ("it errs", "l1/seed-2 is broken, and left out", "report.md", "report.html", "LPIPS"):
        assert printed.count(said) == 1, said


@pytest.mark.slow
def test_it_shows_what_it_promises_and_gives_no_verdict_without_training(tmp_path: Path) -> None:
    words = ["--out", str(tmp_path), "--steps", "2", "--data.size", "64", "--data.characters", "350"]
    result = quickstart(*words, "--generator.width", "8", "--evaluation.pictures", "8")
    assert result.returncode == 0, result.stderr
    for word in ("MAE", "PSNR", "SSIM", "LPIPS", "sepia index", "chroma ratio", "H0 ", "failed", "no verdict"):
        assert word in result.stdout, word
    for arm in CELLS:
        assert (tmp_path / "sepia_quick" / arm / "seed-0" / "samples" / "000002.png").exists()
    assert f"gan serve {tmp_path}" in result.stdout
    for line in verdict_lines(tmp_path / "sepia_quick"):
        assert (result.stdout + result.stderr).count(line) == 1
    for name in ("report.md", "report.html", "grid.png", "plots/hints.svg"):
        assert (tmp_path / "sepia_quick" / name).exists()


@pytest.mark.slow
def test_the_whole_of_it(tmp_path: Path) -> None:
    """Protocol H0 to H3 on one seed, in under 12 minutes (20 here, for other work on the machine)."""
    started = time.monotonic()
    result = quickstart("--out", str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert time.monotonic() - started < 1200
    assert (tmp_path / "sepia_quick" / "report.html").stat().st_size < 3_000_000
    study = json.loads((tmp_path / "sepia_quick" / "study.json").read_text())
    verdicts = {verdict["name"]: verdict for verdict in study["verdicts"]}
    assert verdicts["H0"]["verdict"] == "passed"
    for name in ("H1", "H2 on l1_lines", "H3", "H3b"):
        assert verdicts[name]["verdict"] == "indicative"
    for name in ("H1", "H2 on l1_lines", "H3", "H3b"):
        assert verdicts[name]["leaning"] != "refuted", verdicts[name]["reason"]
    states = {number["text"]: number["state"] for number in verdicts["H1"]["numbers"]}
    assert [text for text, state in states.items() if state == "not tested"] == [
        "sepia index of l1,alpha=0.5 <= 0.15",
        "0.377 <= sepia index of l2,alpha=0.5 <= 0.577",
    ]
    check_hints(tmp_path / "sepia_quick" / "l1_lines" / "seed-0")
    check_pix2pix(tmp_path / "sepia_quick" / "pix2pix" / "seed-0")


def scored(run: Path) -> dict[int, dict[str, float]]:
    """Number of hints -> metrics on the test pictures."""
    rows = json.loads((run / "test.json").read_text())["hints"]
    return {int(count): row["metrics"] for count, row in rows.items()}


def check_hints(run: Path) -> None:
    """Hints cure the sepia, it returns without them, and wrong ones harm."""
    curve = scored(run)
    assert list(curve) == [0, 1, 2, 3]
    assert curve[3]["sepia_index"] <= 0.12
    assert curve[0]["sepia_index"] >= 0.80  # withdrawal
    for fewer, more in pairwise(curve.values()):
        assert more["mae"] < fewer["mae"] - 0.02
    for count in (1, 2, 3):
        assert curve[count]["placebo/mae"] > curve[0]["mae"]
        assert curve[count]["adherence"] < 5
        assert curve[count]["leakage"] < 3 < 20 < curve[count]["response"]
        assert curve[count]["fill"] > 0.95
    assert curve[1]["unhinted/sepia_index"] > 0.5 > 0.15 > curve[1]["hinted/sepia_index"]


def check_pix2pix(run: Path) -> None:
    """Sepia index at least .20 below the least of an L1 network that is sepia, for hair and for background."""
    (metrics,) = scored(run).values()
    for name in ("sepia_index/hair", "sepia_index/background", "sepia_index_px/hair", "sepia_index_px/background"):
        assert metrics[name] <= 0.80 - 0.20, name
    assert metrics["palette_entropy"] > 1.0  # it has not collapsed to a colour or two
