"""Decisions on the marketplace's applications: agree, refuse. Each carries the version that was looked at."""

from __future__ import annotations

from pathlib import Path

from asctl.domain.actions import About, ActionKind, Intent, Wanted
from asctl.domain.aftersales import OPEN_AFTER_SALES, AfterSale
from asctl.domain.errors import BadInput, NotFound, Refused
from asctl.services.desk import Desk
from asctl.services.frozen import frozen, frozen_bytes
from asctl.services.refund_gate import check_gate
from asctl.store import aftersales as stored_after_sales
from asctl.text import _

MOST_PROOF_BYTES = 5 * 1024 * 1024


def find_application(desk: Desk, number: str, shop: str = "") -> AfterSale:
    """The stored application. Raises :class:`NotFound`, and :class:`BadInput` where two shops have that number."""
    with desk.store.read() as tx:
        sale = stored_after_sales.get_after_sale(tx, number, shop)
    if sale is None:
        raise NotFound(
            _("application {number} is not in the store").format(number=number),
            code="unknown_after_sale",
            hint=_("check the number, or fetch what changed: asctl aftersale sync"),
        )
    return sale


def agreement_wanted(desk: Desk, number: str, shop: str = "", released_by: str = "") -> Wanted:
    """To agree to an application as it stands in the store; ``released_by`` is who in finance lets a refund go before the invoice
    is reversed. Raises :class:`NotFound`, :class:`Refused`, :class:`NotOffered`, :class:`NeedsApproval`."""
    sale = _open_application(desk, number, shop)
    check_gate(desk, sale, released_by)
    payload = {"after_sale": frozen(sale), "amount": str(sale.amount)}
    if released_by:
        payload["released_by"] = released_by
    return Wanted(_intent(ActionKind.AGREE, sale), payload, _about(sale))


def refusal_wanted(desk: Desk, number: str, text: str, reason_id: str = "", proof: str = "", shop: str = "") -> Wanted:
    """To refuse an application with a text of 2 to 200 characters, and a picture where the marketplace wants one.

    Raises :class:`BadInput`, :class:`NotFound`, :class:`Refused`, :class:`NotOffered`.
    """
    if not 2 <= len(text) <= 200:
        raise BadInput(
            _("the reason has {count} characters; 2 to 200 are allowed").format(count=len(text)),
            code="bad_reason_text",
            hint=_("tell the buyer in one or two sentences why"),
        )
    sale = _open_application(desk, number, shop)
    payload = {"after_sale": frozen(sale), "text": text, "reason_id": reason_id, "proof": _proof(proof)}
    return Wanted(_intent(ActionKind.REFUSE, sale), payload, _about(sale))


def _open_application(desk: Desk, number: str, shop: str) -> AfterSale:
    sale = find_application(desk, number, shop)
    desk.accounts.provider(desk.accounts.named(sale.shop), "AfterSaleDesk")
    if sale.status not in OPEN_AFTER_SALES:
        raise Refused(
            _("application {number} is {status}: there is nothing to decide").format(
                number=number, status=sale.status.value
            ),
            code="after_sale_over",
            hint=_("see: asctl aftersale show {number}").format(number=number),
            account=sale.shop,
        )
    return sale


def _intent(kind: ActionKind, sale: AfterSale) -> Intent:
    """A buyer may change the claim, and then it is decided on anew: state and version tell the occasions apart."""
    purpose = f"{sale.status.value} {sale.version}"
    return Intent(sale.shop, kind, sale.after_sale_id, scope=sale.after_sale_id, purpose=purpose)


def _about(sale: AfterSale) -> About:
    return About(shop=sale.shop, order_id=sale.order_id, after_sale_id=sale.after_sale_id)


def _proof(path: str) -> str:
    if not path:
        return ""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise BadInput(
            _("{path} cannot be read: {reason}").format(path=path, reason=error.strerror),
            code="proof_unreadable",
            hint=_("check the path of the picture"),
        ) from None
    if len(content) > MOST_PROOF_BYTES:
        raise BadInput(
            _("{path} has {size} bytes, which is too much for a proof").format(path=path, size=len(content)),
            code="proof_too_large",
            hint=_("make the picture smaller"),
        )
    return frozen_bytes(content)
