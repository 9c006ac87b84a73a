"""From the brush to the picture: how long a person waits, measured in the browser.

Run:  python scripts/paint_latency.py [RUNS] [--run NAME] [--size 512 | --size 3000x4000] [--strokes 24]

Serves a folder of runs, or one network of the quickstart's shape, which takes exactly as long untrained, opens the
paint page in Chromium, paints strokes on a drawing and prints the page's own measures: from the oldest pointer event
that a picture is the first to answer, to the end of the frame in which it was shown; before that, how long it took from
the choice of the file until its first colours were shown. A size of two sides is a character on a page of that size.
"""

import argparse
import io
import json
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from playwright.sync_api import FilePayload, Page, sync_playwright
from screenshots import QUIET, served

from gan.config import Experiment, Hints, to_dict
from gan.training import checkpoint
from gan.training.state import create_state
from gan.web.paths import STATIC

CHARACTER = STATIC / "paint" / "characters" / "1.png"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="?", help="a folder of runs (a network that was never trained)")
    parser.add_argument("--run", help="the run to paint with, a path below RUNS (the one that the page chooses)")
    parser.add_argument("--size", type=sides, default=(512, 512), metavar="W[xH]", help="of the drawing, pixels (512)")
    parser.add_argument("--strokes", type=int, default=24, help="strokes to paint (24)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runs = options.runs or untrained(Path(folder))
        with served(runs) as address, sync_playwright() as playwright:
            path = os.environ.get("CHROMIUM") or shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{address}/paint" + (f"?run={options.run}" if options.run else ""))
            opened = load(page, *options.size)
            taken = [stroke(page, number) for number in range(options.strokes + 1)][1:]  # the first warms up
            version = browser.version
            browser.close()
    print(f"file chosen, first colours {opened:23.2f} s")
    taken = [pictures for pictures in taken if pictures]
    report([pictures[-1] for pictures in taken], "pointer up, last picture of a stroke")
    report([picture for pictures in taken for picture in pictures], "all pictures while painting")
    print(
        f"{'x'.join(map(str, options.size))} px, {options.strokes} strokes, {os.cpu_count()} cores, Chromium {version}"
    )
    return 0


def untrained(folder: Path) -> Path:
    """A run of the quickstart's size: 64 px, width 16, with hints."""
    experiment = Experiment(name="untrained", hints=Hints(kind="regions"))
    run = folder / "untrained" / "seed-0"
    checkpoint.save(run / "checkpoints" / "last.pt", create_state(experiment, torch.device("cpu")), experiment, None)
    (run / "config.json").write_text(json.dumps(to_dict(experiment)))
    (run / "environment.json").write_text("{}")
    return folder


def sides(words: str) -> tuple[int, int]:
    """Width and height, which are one where one is given."""
    width, _, height = words.partition("x")
    return int(width), int(height or width)


def load(page: Page, width: int, height: int) -> float:
    """Put a character on a page of that size, and wait for its colours; returns the seconds that they took."""
    file = io.BytesIO()
    side = min(width, height)
    paper = Image.new("L", (width, height), 255)
    character = Image.open(CHARACTER).convert("L").resize((side, side), Image.Resampling.BICUBIC)
    paper.paste(character, ((width - side) // 2, (height - side) // 2))
    paper.save(file, "PNG")
    drawing: FilePayload = {"name": "drawing.png", "mimeType": "image/png", "buffer": file.getvalue()}
    page.locator("#palette button").first.wait_for(timeout=120_000)  # PyTorch is loaded
    began = time.perf_counter()
    page.locator("#file").set_input_files(drawing)
    page.locator(".box[data-run]").first.wait_for()
    return time.perf_counter() - began


def stroke(page: Page, number: int) -> list[dict[str, float]]:
    """Paint a stroke; of every picture that it brought, the milliseconds that it took, and its parts in the server."""
    page.evaluate("performance.clearMeasures()")
    box = page.locator("[data-side=a]").bounding_box()
    assert box is not None
    rng = np.random.default_rng(number)
    page.locator("#palette button").nth(number % 12).click()
    for index, (x, y) in enumerate(np.cumsum(rng.uniform(-0.12, 0.12, (6, 2)), axis=0) + 0.5):
        page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y, steps=5)
        if index == 0:
            page.mouse.down()
    page.mouse.up()
    page.wait_for_timeout(700)
    measures = page.evaluate("performance.getEntriesByType('measure').map((one) => [one.duration, one.detail.timing])")
    parts = re.compile(r"(\w+);dur=([\d.]+)")
    return [
        {"total": total} | {name: float(value) for name, value in parts.findall(words)} for total, words in measures
    ]


def report(pictures: list[dict[str, float]], title: str) -> None:
    """Median and 95th percentile, and the medians of the parts in the server."""
    median, high = np.percentile([picture["total"] for picture in pictures], [50, 95])
    server = ", ".join(
        f"{name} {np.median([picture[name] for picture in pictures]):.0f}" for name in pictures[0] if name != "total"
    )
    print(f"{title:38} {len(pictures):4} pictures  median {median:4.0f} ms  95 % {high:4.0f} ms  (server: {server})")


if __name__ == "__main__":
    raise SystemExit(main())
