"""Issued invoices handed to the platform, so that the customer finds them at his order (reference/taobao-top.md section 8)."""

from __future__ import annotations

from asctl.api import AsctlError, Evidence, Finding, InvoiceResult, Refused, Submission, Unclear
from asctl.api import translate as _
from asctl_taobao import uploads
from asctl_taobao.shop import Shop
from asctl_taobao.wire import Row, listed, text, yes
from asctl_taobao.words import RESULT_EFFECT

ISSUED_ALREADY = "isv.invoice-success"


class InvoiceResults(Shop):
    """ResultTaker."""

    def hand_invoice_over(self, result: InvoiceResult) -> Submission:
        """``alibaba.einvoice.core.inv.upload``, with the file.

        Raises :class:`BadInput` before anything is sent, :class:`Refused` (``invoiced_already`` where another invoice is there)
        and :class:`Unclear`.
        """
        file = uploads.file_of(result)
        platform = "TM" if self.tmall else "TB"
        all_electronic = self.context.text("upload_kinds") == "electronic"
        try:
            self.top.ask(
                "alibaba.einvoice.core.inv.upload",
                uploads.parameters(result, platform, all_electronic),
                lambda answer: _must_say_yes(answer, result),
                write=True,
                upload=file,
            )
        except Refused as no:
            if no.upstream_code != ISSUED_ALREADY:
                raise
            return self._there_already(result, no)
        return Submission()

    def find_handed_over(self, result: InvoiceResult) -> Finding:
        """The result with the invoice's number among those of its order. Raises the read families.

        Whether results that were uploaded stand among those that the platform issued itself is not documented: only what is
        there proves something.
        """
        rows = self.top.ask(
            "alibaba.einvoice.create.result.get",
            {
                "payee_register_no": result.seller_tax_id,
                "platform_code": "tmall" if self.tmall else "taobao",
                "platform_tid": result.order_id,
            },
            lambda answer: [dict(row) for row in listed(answer.get("invoice_result_list"))],
        )
        ours = next((row for row in rows if _is_of(row, result)), None)
        if ours is None:
            return Finding(Evidence.ABSENT)
        effect = RESULT_EFFECT.get(text(ours.get("status")))
        return Finding(Evidence.PRESENT, effect, text(ours.get("serial_no")), text(ours.get("biz_error_msg")))

    def _there_already(self, result: InvoiceResult, no: Refused) -> Submission:
        """The platform has an invoice: this one, or one that it issued by itself. The text does not say which, so one looks."""
        try:
            found = self.find_handed_over(result)
        except AsctlError as trouble:
            raise _unseen(result, no) from trouble
        if found.evidence is Evidence.ABSENT:
            raise _another(result, no)
        return Submission(found.reference, _("Taobao has this invoice already"))


def _is_of(row: Row, result: InvoiceResult) -> bool:
    code = text(row.get("invoice_code"))
    return text(row.get("invoice_no")) == result.number and (not code or not result.code or code == result.code)


def _must_say_yes(answer: Row, result: InvoiceResult) -> None:
    """Raises :class:`Refused` for a no, ``KeyError`` for an answer that says neither."""
    if not yes(answer["is_success"]):
        raise Refused(
            _("Taobao did not take invoice {number} of order {order}").format(
                number=result.number, order=result.order_id
            ),
            hint=_("look at the order's invoice in the seller's back office"),
        )


def _another(result: InvoiceResult, no: Refused) -> Refused:
    return Refused(
        _("Taobao has an invoice of order {order} already, and it is not {number}: {words}").format(
            order=result.order_id, number=result.number, words=no.upstream_text
        ),
        code="invoiced_already",
        hint=_("look in the seller's back office which one the customer shall keep; the other is to be reversed"),
        upstream_code=no.upstream_code,
        upstream_text=no.upstream_text,
        request_id=no.request_id,
    )


def _unseen(result: InvoiceResult, no: Refused) -> Unclear:
    return Unclear(
        _("Taobao has an invoice of order {order} already, and nobody could look whether it is {number}").format(
            order=result.order_id, number=result.number
        ),
        code="refusal_unseen",
        hint=_("run `asctl action reconcile` later"),
        upstream_code=no.upstream_code,
        upstream_text=no.upstream_text,
        request_id=no.request_id,
    )
