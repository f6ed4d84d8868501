"""Rules that are kept by how the integration is written."""

import ast
from collections.abc import Iterator
from importlib.metadata import requires
import json
import re
import sys
import tomllib

from packaging.requirements import Requirement
import pytest

from tests.source import CALLS, INTEGRATION, everywhere, name_of
from tests.test_manifest import MANIFEST, ROOT


def test_coordinator_and_base_entity_have_their_module() -> None:
    """The classes that all others build on are where people look for them."""
    bases = {
        (name_of(base), module)
        for module, node in everywhere(ast.ClassDef)
        for base in node.bases
        if name_of(base) in {"DataUpdateCoordinator", "CoordinatorEntity"}
    }
    assert bases == {
        ("DataUpdateCoordinator", "coordinator.py"),
        ("CoordinatorEntity", "entity.py"),
    }


# How one begins to listen to something.
LISTENING = re.compile(
    r"async_(track|listen|dispatcher_connect)\w*$|async_add_listener$|listeners\.append$"
)


def test_entities_listen_as_long_as_they_are_there() -> None:
    """An entity begins to listen when it was added, and what it begins it also ends."""
    functions = [
        (module, function)
        for module, node in everywhere(ast.ClassDef)
        if any(name_of(base).endswith("Entity") for base in node.bases)
        for function in node.body
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    listeners = {
        (module, function.name): ast.unparse(function)
        for module, function in functions
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and LISTENING.search(ast.unparse(call.func))
    }
    assert listeners.keys() == {
        ("calendar.py", "async_added_to_hass"),
        ("event.py", "async_added_to_hass"),
    }
    assert all(
        "self.async_on_remove(" in code
        and "await super().async_added_to_hass()" in code
        for code in listeners.values()
    )


def test_entries_say_what_they_hold() -> None:
    """Where an entry is ours its type says so; only who listens to all sees any."""
    bare = {
        (module, ast.unparse(node))
        for module, node in everywhere(ast.arg)
        if node.annotation and name_of(node.annotation) == "ConfigEntry"
    }
    assert bare == {("websocket.py", "entry: ConfigEntry")}


def imported() -> Iterator[tuple[str, str]]:
    """Yield the packages that the integration imports, each with the module that does."""
    for module, plain in everywhere(ast.Import):
        yield from ((alias.name.partition(".")[0], module) for alias in plain.names)
    for module, node in everywhere(ast.ImportFrom):
        yield from (
            [] if node.level else [((node.module or "").partition(".")[0], module)]
        )


def test_dependencies_come_with_home_assistant() -> None:
    """Nothing is to be installed: what is imported, Home Assistant itself requires."""
    required = {
        Requirement(line).name.lower()
        for package in ("homeassistant", "aiohttp")
        for line in requires(package) or ()
    }
    assert {"aiohttp", "yarl"} <= required
    assert MANIFEST["requirements"] == []
    assert [
        (package, module)
        for package, module in imported()
        if package not in {*sys.stdlib_module_names, *required, "homeassistant"}
    ] == []


def test_types_are_strict() -> None:
    """All of it is checked by mypy in its strict mode, in every run."""
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    assert mypy["strict"] is True
    assert "custom_components" in mypy["files"]
    loosened = {
        option
        for override in mypy["overrides"]
        if "custom_components" in str(override["module"])
        for option in override.keys() - {"module"}
    }
    assert loosened <= {"enable_error_code"}
    assert "-m mypy" in (ROOT / "scripts" / "lint").read_text()
    texts = [path.read_text() for path in INTEGRATION.rglob("*.py")]
    assert [
        line for text in texts for line in text.splitlines() if "mypy:" in line
    ] == []


@pytest.mark.parametrize(
    ("bar", "measured"), [(97, ""), (100, "*/home_battery/*flow.py")]
)
def test_bars_of_coverage(bar: int, measured: str) -> None:
    """The tests hold more than 95 % of the code, and all of the config flow."""
    script = (ROOT / "scripts" / "test").read_text()
    assert re.search(
        rf"coverage report --fail-under={bar}\b[^|]*{re.escape(measured)}[^|]*\|\| status=1",
        script,
    )
    coverage = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["coverage"]
    assert coverage["run"]["source"] == ["custom_components/home_battery"]
    assert "omit" not in coverage["run"] | coverage["report"]
    assert "pragma: no cover" not in str(
        [path.read_text() for path in INTEGRATION.rglob("*.py")]
    )


DISCOVERIES = {
    *("bluetooth", "dhcp", "homekit", "mqtt", "ssdp", "usb", "zeroconf"),
}


def test_nothing_is_discovered() -> None:
    """Nothing on the network is looked for, and no step waits for it."""
    assert MANIFEST.keys() & DISCOVERIES == set()
    steps = {
        function.name.removeprefix("async_step_")
        for _, function in everywhere(ast.AsyncFunctionDef)
    }
    assert (
        steps & {*DISCOVERIES, "discovery", "hassio", "integration_discovery"} == set()
    )


@pytest.mark.parametrize("kind", ["condition", "trigger"])
def test_no_triggers_and_no_conditions(kind: str) -> None:
    """There is none, in whatever form Home Assistant knows."""
    names = {f"{kind}.py", f"{kind}s.yaml", f"device_{kind}.py"}
    files = {path.name for path in INTEGRATION.iterdir()}
    assert "services.yaml" in files
    assert files & names == set()


def test_connection_and_options_are_apart() -> None:
    """An entry is made in one place: the connection is its data, the rest its options."""
    made = [
        (module, ast.unparse(call))
        for module, call in CALLS
        if name_of(call.func) == "async_create_entry"
        and module != "options_flow.py"
        and "options_flow" not in module
    ]
    flows = [(module, code) for module, code in made if "repairs" not in module]
    assert [module for module, _ in flows] == ["flow.py"]
    assert "data=self._data, options={CONF_CONTROL: control}" in flows[0][1]


def test_an_account_is_looked_for_before_it_is_added() -> None:
    """What was found is shown by one function alone, which ends where it is there already."""
    calls = {
        (function.name, name_of(call.func))
        for module, function in everywhere(ast.AsyncFunctionDef)
        if module.rpartition("/")[2] == "flow.py"
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
    }
    assert {who for who, what in calls if what == "async_step_found"} == {
        "_async_go_on"
    }
    assert {("_async_go_on", "_abort_if_unique_id_configured")} <= calls


def test_no_failure_is_swallowed() -> None:
    """What nobody expected is told or handed on, and a failure for people never dropped."""
    handlers = [
        (module, ast.unparse(node.type) if node.type else "Exception", node)
        for module, node in everywhere(ast.ExceptHandler)
    ]
    any_error = [one for one in handlers if "Exception" in one[1].split()]
    assert {module for module, _, _ in any_error} == {
        "coordinator.py",
        "transport/limiter.py",
    }
    assert all(
        re.search(r"\braise\b|_LOGGER\.exception", ast.unparse(node))
        for _, _, node in any_error
    )
    assert [
        (module, kind)
        for module, kind, node in handlers
        if re.search("HomeAssistantError|ServiceValidationError", kind)
        and all(isinstance(part, ast.Pass | ast.Continue) for part in node.body)
    ] == []


def test_every_file_of_data_can_be_read() -> None:
    """Each JSON is one, and no texts lie where only core looks."""
    files = sorted(INTEGRATION.rglob("*.json"))
    assert len(files) > 10
    assert all(json.loads(path.read_text()) for path in files)
    assert not (INTEGRATION / "strings.json").exists()
