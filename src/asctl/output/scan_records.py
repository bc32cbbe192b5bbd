"""How what lies on the warehouse's bench becomes records. Customers are masked: a scan needs to recognise, not to call them."""

from __future__ import annotations

from asctl.domain.arrivals import Arrival
from asctl.domain.masking import mask_name, mask_phone
from asctl.domain.orders import Receiver
from asctl.domain.rmas import RmaLine
from asctl.domain.strays import Stray, StrayState
from asctl.output.records import Record
from asctl.output.scan_schemas import SCAN, STRAY
from asctl.output.schemas import masked_text, rma_record


def arrival_record(arrival: Arrival) -> Record:
    """What a scanned parcel may bring; for an order without a case, what was sent out on it."""
    case = rma_record(arrival.rma, arrival.phase) if arrival.rma and arrival.phase else {}
    own: dict[str, object] = {
        "order_id": arrival.order.order_id,
        "shop": arrival.order.shop,
        "expect": [_goods(line) for line in arrival.goods],
        "customer": _customer(arrival.order.receiver),
        "warnings": arrival.cautions,
        "travels_with": arrival.others,
        "next": arrival.next,
    }
    parcel = arrival.parcel
    on_bench = {"courier": parcel.courier, "waybill": parcel.waybill, "parcel_status": parcel.status} if parcel else {}
    return SCAN.record(**(case | own | on_bench))


def stray_record(stray: Stray) -> Record:
    """A parcel that nobody knows, and the command that says whose it is; a closed one can be scanned again."""
    waiting = stray.state is StrayState.OPEN
    following = f"asctl rma match {stray.code} RMA" if waiting else f"asctl rma scan {stray.code}"
    return STRAY.of(stray, note=masked_text(stray.note), why=masked_text(stray.why), next=following)


def _goods(line: RmaLine) -> str:
    return " ".join((f"{line.quantity} x {line.sku or line.line_id}", line.title)).strip()


def _customer(receiver: Receiver) -> str:
    return f"{mask_name(receiver.name)} {mask_phone(receiver.phone)}".strip()
