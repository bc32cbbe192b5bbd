"""Looking invoices up by numbers (section 5.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import NotFound, as_text
from asctl_nuonuo.client import Client, Question
from asctl_nuonuo.errors import odd_answer
from asctl_nuonuo.wire import QUERY, invoice_rows


def invoices(client: Client, numbers: Mapping[str, list[str]], subject: str, tax_id: str) -> list[dict[str, Any]]:
    """The invoices with these numbers (``orderNos`` are ours, ``serialNos`` Nuonuo's), none where it knows none. Raises the read
    families."""
    question = Question(QUERY, {**numbers, "isOfferInvoiceDetail": "0"}, invoice_rows, subject, tax_id)
    try:
        return client.ask(question)
    except NotFound:
        return []


def under(rows: list[dict[str, Any]], member: str, number: str) -> list[dict[str, Any]]:
    """Those that bear the number. Raises :class:`Unavailable` (``odd_answer``) where it was asked for, and only others came."""
    own = [row for row in rows if as_text(row.get(member)) == number]
    if rows and not own:
        raise odd_answer()
    return own
