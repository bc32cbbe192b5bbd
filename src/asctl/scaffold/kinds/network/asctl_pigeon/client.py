"""The way out: their address, signature and errors. All that a capability does is :meth:`Client.ask`."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from asctl.api import (
    AsctlError,
    Context,
    CredentialsRefused,
    HttpAnswer,
    HttpRequest,
    NotFound,
    Refused,
    Throttled,
    Unavailable,
    as_text,
    china_text,
    read_object,
)

T = TypeVar("T")
_LATER = "run again later; if it stays so, tell the plugin's author"


def sign(secret: str, form: dict[str, str]) -> str:
    """HMAC-SHA256 over all fields but itself, sorted by name."""
    text = "&".join(f"{name}={value}" for name, value in sorted(form.items()) if name != "sign")
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


class Client:
    """One account's calls. It keeps nothing between them, so threads may share it."""

    def __init__(self, context: Context) -> None:
        self._text, self._http, self._clock = context.text, context.http, context.clock

    def ask(
        self, call: str, question: dict[str, str], read: Callable[[dict[str, Any]], T], *, write: bool = False
    ) -> T:
        """What ``read`` makes of an answer that says OK; of one in another shape, Unavailable (``odd_answer``).

        ``write`` says that the call changes something: it is sent once, and a lost or odd answer is then Unclear.
        """

        def request() -> HttpRequest:  # made anew for each attempt, so that time and signature are fresh
            told = question | {"customer": self._text("customer"), "time": china_text(self._clock.now())}
            form = {name: text.encode("utf-8", "replace").decode() for name, text in told.items()}
            form["sign"] = sign(self._text("secret"), form)
            return HttpRequest("POST", f"{self._text('base_url')}/{call}", operation=call, form=form, write=write)

        return self._http.call(request, lambda answer: _read(answer, read))


def _read(answer: HttpAnswer, read: Callable[[dict[str, Any]], T]) -> T:
    told = read_object(answer)  # raises Unavailable for what is no JSON object
    code = as_text(told.get("code"))
    if code != "OK":
        raise _error(code)
    try:
        return read(told)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        raise Unavailable("Pigeon's answer has another shape", code="odd_answer", passing=False, hint=_LATER) from None


def _error(code: str) -> AsctlError:
    """Their errors, by code and never by text. The family says what an operator does next; see asctl help authors."""
    match code:
        case "BAD_SIGN":
            return CredentialsRefused("Pigeon does not accept the signature", code="bad_sign", hint="check the secret")
        case "TOO_FAST":
            return Throttled("Pigeon says: too many calls", retry_after=timedelta(minutes=1), hint="run again later")
        case "UNKNOWN":
            return NotFound("Pigeon does not know the number", code="not_found", hint="check number and account")
        case "REFUSED":
            return Refused("Pigeon said no", hint="ask Pigeon why", upstream_code=code)
    return Unavailable("Pigeon's answer is not understood", passing=False, hint=_LATER, upstream_code=code)
