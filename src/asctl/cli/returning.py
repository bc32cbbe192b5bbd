"""What the commands have in common that deal with goods to be sent back: cases by parcel, and who fetches them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from asctl.cli.run import Run
from asctl.domain.errors import AsctlError, BadInput
from asctl.domain.orders import Receiver
from asctl.domain.times import parse_moment
from asctl.intake.columns import CITY, DETAIL, DISTRICT, FETCH_FROM, FETCH_UNTIL, NAME, PHONE, PROVINCE, TOWN
from asctl.intake.rows import Row
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.actions import Wanted
    from asctl.domain.rmas import Rma
    from asctl.domain.windows import FetchWindow

Command = TypeVar("Command", bound=Callable[..., Any])

_WHERE = (NAME, PHONE, PROVINCE, CITY, DISTRICT, TOWN, DETAIL)
SENDER = (*_WHERE, FETCH_FROM, FETCH_UNTIL)
"""Where and when the goods are fetched."""
TOGETHER = click.option("--together", is_flag=True, help=_("Cases of one order travel in one parcel, under one label."))


def sender_options(command: Command) -> Command:
    """Where and when the goods are fetched; what is left out is taken from the order."""
    told = {
        "--name": _("Who hands the goods over."),
        "--phone": _("Phone of who hands them over."),
        "--province": _("Province, as 浙江省."),
        "--city": _("City, as 杭州市."),
        "--district": _("District or county."),
        "--town": _("Street or town."),
        "--detail": _("Road, number, door."),
        "--fetch-from": _("From when the courier may come, as 2026-11-23T09:00."),
        "--fetch-until": _("Until when."),
    }
    for name, help_ in reversed(told.items()):
        command = click.option(name, metavar="TIME" if "fetch" in name else "TEXT", help=help_)(command)
    return command


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a run's rows, by their numbers as given, or why they may not be sent in; and which travel together."""

    by_number: Mapping[str, Rma | AsctlError]
    parcels: Mapping[str, Sequence[Rma]]

    def parcel_of(self, row: Row) -> Sequence[Rma]:
        """The cases in the parcel of a row's case, by number. Raises what speaks against sending it in."""
        return self.parcels[self.case_of(row).rma]

    def case_of(self, row: Row) -> Rma:
        """A row's case. Raises as :meth:`parcel_of`."""
        found = self.by_number[row.get("rma")]
        if isinstance(found, AsctlError):
            raise found
        return found


def read_cases(run: Run, rows: Sequence[Row], together: bool) -> Cases:
    """Look the cases of all good rows up at once, and sort them by parcel; further ones in a parcel go with them."""
    from asctl.domain.rmas import travelling_together
    from asctl.services.travelling import companions, sendable_cases

    numbers = list(dict.fromkeys(row.get("rma") for row in rows if row.error is None and not row.repeats))
    found = sendable_cases(run.desk, numbers)
    asked = list({rma.rma: rma for rma in found.values() if not isinstance(rma, AsctlError)}.values())
    everybody = sorted((*asked, *companions(run.desk, asked)), key=lambda rma: rma.rma)
    parcels = travelling_together(everybody, together)
    return Cases(found, {rma.rma: parcel for parcel in parcels for rma in parcel})


def pickup_of(run: Run, row: Row, cases: Cases, account: str = "") -> Wanted:
    """The pickup that a row asks for, through ``account`` or the one that the row names."""
    from asctl.services.pickups import PickupWish, pickup_wanted

    sender = Receiver(**{column.name: row.get(column.name) for column in _WHERE})
    wish = PickupWish(row.get("account") or account, row.get("courier"), sender, _window(run, row))
    return pickup_wanted(run.desk, cases.parcel_of(row), wish)


def _window(run: Run, row: Row) -> FetchWindow | None:
    from asctl.domain.windows import asked_window

    start, end = row.get(FETCH_FROM.name), row.get(FETCH_UNTIL.name)
    if not start and not end:
        return None
    if not (start and end):
        raise BadInput(
            _("a courier who is told from when must be told until when, and the other way round"),
            code="bad_window",
            hint=_("give both: --fetch-from 2026-11-23T09:00 --fetch-until 2026-11-23T12:00"),
        )
    return asked_window(parse_moment(start), parse_moment(end), run.clock.now())


def travels_with(parcel: Sequence[Rma], rma: str) -> str | None:
    """The other cases in a parcel, for a record."""
    return " ".join(other.rma for other in parcel if other.rma != rma) or None
