"""JSON: written compactly, and read although it may be anything (HTML, a cut-off half, another shape, text that no store
takes)."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from asctl.api.context import HttpAnswer
from asctl.domain.errors import Unavailable
from asctl.domain.identifiers import storable
from asctl.text import _

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def compact_json(value: Any) -> str:
    """``value`` as JSON without blanks and with its Chinese left readable; the very text to be signed and sent."""
    return _COMPACT.encode(value)


def as_text(value: object) -> str:
    """A member that should be text: trimmed; whole numbers become digits, anything else is empty. It never raises."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def read_object(answer: HttpAnswer) -> dict[str, Any]:
    """The answer as a JSON object, whatever its content type; as :func:`json_object` reads it.

    Raises :class:`Unavailable` (code ``not_json``, not ``passing``) for anything else, naming what came instead.
    """
    try:
        return json_object(answer.body)
    except ValueError:
        raise _not_json(answer) from None


def json_object(text: str | bytes) -> dict[str, Any]:
    """A JSON object; numbers with a point become ``Decimal``. Raises ``ValueError`` for anything else.

    Half characters (half an emoji, say) and NUL, which no store takes, become U+FFFD.
    """
    try:
        value = _storable(json.loads(text, parse_float=Decimal))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isprintable() else storable(value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(member) for name, member in value.items()}
    return value


def _not_json(answer: HttpAnswer) -> Unavailable:
    start = answer.body[:200].lstrip().lower()
    what = _("a web page") if start.startswith((b"<!doctype", b"<html", b"<")) else _("something that is not JSON")
    return Unavailable(
        _("the far side answered with {what} instead of JSON").format(what=what),
        code="not_json",
        passing=False,
        hint=_("check base_url; if it is right, the far side or a proxy has trouble: run again later"),
    )
