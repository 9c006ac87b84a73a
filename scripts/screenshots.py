"""The README's pictures of the two pages, from runs that are there.

Run:  python scripts/screenshots.py RUNS [--review RUN ...] [--from HEADING] [--paint RUN [RUN]] [--drawing LINE.png]

Serves the folder RUNS, drives Chromium and writes docs/review.webp and docs/paint.webp, together below 400 KB.
Names of runs are paths below RUNS, such as sepia/l1_hints/seed-3; without them the pages choose. Strokes suit the
drawing that is the default; for another one, --strokes gives a JSON list of {"color": "#rrggbb", "points": [[x, y],
...]} in shares of its width and height.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from gan.web.paths import STATIC

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
MOST_BYTES = 400_000
REVIEW, PAINT = (1280, 1180), (1280, 740)
DRAWING = STATIC / "paint" / "characters" / "1.png"
HAIR, SKIN, GROUND = "#3b6fd4", "#e0ac86", "#f0d27a"
STROKES: list[dict[str, Any]] = [
    {"color": HAIR, "points": [[0.15, 0.2], [0.24, 0.17]]},
    {"color": HAIR, "points": [[0.4, 0.27], [0.52, 0.22], [0.64, 0.3]]},
    {"color": HAIR, "points": [[0.84, 0.16], [0.92, 0.2]]},
    {"color": SKIN, "points": [[0.42, 0.62], [0.55, 0.7]]},
    {"color": SKIN, "points": [[0.77, 0.57]]},
    {"color": GROUND, "points": [[0.1, 0.5], [0.14, 0.8], [0.5, 0.93], [0.85, 0.85], [0.92, 0.5]]},
]


def main() -> int:
    """Write both pictures and say how large they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, metavar="RUNS", help="a folder of runs")
    parser.add_argument("--review", nargs="+", default=[], metavar="RUN", help="runs on the review page")
    parser.add_argument("--from", dest="heading", metavar="HEADING", help="heading at which the review picture begins")
    parser.add_argument(
        "--paint", nargs="+", default=[], metavar="RUN", help="on the paint page: two runs, or one and the flat fill"
    )
    parser.add_argument("--drawing", type=Path, default=DRAWING, metavar="LINE.png", help="what is painted on")
    parser.add_argument("--strokes", type=Path, metavar="STROKES.json", help="strokes for another drawing")
    parser.add_argument("--out", type=Path, default=Path("docs"), metavar="DIR", help="where the pictures go (docs)")
    options = parser.parse_args()
    strokes = json.loads(options.strokes.read_text("utf-8")) if options.strokes else STROKES
    with served(options.runs) as address, sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        shots = {
            "review": review(browser, address, options.review, options.heading),
            "paint": paint(browser, address, options.paint, options.drawing, strokes),
        }
        browser.close()
    for name, content in fitting(shots).items():
        (options.out / f"{name}.webp").write_bytes(content)
        print(f"{options.out / name}.webp  {len(content) / 1000:.0f} KB")
    return 0


@contextmanager
def served(runs: Path) -> Iterator[str]:
    """`gan serve` in a process of its own, at its address."""
    command = [sys.executable, "-m", "gan", "serve", str(runs), "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip().rstrip("/")
    finally:
        server.terminate()
        server.wait()


def opened(browser: Browser, address: str, size: tuple[int, int]) -> Page:
    """A page of that size."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme="light")
    page.goto(address)
    return page


def review(browser: Browser, address: str, runs: Sequence[str], heading: str | None) -> bytes:
    """The review page with its grids, from the top or from a heading on."""
    page = opened(browser, f"{address}/#{urlencode({'run': runs}, doseq=True)}" if runs else address, REVIEW)
    page.locator("main canvas, main img").first.wait_for()
    page.wait_for_load_state("networkidle")
    if heading:
        page.get_by_role("heading", name=heading).first.evaluate("one => one.scrollIntoView({ block: 'start' })")
    page.wait_for_timeout(1000)  # pictures are decoded
    return page.screenshot()


def paint(browser: Browser, address: str, runs: Sequence[str], drawing: Path, strokes: list[dict[str, Any]]) -> bytes:
    """The paint page with strokes on a drawing: two runs side by side, or one beside the flat fill."""
    query = dict(zip(("run", "with"), runs, strict=False)) | {"view": "flat" if len(runs) == 1 else "beside"}
    page = opened(browser, f"{address}/paint?{urlencode(query)}", PAINT)
    page.locator("#palette button").first.wait_for(timeout=120_000)  # PyTorch is loaded
    page.locator("#file").set_input_files(drawing)
    page.locator(".box[data-run]").first.wait_for()
    for stroke in strokes:
        page.locator("#code").fill(stroke["color"])
        page.locator("#code").press("Enter")
        brush(page, stroke["points"])
    page.mouse.move(PAINT[0] - 5, PAINT[1] - 5)
    page.wait_for_timeout(2000)  # the last pictures are there
    return page.screenshot()


def brush(page: Page, points: Sequence[Sequence[float]]) -> None:
    """One stroke, in shares of the picture."""
    box = page.locator("[data-side=a]").bounding_box()
    assert box is not None
    for number, (x, y) in enumerate(points):
        page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y, steps=8)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def fitting(shots: dict[str, bytes]) -> dict[str, bytes]:
    """PNG screenshots as WebP, as good as fits."""
    for quality in range(92, 40, -4):
        files = {}
        for name, content in shots.items():
            file = BytesIO()
            Image.open(BytesIO(content)).convert("RGB").save(file, "WEBP", quality=quality, method=6)
            files[name] = file.getvalue()
        if sum(map(len, files.values())) < MOST_BYTES:
            return files
    raise SystemExit(f"screenshots: {MOST_BYTES} bytes are too few")


if __name__ == "__main__":
    raise SystemExit(main())
