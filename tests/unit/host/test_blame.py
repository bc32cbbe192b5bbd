"""What a plugin raised, in words."""

from __future__ import annotations

from functools import partial
from typing import Any

from asctl.host.blame import class_and_place, in_words, place_of, traceback_of
from asctl.host.calls import Whose
from asctl.host.warden import Warden


def raised(source: str, file: str = "/home/somebody/asctl_swift.py", **known: Any) -> BaseException:
    """What running the source raises under the warden, as the plugin's module in that file would."""
    code = compile(source, file, "exec")
    call = Warden().call(Whose("swift"), partial(exec, code, {"__name__": "asctl_swift.provider", **known}))
    assert call.error is not None
    return call.error


class _Odd(type):
    @property
    def __name__(cls) -> str:  # type: ignore[override]
        raise SystemExit(3)


class Odd(Exception, metaclass=_Odd):
    """Can say neither what it is called nor what it is about."""

    def __str__(self) -> str:
        raise SystemExit(3)


def test_the_place_is_the_plugins_own() -> None:
    """The last line of the plugin's own code, wherever it called on from there; the folder, which tells who its author is, is left
    out."""
    source = "import json\ndef track():\n    return json.loads('{')\ntrack()"
    assert place_of(raised(source)) == "asctl_swift.py line 3 in track"
    assert in_words(raised(source)).startswith("JSONDecodeError: Expecting property name")
    assert class_and_place(raised(source)) == "JSONDecodeError (asctl_swift.py line 3 in track)"


def test_a_package_counts_whole() -> None:
    """A module of the plugin's package is its own code; another package that it uses is not."""
    helper: dict[str, Any] = {"__name__": "helper"}
    exec(compile("def help(): 1 // 0", "/usr/lib/helper.py", "exec"), helper)
    assert place_of(raised("\nhelp()", "/x/provider.py", help=helper["help"])) == "provider.py line 2"


def test_no_code_of_the_plugins() -> None:
    """Where none of it was at work, no place is told."""
    assert place_of(ValueError("x")) == ""
    assert in_words(ValueError("x")) == "ValueError: x"


def test_an_exception_that_can_say_nothing() -> None:
    """Neither its class nor its words can end a run."""
    error = Odd()
    assert in_words(error) == class_and_place(error) == "Odd"
    assert traceback_of(error)
