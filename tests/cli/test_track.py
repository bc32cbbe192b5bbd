"""``asctl track`` over the wire: asks now, stores nothing but that it asked."""

from __future__ import annotations

import pytest

from tests.command_support import Command, no_traceback
from tests.sandbox_support import SandboxSite

pytestmark = pytest.mark.storeless

JT, SF, YTO = "JT1234567890123", "SF1234567890123", "YT1234567890123"
ROUTE = "kuaidi100"


@pytest.fixture
def waybill(sandbox: SandboxSite) -> str:
    """A J&T parcel under way: a courier that wants no phone, and that Kuaidi100 alone is asked for."""
    return sandbox.parcel(JT, (20, "PICKED_UP", "杭州市"), (4, "IN_TRANSIT", "嘉兴市"), courier="jt")


@pytest.fixture
def asctl(asctl: Command) -> Command:
    """Without a store: tracking needs none."""
    asctl.env["ASCTL_STORE__URL"] = "sqlite:///" + asctl.env["HOME"] + "/none.db"
    return asctl


def test_a_known_parcel(asctl: Command, waybill: str) -> None:
    """Status, last event with place, and all events oldest first, from one call and without a store."""
    result = asctl("track", waybill)
    record = result.record
    assert (result.code, record["status"], record["courier"], record["account"]) == (0, "IN_TRANSIT", "jt", ROUTE)
    assert record["location"] == "嘉兴市"
    assert [event["status"] for event in record["events"]] == ["PICKED_UP", "IN_TRANSIT"]
    assert record["last_event_at"] == record["events"][-1]["at"]
    assert record["last_event_at"].endswith("+08:00")


def test_nothing_known_yet_is_no_error(asctl: Command, sandbox: SandboxSite) -> None:
    """ "No result" is an answer: ``NO_DATA``, exit 0."""
    result = asctl("track", "JT9999999999999")
    assert (result.code, result.record["status"], result.record["error_code"]) == (0, "NO_DATA", None)
    assert len(sandbox.ledger("query")) == 1


@pytest.mark.parametrize("waybill", [SF, "78123456789012"])
def test_a_missing_phone_tail_is_told_before_anything_is_sent(
    asctl: Command, sandbox: SandboxSite, waybill: str
) -> None:
    """SF and ZTO want four digits of a phone: without them the row fails and nothing leaves."""
    result = asctl("track", waybill)
    assert (result.code, result.record["error_code"]) == (3, "phone_tail_missing")
    assert "--phone-tail" in result.err
    assert sandbox.ledger() == []


@pytest.mark.parametrize(("waybill", "courier", "account"), [("78123456789012", "zto", "zto"), (SF, "sf", ROUTE)])
def test_phone_tails(asctl: Command, sandbox: SandboxSite, waybill: str, courier: str, account: str) -> None:
    """The right tail opens the parcel; a wrong one is told as such."""
    sandbox.parcel(waybill, (3, "PICKED_UP", "杭州市"), courier=courier, phone_tail="1234")
    wrong = asctl("track", waybill, "--account", account, "--phone-tail", "9999")
    assert (wrong.code, wrong.record["error_code"]) == (3, "phone_tail_wrong")
    sandbox.travel(1)
    assert asctl("track", waybill, "--account", account, "--phone-tail", "1234").record["status"] == "PICKED_UP"


def test_a_couriers_own_account_goes_first(asctl: Command, sandbox: SandboxSite) -> None:
    """The courier itself is asked where there is an account of its own, the aggregator where ``--account`` says so."""
    sandbox.parcel(YTO, (20, "PICKED_UP", "杭州市"))
    assert asctl("track", YTO).record["account"] == "yto"
    assert asctl("track", YTO, "--account", ROUTE).record["account"] == ROUTE
    assert [entry["plugin"] for entry in sandbox.ledger()] == ["yto", "kuaidi100"]


def test_many_waybills_in_one_call(asctl: Command, sandbox: SandboxSite) -> None:
    """SF takes ten waybills a call: twelve are two calls, and each row has its own answer."""
    waybills = [
        sandbox.parcel(f"SF10000000000{number:02}", (3, "PICKED_UP", "杭州市"), courier="sf", phone_tail="1234")
        for number in range(12)
    ]
    result = asctl("track", *waybills, "--phone-tail", "1234")
    assert {record["waybill"]: record["status"] for record in result.records} == dict.fromkeys(waybills, "PICKED_UP")
    assert sorted(len(entry["target"].split(",")) for entry in sandbox.ledger()) == [2, 10]


@pytest.mark.parametrize("with_store", [True, False])
def test_thirty_minutes_hold_across_processes(
    asctl: Command, sandbox: SandboxSite, waybill: str, store_url: str, with_store: bool
) -> None:
    """A second process within 30 minutes does not ask again, with or without a store; after them it does."""
    env = {"ASCTL_STORE__URL": store_url} if with_store else {}
    assert asctl.process("track", waybill, env=env).code == 0
    second = asctl.process("track", waybill, env=env)
    assert (second.code, second.record["error_code"]) == (5, "asked_too_soon")
    assert second.end["retry_at"]
    assert len(sandbox.ledger("query", waybill)) == 1
    sandbox.travel(0.51)
    assert asctl.process("track", waybill, env=env).code == 0
    assert len(sandbox.ledger("query", waybill)) == 2


def test_a_waybill_given_twice_is_asked_about_once(asctl: Command, sandbox: SandboxSite, waybill: str) -> None:
    """A duplicate is one question, and reported as such."""
    result = asctl("track", waybill, waybill)
    assert result.code == 0
    assert sorted(record["error_code"] or "" for record in result.records) == ["", "duplicate"]
    assert len(sandbox.ledger("query")) == 1


@pytest.mark.parametrize("spoilt", ["7.12E+13", "1.2345E+12", "７.12E+13"])
def test_a_spoilt_waybill_is_refused(asctl: Command, sandbox: SandboxSite, spoilt: str) -> None:
    """What a spreadsheet has rounded is never guessed: the row fails, nothing is sent."""
    result = asctl("track", spoilt, "--courier", "zto")
    assert (result.code, result.record["error_code"]) == (3, "spoilt_number")
    assert "format the column as text" in result.err
    assert sandbox.ledger() == []


def test_a_shape_that_tells_no_courier(asctl: Command, sandbox: SandboxSite) -> None:
    """An unknown shape needs ``--courier``; an unknown courier is told with those there are."""
    shapeless = asctl("track", "123456789012")
    assert (shapeless.code, shapeless.record["error_code"]) == (3, "courier_missing")
    unknown = asctl("track", "123456789012", "--courier", "fedup")
    assert (unknown.code, unknown.record["error_code"]) == (3, "unknown_courier")
    assert sandbox.ledger() == []


def test_full_width_lower_case_and_stdin(asctl: Command, waybill: str) -> None:
    """Waybills may come full-width, lower-cased and from stdin, one per line."""
    result = asctl("track", "-", stdin="# today's\n\n  ｊｔ1234567890123  \n")
    assert (result.code, result.record["waybill"], result.record["status"]) == (0, JT, "IN_TRANSIT")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("html", {}),
        ("garbage", {}),
        ("truncate", {"bytes": 60}),
        ("big", {"mib": 50}),
        ("status", {"code": 500}),
        ("close_before", {}),
    ],
)
def test_answers_that_are_none(
    asctl: Command, sandbox: SandboxSite, waybill: str, fault: str, told: dict[str, object]
) -> None:
    """A page, noise, half an answer, 50 MB, status 500, a broken line: one sentence with the account, a hint, exit 5."""
    sandbox.fault(ROUTE, fault, times=0, **told)
    result = asctl("track", waybill)
    assert (result.code, result.record["error_family"], result.record["status"]) == (5, "unavailable", "UNKNOWN")
    assert result.record["error_message"]
    assert result.err.count("\n  ") == 1, result.err
    no_traceback(result)


def test_a_huge_answer_is_cut_off(asctl: Command, sandbox: SandboxSite, waybill: str) -> None:
    """50 MB where some kilobytes are due: reading stops at the limit, and the error says so."""
    sandbox.fault(ROUTE, "big", times=0, mib=50)
    result = asctl("track", waybill)
    assert (result.code, result.records[0]["error_code"]) == (5, "too_large")


def test_a_counted_question_is_not_repeated(asctl: Command, sandbox: SandboxSite, waybill: str) -> None:
    """Each question counts against the courier's limit, so one that failed is not asked again by itself."""
    sandbox.fault(ROUTE, "status", code=500)
    assert asctl("track", waybill).code == 5
    assert len(sandbox.ledger("query")) == 1


def test_a_throttled_account(asctl: Command, sandbox: SandboxSite, waybill: str) -> None:
    """ "Server busy" parks the account: exit 5 with ``retry_at``, and no further waybill is asked about."""
    sandbox.fault(ROUTE, "throttle", times=0, seconds=60)
    result = asctl("track", waybill, "JT2222222222222", "JT3333333333333", "--jobs", "1")
    assert (result.code, {record["error_family"] for record in result.records}) == (5, {"throttled"})
    assert result.end["retry_at"]
    assert len(sandbox.ledger("query")) == 1


def test_a_ban_is_remembered_without_a_store(asctl: Command, sandbox: SandboxSite, waybill: str) -> None:
    """The next process lets the account rest, too, and tells until when."""
    sandbox.fault(ROUTE, "throttle", times=0, seconds=60)
    first = asctl.process("track", waybill)
    second = asctl.process("track", "JT2222222222222")
    assert (second.code, second.record["error_code"]) == (5, "parked")
    assert second.end["retry_at"] == first.end["retry_at"]
    assert len(sandbox.ledger("query")) == 1


def test_a_question_that_never_left_does_not_count(asctl: Command, sandbox: SandboxSite, waybill: str) -> None:
    """Nobody listened: once somebody does, the waybill may be asked about at once."""
    sandbox.reconfigure(sandbox.info.url, "http://127.0.0.1:9")
    assert asctl("track", waybill).record["error_code"] == "not_reached"
    sandbox.reconfigure("http://127.0.0.1:9", sandbox.info.url)
    assert asctl("track", waybill).record["status"] == "IN_TRANSIT"


def test_a_wrong_key(asctl: Command, sandbox: SandboxSite, waybill: str) -> None:
    """Refused credentials are exit 7, the other waybills are not asked about, and the key is told to nobody."""
    sandbox.reconfigure('key = "testKey100"', 'key = "wrongKey77"')
    more = [f"JT22222222222{number:02}" for number in range(20)]
    result = asctl("track", waybill, *more, "--jobs", "1")
    assert (result.code, {record["error_family"] for record in result.records}) == (7, {"credentials_refused"})
    assert len(result.records) == 21
    assert len(sandbox.ledger("query")) <= 2
    assert "wrongKey77" not in result.err + result.out


def test_an_unknown_account(asctl: Command, sandbox: SandboxSite, waybill: str) -> None:
    """An account that is not configured is misuse: exit 2 before anything is sent."""
    result = asctl("track", waybill, "--account", "kd200")
    assert (result.code, result.error["code"]) == (2, "unknown_account")
    assert "kuaidi100" in result.err
    assert sandbox.ledger() == []


def test_one_bad_waybill_does_not_hold_up_the_others(asctl: Command, sandbox: SandboxSite, waybill: str) -> None:
    """Bad rows are set aside, the good one is answered: exit 3."""
    result = asctl("track", "7.12E+13", waybill, SF)
    assert result.code == 3
    assert {record["waybill"]: record["status"] for record in result.records}[JT] == "IN_TRANSIT"
    assert result.end["counts"] == {"failed": 2, "done": 1}
