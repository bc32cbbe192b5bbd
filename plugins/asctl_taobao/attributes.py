"""The ``attribute`` text of an application (reference/taobao-top.md section 4.2): ``;key:value;key:value;``.

Inside a value ``#3B`` stands for a colon and ``#3A`` for a semicolon, the reverse of the ASCII codes.
"""

from __future__ import annotations

from collections.abc import Mapping


def read_attributes(written: str) -> dict[str, str]:
    """Every key with its value, decoded; what has no colon is left out."""
    entries = (entry.partition(":") for entry in written.split(";"))
    return {key: _decoded(value) for key, colon, value in entries if colon}


def write_attributes(values: Mapping[str, str]) -> str:
    """The text for these values; empty where there are none."""
    entries = [f"{key}:{_encoded(value)};" for key, value in values.items()]
    return ";" + "".join(entries) if entries else ""


def _decoded(value: str) -> str:
    return value.replace("#3B", ":").replace("#3A", ";")


def _encoded(value: str) -> str:
    return value.replace(":", "#3B").replace(";", "#3A")
