"""Imports run downwards only: no circle, and nothing below imports what lies above it."""

import ast
from pathlib import Path

GAN = Path(__file__).parents[1] / "gan"
LAYERS = (
    {"arrays", "errors", "files", "log", "seeds", "__init__"},
    {"ranges"},
    {"metrics", "models"},  # tensors and plain numbers: they know no configuration, and no files of a run
    {"config"},
    {"networks", "hints"},
    {"data"},
    {"grid", "runs"},
    {"evaluation", "colorize"},
    {"training", "preview", "doctor"},
    {"study", "web"},
    {"figures"},
    {"cli"},
    {"__main__"},
)
"""From the bottom up; a place imports from those below it, and from itself."""
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def modules() -> dict[str, Path]:
    paths = {path: path.relative_to(GAN.parent).with_suffix("").parts for path in GAN.rglob("*.py")}
    return {".".join(parts).removesuffix(".__init__"): path for path, parts in paths.items()}


def imports(path: Path, known: set[str], *, at_once: bool) -> set[str]:
    """The modules of this package that a file imports; `at_once`: when it is imported, and not in a function."""
    tree = ast.parse(path.read_text("utf-8"))
    inner = {
        node
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(outer, ast.If) and "TYPE_CHECKING" in ast.unparse(outer.test))
        for node in ast.walk(outer)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if at_once and node in inner:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {name if name in known else node.module for name in names} & known
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & known
    return found


def place(module: str) -> str:
    """The folder or file directly in gan/."""
    return [*module.split("."), "__init__"][1]


def test_every_place_has_a_layer() -> None:
    assert {place(name) for name in modules()} == set(RANK)


def test_nothing_imports_from_a_higher_layer() -> None:
    known = modules()
    upward = [
        f"{name} -> {target}"
        for name, path in known.items()
        for target in imports(path, set(known), at_once=False)
        if RANK[place(target)] > RANK[place(name)]
        or (RANK[place(target)] == RANK[place(name)] and place(target) != place(name))
    ]
    assert len(known) > 90
    assert sorted(upward) == []


def test_there_is_no_circle() -> None:
    known = modules()
    graph = {name: imports(path, set(known), at_once=True) - {name} for name, path in known.items()}
    while graph:
        free = [name for name, targets in graph.items() if not targets & graph.keys()]
        assert free, f"a circle among {sorted(graph)}"
        for name in free:
            del graph[name]


def test_few_entries_lie_directly_in_the_package() -> None:
    entries = {path.name for path in GAN.iterdir() if path.name != "__pycache__"}
    assert len(entries) <= 25
