"""The columns that commands read, and how a header row is matched with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from asctl.domain.addresses import clean_phone
from asctl.domain.errors import BadInput
from asctl.domain.identifiers import clean_identifier, clean_order_id, clean_phone_tail, clean_waybill
from asctl.text import _

INPUT = "input"
_FORMULA_GUARD = re.compile(r"\A'(?=[=+\-@\t\r\n＝＋－＠])")


@dataclass(frozen=True, slots=True)
class Column:
    """One column, named as the command's option. ``aliases`` are the field names of our own exports that mean it.

    ``clean`` turns a cell into the value and raises :class:`BadInput`. A row without a ``required`` value is set aside.
    """

    name: str
    clean: Callable[[str], str]
    aliases: tuple[str, ...] = ()
    required: bool = False


def clean_text(text: str) -> str:
    """Free text, trimmed, without the apostrophe that keeps a spreadsheet from seeing a formula."""
    return _FORMULA_GUARD.sub("", text.strip())


def clean_plain(text: str) -> str:
    """Text that goes to a far side: on one line, without characters that nobody sees or that turn the writing round."""
    shown = "".join(
        " " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text if unicodedata.category(c) != "Cf"
    )
    return clean_text(" ".join(shown.split()))


def clean_title(text: str) -> str:
    """Whom an invoice is made out to, on one line. Raises :class:`BadInput` for a name that a list of ours has masked."""
    title = clean_plain(text)
    if "**" in title:
        raise BadInput(
            _("the title is masked, as lists show it; nobody can be billed under it"),
            code="masked_title",
            hint=_("ask the customer for it, or export the list with --reveal"),
        )
    return title


def clean_code(text: str) -> str:
    """A word of ours (courier, kind, reason): as an identifier, in lower case."""
    return clean_identifier(text).lower()


WAYBILL = Column("waybill", clean_waybill, required=True)
ORDER = Column("order", clean_order_id, ("order_id",), required=True)
AFTER_SALE = Column("after-sale", clean_order_id, ("after_sale_id",), required=True)
RMA = Column("rma", clean_identifier, required=True)  # checked where the likely number can be looked up
OF_RMA = Column("rma", clean_identifier)
TASK = Column("task", clean_identifier, required=True)
OF_ORDER = Column("order", clean_order_id, ("order_id",))
SHOP = Column("shop", clean_text)
COURIER = Column("courier", clean_code)
ACCOUNT = Column("account", clean_text)
DIRECTION = Column("direction", clean_code)
PHONE_TAIL = Column("phone-tail", clean_phone_tail)
KIND = Column("kind", clean_code)
REASON = Column("reason", clean_code)
TEXT = Column("text", clean_text)
FLAG = Column("flag", clean_code)
WHY = Column("reason", clean_plain)
FETCH_FROM, FETCH_UNTIL = Column("fetch-from", clean_text), Column("fetch-until", clean_text)
RETURN_TO = Column("return-to", clean_code)
SHIP_ANEW = Column("ship-anew", clean_plain)
REASON_ID = Column("reason-id", clean_text)
PROOF = Column("proof", clean_text)
TARGET = Column("target", clean_order_id, ("waybill", "order", "order_id"), required=True)
NAME = Column("name", clean_plain)
PHONE = Column("phone", clean_phone)
PROVINCE, CITY, DISTRICT, TOWN, DETAIL = (
    Column(part, clean_plain) for part in ("province", "city", "district", "town", "detail")
)
ACTION = Column("action", clean_identifier, ("action_id",), required=True)
OF_INVOICE = Column("invoice", clean_identifier, ("number", "order", "order_id"), required=True)
TITLE = Column("title", clean_title)
TAX_ID = Column("tax-id", clean_text)  # a blank or a full-width character in it is an error to be told, not noise
EMAIL, MOBILE = Column("email", clean_text), Column("mobile", clean_phone)
ADDRESS, BANK = Column("address", clean_plain), Column("bank", clean_plain)
BANK_ACCOUNT = Column("bank-account", clean_identifier)
APPLICATION = Column("application", clean_text)  # the marketplace tells its case apart
AMOUNT = Column("amount", clean_text)
LINE = Column("line", clean_text)
SKU = Column("sku", clean_text, required=True)
GOODS_CODE = Column("code", clean_identifier, required=True)
RATE = Column("rate", clean_text, required=True)
UNIT, SPEC = Column("unit", clean_plain), Column("spec", clean_plain)


class HeaderMatcher:
    """Finds the columns of a header row. The first column is the identifier; ``input`` of our batch records stands in
    for it. ``ignored`` are names that may be there and mean nothing; ``given`` are columns that options fill."""

    def __init__(self, columns: Sequence[Column], ignored: Collection[str], given: Collection[str] = ()) -> None:
        self._columns = columns
        self._given = given
        names = {name for column in columns for name in _names(column, columns[0])}
        self._known = {_norm(name) for name in (*names, *ignored, "")}

    def match(self, header: Sequence[str]) -> dict[str, str]:
        """Column name -> the header cell that holds it.

        Raises :class:`BadInput`: ``unknown_column``, ``repeated_column`` or ``missing_column``.
        """
        found: dict[str, str] = {}
        for cell in header:
            if _norm(cell) not in self._known:
                raise self._unknown(cell)
            if _norm(cell) and found.setdefault(_norm(cell), cell) != cell:
                raise self._repeated(cell)
        matched = {}
        for column in self._columns:
            name = next((name for name in _names(column, self._columns[0]) if _norm(name) in found), None)
            if name is not None:
                matched[column.name] = found[_norm(name)]
            elif column.required and column.name not in self._given:
                raise self._missing(column)
        return matched

    def _unknown(self, cell: str) -> BadInput:
        return BadInput(
            _("there is no column {name!r}").format(name=cell[:40]),
            code="unknown_column",
            hint=_("columns are named as the options: {names}").format(names=self._names_text()),
        )

    def _missing(self, column: Column) -> BadInput:
        return BadInput(
            _("the column {name!r} is missing").format(name=column.name),
            code="missing_column",
            hint=_("the first row names the columns: {names}").format(names=self._names_text()),
        )

    def _repeated(self, cell: str) -> BadInput:
        return BadInput(
            _("the column {name!r} is there twice").format(name=cell[:40]),
            code="repeated_column",
            hint=_("keep one of them"),
        )

    def _names_text(self) -> str:
        return ", ".join(column.name for column in self._columns)


def _names(column: Column, first: Column) -> tuple[str, ...]:
    return (column.name, *column.aliases, *((INPUT,) if column is first else ()))


def _norm(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).casefold()
