"""What a process has once, for all its threads: how it was, whether it still is, and how it is put back."""

from __future__ import annotations

import contextlib
import decimal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from locale import LC_ALL, setlocale
from os import chdir, getcwd
from signal import ITIMER_PROF, ITIMER_REAL, ITIMER_VIRTUAL, getitimer, setitimer
from sys import getrecursionlimit, setrecursionlimit
from threading import getprofile, gettrace, setprofile, settrace
from types import ModuleType

from asctl.text import _


@dataclass(frozen=True, slots=True)
class Shared:
    """One such thing: its name, whether it is as it was, and what makes it so again."""

    name: str
    is_same: Callable[[], bool]
    put_back: Callable[[], object]

    def mended(self) -> bool:
        """Put it back as far as that goes; whether there was need to. Anything may stand in its place now."""
        with contextlib.suppress(Exception):
            if self.is_same():
                return False
        with contextlib.suppress(Exception):
            self.put_back()
        return True


def as_it_is() -> Iterator[Shared]:
    """All that is kept, with how it is now. Nothing is looked up in a module later, where a plugin may have put something else."""
    folder, names, depth = _folder(), setlocale(LC_ALL), getrecursionlimit()
    if folder is not None:
        yield Shared(_("the working directory"), lambda: _folder() == folder, lambda: chdir(folder))
    yield Shared(_("the locale"), lambda: setlocale(LC_ALL) == names, lambda: setlocale(LC_ALL, names))
    yield _template(decimal.DefaultContext)
    for alarm in (ITIMER_REAL, ITIMER_PROF, ITIMER_VIRTUAL):
        if not getitimer(alarm)[0]:
            yield _silent(alarm)
    traced, profiled = gettrace(), getprofile()
    yield Shared("threading.settrace", lambda: gettrace() is traced, lambda: settrace(traced))
    yield Shared("threading.setprofile", lambda: getprofile() is profiled, lambda: setprofile(profiled))
    yield Shared(_("the recursion limit"), lambda: getrecursionlimit() == depth, lambda: setrecursionlimit(depth))


def attribute(module: ModuleType, name: str) -> Shared:
    """What stands under a name of a module."""
    there = vars(module)
    kept = there.get(name)
    return Shared(
        f"{module.__name__}.{name}",
        lambda: there.get(name) is kept,
        lambda: setattr(module, name, kept),
    )


def let_threads_begin() -> None:
    """None can be started while no hook waits for what it raises, and a plugin at work may have taken that away. What stands in for
    it until the call has ended is not as it was, so that the plugin is told of."""
    if threading.excepthook is None:
        threading.excepthook = _stand_in


def _stand_in(raised: threading.ExceptHookArgs) -> None:
    threading.__excepthook__(raised)


def arithmetic() -> str:
    """The name of what says how numbers are reckoned with."""
    return _("the decimal context")


def same_arithmetic(one: decimal.Context, other: decimal.Context) -> bool:
    """Whether two contexts reckon and write alike."""
    return (
        one.prec == other.prec
        and one.rounding == other.rounding
        and one.Emax == other.Emax
        and one.Emin == other.Emin
        and one.capitals == other.capitals
        and one.clamp == other.clamp
        and one.traps == other.traps
    )


def _template(template: decimal.Context) -> Shared:
    """That from which every new thread gets its own."""
    before = template.copy()

    def put_back() -> None:
        decimal.DefaultContext = template
        for name in ("prec", "rounding", "Emax", "Emin", "capitals", "clamp"):
            setattr(template, name, getattr(before, name))
        template.traps.update(before.traps)

    return Shared(
        arithmetic(), lambda: decimal.DefaultContext is template and same_arithmetic(template, before), put_back
    )


def _silent(alarm: int) -> Shared:
    return Shared(_("the alarm"), lambda: not getitimer(alarm)[0], lambda: setitimer(alarm, 0))


def _folder() -> str | None:
    try:
        return getcwd()
    except OSError:  # it was removed meanwhile
        return None
