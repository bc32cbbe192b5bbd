"""What a provider is handed. It opens no socket, sleeps nowhere and reads no clock by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar

from asctl.api.tokens import Tokens
from asctl.domain.times import Clock

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One call. ``form`` is sent url-encoded in UTF-8, in the given order; ``body`` as it is (never both).

    ``write`` says that it changes something: it is then sent once, and a lost answer is :class:`Unclear`.
    ``counted`` says that the far side counts this very question against a limit: it is not asked again once it may have
    arrived. ``operation`` is the far side's name for the call, for the log.
    """

    method: str
    url: str
    operation: str
    form: Mapping[str, str] | None = None
    body: bytes | None = None
    headers: Mapping[str, str] | None = None
    write: bool = False
    counted: bool = False


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer within the size limit, with status 200-299 (others were already turned into errors)."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def text(self) -> str:
        """The body as UTF-8; bytes that are none are replaced."""
        return self.body.decode("utf-8", "replace")


class HttpClient(Protocol):
    """The only way out. Time limits, size limit, pacing, parking, redaction and retries are inside."""

    def call(self, make: Callable[[], HttpRequest], read: Callable[[HttpAnswer], T]) -> T:
        """Send what ``make`` builds (it is called anew for each attempt, so time stamps and signatures are fresh) and
        return what ``read`` makes of the answer.

        ``read`` raises our error families for the far side's own error codes. A read is tried again when it raised
        :class:`Unavailable`; a write never is, and whatever leaves its outcome open becomes :class:`Unclear`.
        :class:`Throttled` for the whole account parks the account.
        """
        ...


class Logger(Protocol):
    """The part of ``logging.Logger`` that providers use; secrets and personal fields are redacted."""

    def debug(self, message: str, *args: object) -> None: ...
    def info(self, message: str, *args: object) -> None: ...
    def warning(self, message: str, *args: object) -> None: ...


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a provider gets. ``settings`` holds each declared setting by name, checked and typed; ``tokens`` keeps the
    access tokens of far sides that give such."""

    account: str
    settings: Mapping[str, object]
    http: HttpClient
    clock: Clock
    log: Logger
    tokens: Tokens

    def text(self, name: str) -> str:
        """A text, secret, choice or URL setting; empty where it is not set."""
        value = self.settings.get(name)
        return "" if value is None else str(value)

    def duration(self, name: str) -> timedelta:
        """A duration setting; nothing where it is not set."""
        value = self.settings.get(name)
        return value if isinstance(value, timedelta) else timedelta()
