"""Labels drawn into files: whole files or none, each on record before anybody can find it."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from asctl.capabilities.labels import RenderedLabels
from asctl.domain.errors import BadInput, PluginBroken, Stale
from asctl.services.desk import Desk
from asctl.services.label_records import Recorded, put_on_record
from asctl.services.labels import Ready
from asctl.services.renderers import Renderer
from asctl.store import labels as stored_labels
from asctl.text import _

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


@dataclass(frozen=True, slots=True)
class DrawnLabel:
    """A parcel's label in a file; ``pages`` are its pages, ``missing`` characters that no font has. ``outdated`` tells, by RMA,
    for which cases it is void already."""

    ready: Ready
    file: Path
    format: str
    pages: int
    missing: frozenset[str]
    outdated: Mapping[str, Stale]


def check_drawing(desk: Desk, renderer: Renderer, ready: Sequence[Ready], targets: Collection[Path]) -> None:
    """All that can be told before these labels are drawn into those files; nothing is left behind.

    Raises what :func:`draw_labels` raises for a bad place and for too many labels, and what the renderer raises for the
    first of them, which shows a bad layout.
    """
    _check_count(renderer, len(ready), len(targets))
    places = [_place(desk, target) for target in targets]
    for folder in {place.parent for place in places}:
        try:
            with tempfile.TemporaryFile(dir=folder if folder.exists() else folder.parent):
                pass
        except OSError as error:
            raise _bad_place(folder, error) from None
    if ready:
        try:
            render_into(io.BytesIO(), renderer, ready[:1])
        except OSError as error:
            raise _bad_place(places[0], error) from None


def draw_labels(desk: Desk, renderer: Renderer, ready: Sequence[Ready], target: Path) -> list[DrawnLabel]:
    """Draw labels into one file, complete or not at all, and record each. Raises :class:`BadInput` for a bad place, or for
    several labels where a file of the format holds one.

    It is written beside the target, then renamed: a reader never sees half a file, a full disk leaves the old one.
    """
    _check_count(renderer, len(ready), 1)
    place = _place(desk, target)
    try:
        place.parent.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".label-")
        try:
            with os.fdopen(handle, "w+b") as out:
                digest, rendered = render_into(cast(BinaryIO, out), renderer, ready)
            recorded = _record(desk, renderer, ready, rendered, digest, target)
            _put_in_place(desk, name, place, recorded)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise _bad_place(place, error) from None
    outdated = {rma: _outdated(rma, why) for rma, why in recorded.outdated.items()}
    return [
        DrawnLabel(each, target, renderer.format, pages, rendered.missing, outdated)
        for each, pages in zip(ready, rendered.pages, strict=True)
    ]


def render_into(out: BinaryIO, renderer: Renderer, ready: Sequence[Ready]) -> tuple[str, RenderedLabels]:
    """Draw labels into an empty file that can be read back; returns the SHA-256 of its bytes and what the renderer told.
    Raises ``OSError`` where the file cannot take them: no plugin can help that."""
    try:
        rendered: RenderedLabels = renderer.provider.render([each.content for each in ready], renderer.form, out)
    except PluginBroken as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.errno in _NO_ROOM:
            raise error.__cause__ from None
        raise
    out.seek(0)
    return hashlib.file_digest(cast(io.BufferedRandom, out), "sha256").hexdigest(), rendered


def _record(
    desk: Desk, renderer: Renderer, ready: Sequence[Ready], rendered: RenderedLabels, digest: str, target: Path
) -> Recorded:
    now, staff = desk.clock.now(), desk.staff_no
    with desk.store.write() as tx:
        return put_on_record(tx, renderer, ready, rendered.pages, digest, str(target), now, staff)


def _put_in_place(desk: Desk, name: str, place: Path, recorded: Recorded) -> None:
    """Give the file its name. It is on record by then: one that nobody has is less of a trouble than one nobody knows of."""
    try:
        os.replace(name, place)
    except OSError:
        with desk.store.write() as tx:
            stored_labels.withdraw_labels(tx, recorded.labels, desk.clock.now(), _("its file was not written"))
        raise


def _outdated(rma: str, why: str) -> Stale:
    return Stale(
        _("the label of {rma} is void, for while it was drawn something changed: {why}").format(rma=rma, why=why),
        code="label_outdated",
        hint=_("do not use it; have another one: asctl label render {rma}").format(rma=rma),
    )


def _check_count(renderer: Renderer, labels: int, files: int) -> None:
    if labels > files and not renderer.many:
        raise BadInput(
            _("a {format} file holds one label, and these are {count}").format(format=renderer.format, count=labels),
            code="one_label_a_file",
            hint=_("have a file for each: -d FOLDER"),
        )


def _place(desk: Desk, target: Path) -> Path:
    """Where a file is to stand, links followed. Raises :class:`BadInput` for what cannot be a file."""
    try:
        place = target.resolve()
        ordinary = place.is_file() or not place.exists()
    except OSError as error:
        raise _bad_place(target, error) from None
    except RuntimeError:
        raise _bad_place(target, OSError(errno.ELOOP, os.strerror(errno.ELOOP))) from None
    if not ordinary:
        raise BadInput(
            _("{file} is no ordinary file").format(file=place),
            code="file_not_written",
            hint=_("choose another place with -f FILE or -d DIR"),
        )
    _check_not_the_store(desk, place)
    return place


def _check_not_the_store(desk: Desk, place: Path) -> None:
    store = desk.store.place.path
    if store is not None and place == Path(store).resolve():
        raise BadInput(
            _("{file} is the store itself").format(file=place),
            code="file_not_written",
            hint=_("choose another place with -f FILE or -d DIR"),
        )


def _bad_place(place: Path, error: OSError) -> BadInput:
    return BadInput(
        _("{file} cannot be written: {reason}").format(file=place, reason=error.strerror or type(error).__name__),
        code="file_not_written",
        hint=_("choose another place with -f FILE or -d DIR"),
    )
