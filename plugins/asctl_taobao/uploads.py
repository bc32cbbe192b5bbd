"""An issued invoice as the parameters of ``alibaba.einvoice.core.inv.upload`` (reference/taobao-top.md section 8)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from asctl.api import CHINA, BadInput, InvoiceLine, InvoiceResult, LineNature, compact_json, yuan
from asctl.api import translate as _
from asctl_taobao.application_rows import is_own_number
from asctl_taobao.multipart import Upload
from asctl_taobao.wire import Value
from asctl_taobao.words import INVOICE_COLOUR, INVOICE_KIND, ROW_TYPE, TITLE_TYPE, usual_words

MOST_ITEMS = 100
FILE = "invoice_file_data"
MEDIA_TYPES = {"pdf": "application/pdf", "ofd": "application/ofd"}
_MILLIONTH = Decimal("0.000001")
_KIND = usual_words(INVOICE_KIND)
_COLOUR = usual_words(INVOICE_COLOUR)
_ROW = usual_words(ROW_TYPE)
_TITLE = usual_words(TITLE_TYPE)


def file_of(result: InvoiceResult) -> Upload:
    """The invoice's file. Raises :class:`BadInput` where it has none that the platform takes."""
    if not result.file or result.format not in MEDIA_TYPES:
        raise BadInput(
            _("invoice {number} has no PDF or OFD file, and Taobao takes none without").format(number=result.number),
            code="invoice_file_missing",
            hint=_("fetch it with `asctl invoice download`, then run again"),
        )
    return Upload(FILE, f"{result.number}.{result.format}", MEDIA_TYPES[result.format], result.file)


def parameters(result: InvoiceResult, platform: str, all_electronic: bool) -> dict[str, Value]:
    """Everything but the file. An application that the platform knows by a number is answered by it; any other invoice is
    brought to its order on ``platform`` (``TM`` or ``TB``). ``all_electronic``: digital invoices go as kind 0.

    Raises :class:`BadInput` for more rows than an answered application may have.
    """
    return {**_goes_to(result, platform), **_document(result, all_electronic), **_payee(result), **_payer(result)}


def _goes_to(result: InvoiceResult, platform: str) -> dict[str, Value]:
    order = {"platform_code": platform, "platform_tid": result.order_id}
    if not result.application or is_own_number(result.application, result.order_id):
        return {"source": "upload", **order}
    if len(result.lines) > MOST_ITEMS:
        raise BadInput(
            _("invoice {number} has {count} rows, and Taobao takes {most}").format(
                number=result.number, count=len(result.lines), most=MOST_ITEMS
            ),
            code="too_many_invoice_rows",
            hint=_("upload it in the seller's back office"),
        )
    items = compact_json([_item(line) for line in result.lines])
    return {"source": "apply", "apply_id": result.application, **order, "invoice_items": items}


def _document(result: InvoiceResult, all_electronic: bool) -> dict[str, Value]:
    kind = "0" if all_electronic and result.kind.digital else _KIND.get(result.kind, "")
    return {
        "invoice_type": _COLOUR[result.colour],
        "invoice_kind": kind,
        "invoice_no": result.number,
        "invoice_code": result.code,
        "invoice_date": f"{result.issued_at.astimezone(CHINA):%Y-%m-%d}",
        "sum_price": _money(result.net),
        "sum_tax": _money(result.tax),
        "invoice_amount": _money(result.gross),
        "normal_invoice_no": result.blue_number,
        "normal_invoice_code": result.blue_code,
        "invoice_file_type": result.format.upper(),
    }


def _payee(result: InvoiceResult) -> dict[str, Value]:
    return {
        "payee_register_no": result.seller_tax_id,
        "payee_name": result.seller_name,
        "payee_operator": result.drawer,
    }


def _payer(result: InvoiceResult) -> dict[str, Value]:
    buyer = result.buyer
    return {
        "business_type": _TITLE[buyer.type],
        "payer_name": buyer.title,
        "payer_register_no": buyer.tax_id,
        "payer_address": buyer.address,
        "payer_phone": buyer.phone,
        "payer_bank_name": buyer.bank,
        "payer_bank_account_id": buyer.bank_account,
        "payer_email": buyer.email,
        "receive_mobile": buyer.mobile,
    }


def _item(line: InvoiceLine) -> Mapping[str, object]:
    item: dict[str, object] = {
        "row_type": int(_ROW[line.nature]),
        "item_name": line.name,
        "item_no": line.code,
        "specification": line.spec,
        "tax_rate": _plain(line.rate, least=2),
        "sum_price": _money(line.net),
        "tax": _money(line.tax),
        "amount": _money(line.gross),
        **({} if line.nature is LineNature.DISCOUNT else _measures(line)),
    }
    return {name: value for name, value in item.items() if value != ""}


def _measures(line: InvoiceLine) -> dict[str, object]:
    """Unit, quantity and price without tax, of at most six places; the quantity is positive on red rows too."""
    if not line.quantity:
        return {"unit": line.unit}
    quantity = abs(line.quantity)
    price = abs(line.net) / quantity
    return {"unit": line.unit, "quantity": _plain(quantity), "price": _plain(price, least=2)}


def _plain(number: Decimal, least: int = 0) -> str:
    """At most six places, without zeros at the end that say nothing, but with ``least`` places."""
    whole, _point, places = f"{number.quantize(_MILLIONTH, ROUND_HALF_UP):f}".partition(".")
    places = places.rstrip("0").ljust(least, "0")
    return f"{whole}.{places}" if places else whole


def _money(amount: Decimal) -> str:
    return f"{yuan(amount):f}"
