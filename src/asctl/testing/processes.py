"""Another process, as far as a plugin can tell: what its modules remembered is gone."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType


def root_of(module: str) -> str:
    """The folder from which a module was imported, which may have been on the import path for that moment only; empty where it was
    not imported from a file."""
    file = Path(getattr(sys.modules.get(module), "__file__", None) or "")
    within = module.count(".") + (file.name == "__init__.py")
    return str(file.parents[within]) if len(file.parents) > within else ""


def forget(module: str) -> Callable[[], None]:
    """Let a plugin be imported anew, with all that belongs to it. The result brings back what was there before."""
    root, folder = module.partition(".")[0], root_of(module)
    kept, path = _taken_out(root), list(sys.path)
    if folder and folder not in path:
        sys.path.append(folder)
    importlib.invalidate_caches()

    def bring_back() -> None:
        sys.path[:] = path
        _taken_out(root)
        sys.modules.update(kept)

    return bring_back


def _taken_out(root: str) -> dict[str, ModuleType]:
    names = [name for name in sys.modules if root and (name == root or name.startswith(f"{root}."))]
    return {name: sys.modules.pop(name) for name in names}
