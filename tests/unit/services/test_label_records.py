"""What a label said, as a hash, and whether it still holds when it is noted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import OperationalError

from asctl.capabilities.labels import LabelCase, LabelContent, LabelForm, LabelGoods
from asctl.domain.labels import LabelState
from asctl.domain.masking import mask_name, mask_phone
from asctl.domain.rmas import RmaState
from asctl.domain.times import CHINA
from asctl.services.label_records import Recorded, content_hash, put_on_record
from asctl.services.labels import Ready
from asctl.services.renderers import Renderer
from asctl.store.label_lists import LabelEntry, LabelFilter, list_labels
from asctl.store.labels import hold_cases
from asctl.store.opening import Store, Transaction
from asctl.store.orders import put_orders
from asctl.store.rmas import add_rma, cancel_rma, set_waybill
from asctl.store.tables import rmas
from tests.store_support import NOW, an_order, an_rma

NOON = datetime(2026, 11, 21, 12, tzinfo=CHINA)
CONTENT = LabelContent(
    rma="RMA2611210001X", qr="ASCTL1|RMA2611210001X|1|flagship", order_id="1", shop="flagship", kind="退货 / RETURN",
    reason="质量问题", customer="张*", contact="138********", return_name="示例仓", return_phone="010-12345678",
    return_address="示例路9号", goods=(LabelGoods("保温杯", "CUP-1", 1),), valid_until=NOON, approved_by="8012",
    approved_at=NOON, waybill="SF1",
)  # fmt: skip
OTHER = {
    str: "another",
    bool: True,
    datetime: NOON + timedelta(seconds=1),
}


def test_a_reprint_says_the_same() -> None:
    """The mark of a reprint is not among the words, nor is the zone that a moment is written in."""
    assert content_hash(replace(CONTENT, reprint=True)) == content_hash(CONTENT)
    assert content_hash(replace(CONTENT, valid_until=NOON.astimezone(UTC))) == content_hash(CONTENT)


@pytest.mark.parametrize("name", [field.name for field in fields(LabelContent) if field.name != "reprint"])
def test_every_word_counts(name: str) -> None:
    """Whatever else stands on the label, another one there gives another hash."""
    value = getattr(CONTENT, name)
    others = {
        "goods": (LabelGoods("保温杯", "CUP-1", 2),),
        "others": (LabelCase("RMA2611210002V", "2", "退货 / RETURN", "缺件"),),
    }
    another: dict[str, Any] = {name: others.get(name) or OTHER[type(value)]}
    assert content_hash(replace(CONTENT, **another)) != content_hash(CONTENT)


def test_words_do_not_run_into_each_other() -> None:
    """What moves from one field to the next is told apart."""
    moved = replace(CONTENT, customer="", contact="张*138********")
    assert content_hash(moved) != content_hash(CONTENT)


def test_names_that_no_encoding_takes() -> None:
    """A lone surrogate in a name is no obstacle, and not the same as the mark that would replace it."""
    assert content_hash(replace(CONTENT, customer="\ud842")) != content_hash(replace(CONTENT, customer="?"))
    assert len(content_hash(replace(CONTENT, customer="\ud842"))) == 64


RECEIVER = an_order("1").receiver
SHOWN = replace(CONTENT, customer=mask_name(RECEIVER.name), contact=mask_phone(RECEIVER.phone))
RENDERER = cast(Renderer, SimpleNamespace(format="pdf", form=LabelForm("a6")))
CASES = {
    number: an_rma(number, order_id="1", state=RmaState.APPROVED, courier="sf", waybill=waybill)
    for number, waybill in (("R1", "SF1"), ("R2", "SF1"), ("R3", ""))
}
PAIR = Ready((CASES["R1"], CASES["R2"]), SHOWN)
ALONE = Ready((CASES["R3"],), replace(SHOWN, waybill=""))


@pytest.fixture
def desk(store: Store) -> Store:
    """A store with one order and its approved cases."""
    with store.write() as tx:
        put_orders(tx, [an_order("1")])
        for rma in CASES.values():
            add_rma(tx, rma)
    return store


def noted(store: Store) -> tuple[Recorded, dict[str, LabelEntry]]:
    """Put both labels on record, in one file; what is on record then, by case."""
    with store.write() as tx:
        recorded = put_on_record(tx, RENDERER, [PAIR, ALONE], [2, 1], "ab" * 32, "l.pdf", NOW, "8012")
    with store.read() as tx:
        return recorded, {entry.rma: entry for entry in list_labels(tx, LabelFilter(), NOW)}


def test_a_row_for_each_case_in_the_parcel(desk: Store) -> None:
    """All cases on a label share its words, waybill and pages, and each label has its own."""
    recorded, entries = noted(desk)
    both, one = content_hash(SHOWN), content_hash(ALONE.content)
    assert {rma: (each.waybill, each.content_sha256, each.pages) for rma, each in entries.items()} == {
        "R1": ("SF1", both, 2),
        "R2": ("SF1", both, 2),
        "R3": ("", one, 1),
    }
    assert {each.state for each in entries.values()} == {LabelState.CURRENT}
    assert recorded.outdated == {}
    assert {f"L{number}" for number in recorded.labels} == {each.label for each in entries.values()}


def cancel(tx: Transaction) -> None:
    cancel_rma(tx, "R1")


def send_otherwise(tx: Transaction) -> None:
    set_waybill(tx, "R1", "sf", "SF2")


def by_another_courier(tx: Transaction) -> None:
    set_waybill(tx, "R1", "zto", "SF1")


def more_time(tx: Transaction) -> None:
    tx.execute(update(rmas).where(rmas.c.rma == "R1").values(due_at=NOW + timedelta(days=99)))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (cancel, "cancelled"),
        (send_otherwise, "no longer come back as SF1"),
        (by_another_courier, "no longer come back as SF1"),
        (more_time, "another time to send"),
    ],
)
def test_what_changed_while_it_was_drawn(desk: Store, change: Callable[[Transaction], None], told: str) -> None:
    """Whoever changed the case saw no label to make void, so it is void as soon as it is noted; the other cases' stand."""
    with desk.write() as tx:
        change(tx)
    recorded, entries = noted(desk)
    assert set(recorded.outdated) == {"R1"}
    assert told in recorded.outdated["R1"]
    assert (entries["R1"].state, entries["R1"].void_at) == (LabelState.VOID, NOW)
    assert entries["R1"].void_why == recorded.outdated["R1"]
    assert {entries["R2"].state, entries["R3"].state} == {LabelState.CURRENT}


def test_a_first_waybill_makes_no_label_wrong(desk: Store) -> None:
    """One that shows none goes on any parcel."""
    with desk.write() as tx:
        set_waybill(tx, "R3", "sf", "SF3")
    recorded, entries = noted(desk)
    assert recorded.outdated == {}
    assert entries["R3"].state is LabelState.CURRENT


def test_another_receiver(desk: Store) -> None:
    """The labels of the order show the former one; another address of the same person is not on them."""
    with desk.write() as tx:
        put_orders(tx, [an_order("1", receiver=replace(RECEIVER, detail="另一条路1号"))])
    assert noted(desk)[0].outdated == {}
    with desk.write() as tx:
        put_orders(tx, [an_order("1", receiver=replace(RECEIVER, name="李四"))])
    recorded, _entries = noted(desk)
    assert set(recorded.outdated) == set(CASES)
    assert "receiver of order 1" in recorded.outdated["R3"]


@pytest.mark.parametrize("store_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_nobody_changes_a_case_in_between(desk: Store) -> None:
    """From the look to the end of the transaction the cases are held."""
    with desk.write() as tx, desk.apart() as other:
        hold_cases(tx, CASES)
        other.execute(text("SET lock_timeout = '50ms'"))
        with pytest.raises(OperationalError):
            other.execute(update(rmas).where(rmas.c.rma == "R1").values(waybill="SF9"))
