"""Reading JSON answers that may be anything: HTML, a cut-off half, or JSON of another shape."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from asctl.api.context import HttpAnswer
from asctl.domain.errors import Unavailable
from asctl.text import _


def read_object(answer: HttpAnswer) -> dict[str, Any]:
    """The answer as a JSON object, whatever its content type; numbers with a point become ``Decimal``.

    Raises :class:`Unavailable` (code ``not_json``) for anything else, naming what came instead.
    """
    try:
        value = json.loads(answer.body, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise _not_json(answer) from None
    if not isinstance(value, dict):
        raise _not_json(answer)
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
