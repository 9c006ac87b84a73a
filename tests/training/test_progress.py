"""What a person sees of a training run: in a real terminal, of any width, and at its end."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from gan.metrics.catalog import CURVES
from gan.runs.folder import RunFolder
from gan.runs.weights import read
from gan.training import progress
from tests.support.terminals import CONTROL, in_terminal

PIX2PIX_WITH_HINTS = """
from gan.config import Adversarial, Data, Discriminator, Evaluation, Experiment, Generator, Hints, Logging
experiment = Experiment(
    name="small",
    steps=6,
    batch_size=4,
    data=Data(size=32, characters=350),
    hints=Hints(kind="regions"),
    generator=Generator(width=8),
    discriminator=Discriminator(width=8, layers=1),
    adversarial=Adversarial(game="vanilla"),
    evaluation=Evaluation(pictures=10, grid=2, every=3),
    logging=Logging(every=1),
)
"""
BAR = re.compile(r"[━╸╺]+ *(\d+)/(\d+) +(?:-|[\d.]+) steps/s (?:-|\d+):[\d-]{2}:[\d-]{2} *")


@pytest.mark.slow
def test_a_run_in_a_terminal_of_80_columns(tmp_path: Path) -> None:
    (tmp_path / "small.py").write_text(PIX2PIX_WITH_HINTS)
    status, lines = in_terminal(["train", "small.py"], tmp_path, 80)
    assert status == 0, lines
    losses = [index for index, line in enumerate(lines) if line.startswith("d_loss ")]
    assert len(losses) > 3
    for index in losses:  # of every redrawing: what is above the first line of losses is the bar
        assert BAR.fullmatch(lines[index - 1]), lines[index - 1]
    bars = [bar for line in lines if (bar := BAR.fullmatch(line))]
    assert (bars[0][1], bars[-1][1], bars[-1][2]) == ("0", "6", "6")
    frame = lines[losses[-1] :]
    assert max(map(len, frame[:4])) <= 80
    assert re.fullmatch(r"d_loss [\d.]+  real_logits \S+  fake_logits \S+  reconstruction [\d.]+ *", frame[0])
    assert re.fullmatch(r"g_loss [\d.]+ *", frame[1])
    assert re.fullmatch(r"sepia_index [\d.]+  mae [\d.]+  lpips [\d.]+ *", frame[2])
    assert re.fullmatch(r"with 3 hints: sepia_index [\d.]+  mae [\d.]+  lpips [\d.]+ *", frame[3])
    run = Path("runs/small/seed-0")
    assert frame[4] == str(run)
    assert re.fullmatch(rf"{run}: done in \d+ seconds", frame[5])
    assert re.fullmatch(rf"best: val_hints/3/lpips [\d.]+ at step [36], in {run / 'checkpoints' / 'best.pt'}", frame[6])
    commands = [line.strip().partition("  #")[0] for line in frame[8:]]
    assert commands == [f"gan evaluate {run} --hints 0 1 2 3", f"gan colorize {run} DRAWING.png", "gan serve runs"]


@pytest.mark.parametrize("width", [50, 80, 100, 200])
def test_the_bar_is_whole_beside_every_loss_that_there_is(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=width, height=30, _environ={})
    monkeypatch.setattr(progress, "console", console)
    with progress.display(99_000, 100_000) as shown:
        shown.step(99_500)
        shown.losses(dict.fromkeys(CURVES, -1.25))
        metrics = {f"{prefix}{name}": 0.125 for prefix in ("val/", "val_hints/3/") for name in progress.SHOWN}
        shown.evaluated(99_500, metrics)
    frame = re.split(r"[\r\n]+", CONTROL.sub("", written.getvalue()).rstrip())
    last = max(index for index, line in enumerate(frame) if "steps/s" in line)
    assert (bar := BAR.fullmatch(frame[last]))
    assert bar.groups() == ("99500", "100000")
    numbers = [line.rstrip() for line in frame[last + 1 :]]
    assert max(map(len, numbers)) <= width
    text = "  ".join(numbers)
    for label in progress.LOSSES.values():
        assert f"{label} -1.250" in text  # a name and its value on one line
    assert text.count("mae 0.125") == 2


def test_the_best_step_is_that_of_the_checkpoint() -> None:
    """By LPIPS with the most hints, as the run of an earlier commit chose it."""
    run = RunFolder(Path(__file__).parents[1] / "fixtures" / "run_971df36" / "seed-0")
    best = read(run.best)["best"]
    assert list(progress.ending(run, 150.0))[:2] == [
        f"{run.path}: done in 2.5 minutes",
        f"best: val_hints/3/lpips {best['value']:.3f} at step {best['step']}, in {run.best}",
    ]
