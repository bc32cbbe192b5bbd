"""``asctl label render``: the file a customer prints, read back by an independent decoder."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pypdfium2
import pytest

from tests.command_support import Command
from tests.plugins.labels.samples import page_text, printed, scanned
from tests.sandbox_support import ON_A_FILE, SandboxSite


@pytest.fixture
def requested(asctl: Command) -> list[str]:
    """Three cases on three orders that nobody approved yet."""
    asctl("order", "sync", "--max-items", "12")
    orders = [record["order_id"] for record in asctl("order", "list").records if record["waybills"]][:3]
    opened = asctl("rma", "open", *orders, "--kind", "return", "--reason", "quality")
    return [record["rma"] for record in opened.records]


@pytest.fixture
def approved(asctl: Command, requested: list[str]) -> list[str]:
    """Three approved cases."""
    assert asctl("rma", "approve", *requested).code == 0
    return requested


def pages(file: Path) -> list[pypdfium2.PdfPage]:
    return list(pypdfium2.PdfDocument(file.read_bytes()))


def test_no_label_before_approval(asctl: Command, requested: list[str], tmp_path: Path) -> None:
    """An unapproved case gets none: exit 8, the command that approves it, no file."""
    file = tmp_path / "label.pdf"
    result = asctl("label", "render", requested[0], "-f", str(file))
    assert (result.code, result.record["error_code"]) == (8, "not_approved")
    assert f"asctl rma approve {requested[0]}" in result.err
    assert not file.exists()


def test_no_label_once_the_time_ran_out(
    sandbox: SandboxSite, asctl: Command, approved: list[str], tmp_path: Path
) -> None:
    """After its due time a case gets none, with the command that gives the customer more; after that one it does."""
    file = tmp_path / "label.pdf"
    due = asctl("rma", "show", approved[0]).record["due_at"]
    sandbox.travel(24 * 16)
    late = asctl("label", "render", approved[0], "-f", str(file))
    assert (late.code, late.record["status"], late.record["error_code"]) == (3, "refused", "rma_expired")
    assert due in late.err
    assert f"asctl rma approve {approved[0]}" in late.err
    assert not file.exists()
    asctl("rma", "approve", approved[0])
    assert asctl("label", "render", approved[0], "-f", str(file)).code == 0


def test_the_waybill_stands_on_the_label(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """Once the case knows its parcel, the label names courier and waybill."""
    file = tmp_path / "label.pdf"
    asctl("parcel", "add", "YT5555555555555", "--rma", approved[0])
    assert asctl("label", "render", approved[0], "-f", str(file)).record["waybill"] == "YT5555555555555"
    words = page_text(pages(file)[0])
    assert "圆通速递" in words
    assert "YT5555555555555" in words.replace(" ", "")


@ON_A_FILE
@pytest.mark.parametrize("option", ["-f", "-d"])
def test_a_store_in_trouble_ends_the_run(
    asctl: Command, approved: list[str], tmp_path: Path, store_url: str, option: str
) -> None:
    """The first row that meets it is the last: exit 10, and no row pretends that something was wrong with its case."""
    with sqlite3.connect(store_url.removeprefix("sqlite:///")) as store:
        store.execute("DROP TABLE labels")
    result = asctl("label", "render", *approved, option, str(tmp_path / "here"))
    assert (result.code, result.records) == (10, [])


def test_a_scanner_reads_what_was_printed(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """The codes of the page are the RMA number and a QR text that ``rma scan`` understands; the words are there too."""
    file = tmp_path / "label.pdf"
    result = asctl("label", "render", approved[0], "-f", str(file))
    assert (result.code, result.record["file"], result.record["pages"]) == (0, str(file), 1)
    (page,) = pages(file)
    codes = scanned(printed(page, 203))
    assert approved[0] in codes
    for code in codes:
        assert asctl("rma", "scan", code).record["rma"] == approved[0], code
    words = page_text(page)
    record = asctl("rma", "show", approved[0]).record
    for part in (approved[0], record["order_id"], "质量问题", "示例仓", "示例路9号"):
        assert part in words


def test_several_in_one_file(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """``-f`` puts each on a page of its own, in the order asked for."""
    file = tmp_path / "all.pdf"
    assert asctl("label", "render", *approved, "-f", str(file)).code == 0
    assert [number for page in pages(file) for number in approved if number in scanned(printed(page, 203))] == approved


def test_a_file_each(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """``-d`` names each file after its case; a bad number among them is set aside."""
    result = asctl("label", "render", *approved, "RMA2601010001X", "-d", str(tmp_path))
    assert result.code == 3
    assert {path.stem for path in tmp_path.glob("*.pdf")} == set(approved)


def test_a_second_print_says_so(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """The label of a case that was printed before carries a mark, so that nobody ships on two."""
    texts = []
    for name in ("first.pdf", "second.pdf"):
        asctl("label", "render", approved[0], "-f", str(tmp_path / name))
        texts.append(page_text(pages(tmp_path / name)[0]))
    assert texts[0] != texts[1]
    new = set(texts[1].split()) - set(texts[0].split())
    assert any("补" in word or "REPRINT" in word.upper() for word in new), new


def test_a_bad_place(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """Where no file can be written that is told with what to do, for one file and for a folder; nothing is left over."""
    (tmp_path / "taken").write_text("not a folder", "utf-8")
    for place in (("-f", str(tmp_path / "taken" / "label.pdf")), ("-d", str(tmp_path / "taken"))):
        result = asctl("label", "render", approved[0], *place)
        assert (result.code, result.error["code"] if "error" in result.end else result.record["error_code"]) in (
            (2, "file_not_written"),
            (3, "file_not_written"),
        )
        assert "taken" in result.err
    assert list(tmp_path.rglob(".label-*")) == []


def test_unknown_size_and_format(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """An unknown size is misuse (2) and names the known ones; a format that no plugin draws is 15."""
    size = asctl("label", "render", approved[0], "--size", "99x99", "-d", str(tmp_path))
    assert (size.code, size.error["code"]) == (2, "unknown_size")
    assert "100x150" in size.error["hint"]
    form = asctl("label", "render", approved[0], "--format", "gif", "-d", str(tmp_path))
    assert form.code == 15
    assert asctl("label", "render", approved[0], "-d", str(tmp_path), "-f", "x.pdf").code == 2
    assert list(tmp_path.glob("*.pdf")) == []


def test_without_a_return_address(sandbox: SandboxSite, asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """Nobody knows where to send it: exit 2 with the settings to fill in, and no file."""
    sandbox.reconfigure('return_address = "浙江省杭州市余杭区示例路9号"', "")
    result = asctl("label", "render", approved[0], "-f", str(tmp_path / "label.pdf"))
    assert (result.code, result.record["error_code"]) == (2, "return_address_missing")
    assert "[shops.flagship]" in result.err
    assert not (tmp_path / "label.pdf").exists()


def test_where_no_goods_come_back(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """A refund without goods has no return label."""
    order = asctl("rma", "show", approved[0]).record["order_id"]
    refund = asctl("rma", "open", order, "--kind", "refund_only", "--reason", "late").record["rma"]
    asctl("rma", "approve", refund)
    result = asctl("label", "render", refund, "-f", str(tmp_path / "label.pdf"))
    assert (result.code, result.record["status"], result.record["error_code"]) == (3, "refused", "no_goods_back")
