"""Error families. A family is what the operator does next; exit codes hang on it.

Every error carries one sentence that says what and where, and a hint that says what to do. None carries a secret or a person's
data: whoever raises one passes upstream text through the redaction of the transport first. A provider raises them ``from``
their cause, or ``from None`` where the cause quotes addresses or bodies.
"""

from __future__ import annotations

from datetime import datetime, timedelta


class AsctlError(Exception):
    """Base of all families; raise one of those.

    - ``message``: one sentence
    - ``code``: a stable snake_case word for scripts
    - ``hint``: the next step
    - ``provider``, ``account``: filled in by the host where the provider leaves them empty
    - ``upstream_code``, ``upstream_text``, ``request_id``: the far side's own words, and what its support asks for
    - ``retry_at``: an aware datetime where waiting helps
    - ``of_write``: whether the call that raised it was a write; ``None`` where it came from no call. The HTTP client sets it
    """

    family = "bug"
    of_write: bool | None = None

    def __init__(
        self,
        message: str,
        *,
        code: str,
        hint: str = "",
        provider: str = "",
        account: str = "",
        upstream_code: str = "",
        upstream_text: str = "",
        request_id: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint
        self.provider = provider
        self.account = account
        self.upstream_code = upstream_code
        self.upstream_text = upstream_text
        self.request_id = request_id
        self.retry_at = retry_at


class BadInput(AsctlError):
    """The command or a row of its input is wrong: fix it."""

    family = "bad_input"


class BadConfiguration(AsctlError):
    """A setting is missing or wrong: fix the configuration."""

    family = "bad_configuration"


class CredentialsRefused(AsctlError):
    """The far side does not accept key, secret, session or time stamp: call a person. Of a write only where it was turned away
    unread."""

    family = "credentials_refused"


class NotFound(AsctlError):
    """There is no such order, parcel or RMA where we looked."""

    family = "not_found"


class Refused(AsctlError):
    """The far side, or a rule of ours, said no, clearly. ``reason`` is one of :class:`RefusalReason` where one fits;
    :func:`refusal` makes such an error in the same words for all couriers."""

    family = "refused"

    def __init__(self, message: str, *, reason: str = "other", code: str = "refused", **context: object) -> None:
        super().__init__(message, code=code, **context)  # type: ignore[arg-type]
        self.reason = reason


class NeedsApproval(AsctlError):
    """A person with the right to do so must approve first."""

    family = "needs_approval"


class Stale(AsctlError):
    """The object changed since it was read: look again. For writes of the class ``VERSIONED``."""

    family = "stale"


class Throttled(AsctlError):
    """Too many calls. ``retry_after`` says how long the account must rest, or with ``whole_account=False`` the one object that
    was asked about. Of a write only where it was turned away unread."""

    family = "throttled"

    def __init__(
        self,
        message: str,
        *,
        retry_after: timedelta,
        code: str = "throttled",
        whole_account: bool = True,
        **context: object,
    ) -> None:
        super().__init__(message, code=code, **context)  # type: ignore[arg-type]
        self.retry_after = retry_after
        self.whole_account = whole_account


class Unavailable(AsctlError):
    """The far side is down or talks nonsense; nothing was changed: run again later.

    ``passing`` says that trying again at once may help (a read is then retried); a web page in place of an answer is not.
    """

    family = "unavailable"

    def __init__(self, message: str, *, code: str = "unavailable", passing: bool = True, **context: object) -> None:
        super().__init__(message, code=code, **context)  # type: ignore[arg-type]
        self.passing = passing


class Unclear(AsctlError):
    """A write was sent and its outcome is not known: look before doing anything again."""

    family = "unclear"


class NotOffered(AsctlError):
    """No installed plugin or configured account offers this."""

    family = "not_offered"


class PluginBroken(AsctlError):
    """A plugin cannot be loaded or misbehaved: tell its author."""

    family = "plugin_broken"


class StoreTrouble(AsctlError):
    """The store is missing, full, corrupt, read-only or of another schema."""

    family = "store"


class LockHeld(AsctlError):
    """Another run is at the same work."""

    family = "lock_held"
