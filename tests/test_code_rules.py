"""Tests of what Home Assistant asks of an integration's code."""

import ast
import dataclasses
from pathlib import Path
import re

import pytest

from custom_components.home_battery import PLATFORMS, descriptions
from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.entity import HomeBatteryEntity
from custom_components.home_battery.vendors import VENDORS
from custom_components.home_battery.vendors.flows import VendorFlows
from homeassistant.helpers.entity import Entity, EntityDescription

from .source import CALLS, SOURCES, everywhere, name_of
from .tables import PLATFORM_MODULES


@pytest.mark.parametrize("platform", PLATFORMS)
def test_platform_says_how_many_at_once(platform: str) -> None:
    """Each platform declares PARALLEL_UPDATES on top."""
    assigned = [
        ast.unparse(node)
        for node in SOURCES[f"{platform}.py"].body
        if isinstance(node, ast.Assign)
    ]
    assert re.fullmatch(r"PARALLEL_UPDATES = \d", assigned[0])


def test_platforms_stand_in_order() -> None:
    """The list of platforms is sorted and names every platform module."""
    assert list(PLATFORMS) == sorted(PLATFORMS)
    assert {str(platform) for platform in PLATFORMS} == {
        module.__name__.rpartition(".")[2] for module in PLATFORM_MODULES
    }


@pytest.mark.parametrize("name", ["coordinator.py", "entity.py", "diagnostics.py"])
def test_common_modules(name: str) -> None:
    """What every integration has is where people look for it."""
    assert name in SOURCES


def test_imports_within_are_relative() -> None:
    """A module names its neighbours as neighbours."""
    assert [
        (module, node.module)
        for module, node in everywhere(ast.ImportFrom)
        if not node.level and (node.module or "").startswith("custom_components")
    ] == []


def test_messages_for_the_log() -> None:
    """What is logged begins with a capital and has no full stop."""
    messages = [
        (module, str(call.args[0].value))
        for module, call in CALLS
        if re.match(r"_?LOGGER\.", ast.unparse(call.func), re.IGNORECASE)
        and isinstance(call.args[0], ast.Constant)
    ]
    assert messages
    assert [said for said in messages if not re.match(r"[A-Z%].*[^.]$", said[1])] == []


def test_errors_for_people_are_translated() -> None:
    """What reaches a person has a key and no words in one language."""
    translated = {
        "ConfigEntryAuthFailed",
        "ConfigEntryError",
        "ConfigEntryNotReady",
        "HomeAssistantError",
        "ServiceValidationError",
        "UpdateFailed",
    }
    needed = {"translation_domain", "translation_key"}
    errors = [(at, call) for at, call in CALLS if name_of(call.func) in translated]
    assert errors
    assert [
        (module, ast.unparse(call))
        for module, call in errors
        if call.args or not needed <= {word.arg for word in call.keywords}
    ] == []


def test_time_is_home_assistants() -> None:
    """Only the clock reads the machine's time."""
    readers = {"datetime.now", "datetime.utcnow", "date.today", "time.time"}
    assert {module for module, call in CALLS if ast.unparse(call.func) in readers} <= {
        "transport/clock.py"
    }


def test_sessions_are_home_assistants() -> None:
    """No HTTP session is made that Home Assistant does not know of."""
    made = {
        (module, name_of(call.func))
        for module, call in CALLS
        if "session" in name_of(call.func).lower()
    }
    # The other one is of the recorder's database.
    assert made == {
        ("connect.py", "async_create_clientsession"),
        ("moving.py", "session_scope"),
    }


def test_entities_stand_in_their_platform() -> None:
    """Entity classes are found in the module of their platform, or of the base."""
    assert {
        module
        for module, node in everywhere(ast.ClassDef)
        if any(name_of(base).endswith("Entity") for base in node.bases)
    } == {"entity.py", *(f"{platform}.py" for platform in PLATFORMS)}


def test_runtime_data_is_on_the_entry() -> None:
    """What belongs to an entry is kept there, not in one place for all."""
    assert [
        module
        for module, node in everywhere(ast.Subscript)
        if ast.unparse(node).endswith("hass.data[DOMAIN]")
    ] == []


def test_actions_are_registered_in_one_place() -> None:
    """Actions are registered when Home Assistant starts, never by an entry."""
    assert {
        module
        for module, call in CALLS
        if ast.unparse(call.func).endswith("services.async_register")
    } == {"services.py"}
    assert [
        (module, function.name)
        for module, function in everywhere(ast.AsyncFunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and name_of(call.func) == "async_setup_services"
    ] == [("__init__.py", "async_setup")]


def test_unique_ids_name_neither_domain_nor_platform() -> None:
    """A unique id says what Home Assistant does not know already."""
    ids = [
        ast.unparse(node.value)
        for _, node in everywhere(ast.Assign)
        if any(name_of(target) == "_attr_unique_id" for target in node.targets)
    ]
    named = re.compile(rf"DOMAIN|platform|{DOMAIN}", re.IGNORECASE)
    assert ids
    assert [text for text in ids if named.search(text)] == []


def test_steps_are_named_after_their_method() -> None:
    """A form that a step shows comes back to that step."""
    steps = [
        (function.name, f"async_step_{ast.literal_eval(word.value)}")
        for _, function in everywhere(ast.AsyncFunctionDef)
        if function.name.startswith("async_step_")
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg == "step_id"
    ]
    assert steps
    assert [(method, step) for method, step in steps if method != step] == []


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("step", ["", "_reauth", "_reconfigure"])
def test_vendor_has_its_steps(vendor: str, step: str) -> None:
    """The menu and the ways back lead to a step of each vendor."""
    assert callable(getattr(VendorFlows, f"async_step_{vendor}{step}"))


def test_no_one_is_asked_for_a_pace_or_a_name() -> None:
    """How often to ask is ours to know, and names are changed where all are."""
    assert [
        (module, alias.name)
        for module, node in everywhere(ast.ImportFrom)
        for alias in node.names
        if alias.name in {"CONF_NAME", "CONF_SCAN_INTERVAL"}
    ] == []


def test_no_description_says_what_goes_without_saying() -> None:
    """A description's argument differs from what it is anyway."""
    defaults = {
        (kind.__name__, field.name): field.default
        for kind in vars(descriptions).values()
        if isinstance(kind, type)
        and issubclass(kind, EntityDescription)
        and kind.__module__ == descriptions.__name__
        for field in dataclasses.fields(kind)
    }
    said = [
        (name_of(call.func), word.arg, word.value)
        for _, call in CALLS
        for word in call.keywords
        if (name_of(call.func), word.arg) in defaults
    ]
    assert said
    assert [
        (kind, name, ast.unparse(value))
        for kind, name, value in said
        if ast.unparse(value) == str(defaults[kind, str(name)])
    ] == []


def test_entities_are_named_after_their_device() -> None:
    """The entity classes leave the device's name to the device."""
    base = ast.unparse(SOURCES["entity.py"]).splitlines()
    assert "    _attr_has_entity_name = True" in base
    assert all(
        issubclass(value, HomeBatteryEntity)
        for module in PLATFORM_MODULES
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Entity)
        and value.__module__ == module.__name__
    )


def test_tests_leave_the_lifecycle_to_home_assistant() -> None:
    """No test sets up or unloads an entry by itself."""
    direct = re.compile(r"await (?:\w+\.)?async_(?:setup|unload)_entry\(")
    assert [
        path.name
        for path in Path(__file__).parent.rglob("*.py")
        if direct.search(path.read_text())
    ] == []


def test_tests_of_home_assistant_take_one_way() -> None:
    """A test with Home Assistant in it does the same in every run: it has no branches."""
    tests = [
        (path.name, function)
        for path in Path(__file__).parent.rglob("test_*.py")
        for function in ast.parse(path.read_text()).body
        if isinstance(function, ast.AsyncFunctionDef)
        and function.name.startswith("test_")
        and any(argument.arg == "hass" for argument in function.args.args)
    ]
    assert len(tests) > 300
    assert [
        (name, function.name)
        for name, function in tests
        if any(isinstance(node, ast.If | ast.Match) for node in ast.walk(function))
    ] == []
