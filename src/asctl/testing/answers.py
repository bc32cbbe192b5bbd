"""One record changed inside the far side's answers, whatever their shape is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl.testing.rules import Missing

Record = dict[str, Any]
_ODD: Any = {"odd": [None]}
NEW_WORD = "NOBODY_KNOWS_THIS_ONE"


class Reworked:
    """A tampering with every JSON object that has ``number`` (or another text that none beside it has) as a member: ``change``
    makes another object of it."""

    def __init__(self, number: str, change: Callable[[Record], Record]) -> None:
        self._number = number
        self._change = change
        self._struck = False

    def __call__(self, _request: SandboxRequest, reply: SandboxReply) -> SandboxReply:
        try:
            told = json.loads(reply.body)
        except ValueError:
            return reply
        return replace(reply, body=json.dumps(self._walked(told), ensure_ascii=False).encode())

    def must_have_struck(self) -> None:
        """Raises :class:`Missing` where no answer held such an object, so that nothing was tried."""
        if not self._struck:
            raise Missing(
                f"no answer is JSON with {self._number!r} as a member of an object, so the kit cannot change that record "
                "by itself: try it in a test of your own, and exempt this rule with that reason"
            )

    def _walked(self, told: Any) -> Any:
        if isinstance(told, list):
            return [self._walked(item) for item in told]
        if isinstance(told, str) and told[:1] in ("{", "["):
            return self._inside(told)
        if not isinstance(told, dict):
            return told
        if any(str(member) == self._number for member in told.values()):
            self._struck = True
            return self._change(told)
        return {name: self._walked(member) for name, member in told.items()}

    def _inside(self, text: str) -> str:
        """Some far sides put JSON into a text of their JSON."""
        try:
            return json.dumps(self._walked(json.loads(text)), ensure_ascii=False)
        except ValueError:
            return text


def spoiled(number: str) -> Reworked:
    """The record keeps its number, and nothing else in it is of a shape that anybody knows."""
    return Reworked(number, lambda record: {name: m if str(m) == number else _ODD for name, m in record.items()})


def emptied(number: str) -> Reworked:
    """Nothing in the record is of a shape that anybody knows, its number included."""
    return Reworked(number, lambda record: dict.fromkeys(record, _ODD))


def reworded(number: str, word: str) -> Reworked:
    """Where the record says ``word``, it says one that nobody has heard of."""
    return Reworked(number, lambda record: {name: NEW_WORD if str(m) == word else m for name, m in record.items()})
