from __future__ import annotations

from .conftest import ReadFile


def test_each_line_is_its_own_header(read_file: ReadFile) -> None:
    """Objects may have different keys; our own other fields, also nested ones, are ignored; null is absent."""
    got = read_file(
        b'{"waybill": "SF1234567890123", "events": [{"at": 1}], "courier": null}\n\n{"input": "SF1234567890124"}\n'
    )
    assert [(row.line, row.get("waybill"), row.get("courier")) for row in got] == [
        (1, "SF1234567890123", ""),
        (3, "SF1234567890124", ""),
    ]


def test_numbers_keep_their_digits(read_file: ReadFile) -> None:
    """A long number is its digits; one in scientific notation is spoilt."""
    got = read_file(b'{"waybill": 123456789012345678901}\n{"waybill": 7.12E+13}\n')
    assert got[0].get("waybill") == "123456789012345678901"
    assert got[1].error is not None
    assert got[1].error.code == "spoilt_number"


def test_bad_lines_are_set_aside(read_file: ReadFile) -> None:
    """Not JSON, not an object, an unknown or missing key, a list for a value: each has its reason, and none stops the rest."""
    got = read_file(
        b'{"waybill": "SF1234567890123"}\n{"waybill"\n[1]\n{"waybill": "SF1234567890124", "colour": 1}\n'
        b'{"courier": "sf"}\n{"waybill": ["SF1234567890125"]}\n{"waybill": "SF1234567890126"}\n'
    )
    assert [row.error.code if row.error else "" for row in got] == [
        "", "bad_row", "bad_row", "unknown_column", "missing_column", "bad_value", "",
    ]  # fmt: skip
