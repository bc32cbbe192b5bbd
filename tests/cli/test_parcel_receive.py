"""``asctl parcel receive``: callbacks as couriers send them, taken in through the ordinary command."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from urllib.parse import urlencode

import pytest

from tests.command_support import Command
from tests.sandbox_support import SandboxSite, iso_before

SALT = "testsalt"
STO = "773000000000001"


def callback(told: dict[str, object], salt: str = SALT) -> str:
    """A signed form of Kuaidi100 (reference/couriers/kuaidi100.md section 2)."""
    param = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    sign = hashlib.md5((param + salt).encode(), usedforsecurity=False).hexdigest().upper()
    return urlencode({"param": param, "sign": sign})


def result(asctl: Command, action: str, status: str, at: datetime) -> dict[str, object]:
    """The result of an interception, under the number that the courier gave it."""
    task = asctl("action", "show", action).record["reference"]
    told = {"taskId": task, "kuaidicom": "shentong", "kuaidinum": STO, "status": status, "message": status}
    return told | {"time": f"{at:%Y-%m-%d %H:%M:%S}"}


def scans(sandbox: SandboxSite, *told: tuple[float, str, str]) -> dict[str, object]:
    """A push of tracks: hours before now, text, code."""
    now = sandbox.now()
    data = [
        {"ftime": iso_before(now, hours).replace("T", " ")[:19], "context": text, "statusCode": code}
        for hours, text, code in told
    ]
    return {
        "status": "polling",
        "message": "",
        "lastResult": {"state": "0", "status": "200", "com": "shentong", "nu": STO, "data": data},
    }


@pytest.fixture
def intercepted(asctl: Command, sandbox: SandboxSite) -> str:
    """The action of an interception that STO has accepted through Kuaidi100."""
    sandbox.parcel(STO, (8, "PICKED_UP", "杭州市"), (3, "IN_TRANSIT", "上海市"), courier="sto")
    asked = asctl("intercept", "request", STO, "--courier", "sto", "--yes")
    assert (asked.code, asked.record["effect"]) == (0, "accepted"), asked
    return str(asked.record["action_id"])


@pytest.mark.parametrize(("word", "effect"), [("SUCCESS", "effective"), ("FAIL", "ineffective")])
def test_result_of_an_interception(
    asctl: Command, sandbox: SandboxSite, intercepted: str, word: str, effect: str
) -> None:
    """A courier that tells the result by callback alone settles the interception with it, and reads the reply it wants."""
    taken = asctl(
        "parcel", "receive", "--account", "kuaidi100", stdin=callback(result(asctl, intercepted, word, sandbox.now()))
    )
    assert taken.code == 0, taken
    assert json.loads(taken.out) == {"result": True, "returnCode": "200", "message": "成功"}
    assert asctl("action", "show", intercepted).record["effect"] == effect


def test_told_twice(asctl: Command, sandbox: SandboxSite, intercepted: str) -> None:
    """A callback that comes again changes nothing and is answered as the first time, also where the parcel was called back
    once more meanwhile."""
    body = callback(result(asctl, intercepted, "FAIL", sandbox.now()))
    assert asctl("parcel", "receive", "--account", "kuaidi100", stdin=body).code == 0
    again = asctl("intercept", "request", STO, "--courier", "sto", "--yes")
    assert asctl("parcel", "receive", "--account", "kuaidi100", stdin=body).code == 0
    assert asctl("action", "show", str(again.record["action_id"])).record["effect"] == "accepted"
    tasks = [task for task in asctl("task", "list").records if task["kind"] == "interception_failed"]
    assert [task["subject"] for task in tasks] == [f"action {intercepted}"]


def test_scans_are_stored(asctl: Command, sandbox: SandboxSite, intercepted: str) -> None:
    """Pushed scans move the parcel on, and an interception that they show turns effective; nobody is asked for it."""
    sandbox.forget()
    body = callback(scans(sandbox, (0.05, "应客户要求，快件退回", "6"), (3, "快件到达上海", "1002")))
    assert asctl("parcel", "receive", "--account", "kuaidi100", stdin=body).code == 0
    assert asctl("parcel", "show", STO).record["status"] == "RETURNING"
    assert asctl("action", "show", intercepted).record["effect"] == "effective"
    assert sandbox.ledger() == []


def test_stranger(asctl: Command, sandbox: SandboxSite, intercepted: str) -> None:
    """A callback with a wrong signature is turned away in the courier's own words, changes nothing and is told with 7."""
    told = result(asctl, intercepted, "SUCCESS", sandbox.now())
    taken = asctl("parcel", "receive", "--account", "kuaidi100", stdin=callback(told, salt="guessed"))
    assert taken.code == 7
    assert json.loads(taken.out)["result"] is False
    assert asctl("action", "show", intercepted).record["effect"] == "accepted"


def test_parcel_that_nobody_watches(asctl: Command, sandbox: SandboxSite) -> None:
    """A callback about a parcel that is not under watch is answered as stored, so that it is not sent again and again."""
    taken = asctl(
        "parcel", "receive", "--account", "kuaidi100", stdin=callback(scans(sandbox, (1, "快件到达上海", "1002")))
    )
    assert taken.code == 0
    assert json.loads(taken.out)["result"] is True


def test_account_without_callbacks(asctl: Command) -> None:
    """An account whose plugin reads no callbacks is told with 15."""
    assert asctl("parcel", "receive", "--account", "flagship", stdin="x=1").code == 15
