"""``asctl account``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from asctl.store.opening import open_store
from asctl.store.parking import park
from tests.command_support import Command, Result, no_traceback
from tests.plugin_support import courier, install
from tests.sandbox_support import SandboxSite

COURIERS = ("demo", "kuaidi100", "sf", "yto", "zto")
ISSUERS = {"demo-invoices": "demo", "baiwang": "baiwang", "nuonuo": "nuonuo"}
ACCOUNTS = {"flagship": "taobao"} | {name: name for name in COURIERS} | ISSUERS | {"demo-chat": "demo"}
"""The sandbox's accounts with their plugins, in the order of the list."""


def state(result: Result, account: str) -> dict[str, object]:
    return next(record for record in result.records if record["account"] == account)


def test_list_calls_nobody(asctl: Command, sandbox: SandboxSite) -> None:
    """Every account with kind, plugin and what it offers; the far side hears nothing of it."""
    listed = asctl("account", "list")
    shop = state(listed, "flagship")
    assert listed.code == 0
    assert listed.end["counts"] == {"found": len(ACCOUNTS)}
    assert (shop["kind"], shop["plugin"], shop["state"]) == ("order_source", "taobao", "ready")
    assert {"OrderSource", "RemarkWriter"} <= set(shop["capabilities"])  # type: ignore[call-overload]
    assert sandbox.ledger() == []


def test_list_tells_what_an_account_cannot_do(asctl: Command) -> None:
    """The verbs that an account offers and those it does not are listed, in the words of the commands."""
    listed = asctl("account", "list")
    cannot = {name: state(listed, name)["cannot"] for name in ACCOUNTS}
    assert cannot["zto"] == []
    assert cannot["kuaidi100"] == ["intercept cancel", "intercept status by query"]
    assert cannot["sf"] == cannot["yto"] == ["intercept request --return-to outlet", "intercept status by query"]
    assert cannot["flagship"] == cannot["baiwang"] == cannot["nuonuo"] == []
    assert {"address change", "aftersale agree", "invoice sync"} <= set(state(listed, "flagship")["can"])  # type: ignore[call-overload]
    assert state(listed, "nuonuo")["can"] == [
        "invoice issue",
        "invoice request --kind digital_special",
        "invoice reverse",
        "invoice resend",
        "invoice download",
        "invoice receive",
    ]


def test_list_tells_what_cannot_be_used(asctl: Command, sandbox: SandboxSite, plugin_folder: Path) -> None:
    """A misconfigured account and one with a broken plugin are listed with their errors, and the list is no failure."""
    install(plugin_folder, "alpha", "raise RuntimeError('worn out')")
    sandbox.configure('[couriers.half]\nplugin = "kuaidi100"\n\n[couriers.old]\nplugin = "alpha"\n')
    listed = asctl("account", "list")
    assert listed.code == 0
    half, old = state(listed, "half"), state(listed, "old")
    assert (half["state"], half["error_code"]) == ("misconfigured", "missing_key")
    assert (old["state"], old["error_family"]) == ("broken", "plugin_broken")
    assert "worn out" in str(old["error_message"])


def test_list_tells_who_must_rest(asctl: Command, store_url: str) -> None:
    """A ban that an earlier run was told of is shown with its end; one that is over is not."""
    until = datetime.now(UTC) + timedelta(hours=1)
    store = open_store(store_url)
    with store.write() as tx:
        park(tx, "flagship", until, "banned")
        park(tx, "kuaidi100", until - timedelta(hours=2), "busy")
    store.close()
    listed = asctl("account", "list")
    assert state(listed, "flagship")["state"] == "parked"
    assert str(state(listed, "flagship")["detail"]).startswith("until 20")
    assert state(listed, "kuaidi100")["state"] == "ready"


def test_list_works_without_a_store(asctl: Command, tmp_path: Path) -> None:
    """Before the store is made the accounts can be looked at all the same."""
    listed = asctl("account", "list", env={"ASCTL_STORE__URL": f"sqlite:///{tmp_path / 'none.db'}"})
    assert listed.code == 0
    assert not (tmp_path / "none.db").exists()


def test_check_makes_signed_calls(asctl: Command, sandbox: SandboxSite) -> None:
    """Each account makes harmless calls that the far side accepts, and says whose account it is."""
    checked = asctl("account", "check")
    assert checked.code == 0
    assert [record["account"] for record in checked.records] == list(ACCOUNTS)
    assert {record["state"] for record in checked.records} == {"ready"}
    assert "示例旗舰店" in str(state(checked, "flagship")["detail"])
    assert {entry["plugin"] for entry in sandbox.ledger()} == set(ACCOUNTS.values())
    assert sandbox.writes() == []


def test_check_of_one_account(asctl: Command, sandbox: SandboxSite) -> None:
    """Only the named account is called."""
    assert [record["account"] for record in asctl("account", "check", "kuaidi100").records] == ["kuaidi100"]
    assert {entry["plugin"] for entry in sandbox.ledger()} == {"kuaidi100"}


def test_check_of_an_unknown_account(asctl: Command, sandbox: SandboxSite) -> None:
    """A mistyped name is answered with the likely one; nobody is called."""
    refused = asctl("account", "check", "flagshp")
    assert refused.code == 2
    assert refused.error["code"] == "unknown_account"
    assert "flagship" in refused.error["hint"]
    assert sandbox.ledger() == []


@pytest.mark.parametrize("account", ACCOUNTS)
def test_check_tells_refused_credentials(asctl: Command, sandbox: SandboxSite, account: str) -> None:
    """Exit 7 names the account that is not let in, and others with the same far side; the rest are still checked."""
    sandbox.fault(ACCOUNTS[account], "auth", times=0)
    checked = asctl("account", "check")
    assert checked.code == 7
    assert {record["account"]: record["state"] for record in checked.records} == {
        name: "refused" if plugin == ACCOUNTS[account] else "ready" for name, plugin in ACCOUNTS.items()
    }
    no_traceback(checked)


def test_check_with_a_wrong_secret(asctl: Command, sandbox: SandboxSite) -> None:
    """A secret that does not fit is refused by its signature; it stands in no message."""
    sandbox.reconfigure('app_secret = "sandbox-secret-not-real"', 'app_secret = "mistyped-secret"')
    checked = asctl("account", "check", "flagship")
    assert checked.code == 7
    assert checked.record["error_code"] == "signature_refused"
    assert "mistyped-secret" not in checked.out + checked.err


def test_check_tells_a_wrong_clock(asctl: Command) -> None:
    """A clock that is more than ten minutes off is a state of its own, and exit 7."""
    wrong = (datetime.now(UTC) + timedelta(hours=3)).isoformat()
    checked = asctl("account", "check", "flagship", now=wrong)
    assert checked.code == 7
    assert checked.record["state"] == "clock_off"
    assert "clock" in str(checked.record["error_message"])


def test_check_warns_of_a_clock_that_drifts(asctl: Command) -> None:
    """Two minutes off still works, and is told with the number of seconds."""
    ahead = (datetime.now(UTC) + timedelta(seconds=120)).isoformat()
    checked = asctl("account", "check", "flagship", now=ahead)
    assert checked.code == 0
    assert checked.record["state"] == "ready"
    assert "s ahead" in str(checked.record["detail"])
    assert "flagship: this machine's clock is" in checked.err


def test_check_when_everything_is_down(asctl: Command, sandbox: SandboxSite) -> None:
    """Exit 5 when no far side answers."""
    for route in set(ACCOUNTS.values()):
        sandbox.fault(route, "close_before", times=0)
    checked = asctl("account", "check")
    assert checked.code == 5
    assert {record["state"] for record in checked.records} == {"unavailable"}


def test_check_of_a_plugin_without_a_check(asctl: Command, sandbox: SandboxSite, plugin_folder: Path) -> None:
    """An account whose plugin offers no check is neither good nor bad."""
    install(plugin_folder, "alpha", courier("alpha"))
    sandbox.configure('[couriers.own]\nplugin = "alpha"\n')
    checked = asctl("account", "check", "own")
    assert checked.code == 0
    assert checked.record["state"] == "unchecked"


def test_check_of_a_misconfigured_account(asctl: Command, sandbox: SandboxSite) -> None:
    """A secret that cannot be read is told in its row; the other accounts are checked, and the exit code is 3."""
    sandbox.configure('[couriers.half]\nplugin = "kuaidi100"\ncustomer = "c"\nkey = { env = "NOT_THERE" }\n')
    checked = asctl("account", "check")
    assert checked.code == 3
    assert state(checked, "half")["state"] == "misconfigured"
    assert state(checked, "half")["error_code"] == "secret_env_missing"
    assert state(checked, "flagship")["state"] == "ready"
