"""Sales with an invoice, the cases that change it, and what a test asks about them afterwards."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from tests.command_support import Result
from tests.invoice_support import buyer
from tests.sandbox_support import SandboxSite
from tests.settlement_standings import apply_for
from tests.settlement_sums import goods_off
from tests.settlement_support import Sale, Seen, Shop

REDUCED = ("--as", "price_reduction")
FEE_SKU = "REPAIR"


def sale_of_units(shop: Shop, special: bool = False) -> Sale:
    """A sale without freight, of which a line has several units."""
    while True:
        sale = shop.sale(special, freight=False)
        if int(sale.line["quantity"]) > 1:
            return sale


def issued_sale(shop: Shop, used: bool = False) -> Sale:
    """Such a sale whose invoice is issued, and ``used`` by its buyer, which nobody told the seller."""
    sale = sale_of_units(shop)
    apply_for(shop, [sale])
    shop.until_quiet()
    if used:
        use(shop, sale)
    return sale


def under_way(shop: Shop) -> Sale:
    """A sale whose invoice the provider has, and has not issued yet."""
    sale = sale_of_units(shop)
    apply_for(shop, [sale])
    shop.ask("invoice", "issue", sale.order_id, "--yes")
    return sale


def one_unit(sale: Sale) -> str:
    """One unit of its line, as the commands name it."""
    return f"{sale.line['sku']}=1"


def share_of(sale: Sale, units: int = 1) -> Decimal:
    """What some units of its line were paid with."""
    return goods_off(sale.bill, str(sale.line["line_id"]), units)[0].gross


def reduced(shop: Shop, sale: Sale, amount: str, *more: str) -> str:
    """A price reduction that is agreed on and settled; the number of its case."""
    case = shop.open_case(sale, "compensate")
    settled = shop.settle(case, *REDUCED, "--refund", amount, *more)
    assert settled.code == 0, settled
    return case


def living(shop: Shop, sale: Sale) -> dict[str, Any]:
    """Its blue invoice that came last, as the books have it."""
    return [each for each in Seen(shop).books(sale) if each["colour"] == "blue"][-1]


def last_red(shop: Shop, sale: Sale) -> dict[str, Any]:
    """Its red invoice that came last, as the books have it."""
    return [each for each in Seen(shop).books(sale) if each["colour"] == "red"][-1]


def use(shop: Shop, sale: Sale) -> None:
    """The buyer uses its invoice."""
    buyer(shop.sandbox, "use", str(living(shop, sale)["number"]))


def refuse(shop: Shop, sale: Sale) -> None:
    """The buyer refuses the form that waits for him, and the command hears of it."""
    shop.cron()
    blue = next(each for each in Seen(shop).books(sale) if each["colour"] == "blue" and each["number"])
    buyer(shop.sandbox, "refuse", str(blue["number"]))
    shop.cron()
    assert last_red(shop, sale)["state"] == "failed"


def forms_about(shop: Shop, sale: Sale) -> list[dict[str, Any]]:
    """The forms at the tax bureau about its invoices."""
    numbers = {each["number"] for each in Seen(shop).books(sale) if each["number"]}
    return [form for form in shop.sandbox.state()["forms"] if form["blue_number"] in numbers]


def next_of(shop: Shop, sale: Sale, kind: str) -> list[str]:
    """The command that its open task of a kind names, as it is typed."""
    (task,) = shop.ask("task", "list", "--kind", kind, "--order", sale.order_id)
    return str(task["next"]).removeprefix("asctl ").split()


def retitle(shop: Shop, sale: Sale, title: str) -> Result:
    """Have its invoice name somebody else."""
    return shop.asctl("invoice", "retitle", sale.order_id, "--title", title, "--yes")


class _WaitingMovesTheWorld:
    """A clock that goes with the sandbox's: who waits has it moved, and loses no time."""

    def __init__(self, sandbox: SandboxSite) -> None:
        self._sandbox = sandbox

    def now(self) -> datetime:
        return self._sandbox.now()

    def sleep(self, seconds: float) -> None:
        self._sandbox.travel(seconds / 3600)


def waiting(shop: Shop, *arguments: str) -> Result:
    """A command with ``--wait``: while it waits, the sandbox's clock goes on."""
    clock = _WaitingMovesTheWorld(shop.sandbox)
    with patch("asctl.settings.clock.clock_from", lambda _environ: clock):
        result = shop.asctl(*arguments, "--wait", "30")
    shop.pass_time(0)
    return result
