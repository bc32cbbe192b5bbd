"""NDJSON: one flat object per line, each its own header."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from asctl.domain.errors import BadInput
from asctl.intake.columns import HeaderMatcher
from asctl.text import _


def read_ndjson(text: TextIO, matcher: HeaderMatcher) -> Iterator[tuple[int, dict[str, str] | BadInput]]:
    """(line, its values by column name); numbers keep the digits that stand in the file."""
    decode = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).decode
    for line, written in enumerate(text, start=1):
        if written.strip():
            try:
                yield line, _cells(decode(written.strip()), matcher)
            except BadInput as error:
                yield line, error
            except (ValueError, RecursionError):
                yield line, _not_object()


def _cells(value: Any, matcher: HeaderMatcher) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _not_object()
    matched = matcher.match(list(value))
    return {name: _text(key, value[key]) for name, key in matched.items()}


def _text(key: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    raise BadInput(
        _("{key} holds a list or an object; text or a number was expected").format(key=key),
        code="bad_value",
        hint=_("write one line per value"),
    )


def _not_object() -> BadInput:
    return BadInput(_("the line is not a JSON object"), code="bad_row", hint=_("write one object per line"))
