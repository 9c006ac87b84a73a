"""Nothing that a browser sends reaches a file outside the folder."""

from pathlib import Path

import pytest

from gan.web.paths import below
from gan.web.refused import Refused


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a file, a link inside it, and a secret beside it."""
    (tmp_path / "secret.txt").write_text("secret")
    root = tmp_path / "runs"
    (root / "l1,alpha=0.5" / "seed-0").mkdir(parents=True)
    (root / "l1,alpha=0.5" / "seed-0" / "config.json").write_text("{}")
    (root / "inside").symlink_to(root / "l1,alpha=0.5")
    (root / "outside").symlink_to(tmp_path)
    (root / "file").symlink_to(tmp_path / "secret.txt")
    return root


def test_what_is_there_is_found(root: Path) -> None:
    wanted = root / "l1,alpha=0.5" / "seed-0" / "config.json"
    assert below(root, "l1,alpha=0.5/seed-0/config.json") == wanted
    assert below(root, "inside/seed-0/config.json") == wanted


@pytest.mark.parametrize(
    "words",
    [
        *("", "/", "..", "../secret.txt", "inside/../../secret.txt", "/etc/passwd", "//etc/passwd", "./inside"),
        *("..%2fsecret.txt", "..\\secret.txt", "inside//seed-0", "a/"),
        *("inside\x00", "inside\n", ".hidden", "x" * 256, "/".join(["x"] * 1000), "C:\\secret.txt"),
    ],
)
def test_what_is_no_plain_path_is_refused(root: Path, words: str) -> None:
    with pytest.raises(Refused, match="a path must be plain names") as caught:
        below(root, words)
    assert caught.value.status == 400
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("words", ["absent", "outside/secret.txt", "outside", "file", "inside/seed-0/config.json/x"])
def test_what_leads_out_is_not_there(root: Path, words: str) -> None:
    with pytest.raises(Refused, match="there is no") as caught:
        below(root, words)
    assert caught.value.status == 404


@pytest.mark.parametrize("words", ["%2e%2e/secret.txt", "%252e%252e/secret.txt"])
def test_nothing_is_decoded(root: Path, words: str) -> None:
    with pytest.raises(Refused, match="there is no"):
        below(root, words)
    (root / "100%").mkdir()
    assert below(root, "100%") == root / "100%"


def test_a_link_to_itself(root: Path) -> None:
    (root / "loop").symlink_to(root / "loop")
    with pytest.raises(Refused, match="there is no 'loop'"):
        below(root, "loop")
