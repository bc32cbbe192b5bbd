"""Order numbers and waybills are text: cleaned, never guessed (design section 5, *Input*)."""

from __future__ import annotations

import re
import unicodedata

from asctl.domain.errors import BadInput
from asctl.text import _

_SPOILT = re.compile(r"[+-]?\d+([.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_EXCEL_TEXT = re.compile(r'="(.*)"')
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_INVISIBLE = {"Cf", "Cc", "Cs"}
_WAYBILL = re.compile(r"[A-Z0-9][A-Z0-9-]{5,39}")
_ORDER_ID = re.compile(r"[A-Z0-9][A-Z0-9_-]{3,63}")


def clean_identifier(text: str) -> str:
    """Trim, drop invisible characters, turn full width into half width, upper-case.

    Undoes the two wrappings spreadsheets use to keep a number as text (``'123`` and ``="123"``).
    Raises :class:`BadInput` for a number that a spreadsheet has already rounded.
    """
    half_width = unicodedata.normalize("NFKC", text)
    visible = "".join(c for c in half_width if unicodedata.category(c) not in _INVISIBLE).strip()
    if wrapped := _EXCEL_TEXT.fullmatch(visible):
        visible = wrapped.group(1).strip()
    visible = visible.removeprefix("'").upper()
    if _SPOILT.fullmatch(visible):
        raise BadInput(
            _("{text} was rounded by a spreadsheet; its last digits are gone").format(text=visible),
            code="spoilt_number",
            hint=_("format the column as text before saving, or export it again"),
        )
    return visible


def storable(text: str) -> str:
    """Text that every store takes: half characters and NUL become U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def clean_waybill(text: str) -> str:
    """A waybill: 6 to 40 letters, digits or dashes. Raises :class:`BadInput`."""
    return _checked(text, _WAYBILL, "bad_waybill", _("{text!r} is no waybill; one has 6 to 40 letters and digits"))


def clean_order_id(text: str) -> str:
    """An order, line or after-sale number. Raises :class:`BadInput`."""
    return _checked(
        text,
        _ORDER_ID,
        "bad_order_id",
        _("{text!r} is no order or application number; one has 4 to 64 letters and digits"),
    )


def clean_phone_tail(text: str) -> str:
    """The last four digits of sender's or receiver's phone, from any form of the number. Raises :class:`BadInput`."""
    digits = re.sub(r"\D", "", clean_identifier(text))
    if len(digits) < 4:
        raise BadInput(
            _("a phone tail is four digits"), code="bad_phone_tail", hint=_("give the last four digits, as 1234")
        )
    return digits[-4:]


def _checked(text: str, shape: re.Pattern[str], code: str, sentence: str) -> str:
    cleaned = clean_identifier(text)
    if not shape.fullmatch(cleaned):
        raise BadInput(sentence.format(text=cleaned[:60]), code=code, hint=_("check the number and give it as text"))
    return cleaned
