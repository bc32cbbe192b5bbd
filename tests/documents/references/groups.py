"""The public names in the groups in which an author meets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.documents.references.source import Entry, defined, entry, exported

API = "asctl.api"
SANDBOX = ("asctl.api.sandbox", "asctl.api.bureau")
HOOKS = "asctl.api.hooks"


@dataclass(frozen=True)
class Group:
    """A chapter: the names of ``modules`` and these ``names``; its words are those of the module ``told``. ``first`` are the
    entries that the others belong to; where none is named, the capabilities."""

    title: str
    modules: tuple[str, ...]
    names: tuple[str, ...] = ()
    told: str = ""
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A group with what is in it, in order."""

    group: Group
    entries: list[Entry] = field(default_factory=list)


def _capability(title: str, module: str, *first: str) -> Group:
    name = f"asctl.capabilities.{module}"
    return Group(title, (name,), told=name, first=first)


GROUPS = (
    Group("Hooks", (HOOKS, "asctl.api.actions"), told=HOOKS),
    Group("What a plugin declares", ("asctl.capabilities.specs",), ("API_VERSION",), "asctl.capabilities.specs", ("ProviderSpec",)),
    Group("What a provider is given", ("asctl.api.context", "asctl.api.tokens"), ("Clock",), "asctl.api.context", ("Context",)),
    Group("Capabilities", (), told="asctl.capabilities"),
    _capability("Account checks", "accounts"),
    _capability("Tracking", "tracking"),
    _capability("Parcels under way", "shipping"),
    _capability("Looking after writes", "writes"),
    _capability("Marketplaces", "orders"),
    _capability("Applications for invoices", "applications"),
    _capability("Invoices", "invoices"),
    _capability("Labels", "labels", "LabelRenderer", "LabelLayouts"),
    _capability("Notices", "notices"),
    Group("Errors", ("asctl.domain.errors", "asctl.domain.refusals"), told="asctl.domain.errors"),
    Group(
        "Records of after-sales",
        tuple(f"asctl.domain.{name}" for name in ("orders", "aftersales", "parcels", "rmas", "invoices")),
        first=("Order", "OrderRef", "AfterSale", "Event", "Parcel", "Rma", "Buyer", "Seller", "InvoiceLine"),
    ),
    Group(
        "Helpers",
        (
            "asctl.api.json", "asctl.api.callbacks", "asctl.api.couriers", "asctl.api.files", "asctl.domain.money",
            "asctl.domain.times", "asctl.text",
        ),
        ("in_hand", "in_time_order"),
    ),
    Group("The conformance kit", ("asctl.api.conformance",), told="asctl.api.conformance", first=("Conformance",)),
    Group("Sandbox apps", SANDBOX, told="asctl.api.sandbox", first=("SandboxApp",)),
)  # fmt: skip


def chapters() -> list[Chapter]:
    """Every public name in its chapter. ``LookupError`` for one that no group has."""
    entries = list(_all_entries())
    found = [Chapter(group) for group in GROUPS]
    for one in entries:
        own = [each for each in found if one.name in each.group.names]
        places = own or [each for each in found if one.module in each.group.modules]
        if not places:
            raise LookupError(f"{one.name} of {one.module} is in no group of {__name__}")
        places[0].entries.append(one)
    return [Chapter(each.group, _neighbours(each.entries, each.group.first)) for each in found]


def _all_entries() -> Iterator[Entry]:
    """Those of ``asctl.api`` by module in the source's order, then hooks and sandbox."""
    places = exported(API)
    yield from (entry(name, HOOKS, name) for name in defined(HOOKS) if name.startswith("asctl_"))
    for module in dict.fromkeys(module for module, _name in places.values()):
        names = {original: name for name, (where, original) in places.items() if where == module}
        order = [*defined(module), *names]
        for original in sorted(names, key=order.index):
            yield entry(names[original], module, original)
    for module in SANDBOX:
        yield from (entry(name, module, name) for name in defined(module))


def _neighbours(entries: list[Entry], first: tuple[str, ...]) -> list[Entry]:
    """Each that comes first directly before what it speaks of and no earlier one did; what is left at the end."""
    left = {one.name: one for one in entries}
    ordered: list[Entry] = []
    for head in first or [one.name for one in entries if one.kind == "capability"]:
        todo = [head]
        while todo:
            if taken := left.pop(todo.pop(0), None):
                ordered.append(taken)
                todo += [
                    name
                    for name in words(taken)
                    if name in left and name not in first and left[name].kind != "capability"
                ]
    return [*ordered, *left.values()]


def words(one: Entry) -> list[str]:
    """Every word of an entry's types and texts, in order, once."""
    types = [line.type for line in one.lines]
    methods = [f"{method.signature} {method.doc}" for method in one.methods]
    return list(dict.fromkeys(re.findall(r"\w+", " ".join((*methods, *types, *one.bases, one.doc)))))
