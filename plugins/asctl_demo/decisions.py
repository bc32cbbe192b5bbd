"""Decisions on applications, and parcels stopped for them: ``AfterSaleDesk`` and ``OrderInterceptor``.

These writes have a version in place of a key. Demo refuses one that was decided on an older version, and tells on which
version its last decision was made: that is how ours is told from a stranger's.
"""

from __future__ import annotations

from asctl.api import (
    AfterSale,
    AfterSaleOutcome,
    AfterSaleRefusal,
    AsctlError,
    Evidence,
    Finding,
    Submission,
)
from asctl_demo.account import EFFECTS
from asctl_demo.orders import Orders
from asctl_demo.wire import Row

AGREED, REFUSED = "agreed", "refused"


class Decisions(Orders):
    """What the shop decides."""

    def agree_after_sales(self, after_sales: tuple[AfterSale, ...], code: str = "") -> tuple[AfterSaleOutcome, ...]:
        """One call for each. Each outcome has its own error, so that one does not hide what became of the others; Demo wants
        no second verification."""
        return tuple(self._agreed(after_sale) for after_sale in after_sales)

    def find_agreement(self, after_sale: AfterSale) -> Finding:
        """Whether that very version was agreed to."""
        return self._decided(after_sale, AGREED)

    def refuse_after_sale(self, refusal: AfterSaleRefusal) -> Submission:
        """Raises :class:`Stale` where the application changed, :class:`Refused` and :class:`Unclear`."""
        self._decide("refuse", refusal.after_sale, {"text": refusal.text})
        return Submission()

    def find_refusal(self, refusal: AfterSaleRefusal) -> Finding:
        """Whether that very version was refused."""
        return self._decided(refusal.after_sale, REFUSED)

    def intercept_order(self, after_sale: AfterSale) -> Submission:
        """Have the order's parcels stopped. Raises :class:`Stale`, :class:`Refused` and :class:`Unclear`."""
        self._decide("intercept_order", after_sale, {})
        return Submission()

    def order_interception(self, after_sale: AfterSale) -> Finding:
        """How far it is, as the application tells."""

        def read(row: Row) -> Finding:
            state = row.text("interception")
            return Finding(Evidence.PRESENT, EFFECTS.get(state)) if state else Finding(Evidence.ABSENT)

        number = after_sale.after_sale_id
        return self.client.ask("after_sale", {"after_sale": number}, read, subject=number)

    def _agreed(self, after_sale: AfterSale) -> AfterSaleOutcome:
        try:
            self._decide("agree", after_sale, {})
        except AsctlError as error:
            return AfterSaleOutcome(after_sale.after_sale_id, error)
        return AfterSaleOutcome(after_sale.after_sale_id)

    def _decide(self, call: str, after_sale: AfterSale, more: dict[str, str]) -> None:
        number = after_sale.after_sale_id
        members = {"after_sale": number, "version": after_sale.version, **more}
        self.client.ask(call, members, lambda row: row.needed("version"), subject=number, write=True)

    def _decided(self, after_sale: AfterSale, word: str) -> Finding:
        """Unchanged, it was not decided; decided on another version, somebody else was faster and nobody can tell."""

        def read(row: Row) -> Finding:
            state, decision = row.needed("state"), Row.of(row.members.get("decision") or {})
            if (decision.text("version"), decision.text("word")) == (after_sale.version, word):
                return Finding(Evidence.PRESENT, message=state)
            unchanged = row.needed("version") == after_sale.version
            return Finding(Evidence.ABSENT if unchanged else Evidence.UNKNOWN, message=state)

        number = after_sale.after_sale_id
        return self.client.ask("after_sale", {"after_sale": number}, read, subject=number)
