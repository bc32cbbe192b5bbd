"""What SF says no to in an order for a pickup (section 3), where the usual words for a parcel would mislead."""

from __future__ import annotations

from asctl.api import AsctlError, BadConfiguration, BadInput, RefusalReason, Refused
from asctl.api import translate as _

OUT_OF_HOURS = frozenset({"8096", "20011"})
BUSY_SEASON = "8177"


def pickup_error(code: str, subject: str) -> AsctlError | None:
    """The error for a code that only orders meet; ``None`` for any other. ``subject`` is the case whose goods are fetched."""
    if code in OUT_OF_HOURS:
        return Refused(
            _("SF fetches nothing for {subject} at that time").format(subject=subject),
            reason=RefusalReason.REFUSED_BY_RULE.value,
            code="outside_pickup_hours",
            hint=_("ask for other hours of the day, or for none: then the courier comes as soon as he can"),
        )
    if code == BUSY_SEASON:
        return Refused(
            _("SF takes no more pickups there at present, {subject} included").format(subject=subject),
            reason=RefusalReason.REFUSED_BY_RULE.value,
            code="peak_control",
            hint=_("order it again tomorrow, or from another courier"),
        )
    if code in ("1023", "6118"):
        return BadInput(
            _("SF misses the number or the goods in the order about {subject}").format(subject=subject),
            code="order_incomplete",
            hint=_("the case must name its goods: asctl rma show {subject}").format(subject=subject),
        )
    return _wrong_setting(code)


def _wrong_setting(code: str) -> BadConfiguration | None:
    """Their code: which setting of the account is wrong."""
    settings = {"8027": "pickup_template", "8057": "pickup_product"}
    if code not in settings:
        return None
    return BadConfiguration(
        _("SF does not know what the account names as {setting}").format(setting=settings[code]),
        code="pickup_setting_refused",
        hint=_("set {setting} to what was agreed with SF").format(setting=settings[code]),
    )
