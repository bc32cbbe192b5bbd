"""The way out: signature, errors, and answers in no documented shape."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import asctl_demo
from asctl.api import (
    AfterSaleRefusal,
    AsctlError,
    CredentialsRefused,
    Flag,
    Notice,
    Throttled,
    TrackQuery,
    Unavailable,
    Unclear,
)
from asctl.api.sandbox import Complaint, SandboxReply
from asctl_demo.client import sign
from asctl_demo.errors import REFUSALS
from asctl_demo.provider import DemoChat, DemoInvoices, DemoMarket, DemoParcels
from asctl_demo.sandbox_gate import SECRET
from tests.plugins.demo.conftest import BLUE, CASE, FULL, ORDER, PICKUP, WAYBILL, Scene
from tests.plugins.demo.test_invoices import RESULT
from tests.plugins.demo.test_market import CHANGE, SINCE, UNTIL
from tests.plugins.demo.test_parcels import CLAIM, INTERCEPTION, REDIRECTION
from tests.plugins.loopback import START

README = Path(asctl_demo.__file__).with_name("README.md").read_text(encoding="utf-8")
Do = Callable[[Any], object]
READS: dict[str, tuple[str, Do]] = {
    "orders": ("market", lambda one: list(one.changed_orders(SINCE, UNTIL))),
    "order": ("market", lambda one: one.order(ORDER.order_id)),
    "after_sales": ("market", lambda one: list(one.changed_after_sales(SINCE, UNTIL))),
    "after_sale": ("market", lambda one: one.after_sale(CASE.after_sale_id)),
    "remark": ("market", lambda one: one.remark(ORDER.order_id)),
    "agreement": ("market", lambda one: one.find_agreement(CASE)),
    "applications": ("market", lambda one: one.invoice_applications(ORDER.order_id)),
    "overdue": ("market", lambda one: one.overdue_invoices()),
    "check": ("chat", lambda one: one.check()),
    "track": ("parcels", lambda one: one.track((TrackQuery("demo", WAYBILL),))),
    "request": ("parcels", lambda one: one.find_pickup(PICKUP)),
    "claim_state": ("parcels", lambda one: one.claim_state("W000001")),
    "invoice": ("invoices", lambda one: one.find_invoice(BLUE)),
    "reversal": ("invoices", lambda one: one.find_reversal(FULL)),
}
WRITES: dict[str, tuple[str, Do]] = {
    "write_remark": ("market", lambda one: one.write_remark(ORDER.order_id, "x", Flag.RED)),
    "refuse": ("market", lambda one: one.refuse_after_sale(AfterSaleRefusal(CASE, "no use"))),
    "intercept_order": ("market", lambda one: one.intercept_order(CASE)),
    "change_receiver": ("market", lambda one: one.change_receiver(CHANGE)),
    "hand_over": ("market", lambda one: one.hand_invoice_over(RESULT)),
    "intercept": ("parcels", lambda one: one.intercept(INTERCEPTION)),
    "cancel": ("parcels", lambda one: one.cancel_pickup(PICKUP)),
    "redirect": ("parcels", lambda one: one.change_address(REDIRECTION)),
    "pickup": ("parcels", lambda one: one.order_pickup(PICKUP)),
    "claim": ("parcels", lambda one: one.file_claim(CLAIM)),
    "issue": ("invoices", lambda one: one.issue_invoice(BLUE)),
    "retry": ("invoices", lambda one: one.retry_invoice(BLUE)),
    "reverse": ("invoices", lambda one: one.reverse_invoice(FULL)),
    "notice": ("chat", lambda one: one.notify(Notice("t", "x"))),
}
SHAPES = (
    *(b"null", b"[]", b"1", b'{"x":[null]}', b"<html>", b"", b"\xff\xfe", b'{"result":{"ite'),
    *(b'{"result":null}', b'{"result":[null]}', b'{"result":{"x":1}}'),
    *(b'{"error":null}', b'{"error":[]}', b'{"error":{}}', b'{"error":{"code":"too_fast","wait_s":"soon"}}'),
)


@pytest.fixture
def accounts(
    market: DemoMarket, parcels: DemoParcels, invoices: DemoInvoices, chat: DemoChat
) -> dict[str, DemoMarket | DemoParcels | DemoInvoices | DemoChat]:
    return {"market": market, "parcels": parcels, "invoices": invoices, "chat": chat}


def test_the_signature_is_the_documented_one() -> None:
    """The vector in the README."""
    told = sign("demo-secret-not-real", "2026-11-21T01:30:00+00:00", b'{"call":"whoami"}')
    assert told == "509faaa362ffa441672c759f4c73e61f97b24cf679a656dd228117ba93c86814"
    assert told in README


def test_every_call_is_signed_anew(chat: DemoChat, scene: Scene) -> None:
    """Time stamp and signature are of the moment; the secret itself never goes out."""
    chat.check()
    scene.wait(seconds=30)
    chat.check()
    first, second = (dict(request.headers or {}) for request in scene.loop.sent)
    assert first["x-demo-sign"] != second["x-demo-sign"]
    assert SECRET not in str(scene.loop.sent)


@pytest.mark.parametrize(
    ("changed", "code"), [({"secret": "mistyped"}, "signature_refused"), ({"key": "nobody"}, "signature_refused")]
)
def test_a_wrong_secret_is_refused(scene: Scene, changed: dict[str, str], code: str) -> None:
    """Not let in, by key or by signature; neither stands in the error."""
    with pytest.raises(CredentialsRefused) as caught:
        scene.account(DemoChat, "notifiers", "demo-chat", **changed).check()
    assert caught.value.code == code
    assert not [value for value in changed.values() if value in str(vars(caught.value))]


def test_a_clock_that_is_off_is_a_trouble_of_its_own(chat: DemoChat, scene: Scene) -> None:
    """Ten minutes are too much."""
    scene.world._wall = lambda: START + timedelta(minutes=10)
    with pytest.raises(CredentialsRefused) as caught:
        chat.check()
    assert caught.value.code == "clock_off"


@pytest.mark.parametrize(("told", "seconds"), [(90, 90), (0, 1), (999_999_999, 86_400)])
def test_a_throttled_answer_carries_its_pause(scene: Scene, chat: DemoChat, told: int, seconds: int) -> None:
    """At least a second, at most a day."""
    scene.error("too_fast", wait_s=told)
    with pytest.raises(Throttled) as caught:
        chat.check()
    assert caught.value.retry_after == timedelta(seconds=seconds)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("call", READS)
def test_a_read_answered_with_nonsense_is_unavailable(accounts: Any, scene: Scene, call: str, shape: bytes) -> None:
    """Whatever comes, no other exception comes out."""
    account, do = READS[call]
    scene.answers(SandboxReply(shape))
    with pytest.raises(Unavailable):
        do(accounts[account])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("call", WRITES)
def test_a_write_answered_with_nonsense_is_unclear(accounts: Any, scene: Scene, call: str, shape: bytes) -> None:
    """It may have been carried out."""
    account, do = WRITES[call]
    scene.answers(SandboxReply(shape))
    with pytest.raises(Unclear):
        do(accounts[account])


@pytest.mark.parametrize("call", WRITES)
def test_an_error_that_nobody_knows_leaves_a_write_open(accounts: Any, scene: Scene, call: str) -> None:
    """Only a code that is documented is a no."""
    account, do = WRITES[call]
    scene.error("quantum_flux")
    with pytest.raises(Unclear):
        do(accounts[account])


@pytest.mark.parametrize("call", [*READS, *WRITES])
@pytest.mark.parametrize("kind", ["throttle", "auth", "refuse", "not_found"])
def test_a_fault_in_their_words_is_one_of_our_families(accounts: Any, scene: Scene, call: str, kind: str) -> None:
    """What the app complains of comes out as an error of a family, or as an answer that says nothing; and no error repeats a
    secret or a person."""
    account, do = {**READS, **WRITES}[call]
    scene.loop.answer = lambda request: scene.app.complain(
        scene.app.identify(request), Complaint(kind, 30, "ALREADY_DELIVERED")
    )
    try:
        do(accounts[account])
    except AsctlError as error:
        told = " ".join((error.message, error.hint, error.upstream_text))
        assert not [word for word in (SECRET, "苏小满", "13800001234", "演示购方") if word in told]
        assert error.family in ("throttled", "credentials_refused", "refused", "not_found")


def test_a_notice_arrives(chat: DemoChat, scene: Scene) -> None:
    """Title, text and how urgent it is."""
    chat.notify(Notice("没有动静", "12 个包裹", "warning"))
    assert scene.app.notices == [{"title": "没有动静", "text": "12 个包裹", "severity": "warning"}]


def test_a_notice_whose_answer_is_lost_is_unclear(chat: DemoChat, scene: Scene) -> None:
    """It may have been read: nobody sends it again."""
    scene.loses_one()
    with pytest.raises(Unclear):
        chat.notify(Notice("t", "x"))
    assert len(scene.app.notices) == 1


def test_every_error_code_is_documented() -> None:
    """The README's table has each code that the client knows, and no other."""
    table = README.partition("## Errors")[2].partition("## Sandbox")[0]
    told = {
        code
        for row in table.splitlines()
        if row.startswith("| `")
        for code in re.findall(r"`(\w+)`", row[1:].split("|")[0])
    }
    accounts = {"bad_key", "bad_sign", "bad_time", "too_fast", "trouble"}
    assert told == accounts | {"bad_member", "not_found", "changed", "key_taken"} | set(REFUSALS)
