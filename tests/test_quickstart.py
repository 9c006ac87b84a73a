"""The quickstart's own part: both arms, the table, the gate and the grids; its real length is for the slow tests."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_it_trains_both_arms_and_prints_what_it_promises(tmp_path: Path) -> None:
    words = ["--out", str(tmp_path), "--steps", "2", "--data.size", "64", "--data.characters", "350"]
    words += ["--generator.width", "8", "--evaluation.pictures", "8"]
    command = [sys.executable, "scripts/quickstart.py", *words]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200)
    assert result.returncode == 0, result.stderr
    for word in ("MAE", "PSNR", "SSIM", "LPIPS", "sepia index", "chroma ratio", "L1 optimum", "l1", "pix2pix"):
        assert word in result.stdout, word
    assert "l1 is not at its closed form: " in result.stdout  # two steps are no training
    for arm in ("l1", "pix2pix"):
        grid = tmp_path / arm / "seed-0" / "samples" / "000002.png"
        assert str(grid) in result.stdout
        assert grid.exists()
