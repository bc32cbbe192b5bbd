"""Layouts are data: one TOML file per size says what stands where. A shop may bring its own text for a size."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from asctl.api import BadConfiguration, BadInput, LabelForm
from asctl.api import translate as _
from asctl_labels import SIZES
from asctl_labels.checks import flaws
from asctl_labels.elements import Layout
from asctl_labels.template import parse

_LAYOUT_OF = {"a4": "a6"}  # a sheet of four


def load_layout(form: LabelForm) -> Layout:
    """The shop's own layout, or else the standard one of the form's size; for ``a4`` that of the labels on the sheet.

    Raises :class:`BadInput` (``unknown_size``) for a size that there is none of, :class:`BadConfiguration`
    (``bad_label_layout``) for a layout that cannot be printed.
    """
    standard = read_layout(standard_layout(form.size), f"{form.size}.toml")
    if not form.layout:
        return standard
    layout = read_layout(form.layout, form.layout_name)
    if (layout.width, layout.height) != (standard.width, standard.height):
        raise _bad_layout(
            form.layout_name,
            _("paper is [{width:g}, {height:g}], but labels of size {size} are [{w:g}, {h:g}]").format(
                width=layout.width, height=layout.height, size=form.size, w=standard.width, h=standard.height
            ),
        )
    return layout


def standard_layout(size: str) -> str:
    """The TOML text of a size's standard layout, to copy and change. Raises :class:`BadInput` (``unknown_size``)."""
    if size not in SIZES:
        raise BadInput(
            _("there is no label size {size!r}").format(size=size[:20]),
            code="unknown_size",
            hint=_("choose one of: {sizes}").format(sizes=", ".join(SIZES)),
        )
    return files("asctl_labels").joinpath("sizes", f"{_LAYOUT_OF.get(size, size)}.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def read_layout(toml: str, name: str) -> Layout:
    """A layout from the text of the file ``name``. Raises :class:`BadConfiguration` that says what is wrong in it."""
    try:
        layout = parse(toml)
    except ValueError as trouble:
        raise _bad_layout(name, str(trouble)) from trouble
    if (flaw := next(flaws(layout), None)) is not None:
        raise _bad_layout(name, flaw)
    return layout


def _bad_layout(name: str, what: str) -> BadConfiguration:
    return BadConfiguration(
        _("the label layout {name} is wrong: {what}").format(name=name, what=what),
        code="bad_label_layout",
        hint=_("compare it with the standard one: asctl label layout SIZE"),
    )
