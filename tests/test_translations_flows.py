"""Tests that every step, field, error and end of the flows has a text."""

import ast
from collections.abc import Iterator, Mapping
import re
from typing import Any

import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery import const
from custom_components.home_battery.battery.model import Device, Inventory, Role
from custom_components.home_battery.config_flow import HomeBatteryConfigFlow
from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.options_flow import HomeBatteryOptionsFlow
from custom_components.home_battery.store import EntryStore
from custom_components.home_battery.transport.errors import (
    BlockedByScheduleError,
    ForbiddenError,
    WatchOnlyError,
)
from custom_components.home_battery.vendors import VENDORS
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import Selector

from .options import open_settings
from .source import SOURCES, keywords, name_of
from .texts import API_PROBLEMS, ENGLISH


def constants(node: ast.AST) -> set[str]:
    """Return the texts that stand in a part of the code."""
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


CONFIG = frozenset({"config_flow.py", "flow.py"})
OPTIONS = frozenset({"options_flow.py"})


def flow_functions(
    modules: frozenset[str],
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of the modules that the flows of a kind are in."""
    for module, tree in SOURCES.items():
        if module.rpartition("/")[2] in modules:
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield node


def form_errors() -> Iterator[str]:
    """Yield the errors that a form can show."""
    yield from (
        problem
        for kind, problem in API_PROBLEMS.items()
        # What only an action can meet.
        if not issubclass(
            kind, BlockedByScheduleError | ForbiddenError | WatchOnlyError
        )
    )
    for function in flow_functions(CONFIG):
        for node in ast.walk(function):
            match node:
                case ast.Return(value=ast.expr() as value) if (
                    function.name == "_async_try"
                ):
                    yield from constants(value)
                case ast.Dict(keys=[ast.Constant(value="base")], values=[value]):
                    yield from constants(value) - {"base"}


def test_every_error_of_a_form_has_a_text() -> None:
    """What can go wrong in a form is said there, and no words are left over."""
    assert ENGLISH["config"]["error"].keys() == set(form_errors())


def test_every_end_of_a_flow_has_a_text() -> None:
    """Reasons to end a flow have words, unless Home Assistant has them."""
    reasons = {
        ast.literal_eval(keywords(node)["reason"])
        for function in flow_functions(CONFIG | OPTIONS)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and name_of(node.func) == "async_abort"
    }
    assert ENGLISH["config"]["abort"].keys() == reasons | {"already_configured"}


def test_every_step_has_a_text() -> None:
    """Each step that is shown has words, and no words are left over."""
    shown = {
        function.name.removeprefix("async_step_")
        for function in flow_functions(CONFIG | OPTIONS)
        if function.name.startswith("async_step_")
        # These hand on to another step, leave Home Assistant, or end the flow.
        and not re.fullmatch(
            r"async_step_(.*reconfigure|reauth|auth|watch|control|done)", function.name
        )
    }
    described = {**ENGLISH["config"]["step"], **ENGLISH["options"]["step"]}
    # Home Assistant itself asks which client id it shall be.
    assert described.keys() == shown | {"pick_implementation"}
    assert all(step.get("title") for step in described.values())


def test_every_way_on_from_a_menu_has_a_text() -> None:
    """The ways on from a menu lead to a step, and each is named and described."""
    menus = {
        name: step
        for name, step in {
            **ENGLISH["config"]["step"],
            **ENGLISH["options"]["step"],
        }.items()
        if "menu_options" in step
    }
    assert {name: set(menu["menu_options"]) for name, menu in menus.items()} == {
        "init": {"settings", "energy", "history", "move", "reserve", "done"},
        "user": set(VENDORS),
        "foxess": {"foxess_token", "foxess_sign_in"},
        "found": {const.WATCH, const.CONTROL, "eaton"},
    }
    for menu in menus.values():
        assert menu["menu_options"].keys() == menu["menu_option_descriptions"].keys()
        assert all(
            hasattr(HomeBatteryConfigFlow, f"async_step_{option}")
            or hasattr(HomeBatteryOptionsFlow, f"async_step_{option}")
            for option in menu["menu_options"]
        )


def assert_described(schema: probatio.Schema | None, step: Mapping[str, Any]) -> None:
    """Check that a form's fields are selectors, and just those that its step describes."""
    assert schema is not None
    fields = {str(key): field for key, field in schema.schema.items()}
    sections = {key: f for key, f in fields.items() if isinstance(f, section)}
    assert step["data"].keys() == fields.keys() - sections.keys()
    described = step.get("sections", {})
    assert described.keys() == sections.keys()
    for key, inner in sections.items():
        inside = inner.schema.schema
        assert described[key]["data"].keys() == set(map(str, inside))
        fields |= inside
    assert {key for key, f in fields.items() if not isinstance(f, Selector)} == {
        *sections
    }


@pytest.mark.usefixtures("enable_custom_integrations")
@pytest.mark.parametrize("vendor", VENDORS)
async def test_fields_of_a_new_account(hass: HomeAssistant, vendor: str) -> None:
    """The form for an account is described, and so is the one that ends it."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    form = await hass.config_entries.flow.async_configure(
        menu["flow_id"], {"next_step_id": vendor}
    )
    assert_described(
        form["data_schema"], ENGLISH["config"]["step"][str(form["step_id"])]
    )


@pytest.mark.usefixtures("enable_custom_integrations")
@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("source", ["reauth", "reconfigure"])
async def test_fields_of_a_known_account(
    hass: HomeAssistant, vendor: str, source: str
) -> None:
    """The forms for another credential are described."""
    entry = MockConfigEntry(
        domain=DOMAIN, data={"vendor": vendor, "base_url": "", "token": ""}
    )
    entry.add_to_hass(hass)
    form = await getattr(entry, f"start_{source}_flow")(hass)
    assert_described(
        form["data_schema"], ENGLISH["config"]["step"][str(form["step_id"])]
    )


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_fields_of_the_options(hass: HomeAssistant) -> None:
    """The options are described, also what only a house with two systems is asked."""
    asked: set[str] = set()
    for vendor in VENDORS:
        entry = MockConfigEntry(
            domain=DOMAIN, data={"vendor": vendor}, options={"control": "watch"}
        )
        entry.add_to_hass(hass)
        house = Device(kind="station", id="1", role=Role.HOUSE, name="Home")
        store = EntryStore(hass, entry.entry_id)
        store.inventory = Inventory.of(
            [
                house,
                *(
                    Device(
                        kind="inverter",
                        id=serial,
                        role=Role.SYSTEM,
                        name=serial,
                        parent=house.key,
                    )
                    for serial in ("A", "B")
                ),
            ]
        )
        await store.async_save()
        form = await open_settings(hass, entry)
        assert form["data_schema"] is not None
        asked |= set(map(str, form["data_schema"].schema))
    assert asked == ENGLISH["options"]["step"]["settings"]["data"].keys()


def test_every_field_is_explained() -> None:
    """What a form asks for is not only named."""
    forms = {**ENGLISH["config"]["step"], **ENGLISH["options"]["step"]}.items()
    assert [
        name
        for name, step in forms
        for part in (step, *step.get("sections", {}).values())
        if part.get("data", {}).keys() != part.get("data_description", {}).keys()
    ] == []


def test_every_error_of_the_options_has_a_text() -> None:
    """What can go wrong in the options is said there, and no words are left over."""
    said = {
        text
        for function in flow_functions(OPTIONS)
        for node in ast.walk(function)
        if isinstance(node, ast.Dict)
        for text in constants(node)
    }
    by_vendors = {"invalid_path"}
    assert ENGLISH["options"]["error"].keys() - by_vendors <= said
