"""Invoices by what an operator has at hand: our number of it, the tax bureau's, its serial, or the order's number."""

from __future__ import annotations

import re

from asctl.domain.errors import NotFound
from asctl.domain.identifiers import clean_identifier, clean_order_id
from asctl.domain.invoices import Invoice
from asctl.services.desk import Desk
from asctl.services.orders import one_order
from asctl.store import invoices as stored_invoices
from asctl.text import _

_OURS = re.compile(r"I\d{1,15}")


def find_invoice(desk: Desk, text: str, shop: str = "") -> Invoice:
    """The invoice, or of an order the one of its sale. Raises :class:`NotFound`, :class:`BadInput` (``ambiguous_order``)."""
    named = clean_identifier(text)
    with desk.store.read() as tx:
        if _OURS.fullmatch(named):
            found = stored_invoices.get_invoice(tx, named)
            if found is None:
                raise _no_invoice(named)
        else:
            found = stored_invoices.by_number(tx, named)
    return found or sale_of(desk, text, shop)


def sale_of(desk: Desk, order_id: str, shop: str = "") -> Invoice:
    """The invoice of an order's sale; the last of its others, a repair's, where nobody asked for that one. Raises
    :class:`NotFound` (``no_invoice``, ``unknown_order``), :class:`BadInput`."""
    named = clean_order_id(order_id)
    order = one_order(desk, named, shop)
    with desk.store.read() as tx:
        found = stored_invoices.sale_of_order(tx, order.shop, order.order_id)
        others = stored_invoices.invoices_of_order(tx, order.shop, order.order_id)
    if found is None and not others:
        raise _no_invoice(_("order {order}").format(order=order.order_id))
    return found or others[-1]


def invoices_about(desk: Desk, text: str, shop: str = "") -> tuple[Invoice, ...]:
    """One invoice by its number, or all of an order, the oldest first. Raises as :func:`find_invoice`."""
    found = find_invoice(desk, text, shop)
    if clean_identifier(text) != found.order_id:
        return (found,)
    with desk.store.read() as tx:
        return stored_invoices.invoices_of_order(tx, found.shop, found.order_id)


def _no_invoice(what: str) -> NotFound:
    return NotFound(
        _("{what}: there is no invoice").format(what=what),
        code="no_invoice",
        hint=_("see what there is: asctl invoice queue --all; applications come with: asctl invoice sync"),
    )
