"""Folders of runs as training leaves them, without the training: drawn characters, plausible curves, a study.

What is drawn has the names of what is real: those of losses come from a training step, those of evaluations from the
log of a run that was recorded. A page that knows other names finds nothing here.
"""

import json
import math
import os
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw

from gan.config import Adversarial, Data, Discriminator, Evaluation, Experiment, Generator, Hints, to_dict
from gan.data.batch import Batch
from gan.evaluation.pictures import Kept
from gan.grid import COLUMNS, DRAW_COLUMNS, HEADING, PADDING
from gan.runs.folder import RunFolder
from gan.training.state import create_state
from gan.training.step import train_step

CELL = 128
HAIR = ("#c93305", "#2c1b18", "#b58143", "#4a312c", "#6a4e35", "#e8e1e1", "#3eac2c")
GROUND = ("#b6e3f4", "#c0aede", "#d1d4f9", "#ffd5dc", "#ffdfbf", "#8fd3a8", "#f2b84b")
SKIN = ("#f2d3b1", "#ecad80", "#9e5622", "#763900")
SEPIA = (("#8a6a4a", "#c8b8a4", "#dcae84"),) * 8
START = 1_795_000_000.0


def colors(number: int, salt: int = 0) -> tuple[str, str, str]:
    """Hair, ground and skin of a character."""
    dice = random.Random(number * 7919 + salt)
    return dice.choice(HAIR), dice.choice(GROUND), dice.choice(SKIN)


def character(number: int, fills: tuple[str, str, str] | None) -> Image.Image:
    """One drawing of 128 px: line art, or filled."""
    hair, ground, skin = fills or ("white", "white", "white")
    dice = random.Random(number)
    picture = Image.new("RGB", (CELL, CELL), ground)
    draw = ImageDraw.Draw(picture)
    wide = dice.randint(28, 36)
    draw.ellipse((64 - wide - 10, 18, 64 + wide + 10, 104 + dice.randint(0, 20)), hair, "black", 3)
    draw.ellipse((64 - wide, 36, 64 + wide, 110), skin, "black", 3)
    draw.pieslice((64 - wide - 4, 20, 64 + wide + 4, 84), 180, 360, hair, "black", 3)
    for x in (50, 78):
        draw.ellipse((x - 3, 68, x + 3, 76), "black")
    draw.arc((54, 82, 74, 96), 20, 160, "black", 3)
    return picture


def blended(before: Image.Image, after: Image.Image, share: float) -> Image.Image:
    """From one picture to the other."""
    return Image.blend(before, after, min(1.0, max(0.0, share)))


def grid(arm: str, share: float, rows: int = 8, seed: int = 0, hinted: bool = False) -> Image.Image:
    """A sample grid as `gan.grid` lays it out, at a share of the training."""
    pitch = CELL + PADDING
    size = len(COLUMNS) * pitch + PADDING, HEADING + rows * pitch + PADDING
    sheet = Image.new("RGB", size, "white")
    for row in range(rows):
        line, truth = character(row, None), character(row, colors(row))
        goal = character(row, SEPIA[row] if arm.startswith("l1") and not hinted else colors(row, seed + 5))
        hint = Image.blend(line, Image.new("RGB", line.size, "white"), 0.7)
        if hinted:
            goal = truth
            for index, (x, y) in enumerate(((64, 28), (12, 12), (64, 60))):
                ImageDraw.Draw(hint).ellipse((x - 6, y - 6, x + 6, y + 6), colors(row)[index])
        fake = blended(Image.new("RGB", line.size, "#9a9088"), goal, 0.2 + share)
        for column, cell in enumerate((line, hint, fake, truth)):
            sheet.paste(cell, (PADDING + column * pitch, HEADING + PADDING + row * pitch))
    return sheet


def experiment(arm: str, seed: int, steps: int) -> Experiment:
    """The configuration of an arm."""
    return Experiment(
        name=arm.split(",")[0],
        seed=seed,
        steps=steps,
        data=Data(alpha=0.5 if "alpha=0.5" in arm else 1.0),
        hints=Hints(kind="regions") if "hints" in arm else Hints(),
        adversarial=Adversarial(game="vanilla" if "pix2pix" in arm else "none"),
        evaluation=Evaluation(every=steps // 10),
    )


def final(arm: str, seed: int, share: float = 1.0) -> dict[str, float]:
    """Metrics at a share of the training."""
    dice = random.Random(f"{arm}{seed}")
    sepia = 0.98 if arm.startswith("l1") and "hints" not in arm else 0.25
    sepia = 0.99 + (sepia - 0.99) * share + dice.uniform(-0.01, 0.01)
    error = (0.18 if "pix2pix" not in arm else 0.23) + 0.1 * math.exp(-4 * share) + dice.uniform(-0.003, 0.003)
    values = {
        "mae": error,
        "psnr": 22 - 45 * error,
        "ssim": 0.75 - 0.8 * (error - 0.17),
        "lpips": 0.3 + 0.4 * math.exp(-3 * share) + dice.uniform(-0.01, 0.01),
        "ciede2000": 60 * error,
        "sepia_index": sepia,
        "sepia_index_px": sepia * 0.97,
        "chroma_ratio": 1.05 - 0.7 * sepia,
        "ab_std": 20 * (1 - sepia) + 1,
        "sepia_index/hair": sepia - 0.01,
        "sepia_index/background": sepia + 0.01,
    }
    unknown = {f"val/{name}" for name in values} - recorded_names()
    assert not unknown, f"no evaluation writes {unknown}"
    return {name: round(value, 6) for name, value in values.items()}


@cache
def recorded_names() -> frozenset[str]:
    """The names in the log of a real run."""
    log = Path(__file__).parents[1] / "fixtures" / "run_971df36" / "seed-0" / "metrics.jsonl"
    return frozenset(name for line in log.read_text("utf-8").splitlines() for name in json.loads(line))


@cache
def step_names(game: str) -> tuple[str, ...]:
    """The names of what a real training step measures."""
    networks = {"generator": Generator(width=4), "discriminator": Discriminator(width=4, layers=1)}
    experiment = Experiment(data=Data(size=32), adversarial=Adversarial(game=game), **networks)
    line, hint, color = (torch.zeros(2, channels, 32, 32) for channels in (1, 4, 3))
    return tuple(train_step(create_state(experiment, torch.device("cpu")), Batch(line, hint, color, None), experiment))


SHAPES: dict[str, Callable[[float], float]] = {
    "G/reconstruction": lambda share: 0.17 + 0.25 * math.exp(-6 * share),
    "G/g_loss": lambda share: 0.9 + 0.4 * share,
    "D/d_loss": lambda share: 0.65 - 0.25 * share,
    "D/real_logits": lambda share: 0.4 * share,
    "D/fake_logits": lambda share: -0.6 * share,
    "D/real_accuracy": lambda share: 0.5 + 0.3 * share,
    "D/fake_accuracy": lambda share: 0.5 + 0.4 * share,
    "D/grad_norm": lambda share: 2.0 - share,
    "G/grad_norm": lambda share: 5.0 - share,
}
"""Of the curve of each loss, over the share of the training."""


def row(arm: str, seed: int, step: int, steps: int) -> dict[str, float]:
    """A line of metrics.jsonl."""
    dice = random.Random(f"{arm}{seed}{step}")
    share = step / steps
    values = {"step": step, "time": round(START + seed * 60 + step * 0.21, 3)}
    for name in step_names("vanilla" if "pix2pix" in arm else "none"):
        values[name] = SHAPES[name](share) + dice.gauss(0, 0.006)
    values["train/lr"] = 0.002 * min(1.0, 2 - 2 * share)
    values["train/steps_per_second"] = 4.7 + dice.gauss(0, 0.1)
    if step % (steps // 10) == 0:
        values |= {f"val/{name}": value for name, value in final(arm, seed, share).items()}
    return values


def write_run(
    folder: Path, arm: str, seed: int, *, steps: int = 1200, done: int | None = None, every: int = 10, rows: int = 8
) -> Path:
    """A run, trained as far as `done`, logged every so many steps; returns its folder."""
    done = steps if done is None else done
    for name in ("samples", "checkpoints"):
        (folder / name).mkdir(parents=True)
    write_json(folder / "config.json", to_dict(experiment(arm, seed, steps)))
    start = {"gan": "0.1.0", "device": "cpu", "device_name": "x86_64", "packages": {"torch": "2.11.0"}}
    start["git"] = {"commit": "0123456789abcdef", "dirty": False}
    write_json(folder / "environment.json", {"run_id": "ab12cd34", "starts": [start]})
    write_json(folder / "data.json", {"characters": {"train": 245, "val": 35, "test": 70}})
    lines = [json.dumps(row(arm, seed, step, steps)) for step in range(every, done + 1, every)]
    (folder / "metrics.jsonl").write_text("".join(line + "\n" for line in lines))
    for step in range(steps // 10, done + 1, steps // 10):
        draw_grid(folder, arm, seed, step, steps, rows)
    if done == steps:
        write_json(folder / "test.json", test_json(arm, seed, steps))
        if "hints" in arm:
            write_json(folder / "hints-test.json", hint_curve(arm, seed))
    return folder


def draw_grid(folder: Path, arm: str, seed: int, step: int, steps: int, rows: int = 8) -> None:
    """The grids of one evaluation."""
    picture = grid(arm, step / steps, rows, seed, "hints" in arm)
    for suffix in ("", "-train"):
        picture.save(folder / "samples" / f"{step:06d}{suffix}.png")


def draw_draws(folder: Path, step: int, rows: int = 2) -> None:
    """The draws of one evaluation of a sampler: every drawing in eight colours, paler at early steps."""
    pitch = CELL + PADDING
    sheet = Image.new("RGB", (len(DRAW_COLUMNS) * pitch + PADDING, HEADING + rows * pitch + PADDING), "white")
    for row in range(rows):
        for column in range(len(DRAW_COLUMNS)):
            cell = character(row, colors(row, column) if column else None)
            cell = blended(Image.new("RGB", cell.size, "white"), cell, step / 100)
            sheet.paste(cell, (PADDING + column * pitch, HEADING + PADDING + row * pitch))
    sheet.save(folder / "samples" / f"{step:06d}-draws.png")


class Numbered:
    """So many pictures that are called p0, p1, ..."""

    def __init__(self, count: int) -> None:
        self.pictures, self.indices = self, range(count)

    def __len__(self) -> int:
        return len(self.indices)

    def key(self, index: int) -> str:
        return f"p{index}"


def write_kept(
    run: Path, answers: torch.Tensor, truths: torch.Tensor, metrics: dict[str, Any], split: str = "val", count: int = 0
) -> None:
    """Pictures that were kept one by one, (N, 3, H, W) in [-1, 1], by the code that keeps them."""
    kept = Kept(Numbered(len(answers)), count)  # type: ignore[arg-type]
    line, hint = torch.ones_like(answers[:, :1]), torch.zeros(len(answers), 4, *answers.shape[2:])
    kept.update(Batch(line, hint, truths, None), answers)
    kept.metrics = metrics
    kept.save(RunFolder(run), split, split=split, step=100)


def noisy(folder: Path) -> None:
    """Put noise on a run's validation grids and draws, so that they do not become small."""
    rng = np.random.default_rng(0)
    for path in sorted((folder / "samples").glob("*[0s].png")):
        grid = np.asarray(Image.open(path)).astype(float)
        Image.fromarray((grid + rng.normal(0, 10, grid.shape)).clip(0, 255).astype(np.uint8)).save(path)


def hint_curve(arm: str, seed: int) -> dict[str, Any]:
    """hints-test.json."""
    curve, closed = {}, {}
    for count in range(4):
        left = (3 - count) / 3
        curve[str(count)] = final(arm, seed) | {"sepia_index": 0.09 + 0.84 * left, "mae": 0.03 + 0.15 * left}
        if count:
            curve[str(count)] |= {"adherence": 3.1 - 0.2 * count, "placebo/mae": 0.19 + 0.03 * count}
            curve[str(count)] |= {"fill": 0.99 - 0.01 * count}
        closed[str(count)] = {"median": {"sepia_index": left, "mae": 0.174 * left}}
        if count:
            closed[str(count)]["watershed"] = {"mae": 0.22 * left + 0.02, "fill": 0.96 - 0.01 * count}
    return {"title": f"{arm}, step 1200, 210 test pictures", "hints": curve, "closed_forms": closed}


def test_json(arm: str, seed: int, steps: int) -> dict[str, Any]:
    """What `gan evaluate --json` prints."""
    metrics = final(arm, seed)
    median = metrics | {"mae": 0.174, "sepia_index": 1.0, "sepia_index_px": 1.0, "chroma_ratio": 0.37, "ab_std": 0.0}
    sampler = metrics | {"mae": 0.232, "sepia_index": 0.02, "sepia_index_px": 0.01, "chroma_ratio": 1.0, "ab_std": 0.0}
    forms = {"median": median, "mean": median | {"mae": 0.181}, "sampler": sampler}
    by_count = {"0": {"metrics": metrics, "closed_forms": forms}}
    if "hints" in arm:
        forms_of_all = forms | {"watershed": {"mae": 0.023, "sepia_index": 0.044, "fill": 0.955}}
        by_count["3"] = {"metrics": metrics | {"mae": 0.004, "fill": 0.993}, "closed_forms": forms_of_all}
    return {
        "run": arm,
        "step": steps,
        "split": "test",
        "pictures": 210,
        "checkpoint": "last",
        "weights": "raw",
        "metrics": metrics,
        "closed_forms": forms,
        "hints": by_count,
    }


test_json.__test__ = False  # type: ignore[attr-defined]  # a file's name, and no test


def write_json(path: Path, values: Any) -> None:
    """As the run folder is written."""
    path.write_text(json.dumps(values, indent=2) + "\n")


ARMS = ("l1", "l1,alpha=0.5", "l1_hints", "pix2pix")


def write_study(folder: Path, seeds: tuple[int, ...] = (3, 4, 5), arms: tuple[str, ...] = ARMS, **options: Any) -> Path:
    """A study of some arms over some seeds, with its verdicts."""
    for arm in arms:
        for seed in seeds:
            write_run(folder / arm / f"seed-{seed}", arm, seed, **options)
    cells = [cell_json(arm, seeds) for arm in arms]
    write_json(
        folder / "study.json",
        {
            "format": 1,
            "name": folder.name,
            "question": "Is the sepia of an L1 network caused by the ambiguity of line art?",
            "seeds": list(seeds),
            "confidence": 0.95,
            "verdicts": [verdict_json(*words, seeds) for words in VERDICTS],
            "cells": cells,
            "differences": [interval(0.731, seeds) | {"text": "l1 - pix2pix: sepia index"}],
            "missing": [],
        },
    )
    return folder


VERDICTS = (
    ("H1", "Ambiguous line art makes an L1 network sepia", "supported", "l1: sepia index >= 0.8", 0.98, "right"),
    ("H2", "Colour hints cure the sepia", "refuted", "l1_hints: sepia index <= 0.2", 0.25, "wrong"),
    ("H3", "An adversarial loss brings colour back", "inconclusive", "pix2pix: chroma ratio >= 0.9", 0.88, "open"),
)


def verdict_json(
    name: str, claim: str, verdict: str, text: str, mean: float, state: str, seeds: tuple[int, ...]
) -> dict[str, Any]:
    """One verdict, with one number."""
    number = interval(mean, seeds) | {"text": text, "state": state}
    reason = "Every seed lies on the same side of the threshold." if state != "open" else "The interval holds 0.9."
    return {"name": name, "claim": claim, "verdict": verdict, "reason": reason, "numbers": [number]}


def interval(mean: float, seeds: tuple[int, ...]) -> dict[str, Any]:
    """A mean with every seed."""
    values = {str(seed): round(mean + 0.01 * (index - 1), 4) for index, seed in enumerate(seeds)}
    return {"values": values, "mean": mean, "low": round(mean - 0.02, 4), "high": round(mean + 0.02, 4)}


def cell_json(arm: str, seeds: tuple[int, ...]) -> dict[str, Any]:
    """A cell of the study's table."""
    names = ("mae", "lpips", "sepia_index", "chroma_ratio")
    measured = {name: interval(final(arm, seeds[0])[name], seeds) | {"closed": None} for name in names}
    measured["sepia_index"]["closed"] = 1.0
    differences = {"data.alpha": 0.5} if "alpha" in arm else {}
    return {
        "name": arm,
        "arm": arm.split(",")[0],
        "differences": differences,
        "seeds": list(seeds),
        "hints": {"0": measured},
    }


def write_long(folder: Path, lines: int) -> Path:
    """A run whose metrics.jsonl has so many lines, with one spike."""
    write_run(folder, "pix2pix", 0, steps=lines, done=0)
    names = step_names("vanilla")
    noise = np.random.default_rng(0).normal(0, 0.02, (lines, len(names)))
    noise[lines // 2 + 1, names.index("G/reconstruction")] = 9
    with (folder / "metrics.jsonl").open("w") as file:
        for step, values in enumerate((noise + 0.3).round(6).tolist(), start=1):
            logged = {"step": step, "time": round(START + step * 0.2, 3), **dict(zip(names, values, strict=True))}
            file.write(json.dumps(logged | {"train/lr": 0.002, "train/steps_per_second": 4.7}) + "\n")
    os.utime(folder / "metrics.jsonl")
    return folder
