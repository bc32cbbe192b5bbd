"""What the READMEs and the help topic say of invoices: states, the decision table, follow-ups, exit codes, who issues."""

from __future__ import annotations

import re

import pytest

from asctl.api import InvoiceKind
from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.cli import exits
from asctl.cli.help_topics import TOPICS
from asctl.domain.invoices import InvoiceState
from asctl.domain.settlements import TABLE, Cell, Resolution, Standing, Step
from asctl.services import invoice_tasks
from asctl.services.offers import offers
from tests.documents.markdown import READMES, read, spans, table
from tests.documents.offered import offered

CHAPTERS = {"README.md": "## Invoices", "README.zh-CN.md": "## 发票"}
COLUMNS = (Standing.QUEUED, Standing.ORDINARY, Standing.ORDINARY_USED)
"""The columns of the topic's table: not issued yet, issued, and used by the buyer."""
WORDS: dict[str, Cell] = {
    "called off": (Step.CANCEL_APPLICATION,),
    "bills what stays": (Step.BILL_LESS,),
    "bills the new": (Step.BILL_ANEW,),
    "takes the title": (Step.EDIT_TITLE,),
    "stays": (Step.NOTHING,),
    "stays; --paper: give back": (Step.NOTHING,),
    "stays, with a note": (Step.ENDORSE,),
    "stays, with a note (背书)": (Step.ENDORSE,),
    "reversed": (Step.REVERSE_ALL,),
    "reversed, the rest billed": (Step.REVERSE_ALL, Step.REISSUE_REST),
    "reversed, the new billed": (Step.REVERSE_ALL, Step.REISSUE_NEW),
    "reversed, issued anew": (Step.REVERSE_ALL, Step.REISSUE_TITLE),
    "the goods reversed": (Step.REVERSE_GOODS,),
    "the amount reversed": (Step.REVERSE_AMOUNT,),
    "the fee is billed": (Step.BILL_FEE,),
}
"""What the topic's table calls each cell."""


def topic() -> str:
    return TOPICS["invoices"]()


def chapter(readme: str) -> str:
    """The part of a README that is about invoices."""
    return read(readme).partition(CHAPTERS[readme])[2].partition("\n## ")[0]


def issuers() -> dict[str, ProviderSpec]:
    return offered(ProviderKind.INVOICE)


def section(heading: str) -> str:
    """A section of the topic, up to the next one."""
    return re.split(r"^(?=[A-Z]\S.*\n\n)", topic().partition(f"\n{heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def explained(text: str) -> list[str]:
    """The words that stand indented before what they mean."""
    return re.findall(r"^  ([a-z_]+) {2,}\S", text, re.MULTILINE)


def told_cells() -> dict[str, list[str]]:
    """The topic's decision table: resolution -> what is done in each column."""
    below = topic().partition("and used by the buyer\n")[2].partition("\n\n")[0]
    rows = (re.split(r"\s{2,}", line.strip()) for line in below.splitlines())
    return {name: [cells[-2] if cell == "the same" else cell for cell in cells] for name, *cells in rows}


def test_topic_explains_every_state() -> None:
    """Each state that an invoice can have is explained once, in the order of its life."""
    assert explained(section("The queue")) == [*InvoiceState]


def test_topic_explains_every_follow_up() -> None:
    """Each kind of task that invoices bring about is there, and no other."""
    kinds = {value for value in vars(invoice_tasks).values() if isinstance(value, str) and value.startswith("invoice_")}
    assert sorted(explained(section("Tasks"))) == sorted(kinds)


def test_topic_has_every_resolution() -> None:
    """The table has a row for each, in the order of the rules."""
    assert list(told_cells()) == [*Resolution]


@pytest.mark.parametrize("resolution", Resolution)
def test_topics_table_is_the_decision_table(resolution: Resolution) -> None:
    """What it says of an ordinary invoice is what is decided."""
    cells = [WORDS[cell] for cell in told_cells()[resolution]]
    assert cells == [TABLE[resolution][column] for column in COLUMNS]


def test_topic_fits_a_terminal() -> None:
    """No line of it is longer than those of the other topics."""
    widest = max(len(line) for line in TOPICS["writes"]().splitlines())
    assert [line for line in topic().splitlines() if len(line) > widest] == []


def test_topics_exit_codes_exist() -> None:
    """It names documented codes, the gravest of an invoice's troubles among them."""
    below = topic().partition("\nExit codes\n")[2]
    told = [int(code) for code in re.findall(r"^ {2,3}(\d+)  ", below, re.MULTILINE)]
    assert told == sorted(
        (
            exits.MISUSE, exits.PARTIAL, exits.UNCLEAR, exits.UNAVAILABLE, exits.CREDENTIALS, exits.APPROVAL,
            exits.LOCKED, exits.LIMIT, exits.PLUGIN,
        )
    )  # fmt: skip


@pytest.mark.parametrize("readme", READMES)
def test_exit_codes_of_the_chapter_exist(readme: str) -> None:
    """Its table names those codes that mean something of their own for invoices."""
    told = [int(row[0]) for row in table(chapter(readme), "code", "码")]
    assert told == [exits.PARTIAL, exits.UNCLEAR, exits.CREDENTIALS, exits.APPROVAL, exits.LIMIT, exits.PLUGIN]


@pytest.mark.parametrize("readme", READMES)
def test_chapter_names_every_issuer(readme: str) -> None:
    """Each plugin that issues invoices is named by what an account calls it."""
    assert set(issuers()) <= set(spans(chapter(readme)))


@pytest.mark.parametrize("name", issuers())
def test_what_an_issuer_declares_is_all_that_the_documents_promise(name: str) -> None:
    """Both kinds, reversal, copies, files and callbacks: ``asctl account list`` says that the account can do each."""
    can, cannot = offers(ProviderKind.INVOICE, issuers()[name])
    assert f"invoice request --kind {InvoiceKind.DIGITAL_SPECIAL}" in can
    assert cannot == ()
