"""Agreements: many in one call, each row for itself."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from asctl.capabilities.orders import AfterSaleOutcome, DeskLimits
from asctl.capabilities.specs import Capability
from asctl.domain.actions import About, Action, ActionKind, ActionState, Intent, Wanted
from asctl.domain.aftersales import AfterSale
from asctl.domain.errors import (
    Refused,
    Stale,
)
from asctl.services.budget import Budget
from asctl.services.desk import Desk
from asctl.services.frozen import frozen
from asctl.services.journal import Journal
from asctl.services.sending import Sender, Sent
from asctl.settings import Account
from asctl.store.opening import Store
from asctl.transport.until import SendWindow, send_window
from tests.store_support import an_after_sale
from tests.unit.services.far_side import (
    FarSide,
    HandClock,
    a_desk,
    planned,
)


def send(desk: Desk, actions: list[Action], jobs: int = 1, budget: Budget | None = None) -> dict[str, Sent]:
    """What became of each action, told once."""
    told = list(Sender(desk, Journal(desk), jobs, budget or Budget()).send(actions))
    assert Counter(sent.action.action for sent in told) == Counter(action.action for action in actions)
    return {sent.action.action: sent for sent in told}


def opened() -> SendWindow:
    """The window of the call that is being made."""
    window = send_window()
    assert window is not None
    return window


class Marketplace(FarSide):
    """A shop that agrees to as many applications in one call as its limits say; ``calls`` are those it got."""

    def __init__(self, limits: DeskLimits) -> None:
        super().__init__()
        self.limits, self.calls = limits, list[tuple[str, ...]]()

    def capability(self, account: Account, name: str) -> Any:
        return Capability(name, self.limits) if name == "AfterSaleDesk" else None

    def agree_after_sales(self, sales: tuple[AfterSale, ...], code: str) -> tuple[AfterSaleOutcome, ...]:
        self.calls.append(tuple(sale.after_sale_id for sale in sales))
        opened().left = True
        no = {"refused": Refused("no", code="too_late"), "stale": Stale("no", code="after_sale_changed")}
        rows = [AfterSaleOutcome(sale.after_sale_id, no.get(sale.after_sale_id)) for sale in reversed(sales)]
        return tuple(row for row in rows if row.after_sale_id != "lost")


def agreement(number: str, amount: str) -> Wanted:
    sale = an_after_sale(number, amount=Decimal(amount))
    intent = Intent("flagship", ActionKind.AGREE, number)
    return Wanted(intent, {"after_sale": frozen(sale), "amount": amount}, About("flagship", after_sale_id=number))


@pytest.mark.parametrize(
    ("limits", "sizes"),
    [
        (DeskLimits(), [1, 1, 1, 1, 1]),
        (DeskLimits(at_once=2), [2, 2, 1]),
        (DeskLimits(at_once=20, total=Decimal("100.00")), [2, 1, 2]),
        (DeskLimits(at_once=20, total=Decimal("1.00")), [1, 1, 1, 1, 1]),
    ],
)
def test_agreements_go_together_within_the_shops_limits(store: Store, limits: DeskLimits, sizes: list[int]) -> None:
    """So many at once and so much money in all; one that is above the sum alone goes alone."""
    shop = Marketplace(limits)
    desk = a_desk(store, shop, HandClock())
    amounts = ["40.00", "60.00", "100.00", "99.99", "0.01"]
    actions = [planned(desk, agreement(f"900{number}", amount)) for number, amount in enumerate(amounts)]
    sent = send(desk, actions)
    assert [len(call) for call in shop.calls] == sizes
    assert [number for call in shop.calls for number in call] == [f"900{number}" for number in range(5)]
    assert {each.action.state for each in sent.values()} == {ActionState.DONE}


def test_every_row_of_an_answer_stands_for_itself(store: Store) -> None:
    """A clear no of a row is an answer to the write; a row that the answer lacks is unclear, whatever the others say."""
    shop = Marketplace(DeskLimits(at_once=20))
    desk = a_desk(store, shop, HandClock())
    numbers = ("9001", "lost", "refused", "stale", "9002")
    sent = send(desk, [planned(desk, agreement(number, "1.00")) for number in numbers])
    states = {each.action.after_sale_id: each.action.state for each in sent.values()}
    done, unclear, refused = ActionState.DONE, ActionState.UNCLEAR, ActionState.REFUSED
    assert states == {"9001": done, "lost": unclear, "refused": refused, "stale": refused, "9002": done}
