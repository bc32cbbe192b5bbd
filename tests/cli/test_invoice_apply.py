"""``asctl invoice request``, ``sync``, ``cancel``: what comes into the queue, and leaves it unsent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_support import Command
from tests.invoice_support import (
    COMPANY,
    PERSON,
    TAX_ID,
    billed_by,
    customer_applies,
    invoice_of,
    issued,
    requested,
    sold,
)
from tests.sandbox_support import SandboxSite

WRONG_ID = "91990000MA0DEM0012"


def test_an_application_stands_in_the_queue(sandbox: SandboxSite, asctl: Command) -> None:
    """The whole order is billed, under a serial of our own, and nothing leaves the house by it."""
    billed_by(asctl)
    (order,) = sold(sandbox, asctl)
    result = asctl("invoice", "request", order, "--title", COMPANY, "--tax-id", TAX_ID.lower())
    assert (result.code, result.record["change"], result.record["state"]) == (0, "applied", "queued")
    assert result.record["amount"] == sandbox.order(order)["amount"]
    assert sandbox.writes() == []
    listed = asctl("invoice", "queue").record
    assert (listed["invoice"], listed["title"]) == (result.record["invoice"], COMPANY)
    assert listed["buyer_tax_id"] == "*" * 14 + TAX_ID[-4:]


def test_a_person_is_masked(sandbox: SandboxSite, asctl: Command) -> None:
    """Neither the record of an application nor that of its failure shows who he is."""
    billed_by(asctl)
    (order,) = sold(sandbox, asctl)
    done = asctl("invoice", "request", order, "--title", PERSON, "--mobile", "13900001111")
    refused = asctl("invoice", "request", order, "--title", PERSON, "--mobile", "13900001111")
    assert (done.code, refused.code) == (0, 3)
    assert not any(told in each for told in (PERSON, "13900001111") for each in (*done.out.splitlines(), refused.out))


def test_a_second_application_is_refused(sandbox: SandboxSite, asctl: Command) -> None:
    """A sale has one invoice; another title is a change of title, and the hint says so."""
    billed_by(asctl)
    (order,) = sold(sandbox, asctl)
    (number,) = requested(asctl, order)
    again = asctl("invoice", "request", order, "--title", PERSON)
    assert (again.code, again.record["status"], again.codes()) == (3, "refused", ["already_applied"])
    assert number in again.record["error_message"]
    assert f"asctl invoice retitle {order}" in again.err
    assert len(asctl("invoice", "queue", "--all").records) == 1


@pytest.mark.parametrize(
    ("options", "code", "field"),
    [
        (("--title", COMPANY, "--tax-id", WRONG_ID), "tax_id_checksum", "buyer.tax_id"),
        (("--title", COMPANY, "--tax-id", "９1990000MA0DEM0011"), "tax_id_charset", "buyer.tax_id"),
        (("--title", COMPANY, "--kind", "digital_special"), "buyer_field_missing", "buyer.tax_id"),
        (("--title", "123456"), "title_without_letters", "buyer.title"),
        (("--title", PERSON, "--email", "nobody"), "bad_email", "buyer.email"),
        (("--title", "苏**"), "masked_title", ""),
        ((), "title_missing", ""),
    ],
)
def test_what_no_provider_takes(
    sandbox: SandboxSite, asctl: Command, options: tuple[str, ...], code: str, field: str
) -> None:
    """Refused at once, with the field, before anything stands in the books."""
    billed_by(asctl)
    (order,) = sold(sandbox, asctl)
    result = asctl("invoice", "request", order, *options)
    told = result.error if "error" in result.end else result.record
    assert result.code in (2, 3)
    assert (told.get("error_code") or told.get("code")) == code
    assert field in (told.get("error_message") or told.get("message") or "")
    assert asctl("invoice", "queue", "--all").records == []


def test_what_is_odd_is_said(sandbox: SandboxSite, asctl: Command) -> None:
    """A tax ID of the old form is taken, and stderr tells of it."""
    billed_by(asctl)
    (order,) = sold(sandbox, asctl)
    result = asctl("invoice", "request", order, "--title", COMPANY, "--tax-id", "330100123456789")
    assert result.code == 0
    assert f"{order}: " in result.err
    assert "330100123456789" not in result.err


def test_an_unpaid_order_is_not_billed(sandbox: SandboxSite, asctl: Command) -> None:
    """Nothing is billed that was not paid."""
    billed_by(asctl)
    asctl("order", "sync")
    unpaid = asctl("order", "list", "--status", "unpaid").records[0]["order_id"]
    result = asctl("invoice", "request", unpaid, "--title", PERSON)
    assert (result.code, result.codes()) == (3, ["nothing_to_bill"])


def test_while_a_case_is_open(sandbox: SandboxSite, asctl: Command) -> None:
    """What a case comes to decides what is billed: only finance may bill before, and its name is kept (rule V29)."""
    billed_by(asctl)
    (order,) = sold(sandbox, asctl)
    rma = asctl("rma", "open", order, "--kind", "return", "--reason", "quality").record["rma"]
    refused = asctl("invoice", "request", order, "--title", PERSON)
    assert (refused.code, refused.codes()) == (3, ["case_open"])
    assert rma in refused.record["error_message"]
    assert asctl("invoice", "request", order, "--title", PERSON, "--force-by", "王会计").code == 0


def test_a_rehearsal_enters_nothing(sandbox: SandboxSite, asctl: Command) -> None:
    """``--dry-run`` checks and shows the amounts; a number is given to nothing."""
    billed_by(asctl)
    (order,) = sold(sandbox, asctl)
    result = asctl("invoice", "request", order, "--title", PERSON, "--dry-run")
    assert (result.code, result.record["status"], result.record["invoice"]) == (0, "planned", None)
    assert result.record["amount"] == sandbox.order(order)["amount"]
    assert asctl("invoice", "queue", "--all").records == []


def test_a_file_of_applications(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """Each row has its own buyer; a bad row stops no other."""
    billed_by(asctl)
    first, second, third = sold(sandbox, asctl, 3)
    rows = tmp_path / "rows.csv"
    rows.write_text(
        "order,title,tax-id,kind\n"
        f"{first},{COMPANY},{TAX_ID},digital_special\n"
        f"{second},{COMPANY},{WRONG_ID},\n"
        f"{third},{PERSON},,\n",
        "utf-8",
    )
    result = asctl("invoice", "request", "--from", str(rows))
    told = {record["input"]: (record["status"], record["kind"]) for record in result.records}
    assert result.code == 3
    assert told[first] == ("done", "digital_special")
    assert told[second][0] == "failed"
    assert told[third] == ("done", "digital_ordinary")


def test_customers_applications_are_read(sandbox: SandboxSite, asctl: Command) -> None:
    """What a customer applied for inside the order stands in the queue once, at the moment of his application."""
    billed_by(asctl)
    first, second, without = sold(sandbox, asctl, 3)
    customer_applies(sandbox, first)
    customer_applies(sandbox, second, COMPANY, tax_id=TAX_ID, kind="digital_special")
    sandbox.travel(1)
    told = {record["input"]: record for record in asctl("invoice", "sync").records}
    assert {first, second} <= set(told)
    assert without not in told
    assert {told[order]["change"] for order in (first, second)} == {"applied"}
    assert told[second]["kind"] == "digital_special"
    assert told[first]["requested_at"] < sandbox.now().isoformat()
    assert sandbox.writes() == []
    again = asctl("invoice", "sync", first, second)
    assert [record["error_code"] for record in again.records] == ["known", "known"]


def test_an_order_without_application(sandbox: SandboxSite, asctl: Command) -> None:
    """Asked by name, it is told that nobody applied."""
    billed_by(asctl)
    (order,) = sold(sandbox, asctl)
    result = asctl("invoice", "sync", order)
    assert (result.code, result.record["status"], result.codes()) == (0, "skipped", ["no_application"])


def test_one_order_fails_alone(sandbox: SandboxSite, asctl: Command) -> None:
    """An application that no provider would take is told, and the others come in."""
    billed_by(asctl)
    bad, good = sold(sandbox, asctl, 2)
    customer_applies(sandbox, bad, COMPANY, tax_id=WRONG_ID)
    customer_applies(sandbox, good)
    result = asctl("invoice", "sync", bad, good, "ORDER99999")
    told = {record["input"]: (record["status"], record["error_code"]) for record in result.records}
    assert result.code == 3
    assert told == {
        bad: ("failed", "tax_id_checksum"), good: ("done", None), "ORDER99999": ("failed", "unknown_order"),
    }  # fmt: skip


def test_a_called_off_application_stays_away(sandbox: SandboxSite, asctl: Command) -> None:
    """The marketplace goes on telling of it; that brings it back into no queue."""
    billed_by(asctl)
    (order,) = sold(sandbox, asctl)
    customer_applies(sandbox, order)
    number = asctl("invoice", "sync", order).record["invoice"]
    assert asctl("invoice", "cancel", number).record["state"] == "cancelled"
    assert asctl("invoice", "sync", order).codes() == ["known"]
    assert asctl("invoice", "queue").records == []


def test_called_off_and_applied_for_anew(sandbox: SandboxSite, asctl: Command) -> None:
    """What was never sent is called off, once; the order can be billed again, under another serial."""
    billed_by(asctl)
    (order,) = sold(sandbox, asctl)
    (number,) = requested(asctl, order)
    cancelled = asctl("invoice", "cancel", order)
    assert (cancelled.code, cancelled.record["change"], cancelled.record["invoice"]) == (0, "cancelled", number)
    again = asctl("invoice", "cancel", number)
    assert (again.code, again.record["status"], again.codes()) == (0, "skipped", ["already_cancelled"])
    anew = asctl("invoice", "request", order, "--title", PERSON).record
    assert anew["serial"] != cancelled.record["serial"]
    assert sandbox.writes() == []


def test_what_was_sent_is_not_called_off(sandbox: SandboxSite, asctl: Command) -> None:
    """An issued invoice is reversed, which the hint says."""
    order = issued(sandbox, asctl)
    result = asctl("invoice", "cancel", order)
    assert (result.code, result.record["status"], result.codes()) == (3, "refused", ["not_queued"])
    assert "asctl invoice reverse" in result.err
    assert invoice_of(asctl, order)["state"] == "issued"
