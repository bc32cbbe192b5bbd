"""The demo's steps about invoices: issued as customers applied, then settled for a return, an exchange and a repair (R21-R23)."""

from __future__ import annotations

from decimal import Decimal

from asctl.api.bureau import SandboxInvoice
from asctl.cli.demo_scene import Scene
from asctl.cli.demo_step import Step
from asctl.domain.invoices import Colour
from asctl.domain.orders import Order
from asctl.text import _

PAID_MORE = Decimal("12.00")
NEW_NAME = "加大号"


def invoices_issued() -> tuple[Step, ...]:
    """R107: applied for inside the order, issued in the order of application."""
    return (
        Step(
            _("Customers applied for invoices inside their orders. The applications are read into the queue."),
            "invoice sync {scene.returned.order_id} {scene.exchanged.order_id} {scene.repaired.order_id}",
            _("each of the three orders has one invoice in the queue, over what was paid"),
            lambda scene: scene.queued() == {order.order_id: order.amount for order in scene.billed},
            first=lambda scene: scene.customers_apply(),
        ),
        Step(
            _("What cron runs: the queue is worked in the order of application."),
            "invoice issue --yes --wait 30",
            _("the tax bureau has exactly one invoice of each order, over what was paid"),
            lambda scene: all(_amounts(scene, order) == [order.amount] for order in scene.billed),
        ),
    )


def invoices_settled() -> tuple[Step, ...]:
    """T11: return, revise; exchange, endorse or reissue; repair, give the original back."""
    return (
        Step(
            _("The return is settled: its invoice is reversed, and one line says which rule that is."),
            "invoice settle {scene.rma.rma} --yes --wait 30",
            _("one red invoice took everything; what stays billed is what was not refunded, the freight"),
            _return_settled,
        ),
        *_cases_opened(),
        Step(
            _("The exchange is settled: the customer paid 12.00 more, so the old invoice goes, and a new one comes."),
            "invoice settle {scene.exchange.rma} --difference 12.00 --goods " + NEW_NAME + " --yes --wait 40",
            _("red first, blue second, and all of them add up to what the customer has paid by now"),
            _exchange_settled,
        ),
        Step(
            _("The repair is settled: the customer keeps the invoice, so nothing goes out."),
            "invoice settle {scene.repair.rma} --yes",
            _("no provider heard of it, and the invoice stands"),
            lambda scene: not scene.requests() and _amounts(scene, scene.repaired) == [scene.repaired.amount],
        ),
        Step(
            _("The files of an invoice, under names that are safe everywhere."),
            "invoice download {scene.exchanged.order_id} --format pdf -d {scene.folder}",
            _("the folder holds the PDF of the invoice that stands"),
            lambda scene: bool(list(scene.folder.glob(f"{scene.exchanged.order_id}_*.pdf"))),
        ),
    )


def _cases_opened() -> tuple[Step, ...]:
    return (
        Step(
            _("Two more cases: one customer wants an exchange, another one a repair."),
            "rma open {scene.exchanged.order_id} --kind exchange --reason not_as_described --line {scene.exchanged_line}=1",
            _("there is a case of that kind on the order"),
            lambda scene: scene.exchange.order_id == scene.exchanged.order_id,
        ),
        Step(
            _("The repair is under warranty."),
            "rma open {scene.repaired.order_id} --kind repair --reason quality",
            _("there is a case of that kind on the order"),
            lambda scene: scene.repair.order_id == scene.repaired.order_id,
        ),
        Step(
            _("Both are approved."),
            "rma approve {scene.exchange.rma} {scene.repair.rma}",
            _("both wait for the customers' goods"),
            lambda scene: scene.exchange.approved_at is not None and scene.repair.approved_at is not None,
        ),
    )


def _issued(scene: Scene, order: Order) -> list[SandboxInvoice]:
    """The invoices of an order at the tax bureau, found by our serials: not every provider is told the order's number."""
    bureau, serials = scene.world.bureau, scene.serials(order)
    with scene.world.lock:
        return [each for each in bureau.invoices if each.serial in serials and bureau.phase(each) == "issued"]


def _amounts(scene: Scene, order: Order) -> list[Decimal]:
    return [each.gross for each in _issued(scene, order)]


def _return_settled(scene: Scene) -> bool:
    order = scene.returned
    amounts = _amounts(scene, order)
    return amounts[:2] == [order.amount, -order.amount] and sum(amounts) == order.freight


def _exchange_settled(scene: Scene) -> bool:
    order = scene.exchanged
    colours = [each.colour for each in _issued(scene, order)]
    owed = order.amount + PAID_MORE
    return colours == [Colour.BLUE, Colour.RED, Colour.BLUE] and sum(_amounts(scene, order)) == owed
