"""Their side, for tests and ``asctl sandbox serve``: it checks what they check, and tells of a make-believe world."""

from typing import Any

from asctl.api import Event, ParcelKey, china_text
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl_pigeon import COURIER
from asctl_pigeon.client import sign
from asctl_pigeon.mapping import STATUSES

_SECRET = "not-a-real-secret"
_WORDS = {status: word for word, status in STATUSES.items()}
_COMPLAINTS = {"throttle": "TOO_FAST", "auth": "BAD_SIGN", "refuse": "REFUSED", "not_found": "UNKNOWN"}


class PigeonSandbox:
    """The far side of one account."""

    def accounts(self, base_url: str) -> dict[str, Any]:
        """The account that the sandbox's configuration gets."""
        account = {"plugin": "pigeon", "base_url": base_url, "customer": "1001", "secret": _SECRET}
        return {"couriers": {"pigeon": account}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """What is asked for, and about which waybill."""
        return SandboxCall(request.path.strip("/"), target=request.form().get("waybill", ""))

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        """The scans of a parcel; none of one that nobody knows."""
        if request.form().get("sign") != sign(_SECRET, request.form()):
            return SandboxReply.of({"code": "BAD_SIGN"})
        parcel = world.parcels.get(ParcelKey(COURIER, call.target))
        events = parcel.events(world.now()) if parcel else ()
        return SandboxReply.of({"code": "OK", "rows": [_scan(event) for event in events]})

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        """A fault in their words."""
        return SandboxReply.of({"code": _COMPLAINTS[complaint.kind]})


def _scan(event: Event) -> dict[str, str]:
    word = _WORDS.get(event.status, event.status)
    return {"time": china_text(event.at), "state": word, "text": event.text, "place": event.location}
