"""Pigeon Invoices: digital invoices, issued. A whole plugin in one file.

It works as it stands, against its own make-believe far side at the end. Put your provider's facts in place of
Pigeon's, in the order of the numbers; after each, pytest tells what does not fit yet. Guide: asctl help authors
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

from asctl import api
from asctl.api.bureau import SandboxInvoice
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld

T = TypeVar("T")
# 1. Their address, and what an account needs. Who sells and who draws are settings of asctl itself.
SETTINGS = (
    api.Setting("base_url", api.SettingType.URL, "Where Pigeon answers.", default="https://api.invoices.example"),
    api.Setting("customer", api.SettingType.TEXT, "The customer number that Pigeon gave you.", required=True),
    api.Setting("secret", api.SettingType.SECRET, "Signs every call.", required=True),
)
# 2. What they promise of a repeat under the same serial, and of a look: promise too little rather than too much.
ISSUING = api.WriteContract(
    api.WriteClass.KEYED,
    find="find_invoice",
    authoritative=True,
    key_window=timedelta(days=1),
    visibility_lag=timedelta(seconds=5),
    late_window=timedelta(seconds=10),
)
RETRYING = api.WriteContract(api.WriteClass.UNKEYED, status="find_invoice")
# 3. Their words for where an invoice stands, and ours.
STATES = {
    "WAITING": api.InvoiceState.ISSUING,
    "ISSUED": api.InvoiceState.ISSUED,
    "NO_SEAL": api.InvoiceState.SEAL_FAILED,
    "FAILED": api.InvoiceState.FAILED,
}
NUMBERS = ("rate", "net", "tax", "gross", "quantity", "price")


@api.hookimpl
def asctl_invoice_providers() -> list[api.ProviderSpec]:
    """What this plugin offers; the factory is called when an account is used."""
    writes = {"issue_invoice": ISSUING, "retry_invoice": RETRYING}
    issuer = api.Capability("InvoiceIssuer", api.InvoiceLimits(lines=500, remark=200), writes)
    return [api.ProviderSpec(
        id="pigeon", title="Pigeon Invoices", api_version=1, factory="asctl_pigeon:PigeonInvoices", settings=SETTINGS,
        capabilities=(issuer, api.Capability("AccountChecker")), sandbox="asctl_pigeon:PigeonSandbox",
    )]  # fmt: skip


def sign(secret: str, form: dict[str, str]) -> str:
    """4. Their signature: HMAC-SHA256 over all fields but itself, sorted by name."""
    text = "&".join(f"{name}={value}" for name, value in sorted(form.items()) if name != "sign")
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def read(answer: api.HttpAnswer, make: Callable[[dict[str, Any]], T]) -> T:
    """5. Their errors, by code, and what ``make`` makes of an answer that says OK."""
    told = api.read_object(answer)  # raises Unavailable for what is no JSON object
    match api.as_text(told.get("code")):
        case "OK":
            try:
                return make(told)
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
                hint = "tell the plugin's author"
                raise api.Unavailable("an odd answer", code="odd_answer", passing=False, hint=hint) from None
        case "UNKNOWN":
            raise api.NotFound("Pigeon does not know the invoice", code="not_found", hint="check the serial")
        case "REFUSED":
            raise api.Refused("Pigeon refused the invoice", hint="ask Pigeon why", upstream_code="REFUSED")
        case "BAD_SIGN":
            raise api.CredentialsRefused("Pigeon refuses the signature", code="bad_sign", hint="check the secret")
        case "TOO_FAST":
            raise api.Throttled("Pigeon says: too many calls", retry_after=timedelta(minutes=1), hint="run again later")
    raise api.Unavailable("Pigeon's answer is not understood", passing=False, hint="run again later")


def told_of(row: dict[str, Any]) -> api.InvoiceFinding:
    """6. Their invoice as ours. Of a state that nobody knows it can only be said that it has arrived."""
    raw, issued_at = api.as_text(row["state"]), row.get("issued_at")
    if raw not in STATES:
        return api.InvoiceFinding(api.Evidence.PRESENT, api.Effect.ACCEPTED, message=f"unknown state {raw[:20]}")
    return api.InvoiceFinding.of_invoice(
        api.InvoiceTold(
            STATES[raw],
            raw_state=raw,
            message=api.as_text(row.get("why")),
            reference=api.as_text(row["reference"]),
            number=api.as_text(row.get("number")),
            issued_at=api.china_time(issued_at) if issued_at else None,
        )
    )


def invoice_text(request: api.InvoiceRequest) -> str:
    """7. Our invoice as theirs. Sums are right by now: asctl has checked them; amounts go as text, never as float."""
    told = {
        "seller": request.seller.tax_id,
        "drawer": request.seller.drawer,
        "kind": request.kind,
        "buyer": {name: text for name, text in asdict(request.buyer).items() if text},
        "lines": [line_texts(line) for line in request.lines],
        "remark": request.remark,
    }
    return api.compact_json(told)


def line_texts(line: api.InvoiceLine) -> dict[str, str]:
    """A row of it; what is empty is left out."""
    told = {name: getattr(line, name) for name in ("name", "code", "unit", "nature", *NUMBERS)}
    return {
        name: format(value, "f" if name in NUMBERS else "") for name, value in told.items() if value not in (None, "")
    }


class PigeonInvoices:
    """The provider: InvoiceIssuer and AccountChecker of one account."""

    def __init__(self, context: api.Context) -> None:
        self._text, self._http, self._clock = context.text, context.http, context.clock

    def issue_invoice(self, request: api.InvoiceRequest) -> api.Submission:
        """A write under our serial: accepted is not issued."""
        question = {"serial": request.serial, "invoice": invoice_text(request), "order": request.order_id}
        return api.Submission(self._ask("issue", question, lambda told: str(told["reference"]), write=True))

    def retry_invoice(self, request: api.InvoiceRequest) -> api.Submission:
        """One that failed, tried again with the same data under the same serial."""
        question = {"serial": request.serial}
        return api.Submission(self._ask("retry", question, lambda told: str(told["reference"]), write=True))

    def find_invoice(self, request: api.InvoiceRequest) -> api.InvoiceFinding:
        """What became of it. ABSENT only where they were asked about this serial, answered, and do not have it."""
        try:
            return self._ask("find", {"serial": request.serial}, told_of)
        except api.NotFound:
            return api.InvoiceFinding(api.Evidence.ABSENT)

    def check(self) -> api.CheckResult:
        """One harmless signed call."""
        return api.CheckResult(self._ask("account", {}, lambda told: f"seller {told['seller']}"))

    def _ask(
        self, call: str, question: dict[str, str], make: Callable[[dict[str, Any]], T], *, write: bool = False
    ) -> T:
        def request() -> api.HttpRequest:  # made anew for each attempt, so that time and signature are fresh
            told = question | {"customer": self._text("customer"), "time": api.china_text(self._clock.now())}
            form = {name: text.encode("utf-8", "replace").decode() for name, text in told.items()}
            form["sign"] = sign(self._text("secret"), form)
            return api.HttpRequest("POST", f"{self._text('base_url')}/{call}", operation=call, form=form, write=write)

        return self._http.call(request, lambda answer: read(answer, make))


SELLER = "91990000MA0P1G0001"


class PigeonSandbox:
    """8. Their side, for tests and asctl sandbox serve: it checks the signature; a make-believe tax bureau issues."""

    def accounts(self, base_url: str) -> dict[str, Any]:
        account = {"plugin": "pigeon", "base_url": base_url, "customer": "1001", "secret": "not-a-real-secret"}
        account |= {"tax_no": SELLER, "seller_name": "演示销方", "drawer": "演示员"}
        return {"invoices": {"pigeon": account}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        call, serial = request.path.strip("/"), request.form().get("serial", "")
        return SandboxCall(call, write=call in ("issue", "retry"), target=serial, key=serial)

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        form = request.form()
        if form.get("sign") != sign("not-a-real-secret", form):
            return SandboxReply.of({"code": "BAD_SIGN"})
        if call.operation == "account":
            return SandboxReply.of({"code": "OK", "seller": SELLER})
        made = next((one for one in world.bureau.own("pigeon", SELLER) if one.serial == call.key), None)
        if call.operation == "issue":
            new = made or submitted(world, form)  # a repeat under the same serial is the same invoice
            return SandboxReply.of({"code": "OK", "reference": new.reference}, applied=made is None)
        if made is None:
            return SandboxReply.of({"code": "UNKNOWN"})
        if call.operation == "retry":
            done = world.bureau.retry(made)
            return SandboxReply.of({"code": "OK" if done else "REFUSED", "reference": made.reference}, applied=done)
        return SandboxReply.of({"code": "OK"} | row_of(made, world.bureau.phase(made)))

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        return SandboxReply.of({"code": {"throttle": "TOO_FAST", "auth": "BAD_SIGN"}.get(complaint.kind, "REFUSED")})


def submitted(world: SandboxWorld, form: dict[str, str]) -> SandboxInvoice:
    """Hand it to the make-believe tax bureau."""
    told = api.json_object(form["invoice"])
    buyer = api.Buyer(**told["buyer"] | {"type": api.TitleType(told["buyer"]["type"])})
    kind, lines = api.InvoiceKind(told["kind"]), tuple(line_of(line) for line in told["lines"])
    return world.bureau.submit("pigeon", SELLER, form["serial"], kind, buyer, lines, form["order"], told["remark"])


def line_of(told: dict[str, str]) -> api.InvoiceLine:
    """A line as it was sent."""
    numbers = {name: Decimal(told[name]) for name in NUMBERS if name in told}
    return api.InvoiceLine(
        name=told["name"],
        code=told["code"],
        rate=numbers["rate"],
        net=numbers["net"],
        tax=numbers["tax"],
        gross=numbers["gross"],
        quantity=numbers.get("quantity"),
        price=numbers.get("price"),
        nature=api.LineNature(told["nature"]),
        unit=told.get("unit", ""),
    )


def row_of(made: SandboxInvoice, phase: str) -> dict[str, str]:
    """An invoice of the tax bureau as Pigeon tells it."""
    words = {"issued": "ISSUED", "seal_failed": "NO_SEAL", "failed": "FAILED"}
    moment = api.china_text(made.begun_at) if made.number else ""
    told = {"reference": made.reference, "number": made.number, "issued_at": moment, "why": made.complaint}
    return told | {"state": words.get(phase, "WAITING")}
