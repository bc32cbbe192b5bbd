"""What label renderers and notifiers do wrong: a behaviour for each rule of the kit about them."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from itertools import count
from typing import Any

from asctl.api import AsctlError, BadConfiguration, BadInput, Context, HttpRequest, LabelForm, RenderedLabels
from tests.kit.wrong import Behaviour, Method
from tests.kit.wrong_couriers import Wrong, asking, pretending

_drawn = count(1)


def drawing(**changed: Any) -> Behaviour:
    """Draws every label with something else on it."""

    def behaviour(method: Method, arguments: tuple[Any, ...]) -> Any:
        labels, form, out = arguments
        return method((replace(label, **changed) for label in labels), form, out)

    return behaviour


def telling(**told: Any) -> Behaviour:
    """Draws as it should, and tells something else of it."""
    return lambda method, arguments: replace(method(*arguments), **told)


def counting(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Writes into each file which one it is, as programs do with dates and random numbers."""
    told = method(*arguments)
    arguments[2].write(f"file {next(_drawn)}".encode())
    return told


def alone(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Draws the first label and leaves the others."""
    labels, form, out = arguments
    return method(iter([next(iter(labels))]), form, out)


def sorting(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Draws the labels in an order of its own."""
    labels, form, out = arguments
    return method(sorted(labels, key=lambda label: str(label.rma)), form, out)


def fearful(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Draws only what can be written as bytes."""
    labels, form, out = arguments
    labels = list(labels)
    for label in labels:
        label.return_name.encode("utf-8")
    return method(iter(labels), form, out)


def silent_about_rare_ones(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Draws a question mark for what its font does not have, and tells nobody."""
    labels, form, out = arguments
    plain = (
        replace(label, return_name="".join("?" if ord(letter) > 0xFFFF else letter for letter in label.return_name))
        for label in labels
    )
    return method(plain, form, out)


def hasty(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Begins the file before it has seen the labels."""
    arguments[2].write(b"%LABEL\n")
    return method(*arguments)


def closing(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Closes a file that is not its own."""
    told = method(*arguments)
    arguments[2].close()
    return told


def guessing(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Takes a size that it knows for one that it does not."""
    try:
        return method(*arguments)
    except BadInput:
        first, *others = arguments
        if isinstance(first, str):
            return method("100x150")
        form, out = others
        return method(iter(first), LabelForm("100x150", form.dpi), out)


def forgiving(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Draws with its own layout where the shop's is bad."""
    labels, form, out = arguments
    kept = list(labels)
    try:
        return method(iter(kept), form, out)
    except BadConfiguration:
        return method(iter(kept), replace(form, layout="", layout_name=""), out)


def nameless(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Says that a layout is bad, and not which."""
    try:
        return method(*arguments)
    except BadConfiguration as error:
        raise BadConfiguration("a layout is bad", code="bad_label_layout") from error


def wider(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Tells a layout that is not the one it draws by."""
    return str(method(*arguments)).replace("bold = true", "bold = false")


def _only(severity: str) -> Behaviour:
    def behaviour(method: Method, arguments: tuple[Any, ...]) -> Any:
        assert arguments[0].severity == severity
        return method(*arguments)

    return behaviour


def careless_of_halves(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Has no bytes for half characters."""
    arguments[0].text.encode("utf-8")
    return method(*arguments)


def swallowing(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Draws into a file of its own, and hands over nothing."""
    labels, form, _out = arguments
    try:
        return method(labels, form, BytesIO())
    except AsctlError:
        return RenderedLabels(())


class Calling:
    """Asks somebody on the network how a label looks."""

    def __init__(self, context: Context) -> None:
        self._http = context.http

    def render(self, _labels: object, _form: object, _out: object) -> RenderedLabels:
        return self._http.call(
            lambda: HttpRequest("GET", "http://127.0.0.1/", "ask"), lambda _answer: RenderedLabels((1,))
        )


_RENDER = "LabelRenderer.render"
LABELS = (
    Wrong(f"{_RENDER}.forms", swallowing, "the file is empty"),
    Wrong(f"{_RENDER}.forms", telling(pages=(0,)), "the pages of each label are told as (0,)"),
    Wrong(f"{_RENDER}.forms", closing, "the file was closed"),
    Wrong(f"{_RENDER}.forms", pretending(None), "must be RenderedLabels, and is NoneType"),
    Wrong(f"{_RENDER}.same_bytes", counting, "is another file"),
    Wrong(f"{_RENDER}.number", drawing(rma="RMA"), "are the same file"),
    Wrong(f"{_RENDER}.says", drawing(waybill=""), "another waybill gives the same file"),
    Wrong(f"{_RENDER}.says", drawing(others=()), "another others gives the same file"),
    Wrong(f"{_RENDER}.many", alone, "the pages of 1 are told"),
    Wrong(f"{_RENDER}.many", sorting, "in another order"),
    Wrong(f"{_RENDER}.hostile", fearful, "half characters: should be drawn"),
    Wrong(f"{_RENDER}.missing", silent_about_rare_ones, "look the same"),
    Wrong(f"{_RENDER}.missing", telling(missing=frozenset("演")), "are told as missing"),
    Wrong(f"{_RENDER}.whole_or_none", hasty, "bytes were written"),
    Wrong(f"{_RENDER}.unknown_size", guessing, "should be BadInput"),
)
LAYOUTS = (
    Wrong("LabelLayouts.layout.own", pretending(""), "the layout of 100x150 is"),
    Wrong("LabelLayouts.layout.own", wider, "draws something else"),
    Wrong("LabelLayouts.layout.bad", forgiving, "should be BadConfiguration", "render"),
    Wrong("LabelLayouts.layout.bad", nameless, "where it came from is not named", "render"),
    Wrong("LabelLayouts.layout.unknown_size", guessing, "should be BadInput"),
)
NOTICES = (
    Wrong("Notifier.notify.told", asking(lambda notice: replace(notice, text="")), "the text reached nobody"),
    Wrong("Notifier.notify.severities", _only("warning"), "should have succeeded"),
    Wrong("Notifier.notify.severities", pretending(None), "0 were sent"),
    Wrong("Notifier.notify.hostile", careless_of_halves, "half characters: should be sent"),
)
