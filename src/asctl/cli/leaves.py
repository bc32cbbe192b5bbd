"""What people say of a change to a parcel or an order: the flag of its remark, and what is expressly allowed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from asctl.domain.errors import BadInput
from asctl.domain.orders import Flag
from asctl.domain.slips import did_you_mean
from asctl.text import _

Command = TypeVar("Command", bound=Callable[..., Any])

FLAGS = [flag.name.lower() for flag in Flag]


def flag_named(text: str) -> Flag | None:
    """The flag that a cell names; ``None`` for an empty one. Raises :class:`BadInput`."""
    if text and text not in FLAGS:
        raise BadInput(
            _("there is no flag {text!r}").format(text=text[:40]),
            code="unknown_flag",
            hint=did_you_mean(text, FLAGS) or _("known are {words}").format(words=" ".join(FLAGS)),
        )
    return Flag[text.upper()] if text else None


def change_flag(command: Command) -> Command:
    """The flag that a change leaves on its order."""
    told = _("The flag that the order gets with its remark; default red.")
    return click.option("--flag", type=click.Choice(FLAGS), help=told)(command)


def leave_options(command: Command) -> Command:
    """What somebody must say expressly before a parcel is touched."""
    signed = click.option("--allow-signed", is_flag=True, help=_("Also where somebody says that it is signed."))
    several = click.option("--allow-several-orders", is_flag=True, help=_("Also a parcel that carries several orders."))
    return signed(several(command))
