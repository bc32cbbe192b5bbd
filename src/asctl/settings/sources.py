"""The three places a value can be written in: options, environment variables and the configuration file."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from asctl.domain.errors import BadConfiguration
from asctl.settings.declared import ACCOUNT_SECTIONS, ROUTING
from asctl.settings.lines import key_lines, line_of
from asctl.settings.origin import Found, KeyPath, Origin, Source
from asctl.text import _

PREFIX = "ASCTL_"
Layers = dict[KeyPath, list[Found]]
"""What was written for each key, strongest source first."""


def config_path(named: Path | None, environ: Mapping[str, str]) -> tuple[Path, bool]:
    """Where the configuration is looked for, and whether somebody named that place; never the current directory."""
    if named is not None or environ.get("ASCTL_CONFIG"):
        return (named or Path(environ["ASCTL_CONFIG"])).expanduser(), True
    from platformdirs import user_config_path

    return user_config_path("asctl") / "asctl.toml", False


def gather(path: Path, must_exist: bool, environ: Mapping[str, str], overrides: Mapping[str, str]) -> Layers:
    """Everything that is written anywhere. Raises :class:`BadConfiguration` where the file cannot be read at all."""
    in_file = dict(_from_file(path, must_exist))
    layers: Layers = {}
    for layer in (_from_options(overrides), _from_environment(environ, in_file), in_file.items()):
        for key, found in layer:
            layers.setdefault(key, []).append(found)
    return layers


def _from_options(overrides: Mapping[str, str]) -> Iterator[tuple[KeyPath, Found]]:
    for key, value in overrides.items():
        yield tuple(key.split(".")), Found(value, Origin(Source.OPTION, key))


def _from_environment(environ: Mapping[str, str], in_file: Mapping[KeyPath, Found]) -> Iterator[tuple[KeyPath, Found]]:
    """Variables of the form ``ASCTL_SECTION__KEY``; one that is empty counts as not set."""
    accounts = {(path[0], folded(path[1])): path[1] for path in in_file if len(path) > 1}
    for variable, value in environ.items():
        section, separator, rest = variable.removeprefix(PREFIX).lower().partition("__")
        if variable.startswith(PREFIX) and separator and value:
            yield (section, *_below(section, rest, accounts)), Found(value, Origin(Source.ENVIRONMENT, variable))


def _below(section: str, rest: str, accounts: Mapping[tuple[str, str], str]) -> KeyPath:
    if section not in ACCOUNT_SECTIONS:
        return tuple(rest.split("__"))
    name, separator, key = rest.rpartition("__")
    return (accounts.get((section, folded(name)), name), key) if separator else (rest,)


def folded(account: str) -> str:
    """An account's name as far as variables can tell names apart."""
    return account.casefold().replace("-", "_")


def _from_file(path: Path, must_exist: bool) -> Iterator[tuple[KeyPath, Found]]:
    text = _read(path, must_exist)
    lines = key_lines(text)
    for key, value in _flat(_parse(text, path)):
        yield key, Found(value, Origin(Source.FILE, f"{path}:{line_of(lines, key)}"))


def _flat(tree: Mapping[str, object]) -> Iterator[tuple[KeyPath, object]]:
    """Each key with its value; accounts also as a whole, so that one without any key is seen."""
    for section, table in tree.items():
        if not isinstance(table, dict):
            yield (section,), table
            continue
        for name, value in table.items():
            nested = isinstance(value, dict) and section in (ROUTING, *ACCOUNT_SECTIONS)
            if not nested or section in ACCOUNT_SECTIONS:
                yield (section, name), value
            if nested:
                yield from (((section, name, key), inner) for key, inner in value.items())


def _read(path: Path, must_exist: bool) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if must_exist:
            raise _missing(path) from None
        return ""
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadConfiguration(
            _("{path}:{line} is not UTF-8 text").format(path=path, line=line),
            code="config_not_utf8",
            hint=_("save the file as UTF-8"),
        ) from None
    except OSError as error:
        raise BadConfiguration(
            _("the configuration {path} cannot be read: {why}").format(path=path, why=os.strerror(error.errno or 0)),
            code="config_unreadable",
            hint=_("correct the file's permissions, or name another file with --config"),
        ) from error


def _missing(path: Path) -> BadConfiguration:
    return BadConfiguration(
        _("there is no configuration at {path}").format(path=path),
        code="config_missing",
        hint=_("run `asctl init` to write one, or correct --config or ASCTL_CONFIG"),
    )


def _parse(text: str, path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _open, place = str(error).partition(" (at ")
        line = re.search(r"line (\d+)", place)
        number = int(line[1]) if line else text.count("\n") + 1
        twice = "twice" in what or "overwrite" in what
        raise BadConfiguration(
            _("{path}:{line} is not TOML: {what}").format(path=path, line=number, what=what),
            code="config_syntax",
            hint=_("it stands further up already: add to it there")
            if twice
            else _('a line reads `name = "text"`, `name = 12` or `[section]`; texts stand in quotes'),
        ) from None
