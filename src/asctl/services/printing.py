"""Labels sent to a printer: drawn where nobody else can read them, on record before the spooler is asked, one job for all.

To print twice is a nuisance, to lose track of a label is worse: what a killed run left behind stays on record as unclear.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from asctl.capabilities.labels import RenderedLabels
from asctl.domain.errors import AsctlError, BadConfiguration, BadInput, Refused, Stale, Unclear
from asctl.domain.labels import PrintState
from asctl.services.desk import Desk
from asctl.services.drawing import render_into
from asctl.services.label_records import put_on_record
from asctl.services.labels import Ready
from asctl.services.renderers import Renderer
from asctl.services.spooling import Answer, check_spooler, known_printers, send_to_printer
from asctl.store import labels as stored_labels
from asctl.text import _

CONVERTED = (".pdf", ".png")
"""Files that the spooler turns into the printer's own language; all others are in it already."""


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """Which printer, by the spooler's name for it, and how many copies of each label."""

    printer: str
    copies: int = 1


@dataclass(frozen=True, slots=True)
class PrintedLabels:
    """What became of one job. ``pages`` are each label's, in their order; ``missing`` characters that no font has; ``error``
    says why it did not come about, or that nobody knows."""

    answer: Answer
    pages: tuple[int, ...]
    missing: frozenset[str]
    error: AsctlError | None


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A drawn file with the labels in it."""

    file: Path
    ready: tuple[Ready, ...]
    sha256: str
    rendered: RenderedLabels


def print_order(desk: Desk, printer: str, copies: int) -> PrintOrder:
    """Where to print: the named printer, else that of the setting ``label.printer``.

    Raises :class:`BadInput` (``no_printer``, ``bad_printer``), :class:`BadConfiguration` (``lp_missing``).
    """
    check_spooler()
    chosen = printer or str(desk.settings.value("label.printer") or "")
    if chosen.startswith("-"):
        raise BadInput(
            _("{printer} cannot be a printer's name, for the spooler takes it for an option").format(printer=chosen),
            code="bad_printer",
            hint=_("see the printers there are: lpstat -p"),
        )
    if not chosen:
        names = known_printers()
        hint = _("give --printer NAME, or set printer under [label]")
        raise BadInput(
            _("nobody says which printer shall print the labels"),
            code="no_printer",
            hint=_("{hint}; known are {names}").format(hint=hint, names=" ".join(names)) if names else hint,
        )
    return PrintOrder(chosen, copies)


def print_labels(desk: Desk, renderer: Renderer, ready: Sequence[Ready], order: PrintOrder) -> PrintedLabels:
    """Draw labels and hand them to the spooler as one job, in their order; both are on record, whatever comes of it.

    Raises what the renderer raises, :class:`BadConfiguration` (``no_room_to_print``) and :class:`Stale` (``label_outdated``);
    nothing is printed then.
    """
    staff = desk.staff_no
    with tempfile.TemporaryDirectory(prefix="asctl-print-") as folder:
        sheets = list(_drawn(renderer, ready, Path(folder)))
        noted = _note(desk, renderer, sheets, order, staff)
        options = _options(renderer)
        answer = send_to_printer(order.printer, _title(ready), order.copies, options, [sheet.file for sheet in sheets])
    now = desk.clock.now()
    with desk.store.write() as tx:
        why = _("{printer} did not take it").format(printer=order.printer)
        stored_labels.settle_prints(tx, noted, answer.state, answer.job, answer.said, now, why)
    pages = tuple(count for sheet in sheets for count in sheet.rendered.pages)
    missing = frozenset(character for sheet in sheets for character in sheet.rendered.missing)
    return PrintedLabels(answer, pages, missing, _error_of(order.printer, answer))


def _drawn(renderer: Renderer, ready: Sequence[Ready], folder: Path) -> Iterator[_Sheet]:
    """All labels in one file where the format allows it, else a file each."""
    together = [tuple(ready)] if renderer.many else [(each,) for each in ready]
    for number, labels in enumerate(together, start=1):
        yield _draw(renderer, labels, folder / f"{number:05}{renderer.suffix}")


def _draw(renderer: Renderer, ready: tuple[Ready, ...], file: Path) -> _Sheet:
    try:
        with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
            digest, rendered = render_into(cast(BinaryIO, out), renderer, ready)
    except OSError as error:
        raise BadConfiguration(
            _("the labels cannot be drawn into {folder}: {reason}").format(folder=file.parent, reason=error.strerror),
            code="no_room_to_print",
            hint=_("make room there, or set TMPDIR to a folder that has some"),
        ) from error
    return _Sheet(file, ready, digest, rendered)


def _note(desk: Desk, renderer: Renderer, sheets: Sequence[_Sheet], order: PrintOrder, staff: str) -> list[int]:
    """Raises :class:`Stale` where something changed since the labels were prepared: then no record is left, either."""
    now = desk.clock.now()
    numbers: list[int] = []
    with desk.store.write() as tx:
        for sheet in sheets:
            pages = sheet.rendered.pages
            recorded = put_on_record(tx, renderer, sheet.ready, pages, sheet.sha256, "", now, staff)
            for why in recorded.outdated.values():
                raise _outdated(why)
            numbers += recorded.labels
        return stored_labels.record_prints(tx, numbers, order.printer, order.copies, now, staff)


def _outdated(why: str) -> Stale:
    return Stale(
        _("nothing was printed, for while the labels were drawn something changed: {why}").format(why=why),
        code="label_outdated",
        hint=_("print them again: each case is looked at anew"),
    )


def _title(ready: Sequence[Ready]) -> str:
    """The name under which people find the job in the queue."""
    more = f"+{len(ready) - 1}" if len(ready) > 1 else ""
    return f"asctl-{ready[0].content.rma}{more}"


def _options(renderer: Renderer) -> list[str]:
    """A label is printed at its actual size: bars that were scaled to fit no longer scan."""
    if renderer.suffix not in CONVERTED:
        return ["raw"]
    size = renderer.form.size
    return ["print-scaling=none", f"media=Custom.{size}mm" if "x" in size else f"media={size.upper()}"]


def _error_of(printer: str, answer: Answer) -> AsctlError | None:
    if answer.state is PrintState.DONE:
        return None
    if answer.state is PrintState.UNCLEAR:
        return Unclear(
            _("it is not known whether {printer} prints the labels: {said}").format(printer=printer, said=answer.said),
            code="print_unclear",
            hint=_("look at the printer, and at: lpstat -o {printer}; print again only what is missing").format(
                printer=printer
            ),
        )
    names = known_printers()
    if names and printer.partition("/")[0] not in names:
        return BadInput(
            _("the spooler knows no printer {printer}: {said}").format(printer=printer, said=answer.said),
            code="unknown_printer",
            hint=_("known are {names}").format(names=" ".join(names)),
        )
    return Refused(
        _("{printer} does not take the labels: {said}").format(printer=printer, said=answer.said),
        code="print_refused",
        hint=_("see: lpstat -t; nothing was printed, so it can be asked again"),
    )
