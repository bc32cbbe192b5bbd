"""Return labels: their content from RMA, order and shop, and the file they are drawn into (T10, R11, R12)."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from asctl.api.context import Context, HttpClient, Logger
from asctl.capabilities.labels import LabelContent, LabelGoods, LabelLimits, RenderedLabels
from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.domain.barcodes import qr_text
from asctl.domain.couriers import NAMES
from asctl.domain.errors import BadConfiguration, BadInput
from asctl.domain.masking import mask_name, mask_phone
from asctl.domain.rmas import Rma, RmaKind
from asctl.domain.times import Clock
from asctl.host.guard import Guarded, make_provider
from asctl.services.desk import Desk
from asctl.services.orders import one_order
from asctl.services.rmas import check_may_send, find_rma
from asctl.store import labels as stored_labels
from asctl.text import _

KINDS = {RmaKind.RETURN: "退货 / RETURN", RmaKind.EXCHANGE: "换货 / EXCHANGE", RmaKind.REPAIR: "维修 / REPAIR"}
REASONS = {
    "quality": "质量问题",
    "damaged": "运输破损",
    "wrong_goods": "发错货",
    "missing_parts": "缺件",
    "not_as_described": "与描述不符",
    "late": "发货太慢",
    "lost": "丢件",
    "changed_mind": "不想要了",
    "other": "其他",
}


@dataclass(frozen=True, slots=True)
class Renderer:
    """A label renderer at work, with its format, the chosen size and its files' suffix."""

    format: str
    size: str
    suffix: str
    provider: Guarded


@dataclass(frozen=True, slots=True)
class Ready:
    """An RMA whose label can be drawn."""

    rma: Rma
    content: LabelContent


@dataclass(frozen=True, slots=True)
class DrawnLabel:
    """One RMA's label in a file; ``pages`` are its pages, ``missing`` characters that no font has."""

    rma: Rma
    file: Path
    format: str
    pages: int
    missing: frozenset[str]


def renderer_of(desk: Desk, format: str, size: str) -> Renderer:
    """The renderer of a format, made once for many labels.

    Raises :class:`NotOffered` for an unknown format, :class:`BadInput` for an unknown size, :class:`PluginBroken`.
    """
    spec = desk.host.spec(ProviderKind.LABEL, format)
    declared = spec.capability("LabelRenderer")
    limits = declared.limits if declared and isinstance(declared.limits, LabelLimits) else LabelLimits((), "." + format)
    if limits.sizes and size not in limits.sizes:
        raise BadInput(
            _("{format} labels have no size {size!r}").format(format=format, size=size),
            code="unknown_size",
            hint=_("known are {sizes}").format(sizes=" ".join(limits.sizes)),
        )
    return Renderer(spec.id, size, limits.suffix, make_renderer(spec, desk.clock))


def make_renderer(spec: ProviderSpec, clock: Clock) -> Guarded:
    """The :class:`LabelRenderer` of a spec. Raises :class:`PluginBroken`."""
    # A renderer has no account: neither settings of one nor a way out to the network.
    context = Context("", {}, cast(HttpClient, None), clock, cast(Logger, None))
    return make_provider(spec, context)


def prepare_label(desk: Desk, number: str) -> Ready:
    """An approved RMA with what its label says. Raises what :func:`find_rma` and :func:`label_content` raise."""
    rma = find_rma(desk, number)
    return Ready(rma, label_content(desk, rma))


def label_content(desk: Desk, rma: Rma) -> LabelContent:
    """What the label of an approved RMA says, with the customer's data masked.

    Raises :class:`NeedsApproval`, :class:`Refused` (no goods come back, or not any more) or :class:`BadConfiguration`
    (no return address).
    """
    check_may_send(rma, desk.clock.now())
    order = one_order(desk, rma.order_id, rma.shop)
    shop = desk.accounts.named(rma.shop)
    name, phone, address = (
        str(desk.settings.common(shop.name, f"return_{part}") or "") for part in ("name", "phone", "address")
    )
    if not address:
        raise BadConfiguration(
            _("shop {shop} has no return address").format(shop=rma.shop),
            code="return_address_missing",
            hint=_("set return_name, return_phone and return_address under [shops.{shop}]").format(shop=rma.shop),
        )
    with desk.store.read() as tx:
        printed_before = stored_labels.renders_of(tx, rma.rma) > 0
    assert rma.approved_at is not None
    return LabelContent(
        rma=rma.rma,
        qr=qr_text(rma.rma, rma.order_id, rma.shop),
        order_id=rma.order_id,
        shop=rma.shop,
        kind=KINDS[rma.kind],
        reason=REASONS.get(rma.reason, rma.reason),
        customer=mask_name(order.receiver.name),
        contact=mask_phone(order.receiver.phone),
        return_name=name,
        return_phone=phone,
        return_address=address,
        goods=tuple(LabelGoods(line.title, line.sku, line.quantity) for line in rma.lines),
        valid_until=rma.due_at,
        approved_by=rma.approved_by,
        approved_at=rma.approved_at,
        courier=NAMES.get(rma.courier, rma.courier),
        waybill=rma.waybill,
        reprint=printed_before,
    )


def draw_labels(desk: Desk, renderer: Renderer, ready: Sequence[Ready], target: Path) -> list[DrawnLabel]:
    """Draw labels into one file, complete or not at all, and record each. Raises :class:`BadInput` for a bad place."""
    digest, rendered = _write_whole(
        target, lambda out: renderer.provider.render([each.content for each in ready], renderer.size, out)
    )
    now, staff = desk.clock.now(), desk.staff_no
    with desk.store.write() as tx:
        for each in ready:
            stored_labels.record_label(
                tx, each.rma.rma, renderer.format, renderer.size, digest, str(target), now, staff
            )
    return [
        DrawnLabel(each.rma, target, renderer.format, pages, rendered.missing)
        for each, pages in zip(ready, rendered.pages, strict=True)
    ]


def _write_whole(target: Path, draw: Callable[[BinaryIO], RenderedLabels]) -> tuple[str, RenderedLabels]:
    """Write beside the target, then rename: a reader never sees half a file, a full disk leaves the old one."""
    target = target.resolve()
    if target.exists() and not target.is_file():
        raise BadInput(
            _("{file} is no ordinary file").format(file=target),
            code="file_not_written",
            hint=_("choose another place with -f FILE or -d DIR"),
        )
    try:
        target.parent.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".label-")
    except OSError as error:
        raise _bad_place(target, error) from None
    try:
        with os.fdopen(handle, "w+b") as out:
            rendered = draw(cast(BinaryIO, out))
            out.seek(0)
            digest = hashlib.file_digest(out, "sha256").hexdigest()
        os.replace(name, target)
    except OSError as error:
        raise _bad_place(target, error) from None
    finally:
        Path(name).unlink(missing_ok=True)
    return digest, rendered


def _bad_place(target: Path, error: OSError) -> BadInput:
    return BadInput(
        _("{file} cannot be written: {reason}").format(file=target, reason=error.strerror or type(error).__name__),
        code="file_not_written",
        hint=_("choose another place with -f FILE or -d DIR"),
    )
