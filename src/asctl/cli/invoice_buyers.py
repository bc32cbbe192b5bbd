"""Whom an invoice is made out to, as rows and options tell it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from asctl.domain.errors import BadInput
from asctl.domain.invoices import Buyer, TitleType
from asctl.domain.tax_ids import normalised
from asctl.intake.columns import ADDRESS, BANK, BANK_ACCOUNT, EMAIL, MOBILE, PHONE, TAX_ID, TITLE
from asctl.intake.rows import Row
from asctl.text import _

Command = TypeVar("Command", bound=Callable[..., Any])

BUYER = (TITLE, TAX_ID, EMAIL, MOBILE, ADDRESS, PHONE, BANK, BANK_ACCOUNT)


def buyer_options(command: Command) -> Command:
    """Whom an invoice is made out to, and where it is delivered."""
    told = {
        "--title": ("NAME", _("Whom the invoice is made out to.")),
        "--tax-id": ("ID", _("The tax ID (税号), which makes the title a company's.")),
        "--email": ("ADDRESS", _("Where the invoice is sent.")),
        "--mobile": ("NUMBER", _("The mobile phone that is told of it.")),
        "--address": ("TEXT", _("The company's address, on the invoice.")),
        "--phone": ("NUMBER", _("The company's phone, on the invoice.")),
        "--bank": ("NAME", _("The company's bank, on the invoice.")),
        "--bank-account": ("NUMBER", _("The company's bank account, on the invoice.")),
    }
    for name, (metavar, help_) in reversed(told.items()):
        callback = _not_blank if name in ("--title", "--tax-id") else None
        command = click.option(name, metavar=metavar, help=help_, callback=callback)(command)
    return command


def _not_blank(_ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """An empty variable of a script must not make a company a person in silence."""
    if value is not None and not value.strip():
        raise BadInput(
            _("{option} is empty").format(option=param.opts[0]),
            code="usage",
            hint=_("leave it out where there is nothing to say"),
        )
    return value


def buyer_of_row(row: Row) -> Buyer:
    """The buyer of a row: with a tax ID a company, else a person. Raises :class:`BadInput` without a title."""
    title = row.get("title")
    if not title:
        raise BadInput(
            _("nobody says whom the invoice shall be made out to"),
            code="title_missing",
            hint=_("add --title NAME, and --tax-id ID for a company"),
        )
    tax_id = normalised(row.get("tax-id"))
    return Buyer(
        title=title,
        type=TitleType.COMPANY if tax_id else TitleType.PERSON,
        tax_id=tax_id,
        address=row.get("address"),
        phone=row.get("phone"),
        bank=row.get("bank"),
        bank_account=row.get("bank-account"),
        email=row.get("email"),
        mobile=row.get("mobile"),
    )
