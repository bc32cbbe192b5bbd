"""Their door: who calls, whether he signed what he says, and what he asked for before under the same key."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asctl.api import Effect
from asctl.api.sandbox import SandboxRequest, SandboxWorld
from asctl_demo.account import EFFECTS
from asctl_demo.client import sign
from asctl_demo.errors import BAD_KEY, BAD_SIGN, BAD_TIME, KEY_TAKEN, NOT_FOUND
from asctl_demo.wire import KEY, SIGN, TIME, Row

ACCOUNT_KEY = "demo-key"
SECRET = "demo-secret-not-real"
_CLOCKS_APART_S = 300
_WORDS: Mapping[Effect, str] = {effect: word for word, effect in EFFECTS.items()}
Result = dict[str, Any]


class No(Exception):
    """A call that is not carried out: its code, what is told with it, and the member that is at fault."""

    def __init__(self, code: str, text: str = "", member: str = "") -> None:
        super().__init__(code)
        self.told = {"code": code, "text": text or code} | ({"member": member} if member else {})


def let_in(request: SandboxRequest, world: SandboxWorld) -> None:
    """Key, time stamp and signature over the very bytes, in this order. Raises :class:`No`."""
    if request.headers.get(KEY) != ACCOUNT_KEY:
        raise No(BAD_KEY)
    moment = request.headers.get(TIME) or ""
    if not _is_timely(moment, world):
        raise No(BAD_TIME)
    right = sign(SECRET, moment, request.body)
    if not hmac.compare_digest(right.encode(), (request.headers.get(SIGN) or "").encode("utf-8", "replace")):
        raise No(BAD_SIGN)


def _is_timely(moment: str, world: SandboxWorld) -> bool:
    try:
        told = datetime.fromisoformat(moment)
    except ValueError:
        return False
    return told.tzinfo is not None and world.clock_agrees(told, _CLOCKS_APART_S)


@dataclass(frozen=True, slots=True)
class Taken:
    """A request that was carried out: its number, how to see how far it is, and how to take it back (not at all)."""

    number: str
    look: Callable[[], Effect] = lambda: Effect.EFFECTIVE
    cancel: Callable[[], bool] = lambda: False
    waybill: str = ""

    def result(self) -> Result:
        return {"number": self.number, "waybill": self.waybill}


class Keys:
    """Every request that came under a key. A repeat is answered as before and changes nothing; the same key with something
    else is refused; and whoever asks is told how far it is."""

    def __init__(self) -> None:
        self._taken: dict[str, tuple[Mapping[str, Any], Taken]] = {}

    def once(self, asked: Row, carry_out: Callable[[], Taken]) -> tuple[Result, bool]:
        """The answer, and whether it was carried out now. Raises :class:`No`."""
        key = asked.needed("key")
        if key in self._taken:
            members, taken = self._taken[key]
            if members != asked.members:
                raise No(KEY_TAKEN)
            return taken.result(), False
        taken = carry_out()
        self._taken[key] = (asked.members, taken)
        return taken.result(), True

    def look(self, asked: Row) -> Result:
        """``request``: how far the one with that key is. Raises :class:`No`."""
        key = asked.needed("key")
        if key not in self._taken:
            raise No(NOT_FOUND)
        _members, taken = self._taken[key]
        return {**taken.result(), "state": _WORDS[taken.look()]}

    def cancel(self, asked: Row) -> tuple[Result, bool]:
        """``cancel``: take the one with that key back; whether that changed anything now. Raises :class:`No`."""
        _members, taken = self._taken.get(asked.needed("key"), ({}, None))
        before = taken.look() if taken else None
        if taken is None or not taken.cancel():
            raise No("cannot_cancel")
        return taken.result(), before is not Effect.CANCELLED
