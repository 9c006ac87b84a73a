"""Configuration: checked when built, plain, and the same after a round trip."""

import ast
import dataclasses
import inspect
import json
import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from gan.config import (
    Adversarial,
    Augment,
    Data,
    Discriminator,
    Evaluation,
    Experiment,
    Generator,
    Hints,
    Logging,
    Optimizer,
    Reconstruction,
    from_dict,
    to_dict,
)
from gan.config.options import override
from gan.errors import RequestError

ELABORATE = Experiment(
    name="elaborate",
    epochs=2.5,
    data=Data(source="folder", root="x", line="mix", split="folder", workers=2),
    augment=Augment(flip=0.5, rotate=3),
    generator=Generator(width=64, depth=6, norm="instance"),
    discriminator=Discriminator(layers=2, norm="spectral"),
    hints=Hints(kind="points", without=0.5, counts=(0, 3)),
    adversarial=Adversarial(game="hinge"),
    optimizer=Optimizer(d_lr=1e-4, clip=1),
)


@pytest.mark.parametrize("experiment", [Experiment(), ELABORATE], ids=["default", "elaborate"])
def test_round_trip_through_json(experiment: Experiment) -> None:
    assert from_dict(json.loads(json.dumps(to_dict(experiment))), "here") == experiment


def test_a_run_from_before_there_were_hints_can_be_read() -> None:
    values = to_dict(Experiment(name="old"))
    del values["hints"]
    assert from_dict(values, "here") == Experiment(name="old")


def test_a_run_from_before_auto_is_split_by_content() -> None:
    values = to_dict(Experiment(name="old"))
    assert values["data"]["split"] == "auto"
    del values["data"]["split"]
    assert from_dict(values, "here") == Experiment(name="old", data=Data(split="hash"))
    assert from_dict({"name": "old"}, "here") == Experiment(name="old", data=Data(split="hash"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"steeps": 3}, r"run\.json: unknown field 'steeps' of Experiment; known are name, seed, steps"),
        ({"data": {"sise": 3}}, r"run\.json: unknown field 'sise' of Data; known are source, root, size"),
        ({"data": 3}, r"run\.json: Data must be an object, not 3"),
        ({"steps": "many"}, r"run\.json: steps \('many'\) must be a whole number"),
        ({"steps": True}, r"run\.json: steps \(True\) must be a whole number"),
        ({"data": {"alpha": 2}}, r"run\.json: data\.alpha \(2\) must lie between 0 and 1"),
        ({"ema": float("nan")}, r"ema \(nan\) must be a finite number"),
    ],
)
def test_what_a_file_may_not_say(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        from_dict(changes, "run.json")


@pytest.mark.parametrize(
    ("part", "changes", "message"),
    [
        (Data, {"source": "web"}, r"data\.source \('web'\) must be one of avatars, folder, pairs"),
        (Data, {"size": 24}, r"data\.size \(24\) must be at least 32"),
        (Data, {"source": "pairs", "size": (640, 24)}, r"data\.size \(640 24\) must be at least 32"),
        (Data, {"size": (32, 48, 64)}, r"data\.size \(\(32, 48, 64\)\) must be a whole number or 2 of which each is"),
        (Data, {"size": (64.0, 48)}, r"data\.size \(\(64\.0, 48\)\) must be a whole number or 2"),
        (Data, {"size": (32, 48)}, r"data\.size \(32 48\) must be one number for data\.source=avatars"),
        (Data, {"val_fraction": 0.5, "test_fraction": 0.5}, r"must be below 1, or no picture trains"),
        (Data, {"characters": 100}, r"data\.characters \(100\) must be a positive multiple of the 35"),
        (Data, {"source": "folder"}, r"data\.line \(given\) needs drawings"),
        (Data, {"line": "canny"}, r"data\.line \(canny\) must be given for data\.source=avatars"),
        (Data, {"root": "x"}, r"data\.root \(x\) must be empty for data\.source=avatars"),
        (Data, {"split": "folder"}, r"data\.split \(folder\) needs data\.source=folder"),
        (Data, {"split": "named"}, r"data\.split \(named\) needs data\.source=folder, pairs or shards, not avatars"),
        (Data, {"canny_low": 300}, r"data\.canny_low \(300\) must lie between 1 and data\.canny_high \(200\)"),
        (Data, {"workers": -1}, r"data\.workers \(-1\)"),
        (Data, {"workers": "some"}, r"data\.workers \('some'\) must be a whole number or auto"),
        (Data, {"max_pixels": 10**9}, r"data\.max_pixels"),
        (Augment, {"flip": 1.5}, r"augment\.flip \(1\.5\) must lie between 0 and 1"),
        (Augment, {"scale": 1}, r"augment\.scale \(1\)"),
        (Generator, {"width": 0}, r"generator\.width \(0\)"),
        (Generator, {"width": 12, "norm": "group"}, r"generator\.width \(12\) must be a multiple of 8"),
        (Generator, {"depth": 1}, r"generator\.depth \(1\)"),
        (Generator, {"dropout": 1}, r"generator\.dropout \(1\)"),
        (Hints, {"kind": "dots"}, r"hints\.kind \('dots'\) must be one of none, regions, points, strokes, zhang2017"),
        (Hints, {"without": 2}, r"hints\.without \(2\) must lie between 0 and 1"),
        (Hints, {"share": -1}, r"hints\.share \(-1\)"),
        (Hints, {"dab": (9, 3)}, r"hints\.dab \(9 3\) must be two numbers from 1 up, the smaller first"),
        (Hints, {"dab": (1, 2, 3)}, r"hints\.dab \(\(1, 2, 3\)\) must be 2 of which each is a whole number"),
        (Hints, {"dabs": (0, 3)}, r"hints\.dabs \(0 3\)"),
        (Hints, {"counts": ()}, r"hints\.counts must name a number of hints"),
        (Hints, {"counts": (0, 401)}, r"hints\.counts \(401\) must lie between 0 and 400"),
        (
            Hints,
            {"counts": (0.5,)},
            r"hints\.counts \(\(0\.5,\)\) must be a list of which each is a whole number or auto",
        ),
        (
            Experiment,
            {"hints": Hints(kind="regions"), "data": Data(source="folder", root="x", line="canny")},
            r"hints\.kind \(regions\) needs data\.source=avatars",
        ),
        (Discriminator, {"norm": "layer"}, r"discriminator\.norm \('layer'\)"),
        (Discriminator, {"layers": 0}, r"discriminator\.layers \(0\)"),
        (
            Adversarial,
            {"game": "wgan"},
            r"adversarial\.game \('wgan'\) must be one of none, vanilla, lsgan, hinge, relativistic",
        ),
        (Adversarial, {"weight": 0}, r"adversarial\.weight \(0\)"),
        (Adversarial, {"ramp": -1}, r"adversarial\.ramp \(-1\)"),
        (Adversarial, {"r1": -1}, r"adversarial\.r1 \(-1\)"),
        (Adversarial, {"r2": -1}, r"adversarial\.r2 \(-1\)"),
        (Adversarial, {"penalty_every": 0}, r"adversarial\.penalty_every \(0\)"),
        (Discriminator, {"judges": "both"}, r"discriminator\.norm \(batch\) must be none for discriminator\.judges"),
        (Generator, {"noise": -1}, r"generator\.noise \(-1\)"),
        (Generator, {"choice": "odds"}, r"generator\.choice \(odds\) needs generator\.noise"),
        (Generator, {"choice": "dice"}, r"generator\.choice \('dice'\) must be one of network, odds"),
        (Reconstruction, {"pairs": -1}, r"reconstruction\.pairs \(-1\)"),
        (
            Experiment,
            {"reconstruction": Reconstruction(pairs=0.1)},
            r"reconstruction\.pairs \(0\.1\) needs reconstruction\.loss=fitted",
        ),
        (Generator, {"colors": 0}, r"generator\.colors \(0\)"),
        (
            Experiment,
            {"generator": Generator(noise=2), "hints": Hints(kind="regions")},
            r"generator\.noise \(2\) with hints needs generator\.keys",
        ),
        (
            Experiment,
            {"adversarial": Adversarial(game="lsgan", r2=1)},
            r"discriminator\.norm \(batch\) must be one of none, instance, group",
        ),
        (Experiment, {"reconstruction": Reconstruction("fitted")}, r"\(fitted\) needs generator\.noise"),
        (
            Experiment,
            {"reconstruction": Reconstruction("fitted"), "generator": Generator(noise=2)},
            r"\(fitted\) needs adversarial\.game, or reconstruction\.palette with generator\.choice=odds",
        ),
        (
            Experiment,
            {"reconstruction": Reconstruction("fitted", palette=0.3), "generator": Generator(noise=2)},
            r"\(fitted\) needs adversarial\.game, or reconstruction\.palette with generator\.choice=odds",
        ),
        (
            Experiment,
            {"reconstruction": Reconstruction("fitted"), "generator": Generator(noise=2, choice="odds")},
            r"\(fitted\) needs adversarial\.game, or reconstruction\.palette with generator\.choice=odds",
        ),
        (Generator, {"choice": "odds", "noise": 1}, r"generator\.noise \(1\) must be at least 2 paints"),
        (Reconstruction, {"weight": -1}, r"reconstruction\.weight \(-1\)"),
        (Reconstruction, {"loss": "l3"}, r"reconstruction\.loss \('l3'\) must be one of l1, l2, fitted, classes"),
        (
            Experiment,
            {"reconstruction": Reconstruction(loss="classes"), "generator": Generator(noise=8)},
            r"^generator\.noise \(8\) must be 0 for reconstruction\.loss=classes",
        ),
        (
            Experiment,
            {"reconstruction": Reconstruction(loss="classes"), "generator": Generator(keys=16)},
            r"^generator\.keys \(16\) must be 0 for reconstruction\.loss=classes",
        ),
        (
            Experiment,
            {"reconstruction": Reconstruction(loss="classes"), "adversarial": Adversarial(game="lsgan")},
            r"^adversarial\.game \(lsgan\) must be none for reconstruction\.loss=classes",
        ),
        (Optimizer, {"lr": 0}, r"optimizer\.lr \(0\)"),
        (Optimizer, {"decay": 2}, r"optimizer\.decay \(2\)"),
        (Optimizer, {"clip": 0}, r"optimizer\.clip \(0\)"),
        (Evaluation, {"best": "fid"}, r"evaluation\.best \(fid\) must be one of mae, psnr, ssim, lpips, ciede2000"),
        (Evaluation, {"pictures": 1}, r"evaluation\.pictures \(1\)"),
        (Logging, {"every": 0}, r"logging\.every \(0\)"),
        (Logging, {"tags": ("a", "")}, r"logging\.tags \(''\) must have 1 to 64 characters each"),
        (Logging, {"tags": ("t" * 65,)}, r"logging\.tags \('t{65}'\) must have 1 to 64"),
        (Logging, {"artifact": "all"}, r"logging\.artifact \('all'\) must be one of none, best, last"),
        (Experiment, {"name": "a/b"}, r"name \('a/b'\) must be usable as a folder's name"),
        (Experiment, {"name": "n" * 300}, r"name \(n{20}\.\.\.\) must have at most 255 bytes"),
        (
            Data,
            {"source": "folder", "line": "canny", "root": "/a\udcff"},
            r"data\.root \('/a\\udcff'\) must be .* UTF-8",
        ),
        (Experiment, {"name": ".."}, r"name \('\.\.'\)"),
        (Experiment, {"seed": -1}, r"seed \(-1\)"),
        (Experiment, {"steps": 0}, r"steps \(0\)"),
        (Experiment, {"epochs": 0}, r"epochs \(0\)"),
        (Experiment, {"ema": 1}, r"ema \(1\)"),
        (Experiment, {"reconstruction": Reconstruction(weight=0)}, r"nothing trains the generator"),
        (
            Experiment,
            {"data": Data(size=100)},
            r"data\.size \(100\) must be a multiple of 2\*\*generator\.depth \(16\)",
        ),
        (
            Experiment,
            {"data": Data(source="pairs", size=(64, 100))},
            r"data\.size \(64 100\) must be a multiple of 2\*\*generator\.depth \(8\)",
        ),
        (
            Experiment,
            {"data": Data(source="pairs", size=(96, 480)), "hints": Hints(kind="points", flood="lines", flood_size=96)},
            r"hints\.flood_size \(96\) must be at least data\.size \(96 480\)",
        ),
        (
            Experiment,
            {"data": Data(source="pairs", size=(512, 32)), "adversarial": Adversarial(game="lsgan")}
            | {"discriminator": Discriminator(layers=4)},
            r"data\.size \(512 32\) must be at least 2\*\*\(discriminator\.layers \+ 2\) \(64\)",
        ),
        (
            Experiment,
            {"generator": Generator(depth=7)},
            r"data\.size \(64\) must be a multiple of 2\*\*generator\.depth \(128\)",
        ),
        (
            Experiment,
            {"adversarial": Adversarial(game="lsgan"), "discriminator": Discriminator(layers=5)},
            r"data\.size \(64\) must be at least 2\*\*\(discriminator\.layers \+ 2\) \(128\)",
        ),
    ],
)
def test_every_rule_names_itself_and_the_value(part: type, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        part(**changes)


@pytest.mark.parametrize(("size", "depth"), [(64, 6), (128, 7), (256, 8), (512, 8), (1024, 8), (96, 5), (48, 4)])
def test_automatic_depth(size: int, depth: int) -> None:
    assert Experiment(data=Data(size=size)).generator_depth == depth


@pytest.mark.parametrize(
    ("size", "depth", "layers"),
    [
        ((32, 48), 4, 1),
        ((96, 128), 5, 2),
        ((480, 640), 5, 4),
        ((256, 512), 8, 3),
        ((2048, 256), 8, 3),
        ((64, 72), 3, 1),
    ],
)
def test_a_rectangles_short_side_decides(size: tuple[int, int], depth: int, layers: int) -> None:
    for shape in (size, size[::-1]):
        experiment = Experiment(data=Data(source="pairs", size=shape))
        assert (experiment.generator_depth, experiment.discriminator_layers) == (depth, layers)


@pytest.mark.parametrize(("size", "layers"), [(32, 1), (64, 1), (128, 2), (256, 3), (512, 4)])
def test_automatic_layers_scale_the_papers_patch(size: int, layers: int) -> None:
    assert Experiment(data=Data(size=size)).discriminator_layers == layers


def test_a_size_has_one_form() -> None:
    """A square is one number, as in every configuration that was ever written; a rectangle is height and width."""
    assert Data(size=(64, 64)) == Data(size=64)
    assert to_dict(Experiment(data=Data(size=(64, 64))))["data"]["size"] == 64
    wide = Experiment(data=Data(source="pairs", size=(480, 640)))
    assert to_dict(wide)["data"]["size"] == [480, 640]
    assert from_dict(json.loads(json.dumps(to_dict(wide))), "here") == wide
    assert from_dict({"data": {"size": [64, 64], "split": "auto"}}, "here") == Experiment()
    assert (wide.data.height, wide.data.width, wide.data.short_side, wide.data.size_text) == (480, 640, 480, "480 640")


@pytest.mark.parametrize(
    ("words", "size"), [(["64"], 64), (["64", "64"], 64), (["480", "640"], (480, 640)), (["640", "480"], (640, 480))]
)
def test_a_size_as_an_option(words: list[str], size: int | tuple[int, int]) -> None:
    before = Experiment(data=Data(source="pairs", root="/", size=(96, 128)))
    given = override(before, ["--data.size", *words, "--steps", "7"], "gan train")
    assert (given.data.size, given.steps) == (size, 7)


@pytest.mark.parametrize("words", [[], ["wide"], ["64", "high"], ["32", "48", "64"], ["64x48"]])
def test_what_is_no_size(words: list[str]) -> None:
    with pytest.raises(RequestError) as error:
        override(Experiment(), ["--data.size", *words], "gan train")
    assert str(error.value).startswith("Error parsing --data.size: ")
    assert "\n" not in str(error.value)


def test_epochs_stand_for_steps() -> None:
    assert Experiment(steps=77).total_steps(1000) == 77
    assert Experiment(steps=77, epochs=20, batch_size=16).total_steps(3600) == 4500
    assert Experiment(epochs=0.5, batch_size=16).total_steps(100) == 4


def test_steps_that_are_given_stand_for_epochs_of_the_file() -> None:
    twenty = Experiment(epochs=20)
    assert override(twenty, ["--steps", "7"], "gan train").total_steps(1000) == 7
    assert override(twenty, ["--steps=7"], "gan train").epochs is None
    assert override(twenty, ["--seed", "1"], "gan train").epochs == 20
    assert override(Experiment(), ["--epochs", "2"], "gan train").epochs == 2
    with pytest.raises(RequestError, match=r"^--steps \(7\) and --epochs \(2\): give one of the two$"):
        override(twenty, ["--steps", "7", "--epochs", "2"], "gan train")


def sentences(part: type) -> dict[str, str]:
    """Field -> the sentence below it in the source."""
    body = next(
        node.body
        for node in ast.parse(Path(inspect.getfile(part)).read_text()).body
        if isinstance(node, ast.ClassDef) and node.name == part.__name__
    )
    found = {}
    for field, below in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            text = below.value.value if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) else ""
            found[field.target.id] = str(text)
    return found


def test_help_lists_every_field_with_its_sentence() -> None:
    words = [sys.executable, "-m", "gan", "train", "--help"]
    environment = os.environ | {"COLUMNS": "100"}
    said = subprocess.run(words, capture_output=True, text=True, check=True, env=environment).stdout
    text = " ".join(said.replace("│", " ").split())
    parts = {"": Experiment} | {
        f"{field.name}.": field.default_factory
        for field in dataclasses.fields(Experiment)
        if isinstance(field.default_factory, type)
    }
    assert len(parts) == 11
    for prefix, part in parts.items():
        for name, sentence in sentences(part).items():
            if prefix or f"{name}." not in parts:
                assert f"--{prefix}{name} ".replace("_", "-") in text
                assert sentence, f"{part.__name__}.{name} has no sentence"
                assert " ".join(sentence.split()) in text


def test_replace_checks_again() -> None:
    with pytest.raises(RequestError):
        replace(Experiment(), steps=-1)


@pytest.mark.parametrize(
    ("part", "changes", "rule"),
    [
        (Generator, {"keys": -1}, r"generator\.keys \(-1\)"),
        (Generator, {"keys": 257}, r"generator\.keys \(257\) must lie between 0 and 256"),
        (Reconstruction, {"pointing": -0.1}, r"reconstruction\.pointing \(-0\.1\)"),
        (Reconstruction, {"pointing_steps": 0}, r"reconstruction\.pointing_steps \(0\)"),
    ],
)
def test_rules_of_a_network_that_points(part: type, changes: dict[str, object], rule: str) -> None:
    with pytest.raises(RequestError, match=rule):
        part(**changes)
