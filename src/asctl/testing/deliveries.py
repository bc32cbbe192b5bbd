"""What customers get of an issued invoice: it is delivered again where they want it, and its files are fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl.capabilities.invoices import Delivery
from asctl.domain.errors import BadInput, NotFound, Refused, Unavailable
from asctl.domain.invoices import InvoiceKind
from asctl.testing.bills import SERIAL, bill, issued, made_in, particular_rules, seller_of
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.far_side import body_of
from asctl.testing.rules import Missing, Rule, Tier, expect
from asctl.testing.site import CUSTOMER, EMAIL, Site
from asctl.testing.submissions import request_rules
from asctl.testing.troubles import trouble_rules

_NOBODYS_NUMBER = "26990000000000009999"
_FORMATS = ("pdf", "ofd", "xml")
_FOREIGN = (
    "https://files.invalid/invoice.pdf",
    "http://files.invalid/invoice.pdf",
    "//files.invalid/invoice.pdf",
    "file:///etc/passwd",
    "ftp://files.invalid/invoice.pdf",
    "invoice.pdf",
    "",
)


def _delivery(site: Site) -> Arguments:
    return (
        Delivery(
            key="a-kit-2603",
            seller=seller_of(site),
            kind=InvoiceKind.DIGITAL_ORDINARY,
            number="26990000000000000001",
            email=EMAIL,
            mobile=CUSTOMER.phone,
        ),
    )


def _of_issued(site: Site, arguments: Arguments) -> Arguments:
    told = issued(site, bill(site))
    return (replace(arguments[0], number=told.number, code=told.code),)


DELIVER = Exercise(
    "InvoiceDeliverer",
    "deliver_invoice",
    _delivery,
    write=True,
    stranger=lambda arguments: (replace(arguments[0], key="another-key-2604"),),
    before=_of_issued,
)


def invoice_deliverer_rules() -> Iterator[Rule]:
    """All rules for ``InvoiceDeliverer``."""
    yield from particular_rules(
        DELIVER,
        ("addresses", Tier.BRONZE, "it goes to the e-mail address, the phone, or both, as asked", _addresses),
        ("nobodys", Tier.SILVER, "an invoice that is not there is NotFound or Refused", _nobodys_invoice),
    )
    yield from request_rules(DELIVER)


def _addresses(site: Site) -> None:
    (request,) = DELIVER.prepared(site)
    delivered = made_in(site, SERIAL).deliveries
    ways = ((EMAIL, ""), ("", CUSTOMER.phone), (EMAIL, CUSTOMER.phone))
    for number, (email, mobile) in enumerate(ways):
        delivered.clear()
        DELIVER.done(site, (replace(request, key=f"a-kit-27{number:02d}", email=email, mobile=mobile),))
        wanted = {address for address in (email, mobile) if address}
        ways_told = f"e-mail {'asked' if email else 'not asked'}, phone {'asked' if mobile else 'not asked'}"
        expect(set(delivered) == wanted, f"{ways_told}, and it went to {len(delivered)} addresses")


def _nobodys_invoice(site: Site) -> None:
    (request,) = DELIVER.prepared(site)
    outcome = DELIVER.outcome(site, (replace(request, number=_NOBODYS_NUMBER),))
    no = isinstance(outcome.error, NotFound | Refused)
    expect(no, f"should be NotFound or Refused, but there was {outcome.seen}")
    clean(site, outcome)


def _address(site: Site) -> Arguments:
    return (f"{site.account.get('base_url', '')}/recorded.pdf", "pdf")


def _of_files(site: Site, arguments: Arguments) -> Arguments:
    told = issued(site, bill(site))
    if arguments[1] not in told.files:
        raise Missing(f"no {arguments[1]} is told of an issued invoice, only: {sorted(told.files)}")
    return (told.files[arguments[1]], arguments[1])


FILE = Exercise("InvoiceFiles", "invoice_file", _address, before=_of_files)
_NO_CREDENTIALS = f"{FILE.name}.expired"
"""An address of a file is its own key: nobody asks who fetches it."""


def invoice_files_rules() -> Iterator[Rule]:
    """All rules for ``InvoiceFiles``."""
    yield from particular_rules(
        FILE,
        ("formats", Tier.BRONZE, "every file that is told of an issued invoice is fetched as it is", _formats),
        ("foreign", Tier.BRONZE, "an address that is not the provider's is BadInput, and nothing is called", _foreign),
        ("another_format", Tier.BRONZE, "what is no file of the format is Unavailable", _another_format),
        ("gone", Tier.SILVER, "a file that is not there any more is no file, and no crash", _gone),
        ("reads_only", Tier.BRONZE, "fetching changes nothing", _reads_only),
    )
    yield from (rule for rule in trouble_rules(FILE) if rule.id != _NO_CREDENTIALS)


def _formats(site: Site) -> None:
    files = issued(site, bill(site)).files
    expect(bool(files), "no file is told of an issued invoice")
    sent: list[bytes] = []

    def note(_request: SandboxRequest, reply: SandboxReply) -> SandboxReply:
        sent.append(reply.body)
        return reply

    site.far_side.tamper = note
    for format, url in files.items():
        expect(format in _FORMATS, f"{format!r} is none of {', '.join(_FORMATS)}")
        got = FILE.done(site, (url, format))
        expect(got == sent[-1], f"of the {format} {len(sent[-1])} bytes were sent, and {len(got)} others came out")


def _foreign(site: Site) -> None:
    own, _format = FILE.prepared(site)
    host = urlsplit(own).hostname or ""
    disguised = (own.replace(host, f"{host}@files.invalid"), own.replace(host, f"{host}.files.invalid"))
    for url in (*_FOREIGN, *disguised, f"http://{host}:80.files.invalid/invoice.pdf"):
        outcome = FILE.outcome(site, (url, "pdf"))
        expect(isinstance(outcome.error, BadInput), f"{url!r} should be BadInput, but there was {outcome.seen}")
    expect(not site.far_side.requests(), "the far side was called for such an address")


def _another_format(site: Site) -> None:
    url, format = FILE.prepared(site)
    for body in (b"<html><body>Log in first</body></html>", b"PK\x03\x04 no such format", b""):
        site.far_side.tamper = body_of(body)
        outcome = FILE.outcome(site, (url, format))
        expect(
            isinstance(outcome.error, Unavailable), f"{body[:20]!r} as {format} should be Unavailable: {outcome.seen}"
        )
    outcome = FILE.outcome(site, (url, "exe"))
    expect(isinstance(outcome.error, BadInput), f"the format 'exe' should be BadInput, but there was {outcome.seen}")


def _gone(site: Site) -> None:
    arguments = FILE.prepared(site)
    site.far_side.fault("status", code=404)
    outcome = FILE.outcome(site, arguments)
    families = NotFound | Refused | Unavailable
    expect(isinstance(outcome.error, families), f"should be NotFound, Refused or Unavailable: {outcome.seen}")
    clean(site, outcome)


def _reads_only(site: Site) -> None:
    FILE.done(site, FILE.prepared(site))
    expect(not site.far_side.writes(), "a write reached the far side")


EXERCISES = (DELIVER, FILE)
