"""From the words of a request to a path: nothing that a browser sends reaches the file system unchecked."""

import re
from pathlib import Path

from gan.web.refused import Refused

STATIC = Path(__file__).parent / "static"
"""The files that the pages are made of."""
PART = re.compile(r"[^\x00-\x1f\x7f/\\]{1,255}")
"""One name on the way. A percent sign is one: nothing is decoded twice."""
LONGEST = 1024


def below(root: Path, words: str) -> Path:
    """The existing file or folder that `words` name below `root`.

    Args:
        root: a folder.
        words: names joined by `/`, as the browser's request has them after decoding once.

    Returns:
        The path with symbolic links resolved.

    Raises:
        Refused: 400 for words that are no plain relative path (empty, absolute, `..`, a hidden name, a
            backslash, a control character); 404 where there is nothing, or where a link leads out of the folder.
    """
    parts = words.split("/")
    if len(words) > LONGEST or any(not PART.fullmatch(part) or part.startswith(".") for part in parts):
        raise Refused(400, f"a path must be plain names joined by '/', not {shown(words)}")
    try:
        home = root.resolve(strict=True)
        path = (home / words).resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise Refused(404, f"there is no {shown(words)}") from error
    if not path.is_relative_to(home):
        raise Refused(404, f"there is no {shown(words)}")  # the same words: what lies outside is nobody's business
    return path


def shown(words: str) -> str:
    """A request's words in a message: quoted, printable and short."""
    return repr(words if len(words) <= 80 else words[:77] + "...")


def is_text(words: str) -> bool:
    """Whether words can be written as UTF-8. Half a pair in JSON cannot, nor a name of other bytes on the disk."""
    return not any("\ud800" <= letter <= "\udfff" for letter in words)
