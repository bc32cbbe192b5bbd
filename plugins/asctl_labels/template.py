"""Reads a layout's TOML: every key known, every value of its kind, or one sentence about the first that is not."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import MISSING, fields
from typing import TypeVar

from asctl.api import translate as _
from asctl_labels import values
from asctl_labels.elements import Bars, Element, Layout, Page, Panel, Qr, Rule, Table, Text
from asctl_labels.values import Data
from asctl_labels.words import CASE_WORDS, GOODS_WORDS, WORDS

E = TypeVar("E", bound=Element)

_ELEMENTS = ("text", "bars", "qr", "rule")
_PAGES = ("first", "others", "next")


def parse(toml: str) -> Layout:
    """A layout from its text, its boxes not yet looked at. Raises :class:`ValueError` with a sentence for people."""
    try:
        data = tomllib.loads(toml)
    except RecursionError:
        raise ValueError(_("its tables are nested too deep")) from None
    values.keys("", data, ("paper", "both", *_PAGES), required=("paper", *_PAGES))
    width, height = values.numbers("paper", data["paper"], 2)
    both = values.table("both", data.get("both", {}))
    values.keys("both", both, _ELEMENTS)
    head = _panel("both", both, WORDS)
    first, others, more = (_page(name, head, values.table(name, data[name])) for name in _PAGES)
    return Layout(width, height, first, others, more)


def _page(name: str, head: Panel, data: Data) -> Page:
    tables = ("goods", "cases") if name == "others" else ("goods",)
    values.keys(name, data, (*_ELEMENTS, *tables), required=tables)
    own = _panel(name, data, WORDS)
    return Page(
        name=name,
        texts=head.texts + own.texts,
        bars=head.bars + own.bars,
        qrs=head.qrs + own.qrs,
        rules=head.rules + own.rules,
        goods=_rows(f"{name}.goods", data["goods"], GOODS_WORDS),
        cases=_rows(f"{name}.cases", data["cases"], CASE_WORDS) if "cases" in data else None,
    )


def _rows(name: str, value: object, words: Collection[str]) -> Table:
    data = values.table(name, value)
    values.keys(name, data, ("box", "row", *_ELEMENTS), required=("box", "row"))
    row = values.number(f"{name}.row", data["row"])
    if row == 0:
        raise ValueError(_("{where} is 0").format(where=f"{name}.row"))
    return Table(values.box(f"{name}.box", data["box"]), row, _panel(name, data, words))


def _panel(name: str, data: Data, words: Collection[str]) -> Panel:
    def elements(kind: str, record: type[E]) -> tuple[E, ...]:
        entries = values.tables(f"{name}.{kind}", data.get(kind, []))
        return tuple(_element(record, f"{name}.{kind} {at}", entry, words) for at, entry in enumerate(entries, 1))

    return Panel(
        name=name,
        texts=elements("text", Text),
        bars=elements("bars", Bars),
        qrs=elements("qr", Qr),
        rules=elements("rule", Rule),
    )


def _element(record: type[E], where: str, data: Data, words: Collection[str]) -> E:
    if "say" in data:
        where = f'{where} "{data["say"]}"'
    required = [field.name for field in fields(record) if field.default is MISSING]
    values.keys(where, data, [field.name for field in fields(record)], required)
    return record(**{key: values.element_value(where, key, value, words) for key, value in data.items()})
