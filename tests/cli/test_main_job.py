"""The main job from an empty store to a scanned label: every step a process of its own, on both stores."""

from __future__ import annotations

import shlex
from pathlib import Path

import pypdfium2

from tests.command_support import Command
from tests.plugins.labels.samples import printed, scanned
from tests.sandbox_support import BOTH_STORES, SandboxSite


@BOTH_STORES
def test_from_orders_to_a_label(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """Orders and applications come in, a stalled parcel's task is settled by the command it names, an RMA is opened and
    approved, its label printed, and a scanner that reads the paper finds the case again. One write went out."""
    assert asctl.process("order", "sync").code == 0
    assert asctl.process("aftersale", "sync").code == 0
    polled = asctl.process("parcel", "poll")
    assert (polled.code, polled.end["counts"].keys()) == (0, {"done"})
    stalled = asctl.process("parcel", "list", "--verdict", "stalled").records
    task = next(
        record
        for record in asctl.process("task", "list", "--kind", "contact_courier").records
        if record["waybill"] == stalled[0]["waybill"]
    )
    sandbox.forget()
    assert asctl.process(*spoken(task["next"]), "--yes").record["status"] == "done"
    assert asctl.process("task", "done", task["task"]).code == 0
    opened = asctl.process("rma", "open", task["order_id"], "--kind", "return", "--reason", "late").record
    approved = asctl.process(*spoken(opened["next"])).record
    assert approved["state"] == "approved"
    label = asctl.process(*spoken(approved["next"]), "-f", str(tmp_path / "label.pdf")).record
    (page,) = pypdfium2.PdfDocument(Path(label["file"]).read_bytes())
    codes = scanned(printed(page, 203))
    assert len(codes) == 2
    for code in codes:
        assert asctl.process("rma", "scan", code).record["rma"] == opened["rma"]
    assert [(entry["target"], entry["applied"]) for entry in sandbox.writes()] == [(task["order_id"], True)]


def spoken(command: str) -> list[str]:
    """The arguments of a command line that a record names."""
    program, *arguments = shlex.split(command)
    assert program == "asctl"
    return arguments
