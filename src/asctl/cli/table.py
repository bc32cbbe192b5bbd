"""The commands: name, where each lives, one line of help. Nothing here imports a command."""

from __future__ import annotations

from asctl.text import _


def commands() -> dict[str, tuple[str, str]]:
    """Name -> (``module:attribute`` of the click command, one line of help), in the order of the overview."""
    return {
        "init": ("asctl.cli.init:init", _("Write a commented configuration and create the store.")),
        "demo": ("asctl.cli.demo:demo", _("Walk through the whole main job in a sandbox.")),
        "doctor": ("asctl.cli.doctor:doctor", _("Say what is wrong with this installation, and how to mend it.")),
        "config": ("asctl.cli.config:config", _("Show, explain and check the configuration.")),
        "account": ("asctl.cli.account:account", _("Shops and courier accounts: list them, check them.")),
        "plugin": (
            "asctl.cli.plugin:plugin",
            _("Plugins: what is installed and what it offers; check one, write one."),
        ),
        "order": ("asctl.cli.order:order", _("Orders: sync, list, show, remark.")),
        "aftersale": ("asctl.cli.aftersale:aftersale", _("After-sale applications of the marketplaces.")),
        "parcel": ("asctl.cli.parcel:parcel", _("Parcels under watch: add, poll, list, show, forget, watch.")),
        "track": ("asctl.cli.track:track", _("Ask where parcels are, now; stores nothing.")),
        "address": ("asctl.cli.address:address", _("Change the receiver of orders and of parcels under way.")),
        "intercept": ("asctl.cli.intercept:intercept", _("Call parcels back: request, status, cancel, list.")),
        "rma": (
            "asctl.cli.rma:rma",
            _("RMAs: open, approve, cancel, list, show; their parcels: waybill, scan, strays."),
        ),
        "pickup": ("asctl.cli.pickup:pickup", _("Have couriers fetch returns: request, cancel, list.")),
        "label": ("asctl.cli.label:label", _("Return labels: render, print, list, layout.")),
        "invoice": ("asctl.cli.invoice:invoice", _("Invoices: queue, issue, settle cases, reverse, show, download.")),
        "goods": ("asctl.cli.goods:goods", _("Tax categories of the shop's goods: set, list, forget.")),
        "task": ("asctl.cli.task:task", _("Follow-ups that somebody owes.")),
        "action": ("asctl.cli.action:action", _("Outgoing writes on record, and what became of them.")),
        "batch": ("asctl.cli.batch:batch", _("Batches of outgoing writes: list, show, resume.")),
        "db": ("asctl.cli.db:db", _("The store: upgrade, check, back up, describe; its audit trail.")),
        "completion": ("asctl.cli.completion:completion", _("Completion for bash, zsh and fish.")),
        "sandbox": ("asctl.cli.sandbox:sandbox", _("A make-believe outside world on this machine.")),
        "help": (
            "asctl.cli.help:help_",
            _("Topics, and references of API, commands, settings and fields."),
        ),
    }


def overview() -> str:
    """What ``asctl --help`` prints."""
    table = commands()
    width = max(map(len, table))
    lines = [f"  {name.ljust(width)}  {line}" for name, (_path, line) in table.items()]
    return "\n".join(
        [
            _("Usage: asctl [OPTIONS] COMMAND [VERB] [ARGS]..."),
            "",
            _("After-sales operations for online shops: orders, parcels, RMAs, return labels, invoices."),
            "",
            _("Options:"),
            "  --config FILE  " + _("Configuration file; default: ASCTL_CONFIG, else the user's own."),
            "  -v, --verbose  " + _("Tell on stderr what is done; twice for more."),
            "  --version      " + _("Show the version and exit."),
            "  -h, --help     " + _("Show this message and exit."),
            "",
            _("Commands:"),
            *lines,
            "",
            _("Try first: asctl demo. More about a command: asctl COMMAND --help"),
            "",
        ]
    )
