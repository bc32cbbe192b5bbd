"""The sandbox's front door: what a call must bring before its method is carried out, checked in the order of
reference/taobao-top.md section 1.8."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from asctl.api import china_time
from asctl.api.sandbox import SandboxWorld
from asctl_taobao.signing import METHODS, signature
from asctl_taobao.wire import SUBJECTS, text

CLOCK_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the one shop of the sandbox is known by."""

    app_key: str
    app_secret: str
    session: str
    sub_account_session: str


class TopError(Exception):
    """A complaint of the gateway or of a service behind it."""

    def __init__(self, code: int, msg: str, sub_code: str = "", sub_msg: str = "") -> None:
        super().__init__(msg)
        self.member: dict[str, Any] = {"code": code, "msg": msg}
        if sub_code:
            self.member |= {"sub_code": sub_code, "sub_msg": sub_msg or sub_code}


class Declined(Exception):
    """A no in the method's own shape: ``member`` is the answer, and nothing was changed."""

    def __init__(self, member: dict[str, Any]) -> None:
        super().__init__()
        self.member = member


def service_error(sub_code: str, sub_msg: str) -> TopError:
    """A business error: code 15, told by its sub-code."""
    return TopError(15, "Remote service error", sub_code, sub_msg)


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a call that was let in."""

    parameters: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Empty where it was not sent."""
        return self.parameters.get(name, "")

    def names(self, name: str) -> tuple[str, ...]:
        """A comma list, each entry trimmed."""
        return tuple(entry.strip() for entry in self.text(name).split(",") if entry.strip())

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A number within bounds. Raises :class:`TopError` 41."""
        value = self.text(name)
        if not value:
            return default
        if not value.isdecimal() or not least <= int(value) <= most:
            raise invalid(name)
        return int(value)

    def moment(self, name: str) -> datetime | None:
        """A date, or ``None`` where it was not sent. Raises :class:`TopError` 41."""
        try:
            return china_time(self.text(name)) if self.text(name) else None
        except ValueError:
            raise invalid(name) from None

    def yes(self, name: str) -> bool:
        """Whether a boolean parameter says so."""
        return self.text(name) == "true"


def invalid(name: str) -> TopError:
    """Code 41 for one parameter."""
    return TopError(41, f"Invalid arguments:{name}")


def check_call(sent: Mapping[str, str], world: SandboxWorld, known: Credentials, session: bool) -> None:
    """Raise :class:`TopError` for the first thing that is wrong; ``session`` says whether the method wants one."""
    _check_app_key(text(sent.get("app_key")), known)
    _check_timestamp(text(sent.get("timestamp")), world)
    if sent.get("v") != "2.0":
        raise TopError(33, "Invalid version") if sent.get("v") else TopError(32, "Missing version")
    if sent.get("format") != "json":
        raise TopError(23, "Invalid format")
    _check_signature(sent, known)
    if session:
        _check_session(text(sent.get("session")), known)


def check_arguments(sent: Mapping[str, str], required: tuple[str, ...]) -> None:
    """Required parameters (40), then numbers that are none (41)."""
    for name in required:
        if not sent.get(name):
            raise TopError(40, f"Missing required arguments:{name}")
    for name in SUBJECTS:
        if name in required and not sent[name].isdecimal():
            raise invalid(name)


def check_sub_account(sent: Mapping[str, str], known: Credentials) -> None:
    """Code 53 for a call that moves money under another session than the sub-account's (section 4.4)."""
    if sent["session"] != known.sub_account_session:
        raise TopError(53, "Invalid session", "isv.w2-security-authorize-invalid", "w2授权已失效，请重新授权")


def session_refused() -> TopError:
    """Code 27 in its usual words."""
    return TopError(27, "Invalid session", "invalid-sessionkey", "SessionKey 非法或已过期")


def _check_app_key(app_key: str, known: Credentials) -> None:
    if not app_key:
        raise TopError(28, "Missing app key")
    if app_key != known.app_key:
        raise TopError(29, "Invalid app key", "isv.appkey-not-exists", "应用不存在")


def _check_timestamp(stamp: str, world: SandboxWorld) -> None:
    if not stamp:
        raise TopError(30, "Missing timestamp")
    try:
        moment = datetime.fromtimestamp(int(stamp) / 1000, UTC) if stamp.isdecimal() else china_time(stamp)
    except (ValueError, OverflowError, OSError):
        raise TopError(31, "Invalid timestamp") from None
    if not world.clock_agrees(moment, CLOCK_SECONDS):
        raise TopError(31, "Invalid timestamp", "isv.timestamp-limit-error", "时间戳与服务器相差超过十分钟")


def _check_signature(sent: Mapping[str, str], known: Credentials) -> None:
    if not sent.get("sign"):
        raise TopError(24, "Missing signature")
    method = text(sent.get("sign_method"))
    if method not in METHODS or signature(sent, known.app_secret, method) != sent["sign"]:
        raise TopError(25, "Invalid signature")


def _check_session(session: str, known: Credentials) -> None:
    if not session:
        raise TopError(26, "Missing session")
    if session not in (known.session, known.sub_account_session):
        raise session_refused()
