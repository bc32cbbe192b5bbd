"""How much Nuonuo takes, in characters (sections 5.6 and 5.8): found at home, since it would only say that a field is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from asctl.api import AsctlError, BadConfiguration, BadInput
from asctl.api import translate as _

_BUYER: Mapping[str, tuple[int, str]] = {
    "buyerName": (100, "buyer.title"),
    "buyerTaxNum": (20, "buyer.tax_id"),
    "buyerTaxNo": (20, "buyer.tax_id"),
    "buyerTel": (50, "buyer.phone"),
    "buyerAddress": (80, "buyer.address"),
    "buyerAccount": (100, "buyer.bank_account"),
    "buyerPhone": (20, "buyer.mobile"),
    "email": (50, "buyer.email"),
    "remark": (200, "remark"),
    "orderNo": (20, "serial"),
    "bField1": (255, "case"),
    "bField2": (255, "order_id"),
    "blueElecInvoiceNumber": (20, "blue_number"),
}
_LINE: Mapping[str, tuple[int, str]] = {
    "goodsName": (90, "name"),
    "goodsCode": (19, "code"),
    "selfCode": (16, "sku"),
    "price": (16, "price"),
    "num": (16, "quantity"),
    "unit": (20, "unit"),
    "specType": (40, "spec"),
    "taxRate": (10, "rate"),
    "taxExcludedAmount": (16, "net"),
    "tax": (16, "tax"),
    "taxIncludedAmount": (16, "gross"),
    "dField1": (255, "line_id"),
}
_RED_LINE: Mapping[str, tuple[int, str]] = {
    **_LINE,
    "unit": (22, "unit"),
    "taxExcludedPrice": (16, "price"),
    "taxAmount": (16, "tax"),
}
_SETTINGS: Mapping[str, tuple[int, str]] = {
    "salerTaxNum": (20, "tax_no"),
    "sellerTaxNo": (20, "tax_no"),
    "sellerName": (100, "seller_name"),
    "salerTel": (20, "seller_phone"),
    "salerAddress": (80, "seller_address"),
    "salerAccount": (100, "seller_bank_account"),
    "clerk": (20, "drawer"),
    "extensionNumber": (5, "extension"),
    "callbackUrl": (225, "callback_url"),
}
_ADDRESS_AND_PHONE = 100


def check_order(order: Mapping[str, str], lines: Iterable[Mapping[str, str]], serial: str) -> None:
    """Raises :class:`BadInput` (``too_long``) naming the field of a document, :class:`BadConfiguration`
    (``setting_too_long``) naming the setting."""
    check_form(order, lines, serial, _LINE)
    together = len(order.get("buyerAddress", "")) + len(order.get("buyerTel", ""))
    if together > _ADDRESS_AND_PHONE:
        raise _too_long("buyer.address + buyer.phone", serial, together, _ADDRESS_AND_PHONE)


def check_form(
    form: Mapping[str, str],
    lines: Iterable[Mapping[str, str]],
    serial: str,
    of_line: Mapping[str, tuple[int, str]] = _RED_LINE,
) -> None:
    """The same for a red-letter form."""
    for field, length, longest in _longer(form, _SETTINGS):
        raise _setting_too_long(field, length, longest)
    for field, length, longest in _longer(form, _BUYER):
        raise _too_long(field, serial, length, longest)
    for place, line in enumerate(lines, 1):
        for field, length, longest in _longer(line, of_line):
            raise _too_long(f"lines[{place}].{field}", serial, length, longest)


def fits(member: str, text: str) -> bool:
    """Whether a text is short enough for a member of a line."""
    return len(text) <= _LINE[member][0]


def _longer(members: Mapping[str, str], limits: Mapping[str, tuple[int, str]]) -> Iterable[tuple[str, int, int]]:
    for name, value in members.items():
        longest, field = limits.get(name, (len(value), ""))
        if len(value) > longest:
            yield field, len(value), longest


def _too_long(field: str, serial: str, length: int, longest: int) -> AsctlError:
    return BadInput(
        _("{field} of {serial} has {length} characters; Nuonuo takes {longest}").format(
            field=field, serial=serial, length=length, longest=longest
        ),
        code="too_long",
        hint=_("shorten it, and apply for the invoice again"),
    )


def _setting_too_long(setting: str, length: int, longest: int) -> AsctlError:
    return BadConfiguration(
        _("{setting} of the account has {length} characters; Nuonuo takes {longest}").format(
            setting=setting, length=length, longest=longest
        ),
        code="setting_too_long",
        hint=_("shorten the setting"),
    )
