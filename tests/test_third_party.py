"""Exact versions, and a licence for each: `constraints.txt` and `THIRD_PARTY.md` belong to `pyproject.toml`."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
OF_THE_MACHINE = re.compile("torch|torchvision|triton|nvidia-.*|cuda-.*|setuptools")
"""Which of their builds fits depends on the machine: left to the ranges."""


def pinned() -> dict[str, str]:
    """Package -> version."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9a-z.+!-]+", line) for line in lines)
    return dict(line.split("==") for line in lines)


def asked_for() -> list[Requirement]:
    """What the project asks for, of every extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    return [Requirement(words) for group in (project["dependencies"], *extras) for words in group]


def test_every_range_is_bounded_by_a_version_that_is_pinned() -> None:
    versions = pinned()
    for requirement in asked_for():
        name = canonicalize_name(requirement.name)
        assert requirement.specifier, f"{name} has no range"
        if not OF_THE_MACHINE.fullmatch(name):
            assert SpecifierSet(str(requirement.specifier)).contains(versions[name]), name


def test_what_is_asked_for_in_turn_is_pinned_too() -> None:
    versions, seen = pinned(), set()
    waiting = [(requirement.name, requirement.extras) for requirement in asked_for()]
    while waiting:
        name, extras = waiting.pop()
        key = (canonicalize_name(name), frozenset(extras))
        if key in seen or OF_THE_MACHINE.fullmatch(key[0]):
            continue
        seen.add(key)
        assert key[0] in versions, f"{key[0]} is not in constraints.txt"
        try:
            needs = [Requirement(words) for words in requires(name) or []]
        except PackageNotFoundError:
            continue
        environments = [{"extra": extra} for extra in ("", *extras)]  # and this machine's
        waiting += [
            (need.name, need.extras)
            for need in needs
            if need.marker is None or any(need.marker.evaluate(each) for each in environments)
        ]


def test_every_package_has_a_licence() -> None:
    page = (ROOT / "THIRD_PARTY.md").read_text()
    rows = re.findall(r"^\| ([^|]+) \| ([a-z0-9, -]+) \|$", page, flags=re.MULTILINE)
    named = [name for _, names in rows[1:] for name in names.split(", ")]  # behind the heading
    assert sorted(named) == sorted(pinned())
    assert "TODO" not in page
    assert all(licence.strip() for licence, _ in rows)
