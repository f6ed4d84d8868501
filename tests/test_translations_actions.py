"""Tests that every action, field and choice has a text."""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from custom_components.home_battery import const

from .source import CALLS, SERVICES, keywords, name_of
from .texts import ENGLISH


@pytest.mark.parametrize("action", SERVICES)
def test_every_field_of_an_action_has_a_text(action: str) -> None:
    """Each field has a name and a description, and none is left over."""
    assert (
        ENGLISH["services"][action]["fields"].keys()
        == SERVICES[action]["fields"].keys()
    )


def test_every_action_has_a_text() -> None:
    """Each action has a name and a description, and none is left over."""
    assert ENGLISH["services"].keys() == SERVICES.keys()


def selectors(fields: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every selector of some fields, also those inside an object's."""
    for field in fields.values():
        for kind, config in field["selector"].items():
            yield kind, config or {}
            yield from selectors((config or {}).get("fields", {}))


SELECTORS = [
    (kind, config)
    for action in SERVICES.values()
    for kind, config in selectors(action["fields"])
]


@pytest.mark.parametrize(
    "config", [config for kind, config in SELECTORS if kind == "select"]
)
def test_every_choice_has_a_text(config: Mapping[str, Any]) -> None:
    """A choice in an action's form is shown in words."""
    # Inside an object nothing is translated, so labels stand with the choices.
    options = ENGLISH["selector"][config.get("translation_key", "mode")]["options"]
    assert config["options"] in (
        list(options),
        [{"value": value, "label": label} for value, label in options.items()],
    )


@pytest.mark.parametrize(
    "config", [config for kind, config in SELECTORS if "fields" in config]
)
def test_every_field_of_an_object_has_a_text(config: Mapping[str, Any]) -> None:
    """A field inside an object is named."""
    named = ENGLISH["selector"][config["translation_key"]]["fields"]
    assert named.keys() == config["fields"].keys()


def test_no_selector_is_left_over() -> None:
    """Each text of a selector belongs to one in a form or an action."""
    in_forms = {
        ast.unparse(keywords(call)["translation_key"])
        for _, call in CALLS
        if name_of(call.func) == "SelectSelectorConfig"
        and "translation_key" in keywords(call)
    }
    in_actions = {
        config["translation_key"]
        for _, config in SELECTORS
        if "translation_key" in config
    }
    assert ENGLISH["selector"].keys() == in_actions | {
        vars(const).get(name, name.strip("'")) for name in in_forms
    }
