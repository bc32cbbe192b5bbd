"""Refusing applications (reference/taobao-top.md sections 4.5 and 5.1)."""

from __future__ import annotations

from functools import partial
from typing import Any

from asctl.api import (
    AfterSale,
    AfterSaleKind,
    AfterSaleRefusal,
    AfterSaleStatus,
    BadInput,
    Evidence,
    Finding,
    Refused,
    Submission,
)
from asctl.api import translate as _
from asctl_taobao import proofs
from asctl_taobao.agreements import exchange_not_offered
from asctl_taobao.multipart import Upload
from asctl_taobao.versions import Versions, must_say, unchanged, versioned
from asctl_taobao.wire import Row, listed, text
from asctl_taobao.words import EXCHANGE_TURNED

LEAST_CHARACTERS, MOST_CHARACTERS = 2, 200
_OPEN_TO_REFUSAL = frozenset({AfterSaleStatus.APPLIED, AfterSaleStatus.RETURNING})


class Refusals(Versions):
    """The refusing half of AfterSaleDesk."""

    def refuse_after_sale(self, refusal: AfterSaleRefusal) -> Submission:
        """Refuse a refund, a return, an exchange, or goods that came back.

        Raises :class:`BadInput` for text, proof or reason before anything is sent, :class:`Stale` where the
        application changed, :class:`Refused`, and :class:`Unclear`.
        """
        sale = refusal.after_sale
        _check_state(sale)
        _check_text(refusal.text)
        exchange = sale.kind is AfterSaleKind.EXCHANGE
        if exchange and not self.tmall:
            raise exchange_not_offered(sale)
        proof = proofs.upload("leave_message_pics" if exchange else "refuse_proof", refusal.proof)
        if self.tmall and not exchange and proof is None:
            raise _proof_missing(sale)
        reason_id = refusal.reason_id or (self._reason(refusal) if self.tmall else "")
        try:
            (self._refuse_exchange if exchange else self._refuse_refund)(refusal, reason_id, proof)
        except Refused as no:
            return Submission(message=self.after_no(sale, no, partial(self.find_refusal, refusal)))
        return Submission()

    def find_refusal(self, refusal: AfterSaleRefusal) -> Finding:
        """Read the application again. A refusal may leave the version as it is, so the status decides (section 4.2)."""
        now = self.after_sale(refusal.after_sale.after_sale_id)
        if now.status is AfterSaleStatus.REFUSED:
            return Finding(Evidence.PRESENT, message=now.raw_status)
        evidence = Evidence.ABSENT if unchanged(refusal.after_sale, now) else Evidence.UNKNOWN
        return Finding(evidence, message=now.raw_status)

    def _refuse_refund(self, refusal: AfterSaleRefusal, reason_id: str, proof: Upload | None) -> None:
        sale = refusal.after_sale
        self.top.ask(
            "taobao.refund.refuse",
            {**versioned(sale), "refuse_message": refusal.text, "refuse_reason_id": reason_id},
            lambda answer: must_say(answer, "is_success", sale),
            write=True,
            upload=proof,
        )

    def _refuse_exchange(self, refusal: AfterSaleRefusal, reason_id: str, proof: Upload | None) -> None:
        """The application itself, or the goods that came back for it."""
        sale = refusal.after_sale
        applied = sale.status is AfterSaleStatus.APPLIED
        method = "tmall.exchange.refuse" if applied else "tmall.exchange.returngoods.refuse"

        def read(answer: Row) -> None:
            self.top.refuse(method, sale.after_sale_id, answer["result"])
            must_say(answer["result"], "success", sale)

        decision = {
            "dispute_id": sale.after_sale_id,
            "seller_refuse_reason_id": reason_id,
            "leave_message": refusal.text,
            "fields": "dispute_id,status,modified" if applied else "",
        }
        self.top.ask(method, decision, read, write=True, upload=proof)

    def _reason(self, refusal: AfterSaleRefusal) -> str:
        """The one reason whose words stand in the refusal's text. Raises :class:`BadInput` that lists them all."""
        reasons = self._reasons(refusal.after_sale)
        meant = [number for number, words in reasons.items() if words in refusal.text]
        if len(meant) == 1:
            return meant[0]
        raise BadInput(
            _("Taobao wants one of its own reasons for refusing application {number}").format(
                number=refusal.after_sale.after_sale_id
            ),
            code="reason_unknown",
            hint=_("give one of these numbers, or its words in the text: {reasons}").format(
                reasons="; ".join(f"{number} {words}" for number, words in reasons.items()) or "-"
            ),
        )

    def _reasons(self, sale: AfterSale) -> dict[str, str]:
        """The platform's numbers with their words."""
        if sale.kind is not AfterSaleKind.EXCHANGE:
            refund = {"refund_id": sale.after_sale_id, "refund_phase": sale.phase}
            return self.top.ask(
                "taobao.refund.refusereason.get",
                {**refund, "fields": "reason_id,reason_text,reason_tips"},
                lambda answer: _by_number(answer.get("reasons")),
            )
        return self.top.ask(
            "tmall.exchange.refusereason.get",
            {"dispute_id": sale.after_sale_id, "fields": "reason_id,reason_text"},
            lambda answer: _by_number(answer["result"].get("results")),
        )


def _by_number(reasons: Any) -> dict[str, str]:
    return {text(row["reason_id"]): text(row["reason_text"]) for row in listed(reasons) if text(row["reason_text"])}


def _check_state(sale: AfterSale) -> None:
    if sale.status in _OPEN_TO_REFUSAL and sale.raw_status not in EXCHANGE_TURNED:
        return
    raise Refused(
        _("application {number} cannot be refused: it is {status} ({raw})").format(
            number=sale.after_sale_id, status=sale.status.value, raw=sale.raw_status
        ),
        code="nothing_to_refuse",
        hint=_("run `asctl aftersale sync` and look at it again"),
    )


def _check_text(words: str) -> None:
    if LEAST_CHARACTERS <= len(words) <= MOST_CHARACTERS:
        return
    raise BadInput(
        _("a refusal's text has {least} to {most} characters, and this one has {count}").format(
            least=LEAST_CHARACTERS, most=MOST_CHARACTERS, count=len(words)
        ),
        code="refusal_text_length",
        hint=_("say in one or two sentences why"),
    )


def _proof_missing(sale: AfterSale) -> BadInput:
    return BadInput(
        _("Tmall wants a picture as proof for refusing application {number}").format(number=sale.after_sale_id),
        code="proof_missing",
        hint=_("give a JPG, PNG or GIF of at most {most} bytes").format(most=proofs.MOST_BYTES),
    )
