"""The configuration that makes ``asctl`` talk to the sandbox: ``DIR/asctl.toml``, readable by its owner alone."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from asctl.domain.errors import BadInput, PluginBroken
from asctl.text import _

FILE_NAME = "asctl.toml"
_MARK = "# Written by asctl sandbox, and anew at each start: its shops, couriers and secrets are invented.\n"
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")

Section = Mapping[str, object]


def write_config(directory: Path, accounts: Iterable[Mapping[str, Mapping[str, Section]]]) -> Path:
    """Write store, operator and the apps' accounts; answers the file.

    Raises :class:`BadInput` (``config_exists``) before touching a file that a person wrote, and ``directory_refused``
    where the directory cannot be written; :class:`PluginBroken` (``account_clash``) where two apps name one account.
    """
    path = directory / FILE_NAME
    tables = {
        "store": {"url": f"sqlite:///{(directory / 'asctl.db').resolve()}"},
        "operator": {"staff_no": "8012"},
    } | _account_tables(accounts)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _spare_others_work(path)
        _write_private(path, _MARK + toml_text(tables))
    except OSError as trouble:
        raise BadInput(
            _("the sandbox cannot write {path}: {trouble}").format(path=path, trouble=trouble.strerror),
            code="directory_refused",
            hint=_("give a directory that you may write"),
        ) from trouble
    return path


def toml_text(tables: Mapping[str, Section]) -> str:
    """Tables of texts, numbers, truths, lists and inline tables as TOML. A table's name is dotted and already quoted."""
    parts = []
    for name, section in tables.items():
        lines = [f"{_key(key)} = {_value(value)}" for key, value in section.items()]
        parts.append("\n".join([f"[{name}]", *lines, ""]))
    return "\n".join(parts)


def _value(value: object) -> str:
    """JSON and TOML write these alike, except that TOML wants DEL escaped and its inline tables with ``=``."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(str(key))} = {_value(member)}" for key, member in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(member) for member in value) + "]"
    if isinstance(value, bool | int | float | str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    raise TypeError(f"no TOML for {type(value).__name__}")


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _value(name)


def _account_tables(accounts: Iterable[Mapping[str, Mapping[str, Section]]]) -> dict[str, Section]:
    tables: dict[str, Section] = {}
    for sections in accounts:
        for section, named in sections.items():
            for account, settings in named.items():
                table = f"{_key(section)}.{_key(account)}"
                if table in tables:
                    raise PluginBroken(
                        _("two sandbox apps both name an account {table}").format(table=table),
                        code="account_clash",
                        hint=_("leave one of the two plugins out"),
                    )
                tables[table] = settings
    return _with_invoices(tables)


def _with_invoices(tables: dict[str, Section]) -> dict[str, Section]:
    """Where several providers issue invoices, a shop has to say which one is its own: the first of them."""
    issuing = sorted(name.partition(".")[2] for name in tables if name.startswith("invoices."))
    if len(issuing) < 2:
        return tables
    return {
        name: {"invoices": issuing[0], **settings} if name.startswith("shops.") else settings
        for name, settings in tables.items()
    }


def _spare_others_work(path: Path) -> None:
    if path.exists() and not path.read_bytes().startswith(_MARK.encode()):
        raise BadInput(
            _("{path} is not from a sandbox, so the sandbox leaves it alone").format(path=path),
            code="config_exists",
            hint=_("give the sandbox a directory of its own"),
        )


def _write_private(path: Path, text: str) -> None:
    """Never readable by others, not even for a moment; replaced as a whole."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
