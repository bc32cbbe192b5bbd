"""Their shapes: JSON objects read member by member, and the records that travel both ways.

An answer may be anything. What is read through :class:`Row` is either of the right shape or :class:`OddShape`, and the client
makes one error of that: no mapping needs to be careful.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from asctl.api import Buyer, InvoiceLine, LineNature, Receiver, TitleType, as_text, china_time, yuan

KEY, TIME, SIGN = "x-demo-key", "x-demo-time", "x-demo-sign"
"""The headers of a call and of a callback."""
_YEARS = range(2000, 2100)
_LARGEST = Decimal(10**15)
Word = TypeVar("Word", bound=StrEnum)


class OddShape(ValueError):
    """Something that is not in the documented shape; the text names the member, and never what it holds."""


@dataclass(frozen=True, slots=True)
class Row:
    """A JSON object of theirs, or of ours as the sandbox sees it."""

    members: Mapping[str, Any]

    @classmethod
    def of(cls, value: object, name: str = "") -> Row:
        """``value``, which must be an object."""
        if not isinstance(value, dict):
            raise OddShape(name)
        return cls(value)

    def row(self, name: str) -> Row:
        """An object that must be there."""
        return Row.of(self.members.get(name), name)

    def items(self, name: str) -> list[object]:
        """A list that must be there, of anything."""
        value = self.members.get(name)
        if not isinstance(value, list):
            raise OddShape(name)
        return value

    def rows(self, name: str) -> list[Row]:
        """A list of objects that must be there."""
        return [Row.of(value, name) for value in self.items(name)]

    def text(self, name: str) -> str:
        """A text; empty where there is none."""
        return as_text(self.members.get(name))

    def needed(self, name: str) -> str:
        """A text that must be there."""
        if not (text := self.text(name)):
            raise OddShape(name)
        return text

    def word(self, name: str, words: type[Word]) -> Word:
        """One of a closed list."""
        try:
            return words(self.text(name))
        except ValueError:
            raise OddShape(name) from None

    def whole(self, name: str) -> int:
        """A whole number from 0 up, of at most fifteen digits."""
        text = self.needed(name)
        if not (text.isascii() and text.isdecimal()) or len(text) > 15:
            raise OddShape(name)
        return int(text)

    def number(self, name: str) -> Decimal | None:
        """A number written as text, as amounts are: no float touches money. ``None`` where there is none."""
        if not (text := self.text(name)):
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise OddShape(name) from None
        if not number.is_finite() or abs(number) >= _LARGEST:
            raise OddShape(name)
        return number

    def amount(self, name: str) -> Decimal:
        """An amount in yuan that must be there."""
        number = self.number(name)
        if number is None:
            raise OddShape(name)
        return yuan(number)

    def moment(self, name: str) -> datetime:
        """A time that must be there, aware."""
        moment = self.moment_or_none(name)
        if moment is None:
            raise OddShape(name)
        return moment

    def moment_or_none(self, name: str) -> datetime | None:
        """A time, aware; ``None`` where there is none."""
        if not (text := self.text(name)):
            return None
        try:
            moment = china_time(text)
        except ValueError:
            raise OddShape(name) from None
        if moment.year not in _YEARS:
            raise OddShape(name)
        return moment


def time_text(moment: datetime | None) -> str:
    """As Demo writes times: ISO 8601 in UTC, to the second; empty for none."""
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else ""


def receiver_members(receiver: Receiver) -> dict[str, str]:
    """A person with the address; what is empty is left out."""
    return {name: text for name, text in asdict(receiver).items() if text}


def read_receiver(row: Row) -> Receiver:
    """The same, read."""
    return Receiver(**{field.name: row.text(field.name) for field in fields(Receiver)})


def buyer_members(buyer: Buyer) -> dict[str, str]:
    """Whom an invoice is made out to; what is empty is left out."""
    return {name: str(text) for name, text in asdict(buyer).items() if text}


def read_buyer(row: Row) -> Buyer:
    """The same, read."""
    told = {field.name: row.text(field.name) for field in fields(Buyer) if field.name != "type"}
    return Buyer(**told, type=row.word("type", TitleType))


def line_members(line: InvoiceLine) -> dict[str, str]:
    """A row of an invoice, every number as text; what is empty is left out."""
    told = {name: value for name, value in asdict(line).items() if value is not None and value != ""}
    return {name: format(value, "f") if isinstance(value, Decimal) else str(value) for name, value in told.items()}


def read_line(row: Row) -> InvoiceLine:
    """The same, read."""
    return InvoiceLine(
        name=row.needed("name"),
        code=row.text("code"),
        rate=row.number("rate") or Decimal(0),
        net=row.amount("net"),
        tax=yuan(row.number("tax") or 0),
        gross=row.amount("gross"),
        quantity=row.number("quantity"),
        price=row.number("price"),
        unit=row.text("unit"),
        spec=row.text("spec"),
        sku=row.text("sku"),
        nature=row.word("nature", LineNature),
        line_id=row.text("line_id"),
        blue_line=row.whole("blue_line") if row.text("blue_line") else 0,
    )
