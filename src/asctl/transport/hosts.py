"""Where a URL leads: its host for messages, and whether that is this machine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from requests.exceptions import RequestException
from requests.models import PreparedRequest

from asctl.domain.errors import BadConfiguration
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Target:
    """``url`` is ready to be sent; ``host`` holds neither path nor query, so it may stand in messages."""

    url: str
    host: str
    loopback: bool


@lru_cache(maxsize=256)
def target_of(url: str) -> Target:
    """Check and normalise a URL. Raises :class:`BadConfiguration` ``bad_url``; only http and https are spoken."""
    prepared = PreparedRequest()
    try:
        prepared.prepare_url(url, None)
        parts = urlsplit(prepared.url or "")
        name, _port = parts.hostname, parts.port
    except (RequestException, ValueError):
        raise _bad_url() from None
    if parts.scheme not in ("http", "https") or not name:
        raise _bad_url()
    return Target(prepared.url or "", parts.netloc.rpartition("@")[2], is_loopback(name))


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own; other names are never asked of the resolver."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _bad_url() -> BadConfiguration:
    return BadConfiguration(
        _("the address to call is not a usable http or https address"),
        code="bad_url",
        hint=_("correct base_url of the account"),
    )
