"""Requests of the paint page, checked before anything is done with them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import ClientDisconnect, Request

from gan.colorize.files import MOST_VARIANTS
from gan.web.paths import is_text
from gan.web.refused import Refused

MOST_PAINTED_HINTS = 4_000
"""On one drawing; a training draws far fewer (`gan.config`)."""
MOST_WORDS = 1_000_000
"""Bytes of a request, besides uploads."""
LONGEST_NAME = 255
LAYER_KINDS = ("lines", "colors", "flat")
COLORED_KINDS = ("picture", *LAYER_KINDS)
FILE_KINDS = ("drawing", *COLORED_KINDS, "hints", "text")


def is_files(values: Any) -> bool:
    """Whether these are the files of a ZIP: [name, kind, of what] each; what is coloured may have its variant."""
    named = isinstance(values, list) and all(
        isinstance(file, list)
        and (len(file) == 3 or (len(file) == 4 and file[1] in COLORED_KINDS))
        and all(isinstance(word, str) and is_text(word) for word in file[:3])
        and 0 < len(file[0]) <= LONGEST_NAME
        and file[1] in FILE_KINDS
        for file in values
    )
    return named and len({file[0] for file in values}) == len(values)


@dataclass(frozen=True)
class Form:
    """Of a request. needed, allowed: field -> its type, or a function that checks it. sentence: what it must be."""

    needed: Mapping[str, type | Callable[[Any], bool]]
    sentence: str
    allowed: Mapping[str, type | Callable[[Any], bool]]

    def read(self, body: bytes) -> dict[str, Any]:
        """The fields of a request.

        Raises:
            Refused: 400, it has another form; 413, it has too many hints.
        """
        try:
            words = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Refused(400, f"{self.sentence}: it is no JSON") from error
        fields = {**self.needed, **self.allowed}
        if not isinstance(words, dict) or not set(self.needed) <= set(words) <= set(fields):
            raise Refused(400, self.sentence)
        for name, value in words.items():
            kind = fields[name]
            if not (isinstance(value, kind) if isinstance(kind, type) else kind(value)):
                raise Refused(400, f"{self.sentence}: {name} is none of that kind")
        if len(words["hints"]) > MOST_PAINTED_HINTS:
            raise Refused(413, f"a picture can have {MOST_PAINTED_HINTS} hints, not {len(words['hints'])}")
        return words


COLORS = Form(
    {"drawing": str, "run": str, "hints": list},
    'a request must be {"drawing": NAME, "run": NAME, "hints": [HINT, ...]}; "whole", "bare", "layers" and '
    '"transparent" may be true, "variant" a number',
    {"whole": bool, "bare": bool, "layers": bool, "transparent": bool, "variant": object},
)
ARCHIVE = Form(
    {"drawing": str, "hints": list, "files": is_files},
    'a request must be {"drawing": NAME, "hints": [HINT, ...], "files": [[NAME, KIND, OF], ...]}; '
    f"a kind is one of {', '.join(FILE_KINDS)}; what is coloured may have a variant as well; "
    '"transparent" may be true',
    {"transparent": bool},
)


def check_variant(variant: Any, noise: int, run: str) -> int:
    """The number of a colouring, from 0 on, of a run with `noise` numbers of noise a picture.

    Raises:
        Refused: 400, it is no such number, or the run has one answer only.
    """
    if not isinstance(variant, int) or isinstance(variant, bool) or not 0 <= variant < MOST_VARIANTS:
        raise Refused(400, f"variant ({json.dumps(variant)[:40]}) must be a whole number from 0 to {MOST_VARIANTS - 1}")
    if variant and not noise:
        raise Refused(400, f"variant ({variant}) needs a run with generator.noise, and {run} has none")
    return variant


async def words_of(request: Request, form: Form) -> dict[str, Any]:
    """The fields of a request.

    Raises:
        Refused: as `body_of` and `Form.read`.
    """
    return form.read(await body_of(request, MOST_WORDS, f"a request must have at most {MOST_WORDS} bytes"))


async def body_of(request: Request, most: int, sentence: str) -> bytes:
    """The body of a request.

    Raises:
        Refused: 413, it has more than `most` bytes; 400, it broke off.
    """
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > most:
        raise Refused(413, sentence)
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > most:
                raise Refused(413, sentence)
    except ClientDisconnect as error:
        raise Refused(400, "the request broke off") from error
    return bytes(body)
