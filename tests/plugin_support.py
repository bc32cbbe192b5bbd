"""Installed plugins for tests: real distributions on the path, good ones and broken ones."""

from __future__ import annotations

import textwrap
from pathlib import Path

SPEC = """
from asctl.api import Capability, ProviderSpec, TrackerLimits, hookimpl

@hookimpl
def asctl_couriers():
    return [ProviderSpec(id="{id}", title="Fake", api_version={version}, factory="{module}:Provider", couriers=("sto",),
                         capabilities=(Capability("Tracker", TrackerLimits()),))]
"""


def install(folder: Path, name: str, source: str, distribution: str = "") -> str:
    """Put a plugin of that name into ``folder`` as a distribution of its own; returns the module's name."""
    module = f"fake_{name}"
    (folder / f"{module}.py").write_text(textwrap.dedent(source), "utf-8")
    declare(folder, name, module, distribution)
    return module


def declare(folder: Path, name: str, module: str, distribution: str = "") -> None:
    """Say that a module in ``folder`` is the plugin of that name, as an installed distribution says it."""
    info = folder / f"{distribution or name}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution or name}\nVersion: 1.2\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[asctl.plugins]\n{name} = {module}\n", "utf-8")


def courier(name: str, module: str = "", version: int = 1) -> str:
    """Source of a plugin that offers one tracker."""
    return SPEC.format(id=name, version=version, module=module or f"fake_{name}")
