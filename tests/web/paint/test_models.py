"""Which runs can colour, and what of them is kept in memory."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from gan.config import Data
from gan.web.paint.models import Models, seen
from gan.web.refused import Refused
from tests.support.painters import BLIND, HINTED, save_run, three_runs


def test_runs_with_weights_are_found_and_others_are_not(tmp_path: Path) -> None:
    runs, elsewhere = tmp_path / "runs", tmp_path / "elsewhere"
    three_runs(runs / "study")
    three_runs(elsewhere)
    (runs / "begun").mkdir()
    for name in ("config", "environment"):
        (runs / "begun" / f"{name}.json").write_text("{}")
    (runs / ".hidden").symlink_to(runs / "study")
    (runs / "link").symlink_to(elsewhere)
    models = Models(runs)
    assert [model.name for model in models.find()] == [
        *("study/l1/seed-0", "study/l1_hints/seed-0", "study/pix2pix_hints/seed-1")
    ]
    assert [model.hinted for model in models.find()] == [False, True, True]


def test_a_run_itself_can_be_served(tmp_path: Path) -> None:
    save_run(HINTED, tmp_path / "seed-0")
    models = Models(tmp_path / "seed-0")
    assert [model.name for model in models.find()] == ["seed-0"]
    assert models.load(models.get("seed-0")).experiment == HINTED


def test_what_the_page_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = save_run(HINTED, tmp_path / "runs" / "l1_hints" / "seed-0")
    (run / "metrics.jsonl").write_text('{"step": 50, "time": 1}\n{"step": 100, "time": 2}\n{"step": 15')
    told = Models(tmp_path / "runs").find()[0].to_json()
    where = {"run": "l1_hints/seed-0", "folder": "runs/l1_hints/seed-0", "experiment": "l1_hints", "seed": 0}
    how = {"step": 100, "saved": 0, "hints": "regions", "dab": (5, 9), "source": "avatars", "shape": (64, 64)}
    net = {"exact": False, "game": "none", "loss": "l1", "width": 8, "noise": 0}
    assert told | {"saved": 0} == where | how | net | {"seen": "heads of one style, 1050 characters at 64 px"}
    save_run(BLIND, tmp_path / "runs" / "l1" / "seed-0")
    assert Models(tmp_path / "runs").find()[0].to_json()["dab"] is None


def test_what_a_network_has_seen_in_words() -> None:
    pairs = Data(source="pairs", root="/home/a/comics/", size=(96, 128))
    assert seen(pairs) == "the drawings of comics with their pictures, at 128x96 px"
    folder = Data(source="folder", root="flowers", line="xdog", size=128)
    assert seen(folder) == "the pictures of flowers, their lines drawn by xdog, at 128 px"


@pytest.mark.parametrize("config", ["", "[]", '{"steps": "many"}', '{"from": "the future"}', "\0"])
def test_a_run_that_cannot_be_read_breaks_nothing(tmp_path: Path, config: str) -> None:
    three_runs(tmp_path)
    (tmp_path / "l1" / "seed-0" / "config.json").write_text(config)
    assert len(Models(tmp_path).find()) == 2


@pytest.mark.parametrize(
    "name", ["", "..", "/etc", "l1_hints", "l1_hints/seed-0/..", "l1_hints/seed-0/", "a\0b", "x" * 9999]
)
def test_a_name_is_looked_up_and_never_made_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="there is no run") as refused:
        Models(three_runs(tmp_path)).get(name)
    assert refused.value.status == 404


def test_few_models_are_kept_and_new_weights_are_noticed(tmp_path: Path) -> None:
    models = Models(three_runs(tmp_path), most_loaded=2)
    found = {model.name: model for model in models.find()}
    hinted, rival, blind = found["l1_hints/seed-0"], found["pix2pix_hints/seed-1"], found["l1/seed-0"]
    first = models.load(hinted)
    assert models.load(hinted) is first
    models.load(rival)
    models.load(blind)
    again = models.load(hinted)
    assert again is not first  # it had to go
    save_run(replace(HINTED, seed=1), hinted.path)
    os.utime(hinted.path / "checkpoints" / "last.pt", ns=(1, 1))
    assert models.load(hinted).experiment.seed == 1


def test_weights_that_have_gone(tmp_path: Path) -> None:
    models = Models(three_runs(tmp_path))
    model = models.get("l1/seed-0")
    (model.path / "checkpoints" / "last.pt").unlink()
    with pytest.raises(Refused, match="has no checkpoints/last"):
        models.load(model)
    assert [found.name for found in models.find()] == ["l1_hints/seed-0", "pix2pix_hints/seed-1"]


def test_a_changed_configuration_is_read_again(tmp_path: Path) -> None:
    models = Models(three_runs(tmp_path))
    assert models.get("l1/seed-0").experiment.steps == 500
    path = tmp_path / "l1" / "seed-0" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"steps": 12345}))
    models.find()
    assert models.get("l1/seed-0").experiment.steps == 12345
