"""Pigeon Chat: messages to colleagues. A whole plugin in one file.

It works as it stands, against its own make-believe far side at the end. Put your chat's facts in place of
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
    api.Setting("base_url", api.SettingType.URL, "Where Pigeon answers.", default="https://api.chat.example"),
    api.Setting("room", api.SettingType.TEXT, "The room to write into.", required=True),
    api.Setting("secret", api.SettingType.SECRET, "Signs every call.", required=True),
)
# 2. How urgent it is, in their words.
SEVERITIES = {"info": "quiet", "warning": "loud", "alarm": "everybody"}


@api.hookimpl
def asctl_notifiers() -> list[api.ProviderSpec]:
    """What this plugin offers; the factory is called when an account is used. A message twice is a nuisance, no harm."""
    contract = api.WriteContract(api.WriteClass.NOTIFY)
    return [api.ProviderSpec(
        id="pigeon", title="Pigeon Chat", api_version=1, factory="asctl_pigeon:PigeonChat", settings=SETTINGS,
        capabilities=(api.Capability("Notifier", writes={"notify": contract}), api.Capability("AccountChecker")),
        sandbox="asctl_pigeon:PigeonSandbox",
    )]  # fmt: skip


def sign(secret: str, form: dict[str, str]) -> str:
    """3. Their signature: HMAC-SHA256 over all fields but itself, sorted by name."""
    text = "&".join(f"{name}={value}" for name, value in sorted(form.items()) if name != "sign")
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def read(answer: api.HttpAnswer) -> None:
    """4. Their errors, by code. The family that is raised says what an operator does next."""
    code = api.as_text(api.read_object(answer).get("code"))  # raises Unavailable for what is no JSON object
    match code:
        case "OK":
            return
        case "BAD_SIGN":
            raise api.CredentialsRefused(
                "Pigeon does not accept the signature", code="bad_sign", hint="check the secret"
            )
        case "TOO_FAST":
            raise api.Throttled("Pigeon says: too many calls", retry_after=timedelta(minutes=1), hint="run again later")
        case "REFUSED":
            raise api.Refused("Pigeon refused the message", hint="check the room", upstream_code=code)
    raise api.Unavailable("Pigeon's answer is not understood", upstream_code=code, hint="run again later")


class PigeonChat:
    """The provider: Notifier and AccountChecker of one account."""

    def __init__(self, context: api.Context) -> None:
        self._text, self._http, self._clock = context.text, context.http, context.clock

    def notify(self, notice: api.Notice) -> None:
        """A write: sent once, and on doubt (Unclear) never again."""
        self._ask("send", write=True, title=notice.title, text=notice.text, how=SEVERITIES[notice.severity])

    def check(self) -> api.CheckResult:
        """One harmless signed call."""
        self._ask("room", write=False)
        return api.CheckResult(f"room {self._text('room')}")

    def _ask(self, call: str, *, write: bool, **question: str) -> None:
        def request() -> api.HttpRequest:  # made anew for each attempt, so that time and signature are fresh
            told = question | {"room": self._text("room"), "time": api.china_text(self._clock.now())}
            form = {name: text.encode("utf-8", "replace").decode() for name, text in told.items()}
            form["sign"] = sign(self._text("secret"), form)
            return api.HttpRequest("POST", f"{self._text('base_url')}/{call}", operation=call, form=form, write=write)

        self._http.call(request, read)


class PigeonSandbox:
    """5. Their side, for tests and asctl sandbox serve: it checks what they check, and says so."""

    def accounts(self, base_url: str) -> dict[str, Any]:
        account = {"plugin": "pigeon", "base_url": base_url, "room": "after-sales", "secret": "not-a-real-secret"}
        return {"notifiers": {"pigeon": account}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        call = request.path.strip("/")
        return SandboxCall(call, write=call == "send", target=request.form().get("room", ""))

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        if request.form().get("sign") != sign("not-a-real-secret", request.form()):
            return SandboxReply.of({"code": "BAD_SIGN"})
        return SandboxReply.of({"code": "OK", "room": call.target}, applied=call.write)

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        return SandboxReply.of({"code": {"throttle": "TOO_FAST", "auth": "BAD_SIGN"}.get(complaint.kind, "REFUSED")})
