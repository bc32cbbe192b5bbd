"""``asctl invoice receive``: nobody signs these callbacks, so each is a hint, and only what a query says is believed."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from tests.command_support import Command
from tests.invoice_support import ACCOUNTS, SOON, billed_by, invoice_of, issued, requested, sold
from tests.sandbox_support import SandboxSite


def nuonuo(serial: str, status: str = "1") -> str:
    """A callback as Nuonuo sends it (reference/invoices.md section 14.6): 1 issued, 2 failed."""
    return urlencode({
        "operater": "callback",
        "orderno": serial,
        "content": json.dumps({"c_status": status, "c_orderno": serial}),
    })  # fmt: skip


def baiwang(serial: str, status: str = "01") -> str:
    """A callback as Baiwang sends it (section 6.8): ``data`` is JSON as text; 01 issued, 02 failed."""
    data = json.dumps({"orderNo": serial, "status": status})
    return json.dumps({"method": "baiwang.s.callback.invoice", "data": data})


ISSUED, FAILED = {"nuonuo": "1", "baiwang": "01"}, {"nuonuo": "2", "baiwang": "02"}
CALLBACKS = {"nuonuo": nuonuo, "baiwang": baiwang}
REPLIES = {
    "nuonuo": ({"status": "0000", "message": "同步成功"}, {"status": "9999", "message": "同步失败"}),
    "baiwang": ({"success": True}, {"success": False}),
}


def under_way(sandbox: SandboxSite, asctl: Command, account: str) -> tuple[str, str]:
    """An order whose invoice the provider has accepted, and its serial; the ledger is empty again."""
    billed_by(asctl, account)
    (order,) = sold(sandbox, asctl)
    requested(asctl, order)
    asctl("invoice", "issue", "--yes")
    sandbox.forget()
    invoice = invoice_of(asctl, order)
    assert invoice["state"] == "issuing"
    return order, invoice["serial"]


@pytest.mark.parametrize("account", ACCOUNTS)
def test_a_hint_is_confirmed_by_a_query(sandbox: SandboxSite, asctl: Command, account: str) -> None:
    """Told that an invoice is issued, it is asked for, and stands with its number; the sender reads its own words."""
    order, serial = under_way(sandbox, asctl, account)
    sandbox.travel(SOON)
    result = asctl("invoice", "receive", "--account", account, stdin=CALLBACKS[account](serial))
    assert (result.code, json.loads(result.out)) == (0, REPLIES[account][0])
    assert [(entry["operation"], entry["write"]) for entry in sandbox.ledger("query")] == [("query", False)]
    invoice = invoice_of(asctl, order)
    assert (invoice["state"], len(invoice["number"])) == ("issued", 20)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_a_callback_that_lies(sandbox: SandboxSite, asctl: Command, account: str) -> None:
    """Whoever sends "issued" for what is still being issued changes nothing by it."""
    order, serial = under_way(sandbox, asctl, account)
    result = asctl("invoice", "receive", "--account", account, stdin=CALLBACKS[account](serial, ISSUED[account]))
    assert result.code == 0
    assert (invoice_of(asctl, order)["state"], invoice_of(asctl, order)["number"]) == ("issuing", None)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_failed_in_a_callback_and_done_in_a_query(sandbox: SandboxSite, asctl: Command, account: str) -> None:
    """The trap of the two numberings: 2 is failed in a callback and issued in a query. The query is believed."""
    order, serial = under_way(sandbox, asctl, account)
    sandbox.travel(SOON)
    asctl("invoice", "receive", "--account", account, stdin=CALLBACKS[account](serial, FAILED[account]))
    assert invoice_of(asctl, order)["state"] == "issued"


@pytest.mark.parametrize("account", ACCOUNTS)
def test_the_same_callback_twice(sandbox: SandboxSite, asctl: Command, account: str) -> None:
    """What is settled stays settled, whatever comes late."""
    order = issued(sandbox, asctl, account)
    before = invoice_of(asctl, order)
    for status in (ISSUED[account], FAILED[account]):
        again = asctl("invoice", "receive", "--account", account, stdin=CALLBACKS[account](before["serial"], status))
        assert (again.code, json.loads(again.out)) == (0, REPLIES[account][0])
    assert invoice_of(asctl, order) == before
    assert sandbox.writes() == []


@pytest.mark.parametrize("account", ACCOUNTS)
def test_an_invoice_of_nobody(sandbox: SandboxSite, asctl: Command, account: str) -> None:
    """A serial that is not ours is answered, and nobody is asked for it."""
    result = asctl("invoice", "receive", "--account", account, stdin=CALLBACKS[account]("B260101NOSUCH0001"))
    assert (result.code, json.loads(result.out)) == (0, REPLIES[account][0])
    assert sandbox.ledger() == []


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("body", ["", "content=", "{}", "[" * 2000, "\x00\xff"])
def test_what_cannot_be_read(asctl: Command, account: str, body: str) -> None:
    """It is turned away in the sender's own words, so that he sends it again."""
    result = asctl("invoice", "receive", "--account", account, stdin=body)
    assert (result.code, json.loads(result.out)) == (2, REPLIES[account][1])
    assert f"a callback for {account} names no invoice" in result.err


def test_a_provider_that_does_not_answer(sandbox: SandboxSite, asctl: Command) -> None:
    """The callback is taken in, the question stays open, and the next run of the queue asks it again."""
    order, serial = under_way(sandbox, asctl, "nuonuo")
    sandbox.travel(SOON)
    sandbox.fault("nuonuo:query", "status", code=503, times=0)
    result = asctl("invoice", "receive", "--account", "nuonuo", stdin=nuonuo(serial))
    assert json.loads(result.out) == REPLIES["nuonuo"][0]
    assert result.code == 5
    assert invoice_of(asctl, order)["state"] == "issuing"
    sandbox.mend()
    sandbox.travel(1)
    asctl("invoice", "issue", "--yes")
    assert invoice_of(asctl, order)["state"] == "issued"
