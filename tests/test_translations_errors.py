"""Tests that every exception and issue has a text, which says what it is given."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import pytest

from custom_components.home_battery.battery.errors import Problem
from custom_components.home_battery.battery.override import Ending
from custom_components.home_battery.vendors import VENDORS

from .source import CALLS, SOURCES, everywhere, keywords, name_of
from .texts import API_PROBLEMS, ENGLISH, placeholders


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


def given_names(call: ast.Call) -> frozenset[str]:
    """Return the placeholders that a call gives to its text."""
    match keywords(call).get("translation_placeholders"):
        case ast.Dict(keys=keys):
            return frozenset(ast.literal_eval(key) for key in keys if key)
        case _:
            return frozenset()


def said_by(*, issues: bool) -> Iterator[Said]:
    """Yield the exceptions, or the issues, of which the code names the key."""
    for module, call in CALLS:
        key = keywords(call).get("translation_key")
        if (name_of(call.func) == "async_create_issue") is not issues:
            continue
        if not issues and "translation_domain" not in keywords(call):
            continue
        at = f"{module}:{call.lineno}"
        match key:
            case ast.Constant(value=str(text)):
                yield Said(text, given_names(call), exact=True, at=at)
            case ast.IfExp(
                body=ast.Constant(value=str(one)), orelse=ast.Constant(value=str(other))
            ):
                for text in (one, other):
                    yield Said(text, given_names(call), exact=True, at=at)
            case ast.JoinedStr(
                values=[
                    ast.Constant(value=str(begin)),
                    ast.FormattedValue(value=ast.Attribute(attr="ending")),
                ]
            ):
                for ending in Ending:
                    yield Said(
                        f"{begin}{ending}", given_names(call), exact=False, at=at
                    )
            case ast.Call(func=ast.Name(id="problem_of")):
                for problem in sorted(set(API_PROBLEMS.values())):
                    yield Said(problem, given_names(call), exact=False, at=at)


def changes_refused() -> Iterator[Said]:
    """Yield the refusals of a change, of which the code names the problem."""
    for module, call in CALLS:
        if (kind := name_of(call.func)) not in {"ChangeError", "ScheduleError"}:
            continue
        names = frozenset(keywords(call))
        always = frozenset({"period", "limit"} if kind == "ScheduleError" else ())
        used = names | frozenset(("period", "limit")[: len(call.args) - 1])
        at = f"{module}:{call.lineno}"
        match call.args[0]:
            case ast.Attribute(value=ast.Name(id="Problem"), attr=attr):
                key = Problem[attr].value
                yield Said(key, used, exact=True, at=at)
                yield Said(key, names | always, exact=False, at=at)
            case ast.Call():
                for problem in sorted(handed_on()):
                    yield Said(problem, names, exact=False, at=at)


def handed_on() -> set[str]:
    """Return the problems that are kept somewhere before they are raised.

    Those in a set are not: they are what somebody looks for in an error.
    """
    raised = {
        id(call.args[0])
        for _, call in CALLS
        if name_of(call.func) in {"ChangeError", "ScheduleError"}
    }
    sought = {id(one) for _, group in everywhere(ast.Set) for one in group.elts}
    return {
        Problem[node.attr].value
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Problem"
        and id(node) not in raised | sought
    }


EXCEPTIONS = [*said_by(issues=False), *changes_refused()]
ISSUES = list(said_by(issues=True))


def test_the_search_finds_what_is_said() -> None:
    """The code is written as the search expects it."""
    assert EXCEPTIONS
    assert ISSUES
    assert {"communication_error", "refused"} < set(API_PROBLEMS.values())
    assert {problem.value for problem in Problem} <= {said.key for said in EXCEPTIONS}


def test_every_exception_has_a_text() -> None:
    """What can be raised has words, and no words are left over."""
    assert ENGLISH["exceptions"].keys() == {said.key for said in EXCEPTIONS}


def test_every_issue_has_a_text() -> None:
    """What can be wrong has a title and a description, and none is left over."""
    silent = {vendor.silent_issue for vendor in VENDORS.values()} - {None}
    assert ENGLISH["issues"].keys() == {said.key for said in ISSUES} | silent


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
    """An issue's title and description name just what the code gives.

    One that can be repaired is described where that begins. Of what is given to
    several texts alike, each names what it needs.
    """
    issue = ENGLISH["issues"][said.key]
    begin = issue.get("fix_flow", {}).get("step", {}).get("confirm", issue)
    texts = (issue["title"], begin["title"], begin["description"])
    named = placeholders("".join(texts))
    assert named <= said.names
    assert not said.exact or named == said.names
