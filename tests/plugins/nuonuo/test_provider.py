"""Issue, look, retry, deliver, check: the provider against its own sandbox app."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from asctl.api import (
    CHINA,
    AsctlError,
    BadConfiguration,
    BadInput,
    CredentialsRefused,
    Delivery,
    Effect,
    Evidence,
    InvoiceKind,
    InvoiceState,
    NotFound,
    Refused,
    Throttled,
    Unavailable,
    Unclear,
)
from asctl.api.sandbox import SandboxReply
from tests.plugins.nuonuo.conftest import BLUE, BUYER, SELLER, SOLD, Desk, content, said

DELIVERY = Delivery("key", SELLER, InvoiceKind.DIGITAL_SPECIAL, "", email="b@example.invalid", mobile="13800000000")


def fate(desk: Desk, word: str, complaint: str = "") -> None:
    """What becomes of the invoice that was submitted last."""
    made = desk.loop.world.bureau.invoices[-1]
    made.fate, made.complaint = word, complaint


def test_from_submitted_to_issued(desk: Desk) -> None:
    """Accepted is not issued: an invoice is issuing, sealing, issued, and then has number, sums and files."""
    submitted = desk.provider.issue_invoice(BLUE)
    assert desk.loop.sent[-1].write
    found = desk.provider.find_invoice(BLUE)
    assert (found.evidence, found.effect) == (Evidence.PRESENT, Effect.ACCEPTED)
    assert (desk.told().state, desk.told().raw_state, desk.told().reference) == (
        InvoiceState.ISSUING,
        "20",
        submitted.reference,
    )
    desk.wait(2.5)
    assert (desk.told().state, desk.told().raw_state) == (InvoiceState.ISSUING, "21")
    desk.wait(1)
    told = desk.told()
    assert (told.state, told.net, told.tax, told.gross) == (
        InvoiceState.ISSUED,
        Decimal("180.00"),
        Decimal("23.40"),
        Decimal("203.40"),
    )
    assert (len(told.number), set(told.files)) == (20, {"pdf", "ofd", "xml"})
    assert told.issued_at == datetime(2026, 11, 21, 9, 30, 2, tzinfo=CHINA)
    assert desk.provider.find_invoice(BLUE).effect is Effect.EFFECTIVE


def test_look_asks_by_our_number(desk: Desk) -> None:
    """One call, no write, by our number alone; the seller goes along in the header."""
    assert desk.provider.find_invoice(BLUE).evidence is Evidence.ABSENT
    request = desk.loop.sent[-1]
    assert content(request) == {"orderNos": [BLUE.serial], "isOfferInvoiceDetail": "0"}
    assert (request.write, (request.headers or {})["userTax"]) == (False, SELLER.tax_id)


def test_second_submission_is_left_to_a_look(desk: Desk) -> None:
    """The far side refuses a number that it knows: that is no refusal of the invoice."""
    desk.provider.issue_invoice(BLUE)
    with pytest.raises(Unclear) as caught:
        desk.provider.issue_invoice(replace(BLUE, remark="2"))
    assert (caught.value.code, caught.value.upstream_code) == ("serial_known", "E9106")
    assert len(desk.loop.world.bureau.invoices) == 1


def test_failed_and_tried_again(desk: Desk) -> None:
    """A failed invoice says why; tried again under the same number it is issued, once."""
    desk.provider.issue_invoice(BLUE)
    fate(desk, "fail", "演示：税局维护")
    desk.wait(4)
    told = desk.told()
    assert (told.state, told.message) == (InvoiceState.FAILED, "演示：税局维护")
    assert desk.provider.find_invoice(BLUE).effect is Effect.INEFFECTIVE
    assert desk.provider.find_retried(BLUE).evidence is Evidence.UNKNOWN
    desk.provider.retry_invoice(BLUE)
    assert desk.loop.sent[-1].write
    assert content(desk.loop.sent[-1]) == {"orderno": BLUE.serial}
    fate(desk, "")
    found = desk.provider.find_retried(BLUE)
    assert (found.evidence, found.effect) == (Evidence.PRESENT, Effect.ACCEPTED)
    desk.wait(4)
    assert desk.told().state is InvoiceState.ISSUED
    assert desk.provider.find_retried(BLUE).evidence is Evidence.PRESENT
    assert len(desk.loop.world.bureau.invoices) == 1


def test_not_sealed_and_sealed(desk: Desk) -> None:
    """An invoice that was not sealed is issued all the same, and has its number; a retry seals it, by Nuonuo's number."""
    desk.provider.issue_invoice(BLUE)
    fate(desk, "seal_fail")
    desk.wait(4)
    told = desk.told()
    assert (told.state, len(told.number), told.files) == (InvoiceState.SEAL_FAILED, 20, {})
    assert desk.provider.find_retried(BLUE).evidence is Evidence.UNKNOWN
    desk.provider.retry_invoice(replace(BLUE, reference=told.reference))
    assert content(desk.loop.sent[-1]) == {"fpqqlsh": told.reference}
    fate(desk, "")
    desk.wait(4)
    assert (desk.told().state, desk.told().number) == (InvoiceState.ISSUED, told.number)


def test_issued_one_is_not_tried_again(desk: Desk) -> None:
    """The far side only has its catch-all for that, so the look decides: it is there."""
    desk.issued()
    with pytest.raises(Unclear) as caught:
        desk.provider.retry_invoice(BLUE)
    assert (caught.value.code, caught.value.upstream_code) == ("catch_all", "E9999")
    assert desk.provider.find_retried(BLUE).evidence is Evidence.PRESENT


def test_nothing_to_try_again(desk: Desk) -> None:
    """An invoice that is not there cannot be; the look proves nothing of a retry."""
    with pytest.raises(NotFound):
        desk.provider.retry_invoice(BLUE)
    assert desk.provider.find_retried(BLUE).evidence is Evidence.UNKNOWN


def test_twenty_retries(desk: Desk) -> None:
    """The 21st is for tomorrow, and rests no other invoice."""
    desk.provider.issue_invoice(BLUE)
    for _time in range(20):
        fate(desk, "fail")
        desk.wait(4)
        desk.provider.retry_invoice(BLUE)
    fate(desk, "fail")
    desk.wait(4)
    with pytest.raises(Throttled) as caught:
        desk.provider.retry_invoice(BLUE)
    assert (caught.value.code, caught.value.whole_account) == ("retries_used_up", False)


@pytest.mark.parametrize(
    ("changed", "family", "code"),
    [
        ({"lines": (replace(SOLD, gross=Decimal("226.01")),)}, BadInput, "amounts_refused"),
        ({"lines": ()}, BadInput, "amounts_refused"),
        ({"lines": (replace(SOLD, code=""),)}, BadInput, "goods_code_missing"),
        ({"lines": (replace(SOLD, rate=Decimal("0.14")),)}, Refused, "refused"),
        ({"lines": (SOLD,)}, BadInput, "discount_refused"),
        ({"buyer": replace(BUYER, tax_id="91990000MA0DEM0012")}, BadInput, "buyer_tax_id_refused"),
        ({"seller": replace(SELLER, tax_id="91990000MA0DEM0024")}, BadConfiguration, "seller_unknown"),
        ({"seller": replace(SELLER, tax_id="")}, BadInput, "question_malformed"),
        ({"seller": replace(SELLER, drawer="另一员")}, CredentialsRefused, "drawer_session"),
    ],
)
def test_what_the_far_side_refuses(desk: Desk, changed: dict[str, Any], family: type[AsctlError], code: str) -> None:
    """What slips through the core's checks is a clear no: nothing is issued, and the error names our number, not the buyer."""
    with pytest.raises(family) as caught:
        desk.provider.issue_invoice(replace(BLUE, **changed))
    assert (caught.value.code, desk.loop.world.bureau.invoices) == (code, [])
    assert not any(word in caught.value.message for word in ("演示购方", "91990000MA0"))


def test_quota_rests_the_account(desk: Desk) -> None:
    """A seller without quota issues nothing before tomorrow."""
    desk.answers(said("E9999", "授信额度不足"), "issue")
    with pytest.raises(Throttled) as caught:
        desk.provider.issue_invoice(BLUE)
    assert (caught.value.code, caught.value.whole_account) == ("quota_used_up", True)


@pytest.mark.parametrize(
    "reply",
    [
        said("E0000", result=None),
        said("E0000"),
        said("E0000", result={}),
        said("E0000", result=["x"]),
        said("E0000", result=[{"orderNo": "B-OF-SOMEBODY", "status": "2"}]),
        said("E9999"),
    ],
)
def test_look_that_was_not_answered_is_no_absence(desk: Desk, reply: SandboxReply) -> None:
    """Anything but an empty list, or a plain "not found", raises: what could not be looked at is not absent."""
    desk.answers(reply, "query")
    with pytest.raises(Unavailable):
        desk.provider.find_invoice(BLUE)


def test_empty_list_is_an_absence(desk: Desk) -> None:
    """As is E9500."""
    desk.answers(said("E0000", result=[]), "query")
    assert desk.provider.find_invoice(BLUE).evidence is Evidence.ABSENT


def test_delivered_again(desk: Desk) -> None:
    """An issued invoice goes to phone and e-mail, by its number; its code is empty."""
    told = desk.issued()
    desk.provider.deliver_invoice(replace(DELIVERY, number=told.number))
    assert desk.loop.sent[-1].write
    assert content(desk.loop.sent[-1]) == {
        "taxnum": SELLER.tax_id,
        "invoiceCode": "",
        "invoiceNum": told.number,
        "phone": "13800000000",
        "mail": "b@example.invalid",
    }
    assert desk.loop.world.bureau.invoices[0].deliveries == ["b@example.invalid", "13800000000"]
    desk.provider.deliver_invoice(replace(DELIVERY, number=told.number, mobile=""))
    assert "phone" not in content(desk.loop.sent[-1])


def test_nothing_to_deliver(desk: Desk) -> None:
    """The catch-all means here that there is no such invoice."""
    with pytest.raises(NotFound) as caught:
        desk.provider.deliver_invoice(replace(DELIVERY, number="26990000000000000009"))
    assert "example.invalid" not in caught.value.message


def test_check_is_harmless(desk: Desk) -> None:
    """One question about nobody's invoice, without the seller; the detail shows the start of the key alone."""
    told = desk.provider.check()
    assert "SDK" in told.detail
    assert "SDKEY001" not in told.detail
    assert content(desk.loop.sent[-1])["orderNos"] == ["ASCTL-CHECK"]
    assert [request.write for request in desk.loop.sent] == [False, False]
    assert "userTax" not in (desk.loop.sent[-1].headers or {})


@pytest.mark.parametrize(("reply", "family"), [(said("070601"), CredentialsRefused), (said("E9338"), BadConfiguration)])
def test_check_tells_what_is_wrong(desk: Desk, reply: SandboxReply, family: type[AsctlError]) -> None:
    """Any other answer than "not found" is told."""
    desk.answers(reply)
    with pytest.raises(family):
        desk.provider.check()
