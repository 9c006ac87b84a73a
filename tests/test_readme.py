"""Every command of the README does what it says, in its order, where nothing but the quickstart has run."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from PIL import Image

from gan.cli.main import _parse
from gan.config import Experiment
from gan.config.file import load
from gan.config.options import override
from gan.study.file import load_with
from tests.support.command import Gan
from tests.support.pictures import random_picture

ROOT = Path(__file__).parent.parent
SHORT = ("--steps", "2", "--batch-size", "4", "--evaluation.pictures", "4", "--data.size", "32", "--data.workers", "0")
SMALL = ("--data.characters", "350", "--discriminator.layers", "1")
"""Of the embedded data set, too."""


def commands() -> list[str]:
    """The lines of the README's shell examples, without what they say beside them."""
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(), flags=re.MULTILINE | re.DOTALL)
    lines = [line.split("  #")[0].split(" # ")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def test_every_command_is_one() -> None:
    """Its verb, options, fields and files are there."""
    found = 0
    for line in commands():
        words = shlex.split(line)
        if words[0].startswith("scripts/"):
            assert (ROOT / words[0]).is_file(), line
        if words[0] != "gan":
            continue
        found += 1
        options = _parse(words[1:])
        path = getattr(options, "file", None)
        if path is not None and options.takes_fields:
            fields = [*options.fields]
            if words[1] == "study":
                assert load_with(ROOT / path, fields, "gan study").cells, line
            else:
                assert isinstance(override(load(ROOT / path), fields, "gan train"), Experiment), line
    assert found > 25


def shortened(words: list[str]) -> list[str]:
    """The same command for a test: a few steps, no hours, no server."""
    verb = words[1]
    if verb == "study" and "--status" not in words:
        return [*words, "--dry-run"] if "--dry-run" not in words else words
    if verb == "train":
        faces = "animeface" in words[2]
        return [*words, *SHORT, *(("--data.min-images", "9") if faces else SMALL)]
    if verb == "data":
        return [*words, "--data.characters", "350"]
    return [*words, "--help"] if verb == "serve" else words


@pytest.mark.slow
def test_the_readme_from_its_first_line_to_its_last(gan: Gan, tmp_path: Path) -> None:
    """What needs an account or another's machine is left out."""
    shutil.copytree(ROOT / "experiments", tmp_path / "experiments", ignore=shutil.ignore_patterns("results"))
    for folder in ("FOLDER", "animeface-character-dataset/thumb"):
        for character in range(12):
            below = tmp_path / folder / f"{character:03d}"
            below.mkdir(parents=True)
            for number in range(3):
                picture = random_picture(10 * character + number, 64, 64)
                Image.fromarray(picture).save(below / f"{number}.png")
    shutil.copy(ROOT / "gan" / "web" / "static" / "paint" / "characters" / "1.png", tmp_path / "drawing.png")
    done = 0
    for line in commands():
        words = shlex.split(line)
        if words[0] != "gan" or "ray" in words:
            continue
        if "*.png" in words:
            words[words.index("*.png")] = "drawing.png"
        result = gan(*shortened(words)[1:])
        assert result.returncode == 0, f"{line}\n{result.stderr}"
        done += 1
    assert done > 25
    for made in ("sheet.png", "mine.png", "flat.png", "report.html", "colored/drawing-color.png", "SHARDS/pack.json"):
        assert (tmp_path / made).is_file(), made
