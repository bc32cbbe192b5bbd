"""Draws return labels with our renderer alone, without store and command line: LABELS.ndjson FILE.pdf."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import cast

from asctl.api import Context, LabelContent, LabelForm, LabelGoods
from asctl_labels.pdf import PdfLabels


def labels(file: Path) -> Iterator[LabelContent]:
    """The labels in a file of records, one at a time."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield LabelContent(
                **record
                | {name: datetime.fromisoformat(record[name]) for name in ("valid_until", "approved_at")}
                | {"goods": tuple(LabelGoods(**goods) for goods in record["goods"])}
            )


with open(sys.argv[2], "w+b") as out:
    PdfLabels(cast(Context, None)).render(labels(Path(sys.argv[1])), LabelForm("100x150"), out)
