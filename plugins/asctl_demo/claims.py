"""Work orders at the courier: ``ClaimDesk``."""

from __future__ import annotations

from asctl.api import Claim, Finding, Submission
from asctl_demo.account import Account
from asctl_demo.wire import OddShape, Row

_STATES = frozenset({"open", "waiting_for_us", "closed"})


class Claims(Account):
    """What the courier is asked to look into."""

    def file_claim(self, claim: Claim) -> Submission:
        """The reference is the number by which :meth:`claim_state` asks."""
        members = {"waybill": claim.waybill, "kind": claim.kind, "text": claim.text}
        if claim.goods_value is not None:
            members["value"] = str(claim.goods_value)
        return self.request("claim", claim.key, members, claim.waybill)

    def find_claim(self, claim: Claim) -> Finding:
        """By its key."""
        return self.find(claim.key)

    def claim_state(self, reference: str) -> str:
        """``open``, ``waiting_for_us`` or ``closed``. Raises :class:`NotFound`."""
        return self.client.ask("claim_state", {"number": reference}, _state, subject=reference)


def _state(row: Row) -> str:
    state = row.needed("state")
    if state not in _STATES:
        raise OddShape("state")
    return state
