"""Their side, for tests and ``asctl sandbox serve``: it checks what they check, and says so."""

from typing import Any

from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl_pigeon.client import sign

_SECRET = "not-a-real-secret"
_COMPLAINTS = {"throttle": "TOO_FAST", "auth": "BAD_SIGN", "refuse": "REFUSED", "not_found": "UNKNOWN"}


class PigeonSandbox:
    """The far side of one account."""

    def accounts(self, base_url: str) -> dict[str, Any]:
        """The account that the sandbox's configuration gets."""
        account = {
            "plugin": "pigeon",
            "base_url": base_url,
            "customer": "1001",
            "secret": _SECRET,
            "room": "after-sales",
        }
        return {"notifiers": {"pigeon": account}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """What is asked for, whether it changes something, and in which room."""
        call = request.path.strip("/")
        return SandboxCall(call, write=call == "send", target=request.form().get("room", ""))

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        """``applied`` says that a write took effect."""
        if request.form().get("sign") != sign(_SECRET, request.form()):
            return SandboxReply.of({"code": "BAD_SIGN"})
        return SandboxReply.of({"code": "OK", "room": call.target}, applied=call.write)

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        """A fault in their words."""
        return SandboxReply.of({"code": _COMPLAINTS[complaint.kind]})
