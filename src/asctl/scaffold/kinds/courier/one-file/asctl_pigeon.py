"""Pigeon Parcels: where a parcel is. A whole plugin in one file.

It works as it stands, against its own make-believe far side at the end. Put your courier's facts in place of
Pigeon's, in the order of the numbers; after each, pytest tells what does not fit yet. Guide: asctl help authors
"""

import hashlib
import hmac
from datetime import timedelta
from typing import Any

from asctl import api
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld

# 1. Their address, and what an account needs: each setting is a line in the user's configuration.
SETTINGS = (
    api.Setting("base_url", api.SettingType.URL, "Where Pigeon answers.", default="https://api.courier.example"),
    api.Setting("customer", api.SettingType.TEXT, "The customer number that Pigeon gave you.", required=True),
    api.Setting("secret", api.SettingType.SECRET, "Signs every call.", required=True),
)
# 2. Their words for what happens to a parcel, and ours. All of ours: asctl help api ParcelStatus
STATUSES = {
    "COLLECTED": api.ParcelStatus.PICKED_UP,
    "MOVING": api.ParcelStatus.IN_TRANSIT,
    "ON_ROUND": api.ParcelStatus.OUT_FOR_DELIVERY,
    "HANDED_OVER": api.ParcelStatus.DELIVERED,
    "GOING_BACK": api.ParcelStatus.RETURNING,
}


@api.hookimpl
def asctl_couriers() -> list[api.ProviderSpec]:
    """What this plugin offers; the factory is called when an account is used."""
    return [api.ProviderSpec(
        id="pigeon", title="Pigeon Parcels", api_version=1, factory="asctl_pigeon:PigeonParcels", settings=SETTINGS,
        capabilities=(api.Capability("Tracker", api.TrackerLimits(batch=1)), api.Capability("AccountChecker")),
        couriers=("pigeon",), sandbox="asctl_pigeon:PigeonSandbox",
    )]  # fmt: skip


def sign(secret: str, form: dict[str, str]) -> str:
    """3. Their signature: HMAC-SHA256 over all fields but itself, sorted by name."""
    text = "&".join(f"{name}={value}" for name, value in sorted(form.items()) if name != "sign")
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def read_rows(answer: api.HttpAnswer) -> list[Any]:
    """4. Their answers and errors, by code. The family that is raised says what an operator does next."""
    told = api.read_object(answer)  # raises Unavailable for what is no JSON object
    code, rows = api.as_text(told.get("code")), told.get("rows")
    if code == "OK" and isinstance(rows, list):
        return rows
    if code == "BAD_SIGN":
        raise api.CredentialsRefused("Pigeon does not accept the signature", code="bad_sign", hint="check the secret")
    if code == "TOO_FAST":
        raise api.Throttled("Pigeon says: too many calls", retry_after=timedelta(minutes=1), hint="run again later")
    raise api.Unavailable("Pigeon's answer is not understood", upstream_code=code, hint="run again later")


def read_scan(scan: Any) -> api.Event | None:
    """5. Their scan as our event, their own word kept beside; None for an odd one, which loses no other."""
    try:
        word, text, place = (api.as_text(scan.get(name)) for name in ("state", "text", "place"))
        status = STATUSES.get(word, api.ParcelStatus.UNKNOWN)
        return api.Event(api.china_time(scan["time"]), status, text, raw_code=word, location=place)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None


class PigeonParcels:
    """The provider: Tracker and AccountChecker of one account."""

    def __init__(self, context: api.Context) -> None:
        self._text, self._http, self._clock = context.text, context.http, context.clock

    def track(self, queries: tuple[api.TrackQuery, ...]) -> tuple[api.TrackAnswer, ...]:
        """One answer per query, in order; no events where nothing is known yet."""
        return tuple(self._track(query) for query in queries)

    def check(self) -> api.CheckResult:
        """One harmless signed call."""
        self._ask("account")
        return api.CheckResult(f"customer {self._text('customer')}")

    def _track(self, query: api.TrackQuery) -> api.TrackAnswer:
        events = [read_scan(scan) for scan in self._ask("track", waybill=query.waybill)]
        return api.TrackAnswer(query, tuple(filter(None, events)), problems=("an odd scan",) * events.count(None))

    def _ask(self, call: str, read: Any = read_rows, *, write: bool = False, **question: str) -> Any:
        def request() -> api.HttpRequest:  # made anew for each attempt, so that time and signature are fresh
            form = question | {"customer": self._text("customer"), "time": api.china_text(self._clock.now())}
            form["sign"] = sign(self._text("secret"), form)
            return api.HttpRequest("POST", f"{self._text('base_url')}/{call}", operation=call, form=form, write=write)

        return self._http.call(request, read)


class PigeonSandbox:
    """6. Their side, for tests and asctl sandbox serve: it checks the signature and tells of a make-believe world."""

    def accounts(self, base_url: str) -> dict[str, Any]:
        account = {"plugin": "pigeon", "base_url": base_url, "customer": "1001", "secret": "not-a-real-secret"}
        return {"couriers": {"pigeon": account}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        return SandboxCall(operation=request.path.strip("/"), target=request.form().get("waybill", ""))

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        if request.form().get("sign") != sign("not-a-real-secret", request.form()):
            return SandboxReply.of({"code": "BAD_SIGN"})
        parcel = world.parcels.get(api.ParcelKey("pigeon", call.target))
        words = {ours: theirs for theirs, ours in STATUSES.items()}
        rows = [
            {"time": api.china_text(e.at), "state": words.get(e.status, e.status), "text": e.text, "place": e.location}
            for e in (parcel.events(world.now()) if parcel else ())
        ]
        return SandboxReply.of({"code": "OK", "rows": rows})

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        return SandboxReply.of({"code": {"throttle": "TOO_FAST", "auth": "BAD_SIGN"}.get(complaint.kind, "REFUSED")})
