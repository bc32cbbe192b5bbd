from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.cli import exits
from asctl.domain import errors
from asctl.domain.errors import AsctlError, Throttled

DOCUMENTED = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 130, 143}
FAMILIES = [*sorted(cls.family for cls in AsctlError.__subclasses__()), "bug"]


def error_of(family: str) -> AsctlError:
    cls = next(cls for cls in (*AsctlError.__subclasses__(), AsctlError) if cls.family == family)
    return Throttled("x", retry_after=timedelta(seconds=1)) if cls is Throttled else cls("x", code="x")


def test_every_documented_code_is_in_the_table_once() -> None:
    """The table holds the frozen codes and nothing else, with a name of its own for each."""
    codes = [entry.code for entry in exits.table()]
    assert set(codes) == DOCUMENTED
    assert len(codes) == len(DOCUMENTED) == len({entry.name for entry in exits.table()})


def test_the_order_of_severity_is_the_frozen_one() -> None:
    """The most severe code wins in the order of the design; 2 and 11 are not in it, they end a run before it begins."""
    assert exits.SEVERITY == (130, 143, 10, 1, 15, 7, 4, 5, 9, 8, 3, 12, 6, 0)
    assert set(exits.SEVERITY) == DOCUMENTED - {2, 11}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ({}, 0),
        ({"": 3}, 0),
        ({"": 1, "refused": 1}, 3),
        ({"refused": 2}, 3),
        ({"not_found": 1}, 3),
        ({"bad_input": 4}, 3),
        ({"unavailable": 4}, 5),
        ({"": 1, "unavailable": 4}, 3),
        ({"refused": 1, "unavailable": 4}, 3),
        ({"": 9, "throttled": 1}, 5),
        ({"": 9, "unclear": 1}, 4),
        ({"unclear": 1, "credentials_refused": 1}, 7),
        ({"stale": 1, "needs_approval": 1}, 9),
        ({"needs_approval": 1, "refused": 1}, 8),
        ({"": 9, "not_offered": 1, "unclear": 1}, 15),
        ({"plugin_broken": 1}, 15),
        ({"store": 1, "plugin_broken": 1}, 10),
        ({"bug": 1, "unclear": 1}, 1),
    ],
)
def test_rows_combine(rows: dict[str, int], code: int) -> None:
    """A family with a code of its own gives it; the others give 3, unless all rows alike found the far side down."""
    assert exits.code_of_rows(Counter(rows)) == code


@pytest.mark.parametrize(
    ("family", "fresh", "later"),
    [
        ("bad_input", 2, 3),
        ("bad_configuration", 2, 3),
        ("lock_held", 11, 3),
        ("not_found", 3, 3),
        ("refused", 3, 3),
        ("unavailable", 5, 5),
        ("throttled", 5, 5),
        ("credentials_refused", 7, 7),
        ("needs_approval", 8, 8),
        ("stale", 9, 9),
        ("store", 10, 10),
        ("unclear", 4, 4),
        ("not_offered", 15, 15),
        ("plugin_broken", 15, 15),
        ("bug", 1, 1),
    ],
)
def test_an_error_that_ends_the_run(family: str, fresh: int, later: int) -> None:
    """An error that ends the run gives its family's code; misuse and locks only before the first row."""
    assert exits.code_of_run(error_of(family), rows=0) == fresh
    assert exits.code_of_run(error_of(family), rows=7) == later


@given(st.dictionaries(st.sampled_from(["", *FAMILIES]), st.integers(0, 3)))
def test_no_rows_give_an_undocumented_code(rows: dict[str, int]) -> None:
    """Whatever happened to the rows, the code is documented, and 0 exactly where none failed."""
    code = exits.code_of_rows(Counter(rows))
    assert code in DOCUMENTED
    assert (code == 0) == (not any(count for family, count in rows.items() if family))


def test_every_family_is_known() -> None:
    """No family of errors falls through to a code by accident."""
    told = set(exits._ALWAYS) | set(exits._BEFORE_ANY_ROW) | {"not_found", "refused", "unavailable"}
    assert {value for name, cls in vars(errors).items() if (value := getattr(cls, "family", None))} == told
