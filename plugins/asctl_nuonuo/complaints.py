"""What is wrong with an invoice by their codes (section 5.11, the class *fix the input*), one sentence a group."""

from __future__ import annotations

from collections.abc import Mapping

from asctl.api import BadInput
from asctl.api import translate as _

_GROUPS: Mapping[str, str] = {
    "kind_refused": "E9101 E9107",
    "blue_refused": "E9102 E9512 E9520 E9522 E9529",
    "email_refused": "E9104",
    "discount_refused": "E9105 E9108 E9110 E9111 E9112 E9114 E9116 E9119",
    "buyer_differs": "E9113 E9115 E9117 E9118 E9120",
    "goods_code_missing": "E9121 E9138",
    "amounts_refused": "E9122 E9123 E9124 E9125 E9126 E9127 E9128 E9129 E9130 E9131",
    "too_many_invoices": "E9154",
    "buyer_tax_id_refused": "E9306 E9307 E9540",
    "question_malformed": "E9300 E9545 E9607",
}
DATA_CODES: Mapping[str, str] = {code: word for word, codes in _GROUPS.items() for code in codes.split()}
"""Their code -> our word."""


def data_refused(code: str, subject: str) -> BadInput | None:
    """The error where a code is about what was sent for ``subject``; ``None`` for another."""
    word = DATA_CODES.get(code)
    if word is None:
        return None
    sentence, hint = _words(word)
    return BadInput(
        _("Nuonuo refused {subject} ({code}): {what}").format(subject=subject, code=code, what=sentence),
        code=word,
        hint=hint,
    )


def _words(word: str) -> tuple[str, str]:
    """What is wrong, and what to do next."""
    author = _("tell the plugin's author")
    told = {
        "kind_refused": (_("it does not take this kind of invoice"), author),
        "blue_refused": (
            _("it does not take the blue invoice that is named"),
            _("check that the blue invoice is issued, is no red one, and is one of this seller"),
        ),
        "email_refused": (_("the e-mail address is too long"), _("correct the buyer's e-mail address")),
        "discount_refused": (
            _("a discount row does not follow the line that it belongs to"),
            _("give a discount the name, code and rate of the line before it, and no more than its amount"),
        ),
        "buyer_differs": (
            _("the buyer is not the one of the blue invoice"),
            _("reverse it with the buyer's data as they stand on the blue invoice"),
        ),
        "goods_code_missing": (
            _("a line has no tax category (税收分类编码)"),
            _("set it with asctl goods set, or set goods_code of the account"),
        ),
        "amounts_refused": (
            _("the amounts of a line do not agree, or there are none"),
            _("compare net, tax and gross of each line with the order"),
        ),
        "too_many_invoices": (_("it would become more than ten invoices"), _("divide the order's invoice by hand")),
        "buyer_tax_id_refused": (
            _("the buyer's tax ID is missing, or has another shape"),
            _("ask the buyer for the tax ID; it has 18 digits and capital letters"),
        ),
        "question_malformed": (_("the request is incomplete or malformed"), author),
    }
    return told[word]
