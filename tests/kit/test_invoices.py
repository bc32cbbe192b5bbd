"""The rules about invoice providers, label renderers and notifiers, each on a provider that breaks just that one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asctl.api import Effect, Evidence, InvoiceFinding, Submission
from asctl.testing.examination import State
from asctl.testing.subject import Subject, subjects_in
from tests.kit.conftest import Judge
from tests.kit.good import offering, rule
from tests.kit.wrong import misbehaving, with_spec
from tests.kit.wrong_couriers import Wrong, agreeing, pretending
from tests.kit.wrong_invoices import WRONGS
from tests.kit.wrong_labels import LABELS, LAYOUTS, NOTICES

pytestmark = pytest.mark.storeless
ALL = (*WRONGS, *LABELS, *LAYOUTS, *NOTICES)
ELSEWHERE = {"InvoiceIssuer.retry_invoice.failed_again", "InvoiceReverser.reverse_invoice.nothing_left"}
"""Broken below by more than one method, or by what the spec declares."""
BROKEN = {wrong.rule for wrong in ALL} | ELSEWHERE


def good(capability: str) -> Subject:
    """The demo's text labels have no layouts, so those of the labels plugin stand in."""
    if capability == "LabelLayouts":
        return next(subject for subject in subjects_in("asctl_labels") if subject.spec.id == "zpl")
    return offering(capability)


@pytest.mark.parametrize("wrong", ALL, ids=lambda wrong: f"{wrong.rule}: {wrong.told}")
def test_who_breaks_a_rule_is_told_so(judge: Judge, wrong: Wrong) -> None:
    """The good provider keeps the rule; the wrong one does not, and is told what was seen."""
    subject, tried = good(wrong.rule.partition(".")[0]), rule(wrong.rule)
    assert wrong.told in judge.told(subject, tried, misbehaving(subject, wrong.culprit, wrong.behaviour))


def test_a_second_failure_is_no_proof(judge: Judge) -> None:
    """Who says that nobody tried again, and that this is proof, would have it tried for ever."""
    subject, tried = offering("InvoiceIssuer"), rule("InvoiceIssuer.retry_invoice.failed_again")
    issuer = subject.spec.capability("InvoiceIssuer")
    assert issuer is not None
    writes = issuer.writes | {"retry_invoice": replace(issuer.writes["retry_invoice"], authoritative=True)}
    sure = with_spec(subject, capabilities=(replace(issuer, writes=writes),))
    wrong = misbehaving(sure, "find_retried", pretending(InvoiceFinding(Evidence.ABSENT)))
    assert "told as proof" in judge.told(subject, tried, wrong)


def test_a_reversed_invoice_cannot_be_reversed_again(judge: Judge) -> None:
    """Who takes a no for a yes, and tells in a look that all is done, gives the books a second red invoice."""
    subject, tried = offering("InvoiceReverser"), rule("InvoiceReverser.reverse_invoice.nothing_left")
    wrong = misbehaving(subject, "reverse_invoice", agreeing(Submission()))
    wrong = misbehaving(wrong, "find_reversal", pretending(InvoiceFinding(Evidence.PRESENT, Effect.EFFECTIVE)))
    assert "told as done" in judge.told(subject, tried, wrong)


def test_a_seller_must_be_whole(judge: Judge) -> None:
    """The core issues nothing without a drawer; who forgets him in the sandbox app is told what to add."""
    subject = with_spec(offering("InvoiceIssuer"), sandbox="tests.kit.wrong_invoices:Drawerless")
    standing = judge(subject, rule("InvoiceIssuer.issue_invoice.whole"))
    assert (standing.state, "drawer" in standing.why) == (State.TODO, True), standing.why


def test_one_label_a_file_is_kept(judge: Judge) -> None:
    """A picture of one label takes no second one: who declares that and draws three is found out."""
    tried = rule("LabelRenderer.render.many")
    pictures = next(subject for subject in subjects_in("asctl_labels") if subject.spec.id == "png")
    assert judge(pictures, tried).state is State.DONE
    text = offering("LabelRenderer")
    renderer = text.spec.capability("LabelRenderer")
    assert renderer is not None
    one = replace(renderer, limits=replace(renderer.limits, many=False))  # type: ignore[type-var]
    assert "three labels where a file holds one" in judge(with_spec(text, capabilities=(one,)), tried).why


def test_labels_are_drawn_without_a_network(judge: Judge) -> None:
    """A renderer needs no sandbox app for its rules; one that wants to call out is told that it may not."""
    subject = offering("LabelRenderer")
    assert subject.spec.sandbox == ""
    standing = judge(with_spec(subject, factory="tests.kit.wrong_labels:Calling"), rule("LabelRenderer.render.number"))
    assert (standing.state, "no_network" in standing.why) == (State.TODO, True), standing.why
