"""The map from the methods of two libraries to calls, which the vendor's document tells."""

from pathlib import Path
import re

import pytest

from custom_components.home_battery.vendors.growatt.endpoints import ENDPOINTS

from .methods import GROWATT_SERVER, OTHERS, PUBLIC_API

DOCUMENT = Path(__file__).parents[3] / "docs" / "growatt.md"
# What comes after is about settings, which have names of their own.
METHODS = DOCUMENT.read_text().partition("## Settings by name")[0]
ROWS = {
    name: rest
    for line in METHODS.splitlines()
    for name, rest in re.findall(r"^\| `([\w.]+)(?:\(\))?` \| (.+) \|$", line)
}


def methods(text: str) -> dict[str, set[tuple[str, str]]]:
    """Return the calls of each method by its name."""
    found: dict[str, set[tuple[str, str]]] = {}
    for line in text.strip().splitlines():
        name, method, path = line.split()
        found.setdefault(name, set()).add((method, path))
    return found


def told(name: str) -> set[tuple[str, str]]:
    """Return the calls that the document tells of a method."""
    calls = re.findall(r"`(\w+)`", ROWS[name].split(", ")[0])
    return {(ENDPOINTS[call].method, ENDPOINTS[call].path) for call in calls}


@pytest.mark.parametrize("text", [GROWATT_SERVER, PUBLIC_API])
def test_every_method_has_its_call(text: str) -> None:
    """The document names for each method the call that the library makes."""
    assert {name: told(name) for name in methods(text)} == methods(text)


def test_what_has_no_call_has_a_reason() -> None:
    """What is no method of a library, or many calls, is told too, and no more than that."""
    known = methods(GROWATT_SERVER) | methods(PUBLIC_API)
    assert set(ROWS) == {*known, *OTHERS}
    assert all(len(ROWS[name]) > 20 for name in OTHERS)


def test_every_call_has_a_method() -> None:
    """There is no call that neither library makes."""
    paths = set().union(*methods(PUBLIC_API).values())
    assert {(call.method, call.path) for call in ENDPOINTS.values()} == paths


def test_calls_that_the_document_names_exist() -> None:
    """Everything that looks like a call of the table is one."""
    named = re.findall(r"`([a-z]+(?:_[a-z0-9]+)+)`", METHODS)
    assert set(named) <= set(ENDPOINTS)
