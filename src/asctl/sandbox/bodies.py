"""Reading the JSON bodies of the control door: each field checked, and nothing unknown passed over in silence."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from asctl.domain.errors import BadInput
from asctl.domain.times import parse_moment
from asctl.text import _


class Body:
    """A JSON object that is read field by field; :meth:`finish` refuses what nobody asked for.

    Every reader raises :class:`BadInput` (code ``bad_body``) naming the field. A ``default`` of ``None`` means that
    the field must be there.
    """

    def __init__(self, value: object, where: str = "") -> None:
        if not isinstance(value, dict):
            raise bad_body(_("{where} must be a JSON object").format(where=where or _("the body")))
        self._fields: dict[str, Any] = dict(value)
        self._where = f"{where}." if where else ""

    @classmethod
    def parse(cls, raw: bytes) -> Body:
        """The body of a request; an empty one is an empty object."""
        try:
            return cls(json.loads(raw or b"{}"))
        except (ValueError, RecursionError):
            raise bad_body(_("the body is not JSON")) from None

    def has(self, name: str) -> bool:
        """Whether the field was given with a value."""
        return self._fields.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        """A text; where it is required it may not be empty."""
        value = self._take(name, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self._wrong(name, _("a text"))
        return value.strip()

    def number(self, name: str, default: float | None = None, *, low: float = 0, high: float) -> float:
        """A finite number from ``low`` to ``high``."""
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._wrong(name, _("a number"))
        if not low <= value <= high:
            raise self._wrong(name, _("from {low:g} to {high:g}").format(low=low, high=high))
        return value

    def whole(self, name: str, default: int | None = None, *, low: int = 0, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        value = self.number(name, default, low=low, high=high)
        if value != int(value):
            raise self._wrong(name, _("a whole number"))
        return int(value)

    def truth(self, name: str, default: bool) -> bool:
        """``true`` or ``false``."""
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise self._wrong(name, _("true or false"))
        return value

    def moment(self, name: str) -> datetime:
        """A time in ISO 8601; China time where it names no offset."""
        try:
            return parse_moment(self.text(name))
        except BadInput:
            raise self._wrong(name, _("a time such as 2026-11-21T09:30:00+08:00")) from None

    def texts(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """A list of texts that is not empty."""
        value = self._take(name, list(default))
        if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
            raise self._wrong(name, _("a list of texts"))
        return tuple(value)

    def objects(self, name: str) -> Iterator[Body]:
        """A list of objects, each to be read and finished in turn; an absent list is empty."""
        value = self._take(name, [])
        if not isinstance(value, list):
            raise self._wrong(name, _("a list"))
        for index, item in enumerate(value):
            yield Body(item, f"{self._where}{name}[{index}]")

    def finish(self) -> None:
        """Refuse fields that were never read."""
        if self._fields:
            name = next(iter(self._fields))
            raise bad_body(_("nobody knows the field {name!r}").format(name=self._where + name[:60]))

    def _take(self, name: str, default: object) -> Any:
        value = self._fields.pop(name, None)
        return default if value is None else value

    def _wrong(self, name: str, expected: str) -> BadInput:
        return bad_body(_("{name} must be {expected}").format(name=self._where + name, expected=expected))


def bad_body(sentence: str) -> BadInput:
    """The refusal of a body that holds what the call cannot take."""
    return BadInput(sentence, code="bad_body", hint=_("compare it with the table of control calls"))
