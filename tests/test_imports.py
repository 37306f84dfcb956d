"""Data flows one way, and so do imports."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "pipeline"
MAY_IMPORT = {
    "ocr": {"ocr", "elements", "errors"},
    "cards": {"cards", "elements", "errors", "schema"},
    "transforms": {"transforms", "settings", "ocr", "cards", "elements", "errors", "schema"},
}


def imported(path: Path) -> set[str]:
    """Modules that a file imports, whole names."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.name)
def test_no_module_imports_upwards(path: Path) -> None:
    layer = path.relative_to(PACKAGE).parts[0]
    names = imported(path)
    assert not any(name.split(".")[0] in ("specimens", "benchmarks", "tests") for name in names)
    if layer in MAY_IMPORT:
        own = {name.split(".")[1] for name in names if name.startswith("pipeline.")}
        assert own <= MAY_IMPORT[layer] | {"__version__"}
    if layer in ("ocr", "cards"):
        assert not any(name.startswith("apache_beam") for name in names)


def test_exceptions_become_values_in_one_place() -> None:
    catching = [
        path.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and isinstance(node.type, ast.Name)
        and node.type.id == "Exception"
    ]
    assert catching == ["stage.py"]
