"""Remarks (备注): one shared text per order that everybody appends to and nobody may lose (R80, R82, T12, T13)."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from asctl.domain.errors import BadInput
from asctl.domain.times import CHINA
from asctl.text import _

_UNPRINTABLE = {"Cc", "Cs"}
COURIER_CONTACTED = "已联系快递，等待回复"


def one_line(text: str) -> str:
    """The text on one line, without control characters. Raises :class:`BadInput` when nothing is left of it."""
    line = " ".join("".join(c if unicodedata.category(c) not in _UNPRINTABLE else " " for c in text).split())
    if not line:
        raise BadInput(_("the text is empty"), code="empty_text", hint=_("say what is to be noted"))
    return line


def stamped(text: str, staff_no: str, now: datetime) -> str:
    """One line of remark: the text, the operator's own number and the time in China (T12, T13)."""
    return f"{one_line(text)} {staff_no} {now.astimezone(CHINA):%Y-%m-%d %H:%M}"


def dated(text: str, staff_no: str, now: datetime) -> str:
    """The same with the date alone: the form of the standing remark for a query (R82)."""
    return f"{one_line(text)} {staff_no} {now.astimezone(CHINA):%Y-%m-%d}"


def appended(standing: str, line: str, limit_bytes: int) -> str:
    """What stood there, then ``line``. Raises :class:`BadInput` when the whole is over ``limit_bytes``.

    Which encoding the marketplace counts is not known (reference/taobao-top.md section 3.5), so GBK and UTF-8 are
    both counted and the larger one decides. Nothing is ever cut.
    """
    whole = f"{standing.rstrip()}\n{line}" if standing.strip() else line
    size = max(len(whole.encode("utf-8")), len(whole.encode("gb18030")))
    if size > limit_bytes:
        raise BadInput(
            _("the remark would be {size} bytes long; {limit} are allowed").format(size=size, limit=limit_bytes),
            code="remark_too_long",
            hint=_("shorten the text by {over} bytes, or clear old lines on the marketplace").format(
                over=size - limit_bytes
            ),
        )
    return whole


def holds_line(remark: str, line: str) -> bool:
    """Whether ``line`` already stands in the remark as a line of its own."""
    return line in (old.strip() for old in remark.splitlines())
