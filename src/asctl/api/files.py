"""Files of issued invoices: their addresses are data, so each is judged before it is called (reference/invoices.md section
5.9). The same care for every provider."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from asctl.api.context import Context, HttpAnswer, HttpRequest
from asctl.domain.errors import BadInput, Unavailable
from asctl.text import _

LARGEST = 10 * 1024 * 1024
_FIRST_BYTES: Mapping[str, bytes] = {"pdf": b"%PDF", "ofd": b"PK", "xml": b"<"}
_WEB_PAGES = (b"<!doctype html", b"<html")


class FileFetcher:
    """Fetches files of issued invoices for one account; thread-safe. Their addresses are data, so each is judged before it is
    called. The account's setting ``file_hosts`` (LIST) names the hosts, with all below them, that may be asked over https;
    where ``base_url`` is this machine, so may that."""

    def __init__(self, context: Context) -> None:
        self._http = context.http
        hosts = context.settings.get("file_hosts")
        self._hosts = tuple(str(host).lower() for host in hosts) if isinstance(hosts, tuple | list) else ()
        own = urlsplit(context.text("base_url")).hostname or ""
        self._loopback = own if _is_loopback(own) else ""

    def fetch(self, url: str, format: str) -> bytes:
        """The file at ``url``, of at most 10 MiB; ``format`` is ``pdf``, ``ofd`` or ``xml``. May be called again.

        Raises :class:`BadInput` (``bad_format``, ``file_address``) before anything is called, and :class:`Unavailable`
        (``no_such_file``, ``file_too_large``) for what is none.
        """
        if format not in _FIRST_BYTES:
            raise BadInput(
                _("{format!r} is no format of an invoice").format(format=format[:20]),
                code="bad_format",
                hint=_("choose one of: {formats}").format(formats=", ".join(_FIRST_BYTES)),
            )
        parts = _parts(url)
        if parts is None or not self._ours(parts):
            raise self._foreign(parts)
        return self._http.call(lambda: HttpRequest("GET", url, "file"), lambda answer: _checked(answer, format))

    def _ours(self, parts: SplitResult) -> bool:
        host = (parts.hostname or "").lower()
        if self._loopback and host == self._loopback:
            return parts.scheme in ("http", "https")
        known = any(host == each or host.endswith(f".{each}") for each in self._hosts)
        return parts.scheme == "https" and known

    def _foreign(self, parts: SplitResult | None) -> BadInput:
        host = (parts.hostname if parts else "") or "?"
        return BadInput(
            _("a file of an invoice is said to be at {host}, which is not fetched from").format(host=host[:100]),
            code="file_address",
            hint=_("if it is the provider's and speaks https, add the host to file_hosts of the account"),
        )


def _parts(url: str) -> SplitResult | None:
    """The parts of an address that everybody reads alike; ``None`` for any other."""
    if not url.isprintable() or any(odd in url for odd in " \\"):
        return None
    try:
        parts = urlsplit(url)
        usable = "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def _checked(answer: HttpAnswer, format: str) -> bytes:
    body = answer.body
    if len(body) > LARGEST:
        raise Unavailable(
            _("a {format} file of {size} bytes is too large for an invoice").format(format=format, size=len(body)),
            code="file_too_large",
            passing=False,
            hint=_("fetch it in the provider's console"),
        )
    start = body[:100].removeprefix(b"\xef\xbb\xbf").lstrip() if format == "xml" else body[:100]
    if not start.startswith(_FIRST_BYTES[format]) or start.lower().startswith(_WEB_PAGES):
        raise Unavailable(
            _("what came in place of a {format} file is none").format(format=format),
            code="no_such_file",
            passing=False,
            hint=_("the address may have run out: fetch it in the provider's console"),
        )
    return body


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
