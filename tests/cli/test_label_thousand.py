"""A file as a warehouse orders it: the labels of many cases at once, each scanning as its own.

A longer run: ``ASCTL_LABELS=1000 pytest -s tests/cli/test_label_thousand.py``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pypdfium2
import pytest

from tests.command_support import Command
from tests.plugins.labels.samples import printed, scanned
from tests.sandbox_support import SandboxSite

pytestmark = pytest.mark.storeless

COUNT = int(os.environ.get("ASCTL_LABELS", "60"))


def test_every_code_of_a_long_file_is_its_own(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """``label render --from`` gives one file whose pages follow the rows; on each page a scanner reads that row's RMA, as bars
    and in the QR code, and no other."""
    orders = sandbox.orders(COUNT)
    sandbox.travel(0.02)
    assert asctl("order", "sync").code == 0
    rows = "\n".join(order["order_id"] for order in orders)
    (tmp_path / "orders.csv").write_text(f"order\n{rows}\n", "utf-8")
    opened = asctl("rma", "open", "--from", str(tmp_path / "orders.csv"), "--kind", "return", "--reason", "quality")
    numbers = [record["rma"] for record in opened.records]
    assert opened.code == 0, opened.err[:500]
    assert len(numbers) == COUNT
    (tmp_path / "rmas.csv").write_text("rma\n" + "\n".join(numbers) + "\n", "utf-8")
    assert asctl("rma", "approve", "--from", str(tmp_path / "rmas.csv")).code == 0
    file = tmp_path / "labels.pdf"
    result = asctl("label", "render", "--from", str(tmp_path / "rmas.csv"), "--format", "pdf", "-f", str(file))
    assert [record["rma"] for record in result.records] == numbers
    read = [scanned(printed(page, 203)) for page in pypdfium2.PdfDocument(file.read_bytes())]
    assert [_rmas(codes) for codes in read] == [{number} for number in numbers]
    assert all(len(set(codes)) == 2 for codes in read)


def _rmas(codes: list[str]) -> set[str]:
    """The cases that a page's codes name; a QR code holds order and shop besides."""
    return {code.split("|")[1] if "|" in code else code for code in codes}
