"""Tests that what a text quotes is called just so where a person looks for it."""

import json
from pathlib import Path
import re

import hass_frontend
import pytest

from .source import INTEGRATION
from .texts import LANGUAGES, texts

# What Home Assistant's own pages call it, by the keys of its frontend.
FRONTEND = (
    "ui.panel.config.integrations.config_flow.submit",
    "ui.panel.config.repairs.caption",
)
# What vendors call it on their pages and in their apps, whatever the language.
VENDORS = frozenset(
    {
        "API Management",
        "API Token",
        "Generate API key",
        "Me",
        "ShinePhone",
        "User Profile",
    }
)
GUILLEMETS = ("«", "»")
MARKS = {
    "cs": ("„", "“"),
    "de": ("„", "“"),
    "en": ('"', '"'),
    "nl": ("‘", "’"),
    "pl": ("„", "”"),
    "sv": ("”", "”"),
}


def frontend(language: str) -> dict[str, str]:
    """Return the texts of Home Assistant's own pages."""
    found: dict[str, str] = {}
    for path in Path(hass_frontend.where(), "static/translations").rglob("*.json"):
        if re.fullmatch(rf"{language}-[0-9a-f]{{32}}", path.stem):
            found |= json.loads(path.read_text())
    return found


def names(language: str) -> dict[str, str]:
    """Return what can be quoted, by what it is."""
    ours, theirs = dict(texts(LANGUAGES[language])), frontend(language)
    return (
        ours
        # What explains itself in a list is called by what stands before the colon.
        | {f"{key}:": text.partition(":")[0].rstrip() for key, text in ours.items()}
        | {key: theirs[key] for key in FRONTEND}
        | {word: word for word in VENDORS}
    )


def quoted(language: str, text: str) -> set[str]:
    """Return what a text puts between quotation marks, or leans."""
    begin, end = MARKS.get(language, GUILLEMETS)
    return {
        match[1] or match[2]
        for match in re.finditer(
            rf"{begin}\s?([^{end}]+?)\s?{end}|(?<!\*)\*([^*]+)\*(?!\*)", text
        )
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_quoted_words(language: str) -> None:
    """Each text quotes what the English one does, by the name that it has in the language."""
    english, own = names("en"), names(language)
    there = {
        place: quoted(language, text) for place, text in texts(LANGUAGES[language])
    }
    missing = [
        (place, what)
        for place, text in texts(LANGUAGES["en"])
        for what in quoted("en", text)
        if there[place].isdisjoint(
            own[key] for key, name in english.items() if name == what
        )
    ]
    assert missing == []
    assert set[str]().union(*there.values()) - set(own.values()) == set()


def test_readme_names_pages_as_they_are() -> None:
    """The ways through Home Assistant's settings are made of words that stand there."""
    known = {*frontend("en").values(), "Home Battery"}
    readme = (INTEGRATION.parents[1] / "README.md").read_text()
    ways = re.findall(r"\*([^*\n]* [→>] [^*\n]*)\*", readme)
    assert ways
    assert {step for way in ways for step in re.split(" [→>] ", way)} - known == set()
