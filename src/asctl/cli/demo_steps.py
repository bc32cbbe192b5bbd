"""The steps of the demo: what each shows, the command a person would type, and the claim that must come true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from asctl.cli.demo_scene import Scene
from asctl.cli.exits import APPROVAL, OK
from asctl.domain.rmas import RmaState
from asctl.domain.watch import Verdict
from asctl.text import _

REMARK = "买家来电催件，已安抚"


@dataclass(frozen=True, slots=True)
class Step:
    """``holds`` gets the scene after the command ended, and what it printed on stdout."""

    shows: str
    command: Callable[[Scene], list[str]]
    claim: str
    holds: Callable[[Scene, str], bool]
    exit_code: int = OK


def steps() -> tuple[Step, ...]:
    """The main job in the order in which a shop does it."""
    return (*_orders_in(), *_parcels_watched(), *_goods_back())


def _orders_in() -> tuple[Step, ...]:
    return (
        Step(
            _("The store is created, for orders, parcels and cases."),
            lambda scene: ["db", "upgrade"],
            _("the store is there and has the schema of this version"),
            lambda scene, said: bool(scene.store.url_shown),
        ),
        Step(
            _("Each account makes one harmless signed call."),
            lambda scene: ["account", "check"],
            _("marketplace and courier service were called, and accepted the signatures"),
            lambda scene, said: {"taobao", "kuaidi100"} <= {entry.plugin for entry in scene.requests()},
        ),
        Step(
            _("Changed orders are pulled, and their parcels put under watch."),
            lambda scene: ["order", "sync"],
            _("every order of the marketplace is in the store"),
            lambda scene, said: {order.order_id for order in scene.orders()} == set(scene.world.orders),
        ),
        Step(
            _("So are the buyers' applications for refunds, returns and exchanges."),
            lambda scene: ["aftersale", "sync"],
            _("every application is in the store"),
            lambda scene, said: scene.after_sale_count() == len(scene.world.after_sales),
        ),
        Step(
            _("Orders are listed from the store; personal data is masked unless --reveal asks for it."),
            lambda scene: ["order", "list", "--limit", "5", "--columns", "order_id,status,amount,receiver,remark,waybills"],
            _("no full phone number was shown"),
            lambda scene, said: not any(order.receiver.phone in said for order in scene.world.orders.values()),
        ),
        Step(
            _("A remark goes to the marketplace: below what stands there, with staff number and date."),
            lambda scene: ["order", "remark", scene.remarked.order_id, "--text", REMARK, "--flag", "yellow", "--yes"],
            _("the marketplace took exactly one write, and a colleague's remark still stands above ours"),
            _remark_arrived,
        ),
    )  # fmt: skip


def _parcels_watched() -> tuple[Step, ...]:
    return (
        Step(
            _("Where is a parcel? This asks the courier now and keeps nothing."),
            lambda scene: ["track", scene.tracked.waybill, "--courier", scene.tracked.courier],
            _("the courier service was asked once, about this parcel"),
            lambda scene, said: [entry.target for entry in scene.requests()] == [scene.tracked.waybill],
        ),
        Step(
            _("What cron runs: ask about every parcel that is due, apply the watch rules, open and close tasks."),
            lambda scene: ["parcel", "poll", "--columns", "waybill,courier,status,verdict"],
            _("parcels without movement were found, and tasks opened"),
            lambda scene, said: bool(scene.parcels(Verdict.STALLED) and scene.open_tasks()),
        ),
        Step(
            _("Parcels that have not moved for 48 hours."),
            lambda scene: [
                "parcel", "list", "--verdict", "stalled", "--columns", "waybill,courier,order_id,idle_hours,findings",
            ],
            _("each of them is listed"),
            lambda scene, said: all(parcel.waybill in said for parcel in scene.parcels(Verdict.STALLED)),
        ),
        Step(
            _("What somebody has to do about them: contact the courier after 48 hours, treat as lost after 72."),
            lambda scene: ["task", "list", "--columns", "task,kind,waybill,why"],
            _("each stalled parcel has one contact_courier task, each lost one a treat_as_lost task"),
            lambda scene, said: _tasks_fit(scene),
        ),
    )  # fmt: skip


def _goods_back() -> tuple[Step, ...]:
    return (
        Step(
            _("A buyer wants to send something back: a case is opened on the order."),
            lambda scene: ["rma", "open", scene.returned.order_id, "--kind", "return", "--reason", "quality"],
            _("there is one case, on that order, waiting for approval"),
            lambda scene, said: [(rma.order_id, rma.state) for rma in scene.rmas()]
            == [(scene.returned.order_id, RmaState.REQUESTED)],
        ),
        Step(
            _("There is no label before somebody approved the case: exit code 8 says so."),
            lambda scene: ["label", "render", scene.rma, "-f", str(scene.label)],
            _("no file was written"),
            lambda scene, said: not scene.label.exists(),
            APPROVAL,
        ),
        Step(
            _("The case is approved."),
            lambda scene: ["rma", "approve", scene.rma],
            _("the case is approved"),
            lambda scene, said: scene.rmas()[0].state is RmaState.APPROVED,
        ),
        Step(
            _("Now the return label is drawn, with its bar code, its QR code and Chinese text."),
            lambda scene: ["label", "render", scene.rma, "-f", str(scene.label)],
            _("the label is a PDF file"),
            lambda scene, said: scene.label.read_bytes().startswith(b"%PDF"),
        ),
        Step(
            _("The parcel arrives: whatever the hand scanner reads from it finds the case. Here, the order number."),
            lambda scene: ["rma", "scan", scene.returned.order_id],
            _("the scan found the case"),
            lambda scene, said: scene.rma in said,
        ),
    )


def _remark_arrived(scene: Scene, _said: str) -> bool:
    before = scene.remarked
    applied = [entry.target for entry in scene.requests() if entry.write and entry.applied]
    now_there = scene.world.orders[before.order_id].remark
    return applied == [before.order_id] and now_there.startswith(before.remark) and REMARK in now_there


def _tasks_fit(scene: Scene) -> bool:
    for verdict, kind in ((Verdict.STALLED, "contact_courier"), (Verdict.LOST, "treat_as_lost")):
        wanted = [parcel.waybill for parcel in scene.parcels(verdict)]
        owed = [task.waybill for task in scene.open_tasks(kind)]
        if not wanted or any(owed.count(waybill) != 1 for waybill in wanted):
            return False
    return True
