"""Who sells and who buys: rules V01 to V06 and V26 of reference/invoices.md section 10; the fields of each kind: section 1.6."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from asctl.domain.invoice_flaws import Flaw
from asctl.domain.invoices import Buyer, InvoiceKind, Seller, TitleType
from asctl.domain.policy import InvoicePolicy
from asctl.domain.tax_ids import check_identity_number, check_tax_id
from asctl.text import _

_LONGEST_TITLE = 100
_LONGEST_EMAIL = 50
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_MOBILE = re.compile(r"1[0-9]{10}")


def flaws_of_seller(seller: Seller, policy: InvoicePolicy) -> Iterator[Flaw]:
    """V01. A tax ID that cannot be right is a warning only: a vendor's test numbers are such (section 3.2)."""
    if not seller.tax_id.strip():
        yield Flaw("V01", "seller_tax_id_missing", "seller.tax_id", _("the seller's tax ID is missing"))
        return
    verdict = check_tax_id(seller.tax_id, "warn", policy.tax_id_allow, policy.tax_id_legacy)
    if verdict.problem:
        told = _("the seller's tax ID {judged}").format(judged=verdict.sentence)
        yield Flaw("V01", "seller_tax_id_doubtful", "seller.tax_id", told, warning=True)


def flaws_of_buyer(buyer: Buyer, kind: InvoiceKind, policy: InvoicePolicy) -> Iterator[Flaw]:
    """V02 to V06 and V26, in this order."""
    yield from _tax_id(buyer, policy)
    yield from _fields(buyer, kind)
    yield from _title(buyer)
    yield from _title_type(buyer, kind)
    yield from flaws_of_delivery(buyer.email, buyer.mobile)


def _tax_id(buyer: Buyer, policy: InvoicePolicy) -> Iterator[Flaw]:
    if not buyer.tax_id.strip():
        return
    if buyer.type is TitleType.PERSON:
        verdict = check_identity_number(buyer.tax_id, policy.tax_id_check)
    else:
        verdict = check_tax_id(buyer.tax_id, policy.tax_id_check, policy.tax_id_allow, policy.tax_id_legacy)
    if verdict.problem:
        told = _("the buyer's tax ID {judged}").format(judged=verdict.sentence)
        yield Flaw("V02", f"tax_id_{verdict.problem}", "buyer.tax_id", told, verdict.warning)


def _fields(buyer: Buyer, kind: InvoiceKind) -> Iterator[Flaw]:
    for name in _needed(kind):
        if not getattr(buyer, name).strip():
            told = _("an invoice of kind {kind} needs it").format(kind=kind.value)
            yield Flaw("V03", "buyer_field_missing", f"buyer.{name}", told)


def _needed(kind: InvoiceKind) -> tuple[str, ...]:
    if not kind.special:
        return ()
    return ("tax_id",) if kind.digital else ("tax_id", "address", "phone", "bank", "bank_account")


def _title(buyer: Buyer) -> Iterator[Flaw]:
    title = buyer.title.strip()
    if not 1 <= len(title) <= _LONGEST_TITLE:
        told = _("the title has {length} characters; 1 to {most} may be").format(length=len(title), most=_LONGEST_TITLE)
        yield Flaw("V04", "title_length", "buyer.title", told)
    elif any(unicodedata.category(character).startswith("C") for character in title):
        yield Flaw("V04", "title_control_character", "buyer.title", _("the title has a character that cannot be seen"))
    elif not any(character.isalpha() for character in title):
        yield Flaw("V04", "title_without_letters", "buyer.title", _("the title is digits and punctuation only"))


def _title_type(buyer: Buyer, kind: InvoiceKind) -> Iterator[Flaw]:
    company, tax_id = buyer.type is TitleType.COMPANY, buyer.tax_id.strip()
    if company and not tax_id:
        yield Flaw("V05", "company_without_tax_id", "buyer.tax_id", _("a company's title needs its tax ID"))
    elif not company and tax_id:
        told = _("a person's title goes with a tax ID")
        yield Flaw("V05", "person_with_tax_id", "buyer.tax_id", told, warning=True)
    if kind.special and not company:
        told = _("a special invoice cannot be made out to a person")
        yield Flaw("V06", "special_for_person", "buyer.type", told)


def flaws_of_delivery(email: str, mobile: str) -> Iterator[Flaw]:
    """Where a copy cannot go (rule V26); what is empty is not asked for."""
    if email and (len(email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(email)):
        told = _("is no e-mail address of at most {most} characters").format(most=_LONGEST_EMAIL)
        yield Flaw("V26", "bad_email", "buyer.email", told)
    if mobile and not _MOBILE.fullmatch(mobile):
        yield Flaw("V26", "bad_mobile", "buyer.mobile", _("is no mobile number: 11 digits, the first a 1"))
