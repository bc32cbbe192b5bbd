"""Whom to examine: a plugin by the name under which it is installed, or by the path of its code."""

from __future__ import annotations

import importlib
import os
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from asctl.domain.errors import BadInput, PluginBroken
from asctl.host.blame import in_words
from asctl.host.calls import Whose
from asctl.host.entries import GROUP
from asctl.host.fitness import Unfit
from asctl.host.plugins import Host
from asctl.testing.rules import Missing
from asctl.testing.subject import Subject, subject_of, subjects_of
from asctl.text import _

T = TypeVar("T")
_MOST_SHOWN = 60


@contextmanager
def find_subjects(host: Host, name: str) -> Iterator[tuple[Subject, ...]]:
    """Every spec of the plugin ``name``, or of the code at that path (a ``.py`` file, a package, or a folder with
    ``pyproject.toml``), which can be imported from there as long as the block runs.

    Raises :class:`NotOffered` for a name that nobody installed, :class:`BadInput` (``no_plugin_there``) for a path without a
    plugin, :class:`PluginBroken` where it cannot be loaded.
    """
    if _is_name(host, name):
        yield _installed(host, name)
        return
    place = _resolved(name)
    modules = _modules_at(place)
    with _importable(place):
        yield _at(host, place, modules)


def _is_name(host: Host, name: str) -> bool:
    return name in host.names() or not ("/" in name or name.endswith(".py") or os.path.exists(name))


def _resolved(name: str) -> Path:
    try:
        place = Path(name).resolve()
        place.exists()
        return place
    except (OSError, RuntimeError) as error:  # links in a circle, a name that no file can have
        raise _nothing(Path(name[-_MOST_SHOWN:]), getattr(error, "strerror", None) or in_words(error)) from error


def _installed(host: Host, name: str) -> tuple[Subject, ...]:
    plugin = host.plugin(name)
    if plugin.error is not None:
        raise plugin.error
    pairs = [(kind, spec) for kind, specs in plugin.specs.items() for spec in specs]
    if not pairs:
        raise BadInput(
            _("plugin {name} offers no provider, so there is nothing to examine").format(name=name),
            code="no_plugin_there",
            hint=_("providers are what its list hooks return, such as asctl_couriers: asctl help authors"),
        )
    return _loaded(
        host, name, lambda: tuple(subject_of(plugin.name, plugin.module, kind, spec) for kind, spec in pairs)
    )


def _at(host: Host, place: Path, modules: tuple[str, ...]) -> tuple[Subject, ...]:
    found: list[Subject] = []
    for name in modules:
        module = _loaded(host, place.name, lambda name=name: importlib.import_module(name))  # type: ignore[misc]
        _must_come_from(place, module)
        found += _loaded(host, place.name, lambda module=module: subjects_of(module))  # type: ignore[misc]
    if not found:
        raise _nothing(place, _("{modules} has no hook that lists providers").format(modules=", ".join(modules)))
    return tuple(found)


def _must_come_from(place: Path, module: ModuleType) -> None:
    """Another module may have the name already, and was imported in its stead. Raises :class:`BadInput`."""
    file = Path(module.__file__ or "").resolve()
    if not file.is_relative_to(place):
        raise _nothing(
            place, _("{module} is another module's name already: {file}").format(module=module.__name__, file=file)
        )


def _loaded(host: Host, name: str, work: Callable[[], T]) -> T:
    """What code of the plugin comes to, done by the warden. Raises :class:`PluginBroken`."""
    call = host.warden.load(Whose(name), work)
    host.warden.tell_changes(call)
    if call.hung and isinstance(call.error, PluginBroken):
        raise call.error
    if call.error is not None:
        raise _unusable(name, call.error) from call.error
    return call.result


@contextmanager
def _importable(place: Path) -> Iterator[None]:
    before = [*sys.path]
    roots = (place / "src", place) if (place / "pyproject.toml").is_file() else (place.parent,)
    sys.path[:0] = [str(root) for root in roots if root.is_dir()]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = before


def _modules_at(place: Path) -> tuple[str, ...]:
    """The plugin modules at a path."""
    if place.suffix == ".py" and place.is_file():
        return (place.stem,)
    if (place / "__init__.py").is_file():
        return (place.name,)
    if (place / "pyproject.toml").is_file():
        return _entry_points(place / "pyproject.toml")
    raise _nothing(place, _("there is neither a .py file, nor a package, nor a folder with pyproject.toml"))


def _entry_points(file: Path) -> tuple[str, ...]:
    try:
        declared: Any = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _nothing(file, str(error)) from error
    for name in ("project", "entry-points", GROUP):
        declared = declared.get(name) if isinstance(declared, dict) else None
    if not declared or not isinstance(declared, dict):
        raise _nothing(file, _('it has no [project.entry-points."{group}"]').format(group=GROUP))
    if parts := [str(value) for value in declared.values() if ":" in str(value)]:
        words = _("its entry point {value} must name the module that holds the hooks, and nothing in it")
        raise _nothing(file, words.format(value=parts[0][:_MOST_SHOWN]))
    return tuple(dict.fromkeys(map(str, declared.values())))


def _nothing(path: Path, why: str) -> BadInput:
    return BadInput(
        _("no plugin at {path}: {why}").format(path=path.name, why=why),
        code="no_plugin_there",
        hint=_("give the name of an installed plugin, a .py file, or a folder; a new one: asctl plugin new NAME"),
    )


def _unusable(name: str, error: BaseException) -> PluginBroken:
    words = str(error) if isinstance(error, Unfit | Missing) else in_words(error)
    return PluginBroken(
        _("plugin {name} cannot be examined: {error}").format(name=name, error=words),
        code="plugin_broken",
        hint=_("mend that first; python -c 'import MODULE' shows where it happens"),
        provider=name,
    )
