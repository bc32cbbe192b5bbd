"""``asctl label list`` and ``label layout``: which labels there are, which may still turn up, and how they are laid out."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tests.address_support import change, order_under_way
from tests.command_support import Command
from tests.plugin_support import install
from tests.sandbox_support import BOTH_STORES, SandboxSite

PLUGIN = """
from asctl.api import Capability, LabelLimits, ProviderSpec, hookimpl

class Plain:
    def __init__(self, context): ...

    def render(self, labels, form, out): ...

@hookimpl
def asctl_label_renderers():
    can = (Capability("LabelRenderer", LabelLimits(("a6",), ".plain")),)
    return [ProviderSpec(id="plain", title="Plain", api_version=1, factory="fake_plain:Plain", capabilities=can)]
"""


def draw(asctl: Command, folder: Path, *numbers: str, name: str = "labels.pdf") -> Path:
    file = folder / name
    assert asctl("label", "render", *numbers, "-f", str(file)).code == 0
    return file


def states(asctl: Command, *options: str) -> dict[str, str]:
    """The state of each case's newest label."""
    listed = asctl("label", "list", *options)
    assert listed.code == 0, listed
    return {record["rma"]: record["state"] for record in reversed(listed.records)}


@BOTH_STORES
def test_what_was_drawn_is_on_record(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """Who, when, into which file, which words; the newest first, and of one case alone with --rma in any spelling."""
    file = draw(asctl, tmp_path, *approved)
    records = asctl("label", "list").records
    assert {record["rma"] for record in records} == set(approved)
    (record,) = asctl("label", "list", "--rma", approved[1].lower()).records
    case = asctl("rma", "show", approved[1]).record
    assert {name: record[name] for name in record if name not in ("label", "rendered_at", "content_sha256")} == {
        "rma": approved[1], "order_id": case["order_id"], "shop": "flagship", "format": "pdf", "size": "100x150",
        "waybill": None, "state": "current", "by": case["opened_by"], "file": str(file), "pages": 1, "printed": 0,
        "printed_at": None, "void_at": None, "void_why": None,
    }  # fmt: skip
    assert re.fullmatch("[0-9a-f]{64}", record["content_sha256"])
    assert re.fullmatch(r"L\d+", record["label"])


def test_the_same_words_have_the_same_hash(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """A reprint says nothing new; another case's label does. Tables and CSV leave the hash out."""
    draw(asctl, tmp_path, *approved[:2])
    draw(asctl, tmp_path, approved[0], name="again.pdf")
    again, *first = asctl("label", "list").records
    same = [record["content_sha256"] == again["content_sha256"] for record in first]
    assert same == [record["rma"] == approved[0] for record in first]
    assert sorted(same) == [False, True]
    assert "sha256" not in asctl("label", "list", "-o", "csv").out
    assert again["label"] in asctl("label", "list", "-o", "table").out


def test_filters(sandbox: SandboxSite, asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """--since takes a moment or a distance, --limit the newest; a case that nobody knows is told and not an empty list."""
    draw(asctl, tmp_path, approved[0])
    sandbox.travel(2)
    draw(asctl, tmp_path, approved[1])
    assert set(states(asctl, "--since", "1h")) == {approved[1]}
    assert set(states(asctl, "--since", "3h")) == set(approved[:2])
    assert set(states(asctl, "--limit", "1")) == {approved[1]}
    wrong = asctl("label", "list", "--rma", approved[0][:-1] + "0")
    assert (wrong.code, wrong.error["code"]) == (2, "bad_rma_number")
    assert approved[0] in wrong.error["hint"]
    assert asctl("label", "list", "--void", "--fail-if-empty").code == 6


def test_a_cancelled_case_voids_its_labels(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """They may still arrive on a parcel, so they are listed; the labels of other cases stand."""
    draw(asctl, tmp_path, *approved)
    asctl("rma", "cancel", approved[0], "--reason", "客户不退了")
    assert states(asctl) == {approved[0]: "void", approved[1]: "current", approved[2]: "current"}
    (record,) = asctl("label", "list", "--void").records
    assert record["rma"] == approved[0]
    assert "cancelled" in record["void_why"]
    assert record["void_at"] >= record["rendered_at"]


def test_another_parcel_voids_what_shows_the_first(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """A label without waybill is as right as before; one that names a waybill is wrong once there is another, or another
    courier brings it."""
    draw(asctl, tmp_path, approved[0], name="1.pdf")
    asctl("parcel", "add", "YT5555555555555", "--rma", approved[0])
    assert states(asctl) == {approved[0]: "current"}
    draw(asctl, tmp_path, approved[0], name="2.pdf")
    asctl("parcel", "add", "YT5555555555555", "--rma", approved[0])
    assert states(asctl, "--void") == {}
    asctl("parcel", "add", "YT6666666666666", "--rma", approved[0])
    found = {Path(record["file"]).name: record for record in asctl("label", "list").records}
    assert {name: record["state"] for name, record in found.items()} == {"1.pdf": "current", "2.pdf": "void"}
    assert "YT5555555555555" in found["2.pdf"]["void_why"]
    draw(asctl, tmp_path, approved[0], name="3.pdf")
    asctl("parcel", "add", "YT6666666666666", "--courier", "zto", "--rma", approved[0])
    assert [Path(record["file"]).name for record in asctl("label", "list", "--void").records] == ["3.pdf", "2.pdf"]


def test_a_new_address_voids_labels(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """What shows the customer's old address is listed with the change that made it wrong."""
    order, _waybill = order_under_way(sandbox, asctl)
    rma = asctl("rma", "open", order, "--kind", "return", "--reason", "quality").record["rma"]
    asctl("rma", "approve", rma)
    draw(asctl, tmp_path, rma)
    changed = change(asctl, order).record
    assert changed["status"] == "done"
    (record,) = asctl("label", "list", "--void").records
    assert record["rma"] == rma
    assert changed["action_id"] in record["void_why"]
    draw(asctl, tmp_path, rma, name="new.pdf")
    assert [record["state"] for record in asctl("label", "list").records] == ["current", "void"]


def test_out_of_time(sandbox: SandboxSite, asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """Once the goods were due their label may still arrive on a parcel. More time does not make it right again: it shows the
    old day, so only one that is drawn after that is current."""
    draw(asctl, tmp_path, *approved[:2])
    sandbox.travel(24 * 16)
    assert states(asctl, "--void") == {approved[0]: "void", approved[1]: "void"}
    asctl("rma", "approve", approved[0])
    assert states(asctl, "--void") == {approved[0]: "void", approved[1]: "void"}
    assert "another time to send" in asctl("label", "list", "--rma", approved[0]).record["void_why"]
    draw(asctl, tmp_path, approved[0], name="2.pdf")
    assert states(asctl) == {approved[0]: "current", approved[1]: "void"}


def test_a_second_approval_of_what_still_may_be_sent(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """It changes nothing, so the label stands."""
    draw(asctl, tmp_path, approved[0])
    assert asctl("rma", "approve", approved[0]).code == 0
    assert states(asctl) == {approved[0]: "current"}


def test_goods_that_came_back_end_it(sandbox: SandboxSite, asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """A void label whose parcel the warehouse has is not waited for any more."""
    waybill = sandbox.parcel("YT7777777777777", (5, "PICKED_UP", "杭州"), (1, "DELIVERED", "杭州"))
    asctl("parcel", "add", waybill, "--rma", approved[0])
    draw(asctl, tmp_path, approved[0])
    asctl("rma", "cancel", approved[0], "--reason", "换了处理办法")
    assert states(asctl, "--void") == {approved[0]: "void"}
    asctl("parcel", "poll")
    assert asctl("parcel", "show", waybill).record["status"] == "DELIVERED"
    assert states(asctl, "--void") == {}
    assert states(asctl) == {approved[0]: "void"}


def test_a_label_never_drawn_is_nowhere(asctl: Command, approved: list[str]) -> None:
    """Cases without label are in no list."""
    asctl("rma", "cancel", approved[0], "--reason", "客户不退了")
    assert asctl("label", "list").records == []
    assert asctl("label", "list", "--void").records == []


def test_the_help_says_what_void_means(plain: Command) -> None:
    """Those are void ones that may still arrive on a parcel."""
    told = " ".join(plain.process("label", "list", "--help").out.split())
    assert "may still arrive on a parcel" in told


def test_the_standard_layout(plain: Command) -> None:
    """A TOML to copy and change, without configuration or store; an unknown size names the known ones."""
    told = plain("label", "layout", "100x150")
    assert told.code == 0
    assert tomllib.loads(told.out)
    size = plain("label", "layout", "9x9")
    assert (size.code, size.out) == (2, "")
    assert "100x150" in size.err


def test_layouts_that_cannot_be_changed(plain: Command, plugin_folder: Path) -> None:
    """A renderer need not offer one, and a format may be unknown: exit 15 with a sentence."""
    install(plugin_folder, "plain", PLUGIN)
    fixed = plain("label", "layout", "a6", "--format", "plain")
    assert (fixed.code, fixed.out) == (15, "")
    assert "plain labels cannot be changed" in fixed.err
    assert plain("label", "layout", "a6", "--format", "gif").code == 15


def test_a_renderer_that_fails_is_no_fixed_layout(plain: Command, plugin_folder: Path) -> None:
    """A fault of the plugin is told as one."""
    capable = PLUGIN.replace("can = (", 'can = (Capability("LabelLayouts"), ')
    assert capable != PLUGIN
    install(plugin_folder, "plain", capable + "\nPlain.layout = lambda self, size: {}[size]\n")
    broken = plain("label", "layout", "a6", "--format", "plain")
    assert broken.code == 15
    assert "fault of the plugin" in broken.err


def test_a_renderer_has_no_way_out(plain: Command, plugin_folder: Path) -> None:
    """One that wants to call somebody is told apart from one that crashes: labels are drawn without a network."""
    capable = PLUGIN.replace("can = (", 'can = (Capability("LabelLayouts"), ')
    calls = capable.replace("def __init__(self, context): ...", "def __init__(self, context): self.http = context.http")
    install(plugin_folder, "plain", calls + "\nPlain.layout = lambda self, size: self.http.call(None, None)\n")
    broken = plain("label", "layout", "a6", "--format", "plain")
    assert (broken.code, broken.out) == (15, "")
    assert "plugin plain" in broken.err
    assert "without a network" in broken.err
