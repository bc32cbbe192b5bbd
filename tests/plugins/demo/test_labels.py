"""Return labels as plain text."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from unicodedata import east_asian_width

import pytest

from asctl.api import BadInput, LabelCase, LabelContent, LabelForm, LabelGoods, LabelLimits, RenderedLabels
from asctl_demo import asctl_label_renderers
from asctl_demo.labels import COLUMNS, TextLabels
from tests.plugins.demo.conftest import RMA, Scene
from tests.plugins.loopback import START

LABEL = LabelContent(
    RMA, RMA, "4000000010000000002", "demo-shop", "退货", "杯盖裂开", "苏*", "138****1234", "演示仓", "13800000000",
    "浙江省杭州市余杭区示例路10号2号楼3层301室退货组收", (LabelGoods("保温壶", "SKU-01", 2),), START, "8012", START,
)  # fmt: skip


def drawn(scene: Scene, *labels: LabelContent, size: str = "100x150") -> tuple[str, RenderedLabels]:
    out = BytesIO()
    told = TextLabels(scene.loop.context("", {})).render(iter(labels), LabelForm(size), out)
    return out.getvalue().decode(), told


def test_everything_stands_on_it(scene: Scene) -> None:
    """Case, goods, warehouse; of a shared parcel the other case, and the waybill where there is one."""
    shared = replace(LABEL, waybill="7000000000001", courier="demo", others=(LabelCase("R2", "4", "换货", "尺码"),))
    text, told = drawn(scene, shared)
    for word in (RMA, "2 x 保温壶 SKU-01", "演示仓 13800000000", "demo 7000000000001", "+ R2 换货 尺码 4", "8012"):
        assert word in text
    assert (told.pages, told.missing) == ((1,), frozenset())


@pytest.mark.parametrize("size", COLUMNS)
def test_no_line_is_wider_than_the_paper(scene: Scene, size: str) -> None:
    """Chinese characters count for two, and nothing of an address is lost."""
    text, _told = drawn(scene, LABEL, size=size)
    widths = [sum(2 if east_asian_width(one) in "WF" else 1 for one in line) for line in text.splitlines()]
    assert max(widths) <= COLUMNS[size]
    assert LABEL.return_address in text.replace("\n", "")


def test_each_has_a_page_and_all_one_file(scene: Scene) -> None:
    """In their order, the same bytes every time."""
    text, told = drawn(scene, LABEL, replace(LABEL, rma="R2"))
    assert [page.split("\n")[0] for page in text.split("\f")] == [RMA, "R2"]
    assert told.pages == (1, 1)
    assert drawn(scene, LABEL, replace(LABEL, rma="R2"))[0] == text


@pytest.mark.parametrize(("labels", "size", "code"), [((LABEL,), "a0", "unknown_size"), ((), "100x150", "no_labels")])
def test_what_cannot_be_drawn(scene: Scene, labels: tuple[LabelContent, ...], size: str, code: str) -> None:
    """A size that it does not know, and no label at all."""
    with pytest.raises(BadInput) as caught:
        drawn(scene, *labels, size=size)
    assert caught.value.code == code


def test_sizes_are_those_declared() -> None:
    """The limits name every size that it draws."""
    (spec,) = asctl_label_renderers()
    limits = spec.capabilities[0].limits
    assert isinstance(limits, LabelLimits)
    assert limits.sizes == tuple(COLUMNS)
