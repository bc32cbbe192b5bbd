"""The files of an invoice of the world: small, real enough to be opened, and always the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from xml.etree.ElementTree import Element, SubElement, tostring
from zipfile import ZipFile, ZipInfo

from asctl.api.bureau import SandboxInvoice


def invoice_file(invoice: SandboxInvoice, format: str) -> bytes:
    """``pdf``, ``ofd`` or ``xml``; ``KeyError`` for any other."""
    return _WRITERS[format](invoice)


def _pdf(invoice: SandboxInvoice) -> bytes:
    """One page that names number and sums; it embeds no font, so it says only what Latin letters can."""
    told = (f"{name}: {value}" for name, value in _facts(invoice).items() if value.isascii())
    rows = "".join(f"0 -20 Td <{row.encode('ascii').hex()}> Tj\n" for row in told)
    text = f"BT /F1 12 Tf 40 400 Td\n{rows}ET"
    return _pdf_of(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 420] /Contents 4 0 R"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
    )


def _pdf_of(*objects: str) -> bytes:
    """A document of these objects, the first of which is its catalogue, with the table of where each begins."""
    document, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(document))
        document += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return f"{document}{end}startxref\n{len(document)}\n%%EOF\n".encode("ascii")


def _ofd(invoice: SandboxInvoice) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr(ZipInfo("OFD.xml"), _document("OFD", invoice))
    return written.getvalue()


def _xml(invoice: SandboxInvoice) -> bytes:
    return _document("EInvoice", invoice)


def _document(root: str, invoice: SandboxInvoice) -> bytes:
    top = Element(root)
    for name, value in _facts(invoice).items():
        SubElement(top, name).text = _printable(value)
    for line in invoice.lines:
        row = SubElement(top, "Line", net=str(line.net), tax=str(line.tax), rate=str(line.rate))
        row.text = _printable(line.name)
    written: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return written


def _facts(invoice: SandboxInvoice) -> dict[str, str]:
    return {
        "Number": invoice.number,
        "Colour": invoice.colour,
        "Kind": invoice.kind,
        "Seller": invoice.seller,
        "Buyer": invoice.buyer.title,
        "Net": str(invoice.net),
        "Tax": str(invoice.tax),
        "Gross": str(invoice.gross),
        "BlueNumber": invoice.blue_number,
        "Remark": invoice.remark,
    }


def _printable(text: str) -> str:
    """Without the characters that XML has no way to write."""
    return "".join(letter for letter in text if letter.isprintable())


_WRITERS: Mapping[str, Callable[[SandboxInvoice], bytes]] = {"pdf": _pdf, "ofd": _ofd, "xml": _xml}
