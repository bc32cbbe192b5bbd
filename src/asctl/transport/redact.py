"""Keeping secrets and personal data out of logs and error texts."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import quote, quote_plus

from asctl.domain.errors import AsctlError

_STARS = "***"
_SHORTEST_SECRET = 4
_BEGINS = r"(?:(?<!\d)|(?<=%[0-9A-Fa-f]{2}))"
"""No digit before it, but for those of an url-encoded quotation mark."""
_MOBILE = re.compile(_BEGINS + r"((?:\+?86[- ]?)?1[3-9]\d)[- ]?\d{4}[- ]?\d{4}(?!\d)")
_LANDLINE = re.compile(_BEGINS + r"(0\d{2,3})[- ]\d{7,8}(?!\d)")
_NAMES = r"[a-z_]*(?:session|sign|signature|token|secret|password|passwd)(?:_?key)?"
_IN_QUERY = re.compile(rf"\b({_NAMES}|key)=[^&\s\"'<>]+", re.IGNORECASE)
_IN_JSON = re.compile(rf"\"({_NAMES}|key)\"\s*:\s*\"[^\"]*\"", re.IGNORECASE)
_TEXTS = ("message", "upstream_code", "upstream_text", "hint")


class Redactor:
    """Cleans texts of one account's secrets, of mainland phone numbers, and of values that are named like secrets."""

    def __init__(self, secrets: Collection[str]) -> None:
        self._known = set(secrets)
        self._compile()

    def learn(self, secret: str) -> None:
        """Keep one more secret out of texts: a token, which is not known from the beginning."""
        self._known.add(secret)
        self._compile()

    def _compile(self) -> None:
        forms = {form for secret in self._known if len(secret) >= _SHORTEST_SECRET for form in _forms(secret)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def text(self, text: str) -> str:
        """The text with stars in place of what nobody may see; a phone keeps its first three digits."""
        if self._secrets is not None:
            text = self._secrets.sub(_STARS, text)
        text = _IN_QUERY.sub(rf"\1={_STARS}", text)
        text = _IN_JSON.sub(rf'"\1":"{_STARS}"', text)
        return _LANDLINE.sub(r"\1-********", _MOBILE.sub(r"\1********", text))

    def error(self, error: AsctlError) -> None:
        """Clean an error in place: everything of it that is shown or logged."""
        for name in _TEXTS:
            setattr(error, name, self.text(getattr(error, name)))
        error.args = (error.message,)


def _forms(secret: str) -> set[str]:
    """A secret as it is, url-encoded in both manners, and as JSON or ``repr`` would escape it."""
    escaped = secret.encode("unicode_escape").decode("ascii")
    return {secret, quote(secret, safe=""), quote_plus(secret), escaped, escaped.replace('"', '\\"')}
