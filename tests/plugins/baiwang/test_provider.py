"""Invoices issued, tried again, delivered and fetched over the plugin's own sandbox app."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from asctl.api import (
    BadConfiguration,
    BadInput,
    CredentialsRefused,
    Effect,
    Evidence,
    InvoiceFinding,
    InvoiceKind,
    InvoiceState,
    NotFound,
    Refused,
    Throttled,
    Unavailable,
)
from asctl.api.sandbox import Complaint, SandboxReply, SandboxRequest
from asctl.sandbox.fates import Fate
from asctl_baiwang.provider import Baiwang
from asctl_baiwang.wire import ISSUE, QUERY, RETRY
from tests.plugins.baiwang.samples import BLUE, KETTLES, SELLER, body_of, issued, methods, said, said_no, told
from tests.plugins.loopback import Loopback

D = Decimal


def state(found: InvoiceFinding) -> InvoiceState:
    assert found.invoice is not None
    return found.invoice.state


def fate(loop: Loopback, kind: str, text: str = "", times: int = 1) -> None:
    loop.world.bureau.fates.lay_down(Fate(kind, text, times))


def test_accepted_then_issuing_then_issued(provider: Baiwang, loop: Loopback) -> None:
    """Accepted is not issued; once it is, number, sums to the cent and files are told."""
    submitted = provider.issue_invoice(BLUE)
    first = provider.find_invoice(BLUE)
    assert (first.evidence, first.effect, state(first)) == (Evidence.PRESENT, Effect.ACCEPTED, InvoiceState.ISSUING)
    loop.clock.sleep(5)
    found = provider.find_invoice(BLUE)
    assert (found.effect, found.reference) == (Effect.EFFECTIVE, submitted.reference)
    assert found.invoice is not None
    assert (found.invoice.net, found.invoice.tax, found.invoice.gross) == (D("180.00"), D("23.40"), D("203.40"))
    assert len(found.invoice.number) == 20
    assert set(found.invoice.files) == {"pdf", "ofd", "xml"}


def test_only_writes_are_marked(provider: Baiwang, loop: Loopback) -> None:
    """Token and query are questions, the issue is not."""
    provider.issue_invoice(BLUE)
    provider.find_invoice(BLUE)
    assert [request.write for request in loop.sent] == [False, True, False]


@pytest.mark.parametrize("text", ["未查询到发票", "发票不存在"])
def test_absence_may_be_told_in_words(provider: Baiwang, loop: Loopback, text: str) -> None:
    """A no that says that there is none is as good as an empty list."""
    told(loop, QUERY, said_no("NONE", text))
    assert provider.find_invoice(BLUE).evidence is Evidence.ABSENT


def test_rows_of_others_prove_nothing(provider: Baiwang, loop: Loopback) -> None:
    """An answer about other numbers is no answer to our question."""
    told(loop, QUERY, said([{"orderNo": "B9", "serialNo": "1", "status": "01"}]))
    with pytest.raises(Unavailable) as caught:
        provider.find_invoice(BLUE)
    assert caught.value.code == "odd_answer"


def test_failed_one_says_why_and_is_tried_again(provider: Baiwang, loop: Loopback) -> None:
    """The provider's words are told; a retry goes by its number and keeps ours."""
    fate(loop, "fail", "演示：购方税号有误")
    reference = provider.issue_invoice(BLUE).reference
    loop.clock.sleep(5)
    failed = provider.find_invoice(BLUE)
    assert (failed.effect, state(failed), failed.message) == (
        Effect.INEFFECTIVE,
        InvoiceState.FAILED,
        "演示：购方税号有误",
    )
    assert provider.retry_invoice(replace(BLUE, reference=reference)).reference == reference
    assert body_of(loop.sent[-1]) == {"taxNo": SELLER.tax_id, "serialNo": reference}
    assert loop.sent[-1].write
    loop.clock.sleep(5)
    assert state(provider.find_invoice(BLUE)) is InvoiceState.ISSUED


def test_retry_asks_for_the_number_that_it_does_not_know(provider: Baiwang, loop: Loopback) -> None:
    """Without the provider's number it is looked up before, and what is not there is not tried again."""
    with pytest.raises(NotFound):
        provider.retry_invoice(BLUE)
    assert methods(loop) == ["token", "query"]
    fate(loop, "fail")
    provider.issue_invoice(BLUE)
    loop.clock.sleep(5)
    provider.retry_invoice(BLUE)
    assert methods(loop)[-2:] == ["query", "retry"]


def test_what_a_look_after_a_retry_proves(provider: Baiwang, loop: Loopback) -> None:
    """One that failed may have failed again, or never been tried again: unknown. One under way or issued proves it."""
    fate(loop, "fail", times=2)
    assert provider.find_retried(BLUE).evidence is Evidence.UNKNOWN
    reference = provider.issue_invoice(BLUE).reference
    loop.clock.sleep(5)
    assert provider.find_retried(BLUE).evidence is Evidence.UNKNOWN
    provider.retry_invoice(replace(BLUE, reference=reference))
    assert provider.find_retried(BLUE).evidence is Evidence.PRESENT
    loop.clock.sleep(5)
    assert provider.find_retried(BLUE).evidence is Evidence.UNKNOWN
    provider.retry_invoice(replace(BLUE, reference=reference))
    loop.clock.sleep(5)
    assert (provider.find_retried(BLUE).evidence, provider.find_retried(BLUE).effect) == (
        Evidence.PRESENT,
        Effect.EFFECTIVE,
    )


def test_retry_of_an_issued_one_is_refused(provider: Baiwang, loop: Loopback) -> None:
    """An issued invoice is not issued again."""
    _number, reference = issued(provider, loop)
    with pytest.raises(Refused):
        provider.retry_invoice(replace(BLUE, reference=reference))


def test_any_answer_to_a_retry_will_do(provider: Baiwang, loop: Loopback) -> None:
    """Its shape is inferred, so a yes is enough."""
    told(loop, RETRY, SandboxReply.of({"success": True}))
    assert provider.retry_invoice(replace(BLUE, reference="S1")).reference == "S1"


def test_unsealed_one_is_issued_without_files(provider: Baiwang, loop: Loopback) -> None:
    """This line knows no state for it: a missing file never turns an issued invoice into a failed one."""
    fate(loop, "seal_fail")
    _number, reference = issued(provider, loop)
    found = provider.find_invoice(BLUE)
    assert found.invoice is not None
    assert (found.invoice.state, dict(found.invoice.files)) == (InvoiceState.ISSUED, {})
    provider.retry_invoice(replace(BLUE, reference=reference))
    sealed = provider.find_invoice(BLUE).invoice
    assert sealed is not None
    assert sealed.files["pdf"]


def test_sums_that_do_not_agree_are_refused(provider: Baiwang, loop: Loopback) -> None:
    """What the bureau finds wrong is a clear no."""
    with pytest.raises(Refused) as caught:
        provider.issue_invoice(replace(BLUE, lines=(replace(KETTLES, gross=D("226.01")),)))
    assert caught.value.upstream_code == "SANDBOX-FLAW"
    assert not loop.world.bureau.invoices


@pytest.mark.parametrize(
    ("complaint", "family", "code"),
    [
        (Complaint("throttle", seconds=5), Throttled, "busy"),
        (Complaint("auth"), CredentialsRefused, "token_refused"),
        (Complaint("refuse", reason="授信额度不足"), Throttled, "quota_used_up"),
        (Complaint("refuse", reason="数电账号未登录"), CredentialsRefused, "drawer_session"),
        (Complaint("refuse", reason="购方名称有误"), Refused, "refused"),
    ],
)
def test_complaints_reach_us(
    provider: Baiwang, loop: Loopback, complaint: Complaint, family: type[Exception], code: str
) -> None:
    """Each fault in the sandbox's words is understood for what it is."""
    proper = loop.answer

    def complain(request: SandboxRequest) -> SandboxReply:
        call = loop.app.identify(request)
        return proper(request) if call.operation == "token" else loop.app.complain(call, complaint)

    loop.answer = complain
    with pytest.raises(family) as caught:
        provider.issue_invoice(BLUE)
    assert getattr(caught.value, "code", "") == code


def test_check_asks_and_changes_nothing(provider: Baiwang, loop: Loopback) -> None:
    """A query that names no seller: the business's no to it was said after token and signature."""
    assert "100..." in provider.check().detail
    assert methods(loop) == ["token", "query"]
    assert not loop.sent[-1].write


@pytest.mark.parametrize(
    ("reply", "family"),
    [
        (said_no(code=100007), CredentialsRefused),
        (said_no(code=100009), Unavailable),
        (said_no("20020"), BadConfiguration),
        (SandboxReply(b"", status=404), Refused),
    ],
)
def test_check_is_no_flatterer(provider: Baiwang, loop: Loopback, reply: SandboxReply, family: type[Exception]) -> None:
    """A signature, a gateway or an address that is wrong is told, not taken for the business's no."""
    told(loop, QUERY, reply)
    with pytest.raises(family):
        provider.check()


def test_wrong_secrets_are_told(loop: Loopback, provider: Baiwang, make_provider: object) -> None:
    """A wrong password lets nobody in; a wrong secret neither."""
    assert callable(make_provider)
    for wrong in ({"password": "other"}, {"app_secret": "other"}, {"salt": "other"}):
        with pytest.raises(CredentialsRefused) as caught:
            make_provider(**wrong).check()
        assert caught.value.code == "login_refused"


def test_kinds_that_baiwang_does_not_issue(provider: Baiwang, loop: Loopback) -> None:
    """Its own code for a kind is bad input, its own code for a missing terminal the configuration's fault."""
    told(loop, ISSUE, said_no("20019", "demo"))
    with pytest.raises(BadInput):
        provider.issue_invoice(replace(BLUE, kind=InvoiceKind.DIGITAL_SPECIAL))
