"""ES modules as one classic script."""

import re
from pathlib import Path

import pytest

from gan.web.report.bundle import bundle
from gan.web.report.page import STATIC


def test_modules_in_their_order_and_scopes(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "a.js").write_text("const own = 1;\nexport function a() {\n  return own;\n}\n")
    (tmp_path / "b.js").write_text('import { a } from "./parts/a.js";\n\nconst own = 2;\nexport const b = a() + own;\n')
    entry = tmp_path / "main.js"
    entry.write_text('import { b } from "./b.js";\nimport {\n  a,\n} from "./parts/a.js";\n\nresult = b * 10 + a();\n')
    text = bundle(entry)
    assert text.count("const own = 1") == 1
    assert "import" not in text
    assert "export" not in text


@pytest.mark.parametrize("entry", ["report/main.js", "review/main.js"])
def test_nothing_of_the_pages_is_lost(entry: str) -> None:
    text = bundle(STATIC / entry)
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)
