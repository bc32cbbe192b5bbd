"""Remark writers: the one text that everybody appends to is read and replaced whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from asctl.capabilities.orders import Remark, RemarkLimits
from asctl.capabilities.specs import ProviderSpec
from asctl.capabilities.writes import Evidence, Finding
from asctl.domain.errors import NotFound, Refused
from asctl.domain.orders import Flag
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.records import same, zoned
from asctl.testing.rules import Rule, declared_limits, expect
from asctl.testing.shop import put_order, shop_rules
from asctl.testing.site import START, Outcome, Site
from asctl.testing.troubles import refusal_rule, trouble_rules
from asctl.testing.writing import write_rules

_TEXT = "VIP 先联系\n已联系快递，等待回复 8012 2026-11-20"
_STANDING = "改地址 OK 8007 2026-11-18"
WANTED = Remark(f"{_STANDING}\n{_TEXT}", Flag.BLUE, START)
"""What the kit writes; its time of change is nothing that anybody asks for."""
_TRICKY = "50% + 8&9=? <b>“引号”</b> \\n 'x' ; # 🙂 𠮷 é"
_CHINESE_BYTES = len("备".encode())


def _with_remark(site: Site, text: str = _STANDING, flag: Flag = Flag.RED) -> str:
    """The number of an order on which a remark stands."""
    order = put_order(site)
    site.world.add_order(replace(order, remark=text, flag=flag))
    return order.order_id


def _look(site: Site, find: str, arguments: Arguments, **told: Any) -> Outcome:
    """As the core looks: by reading what stands."""
    order_id, text, flag = arguments
    outcome = site.call(find, order_id, **told)
    if outcome.error is not None:
        return outcome
    there = (outcome.result.text, outcome.result.flag) == (text, flag)
    return Outcome(Finding(Evidence.PRESENT if there else Evidence.ABSENT))


REMARK = Exercise("RemarkWriter", "remark", lambda site: (_with_remark(site),))
WRITE_REMARK = Exercise(
    "RemarkWriter",
    "write_remark",
    lambda site: (_with_remark(site), WANTED.text, WANTED.flag),
    write=True,
    stranger=lambda arguments: (arguments[0], f"{_STANDING}\n别人的备注", arguments[2]),
    look=_look,
)
EXERCISES = (REMARK, WRITE_REMARK)


def remark_writer_rules() -> Iterator[Rule]:
    """All rules for ``RemarkWriter``."""
    yield from shop_rules(
        REMARK,
        ("found", "text, flag and the order's time of change are told as they stand, with a zone", _found),
        ("unknown", "a number that nobody knows is NotFound", _unknown),
    )
    yield from trouble_rules(REMARK)
    yield from write_rules(WRITE_REMARK)
    yield from shop_rules(
        WRITE_REMARK,
        ("whole", "lines, quotes, signs and rare characters arrive as they were given, in place of what stood", _whole),
        ("flags", "each flag arrives", _flags),
        ("longest", "a remark of as many bytes as declared arrives whole", _longest),
        ("cleared", "an empty text clears what stood", _cleared),
        ("unknown", "a number that nobody knows is NotFound or Refused", _unknown_written),
    )
    yield from trouble_rules(WRITE_REMARK)
    yield refusal_rule(WRITE_REMARK)


def _remark(site: Site, order_id: str) -> Remark:
    told: Remark = REMARK.done(site, (order_id,))
    return told


def _found(site: Site) -> None:
    order_id = _with_remark(site, _TEXT)
    told, order = _remark(site, order_id), site.world.orders[order_id]
    zoned(told)
    same(told, Remark(order.remark, order.flag, order.modified_at), ("text", "flag", "modified_at"))


def _nobody(site: Site) -> str:
    order = put_order(site)
    del site.world.orders[order.order_id]
    return order.order_id


def _unknown(site: Site) -> None:
    outcome = REMARK.outcome(site, (_nobody(site),))
    expect(isinstance(outcome.error, NotFound), f"should be NotFound, but there was {outcome.seen}")
    clean(site, outcome)


def _unknown_written(site: Site) -> None:
    outcome = WRITE_REMARK.outcome(site, (_nobody(site), _TEXT, Flag.BLUE))
    no = isinstance(outcome.error, NotFound | Refused)
    expect(no, f"should be NotFound or Refused, but there was {outcome.seen}")
    clean(site, outcome)


def _written(site: Site, text: str, flag: Flag = Flag.GREEN) -> None:
    """Write it over what stands, and look into the world and through the provider."""
    order_id = _with_remark(site)
    site.pass_time(timedelta(minutes=1))
    WRITE_REMARK.done(site, (order_id, text, flag))
    order, told = site.world.orders[order_id], _remark(site, order_id)
    expect(order.remark == text, f"{text[:60]!r} was written, and {order.remark[:60]!r} stands there")
    expect(order.flag == flag, f"flag {flag.name} was written, and {order.flag!r} stands there")
    same(told, Remark(text, flag, order.modified_at), ("text", "flag", "modified_at"))


def _whole(site: Site) -> None:
    _written(site, f"{_STANDING}\n{_TRICKY}\n末行")


def _flags(site: Site) -> None:
    for flag in Flag:
        _written(site, _TEXT, flag)


def _longest(site: Site) -> None:
    limit = _limits(site.spec).max_bytes
    _written(site, "备" * (limit // _CHINESE_BYTES) + "x" * (limit % _CHINESE_BYTES))


def _limits(spec: ProviderSpec) -> RemarkLimits:
    return declared_limits(spec, "RemarkWriter", RemarkLimits)


def _cleared(site: Site) -> None:
    _written(site, "", Flag.GRAY)
