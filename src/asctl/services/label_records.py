"""Drawn labels put on record: the hash of what each says, and whether that still holds when it is noted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime

from asctl.capabilities.labels import LabelContent
from asctl.domain.masking import mask_name, mask_phone
from asctl.domain.orders import Receiver
from asctl.domain.rmas import Rma, RmaState
from asctl.domain.times import as_utc
from asctl.services.labels import Ready
from asctl.services.renderers import Renderer
from asctl.store import labels as stored_labels
from asctl.store import orders as stored_orders
from asctl.store import rmas as stored_rmas
from asctl.store.labels import NewLabel
from asctl.store.opening import Transaction
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Recorded:
    """The labels of one file on record, by their numbers; ``outdated`` says by RMA what changed while it was drawn, so that its
    label was void from the start."""

    labels: Sequence[int]
    outdated: Mapping[str, str]


def put_on_record(
    tx: Transaction,
    renderer: Renderer,
    ready: Sequence[Ready],
    pages: Sequence[int],
    sha256: str,
    file: str,
    now: datetime,
    staff: str,
) -> Recorded:
    """Note the labels of one file, a row for each case on them; ``pages`` are those of each label, ``sha256`` is the file's.

    What changed since they were prepared makes them void at once: whoever changed it saw no label of the case yet.
    """
    whys = _changes(tx, ready)
    rows = [
        NewLabel(rma.rma, each.content.waybill, words, count, whys.get(rma.rma, ""))
        for each, count in zip(ready, pages, strict=True)
        for words in [content_hash(each.content)]
        for rma in each.cases
    ]
    numbers = stored_labels.record_labels(tx, rows, renderer.format, renderer.form.size, sha256, file, now, staff)
    return Recorded(numbers, whys)


def content_hash(content: LabelContent) -> str:
    """The SHA-256 of a label's words, in hexadecimal. A reprint says the same, so its mark does not count."""
    told = {name: value for name, value in _fields(content).items() if name != "reprint"}
    # Escaped to ASCII, since a name may hold what UTF-8 cannot: lone surrogates.
    text = json.dumps(told, default=_plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _changes(tx: Transaction, ready: Sequence[Ready]) -> dict[str, str]:
    """What the labels no longer say rightly, by RMA."""
    cases = [rma for each in ready for rma in each.cases]
    stored_labels.hold_cases(tx, [rma.rma for rma in cases])
    now = stored_rmas.get_rmas(tx, [rma.rma for rma in cases])
    receivers = stored_orders.receivers_of(tx, {(each.content.shop, each.content.order_id) for each in ready})
    whys = {}
    for each in ready:
        moved = _moved(each.content, receivers.get((each.content.shop, each.content.order_id)))
        for rma in each.cases:
            if why := _change(each.content, rma, now[rma.rma]) or moved:
                whys[rma.rma] = why
    return whys


def _change(content: LabelContent, before: Rma, now: Rma) -> str:
    """A label that shows no waybill is right whatever parcel it goes on."""
    if now.state is RmaState.CANCELLED:
        return _("{rma} was cancelled").format(rma=now.rma)
    if content.waybill and (now.courier, now.waybill) != (before.courier, before.waybill):
        return _("the goods of {rma} no longer come back as {waybill}").format(rma=now.rma, waybill=content.waybill)
    if now.due_at != before.due_at:
        return _("{rma} was approved anew, with another time to send").format(rma=now.rma)
    return ""


def _moved(content: LabelContent, receiver: Receiver | None) -> str:
    if receiver is None or (mask_name(receiver.name), mask_phone(receiver.phone)) == (
        content.customer,
        content.contact,
    ):
        return ""
    return _("the receiver of order {order} was changed").format(order=content.order_id)


def _plain(value: object) -> object:
    return as_utc(value).isoformat() if isinstance(value, datetime) else _fields(value)


def _fields(record: object) -> dict[str, object]:
    assert is_dataclass(record)
    return {field.name: getattr(record, field.name) for field in fields(record)}
