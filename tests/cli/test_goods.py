"""``asctl goods``: how the shop's goods are taxed, and what of it the invoices say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_support import Command
from tests.invoice_support import at_bureau, billed_by, requested, sold, work_queue
from tests.sandbox_support import SandboxSite

CODE = "1090511030000000000"
OTHER = "1030307030000000000"


def test_set_list_forget(asctl: Command) -> None:
    """What is noted is listed by SKU, replaced by the next word, and gone when it is forgotten."""
    result = asctl("goods", "set", "TEA-A", "CUP-1", "--code", CODE, "--rate", "0.13", "--unit", "件")
    assert (result.code, [record["status"] for record in result.records]) == (0, ["done", "done"])
    assert asctl("goods", "set", "CUP-1", "--code", CODE, "--rate", "0.13", "--unit", "件").codes() == ["already_set"]
    asctl("goods", "set", "TEA-A", "--code", OTHER, "--rate", "0.09", "--name", "绿茶")
    listed = asctl("goods", "list").records
    assert [(each["sku"], each["code"], each["rate"], each["name"]) for each in listed] == [
        ("CUP-1", CODE, "0.13", None),
        ("TEA-A", OTHER, "0.09", "绿茶"),
    ]
    assert asctl("goods", "forget", "TEA-A").code == 0
    assert asctl("goods", "forget", "TEA-A").codes() == ["unknown_goods"]
    assert [each["sku"] for each in asctl("goods", "list", "--limit", "5").records] == ["CUP-1"]


@pytest.mark.parametrize(
    ("code", "rate", "name", "error"),
    [
        ("109051103", "0.13", "", "bad_goods_code"),
        ("10905110300000000AB", "0.13", "", "bad_goods_code"),
        (CODE, "0.17", "", "rate_not_allowed"),
        (CODE, "13%", "", "bad_rate"),
        (CODE, "NaN", "", "bad_rate"),
        (CODE, "0", "", "zero_rate"),
        (CODE, "0.13", "杯" * 91, "name_length"),
        ("1.09051103E+18", "0.13", "", "spoilt_number"),
    ],
)
def test_what_no_invoice_may_say(asctl: Command, code: str, rate: str, name: str, error: str) -> None:
    """Refused when it is noted, not when the first customer waits for his invoice."""
    options = ("--name", name) if name else ()
    result = asctl("goods", "set", "CUP-1", "--code", code, "--rate", rate, *options)
    told = result.error["code"] if "error" in result.end else result.record["error_code"]
    assert (result.code in (2, 3), told) == (True, error)
    assert asctl("goods", "list").records == []


def test_a_file_of_goods(asctl: Command, tmp_path: Path) -> None:
    """A bad row stops no other, and names its line."""
    rows = tmp_path / "goods.csv"
    rows.write_text(f"sku,code,rate,name\nA1,{CODE},0.13,杯\nA2,12,0.13,\nA3,{CODE},0.06,服务\n", "utf-8")
    result = asctl("goods", "set", "--from", str(rows))
    assert (result.code, result.codes()) == (3, [None, "bad_goods_code", None])
    assert "line 3" in result.records[1]["error_message"]
    assert [each["sku"] for each in asctl("goods", "list").records] == ["A1", "A3"]


def test_its_own_list_comes_back(asctl: Command, tmp_path: Path) -> None:
    """What ``list`` prints is what ``set --from`` reads."""
    asctl("goods", "set", "A1", "--code", CODE, "--rate", "0.13", "--name", "杯")
    copy = tmp_path / "copy.csv"
    copy.write_text(asctl("goods", "list", "-o", "csv").out, "utf-8")
    assert asctl("goods", "set", "--from", str(copy)).codes() == ["already_set"]


def test_the_invoice_says_so(sandbox: SandboxSite, asctl: Command) -> None:
    """Name, category and rate of the shop's own list stand on the invoice, instead of the account's for everything."""
    billed_by(asctl)
    (order,) = sold(sandbox, asctl)
    sku = sandbox.order(order)["lines"][0]["sku"]
    asctl("goods", "set", sku, "--code", OTHER, "--rate", "0.09", "--name", "演示商品")
    requested(asctl, order)
    work_queue(sandbox, asctl)
    line = at_bureau(sandbox, asctl, order)[0]["lines"][0]
    assert (line["name"], line["code"], line["rate"]) == ("演示商品", OTHER, "0.09")


def test_every_change_is_on_record(asctl: Command) -> None:
    """The audit trail keeps who changed how goods are taxed."""
    asctl("goods", "set", "A1", "--code", CODE, "--rate", "0.13")
    asctl("goods", "forget", "A1")
    kept = [(entry["what"], entry["who"]) for entry in asctl("db", "audit").records if entry["subject"] == "A1"]
    assert sorted(kept) == [("goods forget", "8012"), ("goods set", "8012")]
