"""``asctl rma scan``: what a parcel on the bench is, and that it is here."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import click

from asctl.cli.options import output_options, pass_run
from asctl.cli.report import SKIPPED, Report
from asctl.cli.run import Run
from asctl.cli.scanner import typed_codes
from asctl.cli.shared import tried
from asctl.domain.barcodes import repeatable
from asctl.domain.errors import AsctlError
from asctl.domain.times import iso
from asctl.intake.rows import STDIN
from asctl.output.blocks import open_answers
from asctl.output.scan_records import arrival_record
from asctl.output.scan_schemas import SCAN
from asctl.text import _

if TYPE_CHECKING:
    from asctl.services.scanning import Received

Look = Callable[[str], "Iterable[Received]"]


@click.command(
    "scan",
    help=_(
        "Say what any code on a parcel means: RMA, our QR code, waybill, order number, a courier's code. With - a scanner"
        " types the codes on stdin, and each is answered at once. A parcel that nobody knows is parked: see rma strays."
    ),
)
@click.argument("codes", nargs=-1, required=True, metavar="[CODE|-]...")
@click.option("--receive", "arrived", is_flag=True, help=_("Note that the parcel is here, and stop watching it."))
@click.option("--note", default="", metavar="TEXT", help=_("Kept with parcels that nobody knows, such as the shelf."))
@output_options
@pass_run
def scan(run: Run, codes: tuple[str, ...], arrived: bool, note: str) -> None:
    from asctl.services.scanning import look, receive

    def answer(code: str) -> Iterable[Received]:
        return receive(run.desk, code, note) if arrived else look(run.desk, code, note)

    writer = open_answers(SCAN, run.choices.format, run.choices.columns, run.stdout)
    with Report(SCAN, writer, run.tally) as report:
        for code in _codes(run, codes):
            _tell(report, code, tried(answer, code))
    if STDIN in codes and run.interruption.signum == signal.SIGINT:
        run.interruption.was_welcome()


def _tell(report: Report, code: str, answer: Iterable[Received] | AsctlError) -> None:
    if isinstance(answer, AsctlError):
        report.add(SCAN.record(input=repeatable(code), hint=answer.hint), error=answer)
        return
    for received in answer:
        record = {**arrival_record(received.arrival), "input": code}
        if received.refusal:
            report.add({**record, "hint": received.refusal.hint}, error=received.refusal)
        else:
            report.add(record, status=SKIPPED if received.before else "", note=_before(received))


def _before(received: Received) -> tuple[str, str] | None:
    rma = received.arrival.rma
    if not received.before or rma is None:
        return None
    told = _("{rma} was received at {moment} by {staff}")
    return "already_received", told.format(rma=rma.rma, moment=iso(rma.received_at), staff=rma.received_by)


def _codes(run: Run, codes: tuple[str, ...]) -> Iterator[str]:
    """The codes that were given; who scans ends with Ctrl-D or Ctrl-C, after the answer to the last code."""
    for code in codes:
        if code != STDIN:
            yield code
        elif not run.stopping():
            yield from run.interruption.until_signal(typed_codes(run.stdin_bytes))
