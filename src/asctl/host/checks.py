"""What the types of :mod:`asctl.api` allow, as checks: compiled once for each type, since every scan of every parcel goes through.

A check runs where the plugin does, because a value of its making may bring code of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter, is_
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from asctl.domain import errors
from asctl.domain.errors import AsctlError, Refused, Throttled, Unavailable
from asctl.domain.identifiers import storable
from asctl.text import _

Check = Callable[[Any], Any]
"""Hands on what it is given, in its plain form, or raises :class:`Wrong`."""

FIRST_YEAR, LAST_YEAR = 1990, 2199
LONGEST_REST = timedelta(days=30)
LARGEST_INT = 2**63 - 1
LARGEST_PLACE = 15
"""A number has fewer digits than this before its point, or it is none that anybody counts or pays."""
SMALLEST_PLACE = -20


class Wrong(Exception):
    """Something is ``found`` where something else is ``wanted``; ``place`` is where, as one writes it in Python."""

    def __init__(self, wanted: str, found: str) -> None:
        super().__init__(wanted, found)
        self.wanted = wanted
        self.found = found
        self.place = ""


@cache
def check_of(kind: Any) -> Check:
    """The check of a type as the capabilities name them."""
    if plain := _PLAIN.get(kind):
        return plain
    origin, parts = get_origin(kind), get_args(kind)
    if origin is tuple:
        return _items(many, check_of(parts[0]))
    if origin is frozenset:
        return _items(_frozenset, check_of(parts[0]))
    if origin is Mapping:
        return _mapping(*map(check_of, parts))
    if isinstance(kind, UnionType):
        return _either(parts)
    if is_dataclass(kind):
        return _record(kind)
    if issubclass(kind, AsctlError):
        return check_error
    if issubclass(kind, Enum):
        return _exactly(kind)
    raise TypeError(f"there is no check for {kind}")


def _record(kind: Any) -> Check:
    """A record of exactly this class, field by field; one that is plain already is handed on as it is."""
    parts: tuple[tuple[str, Check, Check], ...] = ()

    def check(told: Any) -> Any:
        nonlocal parts
        if type(told) is not kind:
            raise Wrong(kind.__name__, name_of(told))
        parts = parts or _parts_of(kind)  # later than the check itself: a record may hold others of its kind
        changed = {}
        for name, read, held in parts:
            try:
                value = read(told)
                plain = held(value)
            except Wrong as wrong:
                wrong.place = f".{name}{wrong.place}"
                raise
            if plain is not value:
                changed[name] = plain
        return replace(told, **changed) if changed else told

    return check


def _parts_of(kind: Any) -> tuple[tuple[str, Check, Check], ...]:
    types = get_type_hints(kind)
    return tuple((each.name, attrgetter(each.name), check_of(types[each.name])) for each in fields(kind))


def _items(collected: Check, check: Check) -> Check:
    def items(told: Any) -> Any:
        held = collected(told)
        plain = []
        for index, item in enumerate(held):
            try:
                plain.append(check(item))
            except Wrong as wrong:
                wrong.place = f"[{index}]{wrong.place}"
                raise
        return held if all(map(is_, plain, held)) else type(held)(plain)

    return items


def _mapping(name: Check, value: Check) -> Check:
    def mapping(told: Any) -> Any:
        if not issubclass(type(told), Mapping):
            raise Wrong("Mapping", name_of(told))
        plain = dict(told)
        try:
            return {name(each): value(plain[each]) for each in plain}
        except Wrong as wrong:
            wrong.place = f"[...]{wrong.place}"
            raise

    return mapping


def _either(kinds: tuple[Any, ...]) -> Check:
    """One of several types, told apart by what the value is."""
    by_type = {kind: check_of(kind) for kind in kinds if kind is not NoneType}
    only = next(iter(by_type.values())) if len(by_type) == 1 else None
    may_miss = NoneType in kinds

    def either(told: Any) -> Any:
        if told is None and may_miss:
            return None
        check = only or by_type.get(type(told))
        if check is None:
            raise Wrong(" | ".join(kind.__name__ for kind in kinds), name_of(told))
        return check(told)

    return either


def _exactly(kind: type) -> Check:
    def exactly(told: Any) -> Any:
        if type(told) is kind:
            return told
        raise Wrong(kind.__name__, name_of(told))

    return exactly


def _text(told: Any) -> Any:
    """Text that every store takes. Of a class of its own, such as a word of a :class:`StrEnum`, it is the text alone."""
    if type(told) is not str:
        if not issubclass(type(told), str):
            raise Wrong("str", name_of(told))
        told = str.__str__(told)
    if told.isprintable():
        return told
    stored = storable(told)
    return told if stored == told else stored


def _integer(told: Any) -> Any:
    if type(told) is not int:
        raise Wrong("int", name_of(told))
    if not -LARGEST_INT <= told <= LARGEST_INT:
        raise Wrong(_("an int of 64 bits"), _("out of range"))
    return told


def _number(told: Any) -> Any:
    if type(told) is not float and type(told) is not int:
        raise Wrong("float", name_of(told))
    if not -(10.0**LARGEST_PLACE) < told < 10.0**LARGEST_PLACE:
        raise Wrong(_("a finite number"), _("out of range"))
    return told


def _decimal(told: Any) -> Any:
    if type(told) is not Decimal:
        raise Wrong("Decimal", name_of(told))
    if not told.is_finite() or not SMALLEST_PLACE <= told.adjusted() < LARGEST_PLACE:
        raise Wrong(_("a finite number"), _("out of range"))
    return told


def _moment(told: Any) -> Any:
    """A moment with a zone; another class's, or in a zone of the plugin's own making, becomes a plain one."""
    if type(told) is not datetime or type(told.tzinfo) is not timezone:
        if not issubclass(type(told), datetime):
            raise Wrong("datetime", name_of(told))
        offset = told.utcoffset()
        if offset is None:
            raise Wrong(_("a datetime with its zone"), _("one without a zone"))
        told = datetime.combine(
            date(told.year, told.month, told.day),
            time(told.hour, told.minute, told.second, told.microsecond),
            timezone(offset),
        )
    if not FIRST_YEAR <= told.year <= LAST_YEAR:
        raise Wrong(
            _("a datetime of the years {first} to {last}").format(first=FIRST_YEAR, last=LAST_YEAR),
            _("out of range"),
        )
    return told


def _rest(told: Any) -> Any:
    if type(told) is not timedelta:
        raise Wrong("timedelta", name_of(told))
    if not timedelta() <= told <= LONGEST_REST:
        raise Wrong(_("a timedelta of 0 to {days} days").format(days=LONGEST_REST.days), _("out of range"))
    return told


def many(told: Any) -> Any:
    if type(told) is list:
        return tuple(told)
    return _exactly(tuple)(told)


def _frozenset(told: Any) -> Any:
    if type(told) is set:
        return frozenset(told)
    return _exactly(frozenset)(told)


def _nothing(told: Any) -> None:
    """Nobody reads what a method returns that promises nothing: what it did is done."""


def _anything(told: Any) -> Any:
    return told


def check_error(told: Any) -> Any:
    """An error of one of our families, whose fields are what the family says."""
    families: list[Any] = [each for each in type(told).__mro__ if each in _FAMILIES]
    if not families or told.family != families[0].family:
        raise Wrong(_("an error of a family of asctl.api"), name_of(told))
    checks = [field for family in (AsctlError, *families) for field in _FIELDS.get(family, {}).items()]
    for name, check in checks:
        try:
            value = getattr(told, name)
            plain = check(value)
        except Wrong as wrong:
            wrong.place = f".{name}"
            raise
        if plain is not value:
            setattr(told, name, plain)
    return told


def plain_error(told: AsctlError) -> AsctlError:
    """An error as an instance of its family itself, with the same fields. Raises :class:`Wrong`."""
    family = next(each for each in type(told).__mro__ if each in _FAMILIES)
    if type(told) is family:
        return told
    plain: AsctlError = family.__new__(family)
    plain.args = (told.message,)
    for each in (AsctlError, family):
        for name in _FIELDS.get(each, ()):
            setattr(plain, name, getattr(told, name))
    checked: AsctlError = check_error(plain)
    return checked


def name_of(told: object) -> str:
    """The name of a value's class: a class may have another idea of its own name."""
    name: str = type.__dict__["__name__"].__get__(type(told))
    return name if name.isidentifier() else "?"


_FAMILIES = frozenset(
    each
    for each in vars(errors).values()
    if isinstance(each, type) and issubclass(each, AsctlError) and each is not AsctlError
)
_PLAIN: dict[Any, Check] = {
    Any: _anything,
    NoneType: _nothing,
    str: _text,
    int: _integer,
    float: _number,
    Decimal: _decimal,
    bool: _exactly(bool),
    bytes: _exactly(bytes),
    datetime: _moment,
}
_TEXTS = ("message", "code", "hint", "provider", "account", "upstream_code", "upstream_text", "request_id")
_FIELDS: dict[type, dict[str, Check]] = {
    AsctlError: {
        **dict.fromkeys(_TEXTS, _text),
        "retry_at": check_of(datetime | None),
        "of_write": check_of(bool | None),
    },
    Refused: {"reason": _text},
    Throttled: {"retry_after": _rest, "whole_account": _exactly(bool)},
    Unavailable: {"passing": _exactly(bool)},
}
