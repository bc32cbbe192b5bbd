"""Label renderers: whole files or none, the same bytes for the same label, every word on paper or named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from io import BytesIO
from itertools import pairwise
from typing import Any

from asctl.capabilities.labels import LabelCase, LabelContent, LabelForm, LabelGoods, LabelLimits, RenderedLabels
from asctl.capabilities.specs import ProviderSpec
from asctl.domain.errors import AsctlError, BadConfiguration, BadInput
from asctl.domain.times import CHINA
from asctl.testing.hostile import HOSTILE
from asctl.testing.rules import Missing, Rule, Tier, expect
from asctl.testing.site import Outcome, Site

_APPROVED = datetime(2026, 11, 20, 9, 30, tzinfo=CHINA)
LABEL = LabelContent(
    rma="RMA2611200001X",
    qr="ASCTL1|RMA2611200001X|4012345678901234567|flagship",
    order_id="4012345678901234567",
    shop="flagship",
    kind="退货 / RETURN",
    reason="质量问题",
    customer="沈**",
    contact="139********",
    return_name="演示售后仓",
    return_phone="021-5555 0199",
    return_address="上海市青浦区示范路 88 号 3 号库",
    goods=(LabelGoods("陶瓷马克杯 350ml", "MUG-350", 2), LabelGoods("棉麻桌布", "TBL-140", 1)),
    valid_until=_APPROVED + timedelta(days=15),
    approved_by="8012",
    approved_at=_APPROVED,
    courier="顺丰速运",
    waybill="SF1234567890123",
)
_OTHER = LabelCase("RMA26112000427", "4012345678901230042", "换货 / EXCHANGE", "发错货")
_NUMBERS = ("rma", "qr", "waybill")
"""Checked before a label is drawn, so they are never hostile."""
_RARE = ("\U000323af", "\U000323ae")
_NO_SIZE = "7x7-of-nobody"
_NO_LAYOUT = "]]] {{{ \x00 this is no layout of anything ="
_LAYOUT_NAME = "kit-layout-4711"
_STOPPED = BadInput("the kit stops here", code="kit_stopped", hint="nothing to do")


def label_renderer_rules() -> Iterator[Rule]:
    """All rules for ``LabelRenderer``."""
    yield from _rules(
        "LabelRenderer",
        "render",
        ("forms", "every declared size, at every declared resolution, is drawn, and its pages are counted", _forms),
        ("same_bytes", "the same label gives the same bytes, on whatever day, after whatever label", _same_bytes),
        ("number", "the RMA number is on the label", _number),
        ("says", "where to, what, until when, with which waybill and with which other cases is on the label", _says),
        ("many", "as many labels as the limits say go into one file, in their order", _many),
        ("hostile", "whatever people write, the label is drawn, and its pages are counted", _hostile),
        ("missing", "a character that cannot be shown is named; one that can be is not", _missing),
        ("whole_or_none", "where it fails nothing is written", _whole_or_none),
        ("unknown_size", "a size that the limits do not name is BadInput", _unknown_size),
    )


def label_layouts_rules() -> Iterator[Rule]:
    """All rules for ``LabelLayouts``."""
    yield from _rules(
        "LabelLayouts",
        "layout",
        ("own", "every declared size has a layout, and handed back unchanged it draws the same", _own_layout),
        ("bad", "a bad layout is BadConfiguration that names where it came from, and nothing is written", _bad_layout),
        ("unknown_size", "a size that the limits do not name is BadInput", _no_layout),
    )


def _rules(capability: str, method: str, *rows: tuple[str, str, Any]) -> Iterator[Rule]:
    for name, says, check in rows:
        yield Rule(f"{capability}.{method}.{name}", Tier.BRONZE, f"{method}: {says}", check, capability)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a call of ``render`` came to, and what stands in the file now."""

    outcome: Outcome
    file: bytes

    @property
    def told(self) -> RenderedLabels:
        """What the renderer answered; there must be such an answer, with a page for each label, and a file."""
        expect(self.outcome.error is None, f"render should have succeeded, but there was {self.outcome.seen}")
        told = self.outcome.result
        expect(isinstance(told, RenderedLabels), f"there should be RenderedLabels, and was {self.outcome.seen}")
        assert isinstance(told, RenderedLabels)
        expect(all(pages >= 1 for pages in told.pages), f"the pages of each label are told as {told.pages}")
        expect(bool(self.file), "the file is empty")
        return told


def _limits(spec: ProviderSpec) -> LabelLimits:
    declared = spec.capability("LabelRenderer")
    limits = declared.limits if declared else None
    if not isinstance(limits, LabelLimits) or not limits.sizes:
        raise Missing("declare which sizes it draws: Capability('LabelRenderer', LabelLimits(sizes, suffix))")
    return limits


def _form(site: Site) -> LabelForm:
    """The first of each that is declared."""
    return _all_forms(site)[0]


def _all_forms(site: Site) -> list[LabelForm]:
    limits = _limits(site.spec)
    return [LabelForm(size, dpi) for size in limits.sizes for dpi in limits.dpis or (0,)]


def _draw(site: Site, labels: Iterable[LabelContent], form: LabelForm, *, anew: bool = False) -> _Drawn:
    """Draw into a file of its own; with ``anew`` in another process."""
    out = BytesIO()
    outcome = site.call("render", labels, form, out, provider=site.another_provider() if anew else None)
    expect(not out.closed, "the file was closed; the core reads it back")
    return _Drawn(outcome, out.getvalue())


def _bytes_of(site: Site, label: LabelContent, form: LabelForm | None = None) -> bytes:
    drawn = _draw(site, iter((label,)), form or _form(site))
    pages = drawn.told.pages
    expect(len(pages) == 1, f"one label was drawn, and the pages of {len(pages)} are told")
    return drawn.file


def _forms(site: Site) -> None:
    files = {(form.size, form.dpi): _bytes_of(site, LABEL, form) for form in _all_forms(site)}
    for one, two in pairwise(files):
        expect(files[one] != files[two], f"{one} and {two} are the same file")


def _same_bytes(site: Site) -> None:
    first = _bytes_of(site, LABEL)
    _bytes_of(site, replace(LABEL, rma="RMA2611200002Y", goods=LABEL.goods * 9, reprint=True))
    expect(_bytes_of(site, LABEL) == first, "after another label the same one is another file")
    site.pass_time(timedelta(days=400))
    again = _draw(site, iter((LABEL,)), _form(site), anew=True)
    expect(again.file == first, "on another day the same label is another file")


def _number(site: Site) -> None:
    same = _bytes_of(site, LABEL) == _bytes_of(site, replace(LABEL, rma="RMA2611200002Y"))
    expect(not same, "two labels with different numbers are the same file")


def _says(site: Site) -> None:
    plain = _bytes_of(site, replace(LABEL, others=(_OTHER,)))
    news: dict[str, Any] = {
        "order_id": "4012345678901239999",
        "kind": "换货 / EXCHANGE",
        "reason": "发错货",
        "return_name": "演示二号仓",
        "return_phone": "021-5555 0200",
        "return_address": "上海市青浦区示范路 89 号",
        "goods": (LabelGoods("陶瓷马克杯 350ml", "MUG-350", 3), *LABEL.goods[1:]),
        "valid_until": LABEL.valid_until + timedelta(days=1),
        "waybill": "SF1234567890124",
        "others": (replace(_OTHER, rma="RMA26112000438"),),
    }
    labels = {name: replace(LABEL, **({"others": (_OTHER,)} | {name: value})) for name, value in news.items()}
    missing = [name for name, label in labels.items() if _bytes_of(site, label) == plain]
    expect(not missing, f"another {', '.join(missing)} gives the same file")


def _many(site: Site) -> None:
    form = _form(site)
    labels = [LABEL, replace(LABEL, rma="RMA2611200002Y"), replace(LABEL, rma="RMA2611200003Z", goods=LABEL.goods * 20)]
    drawn = _draw(site, iter(labels), form)
    if not _limits(site.spec).many:
        _nothing_done(drawn, "three labels where a file holds one")
        return
    count = len(drawn.told.pages)
    expect(count == len(labels), f"three labels were drawn, and the pages of {count} are told")
    expect(_draw(site, labels[::-1], form).file != drawn.file, "in another order the labels are the same file")


def _texts(text: str) -> LabelContent:
    """A label all of whose free texts are this one."""
    free = {field.name: text for field in fields(LabelContent) if field.type == "str" and field.name not in _NUMBERS}
    goods = (LabelGoods(text, text, 10**9, text), LabelGoods(text, text, -5))
    others = (replace(_OTHER, order_id=text, kind=text, reason=text),)
    return replace(LABEL, **free, goods=goods, others=others, reprint=True)  # type: ignore[arg-type]


def _hostile(site: Site) -> None:
    """All in one file where one holds many; each alone where that fails, to tell which it was."""
    form, texts = _form(site), {what: _texts(text) for what, text in HOSTILE.items()}
    texts["a long list"] = replace(LABEL, goods=LABEL.goods * 100, others=(_OTHER,) * 12)
    if _limits(site.spec).many:
        drawn = _draw(site, iter(texts.values()), form)
        if drawn.outcome.error is None:
            count = len(drawn.told.pages)
            expect(count == len(texts), f"{len(texts)} labels were drawn, and the pages of {count} are told")
            return
    for what, label in texts.items():
        drawn = _draw(site, iter((label,)), form)
        expect(drawn.outcome.error is None, f"{what}: should be drawn, but there was {drawn.outcome.seen}")
        expect(len(drawn.told.pages) == 1, f"{what}: the pages of {len(drawn.told.pages)} labels are told")


def _missing(site: Site) -> None:
    form = _form(site)
    usual = _draw(site, iter((LABEL,)), form).told.missing
    expect(not usual, f"letters, digits and common Chinese are told as missing: {sorted(usual)}")
    drawn = {rare: _draw(site, iter((replace(LABEL, return_name=rare),)), form) for rare in _RARE}
    for rare, one in drawn.items():
        expect(one.told.missing <= {rare}, f"of {rare!r} alone {sorted(one.told.missing)} are told as missing")
    first, second = drawn.values()
    named = bool(first.told.missing and second.told.missing)
    expect(named or first.file != second.file, "two rare characters look the same, and are not told as missing")


def _nothing_done(drawn: _Drawn, what: str) -> None:
    expect(isinstance(drawn.outcome.error, BadInput), f"{what}: should be BadInput, but there was {drawn.outcome.seen}")
    expect(not drawn.file, f"{what}: {len(drawn.file)} bytes were written")


def _stopping() -> Iterator[LabelContent]:
    yield LABEL
    raise _STOPPED


def _whole_or_none(site: Site) -> None:
    form = _form(site)
    for what, labels in (("labels that break off", _stopping()), ("no labels", iter(()))):
        _nothing_done(_draw(site, labels, form), what)


def _unknown_size(site: Site) -> None:
    _nothing_done(_draw(site, iter((LABEL,)), replace(_form(site), size=_NO_SIZE)), "an unknown size")


def _own_layout(site: Site) -> None:
    first = _form(site)
    for size in _limits(site.spec).sizes:
        outcome = site.call("layout", size)
        expect(isinstance(outcome.result, str) and bool(outcome.result), f"the layout of {size} is {outcome.seen}")
        own = _bytes_of(site, LABEL, replace(first, size=size, layout=outcome.result, layout_name=_LAYOUT_NAME))
        if size == first.size:
            expect(own == _bytes_of(site, LABEL), f"its own layout of {size}, handed back, draws something else")


def _bad_layout(site: Site) -> None:
    drawn = _draw(site, iter((LABEL,)), replace(_form(site), layout=_NO_LAYOUT, layout_name=_LAYOUT_NAME))
    error: AsctlError | None = drawn.outcome.error
    expect(isinstance(error, BadConfiguration), f"should be BadConfiguration, but there was {drawn.outcome.seen}")
    assert error is not None
    expect(_LAYOUT_NAME in error.message, f"where it came from is not named: {error.message}")
    expect(not drawn.file, "something was written")


def _no_layout(site: Site) -> None:
    outcome = site.call("layout", _NO_SIZE)
    expect(isinstance(outcome.error, BadInput), f"should be BadInput, but there was {outcome.seen}")
