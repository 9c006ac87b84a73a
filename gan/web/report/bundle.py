"""ES modules as one classic script: a page that is opened from disk may load no other file."""

import re
from pathlib import Path

IMPORT = re.compile(r'^import\s*\{([^}]*)\}\s*from\s*"(\.{1,2}/[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let) (\w+))", re.MULTILINE)


def bundle(entry: Path) -> str:
    """A module and everything that it imports, each in a scope of its own.

    Only what these pages use is understood: `import { names } from "./file.js"` and `export` before a declaration.

    Args:
        entry: the module that starts the page.
    """
    names: dict[Path, str] = {}
    parts: list[str] = []
    _add(entry.resolve(), names, parts)
    return '"use strict";\n' + "\n".join(parts)


def _add(path: Path, names: dict[Path, str], parts: list[str]) -> str:
    """Append a module after those that it needs; returns the name of what it exports."""
    if path in names:
        return names[path]
    names[path] = f"module{len(names)}"
    text = path.read_text("utf-8")

    def bind(match: re.Match[str]) -> str:
        imported = _add((path.parent / match[2]).resolve(), names, parts)
        return f"const {{ {' '.join(match[1].split())} }} = {imported};\n"

    text = IMPORT.sub(bind, text)
    exports = ", ".join(EXPORT.findall(text))
    parts.append(f"const {names[path]} = (() => {{\n{EXPORT.sub('', text)}\nreturn {{ {exports} }};\n}})();")
    return names[path]
