"""What a provider is given. A provider opens no socket, never sleeps and reads no clock by itself; all of that is in its
context, which several threads may use at once."""

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
    """One call.

    - ``method``: ``GET``, ``POST`` and the like
    - ``url``: the whole address, with its query
    - ``operation``: the far side's name for the call, for the log
    - ``form``: sent url-encoded in UTF-8, in the given order
    - ``body``: sent as it is; never both
    - ``write``: it changes something: it is sent once, and a lost answer is :class:`Unclear`
    - ``counted``: the far side counts this very question against a limit: it is not asked again once it may have arrived
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
    """An answer within the size limit, with status 200-299. ``headers`` are found in any case of their names.

    Other statuses never come here: 401 and 403 are :class:`CredentialsRefused`, 429 is :class:`Throttled`, other 4xx are
    :class:`Refused`; all else is :class:`Unavailable`, of a write :class:`Unclear`.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    def text(self) -> str:
        """The body as UTF-8; bytes that are none are replaced."""
        return self.body.decode("utf-8", "replace")


class HttpClient(Protocol):
    """The only way out. Time limits, size limit, pacing, parking, redaction and retries are inside."""

    def call(self, make: Callable[[], HttpRequest], read: Callable[[HttpAnswer], T]) -> T:
        """Send what ``make`` builds, and return what ``read`` makes of the answer. ``make`` is called anew for each attempt, so
        that time stamps and signatures are fresh.

        ``read`` raises our error families for the far side's own error codes. A read is tried again, three times at most, when
        it raised :class:`Unavailable` with ``passing``; a write never is, and whatever leaves its outcome open becomes
        :class:`Unclear`. :class:`Throttled` for the whole account parks the account until ``retry_after`` is over.

        Raises what ``read`` raises, and for the wire :class:`Unavailable`, :class:`Throttled`, :class:`CredentialsRefused`,
        :class:`Refused`, :class:`BadConfiguration` (a ``base_url`` that is none), and of a write :class:`Unclear`.
        """
        ...


class Logger(Protocol):
    """The part of ``logging.Logger`` that providers use. It goes to stderr, with ``-v``; secrets and personal fields are
    redacted."""

    def debug(self, message: str, *args: object) -> None:
        """For the plugin's author: shown with ``-vv``."""
        ...

    def info(self, message: str, *args: object) -> None:
        """For who wants to know what is done: shown with ``-v``."""
        ...

    def warning(self, message: str, *args: object) -> None:
        """Something is odd, and the work goes on."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that a provider gets, once, when it is made.

    - ``account``: its name in the configuration, for messages
    - ``settings``: each declared setting by name, checked and typed as :class:`Setting` says; ``None`` where it has no value
    - ``http``: the way out
    - ``clock``: the time, for signatures; a rehearsal has set it
    - ``log``: for the operator
    - ``tokens``: keeps the access tokens of far sides that give such
    """

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
        """A duration setting; ``timedelta(0)`` where it is not set."""
        value = self.settings.get(name)
        return value if isinstance(value, timedelta) else timedelta()
