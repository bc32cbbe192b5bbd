"""Their side, for tests and ``asctl sandbox serve``: it checks what they check; a make-believe tax bureau issues."""

from decimal import Decimal
from typing import Any

from asctl.api import Buyer, InvoiceKind, InvoiceLine, LineNature, TitleType, china_text, json_object
from asctl.api.bureau import SandboxInvoice
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl_pigeon.client import sign
from asctl_pigeon.mapping import NUMBERS

SELLER = "91990000MA0P1G0001"
_SECRET = "not-a-real-secret"
_WORDS = {"issued": "ISSUED", "seal_failed": "NO_SEAL", "failed": "FAILED"}
_COMPLAINTS = {"throttle": "TOO_FAST", "auth": "BAD_SIGN", "refuse": "REFUSED", "not_found": "UNKNOWN"}


class PigeonSandbox:
    """The far side of one account."""

    def accounts(self, base_url: str) -> dict[str, Any]:
        """The account that the sandbox's configuration gets."""
        account = {"plugin": "pigeon", "base_url": base_url, "customer": "1001", "secret": _SECRET}
        account |= {"tax_no": SELLER, "seller_name": "演示销方", "drawer": "演示员"}
        return {"invoices": {"pigeon": account}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """What is asked for, whether it changes something, and under which serial."""
        call, serial = request.path.strip("/"), request.form().get("serial", "")
        return SandboxCall(call, write=call in ("issue", "retry"), target=serial, key=serial)

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        """``applied`` says that a write took effect; a repeat under the same serial is the same invoice."""
        form = request.form()
        if form.get("sign") != sign(_SECRET, form):
            return SandboxReply.of({"code": "BAD_SIGN"})
        if call.operation == "account":
            return SandboxReply.of({"code": "OK", "seller": SELLER})
        made = next((one for one in world.bureau.own("pigeon", SELLER) if one.serial == call.key), None)
        if call.operation == "issue":
            new = made or _submitted(world, form)
            return SandboxReply.of({"code": "OK", "reference": new.reference}, applied=made is None)
        if made is None:
            return SandboxReply.of({"code": "UNKNOWN"})
        if call.operation == "retry":
            done = world.bureau.retry(made)
            return SandboxReply.of({"code": "OK" if done else "REFUSED", "reference": made.reference}, applied=done)
        return SandboxReply.of({"code": "OK"} | _row(made, world.bureau.phase(made)))

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        """A fault in their words."""
        return SandboxReply.of({"code": _COMPLAINTS[complaint.kind]})


def _submitted(world: SandboxWorld, form: dict[str, str]) -> SandboxInvoice:
    """Hand it to the make-believe tax bureau."""
    told = json_object(form["invoice"])
    buyer = Buyer(**told["buyer"] | {"type": TitleType(told["buyer"]["type"])})
    kind, lines = InvoiceKind(told["kind"]), tuple(_line(line) for line in told["lines"])
    return world.bureau.submit("pigeon", SELLER, form["serial"], kind, buyer, lines, form["order"], told["remark"])


def _line(told: dict[str, str]) -> InvoiceLine:
    """A line as it was sent."""
    numbers = {name: Decimal(told[name]) for name in NUMBERS if name in told}
    return InvoiceLine(
        name=told["name"],
        code=told["code"],
        rate=numbers["rate"],
        net=numbers["net"],
        tax=numbers["tax"],
        gross=numbers["gross"],
        quantity=numbers.get("quantity"),
        price=numbers.get("price"),
        nature=LineNature(told["nature"]),
        unit=told.get("unit", ""),
    )


def _row(made: SandboxInvoice, phase: str) -> dict[str, str]:
    """An invoice of the tax bureau as Pigeon tells it."""
    moment = china_text(made.begun_at) if made.number else ""
    told = {"reference": made.reference, "number": made.number, "issued_at": moment, "why": made.complaint}
    return told | {"state": _WORDS.get(phase, "WAITING")}
