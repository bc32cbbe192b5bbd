"""Providers that cannot keep a secret: what they say where, and what they should keep to themselves."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from asctl.api import AsctlError, Context, Unavailable
from asctl.host.guard import load_object
from asctl.testing.site import CUSTOMER
from asctl.testing.subject import Subject
from tests.kit.wrong import Behaviour, Method, tried, with_spec


def telling(tell: Callable[[AsctlError], None]) -> Behaviour:
    """Tells of each error in its own way, and raises it."""

    def behaviour(method: Method, arguments: tuple[Any, ...]) -> Any:
        result, error = tried(method, arguments)
        if error is not None:
            tell(error)
            raise error
        return result

    return behaviour


def _in_the_hint(error: AsctlError) -> None:
    error.hint += f" (they said: {error.upstream_text})"


def _in_the_message(error: AsctlError) -> None:
    error.message = f"{error.message} about {CUSTOMER.name}"


def _to_a_log_of_its_own(error: AsctlError) -> None:
    logging.getLogger("demo_plugin").debug("they said: %s", error.upstream_text)


def _with_what_was_raised(error: AsctlError) -> None:
    try:
        raise ValueError(error.upstream_text) from error
    except ValueError:
        logging.getLogger("demo_plugin.inner").warning("that was odd", exc_info=True)


def _on_the_screen(error: AsctlError) -> None:
    print(error.upstream_text)


def _on_stderr(error: AsctlError) -> None:
    sys.stderr.write(f"{error.upstream_text}\n")


def _as_addresses_have_it(error: AsctlError) -> None:
    error.hint += quote(CUSTOMER.name)


def _as_python_shows_it(error: AsctlError) -> None:
    error.message += ascii(CUSTOMER.detail)


WAYS = (
    _in_the_hint,
    _in_the_message,
    _to_a_log_of_its_own,
    _with_what_was_raised,
    _on_the_screen,
    _on_stderr,
    _as_addresses_have_it,
    _as_python_shows_it,
)


@dataclass
class _TokenTeller:
    """Tells the access token where it tells anything."""

    good: Any
    context: Context

    def __getattr__(self, name: str) -> Any:
        own = getattr(self.good, name)
        return lambda *arguments: telling(self._tell)(own, arguments)

    def _tell(self, _error: AsctlError) -> None:
        held = self.context.tokens.token(_kept)
        raise Unavailable("no answer", code="no_answer", hint=f"with {held}")


def _kept(token: Any) -> Any:
    assert token is not None
    return token


def nuonuo(context: Context) -> _TokenTeller:
    return _TokenTeller(load_object("asctl_nuonuo.provider:Nuonuo")(context), context)


def telling_its_token(subject: Subject) -> Subject:
    return with_spec(subject, factory=f"{__name__}:nuonuo")
