"""Why a run gives no result, and the end of its log; and how long one that trains will take."""

import json
import os
import time
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from gan.runs import found
from gan.web.library import LOG_END
from gan.web.review.ending import UNSAID, plain
from tests.support.fake_runs import row, write_json, write_run, write_study
from tests.web.conftest import OpenPage, Serve
from tests.web.review.test_page import TALL, at_steps

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

LONG_AGO = time.time() - 3 * 24 * 3600


def stopped(folder: Path, arm: str, seed: int = 0) -> Path:
    run = write_run(folder, arm, seed, steps=100, done=50, rows=1)
    os.utime(run / "metrics.jsonl", (LONG_AGO, LONG_AGO))
    return run


def test_the_reason_is_the_last_line_of_the_newer_log(serve: Serve, tmp_path: Path) -> None:
    study = write_study(tmp_path / "sepia", seeds=(3,), arms=("l1",), steps=100, rows=1)
    run = stopped(study / "pix2pix" / "seed-3", "pix2pix", 3)
    (run / "train.log").write_text("2026-11-30 02:42:36 INFO begun\n2026-11-30 02:43:00 ERROR loss is nan at step 50\n")
    with httpx.Client(base_url=serve(tmp_path)) as client:

        def ending(name: str) -> dict[str, str]:
            values: dict[str, str] = client.get("/api/ending", params={"run": name}).json()
            return values

        own = ending("sepia/pix2pix/seed-3")
        assert own == {
            "reason": "loss is nan at step 50",
            "log": "sepia/pix2pix/seed-3/train.log",
            "text": (run / "train.log").read_text().strip(),
        }
        (study / "logs").mkdir()
        log = study / "logs" / "pix2pix-seed-3.log"
        log.write_text("x" * 2 * LOG_END + "\nstep 1\rstep 2\r\n\x1b[31mgan: no room\x1b[0m\x00\u202e\n")
        os.utime(run / "train.log", (LONG_AGO, LONG_AGO))
        of_study = ending("sepia/pix2pix/seed-3")
        assert (of_study["reason"], of_study["log"]) == ("no room", "sepia/logs/pix2pix-seed-3.log")
        first, *rest = of_study["text"].splitlines()
        assert rest == ["step 2", "gan: no room"]
        assert set(first) == {"x"}
        assert LOG_END - 100 < len(first) < LOG_END
        assert ending("sepia/l1/seed-3")["reason"] == ""  # it is done
        assert client.get("/api/ending", params={"run": "sepia"}).status_code == 404
        log.unlink()
        (run / "train.log").unlink()
        assert ending("sepia/pix2pix/seed-3") == {"reason": UNSAID, "log": "", "text": ""}
        (tmp_path.parent / "secret.log").write_text("secret")
        (run / "train.log").symlink_to(tmp_path.parent / "secret.log")
        assert "secret" not in str(ending("sepia/pix2pix/seed-3"))


def test_a_log_is_text_whatever_is_in_it() -> None:
    assert plain(b"\xff\xfe\n 10%\r 20%\r 30%\nend\r\n\n") == "\ufffd\ufffd\n 30%\nend"
    assert plain(b"") == ""


def test_the_badge_leads_there(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    run = stopped(tmp_path / "l1" / "seed-0", "l1")
    (run / "train.log").write_text("2026-11-30 02:43:00 ERROR <b>loss</b> is nan\n")
    dead = write_run(tmp_path / "l2" / "seed-0", "l2", 0, steps=100, rows=1)
    score = json.loads((dead / "test.json").read_text())
    write_json(dead / "test.json", score | {"broken": "its weights did not move"})
    write_run(tmp_path / "l2" / "seed-1", "l2", 1, steps=100, rows=1)
    page = open_page(serve(tmp_path), viewport=TALL)
    at_steps(page, "50")
    expect(page.locator(".badge")).to_have_text(["stopped", "broken 0"])
    page.locator(".badge", has_text="stopped").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("l1/seed-0")
    expect(dialog.locator(".ending-reason")).to_have_text("<b>loss</b> is nan")
    expect(dialog.locator("pre")).to_have_text("2026-11-30 02:43:00 ERROR <b>loss</b> is nan")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.locator(".badge", has_text="broken").click()
    expect(dialog.locator(".ending-reason")).to_have_text("its weights did not move")
    expect(dialog).to_contain_text("It has no log.")


def test_the_time_that_is_left(tmp_path: Path) -> None:
    run = write_run(tmp_path / "l1" / "seed-0", "l1", 0, steps=100, done=50, rows=1)
    now = time.time()
    line = row("l1", 0, 50, 100) | {"train/steps_per_second": 4.0}
    (run / "metrics.jsonl").write_text(json.dumps(line) + "\n")
    assert found.run_state(run, now).left == 12.5
    assert found.run_state(run, now + 24 * 3600).left is None  # it has stopped
    for rate in (0, -1, "x", None, 1e-320, [1]):
        (run / "metrics.jsonl").write_text(json.dumps(line | {"train/steps_per_second": rate}) + "\n")
        assert found.run_state(run, now).left is None, rate
    config = json.loads((run / "config.json").read_text())
    write_json(run / "config.json", config | {"steps": 10**400})
    (run / "metrics.jsonl").write_text(json.dumps(line) + "\n")
    assert found.run_state(run, now).left is None


def test_the_page_says_it(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    run = write_run(tmp_path / "l1" / "seed-0", "l1", 0, steps=10000, done=0, rows=1)
    line = row("l1", 0, 50, 10000) | {"train/steps_per_second": 2.0}
    (run / "metrics.jsonl").write_text(json.dumps(line) + "\n")
    page: Page = open_page(serve(tmp_path), viewport=TALL)
    expect(page.locator(".progress")).to_have_text("training, step 50 of 10,000, 83 min left")  # 4,975 s, as 5,000
