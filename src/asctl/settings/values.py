"""Reading a value as its declaration wants it, and showing one to people."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from asctl.capabilities.specs import Setting, SettingType
from asctl.domain.errors import BadInput
from asctl.domain.slips import nearest
from asctl.domain.times import duration_text, parse_duration
from asctl.settings.mistakes import wrong_type
from asctl.settings.origin import Found, KeyPath
from asctl.text import _

SECRET_SHOWN = "***"
_WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_URL_PASSWORD = re.compile(r"(://[^/@\s:]*):[^/@\s]*@")


def convert(setting: Setting, found: Found, path: KeyPath) -> object:
    """The value in its type (see :class:`Setting`). Not for secrets. Raises :class:`BadConfiguration` ``wrong_type``."""
    try:
        native = _from_text(setting.type, found.value) if found.origin.textual else found.value
        value = _choice(setting, native) if setting.type is SettingType.CHOICE else _READERS[setting.type](native)
    except (ValueError, BadInput):
        raise wrong_type(path, found, expected(setting, found.value), shown(setting, found.value)) from None
    if setting.required and value == "":
        raise wrong_type(path, found, _("filled in"), '""')
    return value


def _from_text(kind: SettingType, text: object) -> object:
    word = str(text).strip()
    if kind is SettingType.INTEGER:
        return int(word)
    if kind is SettingType.NUMBER:
        return float(word)
    if kind is SettingType.BOOLEAN:
        return _WORDS.get(word.lower(), word)
    if kind is SettingType.LIST:
        return [part.strip() for part in word.split(",") if part.strip()]
    return word


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError
    return float(value)


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _duration(value: object) -> timedelta:
    try:
        span = parse_duration(_text(value))
    except OverflowError:
        raise ValueError from None
    if not span:
        raise ValueError
    return span


def _choice(setting: Setting, value: object) -> str:
    if value not in setting.choices:
        raise ValueError
    return str(value)


def _url(value: object) -> str:
    url = _text(value).strip()
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", url):
        raise ValueError
    return url


def _list(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError
    return tuple(_text(item) for item in value)


_READERS: dict[SettingType, Callable[[object], object]] = {
    SettingType.TEXT: _text,
    SettingType.INTEGER: _integer,
    SettingType.NUMBER: _number,
    SettingType.BOOLEAN: _boolean,
    SettingType.DURATION: _duration,
    SettingType.URL: _url,
    SettingType.LIST: _list,
}


def expected(setting: Setting, given: object = None) -> str:
    """What a setting takes, in words; a mistyped choice is answered with the likely one first."""
    if setting.type is SettingType.CHOICE:
        likely = nearest(str(given), setting.choices)
        return _("one of {words}").format(words=", ".join(dict.fromkeys((*likely, *setting.choices))))
    return {
        SettingType.TEXT: _("a text in quotes"),
        SettingType.SECRET: _("a secret"),
        SettingType.INTEGER: _("a whole number, not negative"),
        SettingType.NUMBER: _("a number, not negative"),
        SettingType.BOOLEAN: _("true or false"),
        SettingType.DURATION: _("a duration such as 30m, 24h or 7d in quotes"),
        SettingType.URL: _("an address that begins with http:// or https://"),
        SettingType.LIST: _("a list of texts"),
    }[setting.type]


def shown(setting: Setting, value: object) -> str:
    """A value for people, on one line: secrets as ``***``, passwords inside addresses too; nothing as an empty text."""
    if value is None or value == "":
        return ""
    if setting.type is SettingType.SECRET:
        return SECRET_SHOWN
    text = _plain(value)
    return _URL_PASSWORD.sub(rf"\1:{SECRET_SHOWN}@", text if len(text) <= 200 else text[:199] + "…")


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, list | tuple):
        return ", ".join(_plain(item) for item in value)
    return str(value)
