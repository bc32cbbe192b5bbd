"""The steps of the demo: orders in, parcels watched, changes on the way, invoices, goods back."""

from __future__ import annotations

from asctl.cli.demo_changes import addresses_changed, parcels_called_back
from asctl.cli.demo_invoices import invoices_issued, invoices_settled
from asctl.cli.demo_returns import goods_back
from asctl.cli.demo_scene import Scene
from asctl.cli.demo_step import Step
from asctl.domain.watch import Verdict
from asctl.text import _

EVERYBODY = {"taobao", "kuaidi100", "sf", "zto", "yto", "nuonuo", "baiwang"}
REMARK = "买家来电催件，已安抚"


def steps() -> tuple[Step, ...]:
    """The main job in the order in which a shop does it."""
    return (
        *_orders_in(),
        *_parcels_watched(),
        *addresses_changed(),
        *parcels_called_back(),
        *invoices_issued(),
        *goods_back(),
        *invoices_settled(),
    )


def _orders_in() -> tuple[Step, ...]:
    return (
        Step(
            _("The store is created, for orders, parcels and cases."),
            "db upgrade",
            _("the store is there and has the schema of this version"),
            lambda scene: bool(scene.store.url_shown),
        ),
        Step(
            _("Each account makes one harmless signed call."),
            "account check",
            _(
                "the marketplace, every courier service and both invoice providers were called, and accepted the signatures"
            ),
            lambda scene: {entry.plugin for entry in scene.requests()} >= EVERYBODY,
        ),
        Step(
            _("Changed orders are pulled, and their parcels put under watch."),
            "order sync",
            _("every order of the marketplace is in the store"),
            lambda scene: {order.order_id for order in scene.orders()} == set(scene.world.orders),
        ),
        Step(
            _("So are the buyers' applications for refunds, returns and exchanges."),
            "aftersale sync",
            _("every application is in the store"),
            lambda scene: scene.after_sale_count() == len(scene.world.after_sales),
        ),
        Step(
            _("Orders are listed from the store; personal data is masked unless --reveal asks for it."),
            "order list --limit 5 --columns order_id,status,amount,receiver,remark,waybills",
            _("no full phone number was shown"),
            lambda scene: not any(order.receiver.phone in scene.said for order in scene.world.orders.values()),
        ),
        Step(
            _("A remark goes to the marketplace: below what stands there, with staff number and date."),
            "order remark {scene.remarked.order_id} --text " + REMARK + " --flag yellow --yes",
            _("the marketplace took exactly one write, and a colleague's remark still stands above ours"),
            _remark_arrived,
        ),
    )


def _parcels_watched() -> tuple[Step, ...]:
    return (
        Step(
            _("Where is a parcel? This asks the courier now and keeps nothing; the parcel need not be under watch."),
            "track {scene.tracked.waybill} --courier {scene.tracked.courier}",
            _("the courier service was asked once, about this parcel"),
            lambda scene: [entry.target for entry in scene.requests()] == [scene.tracked.waybill],
        ),
        Step(
            _("What cron runs: ask about every parcel that is due, apply the watch rules, open and close tasks."),
            "parcel poll --columns waybill,courier,status,verdict",
            _("each parcel under watch was asked about once; some stand still, and tasks were opened"),
            _all_polled,
        ),
        Step(
            _("Parcels that have not moved for more than 48 hours, but not yet for 72."),
            "parcel list --verdict stalled --columns waybill,courier,order_id,idle_hours,findings",
            _("each of them is listed"),
            lambda scene: all(parcel.waybill in scene.said for parcel in scene.parcels(Verdict.STALLED)),
        ),
        Step(
            _("What somebody has to do about them: contact the courier after 48 hours, treat as lost after 72."),
            "task list --columns task,kind,waybill,why",
            _("each stalled parcel has one contact_courier task, each lost one a treat_as_lost task"),
            _tasks_fit,
        ),
    )


def _remark_arrived(scene: Scene) -> bool:
    before = scene.remarked
    applied = [entry.target for entry in scene.requests() if entry.write and entry.applied]
    stands_there = scene.world.orders[before.order_id].remark
    return applied == [before.order_id] and stands_there.startswith(before.remark) and REMARK in stands_there


def _all_polled(scene: Scene) -> bool:
    asked = sorted(waybill for entry in scene.requests() for waybill in entry.target.split(","))
    watched = sorted(parcel.waybill for parcel in scene.parcels())
    return asked == watched and bool(scene.parcels(Verdict.STALLED) and scene.open_tasks())


def _tasks_fit(scene: Scene) -> bool:
    for verdict, kind in ((Verdict.STALLED, "contact_courier"), (Verdict.LOST, "treat_as_lost")):
        wanted = [parcel.waybill for parcel in scene.parcels(verdict)]
        owed = [task.waybill for task in scene.open_tasks(kind)]
        if not wanted or any(owed.count(waybill) != 1 for waybill in wanted):
            return False
    return True
