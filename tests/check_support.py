"""A plugin for ``asctl plugin check``: a courier in one file, as ``plugin new`` makes it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from asctl.scaffold import PluginName, new_files, put
from tests.command_support import Result

NAME = PluginName.of("checked")
_CONFORMANCE = """
def conformance():
    return {told}
"""


def made_in(folder: Path) -> Iterator[Path]:
    """Its file; the module is forgotten when the test is over."""
    put(new_files(NAME, "courier", one_file=True), folder / "made")
    yield folder / "made" / f"{NAME.module}.py"
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME.module]:
        del sys.modules[name]


def telling(file: Path, told: str) -> None:
    """Let the plugin tell the kit something: an expression."""
    source = file.read_text("utf-8").replace("sandbox=", f'conformance="{NAME.module}:conformance", sandbox=')
    file.write_text(source + _CONFORMANCE.format(told=told), "utf-8")


def rules(checked: Result, state: str) -> list[str]:
    """The rules that are in a state."""
    return [record["rule"] for record in checked.records if record["state"] == state]
