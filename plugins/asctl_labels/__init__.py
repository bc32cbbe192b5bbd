"""Return labels: the specs of their renderers. Drawing libraries are imported only when a label is drawn."""

from __future__ import annotations

from asctl.api import API_VERSION, Capability, LabelLimits, ProviderSpec, hookimpl

SIZES = ("100x150",)


@hookimpl
def asctl_label_renderers() -> list[ProviderSpec]:
    """One renderer per file format; a spec's id is the format."""
    return [
        ProviderSpec(
            id="pdf",
            title="Return labels as PDF",
            api_version=API_VERSION,
            factory="asctl_labels.pdf:PdfLabels",
            capabilities=(Capability("LabelRenderer", LabelLimits(SIZES, suffix=".pdf")),),
        )
    ]
