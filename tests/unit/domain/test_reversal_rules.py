"""What is refused of a red invoice before anything is sent: each rule by its number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from asctl.domain.invoices import Colour, Invoice, InvoiceKind, InvoiceLine, InvoiceState, LineNature, Reason, Scope
from asctl.domain.reversal_rules import flaws_of_red
from asctl.domain.reversals import amounts_only, rests, reverse_all, reverse_goods
from tests.unit.domain.invoicing import COMPANY, KETTLES, LIMITS, POLICY, amounts, blue, money, red

BLUE = blue(*KETTLES)
LEFT = rests(BLUE, ())
(ONE_BACK,) = reverse_goods(LEFT, {"1": Decimal(1)})
ALL = reverse_all(LEFT)


def told(one: Invoice, origin: Invoice = BLUE, *others: Invoice) -> list[tuple[str, str, str]]:
    """Rule, code and field of each error."""
    found = flaws_of_red(one, origin, others, POLICY, LIMITS)
    return [(flaw.rule, flaw.code, flaw.field) for flaw in found if not flaw.warning]


@pytest.mark.parametrize(
    "one",
    [red(ONE_BACK), red(*ALL), red(*ALL, scope=Scope.FULL), red(*ALL, scope=Scope.FULL, reason=Reason.WRONG),
     red(*ALL, scope=Scope.FULL, reason=Reason.ALLOWANCE), red(*amounts_only(ALL), reason=Reason.ALLOWANCE)],
)  # fmt: skip
def test_right_ones(one: Invoice) -> None:
    """A part, everything left line by line, and all at once for any reason. The record itself may be among the reds."""
    assert told(one) == []
    assert told(one, BLUE, one) == []


def test_the_face_of_a_provider_is_the_same_goods() -> None:
    """Its category in asterisks is no part of the name."""
    assert told(red(replace(ONE_BACK, name="*厨具*演示水壶"))) == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (amounts("-5.00", "-0.65", "-5.65", blue_line=1), []),
        (amounts("-5.00", "0.65", "-4.35", blue_line=1), ["V12", "V12", "V19"]),
        (amounts("5.00", "0.65", "5.65", blue_line=1), ["V18"]),
        (amounts("0.00", "-0.01", "-0.01", blue_line=1), ["V18"]),
        (amounts("-5.00", "-0.65", "-5.65", blue_line=1, nature=LineNature.DISCOUNT), ["V18"]),
        (amounts("-5.65", "-0.65", "-5.65", blue_line=1), ["V11", "V12"]),
        (replace(ONE_BACK, quantity=Decimal(1), price=money("-101.70")), ["V18"]),
    ],
)
def test_v18_and_v19_signs(line: InvoiceLine, wrong: list[str]) -> None:
    """Amounts and units below zero, prices above, normal rows only; net and tax with the same sign."""
    assert [rule for rule, _code, _field in told(red(line))] == wrong


@pytest.mark.parametrize(
    ("state", "code"),
    [(InvoiceState.ISSUED, ""), (InvoiceState.SEAL_FAILED, ""), (InvoiceState.PARTLY_REVERSED, ""),
     (InvoiceState.REVERSED, "already_reversed"), (InvoiceState.ISSUING, "blue_not_issued"),
     (InvoiceState.QUEUED, "blue_not_issued"), (InvoiceState.VOIDED, "blue_not_issued"), (InvoiceState.VOIDING, "blue_not_issued")],
)  # fmt: skip
def test_v20_the_blue_one_stands(state: InvoiceState, code: str) -> None:
    """Only what was issued can be reversed, and only once."""
    assert told(red(ONE_BACK), replace(BLUE, state=state)) == ([("V20", code, "blue")] if code else [])


def test_v20_a_red_of_a_red() -> None:
    """A red invoice cannot be reversed; a new blue one undoes it."""
    assert ("V20", "red_of_red", "blue") in told(red(ONE_BACK), replace(BLUE, colour=Colour.RED))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"account": "other"}, "account"),
        ({"kind": InvoiceKind.DIGITAL_SPECIAL}, "kind"),
        ({"buyer": replace(COMPANY, title="另一公司")}, "buyer.title"),
        ({"buyer": replace(COMPANY, tax_id="91990000MA0BUYER2X")}, "buyer.tax_id"),
    ],
)
def test_v20_the_same_parties_and_kind(change: dict[str, object], field: str) -> None:
    """A red invoice is between the same two, and of the same kind."""
    assert told(red(ONE_BACK, **change)) == [("V20", "differs_from_blue", field)]


def test_v20_kinds_that_are_only_read() -> None:
    """Paper and tax control are reversed elsewhere."""
    kind = InvoiceKind.TAXCTRL_E_ORDINARY
    assert told(red(ONE_BACK, kind=kind), replace(BLUE, kind=kind)) == [("V20", "kind_not_reversed", "kind")]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"blue_line": 0}, "blue_line_unknown"), ({"blue_line": 3}, "blue_line_unknown"), ({"blue_line": 2}, "blue_line_discount"),
     ({"name": "演示茶壶"}, "blue_line_differs"), ({"code": "1" * 19}, "blue_line_differs")],
)  # fmt: skip
def test_v21_the_blue_row(change: dict[str, object], code: str) -> None:
    """It must be there, be no discount, and be of the same goods."""
    assert ("V21", code) in [(rule, word) for rule, word, _field in told(red(replace(ONE_BACK, **change)))]  # type: ignore[arg-type]


def test_v22_beyond_what_is_left() -> None:
    """Two rows of one red invoice count together, and so does what another one took; the numbers are told."""
    taken = red(ONE_BACK, invoice="3", state=InvoiceState.ISSUED)
    assert told(red(ONE_BACK), BLUE, taken) == []
    found = flaws_of_red(red(ONE_BACK, ONE_BACK), BLUE, [taken], POLICY, LIMITS)
    assert {(flaw.rule, flaw.code, flaw.field) for flaw in found} == {
        ("V22", "exceeds_rest", f"blue.lines[1].{name}") for name in ("net", "tax", "gross", "quantity")
    }
    assert "203.40" in found[2].sentence
    assert "101.70" in found[2].sentence


def test_v22_full_means_all_of_it() -> None:
    """The provider takes the whole, so the record must say so, and no part may be gone already."""
    part = red(ONE_BACK, invoice="3", state=InvoiceState.ISSUED)
    rest = reverse_all(rests(BLUE, [part]))
    assert told(red(*rest, scope=Scope.FULL), BLUE, part) == [("V22", "not_whole", "scope")]
    assert told(red(*rest), BLUE, part) == []
    assert told(red(ONE_BACK, scope=Scope.FULL)) == [("V22", "not_whole", "gross")]


@pytest.mark.parametrize(
    ("scope", "reason", "code"),
    [(Scope.PARTIAL, Reason.WRONG, "reason_needs_full"), (Scope.PARTIAL, Reason.STOPPED, "reason_needs_full"),
     (Scope.PARTIAL, Reason.ALLOWANCE, "allowance_quantity"), (None, Reason.RETURN, "reason_missing"),
     (Scope.PARTIAL, None, "reason_missing")],
)  # fmt: skip
def test_v23_reason_and_scope(scope: Scope | None, reason: Reason | None, code: str) -> None:
    """A part is reversed for goods returned or for an allowance, and an allowance has no units."""
    assert [(rule, word) for rule, word, _field in told(red(ONE_BACK, scope=scope, reason=reason))] == [("V23", code)]


@pytest.mark.parametrize("state", [InvoiceState.QUEUED, InvoiceState.SENDING, InvoiceState.ISSUING])
def test_v24_one_at_a_time(state: InvoiceState) -> None:
    """While another reversal is under way nobody knows what will be left."""
    other = red(ONE_BACK, invoice="3", state=state)
    assert told(red(ONE_BACK), BLUE, other) == [("V24", "reversal_under_way", "blue")]


def test_nan_is_told_not_reckoned_with() -> None:
    """The other rules do not stumble over it."""
    found = told(
        red(replace(ONE_BACK, tax=Decimal("NaN")), tax=money("-11.70"), net=money("-90.00"), gross=money("-101.70"))
    )
    assert found == [("V10", "bad_amount", "lines[1].tax")]
