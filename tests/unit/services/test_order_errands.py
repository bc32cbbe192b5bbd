"""Decisions on several applications in one call: what each row of the answer, or its lack, means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import pytest

from asctl.capabilities.orders import AfterSaleOutcome
from asctl.domain.actions import Action, ActionKind, ActionState
from asctl.domain.aftersales import AfterSale
from asctl.domain.errors import AsctlError, PluginBroken, Refused, Stale, Throttled, Unclear
from asctl.host.guard import Guarded
from asctl.services.errands import Ready
from asctl.services.frozen import frozen
from asctl.services.order_errands import SECOND_VERIFICATION, Agree
from asctl.services.outcomes import Outcome
from tests.store_support import NOW, an_after_sale

NUMBERS = ("90000001", "90000002", "90000003")
Answer = Callable[[tuple[AfterSale, ...]], tuple[Any, ...]]


@dataclass(frozen=True)
class Desk:
    """A marketplace that answers as told."""

    answer: Answer

    def agree_after_sales(self, after_sales: tuple[AfterSale, ...], code: str = "") -> tuple[Any, ...]:
        return self.answer(after_sales)


def agreed(answer: Answer) -> list[Outcome]:
    actions = [_action(number) for number in NUMBERS]
    return Agree().send(cast(Guarded, Desk(answer)), actions, [Ready()] * len(actions), "")


def _action(number: str) -> Action:
    return Action(
        f"A{number}", ActionKind.AGREE, "flagship", number, number, "", 1, "key", {"after_sale": frozen(an_after_sale(number))},
        "hash", ActionState.SENDING, NOW, "8012", after_sale_id=number,
    )  # fmt: skip


def raising(error: AsctlError) -> Answer:
    def answer(_after_sales: tuple[AfterSale, ...]) -> tuple[Any, ...]:
        raise error

    return answer


def test_every_row_is_found_by_its_number() -> None:
    """Outcomes may come in any order: each goes to the application that it names."""
    first, second, third = agreed(
        lambda sales: (
            AfterSaleOutcome(sales[2].after_sale_id, needs_person=True),
            AfterSaleOutcome(sales[1].after_sale_id, Refused("no")),
            AfterSaleOutcome(sales[0].after_sale_id),
        )
    )
    assert (first.state, first.effect) == (ActionState.DONE, "effective")
    assert second.state is ActionState.REFUSED
    assert third.state is ActionState.NEEDS_PERSON
    assert third.error is not None
    assert third.error.code == SECOND_VERIFICATION


@pytest.mark.parametrize(
    "rest",
    [(), (AfterSaleOutcome("90000099"),)],
    ids=["missing", "another number"],
)
def test_a_row_that_is_missing_is_unclear(rest: tuple[Any, ...]) -> None:
    """What the answer does not speak of may have been paid: unclear, whatever became of the others."""
    outcomes = agreed(lambda sales: (AfterSaleOutcome(sales[0].after_sale_id), *rest))
    assert [outcome.state for outcome in outcomes] == [ActionState.DONE, ActionState.UNCLEAR, ActionState.UNCLEAR]
    assert {outcome.error.code for outcome in outcomes[1:] if outcome.error} == {"missing_row"}


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Unclear("?", code="no_answer"), ActionState.UNCLEAR),
        (PluginBroken("broke off", code="plugin_failed"), ActionState.UNCLEAR),
        (Stale("changed", code="after_sale_changed"), ActionState.REFUSED),
        (Throttled("too many", retry_after=NOW - NOW), ActionState.PLANNED),
    ],
    ids=["unclear", "broken plugin", "stale", "throttled"],
)
def test_an_error_means_the_same_for_a_call_and_for_a_row(error: AsctlError, state: ActionState) -> None:
    """Raised for the whole call or told for one row: a broken plugin leaves it open, a throttled call did nothing."""
    assert [outcome.state for outcome in agreed(raising(error))] == [state] * 3
    told = agreed(lambda sales: tuple(AfterSaleOutcome(sale.after_sale_id, error) for sale in sales))
    assert [outcome.state for outcome in told] == [state] * 3
