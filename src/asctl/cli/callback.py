"""``asctl parcel receive`` and ``asctl invoice receive``: callbacks of couriers and of invoice providers."""

from __future__ import annotations

import click

from asctl.cli.options import pass_run
from asctl.cli.run import Run
from asctl.domain.errors import BadInput
from asctl.text import _


@click.command(
    "receive",
    help=_(
        "Take in one callback of a courier or an invoice provider: the body on stdin, exactly as it arrived. Prints the"
        " reply that its sender wants to read; a web server's script hands both through."
    ),
)
@click.option("--account", required=True, metavar="A", help=_("The account that the callback is meant for."))
@click.option(
    "--header",
    "headers",
    multiple=True,
    metavar="'NAME: VALUE'",
    help=_("A header of the call; may be given several times."),
)
@pass_run
def receive(run: Run, account: str, headers: tuple[str, ...]) -> None:
    from asctl.services.callbacks import receive as received

    named = (line.partition(":") for line in headers)
    taken = received(
        run.desk,
        account,
        {name.strip().lower(): value.strip() for name, _colon, value in named},
        _bounded(run),
    )
    run.stdout.write(taken.reply.body.decode("utf-8", "replace") + ("\n" if run.stdout.isatty() else ""))
    if taken.error is not None:
        raise taken.error
    if taken.open_question is not None:
        run.tally.note(taken.open_question)
        run.say(_("what the callback says could not be confirmed yet: {why}").format(why=taken.open_question.message))
    told = _("{account}: {kind}, {moved} parcels moved, {settled} actions settled; answer with HTTP {status}, {type}")
    if taken.kind == "invoice":
        told = _("{account}: {kind}, {settled} of them settled by asking; answer with HTTP {status}, {type}")
    run.say(
        told.format(
            account=account,
            kind=taken.kind,
            moved=len(taken.moved),
            settled=len(taken.settled),
            status=taken.reply.status,
            type=taken.reply.content_type,
        )
    )


def _bounded(run: Run) -> bytes:
    """The callback's body, no larger than an answer may be. Raises :class:`BadInput`."""
    most = int(run.settings.value("network.max_answer_mib")) * 1024 * 1024
    body = run.stdin_bytes.read(most + 1)
    if len(body) > most:
        raise BadInput(
            _("the callback is larger than {most} bytes").format(most=most),
            code="too_large",
            hint=_("it did not come from a courier; or raise network.max_answer_mib"),
        )
    return body
