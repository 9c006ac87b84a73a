"""How quick the review page is: from opening it to the first grids and curves, and from the slider to every grid.

Run:  python scripts/review_latency.py RUNS [--run RUN ...] [--times N]

Serves the folder RUNS and drives Chromium, afresh each time: nothing is cached. Without --run the page chooses.
"""

import argparse
import os
import shutil
import statistics
import time
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright
from screenshots import QUIET, served

READY = """
const timer = setInterval(() => {
  const drawn = document.querySelector(".grid-panel canvas[data-step]");
  if (!drawn || !document.querySelector(".chart-panel canvas") || !document.querySelector(".seed")) return;
  window.readyAt = performance.now();
  clearInterval(timer);
}, 4);
"""
"""The list, the curves and the first grid are there."""
SLIDE = """async () => {
  const range = document.querySelector(".step-range");
  const inSight = () => [...document.querySelectorAll(".grid-panel canvas")].filter((canvas) => {
    const box = canvas.getBoundingClientRect();
    return canvas.dataset.step && box.bottom > 0 && box.top < innerHeight;
  });
  const times = [];
  const last = Number(range.max);
  for (const index of [...Array(last).keys(), last, 0, last, last >> 1, 0]) {
    const before = document.querySelector(".grids").dataset.step;
    const started = performance.now();
    range.value = index;
    range.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        const step = document.querySelector(".grids").dataset.step;
        if (step !== before && inSight().every((canvas) => canvas.dataset.step === step)) done();
        else if (performance.now() - started > 5000) done();
        else channel.port2.postMessage(0);
      };
      channel.port2.postMessage(0);
    });
    times.push(performance.now() - started);
    await new Promise((done) => setTimeout(done, 100));
  }
  return [times, inSight().length];
}"""
"""Milliseconds from each move of the slider to the last grid in sight that shows its step."""


def main() -> int:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, metavar="RUNS", help="a folder of runs")
    parser.add_argument("--run", nargs="+", default=[], metavar="RUN", help="runs to choose, such as l1/seed-0")
    parser.add_argument("--times", type=int, default=5, metavar="N", help="how often the page is opened (5)")
    options = parser.parse_args()
    with served(options.runs) as address, sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        page = f"{address}/#{urlencode([('run', run) for run in options.run])}" if options.run else address
        opened = [ready(browser, page) for _ in range(options.times)]
        moves, panels = slide(browser, page)
        browser.close()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"page ready: median {statistics.median(opened):.0f} ms of {sorted(round(each) for each in opened)}")
    late = sorted(moves)[int(0.95 * (len(moves) - 1))]
    print(f"slider, {panels} grids in sight: median {statistics.median(moves):.0f} ms, 95 % within {late:.0f} ms")
    return 0


def ready(browser: Browser, address: str) -> float:
    """Milliseconds from the request of the page to the first grids and curves."""
    page = _open(browser, address)
    found = _wait(page)
    page.context.close()
    return found


def slide(browser: Browser, address: str) -> tuple[list[float], int]:
    """Milliseconds of each move of the slider once the page has come to rest, and how many grids are in sight."""
    page = _open(browser, address)
    _wait(page)
    page.evaluate("document.querySelector('#grids').scrollIntoView()")
    page.wait_for_timeout(4000)
    times, panels = page.evaluate(SLIDE)
    page.context.close()
    return times[1:], panels  # the first move may be none


def _open(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.add_init_script(READY)
    page.goto(address, wait_until="commit")
    return page


def _wait(page: Page) -> float:
    for _ in range(200):
        if found := page.evaluate("window.readyAt || 0"):
            return float(found)
        time.sleep(0.1)
    raise SystemExit("the page showed no grid and no curve within 20 s")


if __name__ == "__main__":
    raise SystemExit(main())
