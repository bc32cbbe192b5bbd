"""Issued invoices handed on: to the marketplace where the customer applied, to the customer once more, into a folder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from asctl.capabilities.specs import ProviderKind
from asctl.domain.actions import About, ActionKind, Intent, Wanted
from asctl.domain.buyer_rules import flaws_of_delivery
from asctl.domain.errors import BadInput, NotFound, Refused
from asctl.domain.invoice_flaws import refuse_flaws
from asctl.domain.invoices import Colour, Invoice, InvoiceFile, InvoiceState
from asctl.services.desk import Desk
from asctl.services.frozen import frozen_bytes
from asctl.services.invoice_accounts import seller_of
from asctl.services.invoicing import document
from asctl.store import invoices as stored_invoices
from asctl.store.invoices import InvoiceFilter, InvoiceNote
from asctl.text import _

_THERE = frozenset({InvoiceState.ISSUED, InvoiceState.PARTLY_REVERSED, InvoiceState.REVERSED})
FORMATS = ("pdf", "ofd", "xml")


def to_hand_over(desk: Desk) -> list[Invoice]:
    """Issued invoices that the marketplace waits for, the oldest first."""
    with desk.store.read() as tx:
        issued = list(stored_invoices.list_invoices(tx, InvoiceFilter(states=_THERE)))
    takers = {
        shop.name
        for shop in desk.accounts.of_kind(ProviderKind.ORDER_SOURCE)
        if desk.accounts.capability(shop, "ResultTaker")
    }
    return [
        each
        for each in issued
        if each.application and each.delivered_at is None and each.shop in takers and each.issued_at is not None
    ]


def handing_over(desk: Desk, invoice: Invoice) -> Wanted:
    """The write that shows an issued invoice to the customer at the order. Its PDF goes along where it can be fetched."""
    with desk.store.read() as tx:
        blue = stored_invoices.get_invoice(tx, invoice.blue) if invoice.blue else None
    content = _fetched(desk, invoice)
    request = document(invoice, seller_of(desk, desk.accounts.named(invoice.account))) | {
        "application": invoice.application,
        "colour": invoice.colour.value,
        "number": invoice.number,
        "code": invoice.code,
        "issued_at": invoice.issued_at.isoformat() if invoice.issued_at else "",
        "blue_number": blue.number if blue else "",
        "blue_code": blue.code if blue else "",
        "file": frozen_bytes(content),
        "format": "pdf",
    }
    target = f"invoice {invoice.shop} {invoice.order_id} {invoice.serial}"
    intent = Intent(invoice.shop, ActionKind.HAND_INVOICE_OVER, target, scope=invoice.rma, purpose=invoice.serial)
    payload = {"invoice": invoice.invoice, "serial": invoice.serial, "was": invoice.state.value, "request": request}
    return Wanted(intent, payload, About(shop=invoice.shop, order_id=invoice.order_id, rma=invoice.rma))


def delivering(desk: Desk, invoice: Invoice, email: str = "", mobile: str = "") -> Wanted:
    """The write that sends the customer a copy; to the address of the application where none is told. Raises :class:`Refused`
    for one that is not issued, :class:`BadInput` where there is no address."""
    _check_issued(invoice)
    email, mobile = (email, mobile) if email or mobile else (invoice.buyer.email, invoice.buyer.mobile)
    if not email and not mobile:
        raise BadInput(
            _("nobody says where {invoice} shall be sent").format(invoice=invoice.invoice),
            code="no_address",
            hint=_("add --email or --mobile"),
        )
    refuse_flaws(flaws_of_delivery(email, mobile), _("the copy of {invoice}").format(invoice=invoice.invoice))
    request = {
        "seller": document(invoice, seller_of(desk, desk.accounts.named(invoice.account)))["seller"],
        "kind": invoice.kind.value,
        "number": invoice.number,
        "code": invoice.code,
        "email": email,
        "mobile": mobile,
    }
    stands_for = hashlib.sha256(f"{email}\x1f{mobile}".encode()).hexdigest()[:12]
    target = f"invoice {invoice.shop} {invoice.order_id} {invoice.serial}"
    intent = Intent(invoice.account, ActionKind.DELIVER_INVOICE, target, scope=invoice.rma, purpose=stands_for)
    payload = {"invoice": invoice.invoice, "serial": invoice.serial, "request": request}
    return Wanted(intent, payload, About(shop=invoice.shop, order_id=invoice.order_id, rma=invoice.rma))


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file of an invoice, in a folder. ``known`` says that it lay there before, the same to the byte."""

    path: Path
    sha256: str
    size: int
    known: bool = False


def download(desk: Desk, invoice: Invoice, format_: str, folder: Path) -> Fetched:
    """Fetch a file of an issued invoice into a folder, under a name that is safe everywhere.

    Raises :class:`Refused` for one that is not issued, and where a file of that name has another content; :class:`NotFound`
    where there is no such file, :class:`BadInput` where none can be written, and the read families.
    """
    _check_issued(invoice)
    file = next((each for each in invoice.files if each.format == format_), None)
    if file is None:
        raise NotFound(
            _("{invoice} has no {format} file").format(invoice=invoice.invoice, format=format_),
            code="no_file",
            hint=_("it has: {formats}").format(formats=", ".join(each.format for each in invoice.files) or _("none")),
        )
    content = _content(desk, invoice, file)
    fetched = _kept(folder / file_name(invoice, format_), content)
    if (str(fetched.path), fetched.sha256) != (file.path, file.sha256):
        _note(desk, invoice, replace(file, path=str(fetched.path), sha256=fetched.sha256))
    return fetched


def _kept(path: Path, content: bytes) -> Fetched:
    """Write a file whole or not at all; one that is there is never written over."""
    digest = hashlib.sha256(content).hexdigest()
    try:
        if path.exists():
            if path.read_bytes() == content:
                return Fetched(path, digest, len(content), known=True)
            raise _another_content(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        raise BadInput(
            _("{file} cannot be written: {reason}").format(file=path, reason=error.strerror or type(error).__name__),
            code="file_not_written",
            hint=_("choose another folder with -d DIR"),
        ) from None
    return Fetched(path, digest, len(content))


def _another_content(path: Path) -> Refused:
    return Refused(
        _("{file} is there, with another content").format(file=path),
        code="file_differs",
        hint=_("move it away, or choose another folder with -d DIR"),
    )


def file_name(invoice: Invoice, format_: str) -> str:
    """``4000000000000000101_26990000000000000001_red.pdf``: no name of a person, nothing that a shell or a disk minds."""
    parts = [invoice.order_id, invoice.number or invoice.serial, *(["red"] if invoice.colour is Colour.RED else [])]
    plain = "_".join(
        "".join(sign for sign in part if sign.isascii() and (sign.isalnum() or sign == "-")) for part in parts
    )
    return f"{plain}.{format_}"


def _fetched(desk: Desk, invoice: Invoice) -> bytes:
    """The PDF, without which the customer would find nothing at the order. Raises :class:`NotFound` where the provider told none
    yet, and the read families."""
    file = next((each for each in invoice.files if each.format == "pdf"), None)
    if file is None:
        raise NotFound(
            _("{invoice} is issued, and its provider has told no PDF yet").format(invoice=invoice.invoice),
            code="no_file",
            hint=_("the next run asks again: asctl invoice issue --yes"),
        )
    return _content(desk, invoice, file)


def _content(desk: Desk, invoice: Invoice, file: InvoiceFile) -> bytes:
    provider = desk.accounts.provider(desk.accounts.named(invoice.account), "InvoiceFiles")
    content: bytes = provider.invoice_file(file.url, file.format)
    return content


def _note(desk: Desk, invoice: Invoice, file: InvoiceFile) -> None:
    now = desk.clock.now()
    with desk.store.write() as tx:
        standing = stored_invoices.get_invoice(tx, invoice.invoice) or invoice
        files = (*(each for each in standing.files if each.format != file.format), file)
        stored_invoices.change_invoice(tx, standing, files=tuple(sorted(files, key=lambda each: each.format)))
        said = f"{file.format} {file.sha256}"
        stored_invoices.add_note(tx, InvoiceNote(invoice.invoice, invoice.rma, "downloaded", said, now, desk.staff_no))


def _check_issued(invoice: Invoice) -> None:
    if invoice.state not in _THERE or not invoice.number:
        raise Refused(
            _("{invoice} is {state}; only an issued invoice has a file").format(
                invoice=invoice.invoice, state=invoice.state.value
            ),
            code="not_issued",
            hint=_("see how far it is: asctl invoice show {invoice}").format(invoice=invoice.invoice),
        )
