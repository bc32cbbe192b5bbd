"""The template files, and what becomes of them under a plugin's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from asctl.scaffold.names import PluginName
from asctl.text import _

_FOLDER = files("asctl") / "scaffold" / "kinds"
_PLACEHOLDER = re.compile("asctl-pigeon|asctl_pigeon|pigeon|Pigeon|PIGEON")


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file of a new plugin: its ``path`` below the plugin's folder, its ``text``, and what it is for."""

    path: str
    text: str
    purpose: str


def new_files(name: PluginName, kind: str, one_file: bool) -> tuple[NewFile, ...]:
    """The files of a new plugin, by path. ``kind`` is ``courier``, ``order-source``, ``invoice``, ``label`` or ``notifier``."""
    found = (pair for part in _parts(kind, one_file) for pair in _templates(_FOLDER.joinpath(*part), ""))
    return tuple(sorted((_filled(name, kind, path, text) for path, text in found), key=lambda file: file.path))


def _parts(kind: str, one_file: bool) -> Iterator[tuple[str, ...]]:
    """The folders with the files: what all kinds have in common, what all that speak to a far side have, and the kind's own."""
    form = "one-file" if one_file else "package"
    yield ("shared", form)
    if not one_file and kind != "label":
        yield ("network",)
    yield (kind, form)


def _templates(folder: Traversable, above: str) -> Iterator[tuple[str, str]]:
    """Path and text of every file; what Python leaves beside them is none."""
    for entry in folder.iterdir():
        if entry.is_file():
            yield above + entry.name, entry.read_text("utf-8")
        elif not entry.name.startswith(("_", ".")):
            yield from _templates(entry, f"{above}{entry.name}/")


def _filled(name: PluginName, kind: str, path: str, text: str) -> NewFile:
    words = {
        "asctl-pigeon": name.distribution,
        "asctl_pigeon": name.module,
        "pigeon": name.id,
        "Pigeon": name.words,
        "PIGEON": name.id.upper(),
    }

    def fill(template: str) -> str:
        return _PLACEHOLDER.sub(lambda found: words[found.group()], template)

    return NewFile(fill(path), fill(text), _purpose(kind, path.rpartition("/")[2]))


def _purpose(kind: str, template: str) -> str:
    if (kind, template) == ("label", "asctl_pigeon.py"):
        return _("the plugin: what it offers, and what draws the labels")
    return {
        "pyproject.toml": _("name, version, entry point, and what its tests need"),
        "README.md": _("what it can do, its settings and errors, and what is inferred"),
        "asctl_pigeon.py": _("the plugin: what it offers, the provider, its make-believe far side"),
        "__init__.py": _("what the plugin offers; read whenever plugins are listed"),
        "provider.py": _("the capabilities"),
        "client.py": _("their address, signature and errors"),
        "mapping.py": _("their words made ours"),
        "lines.py": _("what stands on a label"),
        "sandbox.py": _("their side, make-believe: for tests and for asctl sandbox serve"),
        "test_asctl_pigeon.py": _("the conformance kit's rules"),
        "test_contract.py": _("the conformance kit's rules, and the plugin's own tests"),
    }[template]
