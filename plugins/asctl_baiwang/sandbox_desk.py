"""The business behind the gateway: invoices, red ones by way of their forms, and deliveries (section 13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import Scope, as_text
from asctl.api.bureau import SandboxForm, SandboxInvoice
from asctl.api.sandbox import SandboxWorld
from asctl_baiwang.bodies import BLUE, FORM_THEN_RED, FROM_THE_BUREAU, REASONS, TYPE_CODES
from asctl_baiwang.sandbox_gate import business, required
from asctl_baiwang.sandbox_rows import buyer_in, failed_row, form_row, invoice_row, lines_in
from asctl_baiwang.wire import DELIVER, FORMS, ISSUE, QUERY, RETRY, REVERSE, Row

PLUGIN = "baiwang"
MOST_IDS = 50
MOST_ROWS = 50
_APPLYING, _APPLY_FAILED = "15", "16"
_WAITING = frozenset({"02", "03"})
_KINDS = {code: kind for kind, code in TYPE_CODES.items()}
_WITHOUT_TERMINAL = frozenset({"004", "007", "025", "026", "028"})
_REASONS = {code: reason for reason, code in REASONS["bureau"].items()}


class Desk:
    """``files`` is the address that files lie below. Of a form that waits it tells what it downloaded last, as Baiwang does."""

    def __init__(self, files: str) -> None:
        self.files = files
        self._waiting: dict[str, str] = {}

    def serve(self, method: str, content: Mapping[str, Any], world: SandboxWorld) -> Any:
        """The ``response`` of a call. Raises :class:`Turned`."""
        services = {
            ISSUE: self._issue,
            QUERY: self._query,
            RETRY: self._retry,
            REVERSE: self._reverse,
            DELIVER: self._deliver,
            FORMS: self._forms,
        }
        (seller,) = required(content, "taxNo")
        return services[method](seller, content, world)

    def _issue(self, seller: str, content: Mapping[str, Any], world: SandboxWorld) -> Row:
        names = ("orderNo", "orderDateTime", "invoiceType", "invoiceTypeCode", "priceTaxMark", "buyerName")
        serial, _moment, colour, kind, *_rest = required(content, *names)
        if kind in _WITHOUT_TERMINAL:
            raise business("20020", "演示：没有可用的开票终端")
        if kind not in _KINDS:
            raise business("20019", "演示：invoiceTypeCode错误")
        if colour != BLUE:
            raise business("SANDBOX-TYPE", "演示：数电红票请走快捷冲红")
        _check_unused(serial, seller, world)
        buyer, lines = buyer_in(content), lines_in(content.get("invoiceDetailList"))
        if flaw := world.bureau.flaw(_KINDS[kind], buyer, lines):
            raise business("SANDBOX-FLAW", f"演示：发票内容校验失败 {flaw}")
        remark = as_text(content.get("remarks"))
        issued = world.bureau.submit(PLUGIN, seller, serial, _KINDS[kind], buyer, lines, remark=remark)
        return {"serialNo": issued.reference}

    def _query(self, seller: str, content: Mapping[str, Any], world: SandboxWorld) -> list[Row]:
        serials, references = _texts(content.get("orderNos")), _texts(content.get("serialNos"))
        if not 0 < len(serials) + len(references) <= MOST_IDS:
            raise business("SANDBOX-IDS", f"演示：一次查询1至{MOST_IDS}张")
        bureau = world.bureau
        found = [
            invoice_row(invoice, bureau, self.files)
            for invoice in bureau.own(PLUGIN, seller)
            if invoice.serial in serials or invoice.reference in references
        ]
        refused = [
            failed_row(form)
            for form in bureau.own_forms(PLUGIN, seller)
            if form.serial in serials and bureau.form_code(form) == _APPLY_FAILED
        ]
        return found + refused

    def _retry(self, seller: str, content: Mapping[str, Any], world: SandboxWorld) -> Row:
        (reference,) = required(content, "serialNo")
        for invoice in world.bureau.own(PLUGIN, seller):
            if invoice.reference == reference:
                if not world.bureau.retry(invoice):
                    raise business("SANDBOX-RETRY", "演示：当前状态不可重新开具，或当日次数已用完")
                return {"serialNo": reference}
        raise _nothing_there()

    def _deliver(self, seller: str, content: Mapping[str, Any], world: SandboxWorld) -> None:
        (number,) = required(content, "digitInvoiceNo")
        addresses = [told for name in ("pushEmail", "pushPhone") if (told := as_text(content.get(name)))]
        if not addresses:
            raise business("70169", "演示：pushEmail is empty")
        invoice = _issued_by(seller, number, world)
        if invoice is None:
            raise _nothing_there()
        invoice.deliveries += addresses

    def _reverse(self, seller: str, content: Mapping[str, Any], world: SandboxWorld) -> Row:
        serial, number, label = required(content, "orderNo", "originalDigitInvoiceNo", "redInvoiceLabel")
        if content.get("fastIssueRedType") != FORM_THEN_RED or label not in _REASONS:
            raise business("SANDBOX-RED", "演示：fastIssueRedType或redInvoiceLabel错误")
        _check_unused(serial, seller, world)
        blue = _issued_by(seller, number, world)
        if blue is None or not _is_named(blue, content):
            raise business("SANDBOX-BLUE", "演示：原蓝字发票信息有误")
        if world.bureau.reversed_fully(number):
            raise business("SANDBOX-REVERSED", "演示：该发票已全额冲红")
        lines = lines_in(content.get("details"))
        scope = Scope.PARTIAL if lines else Scope.FULL
        form = world.bureau.apply_reversal(PLUGIN, seller, serial, number, scope, _REASONS[label], lines)
        return {"redConfirmSerialNo": form.reference}

    def _forms(self, seller: str, content: Mapping[str, Any], world: SandboxWorld) -> Row | None:
        """A download tells nothing by itself: what it brought is in the next look at what is stored."""
        operator, _side = required(content, "operatorType", "buySelSelector")
        forms = [form for form in world.bureau.own_forms(PLUGIN, seller) if _is_asked_for(form, content)]
        if operator == FROM_THE_BUREAU:
            for form in forms:
                self._waiting.pop(form.reference, None)
            return None
        codes = {form.reference: self._stored_code(form, world) for form in forms}
        rows = [form_row(form, codes[form.reference]) for form in forms if codes[form.reference] != _APPLY_FAILED]
        return {"pageNo": 1, "total": len(rows), "list": rows[:MOST_ROWS]}

    def _stored_code(self, form: SandboxForm, world: SandboxWorld) -> str:
        if form.reference in self._waiting:
            return self._waiting[form.reference]
        code = world.bureau.form_code(form)
        if code in _WAITING:
            self._waiting[form.reference] = code
        return "" if code == _APPLYING else code


def _check_unused(serial: str, seller: str, world: SandboxWorld) -> None:
    """A number is good for one invoice, whatever came of it."""
    invoices, forms = world.bureau.own(PLUGIN, seller), world.bureau.own_forms(PLUGIN, seller)
    if serial in {invoice.serial for invoice in invoices} | {form.serial for form in forms}:
        raise business("SANDBOX-DUP", "演示：开票单号重复")


def _issued_by(seller: str, number: str, world: SandboxWorld) -> SandboxInvoice | None:
    invoice = world.bureau.issued(number)
    return invoice if invoice is not None and (invoice.plugin, invoice.seller) == (PLUGIN, seller) else None


def _is_named(blue: SandboxInvoice, content: Mapping[str, Any]) -> bool:
    """One of the two numbers must be there, and each that is there must be right."""
    told = (as_text(content.get("originalOrderNo")), as_text(content.get("originalSerialNo")))
    right = (blue.serial, blue.reference)
    return any(told) and all(number in ("", true) for number, true in zip(told, right, strict=True))


def _is_asked_for(form: SandboxForm, content: Mapping[str, Any]) -> bool:
    asked = {
        "originalDigitInvoiceNo": form.blue_number,
        "redConfirmSerialNo": form.reference,
        "redConfirmNo": form.number,
    }
    return all(as_text(content.get(name)) in ("", right) for name, right in asked.items())


def _nothing_there() -> Exception:
    return business("SANDBOX-NONE", "演示：发票不存在")


def _texts(told: Any) -> list[str]:
    return [as_text(number) for number in told] if isinstance(told, list) else []
