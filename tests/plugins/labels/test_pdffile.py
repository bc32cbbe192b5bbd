from __future__ import annotations

import io
import re
import zlib

from asctl_labels.pdffile import PdfFile
from tests.plugins.labels.samples import random_label, render


def places(pdf: bytes) -> list[int]:
    """Where the file's table says that its objects begin."""
    start = int(re.search(rb"startxref\n(\d+)\n%%EOF\n\Z", pdf)[1])
    head = re.compile(rb"xref\n0 (\d+)\n").match(pdf, start)
    lines = pdf[head.end() :].split(b"\n")[: int(head[1])]
    assert all(len(line) == 19 for line in lines), "each line is 20 bytes with its end, by the standard"
    assert lines[0] == b"0000000000 65535 f "
    return [int(line[:10]) for line in lines[1:]]


def test_the_table_points_to_each_object() -> None:
    """Readers that do not mend broken files find every object of a file of labels by its number."""
    _, pdf = render([random_label(seed) for seed in range(3)])
    table = places(pdf)
    assert len(table) > 10
    for number, place in enumerate(table, 1):
        assert pdf.startswith(b"%d 0 obj\n" % number, place)


def test_numbers_are_given_before_objects_are_written() -> None:
    """An object may be referred to before it is put, and stands where it is put."""
    out = io.BytesIO()
    pdf = PdfFile(out)
    later = pdf.reserve()
    early = pdf.put(b"<</Later %d 0 R>>" % later)
    assert pdf.put(b"(late)", later) == later
    pdf.close(early, later)
    written = out.getvalue()
    assert [written[place:].split(b"\n")[1] for place in places(written)] == [b"(late)", b"<</Later 1 0 R>>"]
    assert b"/Root 2 0 R/Info 1 0 R" in written


def test_streams_are_compressed_and_know_their_length() -> None:
    """A stream's bytes come back, with its own entries beside."""
    out = io.BytesIO()
    pdf = PdfFile(out)
    data = b"0 0 1 1 re f\n" * 100
    pdf.put_stream(data, b"/Kind/Page")
    found = re.search(rb"<</Kind/Page/Filter/FlateDecode/Length (\d+)>>\nstream\n", out.getvalue())
    packed = out.getvalue()[found.end() :][: int(found[1])]
    assert zlib.decompress(packed) == data
    assert len(packed) < len(data) / 10
    assert out.getvalue().endswith(b"\nendstream\nendobj\n")
