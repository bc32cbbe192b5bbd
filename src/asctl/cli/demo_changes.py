"""The demo's steps that act on parcels and orders: an address changed by either way, a parcel called back or refused."""

from __future__ import annotations

from asctl.cli.demo_scene import Scene
from asctl.cli.demo_step import Step
from asctl.cli.exits import PARTIAL
from asctl.text import _

CITY, ROAD, GOODS = "苏州市", "东吴北路99号3幢201室", "蓝色保温杯"
RECEIVER = (
    f"--name 李雷 --phone 13900001111 --province 江苏省 --city {CITY} --district 吴中区 --town 长桥街道 --detail {ROAD}"
)


def addresses_changed() -> tuple[Step, ...]:
    """R94 and R95."""
    return (
        Step(
            _("A buyer gave a wrong address, and the order is not shipped yet: the marketplace changes it."),
            "address change {scene.to_ship.order_id} " + RECEIVER + " --reason 买家写错地址 --yes",
            _("the marketplace took the new address once, and the order got its flag and remark"),
            _changed_at_the_marketplace,
        ),
        Step(
            _("Another parcel is under way already: the same command, but now the courier redirects it."),
            "address change {scene.redirected.order_id} " + RECEIVER + " --reason 买家搬家 --yes",
            _("the courier took exactly one request; accepted is not done, and the record says so"),
            lambda scene: (
                scene.applied("sf") == [("address_change", scene.redirected.waybills[0][1])]
                and "accepted" in scene.said
            ),
        ),
    )


def parcels_called_back() -> tuple[Step, ...]:
    """R96: from request to effective, and from request to refused."""
    return (
        Step(
            _(
                "The wrong goods are under way: the parcel is called back, and the right ones shall go once it is caught."
            ),
            f"intercept request {{scene.called_back}} --reason 发错货 --ship-anew {GOODS} --yes",
            _("the courier took exactly one request, and nothing is to be sent anew yet"),
            lambda scene: (
                scene.applied("zto") == [("intercept", scene.called_back)] and not scene.open_tasks("ship_anew")
            ),
        ),
        Step(
            _("The same once more, as a script does that was cut off: nothing is sent again."),
            f"intercept request {{scene.called_back}} --reason 发错货 --ship-anew {GOODS} --yes",
            _("the courier heard nothing of it"),
            lambda scene: scene.applied("zto") == [],
        ),
        Step(
            _("A parcel that is out for delivery comes too late: the courier says no, and exit code 3 says so."),
            "intercept request {scene.too_late} --reason 买家退款 --yes",
            _("it was refused as too late, and nothing was carried out"),
            lambda scene: "TOO_LATE" in scene.said and scene.applied("zto") == [],
            PARTIAL,
        ),
        Step(
            _("Three hours later (the make-believe courier's clock was moved) the courier has caught it."),
            "intercept status {scene.called_back}",
            _("the interception is effective, and a task says that the right goods can be sent"),
            lambda scene: "effective" in scene.said and len(scene.open_tasks("ship_anew")) == 1,
            first=lambda scene: scene.pass_time(hours=3),
        ),
        Step(
            _("Every write is on record with what became of it."),
            "action list --columns action,kind,target,state,effect,refusal",
            _("each of them is listed, and none is unclear"),
            lambda scene: scene.said.count("done") >= 5 and "unclear" not in scene.said,
        ),
    )


def _changed_at_the_marketplace(scene: Scene) -> bool:
    before, now = scene.to_ship, scene.world.orders[scene.to_ship.order_id]
    written = [operation for operation, _target in scene.applied("taobao")]
    return (
        written == ["taobao.trade.shippingaddress.update", "taobao.trade.memo.update"]
        and (now.receiver.city, now.receiver.detail) == (CITY, ROAD)
        and now.remark.startswith(before.remark)
        and now.remark != before.remark
    )
