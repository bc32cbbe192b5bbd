"""A folder of recordings: each file is judged by itself; what is wrong is told with its key and what may stand there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from asctl.testing.recording_files import read_recordings

pytestmark = pytest.mark.storeless
GOOD: dict[str, Any] = {
    "capability": "Tracker",
    "method": "track",
    "taken": "2026-11-02",
    "case": "found",
    "request": {"waybill": "1234567890123"},
    "answers": [{"status": 200, "headers": {"Retry-After": 30}, "body": {"code": "OK"}}],
    "expect": {"0.events.#": 1, "error": None},
}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"capability": "Trakcer"}, 'capability is "Trakcer"; allowed: AccountChecker, AddressChanger'),
    ({"capability": None}, "capability is null; allowed: "),
    ({"method": "trak"}, 'method is "trak"; allowed: track'),
    ({"case": "lost"}, 'case is "lost"; allowed: found, unknown, refused, throttled, expired'),
    ({"case": []}, "case is []; allowed: found"),
    ({"asnwers": []}, "the file has a key asnwers that is not known; is it answers?"),
    ({"taken": "yesterday"}, 'taken should be a day such as 2026-11-02, and is "yesterday"'),
    ({"request": "1"}, 'request should be a JSON object, and is "1"'),
    ({"answers": []}, "answers should be a list of at least one answer, and is []"),
    ({"answers": ["OK"]}, 'answers.0 should be a JSON object, and is "OK"'),
    ({"answers": [{"body": "", "header": {}}]}, "answers.0 has a key header that is not known; is it headers?"),
    ({"answers": [{"body": "", "headers": {"A": []}}]}, "answers.0.headers should have texts for values"),
    ({"answers": [{"body": "", "status": "200"}]}, "answers.0.status should be an HTTP status from 200 to 599"),
    ({"answers": [{"body": "", "content_type": 5}]}, "answers.0.content_type should be text, and is 5"),
    ({"answers": [{}]}, "answers.0 should have either body or body_base64"),
    ({"answers": [{"body": "", "body_base64": ""}]}, "answers.0 should have either body or body_base64"),
    ({"answers": [{"body_base64": "#"}]}, "answers.0.body_base64 is no Base64"),
    ({"expect": {}}, "expect is empty"),
    ({"expect": {"0.events": []}}, "expect.0.events should be text, a number, true, false or null, and is []"),
    (
        {"expect": {"error.family": "refused"}},
        "expect.error.family is an error, and what is found is none; allowed as case: unknown, refused",
    ),
]


def put(folder: Path, **files: object) -> None:
    for name, told in files.items():
        (folder / f"{name}.json").write_text(told if isinstance(told, str) else json.dumps(told), "utf-8")


@pytest.mark.parametrize(("changed", "told"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_a_file_that_is_none_is_told(tmp_path: Path, changed: dict[str, Any], told: str) -> None:
    """With its name, the key and what may stand there; the file beside it is read all the same."""
    put(tmp_path, bad={**GOOD, **changed}, good=GOOD)
    recordings, (flaw,) = read_recordings(tmp_path)
    assert [one.name for one in recordings] == ["good"]
    assert flaw.startswith(f"{tmp_path.name}/bad.json: {told}"), flaw


@pytest.mark.parametrize("key", ["capability", "method", "taken", "answers", "expect"])
def test_what_must_be_there_is_missed(tmp_path: Path, key: str) -> None:
    """By name; ``case`` and ``request`` may be left out."""
    put(tmp_path, bad={name: value for name, value in GOOD.items() if name != key})
    _none, (flaw,) = read_recordings(tmp_path)
    assert f"bad.json: {key} " in flaw


@pytest.mark.parametrize(
    "text", ["", "[1]", "{", '{"a": NaN', "[" * 100_000], ids=["empty", "list", "half", "NaN", "deep"]
)
def test_what_is_no_object_is_told(tmp_path: Path, text: str) -> None:
    """Each file that is wrong is told, not the first one alone."""
    put(tmp_path, one=text, two=text)
    recordings, flaws = read_recordings(tmp_path)
    assert (recordings, [flaw.partition(":")[0] for flaw in flaws]) == (
        (),
        [f"{tmp_path.name}/one.json", f"{tmp_path.name}/two.json"],
    )


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With its whole path: it may have been left out of a wheel."""
    assert read_recordings(tmp_path / "gone").flaws == (
        f"{tmp_path / 'gone'} is no folder: make it, or leave out recorded= in the Conformance",
    )


def test_a_good_file_is_read_whole(tmp_path: Path) -> None:
    """Headers as text, a body that is JSON as its text."""
    put(tmp_path, good=GOOD)
    (recording,), flaws = read_recordings(tmp_path)
    (answer,) = recording.answers
    assert (flaws, answer.body, dict(answer.headers)) == ((), b'{"code": "OK"}', {"Retry-After": "30"})
