"""Applications as they were when somebody decided, and as they are now (reference/taobao-top.md section 4.7)."""

from __future__ import annotations

from asctl.api import AfterSale, AsctlError, BadInput, Refused, Stale
from asctl.api import translate as _
from asctl_taobao.aftersales import AfterSales
from asctl_taobao.wire import Row


class Versions(AfterSales):
    """What the decisions on applications share."""

    def why_refused(self, decided: AfterSale, refusal: Refused) -> AsctlError:
        """:class:`Stale` where a look finds that the application changed, else the refusal itself.

        The sub-code for a stale version is not known, so the application is read again.
        """
        try:
            now = self.after_sale(decided.after_sale_id)
        except AsctlError:
            return refusal
        return refusal if unchanged(decided, now) else _changed(decided, now, refusal)


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


def _changed(decided: AfterSale, now: AfterSale, refusal: Refused) -> Stale:
    return Stale(
        _("application {number} changed since you looked: it is {status} ({raw}) now").format(
            number=decided.after_sale_id, status=now.status.value, raw=now.raw_status
        ),
        code="after_sale_changed",
        hint=_("run `asctl aftersale sync`, look at it again and decide anew"),
        upstream_code=refusal.upstream_code,
        upstream_text=refusal.upstream_text,
        request_id=refusal.request_id,
    )
