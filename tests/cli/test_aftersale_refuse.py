"""``asctl aftersale refuse`` over the wire: what the marketplace wants for a no, checked before it is sent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.aftersale_support import REFUSAL, SOON, application, elsewhere, make_applications
from tests.command_support import Command, Result
from tests.sandbox_support import BOTH_STORES, SandboxSite

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)
WORDS, REASON_ID = "与买家协商一致不退款", "103"


@pytest.fixture
def number(sandbox: SandboxSite, asctl: Command) -> str:
    """A refund that the buyer applied for; the ledger is empty."""
    return make_applications(sandbox, asctl, "refund_only")[0]


@pytest.fixture
def proof(tmp_path: Path) -> str:
    """A picture that the marketplace takes."""
    path = tmp_path / "proof.png"
    path.write_bytes(PICTURE)
    return str(path)


def refuse(asctl: Command, *numbers: str, reason: str = WORDS, proof: str = "", more: tuple[str, ...] = ()) -> Result:
    pictures = ("--proof", proof) if proof else ()
    return asctl("aftersale", "refuse", *numbers, "--reason", reason, *pictures, "--yes", *more)


@BOTH_STORES
def test_a_refund_is_refused_once(sandbox: SandboxSite, asctl: Command, number: str, proof: str) -> None:
    """The reason's number is found by its words; the application is refused, and run again nothing is sent."""
    result = refuse(asctl, number, proof=proof)
    assert (result.code, result.record["status"], result.record["after_sale_id"]) == (0, "done", number)
    assert application(sandbox, number)["status"] == "refused"
    assert refuse(asctl, number, proof=proof).codes() == ["already_done"]
    assert [entry["applied"] for entry in sandbox.writes()] == [True]


def test_an_exchange_is_refused(sandbox: SandboxSite, asctl: Command) -> None:
    """An exchange has a method and reasons of its own, and wants no picture."""
    number = make_applications(sandbox, asctl, "exchange")[0]
    assert refuse(asctl, number, reason="商品无货无法换货").code == 0
    assert application(sandbox, number)["status"] == "refused"
    assert [entry["operation"] for entry in sandbox.writes()] == ["tmall.exchange.refuse"]


@pytest.mark.parametrize("text", ["不", "不" * 201])
def test_the_text_has_limits(sandbox: SandboxSite, asctl: Command, number: str, proof: str, text: str) -> None:
    """2 to 200 characters: anything else is set aside before it is sent."""
    result = refuse(asctl, number, reason=text, proof=proof)
    assert (result.code, result.codes()) == (3, ["bad_reason_text"])
    assert sandbox.writes() == []


@pytest.mark.parametrize("text", [WORDS[:2], WORDS + "。" * (200 - len(WORDS))])
def test_the_limits_themselves_are_allowed(
    sandbox: SandboxSite, asctl: Command, number: str, proof: str, text: str
) -> None:
    """Texts of exactly 2 and of exactly 200 characters pass, with the reason given by its number."""
    assert refuse(asctl, number, reason=text, proof=proof, more=("--reason-id", REASON_ID)).code == 0
    assert application(sandbox, number)["status"] == "refused"


def test_an_unknown_reason_lists_those_there_are(sandbox: SandboxSite, asctl: Command, number: str, proof: str) -> None:
    """Tmall wants one of its own reasons: each is named with its number, and nothing is sent."""
    result = refuse(asctl, number, reason="不想退", proof=proof)
    assert (result.code, result.codes()) == (3, ["reason_unknown"])
    assert f"{REASON_ID} {WORDS}" in result.err
    assert sandbox.writes() == []
    assert refuse(asctl, number, reason="不想退", proof=proof, more=("--reason-id", REASON_ID)).code == 0


def test_tmall_wants_a_picture(sandbox: SandboxSite, asctl: Command, number: str, proof: str) -> None:
    """Without proof it is set aside with what is wanted; with one the same command goes through."""
    result = refuse(asctl, number)
    assert (result.code, result.codes()) == (3, ["proof_missing"])
    assert "JPG, PNG" in result.err
    assert sandbox.writes() == []
    assert refuse(asctl, number, proof=proof).code == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (PICTURE + bytes(130_000), "proof_too_large"),
        (PICTURE + bytes(6 * 1024 * 1024), "proof_too_large"),
        (b"%PDF-1.7", "proof_format"),
        (b"", "proof_missing"),
        (None, "proof_unreadable"),
    ],
)
def test_pictures_that_are_not_taken(
    sandbox: SandboxSite, asctl: Command, number: str, tmp_path: Path, content: bytes | None, code: str
) -> None:
    """Too large, no picture, empty or not there: told before anything is sent."""
    path = tmp_path / "picture"
    if content is not None:
        path.write_bytes(content)
    result = refuse(asctl, number, proof=str(path))
    assert (result.code, result.codes()) == (3, [code])
    assert sandbox.writes() == []


def test_every_row_needs_a_reason(
    asctl: Command, sandbox: SandboxSite, number: str, proof: str, tmp_path: Path
) -> None:
    """Reasons may differ by row; a row without one is set aside with its line, the others go on."""
    other = make_applications(sandbox, asctl, "refund_only")[0]
    rows = tmp_path / "rows.csv"
    rows.write_text(f"after_sale_id,reason,proof\n{number},,{proof}\n{other},{WORDS},{proof}\n", "utf-8")
    result = asctl("aftersale", "refuse", "--from", str(rows), "--yes")
    assert (result.code, result.codes()) == (3, ["missing_value", None])
    assert "rows.csv line 2" in result.records[0]["error_message"]
    assert [entry["target"] for entry in sandbox.writes()] == [other]


def test_one_that_was_decided_meanwhile(sandbox: SandboxSite, asctl: Command, proof: str) -> None:
    """Somebody else agreed since the sync: exit 9, and the refusal is not sent."""
    number = make_applications(sandbox, asctl, "return")[0]
    elsewhere(asctl, "aftersale", "agree", number)
    sandbox.forget()
    result = refuse(asctl, number, proof=proof)
    assert (result.code, result.codes()) == (9, ["after_sale_changed"])
    assert sandbox.writes() == []


def test_agreeing_after_refusing(sandbox: SandboxSite, asctl: Command, number: str, proof: str) -> None:
    """What was refused is not agreed to by a store that does not know it yet: exit 9, nothing is paid."""
    assert refuse(asctl, number, proof=proof).code == 0
    result = asctl("aftersale", "agree", number, "--yes")
    assert (result.code, result.codes()) == (9, ["after_sale_changed"])
    assert application(sandbox, number)["status"] == "refused"


@BOTH_STORES
@pytest.mark.parametrize(("fault", "applied"), [("close_after", [True]), ("close_before", [False, True])])
def test_a_lost_answer_is_looked_for(
    sandbox: SandboxSite, asctl: Command, number: str, proof: str, fault: str, applied: list[bool]
) -> None:
    """Exit 4, and no second try of its own; a look late enough tells whether it is done or to be sent again."""
    sandbox.fault(f"taobao:{REFUSAL}", fault)
    result = refuse(asctl, number, proof=proof)
    assert (result.code, result.record["status"]) == (4, "unclear")
    assert refuse(asctl, number, proof=proof).codes() == ["earlier_unclear"]
    sandbox.travel(SOON)
    assert asctl("action", "reconcile", "--yes").code == 0
    assert application(sandbox, number)["status"] == "refused"
    assert [entry["applied"] for entry in sandbox.ledger(REFUSAL)] == applied


def test_the_marketplace_says_no(sandbox: SandboxSite, asctl: Command, number: str, proof: str) -> None:
    """A refusal of our refusal is a row with the marketplace's own words; the same may be tried again."""
    sandbox.fault(f"taobao:{REFUSAL}", "refuse", reason="sandbox-not-today")
    result = refuse(asctl, number, proof=proof)
    assert (result.code, result.record["status"]) == (3, "refused")
    assert "业务校验未通过" in result.record["error_message"]
    assert refuse(asctl, number, proof=proof).code == 0


def test_the_example_of_the_help_works(sandbox: SandboxSite, asctl: Command, number: str, proof: str) -> None:
    """What ``asctl help writes`` shows is what the marketplace takes: one of its own reasons."""
    (shown,) = re.findall(r"asctl aftersale refuse \d+ --reason (\S+) --proof \S+", asctl("help", "writes").out)
    assert refuse(asctl, number, reason=shown, proof=proof).code == 0
    assert application(sandbox, number)["status"] == "refused"
