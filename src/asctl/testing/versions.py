"""Writes that carry a version: decided on what was looked at, and on nothing that changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from asctl.capabilities.specs import WriteClass, WriteContract
from asctl.capabilities.writes import Evidence
from asctl.domain.aftersales import AfterSale, AfterSaleStatus
from asctl.domain.errors import Refused, Stale
from asctl.testing.aftersales import AFTER_SALE
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.rules import Rule, Stage, Tier, beside_where, expect
from asctl.testing.shop import change_application, shop_rules
from asctl.testing.site import Site
from asctl.testing.submissions import rule
from asctl.testing.writing import applied, contract_of

SaleOf = Callable[[Arguments], AfterSale]


def as_told(site: Site, after_sale: AfterSale) -> AfterSale:
    """The application as the provider reads it, with the version that it wants back; where it reads none, as it stands."""
    if site.spec.capability("AfterSaleSource") is None:
        return after_sale
    told: AfterSale = AFTER_SALE.done(site, (after_sale.after_sale_id,))
    return told


def version_rules(exercise: Exercise, sale_of: SaleOf) -> Iterator[Rule]:
    """The rules about a write that is declared as ``versioned``; ``sale_of`` finds the application among its arguments."""
    rules = shop_rules(
        exercise,
        (
            "stale",
            "an application that changed since it was read is Stale or Refused, and stays as it is",
            lambda site: _stale(site, exercise, sale_of),
        ),
        ("repeat", "the same version again is not carried out again", lambda site: _repeat(site, exercise)),
    )
    not_ours = rule(
        exercise,
        "not_ours",
        Tier.SILVER,
        "a look does not take an application that its customer withdrew for one that we decided on",
        lambda site, _exercise: _not_ours(site, exercise, sale_of),
        lambda spec: "" if contract_of(spec, exercise).find else "declares no find",
    )
    versioned = beside_where(rules, lambda spec: _beside_versioned(contract_of(spec, exercise)))
    for one in (*versioned, not_ours):
        yield replace(one, stage=Stage.PROOF)


def _beside_versioned(contract: WriteContract) -> str:
    return "" if contract.write is WriteClass.VERSIONED else f"declared as {contract.write.value}"


def _stale(site: Site, exercise: Exercise, sale_of: SaleOf) -> None:
    arguments = exercise.prepared(site)
    change_application(site, sale_of(arguments).after_sale_id, description="顾客改了说明")
    outcome = exercise.outcome(site, arguments)
    expect(not applied(site), "it was carried out, although the application had changed since it was read")
    expect(isinstance(outcome.error, Stale | Refused), f"should be Stale or Refused, but there was {outcome.seen}")
    clean(site, outcome)


def _not_ours(site: Site, exercise: Exercise, sale_of: SaleOf) -> None:
    arguments = exercise.prepared(site)
    change_application(site, sale_of(arguments).after_sale_id, status=AfterSaleStatus.CLOSED, raw_status="")
    find = contract_of(site.spec, exercise).find
    outcome = exercise.look(site, find, arguments)
    evidence = getattr(outcome.result, "evidence", None)
    expect(evidence is not Evidence.PRESENT, f"its customer withdrew it, and {find} says {evidence}")
    clean(site, outcome)


def _repeat(site: Site, exercise: Exercise) -> None:
    arguments = exercise.prepared(site)
    exercise.done(site, arguments)
    outcome = exercise.outcome(site, arguments, provider=site.another_process())
    expect(applied(site) == 1, "declared as versioned, but the same version again was carried out again")
    expected = outcome.error is None or isinstance(outcome.error, Stale | Refused)
    expect(expected, f"should be Stale, Refused or told to be there already, but there was {outcome.seen}")
    clean(site, outcome)
