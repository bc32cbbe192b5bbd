"""``asctl rma``: cases on orders, their numbers, and what a hand scanner finds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from asctl.domain.numbers import is_rma_number
from tests.command_support import Command
from tests.sandbox_support import BOTH_STORES, SECOND_SHOP, SandboxSite

OPEN = ("--kind", "return", "--reason", "quality")


@pytest.fixture
def order(sandbox: SandboxSite, asctl: Command) -> dict[str, Any]:
    """A shipped order in the store, as the sandbox knows it."""
    asctl("order", "sync", "--max-items", "12")
    shipped = [record["order_id"] for record in asctl("order", "list").records if record["waybills"]]
    return sandbox.order(shipped[0])


def opened(asctl: Command, order: dict[str, Any], *options: str) -> str:
    """The number of a new case on the order, also where the same is open already."""
    return str(asctl("rma", "open", order["order_id"], *OPEN, "--again", *options).record["rma"])


@BOTH_STORES
def test_an_order_carries_many_cases(asctl: Command, order: dict[str, Any]) -> None:
    """Each ``rma open`` on one order is a case of its own with its own number, and says the command that comes next."""
    result = asctl("rma", "open", order["order_id"], *OPEN, "--description", "杯盖裂了")
    record = result.record
    assert (result.code, record["state"], record["order_id"]) == (0, "requested", order["order_id"])
    assert record["next"] == f"asctl rma approve {record['rma']}"
    assert record["lines"] == [f"{line['sku'] or line['line_id']}={line['quantity']}" for line in order["lines"]]
    second = opened(asctl, order)
    assert is_rma_number(record["rma"])
    assert is_rma_number(second)
    listed = [each["rma"] for each in asctl("rma", "list", "--order", order["order_id"]).records]
    assert sorted(listed) == sorted([record["rma"], second])
    assert len(set(listed)) == 2


@BOTH_STORES
def test_approve(asctl: Command, order: dict[str, Any]) -> None:
    """Approval names who gave it; approving again is ``skipped``, no error."""
    number = opened(asctl, order)
    first = asctl("rma", "approve", number)
    again = asctl("rma", "approve", number)
    assert (first.code, first.record["status"], first.record["approved_by"]) == (0, "done", "8012")
    assert (again.code, again.record["status"]) == (0, "skipped")
    assert asctl("rma", "list", "--state", "approved").record["rma"] == number
    assert asctl("rma", "show", number).record["next"] == f"asctl label render {number}"


def test_only_some_goods(asctl: Command, order: dict[str, Any]) -> None:
    """``--line`` takes goods by SKU or line number, up to what was bought."""
    line = order["lines"][0]
    one = asctl("rma", "open", order["order_id"], *OPEN, "--line", f"{line['line_id']}=1").record
    assert one["lines"] == [f"{line['sku'] or line['line_id']}=1"]
    many = asctl("rma", "open", order["order_id"], *OPEN, "--line", f"{line['line_id']}={line['quantity'] + 1}")
    assert (many.code, many.record["error_code"]) == (3, "bad_quantity")
    unknown = asctl("rma", "open", order["order_id"], *OPEN, "--line", "NOSUCH=1")
    assert (unknown.code, unknown.record["error_code"]) == (3, "unknown_line")
    assert len(asctl("rma", "list").records) == 1


def test_what_cannot_be_opened(asctl: Command, order: dict[str, Any]) -> None:
    """No order, an unknown order, an unknown reason or kind: refused, and no case is made."""
    nothing = asctl("rma", "open", *OPEN)
    assert (nothing.code, nothing.error["code"]) == (2, "no_input")
    unknown = asctl("rma", "open", "4999999999", *OPEN)
    assert (unknown.code, unknown.record["error_code"]) == (3, "unknown_order")
    reason = asctl("rma", "open", order["order_id"], "--kind", "return", "--reason", "ugly")
    assert (reason.code, reason.record["error_code"]) == (3, "unknown_reason")
    assert "changed_mind" in reason.err
    assert asctl("rma", "open", order["order_id"], "--kind", "refurbish", "--reason", "quality").code == 2
    assert asctl("rma", "list").records == []


def test_a_dry_run_opens_nothing(asctl: Command, order: dict[str, Any]) -> None:
    """``--dry-run`` checks everything, shows the plan and uses up no number."""
    planned = asctl("rma", "open", order["order_id"], *OPEN, "--dry-run")
    assert (planned.code, planned.record["status"], planned.record["rma"]) == (0, "planned", None)
    assert asctl("rma", "list").records == []
    assert opened(asctl, order)[9:13] == "0001"


def test_a_batch_of_cases(asctl: Command, order: dict[str, Any], tmp_path: Any) -> None:
    """A file with kind, reason and goods by row: good rows open, bad ones are told with their line."""
    file = tmp_path / "cases.csv"
    line = order["lines"][0]["line_id"]
    file.write_text(
        f"order,kind,reason,line\n{order['order_id']},exchange,damaged,{line}=1\n{order['order_id']},swap,damaged,\n"
        f"4999999999,return,quality,\n{order['order_id']},return,,\n",
        "utf-8",
    )
    result = asctl("rma", "open", "--from", str(file))
    assert result.code == 3
    assert result.codes() == [None, "unknown_kind", "unknown_order", "missing_value"]
    assert asctl("rma", "list").record["kind"] == "exchange"


def mistyped(number: str) -> str:
    """The same with two neighbours swapped that differ."""
    at = next(i for i in range(len(number) - 2, 3, -1) if number[i] != number[i + 1])
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


@pytest.mark.parametrize("verb", [("rma", "show"), ("rma", "approve"), ("rma", "scan"), ("label", "render")])
def test_a_mistyped_number_gets_the_likely_one(
    asctl: Command, order: dict[str, Any], verb: tuple[str, ...], tmp_path: Any
) -> None:
    """A number whose check character does not fit is refused everywhere, with the one that was probably meant."""
    number = opened(asctl, order)
    result = asctl(*verb, mistyped(number))
    assert result.code == 3
    assert f"did you mean {number}?" in result.err
    assert asctl("rma", "show", number).record["state"] == "requested"


def test_a_right_number_that_nobody_has(asctl: Command, order: dict[str, Any]) -> None:
    """A well-formed number without a case is told as unknown."""
    result = asctl("rma", "approve", "RMA2601010001P")
    assert result.code == 3
    assert result.record["error_code"] in ("unknown_rma", "bad_rma_number")


def test_the_phase_is_shown(sandbox: SandboxSite, asctl: Command, order: dict[str, Any]) -> None:
    """``show``, ``scan`` and ``list`` say the same of a case; what comes next is for the office in ``show`` and ``list``."""
    number = opened(asctl, order)
    seen = []
    back = sandbox.parcel("YT5555555555555", (0.1, "DELIVERED", "杭州市"))
    for step in ((), ("rma", "approve", number), ("parcel", "add", back, "--rma", number), ("parcel", "poll")):
        if step:
            asctl(*step)
        told = [asctl("rma", *verb).record for verb in (("show", number), ("scan", number), ("list",))]
        assert told[0] == told[2]
        assert {name: told[1][name] for name in told[0]} | {"next": None} == told[0] | {"next": None}
        seen.append((told[0]["phase"], told[0]["next"]))
    assert seen == [
        ("communication", f"asctl rma approve {number}"),
        ("receiving", f"asctl label render {number}"),
        ("receiving", f"asctl parcel show {back}"),
        ("confirming", f"asctl rma scan {number} --receive"),
    ]


@BOTH_STORES
def test_the_time_to_send_runs_from_approval(sandbox: SandboxSite, asctl: Command, order: dict[str, Any]) -> None:
    """However long the application waited, the customer has the whole time; once it ran out, approving gives it anew."""
    number = opened(asctl, order)
    late = sandbox.travel(24 * 40)
    first = asctl("rma", "approve", number)
    assert (first.record["status"], first.record["due_at"]) == (
        "done",
        (late + timedelta(days=15)).isoformat(timespec="seconds"),
    )
    assert asctl("rma", "approve", number).record["status"] == "skipped"
    sandbox.travel(24 * 16)
    assert asctl("rma", "show", number).record["next"] == f"asctl rma approve {number}"
    again = asctl("rma", "approve", number)
    assert (again.code, again.record["status"]) == (0, "done")
    assert again.record["due_at"] > first.record["due_at"]
    assert f"{number} ran out at {first.record['due_at']}" in again.err
    assert asctl("rma", "show", number).record["next"] == f"asctl label render {number}"


@BOTH_STORES
def test_a_parcel_is_tied_to_its_case(sandbox: SandboxSite, asctl: Command, order: dict[str, Any]) -> None:
    """``parcel add --rma`` makes a return parcel of the case's order, tells the case its waybill and leaves a record."""
    number = opened(asctl, order)
    added = asctl("parcel", "add", "YT5555555555555", "--rma", number.lower()).record
    assert (added["rma"], added["direction"], added["order_id"]) == (number, "return", order["order_id"])
    case = asctl("rma", "show", number).record
    assert (case["courier"], case["waybill"]) == ("yto", "YT5555555555555")
    entry = asctl("db", "audit", "--limit", "1").record
    assert (entry["who"], entry["what"], entry["subject"]) == ("8012", "rma waybill", number)
    assert "waybill=YT5555555555555" in entry["detail"]
    assert asctl("parcel", "list", "--rma", number).record["waybill"] == "YT5555555555555"
    asctl("parcel", "add", "YT5555555555555", "--rma", number)
    assert [each["what"] for each in asctl("db", "audit").records].count("rma waybill") == 1


def test_a_parcel_that_cannot_be_tied(asctl: Command, order: dict[str, Any]) -> None:
    """A case nobody knows, one of another order, one without goods: refused with the row, and nothing is stored."""
    other = asctl("order", "list").records[-1]["order_id"]
    number = opened(asctl, order)
    refund = asctl("rma", "open", order["order_id"], "--kind", "refund_only", "--reason", "late").record["rma"]
    for options, code in (
        (("--rma", mistyped(number)), "bad_rma_number"),
        (("--rma", number, "--order", other), "rma_of_other_order"),
        (("--rma", refund), "no_goods_back"),
    ):
        result = asctl("parcel", "add", "YT5555555555555", *options)
        assert (result.code, result.record["error_code"]) == (3, code)
    assert asctl("parcel", "list", "--direction", "return").records == []


@BOTH_STORES
@pytest.mark.parametrize("cases", [1, 2])
def test_what_a_buyer_sends_back_finds_its_case(sandbox: SandboxSite, asctl: Command, cases: int) -> None:
    """The waybill of an application belongs to the only approved case of its order; between two nobody chooses."""
    asctl("order", "sync")
    sale = next(sale for sale in sandbox.state()["after_sales"] if sale["return_waybill"])
    refund = asctl("rma", "open", sale["order_id"], "--kind", "refund_only", "--reason", "late").record["rma"]
    numbers = [opened(asctl, sale) for _case in range(cases)]
    asctl("rma", "approve", *numbers, refund)
    asctl("aftersale", "sync")
    known = {record["waybill"] for record in asctl("rma", "list", "--kind", "return").records}
    tied = asctl("parcel", "show", sale["return_waybill"]).record["rma"]
    trail = [(entry["who"], entry["what"]) for entry in asctl("db", "audit").records]
    if cases == 1:
        assert (known, tied) == ({sale["return_waybill"]}, numbers[0])
        assert trail[0] == ("asctl", "rma waybill")
    else:
        assert (known, tied) == ({None}, None)
        assert ("asctl", "rma waybill") not in trail
    assert asctl("rma", "show", refund).record["waybill"] is None


def test_a_replacement_is_not_the_way_back(asctl: Command, order: dict[str, Any]) -> None:
    """A parcel that goes out for a case is filed under it, and is not what the goods come back in."""
    number = opened(asctl, order)
    added = asctl("parcel", "add", "YT5555555555555", "--rma", number, "--direction", "replacement").record
    assert (added["rma"], added["direction"]) == (number, "replacement")
    assert asctl("rma", "show", number).record["waybill"] is None


def test_the_next_command_names_the_shop(sandbox: SandboxSite, asctl: Command, order: dict[str, Any]) -> None:
    """Where two shops have the order's number, the command that comes next says which one it means."""
    sandbox.configure(SECOND_SHOP)
    asctl("order", "sync")
    refund = ("rma", "open", order["order_id"], "--kind", "refund_only", "--reason", "late", "--shop", "outlet")
    number = asctl(*refund).record["rma"]
    following = asctl("rma", "approve", number).record["next"]
    assert following == f"asctl order show {order['order_id']} --shop outlet"
    assert asctl(*following.split()[1:]).record["shop"] == "outlet"


def test_the_same_case_is_opened_once(asctl: Command, order: dict[str, Any]) -> None:
    """A batch that is run again opens nothing twice; another reason, other goods or ``--again`` are another case."""
    first = asctl("rma", "open", order["order_id"], *OPEN).record
    again = asctl("rma", "open", order["order_id"], *OPEN)
    assert (again.code, again.record["status"], again.record["error_code"]) == (0, "skipped", "already_open")
    assert again.record["rma"] == first["rma"]
    assert asctl("rma", "open", order["order_id"], "--kind", "return", "--reason", "damaged").record["status"] == "done"
    assert asctl("rma", "open", order["order_id"], *OPEN, "--again").record["status"] == "done"
    assert len(asctl("rma", "list").records) == 3


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        ("WAIT_BUYER_PAY", "compensate", "order_not_paid"),
        ("WAIT_SELLER_SEND_GOODS", "return", "order_not_shipped"),
        ("WAIT_SELLER_SEND_GOODS", "refund_only", None),
        ("TRADE_FINISHED", "exchange", None),
    ],
)
def test_the_order_must_be_so_far(
    sandbox: SandboxSite, asctl: Command, status: str, kind: str, code: str | None
) -> None:
    """Nothing is settled before it was paid, and nothing comes back that was not sent."""
    (made,) = sandbox.orders(1, status=status)
    sandbox.travel(1)
    asctl("order", "sync")
    result = asctl("rma", "open", made["order_id"], "--kind", kind, "--reason", "quality")
    assert (result.code, result.record["error_code"]) == (3 if code else 0, code)


def test_a_case_can_be_withdrawn(asctl: Command, order: dict[str, Any]) -> None:
    """Cancelled, it is neither approved nor printed any more, the same may be opened anew, and the audit knows why."""
    number = opened(asctl, order)
    cancelled = asctl("rma", "cancel", number, "--reason", "买家不退了")
    assert (cancelled.code, cancelled.record["state"]) == (0, "cancelled")
    assert asctl("rma", "cancel", number, "--reason", "x").record["status"] == "skipped"
    assert asctl("rma", "approve", number).record["error_code"] == "rma_cancelled"
    assert asctl("label", "render", number).record["error_code"] == "rma_cancelled"
    assert asctl("rma", "open", order["order_id"], *OPEN).record["status"] == "done"
    entry = next(entry for entry in asctl("db", "audit").records if entry["what"] == "rma cancel")
    assert "买家不退了" in str(entry["detail"])
