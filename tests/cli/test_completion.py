"""``asctl completion`` and what shells are answered: always exit 0, and nothing on stderr."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.command_support import Command, Result
from tests.plugin_support import install
from tests.sandbox_support import ON_A_FILE

pytestmark = pytest.mark.storeless

ACCOUNTS = """
[shops.flagship]
plugin = "taobao"
[shops."旗舰店"]
plugin = "taobao"
[shops."flag;ship"]
plugin = "taobao"
[couriers."sf:east"]
plugin = "sf"
[invoices.nuonuo]
plugin = "nuonuo"
"""


def answered(command: Command, line: str, shell: str = "bash", **env: str) -> list[str]:
    """What a shell is told of a line that ends at the cursor, a candidate to the line."""
    told = command.process(env={"_ASCTL_COMPLETE": f"{shell}_complete", "COMP_WORDS": line, **env})
    assert told == Result(0, told.out, "")
    return told.out.splitlines()


def offered(command: Command, line: str, **env: str) -> list[str]:
    """The words that may follow."""
    return [answer.removeprefix("plain,") for answer in answered(command, line, **env)]


@pytest.fixture
def configured(plain: Command, tmp_path: Path) -> Command:
    """The command of a user with accounts, and without a store."""
    config = tmp_path / "asctl.toml"
    config.write_text(ACCOUNTS, "utf-8")
    return Command({**plain.env, "ASCTL_CONFIG": str(config)})


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("asctl par", ["parcel"]),
        ("asctl parcel po", ["poll"]),
        ("/usr/local/bin/asctl -v --config x.toml parcel po", ["poll"]),
        ("asctl parcel poll --de", ["--deadline"]),
        ("asctl order sync --shop=a --sh", ["--shop"]),
        ("asctl order list --shop a --sh", []),
        ("asctl order list -o nd", ["ndjson"]),
        ("asctl order list --output=nd", ["--output=ndjson"]),
        ("asctl order list -otsv --fa", ["--fail-if-empty"]),
        ("asctl parcel list --verdict l", ["lost"]),
        ("asctl parcel list --courier st", ["sto"]),
        ("asctl help exit", ["exit-codes"]),
        ("asctl help api Trackerl", ["TrackerLimits"]),
        ("asctl help api Event Parcelst", ["ParcelStatus"]),
        ("asctl help rules Tracker.track.fo", ["Tracker.track.found"]),
        ("asctl help authors ", []),
        ("asctl help nonsense ", []),
        ("asctl rma show -- --re", []),
        ("asctl config explain watch.sl", ["watch.slow_after"]),
        ("asctl rma open 1 --reason 'wro", ["wrong_goods"]),
        ("asctl plugin show kuai", ["kuaidi100"]),
        ("asctl completion f", ["fish"]),
        ("asctl parcel poll --deadline ", []),
        ("asctl nonsense ", []),
        ("asctl parcel nonsense ", []),
        ("asctl track --config ", ["file,"]),
        ("asctl track --from=x", ["file,"]),
        ("asctl db backup ", ["file,"]),
        ("asctl label render 1 -d ", ["dir,"]),
    ],
)
def test_what_the_tool_itself_knows(plain: Command, line: str, words: list[str]) -> None:
    """Commands, verbs, options, choices and files complete without configuration and store."""
    assert offered(plain, line) == words


def test_a_verb_is_offered_before_options_and_options_where_nothing_else_may_come(plain: Command) -> None:
    """After a group come its verbs; after a verb without arguments its options."""
    assert offered(plain, "asctl batch ") == ["list", "show", "resume"]
    assert "--due" in offered(plain, "asctl task list ")


def test_each_shell_is_answered_in_its_own_way(plain: Command) -> None:
    """zsh and fish are told what each word means, in the protocol of click."""
    assert answered(plain, "asctl batch sh", "zsh") == [
        "plain", "show", "The rows of a batch, each with its action as it stands",
    ]  # fmt: skip
    assert answered(plain, "asctl order list -o js", "zsh") == ["plain", "json", "_"]
    assert answered(plain, "asctl batch sh", "fish") == [
        "plain,show\tThe rows of a batch, each with its action as it stands"
    ]


def test_click_s_own_variables_are_understood(plain: Command) -> None:
    """A caller that counts words, as click's scripts do, is answered about the word of that number."""
    assert offered(plain, "asctl batch", COMP_CWORD="2") == ["list", "show", "resume"]
    assert offered(plain, "asctl par poll", COMP_CWORD="1") == ["parcel"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("asctl parcel poll --account ", ["sf:east"]),
        ("asctl order list --shop fl", ["flagship"]),
        ("asctl order list --shop=旗", ["--shop=旗舰店"]),
        ("asctl label render R --pickup s", ["sf:east"]),
        ("asctl invoice receive --account ", ["nuonuo"]),
        ("asctl account check ", ["flagship", "旗舰店", "sf:east", "nuonuo"]),
    ],
)
def test_accounts(configured: Command, line: str, words: list[str]) -> None:
    """Accounts complete where one of their sort may stand; a name that the shell would read otherwise is never put on a line."""
    assert offered(configured, line) == words


def test_the_configuration_that_the_line_names_counts(plain: Command, configured: Command) -> None:
    """``--config`` on the line wins, in front of the command and behind it."""
    config = configured.env["ASCTL_CONFIG"]
    for line in (f"asctl --config {config} account check fl", f"asctl account check --config='{config}' fl"):
        assert offered(plain, line) == ["flagship"]


def test_bash_keeps_what_stands_before_a_colon(configured: Command) -> None:
    """bash begins a new word at a colon and an equals sign, so it is given the rest only."""
    breaks = {"_ASCTL_BREAKS": " \"'><=;|&(:"}
    assert offered(configured, "asctl parcel poll --account sf:", **breaks) == ["east"]
    assert offered(configured, "asctl parcel poll --account=sf", **breaks) == ["sf:east"]


def test_numbers_of_the_store(asctl: Command) -> None:
    """RMA numbers, orders, waybills, tasks, actions, batches complete from the store, in either case, and no name of a buyer."""
    asctl("order", "sync", "--max-items", "12")
    order = next(record for record in asctl("order", "list").records if record["waybills"])
    opened = asctl("rma", "open", order["order_id"], "--kind", "return", "--reason", "quality").record["rma"]
    asctl("task", "add", "call back", "--order", order["order_id"])
    asctl("order", "remark", order["order_id"], "--text", "called", "--yes")
    assert offered(asctl, "asctl rma show rma") == [opened]
    assert offered(asctl, f"asctl rma open {order['order_id'][:-2]}")[0][:-2] == order["order_id"][:-2]
    assert order["waybills"][0] in offered(asctl, f"asctl parcel add {order['waybills'][0][:4]}")
    assert offered(asctl, "asctl task done ") == ["T1"]
    assert offered(asctl, "asctl action show ") == ["A1"]
    assert offered(asctl, "asctl batch show b") == ["B1"]
    assert offered(asctl, "asctl invoice show I") == []
    assert {order["order_id"], order["waybills"][0]} <= set(offered(asctl, "asctl address change "))


@ON_A_FILE
def test_a_store_that_cannot_be_read_is_no_store(asctl: Command, tmp_path: Path) -> None:
    """Missing, locked, no database, of another schema: nothing is offered and nothing is said."""
    path = Path(asctl.env["ASCTL_STORE__URL"].removeprefix("sqlite:///"))
    line = "asctl rma show "
    assert asctl("order", "sync").code == 0
    assert offered(asctl, line, ASCTL_STORE__URL=f"sqlite:///{tmp_path}/none.db") == []
    with sqlite3.connect(path, isolation_level=None) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        assert offered(asctl, "asctl order show ") == []
        lock.execute("ROLLBACK")
        assert offered(asctl, "asctl order show ") != []
        lock.execute("UPDATE alembic_version SET version_num = '9999'")
    assert offered(asctl, line) == []
    path.write_bytes(b"no database" * 1000)
    assert offered(asctl, line) == []


def test_a_broken_configuration_offers_nothing(configured: Command) -> None:
    """A configuration that is missing, or no TOML, is for other commands to complain about."""
    line = "asctl order list --shop "
    assert offered(configured, line, ASCTL_CONFIG="/nowhere/asctl.toml") == []
    Path(configured.env["ASCTL_CONFIG"]).write_text("[shops", "utf-8")
    assert offered(configured, line) == []


COMMAND = """
import click
from asctl.api import hookimpl

print("loaded")

@hookimpl
def asctl_commands():
    return [("weigh", "fake_scales:weigh", "Weigh a parcel.")]

@click.command()
@click.option("--unit", type=click.Choice(["kg", "g"]))
@click.argument("file", type=click.Path())
def weigh(unit, file):
    pass
"""
TRACE = "open({path!r}, 'w').close()"


def test_commands_of_plugins(plain: Command, plugin_folder: Path, tmp_path: Path) -> None:
    """A plugin's command completes, with its options; broken plugins are not mentioned."""
    install(plugin_folder, "scales", COMMAND)
    install(plugin_folder, "torn", "import nothing_of_that_name")
    install(plugin_folder, "garbled", "def (")
    path = {"PYTHONPATH": str(plugin_folder)}
    assert offered(plain, "asctl we", **path) == ["weigh"]
    assert offered(plain, "asctl weigh --u", **path) == ["--unit"]
    assert offered(plain, "asctl weigh --unit ", **path) == ["kg", "g"]
    assert offered(plain, "asctl weigh ", **path) == ["file,"]


def test_plugins_are_loaded_only_when_no_command_of_ours_fits(
    plain: Command, plugin_folder: Path, tmp_path: Path
) -> None:
    """Who types a command of ours waits for no plugin."""
    trace = tmp_path / "trace"
    install(plugin_folder, "tracing", TRACE.format(path=str(trace)))
    path = {"PYTHONPATH": str(plugin_folder)}
    for line in ("asctl ", "asctl par", "asctl parcel ", "asctl parcel poll --", "asctl plugin show t"):
        assert offered(plain, line, **path)
    assert not trace.exists()
    assert offered(plain, "asctl weigh", **path) == []
    assert trace.exists()


def test_a_plugin_that_hangs_is_not_waited_for(plain: Command, plugin_folder: Path) -> None:
    """A plugin that never finishes loading leaves the line as it is."""
    install(plugin_folder, "hanging", "import threading; threading.Event().wait()")
    assert offered(plain, "asctl we", PYTHONPATH=str(plugin_folder)) == []
