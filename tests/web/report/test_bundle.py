"""ES modules as one classic script."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gan.web.paths import STATIC
from gan.web.report.bundle import bundle


def test_modules_in_their_order_and_scopes(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "a.js").write_text("const own = 1;\nexport function a() {\n  return own;\n}\n")
    (tmp_path / "b.js").write_text('import { a } from "./parts/a.js";\n\nconst own = 2;\nexport const b = a() + own;\n')
    entry = tmp_path / "main.js"
    entry.write_text('import { b } from "./b.js";\nimport {\n  a,\n} from "./parts/a.js";\n\nresult = b * 10 + a();\n')
    text = bundle(entry)
    assert text.count("const own = 1") == 1  # once, however many import it
    assert text.index("const own = 1") < text.index("const own = 2") < text.index("result =")
    assert evaluated("let result;" + text, "result") == 31  # each own is its module's


@pytest.mark.parametrize("entry", ["report/main.js", "review/main.js"])
def test_nothing_of_the_pages_is_lost(entry: str) -> None:
    text = bundle(STATIC / entry)
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)
    needed = modules(STATIC / entry)
    assert len(needed) > 15
    exported = re.compile(r"^export (?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
    for module in needed:
        for name in exported.findall(module.read_text()):
            assert re.search(rf"^return {{ (?:\w+, )*{name}(?:, \w+)* }};$", text, re.MULTILINE), (module.name, name)
    assert len(re.findall(r"^const module\d+ = ", text, re.MULTILINE)) == len(needed)


def modules(entry: Path, found: frozenset[Path] = frozenset()) -> frozenset[Path]:
    """A module and everything that it imports."""
    found |= {entry}
    for name in re.findall(r'from "(\.[^"]+)";', entry.read_text()):
        path = (entry.parent / name).resolve()
        found |= found if path in found else modules(path, found)
    return found


def evaluated(script: str, expression: str) -> object:
    """What an expression is after a script, in whatever runs JavaScript here."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("NOT RUN: it needs node to run a script")
    done = subprocess.run([node, "-p", f"{script}\n;{expression}"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
