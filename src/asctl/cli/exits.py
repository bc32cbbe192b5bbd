"""The exit codes (frozen, design section 5): their names and meaning, and which one follows from what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from asctl.domain.errors import AsctlError
from asctl.text import _

OK = 0
BUG = 1
MISUSE = 2
PARTIAL = 3
UNCLEAR = 4
UNAVAILABLE = 5
NOTHING_MATCHED = 6
CREDENTIALS = 7
APPROVAL = 8
STALE = 9
STORE = 10
LOCKED = 11
LIMIT = 12
PLUGIN = 15
INTERRUPTED = 130
TERMINATED = 143

SEVERITY = (
    INTERRUPTED, TERMINATED, STORE, BUG, PLUGIN, CREDENTIALS, UNCLEAR, UNAVAILABLE, STALE, APPROVAL, PARTIAL, LIMIT,
    NOTHING_MATCHED, OK,
)  # fmt: skip

_ALWAYS = {
    "bug": BUG,
    "store": STORE,
    "unclear": UNCLEAR,
    "credentials_refused": CREDENTIALS,
    "stale": STALE,
    "needs_approval": APPROVAL,
    "not_offered": PLUGIN,
    "plugin_broken": PLUGIN,
    "throttled": UNAVAILABLE,
}
_ALIKE = {"unavailable": UNAVAILABLE, "bad_configuration": MISUSE}
"""What a run comes to where every row failed for the same reason."""
_BEFORE_ANY_ROW = {"bad_input": MISUSE, "bad_configuration": MISUSE, "lock_held": LOCKED}


@dataclass(frozen=True, slots=True)
class Exit:
    """One exit code as it is documented; ``name`` is ``exit_name`` of the last JSON line."""

    code: int
    name: str
    meaning: str
    advice: str


def table() -> tuple[Exit, ...]:
    """Every exit code there is."""
    resume = _("run it again; a batch of writes: asctl batch resume")
    return (
        Exit(OK, "ok", _("all asked for is done, or there was nothing to do"), _("go on")),
        Exit(BUG, "bug", _("a bug in asctl"), _("report it")),
        Exit(MISUSE, "misuse", _("wrong arguments or configuration; nothing sent"), _("fix")),
        Exit(PARTIAL, "partial", _("finished; at least one item refused, failed or set aside"), _("read the rows")),
        Exit(UNCLEAR, "unclear", _("at least one outcome is unclear"), _("later: asctl action reconcile")),
        Exit(
            UNAVAILABLE,
            "unavailable",
            _("stopped or not begun: remote down, throttled or banned"),
            _("run again; retry_at is given"),
        ),
        Exit(NOTHING_MATCHED, "nothing_matched", _("nothing matched (only with --fail-if-empty)"), _("decide")),
        Exit(CREDENTIALS, "credentials_refused", _("credentials refused, or the clock is off"), _("call a person")),
        Exit(APPROVAL, "needs_approval", _("approval needed, or not allowed"), _("get approval")),
        Exit(STALE, "stale", _("changed since you looked"), _("look again")),
        Exit(STORE, "store", _("store missing, full, corrupt, read-only or of another schema"), "asctl doctor"),
        Exit(LOCKED, "locked", _("another run holds the lock"), _("cron: ignore")),
        Exit(LIMIT, "limit", _("deadline or --max-items reached"), resume),
        Exit(PLUGIN, "plugin", _("plugin missing, broken, or does not offer this"), _("fix")),
        Exit(INTERRUPTED, "interrupted", _("interrupted"), resume),
        Exit(TERMINATED, "terminated", _("terminated"), resume),
    )


def is_documented(code: object) -> bool:
    """Whether it is one of them."""
    return type(code) is int and any(entry.code == code for entry in table())


def name_of(code: int) -> str:
    """The name of an exit code."""
    return next(entry.name for entry in table() if entry.code == code)


def code_of_rows(families: Counter[str]) -> int:
    """The code that follows from the rows of a run: error family -> how many, with ``""`` for rows that fared well."""
    failed = [family for family, count in families.items() if family and count]
    if len(failed) == 1 and not families[""] and failed[0] in _ALIKE:
        return _ALIKE[failed[0]]
    return most_severe(_ALWAYS.get(family, PARTIAL) for family in failed)


def code_of_run(error: AsctlError, rows: int) -> int:
    """The code of an error that ended the run after ``rows`` rows. Misuse and locks end a run only before it begins."""
    if error.family == "unavailable":
        return UNAVAILABLE
    if error.family in _BEFORE_ANY_ROW and not rows:
        return _BEFORE_ANY_ROW[error.family]
    return _ALWAYS.get(error.family, PARTIAL)


def most_severe(codes: Iterable[int]) -> int:
    """The code that wins; those that end a run before it begins stand alone and win by themselves."""
    return min(codes, key=lambda code: SEVERITY.index(code) if code in SEVERITY else -1, default=OK)
