"""Dependencies point inward, and each library has one door (README of the house: src/asctl/README.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "asctl"
MAY_IMPORT = {
    "text": set(),
    "domain": {"text"},
    "capabilities": {"domain", "text"},
    "api": {"capabilities", "domain", "text"},
    "settings": {"api", "capabilities", "domain", "text"},
    "transport": {"api", "capabilities", "domain", "text", "settings"},
    "host": {"api", "capabilities", "domain", "text"},
    "store": {"api", "capabilities", "domain", "text"},
    "output": {"api", "capabilities", "domain", "text"},
    "intake": {"domain", "text"},
    "sandbox": {"api", "capabilities", "domain", "text"},
    "testing": {
        "api",
        "capabilities",
        "domain",
        "text",
        "pytest_plugin",
        "settings",
        "transport",
        "host",
        "sandbox",
        "services",
    },
    "scaffold": {"api", "domain", "testing", "text"},
    "services": {"api", "capabilities", "domain", "text", "settings", "transport", "host", "store"},
}
DOORS = {
    "click": {"cli"},
    "pytest": {"testing", "pytest_plugin"},
    "pluggy": {"api", "host"},
    "requests": {"transport"},
    "urllib3": {"transport"},
    "tenacity": {"transport"},
    "tabulate": {"output"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "filelock": {"store"},
    "platformdirs": {"settings"},
}


def modules(folder: Path) -> Iterator[Path]:
    return folder.rglob("*.py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    return path.relative_to(SRC).parts[0].removesuffix(".py")


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_layer_imports_only_inward(layer: str) -> None:
    """A layer imports itself and the layers that the plan puts below it."""
    allowed = MAY_IMPORT[layer] | {layer}
    for path in modules(SRC):
        if room(path) == layer:
            ours = {name.split(".")[1] for name in imports(path) if name.startswith("asctl.")} - {"__version__"}
            assert ours <= allowed, f"{path.relative_to(ROOT)} imports {sorted(ours - allowed)}"


def test_nothing_imports_the_command_line() -> None:
    """The command line is the outermost layer."""
    for path in modules(SRC):
        if room(path) not in ("cli", "__main__"):
            assert not any(name.startswith("asctl.cli") for name in imports(path)), path


@pytest.mark.parametrize("library", DOORS)
def test_each_library_has_one_door(library: str) -> None:
    """A library is imported by its own rooms only, so that it can be replaced there."""
    for path in modules(SRC):
        if any(name.split(".")[0] == library for name in imports(path)):
            assert room(path) in DOORS[library], f"{path.relative_to(ROOT)} imports {library}"


def test_plugins_enter_by_the_public_door() -> None:
    """First-party plugins import asctl.api and nothing else of ours, and no HTTP library."""
    for path in modules(ROOT / "plugins"):
        for name in imports(path):
            if name.split(".")[0] == "asctl":
                assert name == "asctl" or name.startswith("asctl.api"), f"{path.relative_to(ROOT)} imports {name}"
            assert name.split(".")[0] not in DOORS, f"{path.relative_to(ROOT)} imports {name}"


def test_domain_stands_on_the_standard_library() -> None:
    """The rules of after-sales need nothing but Python; only the check characters of tax IDs, which others publish and we would
    copy, come from python-stdnum: a library of pure rules, in that one module."""
    import sys

    for path in modules(SRC / "domain"):
        foreign = {name.split(".")[0] for name in imports(path)} - set(sys.stdlib_module_names) - {"asctl"}
        allowed = {"stdnum"} if path.name == "tax_ids.py" else set()
        assert foreign <= allowed, f"{path.relative_to(ROOT)} imports {foreign - allowed}"


def test_public_api_is_a_list() -> None:
    """``asctl.api.__all__`` names exactly what the module offers, in order, and every name exists."""
    import asctl.api

    offered = {name for name in vars(asctl.api) if not name.startswith("_") and not _is_module(vars(asctl.api)[name])}
    assert set(asctl.api.__all__) == offered
    assert len(asctl.api.__all__) == len(set(asctl.api.__all__))


def _is_module(value: object) -> bool:
    import types

    return isinstance(value, types.ModuleType)


def test_files_and_functions_stay_small() -> None:
    """A file over 320 lines or a function over 60 holds two ideas."""
    for path in [*modules(SRC), *modules(ROOT / "plugins")]:
        text = path.read_text("utf-8")
        assert text.count("\n") <= 320, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 60, f"{path}: {node.name}"
