"""Tests that every text is there, in every language, and is one that Home Assistant takes."""

from collections import Counter
from collections.abc import Iterator, Mapping
import re
from typing import Any

import probatio
import pytest

from .texts import ENGLISH, LANGUAGES, placeholders, texts

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
        probatio.Optional("common"): TEXTS,
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


def test_languages() -> None:
    """It speaks ten languages."""
    assert set(LANGUAGES) == {
        *("cs", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "sv")
    }


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
