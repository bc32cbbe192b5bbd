"""What a record looks like: named fields in a fixed order, each a plain value that every format can show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from asctl.domain.times import iso

Record = dict[str, object]

ERROR_FIELDS = ("error_family", "error_code", "error_message")
IDENTIFIERS = frozenset(
    {"input", "order_id", "after_sale_id", "waybill", "rma", "task", "action", "action_id", "batch"}
)
"""What people copy into the next command: the last to give way where a table is too wide."""


@dataclass(frozen=True, slots=True)
class RecordShape:
    """The fields of one kind of record; fields are added, never renamed.

    ``table`` are the fields a table shows when nobody chose; ``nested`` exist only in JSON and NDJSON; ``whole`` are
    never shortened in a table. ``outcome`` says that ``status`` is what became of the row (``done``, ``refused`` ...)
    and not a state of the object.
    """

    name: str
    fields: tuple[str, ...]
    table: tuple[str, ...]
    nested: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    outcome: bool = False

    def of(self, thing: object, **values: object) -> Record:
        """The record of a domain object: each field from ``values``, else from the attribute of that name, else ``None``
        for the fields that only a failed row fills."""
        return {name: plain(values[name] if name in values else self._attribute(thing, name)) for name in self.fields}

    def record(self, **values: object) -> Record:
        """The record of loose values; fields that are not given are ``None``. ``TypeError`` for a field it does not have."""
        if strange := set(values) - set(self.fields):
            raise TypeError(f"{self.name} has no field {', '.join(sorted(strange))}")
        return {name: plain(values.get(name)) for name in self.fields}

    @staticmethod
    def _attribute(thing: object, name: str) -> object:
        return None if name in ERROR_FIELDS else getattr(thing, name)


def batch_shape(
    name: str, fields: tuple[str, ...], table: tuple[str, ...] = (), whole: tuple[str, ...] = ()
) -> RecordShape:
    """The shape of a batch verb: one record per input, with its outcome and the object's ``fields``."""
    return RecordShape(
        name=name,
        fields=("input", "status", *fields, *ERROR_FIELDS),
        table=("input", "status", *(table or fields), "error_message"),
        whole=("error_message", *whole),
        outcome=True,
    )


def plain(value: object) -> object:
    """``value`` as text, number, truth value, list or ``None``: times in ISO 8601, money as decimal text, enums by value.

    Empty text means absent in the domain, so it becomes ``None``.
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (tuple, list, set, frozenset)):
        return [plain(item) for item in _ordered(value)]
    return None if value == "" else value


def _ordered(values: Iterable[object]) -> Iterable[object]:
    return sorted(values, key=str) if isinstance(values, (set, frozenset)) else values
