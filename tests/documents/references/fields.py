"""The reference of output fields: what each means, and which record has which."""

from __future__ import annotations

from collections.abc import Iterator

from asctl.output.records import RecordShape
from asctl.output.schemas import SHAPES
from tests.documents.references.markup import fill, page, prose, table
from tests.documents.references.meanings import MEANINGS

_INTRODUCTION = """\
The fields of the records that commands write to stdout, whatever the format; `asctl help output`
tells of formats, masking and what is absent. A field means the same in every record. Fields are
added, never renamed. One record or field alone: `asctl help fields parcel`.
"""


def fields_reference() -> str:
    """One table for all fields, then the fields of each record in order."""
    rows = [(f"`{name}`", MEANINGS[name]) for name in sorted(MEANINGS)]
    records = [part for shape in SHAPES for part in _record(shape)]
    return page(
        "# Output fields",
        prose(_INTRODUCTION, ()),
        "## Every field",
        table(("field", "meaning"), rows),
        "## Every record",
        fill("Each with its fields in their order."),
        *records,
    )


def _record(shape: RecordShape) -> Iterator[str]:
    yield f"### {shape.name}"
    yield fill(", ".join(f"`{name}`" for name in shape.fields))
    if shape.nested:
        yield fill(f"Only in JSON and NDJSON: {', '.join(f'`{name}`' for name in shape.nested)}.")
