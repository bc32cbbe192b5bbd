"""The demo's steps that bring goods back: a case, a courier who fetches them, a label, the warehouse's scanner."""

from __future__ import annotations

from asctl.cli.demo_changes import RECEIVER
from asctl.cli.demo_scene import Scene
from asctl.cli.demo_step import Step
from asctl.cli.exits import APPROVAL, PARTIAL
from asctl.domain.parcels import ParcelStatus
from asctl.domain.rmas import RmaState
from asctl.text import _

HOME_AFTER = 48.0
"""Hours after which the goods are in the warehouse."""


def goods_back() -> tuple[Step, ...]:
    """R4, R9 to R14."""
    return (*_case_approved(), *_goods_fetched(), *_goods_received())


def _case_approved() -> tuple[Step, ...]:
    return (
        Step(
            _("A buyer wants to send something back: a case is opened on the order."),
            "rma open {scene.returned.order_id} --kind return --reason quality",
            _("there is one case, on that order, waiting for approval"),
            _one_case,
        ),
        Step(
            _("There is no label before somebody approved the case: exit code 8 says so."),
            "label render {scene.rma.rma} -f {scene.label}",
            _("no file was written"),
            lambda scene: not scene.label.exists(),
            APPROVAL,
        ),
        Step(
            _("The case is approved."),
            "rma approve {scene.rma.rma}",
            _("the customer may send the goods"),
            lambda scene: scene.rma.state is RmaState.APPROVED,
        ),
    )


def _goods_fetched() -> tuple[Step, ...]:
    return (
        Step(
            _(
                "SF fetches the goods, and the return label is drawn with the waybill that SF gave, bar codes and Chinese text."
            ),
            "label render {scene.rma.rma} --pickup sf " + RECEIVER + " -f {scene.label} --yes",
            _("SF was asked once to come, its waybill is the case's, and the label is a PDF file"),
            _fetched_and_drawn,
        ),
        Step(
            _("The same once more, as a script does that was cut off: nobody comes twice, and the label says 补打."),
            "label render {scene.rma.rma} --pickup sf " + RECEIVER + " -f {scene.label} --yes",
            _("SF heard nothing of it"),
            lambda scene: scene.applied("sf") == [],
        ),
    )


def _goods_received() -> tuple[Step, ...]:
    return (
        Step(
            _("Two days later: the return parcel is watched like any other, and is home."),
            "parcel poll --columns waybill,courier,status,verdict",
            _("its scans say that it was delivered"),
            _came_home,
            first=lambda scene: scene.pass_time(hours=HOME_AFTER),
        ),
        Step(
            _("The hand scanner reads the waybill: what should be inside, and what comes next. The receipt is noted."),
            "rma scan {scene.rma.waybill} --receive",
            _("the scan found the case, which waits for its inspection now"),
            lambda scene: scene.rma.rma in scene.said and scene.rma.received_at is not None,
        ),
        Step(
            _("A parcel that nobody knows is parked until somebody does."),
            "rma scan YT9999999999999",
            _("it is told as unknown, and stands in the list of asctl rma strays"),
            lambda scene: "YT9999999999999" in scene.said,
            PARTIAL,
        ),
    )


def _fetched_and_drawn(scene: Scene) -> bool:
    (pickup,) = scene.world.pickups
    asked = scene.applied("sf") == [("order_pickup", scene.rma.rma)]
    return asked and scene.rma.waybill == pickup.waybill and scene.label.read_bytes().startswith(b"%PDF")


def _came_home(scene: Scene) -> bool:
    return [each.status for each in scene.parcels() if each.waybill == scene.rma.waybill] == [ParcelStatus.DELIVERED]


def _one_case(scene: Scene) -> bool:
    cases = [(rma.order_id, rma.state) for rma in scene.rmas()]
    return cases == [(scene.returned.order_id, RmaState.REQUESTED)]
