"""Applications as they were when somebody decided, and as they are now (reference/taobao-top.md section 4.7)."""

from __future__ import annotations

from collections.abc import Callable

from asctl.api import AfterSale, AsctlError, BadInput, Evidence, Finding, NotFound, Refused, Stale, Unclear
from asctl.api import translate as _
from asctl_taobao.aftersales import AfterSales
from asctl_taobao.errors import BAD_CALL
from asctl_taobao.wire import Row


class Versions(AfterSales):
    """What the decisions on applications share."""

    def after_no(self, decided: AfterSale, no: Refused, look: Callable[[], Finding]) -> str:
        """What a "no" of the platform means. One about the application is not believed unseen, since money may have moved
        all the same (section 4.4), and the sub-code for a stale version is not known: so one looks, by ``look``.

        Returns words where what was asked for stands. Raises :class:`Stale` where the application changed to something
        else, :class:`Unclear` where nobody could look, else the refusal ``no``.
        """
        if no.code == BAD_CALL:
            raise no
        try:
            found = look()
        except NotFound:
            raise no from None
        except AsctlError as trouble:
            raise _unseen(decided, no) from trouble
        if found.evidence is Evidence.ABSENT:
            raise no
        if found.evidence is Evidence.UNKNOWN:
            raise _changed(decided, found, no)
        return _("Taobao said no, and yet what was asked for stands: {state}").format(state=found.message)


def unchanged(decided: AfterSale, now: AfterSale) -> bool:
    """Whether it is as it was. Lists tell no version of exchanges: there the time of change stands for it."""
    if decided.status is not now.status:
        return False
    if decided.version and now.version:
        return decided.version == now.version
    return decided.modified_at == now.modified_at


def require_version(after_sale: AfterSale) -> None:
    """Raises :class:`BadInput` where the version that the platform wants back is not known."""
    if after_sale.version:
        return
    raise BadInput(
        _("application {number} came without its version, which Taobao wants back").format(
            number=after_sale.after_sale_id
        ),
        code="version_missing",
        hint=_("run `asctl aftersale sync`, then run again"),
    )


def versioned(after_sale: AfterSale) -> dict[str, str]:
    """The parameters by which a write names a refund and the state of it that was decided on."""
    require_version(after_sale)
    return {
        "refund_id": after_sale.after_sale_id,
        "refund_phase": after_sale.phase,
        "refund_version": after_sale.version,
    }


def must_say(answer: Row, member: str, after_sale: AfterSale) -> None:
    """Raise for an answer whose flag ``member`` is not true: :class:`Refused` for false, ``ValueError`` for none."""
    if answer.get(member) is False:
        raise Refused(
            _("Taobao did not carry out the decision on application {number}").format(number=after_sale.after_sale_id),
            hint=_("look at the application in the seller's back office"),
        )
    if answer.get(member) is not True:
        raise ValueError(f"no flag {member}")


def _changed(decided: AfterSale, found: Finding, no: Refused) -> Stale:
    return Stale(
        _("application {number} changed since you looked: it is {raw} now").format(
            number=decided.after_sale_id, raw=found.message
        ),
        code="after_sale_changed",
        hint=_("run `asctl aftersale sync`, look at it again and decide anew"),
        upstream_code=no.upstream_code,
        upstream_text=no.upstream_text,
        request_id=no.request_id,
    )


def _unseen(decided: AfterSale, no: Refused) -> Unclear:
    return Unclear(
        _("Taobao said no to the decision on application {number}, and nobody could look whether that is so").format(
            number=decided.after_sale_id
        ),
        code="refusal_unseen",
        hint=_("run `asctl action reconcile` later"),
        upstream_code=no.upstream_code,
        upstream_text=no.upstream_text,
        request_id=no.request_id,
    )
