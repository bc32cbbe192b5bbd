"""Blue invoices of the world: submitted, issued on the sandbox's clock, tried again, and what their files hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pypdfium2
import pytest

from asctl.sandbox.fates import Fate
from tests.unit.sandbox.bureau_support import NOW, ORDINARY, PERSON, PLUGIN, SAMPLE, SELLER, Books


def test_an_invoice_is_issued_after_two_seconds_and_sealed_after_one_more() -> None:
    """The sample invoice has its sums from the first moment, and its number once issuing is over."""
    books = Books()
    invoice = books.submit()
    assert (invoice.net, invoice.tax, invoice.gross) == (Decimal("180.00"), Decimal("23.40"), Decimal("203.40"))
    told = []
    for seconds in (0, 1.9, 0.1, 0.9, 0.1):
        books.wait(seconds=seconds)
        told.append((books.bureau.phase(invoice), invoice.number))
    number = "26990000000000000001"
    assert told == [("issuing", ""), ("issuing", ""), ("sealing", number), ("sealing", number), ("issued", number)]
    assert books.bureau.issued(number) is invoice


def test_repeats_are_carried_out_again() -> None:
    """One serial twice makes two invoices, each with numbers of its own: the sandbox is the witness."""
    books = Books()
    first, second = books.submit("B1"), books.submit("B1")
    books.wait(seconds=3)
    assert [books.bureau.phase(one) for one in (first, second)] == ["issued", "issued"]
    assert (first.number, second.number) == ("26990000000000000001", "26990000000000000002")
    assert (first.reference, second.reference) == ("26010110000000000001", "26010110000000000002")


def test_the_number_names_the_year_in_china() -> None:
    """An invoice issued just before midnight there has the old year's number, whoever looks when."""
    books = Books()
    books.wait(days=364, hours=13, minutes=59, seconds=57)
    old = books.submit("B1")
    books.wait(seconds=2)
    new = books.submit("B2")
    books.wait(seconds=3)
    assert [books.bureau.phase(one) for one in (old, new)] == ["issued", "issued"]
    assert (old.number[:5], new.number[:5]) == ("26990", "27990")


def test_an_app_sees_only_what_is_its_own() -> None:
    """Neither another provider nor another seller hears of an invoice."""
    books = Books()
    invoice = books.submit()
    assert books.bureau.own(PLUGIN, SELLER) == [invoice]
    assert books.bureau.own("baiwang", SELLER) == []
    assert books.bureau.own(PLUGIN, "91990000MA0DEM0024") == []


@pytest.mark.parametrize(
    ("kind", "phases", "numbered"),
    [
        ("stuck", ["issuing", "issuing", "issuing"], False),
        ("fail", ["issuing", "failed", "failed"], False),
        ("seal_fail", ["issuing", "sealing", "seal_failed"], True),
    ],
)
def test_a_fate_strikes_the_next_invoice_only(kind: str, phases: list[str], numbered: bool) -> None:
    """What fails says why; the one after it is issued as usual."""
    books = Books()
    books.bureau.fates.lay_down(Fate(kind, "演示：购方税号有误"))
    struck, spared = books.submit("B1"), books.submit("B2")
    told = []
    for seconds in (1, 1, 1):
        books.wait(seconds=seconds)
        told.append(books.bureau.phase(struck))
    assert told == phases
    assert (struck.complaint, bool(struck.number)) == ("演示：购方税号有误", numbered)
    assert (books.bureau.phase(spared), spared.complaint) == ("issued", "")


def test_a_fate_can_wait_for_one_serial_order_or_buyer() -> None:
    """It passes by whoever is not meant, and is used up after as many as were named."""
    books = Books()
    books.bureau.fates.lay_down(Fate("fail", times=2, match="B2"))
    books.bureau.fates.lay_down(Fate("stuck", match="苏小"))
    fates = [books.submit(serial).fate for serial in ("B1", "B20", "B21", "B22")]
    assert fates == ["", "fail", "fail", ""]
    person = books.bureau.submit(PLUGIN, SELLER, "B3", ORDINARY, PERSON, SAMPLE)
    assert person.fate == "stuck"


def test_a_failed_invoice_begins_anew_when_tried_again() -> None:
    """It takes its two seconds again, and bears no trace of the failure."""
    books = Books()
    books.bureau.fates.lay_down(Fate("fail", "演示：开票失败"))
    invoice = books.submit()
    assert not books.bureau.retry(invoice), "it is still being issued"
    books.wait(seconds=2)
    assert books.bureau.retry(invoice)
    assert (books.bureau.phase(invoice), invoice.complaint) == ("issuing", "")
    books.wait(seconds=3)
    assert books.bureau.phase(invoice) == "issued"
    assert not books.bureau.retry(invoice), "it is issued"


def test_an_unsealed_invoice_is_sealed_under_the_number_that_it_has() -> None:
    """It was issued already: neither its number nor its time changes."""
    books = Books()
    books.bureau.fates.lay_down(Fate("seal_fail"))
    invoice = books.submit()
    books.wait(seconds=3)
    assert books.bureau.phase(invoice) == "seal_failed"
    number = invoice.number
    assert books.bureau.retry(invoice)
    assert (books.bureau.phase(invoice), invoice.number, invoice.begun_at) == ("issued", number, NOW)


def test_the_twenty_first_try_is_refused() -> None:
    """A provider takes twenty for one serial (section 5.9)."""
    books = Books()
    books.bureau.fates.lay_down(Fate("fail", times=30))
    invoice = books.submit()
    tries = []
    for _number in range(21):
        books.wait(seconds=2)
        tries.append(books.bureau.retry(invoice))
    assert tries == [True] * 20 + [False]
    assert books.bureau.phase(invoice) == "failed"


def test_a_pdf_opens_and_names_number_and_sums() -> None:
    """A reader of the file finds one page with what the invoice says."""
    books = Books()
    invoice = books.issued()
    with pypdfium2.PdfDocument(books.bureau.file(invoice, "pdf")) as document:
        assert len(document) == 1
        text = document[0].get_textpage().get_text_bounded()
    assert {"Number: 26990000000000000001", "Gross: 203.40", f"Seller: {SELLER}"} <= set(text.splitlines())
    assert "演示购方" not in text


@pytest.mark.parametrize("title", ['演示<购方> & "子" \'S', "带\x00控\x1f制\u2028符"])
def test_xml_and_ofd_hold_whatever_the_buyer_is_called(title: str) -> None:
    """Marks and control characters leave documents that can be parsed."""
    books = Books()
    buyer = replace(PERSON, title=title)
    invoice = books.bureau.submit(PLUGIN, SELLER, "B1", ORDINARY, buyer, SAMPLE)
    written = ElementTree.fromstring(books.bureau.file(invoice, "xml"))
    with ZipFile(BytesIO(books.bureau.file(invoice, "ofd"))) as archive:
        assert archive.namelist() == ["OFD.xml"]
        inner = ElementTree.fromstring(archive.read("OFD.xml"))
    expected = "".join(letter for letter in title if letter.isprintable())
    assert [written.findtext("Buyer"), inner.findtext("Buyer")] == [expected, expected]
    assert [line.get("net") for line in written.iter("Line")] == ["200.00", "-20.00"]


@pytest.mark.parametrize("format", ["pdf", "ofd", "xml"])
def test_a_file_is_the_same_bytes_each_time(format: str) -> None:
    """Whenever it is fetched, so that its hash can be compared."""
    books = Books()
    invoice = books.issued()
    first = books.bureau.file(invoice, format)
    books.world.advance(timedelta(days=400))
    assert books.bureau.file(invoice, format) == first
