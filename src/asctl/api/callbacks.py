"""Callbacks that come as a form, with a signature beside the text: read and verified alike by all plugins."""

from __future__ import annotations

import hmac
from datetime import datetime
from urllib.parse import parse_qsl

from asctl.domain.errors import BadInput, CredentialsRefused
from asctl.domain.times import china_time
from asctl.text import _


def read_form(body: bytes) -> dict[str, str]:
    """A url-encoded body as UTF-8; bytes that are none are replaced, and the last value of a repeated name wins."""
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def verify_callback(told: str, right: str, account: str, setting: str) -> None:
    """Check the signature of a callback: ``told`` is the one that came along, ``right`` the one of the text as received,
    ``setting`` the name of the setting that signs it.

    Raises :class:`CredentialsRefused`: ``push_unsigned`` where none came along, ``push_forged`` for another one.
    """
    if not told:
        raise CredentialsRefused(
            _("a callback for {account} carries no signature").format(account=account),
            code="push_unsigned",
            hint=_("have callbacks signed with {setting}; if they are, this one is not genuine").format(
                setting=setting
            ),
            account=account,
        )
    if not hmac.compare_digest(right.encode(), told.encode("utf-8", "replace")):
        raise CredentialsRefused(
            _("a callback for {account} has a wrong signature").format(account=account),
            code="push_forged",
            hint=_("check {setting}; if it is right, the callback is not genuine or was changed on its way").format(
                setting=setting
            ),
            account=account,
        )


def unreadable_callback(account: str) -> BadInput:
    """The error (``push_unreadable``) for a callback that is signed right and in none of the documented shapes."""
    return BadInput(
        _("a callback for {account} is not in the documented shape").format(account=account),
        code="push_unreadable",
        hint=_("its signature is right: tell the plugin's author"),
        account=account,
    )


def callback_time(value: object) -> datetime | None:
    """A callback's own time, in China where it names no zone; ``None`` where it is no time."""
    try:
        return china_time(value) if isinstance(value, str) else None
    except ValueError:
        return None
