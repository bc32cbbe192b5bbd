"""Invoices that the seller hands to the sandbox's marketplace (reference/taobao-top.md section 8).

Sub-codes that begin with ``isv.sandbox-`` are ours: the real ones are not published.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from decimal import Decimal

from asctl.api import yuan
from asctl.api.bureau import SandboxApplication
from asctl.api.sandbox import SandboxWorld
from asctl_taobao.sandbox_applications import ACCEPTED, REFUSED, applications_of
from asctl_taobao.sandbox_gate import Asked, TopError, invalid, service_error
from asctl_taobao.sandbox_shapes import Member, present, wrapped
from asctl_taobao.uploads import FILE, MEDIA_TYPES, MOST_ITEMS

_SYSTEM = frozenset({"method", "app_key", "session", "timestamp", "v", "format", "sign_method", "sign"})
_NUMBER = re.compile(r"\d{20}|\d{8}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PLATFORMS = frozenset({"tmall", "taobao"})
_SHOWN = (
    "serial_no", "invoice_type", "invoice_no", "invoice_code", "invoice_date", "invoice_amount", "normal_invoice_no",
    "normal_invoice_code", "payee_register_no", "platform_tid",
)  # fmt: skip


class InvoiceResults:
    """What stands at the orders of one shop; a result needs an application that it answers."""

    def __init__(self, shop: str) -> None:
        self._shop = shop

    def upload(self, world: SandboxWorld, asked: Asked) -> Member:
        """``alibaba.einvoice.core.inv.upload``: an invoice that is there already is told by its serial number."""
        found = self._answered(world, asked)
        _check_document(asked)
        if found.status == REFUSED:
            raise service_error("isv.sandbox-application-refused", "开票申请已被拒绝")
        number = asked.text("invoice_no")
        for result in self._results(world, found.order_id):
            if result["invoice_no"] == number:
                raise service_error(
                    "isv.invoice-success", f"参数错误：发票已经开具成功，serialNo={result['serial_no']}"
                )
        sent = {name: value for name, value in asked.parameters.items() if name not in _SYSTEM}
        serial = f"SANDBOX{sum(len(entry.results) for entry in world.applications) + 1:013d}"
        file = b64encode(asked.files[FILE]).decode()
        found.results.append({**sent, "platform_tid": found.order_id, FILE: file, "serial_no": serial})
        found.status = ACCEPTED
        return {"is_success": True}

    def results(self, world: SandboxWorld, asked: Asked) -> Member:
        """``alibaba.einvoice.create.result.get``, by order or by serial number, which goes first."""
        serial, order_id = asked.text("serial_no"), asked.text("platform_tid")
        if not serial and not (order_id and asked.text("platform_code") in _PLATFORMS):
            raise TopError(40, "Missing required arguments:serial_no")
        rows = [
            _row(result, asked.text("platform_code"))
            for result in self._results(world, "" if serial else order_id)
            if result["payee_register_no"] == asked.text("payee_register_no") and serial in ("", result["serial_no"])
        ]
        return present({"invoice_result_list": wrapped("invoice_result", rows)})

    def _answered(self, world: SandboxWorld, asked: Asked) -> SandboxApplication:
        """The application by its number, or the newest of the order. Raises :class:`TopError`."""
        if asked.text("source") == "apply":
            _check_items(asked)
            found = [
                entry
                for entry in world.applications
                if entry.shop == self._shop and entry.application == asked.text("apply_id")
            ]
        elif asked.text("source") == "upload":
            if asked.text("platform_code") not in ("TM", "TB"):
                raise _bad("platform_code")
            found = applications_of(world, self._shop, asked.text("platform_tid"))
        else:
            raise invalid("source")
        if not found:
            raise service_error("isv.sandbox-no-application", "未找到开票申请")
        return found[-1]

    def _results(self, world: SandboxWorld, order_id: str) -> list[dict[str, str]]:
        return [
            result
            for entry in world.applications
            if entry.shop == self._shop and order_id in ("", entry.order_id)
            for result in entry.results
        ]


def _check_items(asked: Asked) -> None:
    try:
        items = json.loads(asked.text("invoice_items"))
        whole = all(item["item_name"] and Decimal(item["amount"]) for item in items)
    except (ArithmeticError, KeyError, TypeError, ValueError):
        raise _bad("invoice_items") from None
    if not whole or not 0 < len(items) <= MOST_ITEMS:
        raise _bad("invoice_items")


def _check_document(asked: Asked) -> None:
    """Raises :class:`TopError` for the first member that cannot be right."""
    red = asked.text("invoice_type") == "red"
    good = {
        "invoice_file_type": asked.text("invoice_file_type").lower() in MEDIA_TYPES,
        FILE: bool(asked.files.get(FILE)),
        "invoice_no": bool(_NUMBER.fullmatch(asked.text("invoice_no"))),
        "invoice_date": bool(_DATE.fullmatch(asked.text("invoice_date"))),
        "invoice_amount": _adds_up(asked, red),
        "normal_invoice_no": bool(asked.text("normal_invoice_no")) or not red,
        "payee_register_no": bool(asked.text("payee_register_no")),
        "payer_register_no": bool(asked.text("payer_register_no")) or asked.text("business_type") != "1",
    }
    for name, right in good.items():
        if not right:
            raise _bad(name)


def _adds_up(asked: Asked, red: bool) -> bool:
    try:
        net, tax, gross = (yuan(asked.text(name)) for name in ("sum_price", "sum_tax", "invoice_amount"))
    except ValueError:
        return False
    return net + tax == gross and gross != 0 and (gross < 0) is red


def _row(result: dict[str, str], platform: str) -> Member:
    told = {name: result.get(name, "") for name in _SHOWN}
    kind = int(result.get("invoice_kind", "0"))
    file_type = result["invoice_file_type"].lower()
    return present(
        {
            **told,
            "status": "create_success",
            "invoice_kind": kind,
            "platform_code": platform,
            "file_data_type": file_type,
        }
    )


def _bad(name: str) -> TopError:
    return service_error(f"isv.invalid-parameter:{name}", "参数错误")
