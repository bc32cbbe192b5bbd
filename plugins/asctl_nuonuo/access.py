"""Access tokens of an application of one's own (section 5.2): given for a day, and only so many of them."""

from __future__ import annotations

from datetime import timedelta

from asctl.api import (
    AsctlError,
    Context,
    HttpAnswer,
    HttpRequest,
    Refused,
    Token,
    as_text,
    read_object,
)
from asctl_nuonuo.errors import odd_answer, token_error
from asctl_nuonuo.wire import code_of

OPERATION = "accessToken"
_LONGEST_LIFE_S = 366 * 24 * 3600


class Access:
    """Gets tokens; thread-safe."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._rest = context.duration("token_rest")

    def token(self) -> str:
        """A token to call with. Raises :class:`CredentialsRefused` (``app_refused``), :class:`Throttled` (``token_limit``),
        :class:`BadConfiguration` and :class:`Unavailable`."""
        return self._context.tokens.token(self._fetch)

    def refused(self, token: str) -> None:
        """The gateway does not take it any more."""
        self._context.tokens.refused(token)

    def _fetch(self, _last: Token | None) -> Token:
        """An application of one's own renews nothing: it asks anew."""
        try:
            return self._context.http.call(self._request, self._read)
        except Refused as turned_away:
            # A status such as 400 is about the application, not about what is called with the token.
            raise token_error("", turned_away.upstream_text, self._rest) from turned_away

    def _request(self) -> HttpRequest:
        form = {
            "client_id": self._context.text("app_key"),
            "client_secret": self._context.text("app_secret"),
            "grant_type": "client_credentials",
        }
        return HttpRequest("POST", self._context.text("token_url"), OPERATION, form=form, counted=True)

    def _read(self, answer: HttpAnswer) -> Token:
        told = read_object(answer)
        value, life = as_text(told.get("access_token")), _life(told.get("expires_in"))
        if not value:
            raise _no_token(code_of(told.get("error")) or code_of(told.get("code")), told, self._rest)
        if life is None:
            raise odd_answer()
        now = self._context.clock.now()
        return Token(value, given_at=now, ends_at=now + life)


def _no_token(code: str, told: dict[str, object], rest: timedelta) -> AsctlError:
    words = as_text(told.get("error_description")) or as_text(told.get("describe"))
    return token_error(code, words, rest) if code else odd_answer()


def _life(value: object) -> timedelta | None:
    """Seconds, as a number or as text; ``None`` for what is no lifetime of a token."""
    digits = as_text(value)
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > len(str(_LONGEST_LIFE_S)):
        return None
    seconds = int(digits)
    return timedelta(seconds=seconds) if 0 < seconds <= _LONGEST_LIFE_S else None
