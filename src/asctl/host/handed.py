"""What a provider is handed: services of ours, whose time is none of the plugin's, on whichever of its threads it asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from asctl.api.context import HttpAnswer, HttpClient, HttpRequest
from asctl.api.tokens import Token, Tokens
from asctl.host.answers import held_to
from asctl.host.calls import Whose
from asctl.host.warden import Warden

T = TypeVar("T")


class CountedHttp:
    """The way out of one provider. What it takes is no time of the plugin's, however long the pace makes a call wait."""

    def __init__(self, http: HttpClient, whose: Whose, warden: Warden) -> None:
        self._http = http
        self._whose = whose
        self._warden = warden

    def call(self, make: Callable[[], HttpRequest], read: Callable[[HttpAnswer], T]) -> T:
        """As :meth:`asctl.api.context.HttpClient.call`."""
        behalf = self._warden.behalf(self._whose)
        with behalf.with_us():
            return self._http.call(
                behalf.with_plugin(make), behalf.with_plugin(held_to(Any, self._whose, "read()", read))
            )


class CountedTokens:
    """Its access tokens, for which it may have to wait as long as another process refreshes them."""

    def __init__(self, tokens: Tokens, whose: Whose, warden: Warden) -> None:
        self._tokens = tokens
        self._whose = whose
        self._warden = warden

    def token(self, fetch: Callable[[Token | None], Token]) -> str:
        """As :meth:`asctl.api.tokens.Tokens.token`."""
        behalf = self._warden.behalf(self._whose)
        with behalf.with_us():
            return self._tokens.token(behalf.with_plugin(held_to(Token, self._whose, "fetch()", fetch)))

    def refused(self, value: str) -> None:
        """As :meth:`asctl.api.tokens.Tokens.refused`."""
        self._tokens.refused(value)
