"""The reference of exit codes."""

from __future__ import annotations

from collections import Counter

from asctl.cli import exits
from asctl.domain import errors
from tests.documents.references.markup import fill, page, table


def exit_codes() -> str:
    """Every code, which one wins, and which family of errors leads to which."""
    codes = [(str(each.code), f"`{each.name}`", each.meaning, each.advice) for each in exits.table()]
    order = ", ".join(map(str, exits.SEVERITY))
    return page(
        "# Exit codes",
        fill("They are kept: a script may rely on them. `asctl help exit-codes` shows the same."),
        table(("code", "name", "meaning", "a script should"), codes),
        "## Which one wins",
        fill(f"Where several apply, the first of these: {order}. 2 and 11 end a run before it begins."),
        "## Error families",
        fill(
            "`error_family` of a record, or of the error that ended the run, decides. A row alone, several rows that all"
            " failed alike, and an error before any row may come to different codes."
        ),
        table(("family", "one row of several", "every row", "before any row"), map(_family, sorted(_families()))),
    )


def _families() -> set[str]:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.AsctlError)]
    return {kind.family for kind in kinds}


def _family(family: str) -> tuple[str, ...]:
    error = errors.AsctlError("", code="")
    error.family = family
    codes = (
        exits.code_of_rows(Counter({family: 1, "": 1})),
        exits.code_of_rows(Counter({family: 2})),
        exits.code_of_run(error, 0),
    )
    return (f"`{family}`", *map(str, codes))
