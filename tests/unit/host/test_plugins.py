import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from asctl.api import Context, ProviderKind, Unavailable
from asctl.domain.errors import NotOffered, PluginBroken
from asctl.host.commands import find_command, load_command
from asctl.host.fitness import PluginState
from asctl.host.guard import make_provider
from asctl.host.plugins import Host
from tests.plugin_support import courier, install


class Warnings(list[str]):
    def __call__(self, line: str) -> None:
        self.append(line)


def host(warnings: Warnings | None = None, allow: list[str] | None = None) -> Host:
    return Host(allow, warnings if warnings is not None else Warnings())


def test_our_own_plugins_enter_by_the_entry_points(place: Path) -> None:
    """The plugins in this distribution are found and load without an error."""
    plugins = {plugin.name: plugin for plugin in host().plugins()}
    assert {"taobao", "kuaidi100", "labels"} <= set(plugins)
    assert [plugin.error for plugin in plugins.values()] == [None] * len(plugins)


def test_using_one_plugin_imports_no_other(place: Path) -> None:
    """An account's plugin is loaded by its name alone."""
    install(place, "alpha", courier("alpha"))
    install(place, "beta", courier("beta"))
    assert host().spec(ProviderKind.COURIER, "alpha").title == "Fake"
    assert "fake_alpha" in sys.modules
    assert "fake_beta" not in sys.modules


def test_listing_imports_no_provider(place: Path) -> None:
    """Specs are read without importing the factory's module."""
    install(place, "alpha", courier("alpha", module="fake_never_written"))
    assert any(spec.id == "alpha" for spec in host().specs(ProviderKind.COURIER))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import no_such_module", "no_such_module"),
        ("raise SystemExit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("class Mute(Exception):\n    def __str__(self): raise OSError\nraise Mute", "Mute"),
        ("def broken(:", "SyntaxError"),
        ("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)", "signal only works in main thread"),
        (courier("bad", version=2), "API 2"),
        (courier("bad").replace('couriers=("sto",)', "couriers=None"), "couriers"),
        (courier("bad").replace('title="Fake"', "title=7"), "title"),
        ("from asctl.api import hookimpl\n@hookimpl\ndef asctl_couriers():\n    return ['sf']", "ProviderSpec"),
        ("from asctl.api import hookimpl\n@hookimpl\ndef asctl_couriers():\n    raise KeyError('x')", "KeyError"),
        ("from asctl.api import hookimpl\n@hookimpl\ndef asctl_courier():\n    return []", "asctl_courier"),
        (courier("kuaidi100"), "kuaidi100"),
    ],
)
def test_broken_plugin_hurts_only_itself(place: Path, source: str, words: str) -> None:
    """It is listed with its distribution and reason, told once, and the others work; using it is PluginBroken."""
    install(place, "bad", source, distribution="bad-dist")
    warnings = Warnings()
    one = host(warnings)
    plugins = {plugin.name: plugin for plugin in one.plugins()}
    error = plugins["bad"].error
    assert error is not None
    assert words in error.message
    assert "bad-dist 1.2" in error.message
    assert len(warnings) == 1
    assert one.spec(ProviderKind.COURIER, "kuaidi100").aggregator
    with pytest.raises(PluginBroken):
        one.spec(ProviderKind.COURIER, "bad")


def test_threads_share_a_host(place: Path) -> None:
    """Threads that meet an unloaded plugin at the same moment load it once, and it is not broken by that."""
    install(place, "alpha", "import time\ntime.sleep(0.05)\n" + courier("alpha"))
    warnings = Warnings()
    shared, together = host(warnings), threading.Barrier(8)

    def use(number: int) -> str:
        together.wait(5)
        if number % 2:
            assert shared.first_objection("asctl_review_action", action=None) is None
        return shared.spec(ProviderKind.COURIER, "alpha").title

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(use, range(8))) == {"Fake"}
    assert warnings == []


def test_two_distributions_with_one_name(place: Path) -> None:
    """The second is listed with its error, told once; the first works."""
    install(place, "alpha", courier("alpha"), distribution="first")
    install(place, "alpha", courier("alpha"), distribution="second")
    install(place, "taobao", courier("taobao"), distribution="impostor")
    warnings = Warnings()
    one = host(warnings)
    listed = {(plugin.name, plugin.distribution): plugin.error for plugin in (*one.plugins(), *one.plugins())}
    assert listed["alpha", "first"] is None
    assert listed["taobao", "asctl"] is None
    second, impostor = listed["alpha", "second"], listed["taobao", "impostor"]
    assert second is not None
    assert "first" in second.message
    assert impostor is not None
    assert len(warnings) == 2
    assert one.spec(ProviderKind.COURIER, "alpha").title == "Fake"


def test_what_a_plugin_prints_stays_off_stdout(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """stdout is data; a chatty plugin talks on stderr."""
    install(place, "loud", "print('hello')\n" + courier("loud"))
    host().plugin("loud")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "hello" in captured.err


def test_unknown_plugin_names_what_is_there() -> None:
    """A plugin that nobody installed is NotOffered, with the installed ones as advice."""
    with pytest.raises(NotOffered) as caught:
        host().spec(ProviderKind.COURIER, "fedex")
    assert caught.value.code == "plugin_missing"
    assert "kuaidi100" in caught.value.hint


def test_allow_restricts_what_may_load(place: Path) -> None:
    """With [plugins] allow, nothing else is even imported."""
    install(place, "alpha", courier("alpha"))
    assert host(allow=["kuaidi100"]).names() == ("kuaidi100",)


LISTENER = """
from asctl.api import hookimpl
heard = []
@hookimpl
def asctl_rma_changed(after):
    heard.append(after)
"""


def test_event_hook_takes_only_what_it_wants(place: Path) -> None:
    """An implementation names the arguments it wants; a failing one beside it does no harm."""
    install(place, "ear", LISTENER)
    install(place, "grump", LISTENER.replace("heard.append(after)", "raise RuntimeError(after)"))
    warnings = Warnings()
    host(warnings).tell("asctl_rma_changed", rma=None, before=None, after="approved")
    assert sys.modules["fake_ear"].heard == ["approved"]
    where = "fake_grump.py line 6 in asctl_rma_changed"
    assert warnings == [f"plugin grump failed in asctl_rma_changed: RuntimeError ({where})"]


def test_house_rule_may_stop_a_write(place: Path) -> None:
    """The first reason given counts; silence lets the write pass."""
    install(
        place, "quiet", "from asctl.api import hookimpl\n@hookimpl\ndef asctl_review_action(action):\n    return None"
    )
    assert host().first_objection("asctl_review_action", action=None) is None
    install(
        place, "strict", "from asctl.api import hookimpl\n@hookimpl\ndef asctl_review_action(action):\n    return 'no'"
    )
    assert host().first_objection("asctl_review_action", action=None) == "no"


@pytest.mark.parametrize("failure", ["raise OSError", "raise SystemExit(0)"])
def test_failing_review_stops_the_write(place: Path, failure: str) -> None:
    """A rule that cannot answer is no permission, however it fails; it does not end the run either."""
    source = "from asctl.api import hookimpl\n@hookimpl\ndef asctl_review_action(action):\n    "
    install(place, "ill", source + failure)
    with pytest.raises(PluginBroken):
        host().first_objection("asctl_review_action", action=None)


def test_a_rule_that_cannot_be_loaded(place: Path) -> None:
    """It is told and has no say; where ``allow`` names it nothing may be written without it."""
    install(place, "rules", "import no_such_module")
    warnings = Warnings()
    assert host(warnings).first_objection("asctl_review_action", action=None) is None
    assert len(warnings) == 1
    with pytest.raises(PluginBroken):
        host(allow=["kuaidi100", "rules"]).first_objection("asctl_review_action", action=None)
    assert host(allow=["kuaidi100"]).first_objection("asctl_review_action", action=None) is None


PROVIDER = """
class Provider:
    def __init__(self, context): pass
    def track(self, queries): raise ZeroDivisionError("secret 13800001234")
    def pages(self):
        yield 1
        raise LookupError
"""


def test_provider_failure_becomes_a_family(place: Path) -> None:
    """What a plugin raises that is none of our families is PluginBroken, with the cause kept and its words left out;
    a method that it declares but does not have likewise."""
    install(place, "alpha", courier("alpha") + PROVIDER)
    provider = make_provider(host().spec(ProviderKind.COURIER, "alpha"), Context("a1", {}, None, None, None, None))  # type: ignore[arg-type]
    with pytest.raises(PluginBroken) as caught:
        provider.track(())
    assert (caught.value.account, caught.value.provider) == ("a1", "alpha")
    assert "13800001234" not in caught.value.message
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    pages = provider.stream("pages")
    assert next(pages) == 1
    with pytest.raises(PluginBroken):
        next(pages)
    with pytest.raises(PluginBroken) as missing:
        provider.write_remark("1")
    assert (missing.value.account, missing.value.provider) == ("a1", "alpha")
    with pytest.raises(PluginBroken):
        next(provider.stream("no_such_pages"))


def test_families_pass_with_their_account(place: Path) -> None:
    """An error of ours goes through the guard and learns whose it is."""
    source = (
        "from asctl.api import Unavailable\nclass Provider:\n    def __init__(self, c): pass\n    def track(self, q):\n"
    )
    install(place, "alpha", courier("alpha") + source + "        raise Unavailable('down', code='down')")
    provider = make_provider(host().spec(ProviderKind.COURIER, "alpha"), Context("a1", {}, None, None, None, None))  # type: ignore[arg-type]
    with pytest.raises(Unavailable) as caught:
        provider.track(())
    assert caught.value.account == "a1"


def test_plugin_brings_a_command(place: Path) -> None:
    """A plugin's command is found by name, and a bad path is told."""
    install(
        place,
        "tool",
        "from asctl.api import hookimpl\n@hookimpl\ndef asctl_commands():\n"
        "    return [('weigh', 'fake_tool:weigh', 'weighs'), ('lost', 'nowhere:x', 'y')]\n"
        "def weigh(): return 42",
    )
    one = host()
    command = find_command(one, "weigh")
    assert command is not None
    assert load_command(one, command)() == 42
    assert find_command(one, "parcel") is None
    lost = find_command(one, "lost")
    assert lost is not None
    with pytest.raises(PluginBroken):
        load_command(one, lost)


def test_a_command_is_its_plugins(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What loading a command does wrong is told of the plugin that brings it, by the plugin's name."""
    (place / "fake_scale.py").write_text("print('hello')\nraise OSError", "utf-8")
    install(place, "tool", COMMAND.format(name="weigh").replace("x:y", "fake_scale:weigh"))
    warnings = Warnings()
    one = host(warnings)
    command = find_command(one, "weigh")
    assert command is not None
    with pytest.raises(PluginBroken) as caught:
        load_command(one, command)
    assert caught.value.provider == "tool"
    assert warnings == ["plugin tool prints; what it prints goes to stderr"]


COMMAND = "from asctl.api import hookimpl\n@hookimpl\ndef asctl_commands():\n    return [('{name}', 'x:y', 'z')]\n"


def test_a_command_keeps_its_first_owner(place: Path) -> None:
    """A plugin whose command is called like one of ours, or of another plugin, is listed as such and offers nothing."""
    install(place, "first", COMMAND.format(name="weigh"))
    install(place, "second", COMMAND.format(name="weigh"))
    install(place, "third", COMMAND.format(name="parcel"))
    one = Host(None, Warnings(), taken={"parcel"})
    states = {plugin.name: plugin.state for plugin in one.plugins() if plugin.module.startswith("fake_")}
    taken = PluginState.NAME_TAKEN
    assert states == {"first": PluginState.READY, "second": taken, "third": taken}
    assert find_command(one, "parcel") is None
    assert find_command(one, "weigh") is not None


def test_allow_may_name_what_is_not_there() -> None:
    """A name in ``allow`` that nobody installed is told once and stops nothing."""
    warnings = Warnings()
    one = host(warnings, ["kuaidi100", "pigeon"])
    assert [plugin.name for plugin in (*one.plugins(), *one.plugins())] == ["kuaidi100"] * 2
    assert warnings == ["plugins.allow names what is not installed: pigeon"]


def test_allow_may_be_mistyped(place: Path) -> None:
    """The name that was meant is asked for; it is that of any plugin that is installed, allowed or not."""
    install(place, "swallow", courier("swallow"))
    warnings = Warnings()
    assert host(warnings, ["kuaidi100", "swalow"]).names() == ("kuaidi100",)
    assert warnings == ["plugins.allow names what is not installed: swalow; did you mean swallow?"]
