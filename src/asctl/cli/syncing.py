"""What ``order sync`` and ``aftersale sync`` have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import click

from asctl.cli.options import output_options, work_options
from asctl.cli.report import SKIPPED
from asctl.cli.run import Run
from asctl.domain.errors import Unavailable
from asctl.domain.times import iso, moment_or_distance
from asctl.output.schemas import SYNC, sync_record
from asctl.text import _

if TYPE_CHECKING:
    from asctl.services.syncing import SyncResult

Command = TypeVar("Command", bound=Callable[..., Any])


def sync_options(command: Command) -> Command:
    """The options of both: which shops, from when, and those of every work that reports."""
    shops = click.option(
        "--shop", "shops", multiple=True, metavar="SHOP", help=_("Only this shop; may be given several times.")
    )
    since = click.option(
        "--since", metavar="TIME", help=_("Look back to this moment instead of going on from the cursor.")
    )
    return shops(since(output_options(work_options(command))))


def sync_shops(run: Run, shops: tuple[str, ...], since: str | None, feed: str) -> None:
    """Sync orders or after-sales of shops one after the other; one shop's failure does not stop the others."""
    from asctl.services.syncing import Sync
    from asctl.store.locks import hold

    moment = moment_or_distance(since, run.clock.now()) if since else None
    with run.report(SYNC) as report, hold(run.store, f"{feed} sync"):
        for shop in run.desk.accounts.shops(shops):
            sync = Sync(run.desk, shop, run.budget, moment, run.choices.jobs)
            result = sync.orders() if feed == "order" else sync.after_sales()
            record = sync_record(result.shop, result.seen, result.stored, result.cursor)
            early = ("stopped", _("stopped before the end; run it again to go on")) if result.stopped else None
            report.add(record, status=SKIPPED if early and not result.error else "", error=result.error, note=early)
            run.limit_hit = run.limit_hit or bool(result.stopped)
            for sentence in _remarkable(result):
                run.say(f"{result.shop}: {sentence}")
            if result.set_aside:
                run.tally.note(_set_aside(result))


def _remarkable(result: SyncResult) -> Iterator[str]:
    """What a person should know besides the record."""
    if result.parcels:
        yield _("{count} new parcels under watch").format(count=result.parcels)
    if result.unwatched:
        yield _("{count} parcels of couriers without a code of ours are not watched").format(count=result.unwatched)
    if result.missing:
        yield _("{count} orders vanished meanwhile").format(count=result.missing)
    if result.untold:
        start, end = map(iso, result.untold)
        yield _("changes from {start} to {end} are older than the shop tells; they were not read").format(
            start=start, end=end
        )
    for odd in sorted(result.set_aside, key=lambda odd: odd.number):
        yield _("{number} was set aside: {reason}").format(
            number=odd.number or _("one without a number"), reason=odd.reason
        )


def _set_aside(result: SyncResult) -> Unavailable:
    return Unavailable(
        _("{shop}: {count} could not be read and were set aside").format(shop=result.shop, count=len(result.set_aside)),
        code="set_aside",
        passing=False,
        hint=_(
            "look at them at the marketplace and tell the plugin's author; once it reads them, fetch them with --since"
        ),
    )
