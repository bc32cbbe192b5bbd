"""Red-letter forms behind the gateway (sections 5.8 and 13). Nuonuo knows of a waiting form what it last asked the bureau."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import Colour, Scope, as_text, china_text
from asctl.api.bureau import SandboxForm, SandboxInvoice
from asctl.api.sandbox import SandboxWorld
from asctl_nuonuo.sandbox_invoices import PLUGIN, SELLER, check_seller
from asctl_nuonuo.sandbox_reading import REASONS, kind_of, reason_of, red_lines, required
from asctl_nuonuo.sandbox_words import No

_LONGEST_ID = 32
_LARGEST_PAGE = 50
_WAITING = frozenset({"02", "03"})


class Forms:
    """The forms of the application's seller."""

    def __init__(self) -> None:
        self._last_seen: dict[str, str] = {}

    def apply(self, content: Mapping[str, Any], header_tax: str, world: SandboxWorld) -> str:
        """Take an application in; what the bureau says of it shows in a query. Raises :class:`No`."""
        check_seller(as_text(content.get("sellerTaxNo")), header_tax)
        bill = required(content, "billId")
        if len(bill) > _LONGEST_ID:
            raise No("E9300", "billId长度不能超过32")
        if any(form.serial == bill for form in world.bureau.own_forms(PLUGIN, SELLER)):
            raise No("E9999", "红字确认单申请号已存在")
        blue = _blue(content, world)
        reason, lines = reason_of(required(content, "redReason")), red_lines(content.get("detail"))
        scope = Scope.PARTIAL if lines else Scope.FULL
        world.bureau.apply_reversal(PLUGIN, SELLER, bill, blue.number, scope, reason, lines)
        return bill

    def query(self, content: Mapping[str, Any], world: SandboxWorld) -> dict[str, Any]:
        """Forms by our number, theirs or the bureau's; without any, those of a time. Raises :class:`No`."""
        required(content, "identity")
        asked = {name: as_text(content.get(name)) for name in ("billId", "billNo", "billUuid")}
        if not any(asked.values()):
            required(content, "billTimeStart")
            raise No("E9545")
        size = as_text(content.get("pageSize")) or "10"
        if not size.isdecimal() or int(size) > _LARGEST_PAGE:
            raise No("E9300", "每页最多50条")
        rows = [self._row(form, world) for form in world.bureau.own_forms(PLUGIN, SELLER)]
        rows = [row for row in rows if all(not value or row[name] == value for name, value in asked.items())]
        return {"total": len(rows), "list": rows}

    def refresh(self, content: Mapping[str, Any], world: SandboxWorld) -> None:
        """Ask the bureau about one form. Raises :class:`No`."""
        required(content, "identity")
        uuid = required(content, "billUuid")
        for form in world.bureau.own_forms(PLUGIN, SELLER):
            if form.uuid == uuid:
                self._last_seen[form.reference] = world.bureau.form_code(form)

    def _seen_code(self, form: SandboxForm, world: SandboxWorld) -> str:
        seen = self._last_seen.get(form.reference, "")
        if seen not in _WAITING:
            seen = self._last_seen[form.reference] = world.bureau.form_code(form)
        return seen

    def _row(self, form: SandboxForm, world: SandboxWorld) -> dict[str, Any]:
        code = self._seen_code(form, world)
        red = world.bureau.red_of(form) if code in ("01", "04") else None
        opened = red is not None and world.bureau.phase(red) in ("sealing", "issued", "seal_failed")
        return {
            "billId": form.serial,
            "billNo": "" if code == "15" else form.number,
            "billUuid": "" if code == "15" else form.uuid,
            "billStatus": code,
            "billMessage": form.complaint if code == "16" else "",
            "billTime": china_text(form.begun_at),
            "applySource": 1 if form.by_buyer else 0,
            "openStatus": 1 if opened else 0,
            "blueElecInvoiceNumber": form.blue_number,
            "taxExcludedAmount": f"{form.net:.2f}",
            "taxAmount": f"{form.tax:.2f}",
            "redReason": next(code for code, reason in REASONS.items() if reason is form.reason),
            "orderNo": form.serial,
            "invoiceSerialNum": red.reference if red else None,
            "redInvoiceNumber": red.number if red and opened else None,
        }


def _blue(content: Mapping[str, Any], world: SandboxWorld) -> SandboxInvoice:
    """The blue invoice that an application names. Raises :class:`No`."""
    required(content, "applySource")
    required(content, "sellerName")
    kind = kind_of(required(content, "blueInvoiceLine"))
    blue = world.bureau.issued(required(content, "blueElecInvoiceNumber"))
    if blue is None or blue.kind is not kind or blue.seller != SELLER:
        raise No("E9102")
    if blue.colour is Colour.RED:
        raise No("E9522")
    if blue.buyer.title != required(content, "buyerName"):
        raise No("E9113")
    if world.bureau.reversed_fully(blue.number):
        raise No("E9103")
    return blue
