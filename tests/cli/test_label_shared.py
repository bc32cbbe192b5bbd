"""One label for all that is in a parcel, whichever of its cases is asked for."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from tests.command_support import Command
from tests.plugins.labels.samples import page_text, printed, scanned
from tests.spooler_support import Spooler, labels, pdf_pages

WAYBILL = "YT5555555555555"


@pytest.fixture
def pair(asctl: Command, approved: list[str]) -> list[str]:
    """Two cases of one order that come back in one parcel."""
    order = asctl("rma", "show", approved[0]).record["order_id"]
    other = str(asctl("rma", "open", order, "--kind", "exchange", "--reason", "damaged").record["rma"])
    assert asctl("rma", "approve", other).code == 0
    both = [approved[0], other]
    for rma in both:
        assert asctl("parcel", "add", WAYBILL, "--rma", rma).code == 0

    return both


@pytest.mark.parametrize("asked", [0, 1])
def test_the_label_lists_all_that_is_in_the_parcel(asctl: Command, pair: list[str], tmp_path: Path, asked: int) -> None:
    """One record for the row, but codes, words and records of both cases; the file is the parcel's."""
    rma, other = pair[asked], pair[1 - asked]
    record = asctl("label", "render", rma, "-d", str(tmp_path)).record
    assert (record["rma"], record["travels_with"], record["input"], record["waybill"]) == (rma, other, rma, WAYBILL)
    assert record["file"] == str(tmp_path / f"{pair[0]}.pdf")
    pages = list(pypdfium2.PdfDocument(Path(record["file"]).read_bytes()))
    assert set(pair) <= {code for page in pages for code in scanned(printed(page, 203))}
    assert all(number in page_text(pages[0]) for number in pair)
    assert {(entry["rma"], entry["state"], entry["waybill"]) for entry in labels(asctl)} == {
        (number, "current", WAYBILL) for number in pair
    }


def test_a_withdrawn_one_voids_its_own_record(asctl: Command, pair: list[str], tmp_path: Path) -> None:
    """It is on record for the case that no row named, too, so that its cancellation finds it."""
    assert asctl("label", "render", pair[1], "-d", str(tmp_path)).code == 0
    asctl("rma", "cancel", pair[0], "--reason", "客户不退了")
    assert [entry["rma"] for entry in labels(asctl, "--void")] == [pair[0]]


def test_a_print_lists_them_too(lp: Spooler, asctl: Command, pair: list[str]) -> None:
    """One label, one record for the row, both cases noted as printed."""
    record = lp(pair[1], "--printer", "Zebra").record
    assert (record["rma"], record["travels_with"]) == (pair[1], pair[0])
    assert set(pair) <= {code for page in pdf_pages(lp.files()[0]) for code in scanned(printed(page, 203))}
    assert {entry["rma"]: entry["printed"] for entry in labels(asctl)} == dict.fromkeys(pair, 1)
