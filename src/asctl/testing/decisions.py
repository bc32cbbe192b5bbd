"""Decisions on applications: each carried out or not by itself, on the version that was looked at, and once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from asctl.capabilities.orders import AfterSaleOutcome, AfterSaleRefusal, DeskLimits
from asctl.capabilities.specs import ProviderSpec
from asctl.domain.aftersales import AfterSale, AfterSaleKind, AfterSaleStatus
from asctl.domain.errors import AsctlError
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.files import PICTURE
from asctl.testing.rules import Rule, beside_where, declared_limits, expect
from asctl.testing.shop import put_application, shop_rules
from asctl.testing.site import Outcome, Site
from asctl.testing.submissions import request_rules
from asctl.testing.troubles import refusal_rule, trouble_rules
from asctl.testing.versions import as_told, version_rules
from asctl.testing.writing import write_rules

_TEXT = "与约定的条件不符，不能退款"
_MOST = 40
_CENT = Decimal("0.01")
_NOT_AGREED = frozenset({AfterSaleStatus.APPLIED, AfterSaleStatus.REFUSED, AfterSaleStatus.CLOSED})


def _arrange_agreement(site: Site) -> Arguments:
    return ((put_application(site),),)


def _agreement_as_told(site: Site, arguments: Arguments) -> Arguments:
    return (tuple(as_told(site, sale) for sale in arguments[0]), *arguments[1:])


def _arrange_refusal(site: Site) -> Arguments:
    return (AfterSaleRefusal(put_application(site), _TEXT, site.subject.conformance.refusal_reason, PICTURE),)


def _refusal_as_told(site: Site, arguments: Arguments) -> Arguments:
    (refusal,) = arguments
    return (replace(refusal, after_sale=as_told(site, refusal.after_sale)),)


def _errors(outcomes: Sequence[AfterSaleOutcome]) -> Sequence[AsctlError]:
    return [outcome.error for outcome in outcomes if outcome.error is not None]


AGREE = Exercise(
    "AfterSaleDesk",
    "agree_after_sales",
    _arrange_agreement,
    write=True,
    errors=_errors,
    before=_agreement_as_told,
    look=lambda site, find, arguments, **told: site.call(find, *arguments[0], **told),
)
REFUSE = Exercise("AfterSaleDesk", "refuse_after_sale", _arrange_refusal, write=True, before=_refusal_as_told)
EXERCISES = (AGREE, REFUSE)


def after_sale_desk_rules() -> Iterator[Rule]:
    """All rules for ``AfterSaleDesk``."""
    yield from write_rules(AGREE)
    yield from trouble_rules(AGREE)
    yield refusal_rule(AGREE)
    yield from shop_rules(
        AGREE,
        ("moves_on", "a return that was agreed to is neither open nor refused any more", _agreed),
        (
            "refunds",
            "as many refunds as declared are agreed to in one call, each with its outcome, in their order",
            _refunds,
        ),
    )
    yield from beside_where(
        shop_rules(
            AGREE, ("row_by_row", "one that was withdrawn has its own error, and holds up no other", _row_by_row)
        ),
        _beside_rows,
    )
    yield from version_rules(AGREE, lambda arguments: arguments[0][0])
    yield from request_rules(REFUSE)
    yield from shop_rules(
        REFUSE, ("moves_on", "an application that was refused is refused, and not agreed to", _refused)
    )
    yield from version_rules(REFUSE, lambda arguments: arguments[0].after_sale)


def _limits(spec: ProviderSpec) -> DeskLimits:
    return declared_limits(spec, "AfterSaleDesk", DeskLimits)


def _beside_rows(spec: ProviderSpec) -> str:
    return "" if _limits(spec).at_once > 1 else "declares one application a call"


def _state(site: Site, sale: AfterSale) -> AfterSaleStatus:
    return site.world.after_sales[sale.after_sale_id].status


def _agreed(site: Site) -> None:
    arguments = AGREE.prepared(site)
    AGREE.done(site, arguments)
    (sale,) = arguments[0]
    expect(_state(site, sale) not in _NOT_AGREED, f"it was agreed to, and is {_state(site, sale)}")


def _small_refunds(site: Site) -> tuple[AfterSale, ...]:
    """As many as one call may agree to, together below every bound."""
    limits = _limits(site.spec)
    count = min(limits.at_once, _MOST)
    share = min((limits.total or Decimal(count)) / count, Decimal(1)).quantize(_CENT)
    made = [put_application(site, AfterSaleKind.REFUND_ONLY) for _each in range(count)]
    for sale in made:
        site.world.add_after_sale(replace(sale, amount=share))
    return tuple(as_told(site, sale) for sale in made)


def _outcomes(site: Site, sales: tuple[AfterSale, ...]) -> tuple[AfterSaleOutcome, ...]:
    outcome = site.call(AGREE.method, sales)
    expect(outcome.error is None, f"should have answered for each, but there was {outcome.seen}")
    clean(site, outcome)
    told: tuple[AfterSaleOutcome, ...] = outcome.result
    numbers = [each.after_sale_id for each in told]
    expect(numbers == [sale.after_sale_id for sale in sales], f"{len(sales)} applications, and outcomes for {numbers}")
    return told


def _refunds(site: Site) -> None:
    sales = _small_refunds(site)
    for sale, outcome in zip(sales, _outcomes(site, sales), strict=True):
        expect(outcome.error is None, f"an outcome is {outcome.error!r}")
        agreed = outcome.needs_person or _state(site, sale) not in _NOT_AGREED
        expect(agreed, f"an outcome is without error, and the application is {_state(site, sale)}")


def _row_by_row(site: Site) -> None:
    sales = _small_refunds(site)
    withdrawn = sales[len(sales) // 2]
    standing = site.world.after_sales[withdrawn.after_sale_id]
    site.world.add_after_sale(replace(standing, status=AfterSaleStatus.CLOSED, raw_status="", version="1"))
    for sale, outcome in zip(sales, _outcomes(site, sales), strict=True):
        expect(
            (outcome.error is None) is (sale is not withdrawn),
            f"one of them was withdrawn, and an outcome is {outcome}",
        )
        clean(site, Outcome(error=outcome.error))


def _refused(site: Site) -> None:
    arguments = REFUSE.prepared(site)
    REFUSE.done(site, arguments)
    state = _state(site, arguments[0].after_sale)
    expect(state in (AfterSaleStatus.REFUSED, AfterSaleStatus.CLOSED), f"it was refused, and is {state}")
