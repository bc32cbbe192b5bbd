"""``asctl rma``: open, approve, cancel, list, show; what comes back is in files of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from asctl.cli.options import Given, batch_input, list_options, output_options, pass_run, reveal_option
from asctl.cli.report import PLANNED
from asctl.cli.rma_scan import scan
from asctl.cli.rma_strays import dismiss, match, strays
from asctl.cli.rma_waybill import waybill
from asctl.cli.run import Run
from asctl.cli.shared import (
    LIMIT,
    Worked,
    known_shop,
    note_reveal,
    revealing,
    show_each,
    stored,
    word,
    words,
    work_rows,
)
from asctl.domain.errors import BadInput
from asctl.domain.identifiers import clean_order_id
from asctl.domain.rmas import RmaKind, RmaState
from asctl.domain.times import iso
from asctl.intake.columns import KIND, ORDER, REASON, RMA, SHOP, Column, clean_text
from asctl.intake.rows import Row
from asctl.output.records import Record
from asctl.output.schemas import RMA as RMA_SHAPE
from asctl.output.schemas import RMA_CHANGED, rma_record
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.rmas import Rma
    from asctl.services.cases import Case

LINES = Column("line", clean_text, ("lines",))
DESCRIPTION = Column("description", clean_text)


@click.group(
    "rma", help=_("RMAs: open, approve, cancel, list, show; their parcels: waybill, scan, strays, match, dismiss.")
)
def rma() -> None:
    """The group."""


def wanted_lines(text: str) -> dict[str, int]:
    """``SKU=2 OTHER=1`` (blank or comma between) as quantities by SKU. Raises :class:`BadInput`."""
    wanted: dict[str, int] = {}
    for part in text.replace(",", " ").split():
        sku, equals, quantity = part.rpartition("=")
        if not equals:
            sku, quantity = part, "1"
        if not sku or not quantity.isdecimal():
            raise BadInput(
                _("{part!r} names no goods").format(part=part[:60]),
                code="bad_line",
                hint=_("write SKU=QUANTITY, as CUP500-BL=1"),
            )
        wanted[sku] = wanted.get(sku, 0) + int(quantity)
    return wanted


@rma.command("open", help=_("Open cases on orders. Every RMA hangs on one order; an order may carry many."))
@batch_input(ORDER, replace(KIND, required=True), replace(REASON, required=True), LINES, DESCRIPTION, SHOP)
@click.option("--kind", type=words(RmaKind), help=_("What shall happen."))
@click.option("--reason", metavar="CLASS", help=_("The problem class, such as quality, damaged, wrong_goods."))
@click.option(
    "--line", "lines", multiple=True, metavar="SKU=QTY", help=_("Only these goods; may be given several times.")
)
@click.option("--description", metavar="TEXT", help=_("What the customer says."))
@click.option("--shop", metavar="SHOP", help=_("The shop, where two have the same number."))
@click.option("--again", is_flag=True, help=_("Open another one where the same case is open already."))
@click.option("--dry-run", is_flag=True, help=_("Check everything and open nothing."))
@output_options
@pass_run
def open_(run: Run, /, given: Given, lines: tuple[str, ...], again: bool, dry_run: bool, **options: str | None) -> None:
    from asctl.services.cases import case_of
    from asctl.services.rmas import Application, open_rma

    options["line"] = " ".join(lines) or None

    def open_one(row: Row) -> Worked:
        wanted = Application(
            row.get("order"),
            word(RmaKind, row.get("kind"), "kind"),
            row.get("reason"),
            wanted_lines(row.get("line")),
            row.get("shop"),
            row.get("description"),
        )
        opened, is_new = open_rma(run.desk, wanted, again, dry_run)
        case = case_of(run.desk, opened)
        if not is_new:
            told = _("{rma} is open for the same already; --again opens another one").format(rma=opened.rma)
            return Worked(_changed(case, case.next), skipped=("already_open", told))
        return Worked(_changed(case, ""), PLANNED) if dry_run else Worked(_changed(case, case.next))

    work_rows(run, RMA_CHANGED, given.rows(**options), open_one)


def _changed(case: Case, following: str) -> Record:
    return RMA_CHANGED.record(**rma_record(case.rma, case.phase, following))


@rma.command("approve", help=_("Confirm cases, so that the customer may send the goods; again, once the time ran out."))
@batch_input(RMA)
@output_options
@pass_run
def approve(run: Run, given: Given) -> None:
    from asctl.services.cases import case_of
    from asctl.services.rmas import approve_rma

    def approve_one(row: Row) -> Worked:
        before, after = approve_rma(run.desk, row.get("rma"))
        if after != before and before.state is RmaState.APPROVED:
            told = _("{rma} ran out at {before}; its goods may be sent in until {after} now")
            run.say(told.format(rma=after.rma, before=iso(before.due_at), after=iso(after.due_at)))
        case = case_of(run.desk, after)
        known = ("already_approved", _("it was approved before")) if after == before else None
        return Worked(_changed(case, case.next), skipped=known)

    work_rows(run, RMA_CHANGED, given.rows(), approve_one)


@rma.command("cancel", help=_("Withdraw cases; their labels are refused from then on."))
@batch_input(RMA)
@click.option("--reason", required=True, metavar="TEXT", help=_("Why; it goes into the audit trail."))
@output_options
@pass_run
def cancel(run: Run, given: Given, reason: str) -> None:
    from asctl.services.cases import case_of
    from asctl.services.rmas import cancel_rma

    def cancel_one(row: Row) -> Worked:
        after, cancelled = cancel_rma(run.desk, row.get("rma"), reason)
        _say_who_comes(run, after)
        known = None if cancelled else ("already_cancelled", _("it was cancelled before"))
        return Worked(_changed(case_of(run.desk, after), ""), skipped=known)

    work_rows(run, RMA_CHANGED, given.rows(), cancel_one)


def _say_who_comes(run: Run, cancelled: Rma) -> None:
    from asctl.services.pickups import latest_pickup

    pickup = latest_pickup(run.desk, cancelled.rma)
    if pickup is not None and pickup.effect == "accepted":
        told = _("{account} is still to fetch the goods of {rma}: asctl pickup cancel {rma}")
        run.say(told.format(account=pickup.account, rma=cancelled.rma))


@rma.command("list", help=_("Cases in the store, newest first."))
@click.option("--order", "order_id", metavar="ORDER", help=_("Only of this order."))
@click.option("--shop", default="", metavar="SHOP", help=_("Only of this shop."))
@click.option("--state", type=words(RmaState), help=_("Only in this state."))
@click.option("--kind", type=words(RmaKind), help=_("Only of this kind."))
@LIMIT
@list_options
@reveal_option
@pass_run
def list_(run: Run, order_id: str | None, shop: str, state: str | None, kind: str | None, limit: int | None) -> None:
    from asctl.services.cases import cases_of
    from asctl.store.rmas import RmaFilter, list_rmas

    wanted = RmaFilter(
        order_id=clean_order_id(order_id) if order_id else "",
        shop=known_shop(run, shop),
        state=RmaState(state) if state else None,
        kind=RmaKind(kind) if kind else None,
        limit=limit,
    )
    now = run.clock.now()
    found = stored(run, lambda tx: cases_of(tx, list_rmas(tx, wanted), now))
    with run.report(RMA_SHAPE) as report:
        for case in revealing(run, "rma list", found, lambda case: case.rma.rma):
            report.add(_shown(run, case))


@rma.command("show", help=_("Whole cases, with the phase each stands in and the command that comes next."))
@click.argument("ids", nargs=-1, required=True, metavar="RMA...")
@output_options
@reveal_option
@pass_run
def show(run: Run, ids: tuple[str, ...]) -> None:
    from asctl.services.cases import case_of
    from asctl.services.rmas import find_rma

    def find(number: str) -> list[Record]:
        case = case_of(run.desk, find_rma(run.desk, number))
        note_reveal(run, f"rma {case.rma.rma}", [case.rma.rma])
        return [_shown(run, case)]

    show_each(run, RMA_SHAPE, ids, find)


def _shown(run: Run, case: Case) -> Record:
    return rma_record(case.rma, case.phase, case.next, run.choices.reveal)


for command in (waybill, scan, strays, match, dismiss):
    rma.add_command(command)
