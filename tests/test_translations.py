"""Tests that every text is there, in every language, and fits what the code gives it."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
import json
from pathlib import Path
import re
from string import Formatter
from typing import Any

import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery import (
    binary_sensor,
    const,
    number,
    select,
    sensor,
    switch,
    time,
)
from custom_components.home_battery.battery.errors import Problem
from custom_components.home_battery.battery.model import Device, Inventory, Mode, Role
from custom_components.home_battery.config_flow import HomeBatteryConfigFlow
from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.descriptions import Tables
from custom_components.home_battery.errors import problem_of
from custom_components.home_battery.store import EntryStore
from custom_components.home_battery.transport.errors import (
    ApiError,
    BlockedByScheduleError,
    ForbiddenError,
    WatchOnlyError,
)
from custom_components.home_battery.vendors import VENDORS
from homeassistant.components.binary_sensor import BinarySensorEntityDescription
from homeassistant.components.number import NumberEntityDescription
from homeassistant.components.select import SelectEntityDescription
from homeassistant.components.sensor import SensorDeviceClass, SensorEntityDescription
from homeassistant.components.switch import SwitchEntityDescription
from homeassistant.components.time import TimeEntityDescription
from homeassistant.config_entries import SOURCE_USER
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.entity import EntityDescription
from homeassistant.util.yaml import load_yaml_dict

INTEGRATION = Path(const.__file__).parent
LANGUAGES = {
    path.stem: json.loads(path.read_text())
    for path in sorted((INTEGRATION / "translations").glob("*.json"))
}
ENGLISH = LANGUAGES["en"]
SERVICES = load_yaml_dict(str(INTEGRATION / "services.yaml"))

every_language = pytest.mark.parametrize("language", LANGUAGES)

# Hassfest's pattern of a key.
KEY = probatio.Match(r"^(?!.+[_-]{2})(?![_-])[a-z0-9-_]+(?<![_-])$")
BARRED = {
    "HTML": re.compile(r"<[a-z/!]", re.IGNORECASE),
    "an address": re.compile(r"\w+://|www\."),
    "space at an end or two in a row": re.compile(r"^\s|\s$|  "),
    "a placeholder within single quotes": re.compile(r"'\{\w+\}'"),
    "a reference that only core can resolve": re.compile(r"\[%key:"),
}

TEXTS = {KEY: str}
FORM = {
    probatio.Optional("title"): str,
    probatio.Optional("description"): str,
    probatio.Optional("data"): TEXTS,
    probatio.Optional("data_description"): TEXTS,
}
STEP = {
    **FORM,
    probatio.Optional("menu_options"): TEXTS,
    probatio.Optional("menu_option_descriptions"): TEXTS,
    probatio.Optional("submit"): str,
    probatio.Optional("sections"): {
        KEY: {
            probatio.Required("name"): str,
            probatio.Optional("description"): str,
            probatio.Optional("data"): TEXTS,
            probatio.Optional("data_description"): TEXTS,
        }
    },
}
FLOW = {
    probatio.Optional("step"): {KEY: STEP},
    probatio.Optional("error"): TEXTS,
    probatio.Optional("abort"): TEXTS,
    probatio.Optional("progress"): TEXTS,
    probatio.Optional("create_entry"): TEXTS,
}
NAMED = {probatio.Required("name"): str, probatio.Optional("description"): str}
ENTITY = {
    probatio.Required("name"): str,
    probatio.Optional("state"): TEXTS,
    probatio.Optional("state_attributes"): {
        KEY: {probatio.Optional("name"): str, probatio.Optional("state"): TEXTS}
    },
    probatio.Optional("unit_of_measurement"): str,
}
HASSFEST = probatio.Schema(
    {
        probatio.Optional("title"): str,
        probatio.Optional("config"): {**FLOW, probatio.Optional("flow_title"): str},
        probatio.Optional("options"): FLOW,
        probatio.Optional("selector"): {
            KEY: {
                probatio.Optional("options"): TEXTS,
                probatio.Optional("choices"): TEXTS,
                probatio.Optional("unit_of_measurement"): TEXTS,
                probatio.Optional("fields"): {KEY: NAMED},
            }
        },
        probatio.Optional("system_health"): {probatio.Required("info"): TEXTS},
        probatio.Optional("application_credentials"): {
            probatio.Required("description"): str
        },
        probatio.Optional("issues"): {
            KEY: probatio.Any(
                {
                    probatio.Required("title"): str,
                    probatio.Required("description"): str,
                },
                {
                    probatio.Required("title"): str,
                    probatio.Required("fix_flow"): FLOW,
                },
            )
        },
        probatio.Optional("entity"): {KEY: {KEY: ENTITY}},
        probatio.Optional("device"): {KEY: {probatio.Required("name"): str}},
        probatio.Optional("exceptions"): {KEY: {probatio.Required("message"): str}},
        probatio.Optional("services"): {
            KEY: {
                probatio.Required("name"): str,
                probatio.Required("description"): str,
                probatio.Optional("fields"): {
                    KEY: {
                        probatio.Required("name"): str,
                        probatio.Required("description"): str,
                    }
                },
                probatio.Optional("sections"): {KEY: NAMED},
            }
        },
    }
)


def texts(tree: Mapping[str, Any], *path: str) -> Iterator[tuple[str, str]]:
    """Yield every text with its place."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from texts(value, *path, key)
        else:
            yield ".".join((*path, key)), value


def placeholders(text: str) -> set[str]:
    """Return the names that a text leaves to be filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@every_language
def test_language_has_every_key(language: str) -> None:
    """No language lacks a text, or has one that English has not."""
    assert dict(texts(LANGUAGES[language])).keys() == dict(texts(ENGLISH)).keys()


@every_language
def test_language_has_the_same_placeholders(language: str) -> None:
    """A text says as much in every language, and says it once."""
    english = dict(texts(ENGLISH))
    assert {
        place: sorted(placeholders(text))
        for place, text in texts(LANGUAGES[language])
        if placeholders(text) != placeholders(english[place])
    } == {}


@every_language
def test_language_has_what_hassfest_allows(language: str) -> None:
    """The tree is one that Home Assistant reads."""
    HASSFEST(LANGUAGES[language])


@every_language
@pytest.mark.parametrize("what", BARRED)
def test_no_text_has_what_is_barred(language: str, what: str) -> None:
    """Texts are plain: addresses are placeholders, and nothing needs escaping."""
    assert [
        place
        for place, text in texts(LANGUAGES[language])
        if BARRED[what].search(text) or not text
    ] == []


@every_language
def test_placeholders_are_names(language: str) -> None:
    """A placeholder is a plain name, without format or attribute."""
    assert all(
        name.isidentifier()
        for _, text in texts(LANGUAGES[language])
        for name in placeholders(text)
    )


@every_language
def test_no_placeholder_in_a_state(language: str) -> None:
    """States are translated without anything to fill in."""
    assert [
        place
        for place, text in texts(LANGUAGES[language])
        if re.search(r"^entity\..+\.state\.|^selector\..+\.options\.", place)
        and placeholders(text)
    ] == []


def forms(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield all that has fields: the steps of the flows, and their sections."""
    for flow in ("config", "options"):
        for step in tree[flow]["step"].values():
            yield step
            yield from step.get("sections", {}).values()


@every_language
def test_every_field_of_a_form_is_described(language: str) -> None:
    """Each field has a label and a line that explains it."""
    for form in forms(LANGUAGES[language]):
        assert form.get("data", {}).keys() == form.get("data_description", {}).keys()


@every_language
@pytest.mark.parametrize("platform", ENGLISH["entity"])
def test_entities_can_be_told_apart(language: str, platform: str) -> None:
    """No two entities of a platform bear the same name."""
    names = Counter(
        entity["name"] for entity in LANGUAGES[language]["entity"][platform].values()
    )
    assert names.most_common(1)[0][1] == 1


@every_language
def test_a_mode_has_one_name(language: str) -> None:
    """The same word wherever a mode is shown; only the first letter may differ."""
    tree = LANGUAGES[language]
    names = tree["selector"]["mode"]["options"]
    shown = [
        tree["entity"]["sensor"]["active_mode"]["state"],
        tree["entity"]["select"]["operating_mode"]["state"],
    ]
    assert [
        {key: name.casefold() for key, name in entity.items()} for entity in shown
    ] == [{key: name.casefold() for key, name in names.items()}] * 2


# What the code says.

# All choices are modes so far, and the text calls them so.


@dataclass(frozen=True)
class Said:
    """A text that the code asks for at one place.

    Attributes:
        key: The text's key.
        names: The placeholders that are given to it.
        exact: Whether they are given to this text alone.
        at: The place in the code.
    """

    key: str
    names: frozenset[str]
    exact: bool
    at: str


SOURCES = {
    path.relative_to(INTEGRATION): ast.parse(path.read_text())
    for path in sorted(INTEGRATION.rglob("*.py"))
}
CALLS = [
    (f"{path}:{node.lineno}", node)
    for path, tree in SOURCES.items()
    for node in ast.walk(tree)
    if isinstance(node, ast.Call)
]


def subclasses(kind: type[ApiError]) -> Iterator[type[ApiError]]:
    """Yield a kind of error and all its special cases."""
    yield kind
    for special in kind.__subclasses__():
        yield from subclasses(special)


def error_of(kind: type[ApiError]) -> ApiError:
    """Return an error of a kind, whatever else that kind wants to be told."""
    return kind.__new__(kind, "It failed")


API_PROBLEMS = {problem_of(error_of(kind)) for kind in subclasses(ApiError)}


def name_of(node: ast.expr) -> str:
    """Return the last name in what is called or raised."""
    return ast.unparse(node).rpartition(".")[2]


def keywords(call: ast.Call) -> dict[str, ast.expr]:
    """Return the named arguments of a call."""
    return {word.arg: word.value for word in call.keywords if word.arg}


def constants(node: ast.AST) -> set[str]:
    """Return the texts that stand in a part of the code."""
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def given_names(call: ast.Call) -> frozenset[str]:
    """Return the placeholders that a call gives to its text."""
    match keywords(call).get("translation_placeholders"):
        case ast.Dict(keys=keys):
            return frozenset(ast.literal_eval(key) for key in keys if key)
        case _:
            return frozenset()


def said_by(*, issues: bool) -> Iterator[Said]:
    """Yield the exceptions, or the issues, of which the code names the key."""
    for at, call in CALLS:
        key = keywords(call).get("translation_key")
        if (name_of(call.func) == "async_create_issue") is not issues:
            continue
        if not issues and "translation_domain" not in keywords(call):
            continue
        match key:
            case ast.Constant(value=str(text)):
                yield Said(text, given_names(call), exact=True, at=at)
            case ast.Call(func=ast.Name(id="problem_of")):
                for problem in sorted(API_PROBLEMS):
                    yield Said(problem, given_names(call), exact=False, at=at)


def changes_refused() -> Iterator[Said]:
    """Yield the refusals of a change, of which the code names the problem."""
    for at, call in CALLS:
        if (kind := name_of(call.func)) not in {"ChangeError", "ScheduleError"}:
            continue
        names = frozenset(keywords(call))
        always = frozenset({"period", "limit"} if kind == "ScheduleError" else ())
        used = names | frozenset(("period", "limit")[: len(call.args) - 1])
        match call.args[0]:
            case ast.Attribute(value=ast.Name(id="Problem"), attr=attr):
                key = Problem[attr].value
                yield Said(key, used, exact=True, at=at)
                yield Said(key, names | always, exact=False, at=at)
            case ast.Call():
                for problem in sorted(handed_on()):
                    yield Said(problem, names, exact=False, at=at)


def handed_on() -> set[str]:
    """Return the problems that are kept somewhere before they are raised."""
    raised = {
        id(call.args[0])
        for _, call in CALLS
        if name_of(call.func) in {"ChangeError", "ScheduleError"}
    }
    return {
        Problem[node.attr].value
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Problem"
        and id(node) not in raised
    }


EXCEPTIONS = [*said_by(issues=False), *changes_refused()]
ISSUES = list(said_by(issues=True))


def test_the_search_finds_what_is_said() -> None:
    """The code is written as the search expects it."""
    assert EXCEPTIONS
    assert ISSUES
    assert {"communication_error", "refused"} < API_PROBLEMS
    assert {problem.value for problem in Problem} <= {said.key for said in EXCEPTIONS}


def test_every_exception_has_a_text() -> None:
    """What can be raised has words, and no words are left over."""
    assert ENGLISH["exceptions"].keys() == {said.key for said in EXCEPTIONS}


def test_every_issue_has_a_text() -> None:
    """What can be wrong has a title and a description, and none is left over."""
    assert ENGLISH["issues"].keys() == {said.key for said in ISSUES}


@pytest.mark.parametrize("said", EXCEPTIONS, ids=lambda said: said.key)
def test_exception_gets_what_its_text_names(said: Said) -> None:
    """A text names no placeholder that the code does not give."""
    wanted = placeholders(ENGLISH["exceptions"][said.key]["message"])
    given = frozenset(
        chain.from_iterable(
            other.names
            for other in EXCEPTIONS
            if (other.key, other.at) == (said.key, said.at)
        )
    )
    assert wanted <= given


@pytest.mark.parametrize(
    "said",
    [said for said in EXCEPTIONS if said.exact],
    ids=lambda said: said.key,
)
def test_exception_says_what_it_is_given(said: Said) -> None:
    """What the code gives to one text alone is said in it."""
    said_in_text = placeholders(ENGLISH["exceptions"][said.key]["message"])
    assert said.names <= said_in_text


@pytest.mark.parametrize("said", ISSUES, ids=lambda said: said.key)
def test_issue_gets_what_its_text_names(said: Said) -> None:
    """An issue's title and description name just what the code gives."""
    issue = ENGLISH["issues"][said.key]
    assert placeholders(issue["title"] + issue["description"]) == said.names


# The flows.


def flow_functions() -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of the modules that the flows are in."""
    for path, tree in SOURCES.items():
        if path.name in {"config_flow.py", "flow.py"}:
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield node


def form_errors() -> Iterator[str]:
    """Yield the errors that a form can show."""
    yield from (
        problem_of(error_of(kind))
        for kind in subclasses(ApiError)
        # What only an action can meet.
        if not issubclass(
            kind, BlockedByScheduleError | ForbiddenError | WatchOnlyError
        )
    )
    for function in flow_functions():
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
        for function in flow_functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and name_of(node.func) == "async_abort"
    }
    assert ENGLISH["config"]["abort"].keys() == reasons | {"already_configured"}


def test_every_step_has_a_text() -> None:
    """Each step that is shown has words, and no words are left over."""
    shown = {
        function.name.removeprefix("async_step_")
        for function in flow_functions()
        if function.name.startswith("async_step_")
        # The first two hand on to a vendor's own step, the others end the flow.
        and function.name.removeprefix("async_step_")
        not in {"reauth", "reconfigure", "watch", "control"}
    }
    described = {**ENGLISH["config"]["step"], **ENGLISH["options"]["step"]}
    assert described.keys() == shown
    assert all(step.get("title") for step in described.values())


def test_every_way_on_from_a_menu_has_a_text() -> None:
    """The ways on from a menu lead to a step, and each is named and described."""
    menus = {
        name: step
        for name, step in ENGLISH["config"]["step"].items()
        if "menu_options" in step
    }
    assert {name: set(menu["menu_options"]) for name, menu in menus.items()} == {
        "user": set(VENDORS),
        "found": {const.WATCH, const.CONTROL},
    }
    for menu in menus.values():
        assert menu["menu_options"].keys() == menu["menu_option_descriptions"].keys()
        assert all(
            hasattr(HomeBatteryConfigFlow, f"async_step_{option}")
            for option in menu["menu_options"]
        )


def assert_described(schema: probatio.Schema | None, step: Mapping[str, Any]) -> None:
    """Check that a form's fields are just those that its step describes."""
    assert schema is not None
    fields = {str(key): field for key, field in schema.schema.items()}
    sections = {key: f for key, f in fields.items() if isinstance(f, section)}
    assert step["data"].keys() == fields.keys() - sections.keys()
    described = step.get("sections", {})
    assert described.keys() == sections.keys()
    for key, inner in sections.items():
        assert described[key]["data"].keys() == set(map(str, inner.schema.schema))


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
    steps = ENGLISH["config"]["step"]
    assert_described(form["data_schema"], steps[vendor])


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
        form["data_schema"], ENGLISH["config"]["step"][f"{vendor}_{source}"]
    )


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_fields_of_the_options(hass: HomeAssistant) -> None:
    """The options are described, also what only a house with two systems is asked."""
    entry = MockConfigEntry(domain=DOMAIN, options={"control": "watch"})
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
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert_described(form["data_schema"], ENGLISH["options"]["step"]["init"])


# The actions.


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
        getattr(const, name) for name in in_forms
    }


# The entities.

PLATFORMS = {
    BinarySensorEntityDescription: Platform.BINARY_SENSOR,
    NumberEntityDescription: Platform.NUMBER,
    SelectEntityDescription: Platform.SELECT,
    SensorEntityDescription: Platform.SENSOR,
    SwitchEntityDescription: Platform.SWITCH,
    TimeEntityDescription: Platform.TIME,
}


def descriptions(value: object) -> Iterator[EntityDescription]:
    """Yield the entity descriptions in a table, or in a table of tables."""
    match value:
        case EntityDescription():
            yield value
        case Tables():
            yield from descriptions(tuple(vars(value).values()))
        case tuple():
            for item in value:
                yield from descriptions(item)


DESCRIPTIONS = {
    (str(platform), description.key): description
    for table in (
        *(
            vars(module)
            for module in (binary_sensor, number, select, sensor, switch, time)
        ),
        {vendor.key: vendor.tables for vendor in VENDORS.values()},
    )
    for value in table.values()
    for description in descriptions(value)
    for kind, platform in PLATFORMS.items()
    if isinstance(description, kind)
}
MODES = [*map(str, Mode), *chain(*(vendor.tables.modes for vendor in VENDORS.values()))]


@pytest.mark.parametrize("place", DESCRIPTIONS, ids=":".join)
def test_translation_key_is_the_key(place: tuple[str, str]) -> None:
    """One word for an entity: in its identity, its tables and its texts.

    What there are several of shares a text, which leaves the number to be filled in.
    """
    description = DESCRIPTIONS[place]
    filled = getattr(description, "placeholders", None) or (
        description.translation_placeholders or {}
    )
    number = filled.get("number")
    assert description.translation_key == re.sub(
        rf"_{number}(?=_|$)", "", description.key
    )
    name = ENGLISH["entity"][place[0]][description.translation_key]["name"]
    assert placeholders(name) == filled.keys()


def test_every_entity_has_a_name() -> None:
    """Each entity of the tables is named, and no name is left over."""
    named = {
        (platform, key)
        for platform, entities in ENGLISH["entity"].items()
        for key in entities
    }
    # A field that only the vendor knows is described when it comes.
    assert named == {("sensor", "vendor_field")} | {
        (platform, description.translation_key)
        for (platform, _), description in DESCRIPTIONS.items()
    }


ENUMS = {
    description.key: description.options
    for description in DESCRIPTIONS.values()
    if isinstance(description, SensorEntityDescription)
    and description.device_class is SensorDeviceClass.ENUM
}


@pytest.mark.parametrize("key", ENUMS)
def test_every_state_has_a_text(key: str) -> None:
    """Each option of a sensor is shown in words; without a list it is the modes."""
    states = ENGLISH["entity"]["sensor"][key]["state"]
    assert list(states) == (ENUMS[key] or MODES)


def test_every_mode_has_a_text() -> None:
    """Each mode of each vendor can be shown and chosen in words."""
    assert list(ENGLISH["entity"]["select"]["operating_mode"]["state"]) == MODES
    assert list(ENGLISH["selector"]["mode"]["options"]) == MODES
