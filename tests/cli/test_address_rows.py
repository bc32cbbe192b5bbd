"""What ``asctl address change`` makes of many rows and of repeats, and what it leaves behind."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from asctl.store.audit import audit_about
from asctl.store.opening import open_store
from tests.address_support import NEW, UPDATE, change, options, order_under_way, orders_to_ship, write_rows
from tests.command_support import Command
from tests.sandbox_support import SandboxSite

ELSEWHERE = {"detail": "体育场路5号2幢101室"}


@pytest.fixture
def waiting(sandbox: SandboxSite, asctl: Command) -> list[str]:
    """Orders in the store that wait for shipping; the ledger is empty again."""
    return orders_to_ship(sandbox, asctl)


def test_two_addresses_for_one_order(sandbox: SandboxSite, asctl: Command, waiting: list[str], tmp_path: Path) -> None:
    """Rows of one file that send an order to different addresses are all set aside, for nobody may guess which is meant: the
    order keeps its address, and the order beside it gets its new one."""
    torn, plain = waiting[:2]
    before = sandbox.order(torn)["receiver"]
    rows = write_rows(tmp_path, "target,detail", f"{torn},文三路90号", f"{torn},体育场路5号", f"{plain},文三路90号")
    result = asctl("address", "change", "--from", rows, "--yes")
    assert result.code == 3
    told = Counter((each["input"], each["status"], each["error_code"]) for each in result.records)
    assert told == {(torn, "failed", "contradicting_rows"): 2, (plain, "done", None): 1}
    assert [entry["target"] for entry in sandbox.ledger(UPDATE)] == [plain]
    assert sandbox.order(torn)["receiver"] == before
    assert sandbox.order(plain)["receiver"]["detail"] == "文三路90号"
    assert {each["target"] for each in asctl("action", "list").records} == {plain}


def test_there_and_back_again(sandbox: SandboxSite, asctl: Command, waiting: list[str]) -> None:
    """A, then B, then A again are three writes; the same once more is skipped unless ``--again`` is said."""
    for fields in ({}, ELSEWHERE, {}):
        assert change(asctl, waiting[0], **fields).record["status"] == "done"
    assert sandbox.order(waiting[0])["receiver"]["detail"] == NEW["detail"]
    skipped = change(asctl, waiting[0])
    assert (skipped.code, skipped.record["status"]) == (0, "skipped")
    assert len(sandbox.ledger(UPDATE)) == 3
    assert change(asctl, waiting[0], more=("--yes", "--again")).record["status"] == "done"
    assert len(sandbox.ledger(UPDATE)) == 4


def test_labels_of_the_order_are_void(asctl: Command, sandbox: SandboxSite, tmp_path: Path) -> None:
    """The return label that carries the old address is marked, and the record says how many were."""
    order, _waybill = order_under_way(sandbox, asctl)
    rma = asctl("rma", "open", order, "--kind", "return", "--reason", "quality").record["rma"]
    assert asctl("rma", "approve", rma).code == 0
    assert asctl("label", "render", rma, "-f", str(tmp_path / "label.pdf")).code == 0
    assert change(asctl, order).record["labels_void"] == 1


def test_the_text_for_the_customer(sandbox: SandboxSite, asctl: Command, waiting: list[str], store_url: str) -> None:
    """R94: masked by default; whole with ``--reveal``, which leaves an audit record; a table prints it below."""
    masked = change(asctl, waiting[0]).record["customer_text"]
    assert waiting[0] in masked
    assert not {NEW["name"], NEW["phone"], NEW["detail"]} & {part for part in NEW.values() if part in masked}
    whole = change(asctl, waiting[1], more=("--yes", "--reveal")).record["customer_text"]
    assert all(part in whole for part in NEW.values())
    with closing(open_store(store_url)) as store, store.read() as tx:
        noted = [(entry.what, entry.detail["which"]) for entry in audit_about(tx, "address change")]
    assert noted == [("reveal", waiting[1])]
    table = change(asctl, waiting[2], more=("--yes", "-o", "table"))
    assert f"亲，您的订单/包裹 {waiting[2]} 的收货信息" in table.out


def test_rows_from_a_workbook_and_from_stdin(
    sandbox: SandboxSite, asctl: Command, waiting: list[str], tmp_path: Path
) -> None:
    """XLSX with the options as columns, and numbers one per line on stdin, do the same as arguments."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(str(tmp_path / "in.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["target", *NEW])
    sheet.write_row(1, 0, [waiting[0], *NEW.values()])
    book.close()
    assert asctl("address", "change", "--from", str(tmp_path / "in.xlsx"), "--yes").record["status"] == "done"
    result = asctl("address", "change", "-", *options(**NEW), "--yes", stdin=f"{waiting[1]}\n{waiting[2]}\n")
    assert [each["status"] for each in result.records] == ["done", "done"]
    assert {sandbox.order(number)["receiver"]["detail"] for number in waiting[:3]} == {NEW["detail"]}
