"""Customers' applications for an invoice, and the orders whose invoice is due (reference/taobao-top.md section 8)."""

from __future__ import annotations

from typing import cast

from asctl.api import InvoiceApplication
from asctl_taobao.application_rows import applications
from asctl_taobao.shop import Shop
from asctl_taobao.wire import Row, listed, text, yes

MOST_OVERDUE_ROWS = 50


class Applications(Shop):
    """ApplicationSource."""

    def invoice_applications(self, order_id: str) -> tuple[InvoiceApplication, ...]:
        """``alibaba.einvoice.apply.get``, the oldest first. One row out of shape is :class:`Unavailable` (``odd_answer``) for
        the whole order: what it asks for may change what the others mean."""

        def read(answer: Row) -> tuple[InvoiceApplication, ...]:
            _must_not_fail(answer)
            return applications(listed(answer.get("apply_list")))

        return self.top.ask("alibaba.einvoice.apply.get", {"platform_tid": order_id}, read)

    def overdue_invoices(self) -> tuple[str, ...]:
        """``alibaba.einvoice.payout.get``, page by page until one has nothing new: the total may only say ``200+``."""
        found: dict[str, None] = {}
        number = 1
        while new := [order_id for order_id in self._overdue(number) if order_id not in found]:
            found.update(dict.fromkeys(new))
            number += 1
        return tuple(found)

    def _overdue(self, number: int) -> tuple[str, ...]:
        size = min(cast(int, self.context.settings["page_size"]), MOST_OVERDUE_ROWS)

        def read(answer: Row) -> tuple[str, ...]:
            _must_not_fail(answer)
            return tuple(text(row["tid"]) for row in listed((answer.get("result") or {}).get("payout_list")))

        return self.top.ask("alibaba.einvoice.payout.get", {"page_no": number, "page_size": size}, read)


def _must_not_fail(answer: Row) -> None:
    """Raises ``ValueError`` for a failure without a complaint. An answer that tells nothing at all means that there is none."""
    if "is_success" in answer and not yes(answer["is_success"]):
        raise ValueError("no success, and no complaint")
