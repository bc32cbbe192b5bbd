"""The decision table as reference/invoices.md section 11 prints it, written out by hand, in the letters of its legend: the witness
against which the rules and the commands are tested."""

from __future__ import annotations

from typing import Any

import pytest

from asctl.domain.settlements import Resolution, Standing, Step
from tests.invoice_support import ACCOUNTS

Cell = tuple[Resolution, Standing]

_COLUMNS = """
none    | queued  | issuing | ordinary | ordinary_used | special | special_used | partly_reversed | reversed
"""
"""Section 11 has *not issued* for the first two, and *already red* for the last two; used and unused it tells within a cell."""

_ROWS = """
refund_full            | N | Q cancel  | H | FR   | FR        | FR   | FR        | FR        | N
refund_part            | N | Q shrink  | H | FR+B | PR amount | FR+B | PR amount | PR amount | F
return_full            | N | Q cancel  | H | FR   | FR        | FR   | FR        | FR        | N
return_part            | N | Q shrink  | H | FR+B | PR goods  | FR+B | PR goods  | PR goods  | F
exchange_same          | N | N         | H | E    | E         | E    | E         | E         | S
exchange_new_face      | N | Q replace | H | FR+X | FR+X      | F    | F         | F         | S
exchange_dearer        | N | Q replace | H | FR+X | FR+X      | FR+X | FR+X      | F         | S
exchange_cheaper       | N | Q replace | H | FR+X | PR amount | FR+X | PR amount | PR amount | F
exchange_cheaper_other | N | Q replace | H | FR+X | FR+X      | FR+X | FR+X      | PR amount | F
repair_free            | N | N         | N | N    | N         | N    | N         | N         | N
repair_paid            | S fee | S fee | S fee | S fee | S fee | S fee | S fee  | S fee     | S fee
reship                 | N | N         | N | E    | E         | E    | E         | N         | N
goodwill               | N | N         | N | N    | N         | N    | N         | N         | N
platform_pays          | N | N         | N | N    | N         | N    | N         | N         | N
title_change           | N | Q edit    | H | FR+T | FR+T      | FR+T | FR+T      | F         | S
"""
"""``FR+T`` is the ``FR+X WRONG`` of the last row. Where section 11 says nothing of an invoice that is reversed in part, and the
new one would need all of it reversed, finance decides."""


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


COLUMNS = tuple(map(Standing, _cells(_COLUMNS.strip())))
LETTERS: dict[Cell, str] = {
    (Resolution(row), column): letters
    for row, *cells in map(_cells, _ROWS.strip().splitlines())
    for column, letters in zip(COLUMNS, cells, strict=True)
}
"""Row and column -> what section 11 says."""

STEPS: dict[str, tuple[Step, ...]] = {
    "N": (Step.NOTHING,),
    "Q cancel": (Step.CANCEL_APPLICATION,),
    "Q shrink": (Step.BILL_LESS,),
    "Q replace": (Step.BILL_ANEW,),
    "Q edit": (Step.EDIT_TITLE,),
    "H": (Step.HOLD,),
    "FR": (Step.REVERSE_ALL,),
    "FR+B": (Step.REVERSE_ALL, Step.REISSUE_REST),
    "FR+X": (Step.REVERSE_ALL, Step.REISSUE_NEW),
    "FR+T": (Step.REVERSE_ALL, Step.REISSUE_TITLE),
    "PR goods": (Step.REVERSE_GOODS,),
    "PR amount": (Step.REVERSE_AMOUNT,),
    "E": (Step.ENDORSE,),
    "S": (Step.BILL_NEW,),
    "S fee": (Step.BILL_FEE,),
    "F": (Step.ASK_FINANCE,),
}
"""The letters in the tool's own words."""


def cells_of(account: str, *rows: Resolution) -> list[Cell]:
    """The cells of some rows that are settled with an account: all with Nuonuo; with Baiwang a third, of every column some."""
    places = {row: place for place, row in enumerate(Resolution)}
    return [
        (row, column)
        for row, column in LETTERS
        if row in rows and (account == "nuonuo" or (places[row] + COLUMNS.index(column)) % 3 == 0)
    ]


def each_cell(*rows: Resolution) -> list[Any]:
    """What a test over each cell of some rows is parametrised with: the account, and the cell."""
    return [
        pytest.param(account, cell, id="-".join((account, *cell)))
        for account in ACCOUNTS
        for cell in cells_of(account, *rows)
    ]
