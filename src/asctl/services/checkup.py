"""A look at the whole installation for ``asctl doctor``: what is wrong, and how to mend it."""

from __future__ import annotations

import io
import platform
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from asctl import __version__
from asctl.capabilities.labels import LabelContent, LabelForm, LabelGoods, LabelLimits
from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.domain.actions import OPEN_STATES
from asctl.domain.errors import AsctlError, PluginBroken, StoreTrouble
from asctl.domain.times import Clock, iso
from asctl.host.plugins import Host
from asctl.services.account_checks import AccountState
from asctl.services.configuration import configuration_findings
from asctl.services.findings import OK, WARN, Finding, bad
from asctl.services.renderers import make_renderer
from asctl.settings import Settings
from asctl.store import action_lists as stored_lists
from asctl.store import upkeep
from asctl.store.opening import open_store
from asctl.store.places import place_of
from asctl.text import _

LITTLE_SPACE = 200 * 1024 * 1024
"""Bytes: less than that on the store's disk is worth a warning."""


def machine_findings(host: Host, clock: Clock, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Versions, clock, plugins and label drawing: all that needs no configuration."""
    yield Finding(
        "versions",
        OK,
        _("asctl {asctl}, Python {python}, {system}").format(
            asctl=__version__, python=platform.python_version(), system=platform.platform(terse=True)
        ),
    )
    yield _clock(clock.now(), environ.get("ASCTL_NOW", ""))
    yield from _plugins(host)
    for spec in host.specs(ProviderKind.LABEL):
        yield _labels(host, spec, clock)


def settings_findings(settings: Settings, host: Host) -> Iterator[Finding]:
    """The configuration and the store it names. Broken plugins are left to :func:`machine_findings`."""
    for finding in configuration_findings(settings, host):
        if not isinstance(finding.error, PluginBroken):
            yield finding
    try:
        url = str(settings.value("store.url"))
        yield from store_findings(url)
        yield from _store_facts(url)
        yield from _writes(url)
        yield _permissions(settings.path, place_of(url).path)
    except AsctlError as error:
        yield bad("store", error)


def store_findings(url: str) -> Iterator[Finding]:
    """The store examined for damage. Raises :class:`BadConfiguration` for a URL that is none."""
    for found in upkeep.check(url):
        name = f"store {found.check}"
        if found.ok:
            yield Finding(name, OK, found.detail)
        else:
            yield bad(name, StoreTrouble(found.detail, code=f"store_{found.check}", hint=found.mend))


def account_finding(state: AccountState) -> Finding:
    """How an account fared when it was called."""
    name = _("account {name}").format(name=state.account.name)
    if state.error is not None:
        return bad(name, state.error)
    if state.caution:
        return Finding(name, WARN, state.caution, _("let the machine keep its time by NTP"))
    return Finding(name, OK, state.detail)


def _clock(now: datetime, fixed: str) -> Finding:
    if fixed:
        return Finding(
            "clock",
            WARN,
            _("ASCTL_NOW holds it at {moment}; writes go to this machine only").format(moment=iso(now)),
            _("unset ASCTL_NOW to work for real"),
        )
    zone = now.astimezone().strftime("%Z %z")
    return Finding("clock", OK, _("{moment}; this machine's zone is {zone}").format(moment=iso(now), zone=zone))


def _plugins(host: Host) -> Iterator[Finding]:
    plugins = host.plugins()
    yield from (bad("plugins", plugin.error) for plugin in plugins if plugin.error is not None)
    working = [plugin.name for plugin in plugins if plugin.error is None]
    if working:
        yield Finding("plugins", OK, ", ".join(working))
    else:
        yield Finding("plugins", WARN, _("none is installed, or plugins.allow names none"), _("see: asctl plugin list"))


def _labels(host: Host, spec: ProviderSpec, clock: Clock) -> Finding:
    """Draw one label into memory: that proves the renderer, its libraries and its fonts."""
    name = _("labels as {format}").format(format=spec.id)
    declared = spec.capability("LabelRenderer")
    limits = declared.limits if declared and isinstance(declared.limits, LabelLimits) else LabelLimits((), "")
    form = LabelForm(next(iter(limits.sizes), ""), next(iter(limits.dpis), 0))
    drawn = io.BytesIO()
    try:
        rendered = make_renderer(host, spec, clock).render([_sample(clock.now())], form, drawn)
    except AsctlError as error:
        return bad(name, error)
    if rendered.missing:
        characters = "".join(sorted(rendered.missing))
        return Finding(
            name,
            WARN,
            _("no font has: {characters}").format(characters=characters),
            _("install asctl afresh: its fonts are incomplete"),
        )
    return Finding(name, OK, _("a label with Chinese text was drawn, {count} bytes").format(count=drawn.tell()))


def _sample(now: datetime) -> LabelContent:
    return LabelContent(
        rma="RMA2601010001X", qr="RMA2601010001X", order_id="1000000000000000001", shop="flagship", kind="return",
        reason="quality", customer="示**", contact="138********", return_name="示例仓", return_phone="138********",
        return_address="浙江省杭州市余杭区示例路", goods=(LabelGoods("示例商品", "SKU-1", 1),),
        valid_until=now + timedelta(days=7), approved_by="0", approved_at=now,
    )  # fmt: skip


def _store_facts(url: str) -> Iterator[Finding]:
    """Which database, and for SQLite why it journals as it does; nothing where the store cannot be opened."""
    try:
        facts = upkeep.info(url)
    except StoreTrouble:
        return
    told = _("{backend} {version}").format(backend=facts["backend"], version=facts["backend_version"])
    if mode := facts["journal_mode"]:
        told = _("{database}, journal mode {mode}").format(database=told, mode=mode)
        if mode != "wal":
            told = _("{told}: this SQLite can lose commits in WAL mode, so that is not used").format(told=told)
    yield Finding("store database", OK, told)
    path = place_of(url).path
    if path is not None:
        yield _space(shutil.disk_usage(path).free, path)


def _writes(url: str) -> Iterator[Finding]:
    """Outgoing writes that wait for a look, a resume or a person; nothing where the store cannot be opened."""
    try:
        store = open_store(url)
    except StoreTrouble:
        return
    try:
        with store.read() as tx:
            counts = stored_lists.counted(tx, OPEN_STATES)
    finally:
        store.close()
    told = ", ".join(f"{count} {state.value}" for state, count in sorted(counts.items()))
    mend = "asctl action reconcile; asctl action list"
    yield Finding("writes", WARN, told, mend) if counts else Finding("writes", OK, _("no outgoing write is open"))


def _space(free: int, path: Path) -> Finding:
    told = _("{count} MiB are free at {path}").format(count=free // (1024 * 1024), path=path.parent)
    if free < LITTLE_SPACE:
        return Finding("store space", WARN, told, _("free some space before the store fills the disk"))
    return Finding("store space", OK, told)


def _permissions(config: Path, store: Path | None) -> Finding:
    """The configuration may be read by others where it holds no secret, but never written; the store holds customers' data."""
    loose = [*_open_to_others(config, 0o022), *(_open_to_others(store, 0o077) if store else ())]
    if loose:
        names = " ".join(str(path) for path in loose)
        return Finding(
            "permissions", WARN, _("other users may use {files}").format(files=names), f"chmod go-rwx {names}"
        )
    return Finding("permissions", OK, _("no other user can change the configuration or read the store"))


def _open_to_others(path: Path, bits: int) -> Iterable[Path]:
    return [path] if path.exists() and path.stat().st_mode & bits else []
